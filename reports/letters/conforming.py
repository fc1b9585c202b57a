"""What makes a file PDF/A-3a and PDF/UA-1 at once, which WeasyPrint writes one at a time.

WeasyPrint is asked for PDF/A-3a, which is tagged as PDF/UA asks; added here are the mark of PDF/UA, the scope of a table's headings, and one
mention of an attached file where WeasyPrint gives two.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from weasyprint import Attachment

from tender.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Callable

    from weasyprint import Document

    from reports.letters.facts import LetterFacts

VARIANT: Final = "pdf/a-3a"
FACTS_NAME: Final = "facts.json"
MARK: Final = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
"""The mark itself, and its description: PDF/A takes no property that is not described."""


def write(document: Document, out: Any, attached: Attachment | None = None) -> None:
    """Write a laid-out document as one file that is both."""
    document.metadata.generate_rdf_metadata = marked(document.metadata.generate_rdf_metadata)
    document.write_pdf(out, pdf_variant=VARIANT, attachments=[attached] if attached else [], finisher=finish)


def marked(plain: Callable[..., bytes]) -> Callable[..., bytes]:
    """The metadata with the mark of PDF/UA, inside the same description of the file."""

    def generate(variant: str, version: int, conformance: str) -> bytes:
        before, end, after = plain(variant, version, conformance).rpartition(b"</rdf:RDF>")
        return before + MARK + end + after

    return generate


def finish(_document: Document, pdf: Any) -> None:
    """Give every heading of a table its scope, and name an attached file once."""

    def at(reference: bytes) -> Any:
        return pdf.objects[int(reference.split()[0])]

    for cell in [each for each in pdf.objects if isinstance(each, dict) and each.get("S") == "/TH"]:
        group = at(at(cell["P"])["P"])
        cell["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"
    if "AF" in pdf.catalog:
        pdf.catalog["AF"][:] = dict.fromkeys(pdf.catalog["AF"])


def facts_file(record: dict[str, Any], facts: LetterFacts) -> Attachment:
    """The facts of a letter beside its words: the very bytes that `Letter.facts_sha256` is the hash of. The day of the letter stands for
    now, so that the same facts print the same file.
    """
    moment = datetime.combine(facts.on, time(), UTC)
    about = facts.t("De gegevens waaruit deze brief is gemaakt", "The facts that this letter is made of")
    return Attachment(
        file_obj=BytesIO(canonical(record)), name=FACTS_NAME, description=about, created=moment, modified=moment, relationship="Data"
    )
