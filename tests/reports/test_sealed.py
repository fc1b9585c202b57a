"""A letter as a file: PDF/UA-1 and PDF/A-3a at once, with its facts inside, sealed so that a changed byte is found."""

import hashlib
import subprocess
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree as ET

import pdfua
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from pypdf.generic import ContentStream

from reports.certificates import house_certificate
from reports.letters.conforming import VARIANT, facts_file
from reports.letters.printing import html, press, print_letter
from reports.letters.sealing import SPOKEN, in_asn1, seal
from tender.canonical import digest
from tests.reports.samples import facts_of, sample
from tests.reports.test_certificates import certified, pem, written

pytestmark = pytest.mark.prints
LETTERS = [("award", "nl"), ("refusal_rank", "en"), ("receipt", "nl"), ("report_due", "en")]
NS = {"pdfaid": "http://www.aiim.org/pdfa/ns/id/", "pdfuaid": "http://www.aiim.org/pdfua/ns/id/", "dc": "http://purl.org/dc/elements/1.1/",
      "pdf": "http://ns.adobe.com/pdf/1.3/", "schema": "http://www.aiim.org/pdfa/ns/schema#",
      "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#"}  # fmt: skip
PAINTS = {b"Tj", b"TJ", b"'", b'"', b"S", b"s", b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"sh", b"Do", b"EI"}


@pytest.fixture(scope="module", params=LETTERS, ids="-".join)
def letter(request):
    """Kind, language and file of a letter."""
    kind, language = request.param
    return kind, language, print_letter(kind, sample(kind, language)).pdf


@pytest.fixture(scope="module")
def award():
    """The file of an award."""
    return print_letter("award", sample("award", "nl")).pdf


def read(pdf):
    return PdfReader(BytesIO(pdf))


def metadata_of(pdf):
    return ET.fromstring(read(pdf).trailer["/Root"]["/Metadata"].get_data())


def found(tree, name):
    """The texts of a property, as an element or as an attribute."""
    space, _, local = name.partition(":")
    tag = f"{{{NS[space]}}}{local}"
    return [each.attrib[tag] for each in tree.iter() if tag in each.attrib] + ["".join(each.itertext()) for each in tree.iter(tag)]


def nodes_under(node):
    """Every element of the structure tree, in reading order."""
    node = node.get_object()
    for child in node if isinstance(node, list) else [node.get("/K", [])] if hasattr(node, "get") else []:
        element = child.get_object()
        if hasattr(element, "get") and "/S" in element:
            yield element
        yield from nodes_under(element)


# ── one file that is both ─────────────────────────────────────────────────────────────────────────────────────
def test_it_says_that_it_is_both(letter):
    tree = metadata_of(letter[2])
    assert (found(tree, "pdfaid:part"), found(tree, "pdfaid:conformance"), found(tree, "pdfuaid:part")) == (["3"], ["A"], ["1"])
    assert found(tree, "schema:namespaceURI") == [NS["pdfuaid"]], "PDF/A takes no property that is not described"
    assert found(tree, "schema:prefix") == ["pdfuaid"]
    assert len(tree.findall("rdf:RDF", NS)) == 1


def test_the_metadata_say_twice_the_same(letter):
    tree, info = metadata_of(letter[2]), read(letter[2]).metadata
    said = [found(tree, name) for name in ("dc:title", "dc:creator", "dc:description", "pdf:Producer")]
    assert said == [[info["/Title"]], [info["/Author"]], [info["/Subject"]], [info["/Producer"]]]


def test_it_is_of_the_version_of_pdfa_and_its_colours_are_of_a_profile_inside(letter):
    assert letter[2].startswith(b"%PDF-1.7")
    assert "/Version" not in read(letter[2]).trailer["/Root"], "PDF/A-3 is PDF 1.7, sealed or not"
    (intent,) = read(letter[2]).trailer["/Root"]["/OutputIntents"]
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"]["/N"] == 3
    assert b"sRGB" in intent["/DestOutputProfile"].get_data()


