"""What is on record of a meeting, and the minutes as they draft themselves from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  read at run time, where the record is read back
from decimal import Decimal  # noqa: TC003  the same
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scoring.models import Conflict, MarkChange, MeetingItem, Seating
from scoring.quorum import rooms
from scoring.rules import all_kept_out
from tender.enums import ConflictState, Role
from tender.templatetags.drietrap import moment, said_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scoring.models import Meeting, PanelMember
    from tender.models import Stage
    from tender.schemes.definition import Rubric


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the panel, and in which part."""

    name: str
    part: str


@dataclass(frozen=True, slots=True)
class Interest:
    """Who had an interest, in which applications by reference, and whether that kept them out of the whole round."""

    name: str
    references: tuple[str, ...]
    whole_round: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A sheet that was accepted as missing, and why."""

    reference: str
    juror: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One mark that changed: whose, on which question (``criterion.question``), and why. None is “not able to judge”."""

    juror: str
    question: str
    before: Decimal | None
    after: Decimal | None
    reason: str


@dataclass(frozen=True, slots=True)
class Item:
    """One application in the meeting. ``title`` names it and its party; empty where the stage is judged blind."""

    reference: str
    title: str
    present: tuple[str, ...]
    left: tuple[str, ...]
    recused: tuple[str, ...]
    needed: int
    note: str
    changes: tuple[Change, ...]

    @property
    def enough(self) -> bool:
        """Whether the quorum was reached."""
        return len(self.present) >= self.needed


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """A meeting as it is on record. ``bounds``: between which numbers the meeting fixes how many it nominates, if it does."""

    at: datetime
    panel: str
    present: tuple[Member, ...]
    absent: tuple[Member, ...]
    interests: tuple[Interest, ...]
    missing: tuple[Missing, ...]
    items: tuple[Item, ...]
    number: int | None = None
    bounds: tuple[int, ...] = ()


def record_of(stage: Stage) -> MeetingRecord:
    """Read a meeting from what was noted in it. The number of queries does not depend on how many applications there are."""
    meeting: Meeting = stage.meeting
    seats = list(Seating.objects.seats(stage).select_related("panel"))
    there, out = set(meeting.present.values_list("pk", flat=True)), all_kept_out(stage)
    interests = interests_of(stage, seats, out)
    missing = tuple(Missing(*row) for row in meeting.missing_sheets)
    return MeetingRecord(
        at=meeting.convened_at,
        panel=str(stage.seating.panel),
        present=members(seats, there - out),
        absent=members(seats, {seat.user_id for seat in seats} - there - out),
        interests=interests,
        missing=missing,
        items=items_of(stage, {seat.user_id: str(seat.user) for seat in seats}, interests),
        number=meeting.number,
        bounds=tuple(stage.rules.selection.meeting_fixes or ()),
    )


def members(seats: list[PanelMember], chosen: set[int]) -> tuple[Member, ...]:
    """These people of the panel, those who lead it first, then by name."""
    order = (Role.CHAIR, Role.DEPUTY, Role.SECRETARY, Role.JUROR)
    found = [Member(str(seat.user), seat.part) for seat in seats if seat.user_id in chosen]
    return tuple(sorted(found, key=lambda one: (order.index(Role(one.part)), one.name)))


def interests_of(stage: Stage, seats: list[PanelMember], out: set[int]) -> tuple[Interest, ...]:
    """Who of the panel had an interest in what of the round, also in what was withdrawn since.

    Of whom it keeps out of the whole round, only what they said an interest in themselves: the rest is closed to them with it.
    """
    recused = Conflict.objects.filter(state=ConflictState.RECUSED, user__in=[seat.user_id for seat in seats])
    rows = recused.filter(Q(application__stage=stage) | Q(application__submissions__stage=stage)).distinct()
    found: dict[int, list[tuple[str, str]]] = {}
    for user, reference, kind in rows.order_by("application__reference").values_list("user_id", "application__reference", "kind"):
        found.setdefault(user, []).append((reference, kind))
    names = {seat.user_id: str(seat.user) for seat in seats}
    said = {pk: tuple(reference for reference, kind in of if kind) or tuple(reference for reference, _kind in of) for pk, of in found.items()}
    return tuple(sorted((Interest(names[pk], of, pk in out) for pk, of in said.items()), key=lambda one: one.name))


def items_of(stage: Stage, names: dict[int, str], interests: tuple[Interest, ...]) -> tuple[Item, ...]:
    """Every application on the agenda, by reference."""
    there, changes, blind = rooms(stage), changes_of(stage), stage.rules.blind
    rows = MeetingItem.objects.filter(meeting__stage=stage).select_related("application__organisation", "application__applicant")
    found = []
    for application in (row.application for row in rows.order_by("application__reference")):
        room = there[application.pk]
        found.append(
            Item(
                reference=application.reference,
                title="" if blind else f"{application.title} ({application.party})",
                present=tuple(sorted(names[pk] for pk in room.present)),
                left=tuple(sorted(names[pk] for pk in room.left)),
                recused=tuple(one.name for one in interests if application.reference in one.references),
                needed=room.needed,
                note=room.note.strip(),
                changes=tuple(changes.get(application.pk, ())),
            )
        )
    return tuple(found)


