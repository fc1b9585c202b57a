"""Whatever is done to a scheme, reading it ends in a scheme or in faults with a path; never in anything else."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tender.schemes.definition import Scheme
from tender.schemes.loader import SchemeFaults, read
from tests.tender.schemes.mending import GONE, broken, raw

WORDS = st.sampled_from(["", "x", "title", "lottery", "{title}", "0", "quality", "idea", "choice", "none", "award", "ë\n"])
NUMBERS = st.one_of(st.integers(-3, 500), st.just(10**20), st.decimals("-1e9", "1e9", places=4), st.just(Decimal("1e-12")), st.booleans())
LEAVES = st.one_of(WORDS, NUMBERS, st.just(GONE))
VALUES = st.one_of(LEAVES, st.just([]), st.just({}), st.lists(WORDS, max_size=2), st.dictionaries(WORDS, WORDS, max_size=2))


def every_path(value, path=""):
    """The path of everything in the raw scheme, however deep."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        here = f"{path}.{key}" if path else str(key)
        yield here
        yield from every_path(item, here)


PATHS = sorted(every_path(raw()))


def outcome(text):
    """The scheme, or the faults."""
    try:
        return read(text)
    except SchemeFaults as caught:
        return caught.faults


def is_good(found):
    return isinstance(found, Scheme) or (found and all(fault.path and fault.message for fault in found))


@settings(max_examples=400, deadline=None)
@given(path=st.sampled_from(PATHS), value=VALUES)
def test_one_change_of_any_kind(path, value):
    assert is_good(outcome(broken((path, value))))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_many_changes_at_once(data):
    # changed from the back, so that an earlier change never moves the place of a later one
    chosen = sorted(data.draw(st.sets(st.sampled_from(PATHS), min_size=2, max_size=12)), reverse=True)
    kept = [path for path in chosen if not any(path != other and path.startswith(f"{other}.") for other in chosen)]
    changes = [(path, data.draw(LEAVES.filter(lambda value: value is not GONE))) for path in kept]
    assert is_good(outcome(broken(*changes)))


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text(text):
    assert is_good(outcome(text))
