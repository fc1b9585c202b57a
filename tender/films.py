"""Short films: which kind one is, whether it is whole, and what it tells beside what is seen. Nothing here plays or decodes one."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

FILMS: Final = {"mp4": "video/mp4", "webm": "video/webm", "mov": "video/quicktime"}
MOST_MEGABYTES: Final = 50
BRANDS: Final = (b"iso", b"mp4", b"avc1", b"M4V", b"dash", b"MSNV", b"mmp4")
"""How an MP4 names itself; a sound or a picture in the same wrapping has another name."""
EBML: Final = b"\x1a\x45\xdf\xa3"
SEGMENT: Final = b"\x18\x53\x80\x67"
NAMED_WEBM: Final = re.compile(rb"\x42\x82[\x84-\x88]webm")
HEAD: Final = 4096
LONG, TO_THE_END = 1, 0
"""A box that says its size in eight bytes more, and one that says none."""
HOLDS_BOXES: Final = {b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"}
TELLS: Final = {b"udta", b"meta", b"uuid", b"free", b"skip"}
"""Title, maker, place and telephone of a film; and room that was left over."""
DATED: Final = {b"mvhd", b"tkhd", b"mdhd"}


def kind_of(head: bytes) -> str:
    """The kind of a film by its first bytes: a key of `FILMS`, or nothing."""
    if head[4:8] == b"ftyp":
        return "mov" if head[8:12] == b"qt  " else "mp4" if head[8:12].startswith(BRANDS) else ""
    return "webm" if head.startswith(EBML) and NAMED_WEBM.search(head[:64]) else ""


def boxes(file: IO[bytes], start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes of an MP4 between two places: name, where its content begins, where it ends. Errors: `ValueError` where they do not fit."""
    while start < end:
        file.seek(start)
        size, name, body = int.from_bytes(file.read(4)), file.read(4), start + 8
        if size == LONG:
            size, body = int.from_bytes(file.read(8)), body + 8
        stop = end if size == TO_THE_END else start + size
        if len(name) != 4 or not body <= stop <= end:  # noqa: PLR2004  a name has four bytes
            raise ValueError("a box that does not fit")
        yield name, body, stop
        start = stop


def is_whole(file: IO[bytes]) -> bool:
    """Whether a film has all its parts: the list of what is in it, and what is in it."""
    length = file.seek(0, 2)
    file.seek(0)
    head = file.read(HEAD)
    if kind_of(head) == "webm":
        return SEGMENT in head
    try:
        return {b"ftyp", b"moov", b"mdat"} <= {name for name, _start, _end in boxes(file, 0, length)}
    except ValueError:
        return False


def without_tales(file: IO[bytes]) -> bytes:
    """An MP4 or a film of QuickTime without what tells who made it, when and where; all else stays in its place. Errors: `ValueError`."""
    file.seek(0)
    content = bytearray(file.read())
    _empty(file, content, 0, len(content))
    return bytes(content)


def _empty(file: IO[bytes], content: bytearray, start: int, end: int) -> None:
    for name, body, stop in boxes(file, start, end):
        if name in TELLS:
            content[start + 4 : start + 8] = b"free"
            content[body:stop] = bytes(stop - body)
        elif name in DATED:
            _undate(content, body, stop)
        elif name in HOLDS_BOXES:
            _empty(file, content, body, stop)
        start = stop


def _undate(content: bytearray, body: int, stop: int) -> None:
    """Empty the moments in a box, which stand behind its version and flags."""
    first = body + 4
    last = first + (16 if any(content[body : body + 1]) else 8)
    if last > stop:
        raise ValueError("a box that is too short for its moments")
    content[first:last] = bytes(last - first)
