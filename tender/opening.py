"""Opens a file that may be hostile: what is wrong with it, and a small picture of it. A program of its own (`confined.py`).

It knows nothing of Django, our settings or the database, and imports nothing of ours: who breaks in here finds nothing.
"""

from __future__ import annotations

import re
import sys
import zlib
from enum import StrEnum
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageOps
from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject


class Fault(StrEnum):
    """Why a file is not taken."""

    DAMAGED = "damaged"
    LOCKED = "locked"
    PROGRAM = "program"
    ATTACHED = "attached"
    MEDIA = "media"
    NO_PAGES = "no_pages"
    MANY_PAGES = "many_pages"
    PIXELS = "pixels"
    BOMB = "bomb"
    SLOW = "slow"


MOST_PAGES: Final = 500
MOST_OBJECTS: Final = 200_000
MOST_INFLATED: Final = 400 * 1024 * 1024
"""To how many bytes all that is packed in a PDF may grow; its pictures come apart, by their pixels."""
MOST_PIXELS: Final = 50_000_000
"""Of a picture: more than any telephone makes by itself."""
MOST_PIXELS_INSIDE: Final = 150_000_000
"""Of a picture inside a PDF: a scanned sheet of A0."""
MEMORY: Final = 1536 * 1024 * 1024
SECONDS: Final = 20
"""Of the processor."""

PROGRAMS: Final = {"/JavaScript", "/Launch"}
FILMS: Final = {"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"}
HIDDEN: Final = re.compile(rb"/S\s*/(?:JavaScript|Launch)\b")
"""Also where no table of contents of the file points to it, for another reader may find it."""
ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
CHUNK: Final = 1024 * 1024


def fault_in(kind: str, content: bytes) -> str:
    """What is wrong with a file of this kind: a `Fault`, or nothing."""
    try:
        return _pdf(content) if kind == "pdf" else _picture(kind, content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Fault.PIXELS
    except (MemoryError, LimitReachedError):
        return Fault.BOMB
    except Exception:  # noqa: BLE001  a hostile file breaks its reader in any way: then it is not taken
        return Fault.DAMAGED


def _picture(kind: str, content: bytes) -> str:
    """Its size is known from its head, before anything is unpacked."""
    with Image.open(BytesIO(content), formats=[kind.upper()]) as head:
        if head.width * head.height > MOST_PIXELS:
            return Fault.PIXELS
        head.verify()
    if kind == "jpeg":
        with Image.open(BytesIO(content), formats=["JPEG"]) as whole:
            whole.draft("RGB", (whole.width // 8, whole.height // 8))  # to the last line, without room for every pixel
            whole.load()
    return ""


def _pdf(content: bytes) -> str:
    if HIDDEN.search(ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)):
        return Fault.PROGRAM
    reader = PdfReader(BytesIO(content), strict=False)
    if reader.is_encrypted:
        return Fault.LOCKED
    references = {(idnum, generation) for generation, entries in reader.xref.items() for idnum in entries}
    references |= {(idnum, 0) for idnum in reader.xref_objStm}
    if len(references) > MOST_OBJECTS:
        return Fault.BOMB
    if fault := _objects(reader, references):
        return fault
    many = len(reader.pages)
    return Fault.NO_PAGES if many == 0 else Fault.MANY_PAGES if many > MOST_PAGES else ""


def _objects(reader: PdfReader, references: set[tuple[int, int]]) -> str:
    """Every object there is, also one that no page leads to."""
    room = MOST_INFLATED
    for idnum, generation in sorted(references):
        found = reader.get_object(IndirectObject(idnum, generation, reader))
        for each in _within(found):
            if fault := _fault_of(each):
                return fault
        if isinstance(found, StreamObject) and found.get("/Subtype") != "/Image":
            room -= inflated(found, room)
            if room < 0:
                return Fault.BOMB
    return ""


def _within(found: Any) -> list[DictionaryObject]:
    """The dictionaries that stand in an object itself, not those it points to."""
    dictionaries, waiting = [], [found]
    while waiting:
        each = waiting.pop()
        if isinstance(each, DictionaryObject):
            dictionaries.append(each)
            waiting += each.values()
        elif isinstance(each, ArrayObject):
            waiting += each
    return dictionaries


def _fault_of(each: DictionaryObject) -> str:
    kind, subtype = _plain(each, "/S"), _plain(each, "/Subtype")
    if "/JS" in each or "/XFA" in each or (isinstance(kind, str) and kind in PROGRAMS):
        return Fault.PROGRAM
    if "/EF" in each or subtype == "/FileAttachment":
        return Fault.ATTACHED
    if isinstance(subtype, str) and subtype in FILMS:
        return Fault.MEDIA
    if subtype == "/Image":
        wide, high = _plain(each, "/Width"), _plain(each, "/Height")
        if isinstance(wide, int) and isinstance(high, int) and wide * high > MOST_PIXELS_INSIDE:
            return Fault.PIXELS
    return ""


def _plain(each: DictionaryObject, key: str) -> Any:
    """The value itself, wherever it is written."""
    return each[key] if key in each else None  # noqa: SIM401  its `get` does not follow a reference


def inflated(stream: StreamObject, room: int) -> int:
    """How many bytes a packed stream holds; it is not unpacked much further than there is room. Packed twice is never honest."""
    named = _plain(stream, "/Filter")
    packed = [str(each) for each in (named if isinstance(named, ArrayObject) else [named])]
    times = sum(each in {"/FlateDecode", "/Fl", "/LZWDecode", "/LZW"} for each in packed)
    if times > 1:
        return room + 1
    content = stream._data  # noqa: SLF001  as it lies in the file: pypdf's own way to it unpacks
    if packed[0] not in {"/FlateDecode", "/Fl"}:
        return len(content)
    unpacker, many = zlib.decompressobj(), 0
    while content and many <= room:
        try:
            many += len(unpacker.decompress(content, CHUNK))
        except zlib.error:  # cut short or soiled: readers show what there is
            return many
        content = unpacker.unconsumed_tail
    return many


# ------------------------------------------------------------------------------------------------------- a small picture
def preview_of(kind: str, content: bytes, most: int) -> bytes:
    """A picture of at most ``most`` pixels either way, as PNG, of a picture or a first page; raises anything where it cannot."""
    small = _first_page(content, most) if kind == "pdf" else _smaller(kind, content, most)
    small.info = {}  # what a picture tells about itself does not come along
    out = BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def _first_page(content: bytes, most: int) -> Image.Image:
    import pypdfium2

    with pypdfium2.PdfDocument(content) as opened:
        page = opened[0]
        wide, high = page.get_size()
        drawn = page.render(scale=min(most / wide, most / high), draw_annots=True)
        picture: Image.Image = drawn.to_pil()
        return picture.convert("RGB").quantize(256)


def _smaller(kind: str, content: bytes, most: int) -> Image.Image:
    with Image.open(BytesIO(content), formats=[kind.upper()]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        opened.draft("RGB", (most, most))
        opened.thumbnail((most, most))
        return ImageOps.exif_transpose(opened).convert("RGBA" if opened.has_transparency_data else "RGB")


def main(task: str, kind: str, most: str) -> int:
    """What was asked of the file that comes in, to what goes out. Ends with 1 where there is no picture."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes nowhere
    content = sys.stdin.buffer.read()
    if task == "inspect":
        sys.stdout.write(fault_in(kind, content))
        return 0
    try:
        sys.stdout.buffer.write(preview_of(kind, content, int(most)))
    except Exception:  # noqa: BLE001  as above: no picture is no harm
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
