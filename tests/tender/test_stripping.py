"""A file for who judges blind tells nobody who made it; one that cannot be read is not given."""

from io import BytesIO

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text

from tender.stripping import CannotStrip, stripped

WHO = b"Studio Geheim"


def pdf(*, locked=False):
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": "Studio Geheim", "/Title": "Plan van Studio Geheim"})
    writer.xmp_metadata = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="Studio Geheim"/></rdf:RDF></x:xmpmeta>'
    )
    writer.add_attachment("Studio Geheim.txt", b"Studio Geheim")
    remark = Text(text="Mooi plan", rect=(50, 50, 80, 80))
    writer.add_annotation(0, remark)
    if locked:
        writer.encrypt("geheim")
    out = BytesIO()
    writer.write(out)
    return out


def jpeg():
    out, picture = BytesIO(), Image.new("RGB", (40, 20), "red")
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = "Studio Geheim", 6
    picture.save(out, "JPEG", exif=exif, comment=WHO)
    return out


def png():
    out, told = BytesIO(), PngInfo()
    told.add_text("Author", "Studio Geheim")
    Image.new("RGB", (4, 4), "red").save(out, "PNG", pnginfo=told)
    return out


@pytest.mark.parametrize(("made", "kind"), [(pdf, "application/pdf"), (jpeg, "image/jpeg"), (png, "image/png")])
def test_what_tells_who_made_it_goes_out(made, kind):
    file = made()
    assert WHO in file.getvalue(), "it is there to be taken out"
    file.seek(0)
    assert WHO not in stripped(file, kind)


def test_a_document_stays_what_it_was():
    file = pdf()
    file.seek(0)
    left = PdfReader(BytesIO(stripped(file, "application/pdf")))
    assert len(left.pages) == 1
    assert left.attachments == {}
    assert not left.metadata
    assert left.xmp_metadata is None
    assert left.pages[0]["/Annots"][0].get_object()["/Contents"] == "Mooi plan"


def test_a_picture_stays_the_way_up_that_it_had():
    file = jpeg()
    file.seek(0)
    with Image.open(BytesIO(stripped(file, "image/jpeg"))) as left:
        assert left.size == (20, 40)
        assert dict(left.getexif()) == {}


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf(locked=True).getvalue(), "application/pdf"),
        (b"%PDF-1.7 and nothing more", "application/pdf"),
        (b"", "application/pdf"),
        (jpeg().getvalue()[:60], "image/jpeg"),
        (png().getvalue(), "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nbroken", "image/png"),
    ],
)
def test_what_cannot_be_read_is_not_given(content, kind):
    with pytest.raises(CannotStrip):
        stripped(BytesIO(content), kind)
