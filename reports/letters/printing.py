"""From facts to a sealed PDF: only what is bundled here may be fetched, and every text of people is escaped."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reports.letters.conforming import VARIANT, facts_file, write
from reports.letters.document import Paragraph, Section
from reports.letters.facts import from_plain
from reports.letters.registry import KINDS
from reports.letters.sealing import seal
from tender.calendar import amsterdam_day

if TYPE_CHECKING:
    from weasyprint import Attachment

    from reports.letters.document import Kind
    from reports.letters.facts import LetterFacts

ROOT: Final = Path(__file__).resolve().parents[1] / "static" / "reports"
TEMPLATES: Final = Path(__file__).resolve().parents[1] / "templates" / "reports" / "letters"
MIME: Final = {".css": "text/css", ".svg": "image/svg+xml", ".ttf": "font/ttf"}
SUBJECT_LENGTH: Final = 200


class LetterFault(Exception):
    """A letter that cannot be printed: it would fetch what is not bundled, or lacks a fact."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter as it leaves the press."""

    pdf: bytes
    pages: int
    subject: str
    template_sha256: str

    @property
    def sha256(self) -> str:
        """The hash of the file."""
        return hashlib.sha256(self.pdf).hexdigest()


class AssetFetcher(URLFetcher):  # type: ignore[misc]
    """Hands out ``asset:///…`` from the bundled files; anything else stops the press."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:  # noqa: ARG002
        """The bundled file of ``url``; any other address is refused."""
        path = (ROOT / url.removeprefix("asset:///")).resolve()
        if not url.startswith("asset:///") or not path.is_relative_to(ROOT) or path.suffix not in MIME:
            raise FatalURLFetchingError(f"blocked: {url[:80]}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": MIME[path.suffix]})


def read(kind: str, data: dict[str, Any]) -> tuple[Kind, LetterFacts]:
    """The kind of a letter and its facts, from the plain record that was stored."""
    found = KINDS[kind]
    return found, from_plain(found.facts, data)


def html(kind: str, data: dict[str, Any], *, concept: bool = False) -> str:
    """The letter as a page, from its stored facts."""
    found, facts = read(kind, data)
    sections = written(found, facts)
    # What stands after the signature: the first annex and all that follows.
    first = next((place for place, each in enumerate(sections) if each.annex), len(sections))
    return render_to_string(
        "reports/letters/letter.html",
        {
            "f": facts,
            "concept": concept,
            "subject": subject_of(found, facts),
            "english": facts.language.startswith("en"),
            "day": facts.day(facts.on),
            "known_on": facts.day(facts.objection.known_on) if facts.objection else "",
            "received": facts.day(amsterdam_day(facts.received_at)) if facts.received_at else "",
            "sections": sections[:first],
            "annexes": sections[first:],
            "decides": found.decides,
            "planned": found.planned,
        },
    )


def written(kind: Kind, facts: LetterFacts) -> list[Section]:
    """The sections of a letter: what the kind says, between the opening and the closing that an administrator gave it."""
    sections = kind.write(facts)
    last = next((place for place, each in enumerate(sections) if each.annex), len(sections))
    opening, closing = (
        [Section("", tuple(Paragraph(text, lines=True) for text in said))] if said else [] for said in (facts.opening, facts.closing)
    )
    return [*opening, *sections[:last], *closing, *sections[last:]]


def blocks_of(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """The letter's subject and sections, for a page of the portal."""
    found, facts = read(kind, data)
    return {"subject": subject_of(found, facts), "sections": written(found, facts), "language": facts.language}


def subject_of(kind: Kind, facts: LetterFacts) -> str:
    """The scheme's own subject, or that of the kind; cut to what the index holds."""
    subject = facts.own_subject or kind.subject(facts)
    return subject if len(subject) <= SUBJECT_LENGTH else subject[: SUBJECT_LENGTH - 1] + "…"


@cache
def house_style() -> tuple[CSS, FontConfiguration]:
    """The style sheet and its fonts, read once per process: unpacking them costs more than printing a letter."""
    fonts = FontConfiguration()
    return CSS(url="asset:///letter.css", url_fetcher=AssetFetcher(), font_config=fonts), fonts


def press(page: str, attached: Attachment | None = None) -> tuple[bytes, int]:
    """A page as PDF/UA-1 and PDF/A-3a, and its number of leaves. `LetterFault` where it would fetch what is not bundled."""
    out = BytesIO()
    try:
        style, fonts = house_style()
        document = HTML(string=page, base_url="asset:///", url_fetcher=AssetFetcher()).render(
            stylesheets=[style], font_config=fonts, pdf_variant=VARIANT
        )
        write(document, out, attached)
    except FatalURLFetchingError as blocked:  # a BaseException: `except Exception` would let it through
        raise LetterFault(str(blocked)) from blocked
    return out.getvalue(), len(document.pages)


def print_letter(kind: str, data: dict[str, Any], *, concept: bool = False) -> Printed:
    """Print a letter from its plain facts, with those facts inside, and seal it; ``concept`` prints that word across every page instead."""
    found, facts = read(kind, data)
    pdf, pages = press(html(kind, data, concept=concept), None if concept else facts_file(data, facts))
    return Printed(pdf if concept else seal(pdf, facts.language), pages, subject_of(found, facts), template_sha256())


@cache
def template_sha256() -> str:
    """The hash of everything beside the facts that a letter is made of: its words, its page, its looks."""
    here = Path(__file__).parent
    made_of = [*sorted(here.glob("*.py")), *sorted(TEMPLATES.glob("*.html")), ROOT / "letter.css", ROOT / "logo.svg"]
    total = hashlib.sha256()
    for path in made_of:
        total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
