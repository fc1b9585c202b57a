"""The signed minutes of a panel as a file: what the signature froze, in the house style. Nothing is read from the meeting while printing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  read at run time, by from_plain
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.translation import override

from reports.letters import words
from reports.letters.document import Figures, Listing, Paragraph, Table, section
from reports.letters.facts import Sender, from_plain
from reports.letters.printing import press
from scoring.minuting import MeetingRecord, labels_of, mark_or_not, named

if TYPE_CHECKING:
    from reports.letters.document import Section
    from scoring.minuting import Interest
    from tender.models import Stage
    from workflows.models import Event


@dataclass(frozen=True, slots=True)
class MinutesFacts:
    """What the file says."""

    language: str
    sender: Sender
    scheme: str
    call: str
    reference: str
    stage: str
    record: MeetingRecord
    labels: dict[str, str]
    text: str
    signed_by: str
    signed_at: datetime

    def t(self, dutch: str, english: str) -> str:
        """The words in the language of the file."""
        return english if self.language.startswith("en") else dutch


def facts_of(event: Event, stage: Stage) -> MinutesFacts:
    """What was signed, out of the event of the signature; in the language of who signed."""
    scheme, language = stage.call.definition, event.actor.language
    with override(language):
        labels, call = labels_of(stage.rules.rubric), stage.call.title_en if language.startswith("en") else stage.call.title_nl
    return MinutesFacts(
        language=language,
        sender=Sender(
            scheme.body.name.in_language(language), scheme.body.city, scheme.body.address, scheme.body.email,
            scheme.body.signed_by.in_language(language),
        ),
        scheme=scheme.title.in_language(language),
        call=call,
        reference=stage.call.reference,
        stage=stage.rules.label.in_language(language),
        record=from_plain(MeetingRecord, event.data["record"]),
        labels=labels,
        text=event.data["minutes"],
        signed_by=str(event.actor),
        signed_at=event.at,
    )  # fmt: skip


def print_minutes(f: MinutesFacts) -> bytes:
    """The file, as PDF/UA-1 and PDF/A-3a, not yet sealed: the same facts print the same bytes."""
    with override(f.language):
        page = render_to_string(
            "reports/minutes.html",
            {
                "f": f,
                "english": f.language.startswith("en"),
                "title": title_of(f),
                "held": words.moment(f.record.at, f.language),
                "signed": words.moment(f.signed_at, f.language),
                "sections": [attendance(f), *said(f)],
                "annexes": [rooms(f), changes(f), *missing(f)],
            },
        )
    pdf, _pages = press(page)
    return pdf


def title_of(f: MinutesFacts) -> str:
    """What the file is called."""
    panel = words.with_article(f.record.panel, f.language)
    return f.t(f"Notulen van de vergadering van {panel}", f"Minutes of the meeting of {panel}")


def attendance(f: MinutesFacts) -> Section:
    """Who was there, who was not, who had an interest, and how many will be nominated."""
    record = f.record
    rows = [(f.t("Aanwezig", "Present"), named(record.present))]
    if record.absent:
        rows.append((f.t("Afwezig", "Absent"), named(record.absent)))
    if record.number is not None:
        rows.append((f.t("Aantal dat het panel voordraagt", "Number that the panel nominates"), str(record.number)))
    interests = Listing(tuple(interest(f, one) for one in record.interests)) if record.interests else None
    none = f.t("Niemand van het panel had een belang.", "Nobody of the panel had an interest.")
    heading = Paragraph(f.t("Wie een belang had", "Who had an interest"), strong=True) if record.interests else None
    return section(f.t("De vergadering", "The meeting"), Figures(tuple(rows)), heading, interests or none)


def interest(f: MinutesFacts, one: Interest) -> str:
    """Who had an interest in what, and what that kept them from."""
    what = words.listed(one.references, f.language)
    if one.whole_round:
        return f.t(f"{one.name}: belang bij {what}; was niet betrokken bij de ronde.",
                   f"{one.name}: interest in {what}; took no part in the round.")  # fmt: skip
    return f.t(f"{one.name}: belang bij {what}; was daar niet bij betrokken.", f"{one.name}: interest in {what}; took no part in that.")


def said(f: MinutesFacts) -> list[Section]:
    """The text that was signed, paragraph by paragraph, with its own line ends."""
    paragraphs = [Paragraph(part.strip(), lines=True) for part in f.text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return [section(f.t("Notulen", "Minutes"), *paragraphs)]


def rooms(f: MinutesFacts) -> Section:
    """Per application: who was in the room, the quorum, who left, and what was noted."""
    head = f.t("Aanvraag|In de zaal|Quorum|Verliet de zaal|Belang|Aantekening", "Application|In the room|Quorum|Left the room|Interest|Note")
    rows = tuple(
        (
            f"{item.reference} {item.title}".strip(),
            f"{len(item.present)}: {', '.join(item.present)}" if item.present else "0",
            f"{item.needed} ({f.t('gehaald', 'reached') if item.enough else f.t('niet gehaald', 'not reached')})",
            ", ".join(item.left) or "–",
            ", ".join(item.recused) or "–",
            item.note or "–",
        )
        for item in f.record.items
    )
    caption = f.t("Wie er per aanvraag in de zaal waren", "Who was in the room, per application")
    return section(f.t("Bijlage: wat is vastgelegd", "Annex: what is on record"), Table(caption, tuple(head.split("|")), rows), annex=True)


def changes(f: MinutesFacts) -> Section:
    """Every mark that changed."""
    head = f.t("Aanvraag|Lid|Vraag|Was|Werd|Reden", "Application|Member|Question|Was|Became|Reason")
    rows = tuple(
        (
            item.reference,
            each.juror,
            f.labels.get(each.question, each.question),
            mark_or_not(each.before),
            mark_or_not(each.after),
            each.reason,
        )
        for item in f.record.items
        for each in item.changes
    )
    caption = f.t("Scores die in de vergadering zijn gewijzigd", "Marks that changed in the meeting")
    none = f.t("In de vergadering is geen score gewijzigd.", "No mark was changed in the meeting.")
    return section(f.t("Gewijzigde scores", "Changed marks"), Table(caption, tuple(head.split("|")), rows) if rows else none)


def missing(f: MinutesFacts) -> list[Section]:
    """The sheets that were accepted as missing."""
    if not f.record.missing:
        return []
    head = f.t("Aanvraag|Lid|Reden", "Application|Member|Reason")
    rows = tuple((one.reference, one.juror, one.reason or "–") for one in f.record.missing)
    caption = f.t("Formulieren die ontbraken", "Sheets that were missing")
    return [section(f.t("Ontbrekende formulieren", "Missing sheets"), Table(caption, tuple(head.split("|")), rows))]
