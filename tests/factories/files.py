"""Small real files: what a question takes must open."""

import struct
from functools import cache
from io import BytesIO

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject


@cache
def pdf_file(text="Licht op Lauwersoog", pages=1):
    """A PDF of so many pages, each with this text."""
    writer = PdfWriter()
    font = DictionaryObject({NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1")})
    font[NameObject("/BaseFont")] = NameObject("/Helvetica")
    for _page in range(pages):
        page, words = writer.add_blank_page(595, 842), DecodedStreamObject()
        words.set_data(f"BT /F1 40 Tf 60 700 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(words)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
    return written(writer)


def written(writer):
    """The bytes of a PDF."""
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@cache
def png_file(wide=40, high=20, colour="red"):
    """A picture in one colour."""
    return _picture("PNG", wide, high, colour)


@cache
def jpeg_file(wide=40, high=20, colour="red"):
    """A photo in one colour."""
    return _picture("JPEG", wide, high, colour)


def _picture(kind, wide, high, colour):
    out = BytesIO()
    Image.new("RGB", (wide, high), colour).save(out, kind)
    return out.getvalue()


def box(name, content=b""):
    """A box of an MP4."""
    return struct.pack("!I", 8 + len(content)) + name + content


def film_file(brand=b"isom", told=b"", size=0):
    """A film as far as its boxes go; ``told``: what it tells beside what is seen."""
    moments = struct.pack("!IIIII", 0, 3_000_000_000, 3_000_000_001, 1000, 5000) + bytes(80)
    about = box(b"udta", box(b"\xa9xyz", told)) if told else b""
    return box(b"ftyp", brand + bytes(4) + brand) + box(b"moov", box(b"mvhd", moments) + about) + box(b"mdat", b"beeld" + bytes(size))


WEBM = b"\x1a\x45\xdf\xa3\x8b\x42\x82\x84webm\x42\x87\x81\x04" + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff"