def changes_of(stage: Stage) -> dict[int, list[Change]]:
    """By application, the marks that changed in the meeting, in the order in which they did."""
    found: dict[int, list[Change]] = {}
    for each in MarkChange.objects.filter(mark__sheet__stage=stage).select_related("mark__sheet__juror"):
        sheet = each.mark.sheet
        change = Change(str(sheet.juror), each.mark.question, each.before, each.after, each.reason.strip())
        found.setdefault(sheet.application_id, []).append(change)
    return found


def closed_to_secretary(stage: Stage) -> frozenset[str]:
    """The applications in which a secretary of the panel has an interest, by reference: the draft, which is theirs, tells nothing of them."""
    secretaries = Seating.objects.seats(stage).filter(part=Role.SECRETARY).values("user_id")
    recused = Conflict.objects.filter(application__stage=stage, state=ConflictState.RECUSED, user__in=secretaries)
    return frozenset(recused.values_list("application__reference", flat=True))


def labels_of(rubric: Rubric | None) -> dict[str, str]:
    """The questions as marks name them, with their words in the language that is active."""
    if rubric is None:
        return {}
    return {f"{one.key}.{each.key}": f"{one.label}, {each.label}" for one in rubric.criteria for each in one.questions}


# ── the draft ─────────────────────────────────────────────────────────────────────────────────────────────────
def minutes_so_far(stage: Stage) -> str:
    """The minutes as they were written, or a draft where nothing was yet."""
    if stage.meeting.minutes:
        return stage.meeting.minutes
    return draft_minutes(record_of(stage), labels_of(stage.rules.rubric), closed_to_secretary(stage))


def draft_minutes(record: MeetingRecord, labels: Mapping[str, str], closed: frozenset[str] = frozenset()) -> str:
    """Minutes made from what is on record, in the language that is active. Pure.

    ``closed``: references of which the draft says no more than that, because its writer has an interest in them.
    """
    parts = [
        _("Meeting of %(panel)s on %(at)s.") % {"panel": record.panel, "at": moment(record.at)},
        lines_of_people(record),
        lines_of_missing(record, closed),
        *("\n".join(lines_of_item(item, labels, closed=item.reference in closed)) for item in record.items),
        lines_of_outcome(record, closed),
    ]
    return "\n\n".join(part for part in parts if part)


def lines_of_people(record: MeetingRecord) -> str:
    """Who was there, who was not, and who had an interest in what."""
    lines = [_("Present: %(names)s.") % {"names": named(record.present)}]
    if record.absent:
        lines.append(_("Absent: %(names)s.") % {"names": named(record.absent)})
    for one in record.interests:
        said = _("%(name)s has an interest in %(references)s and took no part in the round.") if one.whole_round else _(
            "%(name)s has an interest in %(references)s and took no part in that.")  # fmt: skip
        lines.append(said % {"name": one.name, "references": ", ".join(one.references)})
    return "\n".join(lines)


def named(members: Iterable[Member]) -> str:
    """People in a row, with the part of those who lead."""
    return ", ".join(one.name if one.part == Role.JUROR else f"{one.name} ({Role(one.part).label})" for one in members)


def lines_of_missing(record: MeetingRecord, closed: frozenset[str]) -> str:
    """The sheets that were accepted as missing, each with why."""
    return "\n".join(
        _("Accepted as missing: the sheet of %(juror)s on %(reference)s. Reason: %(reason)s")
        % {"juror": one.juror, "reference": one.reference, "reason": one.reason or "–"}
        for one in record.missing
        if one.reference not in closed
    )


def lines_of_item(item: Item, labels: Mapping[str, str], *, closed: bool) -> Iterator[str]:
    """One application: the room, what was noted, and every mark that changed."""
    yield f"{item.reference}. {item.title}".strip() if item.title and not closed else f"{item.reference}."
    if closed:
        yield _("The secretary has an interest in this application; what is on record of it stands in the annex to the signed minutes.")
        return
    there = len(item.present)
    said = ngettext("%(n)d member in the room; the quorum is %(needed)d.", "%(n)d members in the room; the quorum is %(needed)d.", there)
    yield said % {"n": there, "needed": item.needed}
    if not item.enough:
        yield _("The quorum was not reached.")
    if item.left:
        yield _("Left the room: %(names)s.") % {"names": ", ".join(item.left)}
    if item.note:
        yield _("Note: %(note)s") % {"note": item.note}
    for change in item.changes:
        yield _("%(juror)s changed the mark on “%(question)s” from %(before)s to %(after)s. Reason: %(reason)s") % {
            "juror": change.juror, "question": labels.get(change.question, change.question), "before": mark_or_not(change.before),
            "after": mark_or_not(change.after), "reason": change.reason,
        }  # fmt: skip


def mark_or_not(mark: Decimal | None) -> str:
    """A mark as people read it: ``3``, ``3,5``; in words where the juror could not judge."""
    return _("not able to judge") if mark is None else said_mark(mark)


def lines_of_outcome(record: MeetingRecord, closed: frozenset[str]) -> str:
    """That no mark changed, where that is so; and how many will be nominated, where the meeting fixes that."""
    lines = []
    if not closed and not any(item.changes for item in record.items):
        lines.append(_("No mark was changed in the meeting."))
    if record.bounds:
        low, high = record.bounds
        lines.append(
            _("Before anything is ranked, the panel fixes how many it nominates, from %(low)d to %(high)d: the number that stands with "
              "these minutes.") % {"low": low, "high": high}
        )  # fmt: skip
    return "\n".join(lines)
