from __future__ import annotations

import subprocess
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chisquare

from scoring.lottery import commitment, draw, ticket

SEED = bytes(range(32))
NAMES = ["CX26-0001", "CX26-0002", "CX26-0003", "CX26-0004", "CX26-0005"]


def test_the_commitment_is_the_sha256_of_the_seed() -> None:
    assert commitment(SEED) == "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"


def test_a_seed_that_can_be_guessed_is_refused() -> None:
    with pytest.raises(ValueError, match="guessed"):
        commitment(b"0" * 15)


def test_an_outsider_can_repeat_the_draw() -> None:
    """From the published words alone: smallest SHA-256 over seed, zero byte, reference."""
    by_hand = sorted(NAMES, key=lambda name: sha256(SEED + b"\x00" + name.encode("utf-8")).hexdigest())
    assert draw(SEED, NAMES) == by_hand


def in_a_shell(command: str, *values: str) -> str:
    return subprocess.run(["sh", "-c", command, "sh", *values], check=True, capture_output=True, text=True).stdout[:64]


def test_a_shell_is_enough_to_repeat_it() -> None:
    """The two lines that the module's docstring promises."""
    seed = "c0ffee" * 10 + "beef"
    assert in_a_shell("printf '%s' \"$1\" | sha256sum", seed) == commitment(seed.encode())
    lots = {name: in_a_shell('printf \'%s\\0%s\' "$1" "$2" | sha256sum', seed, name) for name in NAMES}
    assert sorted(NAMES, key=lots.__getitem__) == draw(seed.encode(), NAMES)


def test_the_draw_never_changes() -> None:
    """Frozen on purpose: a ranking of years ago must be drawn again to the same order."""
    assert draw(SEED, NAMES) == ["CX26-0001", "CX26-0003", "CX26-0004", "CX26-0002", "CX26-0005"]


def test_a_reference_has_one_lot() -> None:
    with pytest.raises(ValueError, match="one lot"):
        draw(SEED, ["A", "A"])


@given(st.binary(min_size=16, max_size=40), st.sets(st.text(min_size=1, max_size=12), max_size=8), st.randoms())
def test_only_seed_and_references_matter(seed: bytes, names: set[str], random) -> None:
    shuffled = sorted(names)
    random.shuffle(shuffled)
    assert draw(seed, shuffled) == draw(seed, sorted(names))


@given(st.binary(min_size=16, max_size=40), st.sets(st.text(min_size=1, max_size=12), min_size=2, max_size=8))
def test_who_else_takes_part_changes_no_order(seed: bytes, names: set[str]) -> None:
    few = sorted(names)[1:]
    assert draw(seed, few) == [name for name in draw(seed, names) if name in few]


def test_every_order_of_four_is_equally_likely() -> None:
    counts: dict[tuple[str, ...], int] = {}
    for number in range(10_000):
        order = tuple(draw(sha256(str(number).encode()).digest(), NAMES[:4]))
        counts[order] = counts.get(order, 0) + 1
    assert len(counts) == 24
    assert chisquare(list(counts.values())).pvalue > 0.001


def test_every_lot_is_equally_often_first() -> None:
    seeds = [sha256(f"seed {number}".encode()).digest() for number in range(10_000)]
    firsts = [min(NAMES, key=lambda name, seed=seed: ticket(seed, name)) for seed in seeds]
    assert chisquare([firsts.count(name) for name in NAMES]).pvalue > 0.001
