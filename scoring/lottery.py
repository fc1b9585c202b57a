"""A lottery that is committed before scores are known and that an outsider can draw again.

When a round opens, `commitment` of a secret seed is published. With the ranking the seed itself is revealed; anybody
can check that it hashes to what was published, and repeat the draw from the seed and the reference numbers alone. Where
the seed is text, its bytes are its UTF-8, so that a shell is enough:

    printf '%s' "$SEED" | sha256sum                      # the commitment
    printf '%s\\0%s' "$SEED" CX26-0007 | sha256sum       # the lot of one reference

The reference with the smallest digest comes first. Each reference has a digest of its own, so drawing among some of
them gives the same order as drawing among all: nobody's place depends on who else takes part.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

SEED_BYTES: Final = 32
"""How much chance a seed should hold: ``secrets.token_hex(SEED_BYTES)``."""

SHORTEST_SEED: Final = 16


def commitment(seed: bytes) -> str:
    """The SHA-256 of ``seed`` in hexadecimal: published before anybody scores; the seed stays secret until the ranking.

    Errors: ``ValueError`` for a seed under 16 bytes, which could be guessed from its commitment.
    """
    if len(seed) < SHORTEST_SEED:
        raise ValueError(f"A seed of {len(seed)} bytes can be guessed; use {SEED_BYTES}.")
    return sha256(seed).hexdigest()


def ticket(seed: bytes, reference: str) -> bytes:
    """The lot of ``reference``: SHA-256 over the seed, one zero byte and the reference in UTF-8; the smallest wins."""
    return sha256(seed + b"\0" + reference.encode()).digest()


def draw(seed: bytes, references: Iterable[str]) -> list[str]:
    """The references in the order the lottery draws them; the order in which they are given does not matter.

    Errors: ``ValueError`` where a reference stands in it twice.
    """
    lots = list(references)
    if len(set(lots)) != len(lots):
        raise ValueError("Every reference has one lot.")
    return sorted(lots, key=lambda reference: ticket(seed, reference))