def test_every_font_is_inside_and_says_which_letters_it_draws(letter):
    fonts = {}
    for page in read(letter[2]).pages:
        fonts |= page["/Resources"]["/Font"]
    assert fonts
    for font in (each.get_object() for each in fonts.values()):
        assert "/ToUnicode" in font
        (inner,) = font["/DescendantFonts"]
        assert {"/FontFile2", "/FontFile3"} & set(inner.get_object()["/FontDescriptor"])


def test_whatever_is_painted_is_tagged_or_told_to_be_decoration(letter):
    reader, painted = read(letter[2]), 0
    for page in reader.pages:
        open_marks = []
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator in {b"BDC", b"BMC"}:
                open_marks.append(operands[0] == "/Artifact" or "/MCID" in operands[1])
            elif operator == b"EMC":
                open_marks.pop()
            elif operator in PAINTS:
                painted += 1
                assert any(open_marks), operator
        assert not open_marks
    assert painted > 20


def test_the_tags_tell_a_tree_of_headings_tables_with_scope_and_pictures_in_words(letter):
    root = read(letter[2]).trailer["/Root"]
    nodes = list(nodes_under(root["/StructTreeRoot"]))
    levels = [int(each["/S"][2:]) for each in nodes if each["/S"] in {"/H1", "/H2", "/H3"}]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), "no level is left out"
    heads = [each["/A"]["/Scope"] for each in nodes if each["/S"] == "/TH"]
    assert set(heads) <= {"/Row", "/Column"}
    assert ("/Column" in heads) is (letter[0] in {"award", "refusal_rank", "receipt"})
    assert all(each["/Alt"] for each in nodes if each["/S"] == "/Figure")
    assert root["/Lang"] == letter[1]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_nothing_in_it_acts_or_hides(letter):
    reader = read(letter[2])
    root = reader.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/JavaScript"} & {*root, *root["/Names"]}
    assert "/Encrypt" not in reader.trailer
    assert len(reader.trailer["/ID"]) == 2
    assert all(page["/Tabs"] == "/S" and not {"/AA"} & set(page) for page in reader.pages)


def test_the_checker_of_others_finds_nothing(letter, tmp_path):
    """It looks at 16 of the 106 rules of PDF/UA-1; of heading levels it cannot say anything, which is looked at above."""
    file = tmp_path / "letter.pdf"
    file.write_bytes(letter[2])
    assert [str(each) for each in pdfua.validate(str(file)).findings] == []


def test_that_checker_sees_what_the_library_leaves_out(tmp_path):
    from weasyprint import HTML

    file = tmp_path / "letter.pdf"
    HTML(string="<html lang=nl><title>t</title><h1>t</h1>").write_pdf(file, pdf_variant=VARIANT)
    assert "UA-28-004" in {each.rule_id for each in pdfua.validate(str(file)).findings}


# ── the facts inside ──────────────────────────────────────────────────────────────────────────────────────────
def test_the_facts_are_inside_as_they_were_hashed(letter):
    root = read(letter[2]).trailer["/Root"]
    (attached,) = root["/AF"]
    attached = attached.get_object()
    assert (attached["/AFRelationship"], attached["/UF"], attached["/F"]) == ("/Data", "facts.json", "facts.json")
    inner = attached["/EF"]["/F"]
    assert inner["/Subtype"] == "/application/json"
    assert inner["/Params"]["/ModDate"]
    assert hashlib.sha256(inner.get_data()).hexdigest() == digest(sample(*letter[:2]))
    assert root["/Names"]["/EmbeddedFiles"]["/Names"][1].get_object() == attached


def test_the_same_facts_print_the_same_file_before_it_is_sealed(award):
    facts = sample("award", "nl")
    bare, _pages = press(html("award", facts), facts_file(facts, facts_of("award", "nl")))
    assert award.startswith(bare)


def test_a_concept_is_not_sealed_and_holds_no_facts():
    root = read(print_letter("award", sample("award", "nl"), concept=True).pdf).trailer["/Root"]
    assert not {"/AcroForm", "/AF"} & set(root)


