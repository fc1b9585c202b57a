"""A file that may be hostile: what is wrong with it is found, however it is hidden; what is well is taken."""

import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageFile
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from tender import confined, opening
from tender.opening import Fault, fault_in, preview_of
from tests.factories import jpeg_file, pdf_file, png_file
from tests.factories.files import written


def named(**said):
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in said.items()})


def name(said):
    return NameObject(f"/{said}")


def made(change):
    """A PDF of one page, changed by its writer."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf_file())))
    change(writer)
    return written(writer)


def annotated(**said):
    """A PDF with something on its page that is no text."""

    def change(writer):
        place = ArrayObject(map(NumberObject, (9, 9, 99, 99)))
        writer.pages[0][name("Annots")] = ArrayObject([named(Type=name("Annot"), Rect=place, **said)])

    return made(change)


def begins_with(**action):
    """A PDF that does something when it is opened."""
    return made(lambda writer: writer.root_object.update({name("OpenAction"): named(**action)}))


def stream(packed, data, **said):
    """A PDF with a stream that no page points to."""

    def change(writer):
        held = EncodedStreamObject()
        held._data = data
        held.update(named(**said, Filter=packed))
        writer._add_object(held)

    return made(change)


def many_zeros(megabytes):
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(megabytes)) + packer.flush()


JS = {"S": name("JavaScript"), "JS": TextStringObject("app.alert(1)")}
FLATE = name("FlateDecode")


def packed_away():
    """All objects packed together, with a table that is packed too: no word of it stands readable in the file."""
    objects = [b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
    places, body = b"", b""
    for number, each in enumerate(objects, start=1):
        places, body = places + b"%d %d " % (number, len(body)), body + each + b" "
    packed = zlib.compress(places + body)
    file = b"%PDF-1.5\n"
    at = len(file)
    said = b"4 0 obj\n<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n"
    file += said % (len(places), len(packed), packed)
    table_at = len(file)
    rows = [(0, 0, 255), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, at, 0), (1, table_at, 0)]
    table = zlib.compress(b"".join(bytes([kind]) + place.to_bytes(2) + bytes([rest]) for kind, place, rest in rows))
    said = b"5 0 obj\n<</Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>stream\n%b\nendstream\nendobj\n"
    return file + said % (len(table), table) + b"startxref\n%d\n%%%%EOF\n" % table_at


def by_name(writer):
    named_script = named(Names=ArrayObject([TextStringObject("begin"), named(**JS)]))
    writer.root_object[name("Names")] = named(JavaScript=named_script)


def spelled_otherwise():
    return begins_with(**JS).replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/#4a#53")


def left_out_of_its_table():
    """An object that the table at the end does not name; another reader may look for it."""
    return pdf_file().replace(b"\nxref", b"\n99 0 obj\n<</S /JavaScript /J#53 (app.alert\\(1\\))>>\nendobj\nxref")


HOSTILE = {
    "eleven bytes": (b"%PDF-1.7\nxx", Fault.DAMAGED),
    "a script after the first line": (b"%PDF-1.4\n<script>alert(1)</script>", Fault.DAMAGED),
    "cut short": (pdf_file()[:200], Fault.DAMAGED),
    "no pages": (written(PdfWriter()), Fault.NO_PAGES),
    "a password": (made(lambda writer: writer.encrypt("geheim")), Fault.LOCKED),
    "an owner's password only": (made(lambda writer: writer.encrypt("", "eigenaar")), Fault.LOCKED),
    "a script on opening": (begins_with(**JS), Fault.PROGRAM),
    "a script by name": (made(by_name), Fault.PROGRAM),
    "a script spelled otherwise": (spelled_otherwise(), Fault.PROGRAM),
    "a script packed away": (packed_away(), Fault.PROGRAM),
    "a script left out of the table": (left_out_of_its_table(), Fault.PROGRAM),
    "a button that starts a program": (annotated(Subtype=name("Link"), A=named(S=name("Launch"), F=TextStringObject("cmd"))), Fault.PROGRAM),
    "a form that calculates": (made(lambda writer: writer.root_object.update({name("AcroForm"): named(XFA=ArrayObject())})), Fault.PROGRAM),
    "a file inside": (made(lambda writer: writer.add_attachment("macro.docm", b"PK")), Fault.ATTACHED),
    "a file pinned to the page": (annotated(Subtype=name("FileAttachment")), Fault.ATTACHED),
    "a film inside": (annotated(Subtype=name("RichMedia")), Fault.MEDIA),
    "more pages than anybody reads": (pdf_file(pages=opening.MOST_PAGES + 1), Fault.MANY_PAGES),
    "a picture of 40,000 by 40,000": (
        stream(FLATE, zlib.compress(b""), Subtype=name("Image"), Width=NumberObject(40_000), Height=NumberObject(40_000)),
        Fault.PIXELS,
    ),
    "a bomb": (stream(FLATE, many_zeros(9)), Fault.BOMB),
    "a bomb in a bomb": (stream(ArrayObject([FLATE, FLATE]), zlib.compress(many_zeros(1))), Fault.BOMB),
}


@pytest.mark.parametrize(("content", "fault"), HOSTILE.values(), ids=HOSTILE)
def test_what_is_hostile_is_told_apart(monkeypatch, content, fault):
    monkeypatch.setattr(opening, "MOST_INFLATED", 8 * 1024 * 1024)  # no test makes hundreds of megabytes
    assert fault_in("pdf", content) == fault


def with_bookmark_and_link(writer):
    """As honest programs make them: where to begin, a link, a field to fill in, lists that are empty."""
    page = writer.pages[0].indirect_reference
    writer.root_object[name("OpenAction")] = named(S=name("GoTo"), D=ArrayObject([page, name("Fit")]))
    writer.root_object[name("AcroForm")] = named(Fields=ArrayObject())
    writer.root_object[name("Names")] = named(JavaScript=named(Names=ArrayObject()), EmbeddedFiles=named(Names=ArrayObject()))
    link = named(Type=name("Annot"), Subtype=name("Link"), A=named(S=name("URI"), URI=TextStringObject("https://voorbeeld.example")))
    writer.pages[0][name("Annots")] = ArrayObject([link])


@pytest.mark.parametrize("content", [pdf_file(), pdf_file(pages=30), made(with_bookmark_and_link)], ids=["plain", "long", "linked"])
def test_what_is_well_is_taken(content):
    assert fault_in("pdf", content) == ""


def bomb(wide, high):
    """A PNG that says how large it is, and holds next to nothing."""
    out = BytesIO()
    Image.new("1", (1, 1)).save(out, "PNG")
    head = b"IHDR" + wide.to_bytes(4) + high.to_bytes(4) + out.getvalue()[24:29]
    return out.getvalue()[:12] + head + zlib.crc32(head).to_bytes(4) + out.getvalue()[33:]


@pytest.mark.parametrize(
    ("kind", "content", "fault"),
    [
        ("png", png_file(), ""),
        ("jpeg", jpeg_file(), ""),
        ("png", bomb(20_000, 20_000), Fault.PIXELS),
        ("png", bomb(10_000, 10_000), Fault.PIXELS),
        ("png", bomb(8_000, 6_500), Fault.PIXELS),
        ("png", png_file()[:-30], Fault.DAMAGED),
        ("jpeg", jpeg_file(400, 400)[:900], Fault.DAMAGED),
        ("jpeg", png_file(), Fault.DAMAGED),
    ],
)
def test_a_picture_is_measured_before_it_is_unpacked(monkeypatch, kind, content, fault):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", False)  # what prints letters sets it for the whole process
    assert fault_in(kind, content) == fault


def test_what_takes_too_long_is_not_waited_for():
    assert confined.fault_in("pdf", pdf_file(), seconds=0.001) == Fault.SLOW
    assert confined.preview_of("pdf", pdf_file(), seconds=0.001) is None


def test_it_runs_apart_from_us_with_nothing_of_ours_in_its_reach(monkeypatch):
    ran, run = [], confined.subprocess.run
    monkeypatch.setattr(confined.subprocess, "run", lambda command, **said: ran.append((command, said)) or run(command, **said))
    assert confined.fault_in("pdf", pdf_file()) == ""
    assert confined.fault_in("pdf", made(by_name)) == Fault.PROGRAM
    assert all(said["env"] == {} and "-I" in command for command, said in ran), "no key, no password"
    assert len(ran) == 2


def test_what_makes_its_reader_fall_over_is_not_taken(monkeypatch):
    monkeypatch.setattr(confined, "PROGRAM", "/nowhere")
    assert confined.fault_in("pdf", pdf_file()) == Fault.DAMAGED


@pytest.mark.parametrize(
    ("kind", "content", "size"),
    [
        ("png", png_file(1000, 500), (640, 320)),
        ("png", png_file(), (40, 20)),
        ("jpeg", jpeg_file(4000, 1000), (640, 160)),
        ("pdf", pdf_file(), (453, 640)),
    ],
)
def test_a_small_picture_is_made_of_it(kind, content, size):
    with Image.open(BytesIO(preview_of(kind, content, 640))) as made_of_it:
        assert made_of_it.format == "PNG"
        assert all(abs(is_now - was) <= 1 for is_now, was in zip(made_of_it.size, size, strict=True))


def test_a_small_picture_tells_nothing_and_stands_upright():
    out, exif = BytesIO(), Image.Exif()
    exif[0x013B], exif[0x0112] = "Studio Geheim", 6
    Image.new("RGB", (900, 300), "red").save(out, "JPEG", exif=exif, comment=b"Studio Geheim")
    small = preview_of("jpeg", out.getvalue(), 640)
    assert b"Geheim" not in small
    with Image.open(BytesIO(small)) as upright:
        assert upright.size[0] < upright.size[1]


def test_of_what_does_not_open_there_is_no_picture():
    assert confined.preview_of("pdf", b"%PDF-1.7\nxx") == b""
