"""A file without what tells who made it: for who judges blind. What was sent stays as it is, and is what everybody else gets.

What stands *in* a document, on the page, is the applicant's to leave out; the form says so where a stage is judged blind.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any, Final

from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, NameObject

from tender.films import FILMS, without_tales

TELLING: Final = ("/Metadata", "/PieceInfo", "/AF", "/LastModified")
"""What any object of a PDF may carry beside what is seen: XMP, notes of the program that made it, attached files, a moment."""
BEHIND: Final = ("/EmbeddedFiles", "/JavaScript")
"""What a PDF may hold by name."""
QUALITY: Final = 92


class CannotStrip(ValueError):
    """A file that cannot be read, or is locked, so that nobody knows what it tells."""


def stripped(file: IO[bytes], content_type: str) -> bytes:
    """The same document or picture without its metadata. Errors: `CannotStrip`."""
    try:
        if content_type in FILMS.values():
            return _film(file, content_type)
        return _pdf(file) if content_type == "application/pdf" else _picture(file, content_type.rpartition("/")[2].upper())
    except (PyPdfError, OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, Image.DecompressionBombError) as fault:
        raise CannotStrip(content_type) from fault  # a hostile file breaks its reader in many ways


def _film(file: IO[bytes], content_type: str) -> bytes:
    if content_type == FILMS["webm"]:
        raise CannotStrip("webm")  # what it tells lies between the pictures
    return without_tales(file)


def _pdf(file: IO[bytes]) -> bytes:
    reader = PdfReader(file)
    if reader.is_encrypted:
        raise CannotStrip("encrypted")
    writer = _copy(reader)
    for each in writer._objects:  # noqa: SLF001  pypdf has no other way to every object
        if isinstance(each, DictionaryObject):
            _clean(each)
    return _written(_copy(PdfReader(BytesIO(_written(writer)))))  # again, for a copy holds only what is still reached


def _copy(reader: PdfReader) -> PdfWriter:
    writer = PdfWriter(clone_from=reader)
    writer.metadata = None
    return writer


def _written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _clean(each: DictionaryObject) -> None:
    """Take out what tells; of a remark in the margin, who made it."""
    for key in (*TELLING, *BEHIND):
        each.pop(NameObject(key), None)
    if each.get("/Type") == "/Annot" and each.get("/Subtype") != "/Widget":
        each.pop(NameObject("/T"), None)


def _picture(file: IO[bytes], kind: str) -> bytes:
    with Image.open(file, formats=[kind]) as opened:
        upright: Any = ImageOps.exif_transpose(opened)  # the way up was in what goes out
        colours = opened.info.get("icc_profile")
    upright.info = {}
    out = BytesIO()
    upright.save(out, kind, icc_profile=colours, **({"quality": QUALITY} if kind == "JPEG" else {}))
    return out.getvalue()
