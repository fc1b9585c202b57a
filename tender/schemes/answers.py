"""The answers to a form: kept as typed while drafting, cleaned on the way, and told what is still missing.

Pure functions over a `Form` and a plain JSON dictionary (field key → answer). Each of them takes answers that are not
yet right, and cleans for itself; nobody has to remember to clean first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tender.schemes.balancing import balance_gaps, sum_gap, total, year_gap
from tender.schemes.cleaning import clean, words
from tender.schemes.conditions import Unmet, asked, cleaned, meets, shown, unmet_eligibility
from tender.schemes.definition import Field, FieldKind, Form, ReportTerm, Section
from tender.schemes.figures import AnswerFault
from tender.schemes.partners import named_twice, part_label
from tender.schemes.rows import HAS_ROWS, as_rows, kept_rows, storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tender.schemes.definition import Consortium

    Answers = Mapping[str, Any]

__all__ = [
    "AnswerFault", "Gap", "Unmet", "asked", "by_field", "canonical", "clean", "clean_partial", "gaps", "meets", "project", "report_form",
    "shown", "storable", "total", "unmet_eligibility", "words", "wrong_cell",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """What still has to be mended before the form can be handed in; section and field by key."""

    section: str
    field: str
    message: str


def clean_partial(form: Form, posted: Answers) -> tuple[dict[str, Any], dict[str, str]]:
    """What to keep of ``posted`` while drafting, and what is wrong with it, by field.

    Only the fields that were posted come back, so that the draft is ``{**draft, **kept}``. A good answer is kept clean;
    a bad one is kept as typed, with its fault beside it; an emptied one is kept as ``None``. What is no field is left
    out.
    """
    kept: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for field in form.fields():
        if field.key not in posted:
            continue
        raw = posted[field.key]
        try:
            kept[field.key] = clean(field, raw)
        except AnswerFault as fault:
            kept[field.key] = storable(raw)
            faults[field.key] = fault.message
        if field.kind in HAS_ROWS and (rows := as_rows(raw)) is not None and kept[field.key] is not None:
            kept[field.key] = kept_rows(field, rows)
    return kept, faults


def canonical(form: Form, answers: Answers) -> dict[str, Any]:
    """What is handed in: the clean answers to what is asked, and nothing else; raises `AnswerFault` on a bad one."""
    kept = {field.key: clean(field, answers.get(field.key)) for _section, field in asked(form, answers)}
    return {key: value for key, value in kept.items() if value is not None}


def gaps(form: Form, answers: Answers, consortium: Consortium | None = None) -> list[Gap]:
    """Everything that stands between these answers and handing in, in the order of the form."""
    found: list[Gap] = []
    uneven = balance_gaps(form, answers)
    for section, field in asked(form, answers):
        message = _gap(form, field, answers)
        if not message and field.key == form.partners:
            partners = cleaned(field, answers) or []
            message = (consortium and _consortium_gap(consortium, partners)) or _twice_gap(partners)
        said = [message] if message else uneven.get(field.key, [])
        found += [Gap(section.key, field.key, each) for each in said]
    return found


def by_field(found: Iterable[Gap]) -> dict[str, str]:
    """Gaps by the field they are told at; several at one field are told one after the other."""
    said: dict[str, str] = {}
    for gap in found:
        said[gap.field] = f"{said[gap.field]} {gap.message}" if gap.field in said else gap.message
    return said


def _gap(form: Form, field: Field, answers: Answers) -> str:
    try:
        value = clean(field, answers.get(field.key))
    except AnswerFault as fault:
        return fault.message
    if value is None:
        return _missing(field) if field.required or (field.min_rows and field.required) else ""
    if field.kind in HAS_ROWS:
        if len(value) < field.min_rows:
            return _("Fill in at least %(least)d rows.") % {"least": field.min_rows}
        return sum_gap(form, field, value, answers) or year_gap(form, field, value, answers)
    return ""


MISSING = {
    FieldKind.CHOICE: lambda: _("Choose one of the options."),
    FieldKind.MULTI_CHOICE: lambda: _("Choose one or more of the options."),
    FieldKind.YES_NO: lambda: _("Choose yes or no."),
    FieldKind.FILE: lambda: _("Upload the file."),
    FieldKind.TABLE: lambda: _("Fill in at least one row."),
    FieldKind.PARTNERS: lambda: _("Add the partners."),
}


def _missing(field: Field) -> str:
    say = MISSING.get(field.kind)
    return say() if say else _("Fill in “%(question)s”.") % {"question": field.label}


def wrong_cell(field: Field, raw: object) -> tuple[int, str] | None:
    """Which cell of an answer with rows is wrong: row (from 0) and column."""
    try:
        clean(field, raw)
    except AnswerFault as fault:
        return fault.cell
    return None


def _consortium_gap(rule: Consortium, partners: list[dict[str, Any]]) -> str:
    parts = {row[name] for row in partners for name in ("sector", "helix")}
    if len(partners) < rule.minimum:
        return _("List at least %(least)d partners, with yourself first.") % {"least": rule.minimum}
    for part in rule.sectors:
        if part not in parts:
            return _("Among the partners there must be one from: %(part)s.") % {"part": part_label(part)}
    if rule.one_of and not parts & set(rule.one_of):
        shown_parts = ", ".join(str(part_label(part)) for part in rule.one_of)
        return _("Among the partners there must be at least one from: %(parts)s.") % {"parts": shown_parts}
    return ""


def _twice_gap(partners: list[dict[str, Any]]) -> str:
    name = named_twice(partners)
    return _("“%(name)s” is in the list twice. Name each partner once, with all that it contributes.") % {"name": name} if name else ""


def project(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers that stand for the case itself, typed; what is missing or not right (yet) is empty.

    ``title``, ``summary``, ``theme``, ``province``, ``iban``: text; ``amount``, ``aid_received``: ``Decimal`` or None;
    ``years``: int or None; ``starts``: date or None; ``state_aid``: bool or None; ``partners``: rows with
    ``contribution`` as ``Decimal``.
    """

    said = {field.key: cleaned(field, answers) for _section, field in asked(form, answers)}

    def answer(key: str | None) -> Any:
        return said.get(key or "")

    return {
        "title": answer(form.title) or "",
        "summary": answer(form.summary) or "",
        "theme": answer(form.theme) or "",
        "province": answer(form.province) or "",
        "iban": answer(form.iban) or "",
        "amount": _decimal(answer(form.amount)),
        "aid_received": _decimal(answer(form.aid_received)),
        "years": int(Decimal(years)) if (years := answer(form.years)) else None,
        "starts": date.fromisoformat(starts) if (starts := answer(form.starts)) else None,
        "state_aid": None if (aid := answer(form.state_aid)) is None else aid == "yes",
        "partners": [{**row, "contribution": Decimal(row["contribution"])} for row in answer(form.partners) or []],
    }


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def report_form(report: ReportTerm, more: tuple[Field, ...] = ()) -> Form:
    """The questions of a report, and ``more`` that follow from its grant, as a form of one section: every function here works on it."""
    return Form(sections=(Section("report", report.label, None, (*report.form, *more)),), title="")