# ── the seal ──────────────────────────────────────────────────────────────────────────────────────────────────
def judged(pdf):
    """What pyHanko makes of the seal, trusting the certificate of the house."""
    (seal_of_it,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    return validate_pdf_signature(seal_of_it, ValidationContext(trust_roots=[in_asn1(house_certificate().own)]))


def judged_by_pdfsig(pdf, tmp_path):
    file = tmp_path / "sealed.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, text=True, check=False).stdout


def test_the_seal_is_of_the_whole_file(letter, tmp_path):
    status = judged(letter[2])
    assert status.bottom_line, status.pretty_print_details()
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    said = judged_by_pdfsig(letter[2], tmp_path)
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said


def test_it_is_a_signature_of_the_european_kind_on_p256(award):
    (sealed,) = PdfFileReader(BytesIO(award)).embedded_signatures
    attributes = {each["type"].native for each in sealed.signer_info["signed_attrs"]}
    assert {"content_type", "message_digest", "signing_certificate_v2"} == attributes, "PAdES B-B: the time stands in the file"
    assert sealed.signer_cert.public_key.curve == ("named", "secp256r1")
    assert sealed.md_algorithm == "sha256"
    assert sealed.self_reported_timestamp
    assert sealed.docmdp_level == MDPPerm.NO_CHANGES


@pytest.mark.parametrize(("after", "bytes_on"), [(b"stream", 100), (b"/EmbeddedFile", -1), (b"/M ", 8)], ids=["profile", "facts", "moment"])
def test_a_changed_byte_is_found(award, tmp_path, after, bytes_on):
    place = award.index(after) + len(after) + bytes_on
    changed = award[:place] + bytes([award[place] ^ 1]) + award[place + 1 :]
    assert judged(award).intact
    assert not judged(changed).intact
    assert "Digest Mismatch" in judged_by_pdfsig(changed, tmp_path)


def test_what_is_put_behind_the_seal_is_found(award):
    """Even what leaves every byte before it alone: the seal allows no change."""
    out = BytesIO()
    writer = IncrementalPdfFileWriter(BytesIO(award))
    writer.root["/Lang"] = TextStringObject("en")
    writer.update_root()
    writer.write(out)
    status = judged(out.getvalue())
    assert status.intact
    assert not status.bottom_line
    assert status.modification_level == ModificationLevel.OTHER


def test_a_real_certificate_goes_into_the_file_with_those_above_it(tmp_path, settings):
    """Also of RSA, which takes more room."""
    root, own = (rsa.generate_private_key(65537, size) for size in (2048, 4096))
    above = certified(root, "An authority")
    last = certified(own, issuer=root)
    settings.SEAL_FILE = str(written(tmp_path, pem(own, last, above)))
    sealed = seal(press("<html lang=en><title>Letter</title><h1>Letter</h1></html>")[0], "en")
    (found_in_it,) = PdfFileReader(BytesIO(sealed)).embedded_signatures
    assert found_in_it.signer_cert.dump() == in_asn1(last).dump()
    assert [each.dump() for each in found_in_it.other_embedded_certs] == [in_asn1(above).dump()]
    assert validate_pdf_signature(found_in_it, ValidationContext(trust_roots=[in_asn1(above)])).intact


def test_the_seal_leaves_the_file_as_it_was_and_is_nowhere_to_be_seen(award):
    root = read(award).trailer["/Root"]
    (widget,) = read(award).pages[0]["/Annots"]
    widget = widget.get_object()
    assert widget["/TU"] == SPOKEN["nl"]
    assert widget["/F"] & 4, "PDF/A wants it printed"
    assert not widget["/F"] & (1 | 2 | 32), "and not hidden"
    left, bottom, right, top = widget["/Rect"]
    assert (left, bottom) == (right, top)
    assert left < 0, "PDF/UA wants what is not tagged off the page"
    assert "/AP" not in widget
    assert not {"/NeedAppearances", "/XFA", "/DR"} & set(root["/AcroForm"])
    assert list(root["/Perms"]) == ["/DocMDP"]
    (reference,) = root["/Perms"]["/DocMDP"]["/Reference"]
    assert not {"/DigestMethod", "/DigestValue", "/DigestLocation"} & set(reference.get_object())


def test_minutes_are_sealed_in_the_same_way():
    page = "<html lang=en><title>Minutes</title><h1>Minutes</h1></html>"
    sealed = seal(press(page)[0], "en")
    assert judged(sealed).bottom_line
    assert "/AF" not in read(sealed).trailer["/Root"]
