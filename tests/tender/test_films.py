"""Short films: known by what is in them, whole or not, and without what they tell beside what is seen."""

from io import BytesIO

import pytest

from tender.films import is_whole, kind_of
from tender.stripping import CannotStrip, stripped
from tests.factories import film_file
from tests.factories.files import WEBM, box


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (film_file(), "mp4"),
        (film_file(b"mp42"), "mp4"),
        (film_file(b"qt  "), "mov"),
        (WEBM, "webm"),
        (film_file(b"heic"), ""),
        (film_file(b"M4A "), ""),
        (WEBM.replace(b"webm", b"matr"), ""),
        (b"ftypisom", ""),
        (b"", ""),
    ],
)
def test_a_film_is_known_by_its_first_bytes(content, kind):
    assert kind_of(content) == kind


@pytest.mark.parametrize(
    ("content", "whole"),
    [
        (film_file(), True),
        (WEBM, True),
        (film_file()[:-1], False),
        (film_file()[:40], False),
        (WEBM[:16], False),
        (box(b"ftyp", b"isom") + box(b"mdat"), False),
        (film_file() + b"\0\0\0\1wide" + (20).to_bytes(8) + b"rest", True),
        (film_file() + b"\0\0\0\0freeen zo voort", True),
        (film_file() + b"\0\0\0\3free", False),
    ],
)
def test_a_film_has_all_its_parts(content, whole):
    assert is_whole(BytesIO(content)) is whole


def test_a_film_for_who_judges_blind_tells_neither_place_nor_moment():
    content = film_file(told=b"+53.2194+006.5665/")
    left = stripped(BytesIO(content), "video/mp4")
    assert b"+53.2194" in content
    assert b"+53.2194" not in left
    assert (3_000_000_000).to_bytes(4) not in left
    assert len(left) == len(content), "all else stays in its place"
    assert left.endswith(b"mdatbeeld")
    assert is_whole(BytesIO(left))


SHORT = box(b"ftyp", b"isom") + box(b"mdat")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (WEBM, "video/webm"),
        (film_file()[:50], "video/mp4"),
        (film_file()[:50], "video/quicktime"),
        (SHORT + box(b"moov", box(b"mvhd")), "video/mp4"),
        (SHORT + box(b"moov", box(b"mvhd", bytes(6)) + box(b"trak", b"")), "video/mp4"),
        (SHORT + box(b"moov", box(b"mvhd", b"\1" + bytes(12)) + box(b"trak", b"")), "video/mp4"),
    ],
)
def test_a_film_that_cannot_be_stripped_is_not_given(content, kind):
    with pytest.raises(CannotStrip):
        stripped(BytesIO(content), kind)
