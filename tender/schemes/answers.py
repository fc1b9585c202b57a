"""The answers to a form: kept as typed while drafting, cleaned on the way, and told what is still missing.

Pure functions over a `Form` and a plain JSON dictionary (field key → answer). Each of them takes answers that are not
yet right, and cleans for itself; nobody has to remember to clean first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tender.schemes.cleaning import UNSTORABLE, clean, words
from tender.schemes.definition import Field, FieldKind, Form, ReportTerm, Section, Text
from tender.schemes.figures import AnswerFault, in_euros
from tender.schemes.partners import part_label

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tender.schemes.definition import Consortium, Eligibility

    Answers = Mapping[str, Any]

__all__ = [
    "AnswerFault", "Gap", "Unmet", "canonical", "clean", "clean_partial", "gaps", "project", "report_form", "shown",
    "total", "unmet_eligibility", "words", "wrong_cell",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """What still has to be mended before the form can be handed in; section and field by key."""

    section: str
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Unmet:
    """A condition of entry that an answer does not meet."""

    field: str
    eligibility: Eligibility

    @property
    def ground(self) -> Text:
        """The article and the reason that a refusal names."""
        return self.eligibility.ground


def shown(field: Field, answers: Answers) -> bool:
    """Whether ``field`` is asked, given the other answers."""
    condition = field.shown_when
    if condition is None:
        return True
    answer = answers.get(condition.field)
    given = answer if isinstance(answer, list | tuple) else [answer]
    return any(value in given for value in condition.values)


def asked(form: Form, answers: Answers) -> Iterator[tuple[Section, Field]]:
    """Every field that is asked, given the answers; what hangs on a question that is not asked is not asked either."""
    hidden: set[str] = set()
    for section in form.sections:
        for field in section.fields:
            if shown(field, answers) and not (field.shown_when and field.shown_when.field in hidden):
                yield section, field
            else:
                hidden.add(field.key)


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
        try:
            kept[field.key] = clean(field, posted[field.key])
        except AnswerFault as fault:
            kept[field.key] = storable(posted[field.key])
            faults[field.key] = fault.message
    return kept, faults


def storable(raw: object, depth: int = 4) -> Any:
    """``raw`` as typed, but such that a JSON column of any database can hold it."""
    if isinstance(raw, str):
        return UNSTORABLE.sub("\ufffd", raw)
    if raw is None or isinstance(raw, bool | int):
        return raw
    if isinstance(raw, list | tuple) and depth:
        return [storable(item, depth - 1) for item in raw]
    if isinstance(raw, dict) and depth:
        return {str(storable(str(key))): storable(item, depth - 1) for key, item in raw.items()}
    return str(raw)


def canonical(form: Form, answers: Answers) -> dict[str, Any]:
    """What is handed in: the clean answers to what is asked, and nothing else; raises `AnswerFault` on a bad one."""
    kept = {field.key: clean(field, answers.get(field.key)) for _section, field in asked(form, answers)}
    return {key: value for key, value in kept.items() if value is not None}


def gaps(form: Form, answers: Answers, consortium: Consortium | None = None) -> list[Gap]:
    """Everything that stands between these answers and handing in, in the order of the form."""
    found: list[Gap] = []
    for section, field in asked(form, answers):
        message = _gap(form, field, answers)
        if not message and field.key == form.partners and consortium is not None:
            message = _consortium_gap(consortium, _cleaned(field, answers) or [])
        if message:
            found.append(Gap(section.key, field.key, message))
    return found


def _gap(form: Form, field: Field, answers: Answers) -> str:
    try:
        value = clean(field, answers.get(field.key))
    except AnswerFault as fault:
        return fault.message
    if value is None:
        return _missing(field) if field.required or (field.min_rows and field.required) else ""
    if field.kind in {FieldKind.TABLE, FieldKind.PARTNERS} and len(value) < field.min_rows:
        return _("Fill in at least %(least)d rows.") % {"least": field.min_rows}
    return _sum_gap(form, field, value, answers)


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


def _sum_gap(form: Form, field: Field, value: Any, answers: Answers) -> str:
    if field.sum_column is None or field.sum_equals is None:
        return ""
    other = form.field(field.sum_equals)
    wanted = _cleaned(other, answers)
    added = total(field, value)
    if wanted is None or added == Decimal(wanted):
        return ""
    return _("The rows add up to %(sum)s, but “%(question)s” says %(wanted)s. Make them the same.") % {
        "sum": _euros(added),
        "question": other.label,
        "wanted": _euros(Decimal(wanted)),
    }


def _euros(amount: Decimal) -> str:
    return in_euros(amount, get_language() or "nl")


def wrong_cell(field: Field, raw: object) -> tuple[int, str] | None:
    """Which cell of an answer with rows is wrong: row (from 0) and column."""
    try:
        clean(field, raw)
    except AnswerFault as fault:
        return fault.cell
    return None


def total(field: Field, rows: list[dict[str, Any]]) -> Decimal:
    """What the money column of a table adds up to; cells that are not right (yet) do not count."""
    column = next(each for each in field.columns if each.key == field.sum_column)
    cell = Field(key=column.key, kind=FieldKind.MONEY, label=column.label)
    added = Decimal("0.00")
    for row in rows:
        try:
            added += Decimal(clean(cell, row.get(column.key)) or 0)
        except AnswerFault:
            continue
    return added


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


def unmet_eligibility(form: Form, answers: Answers) -> list[Unmet]:
    """The conditions of entry that these answers do not meet; a missing or wrong answer is a gap, not a ground."""
    return [
        Unmet(field.key, field.eligibility)
        for _section, field in asked(form, answers)
        if field.eligibility is not None and not _meets(field.eligibility, _cleaned(field, answers))
    ]


def _meets(test: Eligibility, value: Any) -> bool:
    if value is None:
        return True
    if test.values:
        given = value if isinstance(value, list) else [value]
        return any(each in test.values for each in given)
    figure = Decimal(value)
    return (test.at_least is None or figure >= test.at_least) and (test.at_most is None or figure <= test.at_most)


def _cleaned(field: Field, answers: Answers) -> Any:
    try:
        return clean(field, answers.get(field.key))
    except AnswerFault:
        return None


def project(form: Form, answers: Answers) -> dict[str, Any]:
    """The answers that stand for the case itself, typed; what is missing or not right (yet) is empty.

    ``title``, ``summary``, ``theme``, ``province``, ``iban``: text; ``amount``, ``aid_received``: ``Decimal`` or None;
    ``years``: int or None; ``starts``: date or None; ``state_aid``: bool or None; ``partners``: rows with
    ``contribution`` as ``Decimal``.
    """

    said = {field.key: _cleaned(field, answers) for _section, field in asked(form, answers)}

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


def report_form(report: ReportTerm) -> Form:
    """The questions of a report as a form of one section, so that every function here works on it."""
    return Form(sections=(Section("report", report.label, None, report.form),), title="")
