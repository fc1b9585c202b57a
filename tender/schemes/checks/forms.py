"""The questions of a stage together: keys, what stands for the case, conditions, partners, state aid, blindness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tender.schemes.checks import balances, fields
from tender.schemes.definition import AidBasis, Amount, FieldKind
from tender.schemes.faults import labels, within
from tender.schemes.partners import HELIX_VALUES, SECTOR_VALUES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tender.schemes.definition import Field, Form, Stage
    from tender.schemes.faults import Report

K = FieldKind
Placed = tuple["Field", str]
"""A field and its path."""

NAMED: dict[str, tuple[FieldKind, ...]] = {
    "title": (K.SHORT_TEXT,),
    "summary": (K.SHORT_TEXT, K.LONG_TEXT),
    "amount": (K.MONEY,),
    "theme": (K.CHOICE,),
    "province": (K.CHOICE,),
    "iban": (K.IBAN,),
    "partners": (K.PARTNERS,),
    "years": (K.NUMBER,),
    "starts": (K.DATE,),
    "state_aid": (K.YES_NO,),
    "aid_received": (K.MONEY,),
    "linked": (K.SHORT_TEXT, K.LONG_TEXT),
}
"""What the answers that stand for the case may be kept in."""
LONGEST_TITLE = 200
ALWAYS = ("title", "amount", "years", "state_aid")
"""Those that every application must have."""


def check(stage: Stage, path: str, report: Report) -> None:
    """Note what is wrong with the questions of a stage."""
    form_at = within(path, "form")
    placed = placed_fields(stage.form, form_at)
    if not placed:
        sections = within(form_at, "sections")
        report.add(sections, "asks nothing: a form needs a section with a field", [sections])
    else:
        _named(stage.form, form_at, placed, report)
    sequence(placed, report)
    balances.check(stage.form, form_at, placed, report)
    _consortium(stage, path, report)
    _partners(stage.form, form_at, placed, report)
    _state_aid(stage, path, report)
    _blind(stage, path, placed, report)
    _amount(stage, path, report)


def placed_fields(form: Form, path: str) -> list[Placed]:
    """Every field of a form with its path."""
    placed: list[Placed] = []
    sections = labels(within(path, "sections"), [section.key for section in form.sections])
    for section, at in zip(form.sections, sections, strict=True):
        paths = labels(within(at, "fields"), [field.key for field in section.fields])
        placed.extend(zip(section.fields, paths, strict=True))
    return placed


def sequence(placed: Sequence[Placed], report: Report) -> None:
    """Note what is wrong in and between fields that are asked one after another (a form, or a report)."""
    first: dict[str, str] = {}
    for field, at in placed:
        fields.check(field, at, report)
        if field.key and field.key in first:
            report.add(within(at, "key"), f"“{field.key}” is used twice in this stage; the first is {first[field.key]}")
        first.setdefault(field.key, at)
    for index, (field, at) in enumerate(placed):
        _shown_when(field, at, placed[:index], placed, report)
        _sum_equals(field, at, placed, report)


def _shown_when(field: Field, path: str, before: Sequence[Placed], placed: Sequence[Placed], report: Report) -> None:
    condition, at = field.shown_when, within(path, "shown_when")
    if condition is None:
        return
    known = {each.key: (each, where) for each, where in placed}
    field_at = within(at, "field")
    if condition.field not in known:
        unnamed = [where for each, where in placed if not each.key]
        report.add(field_at, f"“{condition.field}” is not a field of this form", unnamed)
    elif (loop := _loop(field, placed)) is not None:
        report.add(at, f"makes a loop: {' → '.join(loop)}")
    elif condition.field not in {each.key for each, _ in before}:
        report.add(field_at, f"“{condition.field}” is asked later; a condition looks back")
    else:
        _switch(condition.values, at, known[condition.field], report)


def _switch(values: Sequence[str], path: str, found: Placed, report: Report) -> None:
    switch, switch_at = found
    if switch.kind not in fields.SWITCHES:
        said = f"“{switch.key}” is {switch.kind}; a condition looks at a choice, multi_choice or yes_no field"
        report.add(within(path, "field"), said, [within(switch_at, "kind")])
        return
    if not values:
        report.add(within(path, "values"), "names no answer, so the field would never be shown")
    fields.known_values(switch, values, within(path, "values"), report, within(switch_at, "options"))


def _loop(field: Field, placed: Sequence[Placed]) -> list[str] | None:
    """The keys from ``field`` along shown_when back to itself; None where the way does not come back."""
    leads = {each.key: each.shown_when.field for each, _ in placed if each.shown_when is not None}
    way = [field.key]
    while (onward := leads.get(way[-1])) is not None and onward not in way:
        way.append(onward)
    return [*way, field.key] if onward == field.key else None


def _sum_equals(field: Field, path: str, placed: Sequence[Placed], report: Report) -> None:
    if field.sum_equals is None:
        return
    kinds = {each.key: (each.kind, where) for each, where in placed}
    kind, where = kinds.get(field.sum_equals, (None, path))
    if kind is not K.MONEY:
        said = f"“{field.sum_equals}” is not a money field of this form"
        report.add(within(path, "sum_equals"), said, [within(where, "kind")])


def _named(form: Form, path: str, placed: Sequence[Placed], report: Report) -> None:
    known = {field.key: (field, at) for field, at in placed}
    for name, kinds in NAMED.items():
        key, at = getattr(form, name), within(path, name)
        if not key:
            continue
        if key not in known:
            unnamed = [where for field, where in placed if not field.key]
            report.add(at, f"“{key}” is not a field of this form", unnamed)
        elif (kind := known[key][0].kind) not in kinds:
            said = f"“{key}” is {kind}; it must be {' or '.join(kinds)}"
            report.add(at, said, [within(known[key][1], "kind")])
        else:
            _fit(name, known[key][0], at, report)


def _fit(name: str, field: Field, path: str, report: Report) -> None:
    if name == "title" and (field.max_chars or 0) > LONGEST_TITLE:
        report.add(path, f"“{field.key}” may hold {field.max_chars} characters; a title has at most {LONGEST_TITLE}")
    if name in ALWAYS and (not field.required or field.shown_when is not None):
        report.add(path, f"“{field.key}” must be required and always shown: every application needs it")


def _partners(form: Form, path: str, placed: Sequence[Placed], report: Report) -> None:
    for field, at in placed:
        if field.kind is K.PARTNERS and field.key != form.partners:
            report.add(at, "is a list of partners that form.partners does not name", [within(path, "partners")])


def _consortium(stage: Stage, path: str, report: Report) -> None:
    rule, at = stage.consortium, within(path, "consortium")
    if rule is None:
        if stage.partner_consent and stage.form.partners is None:
            said = "is asked, but form.partners names no list of partners"
            report.add(within(path, "partner_consent"), said, [within(path, "form.partners")])
        return
    if stage.form.partners is None:
        report.add(at, "is required, but form.partners names no list of partners", [within(path, "form.partners")])
    if rule.minimum < 1:
        report.add(within(at, "minimum"), "must be 1 or more")
    _parts(rule.sectors, within(at, "sectors"), report)
    _parts(rule.one_of, within(at, "one_of"), report)


def _parts(values: Sequence[str], path: str, report: Report) -> None:
    known = (*SECTOR_VALUES, *HELIX_VALUES)
    for index, value in enumerate(values):
        if value not in known:
            report.add(f"{path}[{index}]", f"“{value}” is not one of {', '.join(known)}")


def _state_aid(stage: Stage, path: str, report: Report) -> None:
    key, at = stage.form.state_aid, within(path, "form.state_aid")
    field = next((each for each in stage.form.fields() if each.key == key), None)
    if stage.state_aid and key is None:
        said = "is checked, but form.state_aid names no yes_no field with an eligibility test"
        report.add(within(path, "state_aid"), said, [at])
    elif stage.state_aid and stage.aid is not AidBasis.DE_MINIMIS:
        said = f"is {stage.aid}, but the stage asks a de minimis declaration: leave out state_aid, or give under de_minimis"
        report.add(within(path, "aid_basis"), said, [within(path, "state_aid")])
    elif not stage.state_aid and key is not None:
        report.add(at, "is asked, but the stage does not check it: say state_aid = true")
    elif field is not None and field.kind is K.YES_NO and field.eligibility is None:
        report.add(at, f"“{field.key}” needs an eligibility test: an answer of no must have a consequence")


def _blind(stage: Stage, path: str, placed: Sequence[Placed], report: Report) -> None:
    if not stage.blind:
        return
    if not any(field.identifying for field, _ in placed):
        report.add(within(path, "blind"), "is judged blind, but no field is marked identifying")
    for field, at in placed:
        if field.kind in {K.PARTNERS, K.KVK, K.IBAN} and not field.identifying:
            said = f"a field of kind {field.kind} tells who applies; the stage is blind"
            report.add(within(at, "identifying"), said, [within(at, "kind")])


def _amount(stage: Stage, path: str, report: Report) -> None:
    key, most, at = stage.form.amount, stage.grant.maximum, within(path, "form.amount")
    about = [within(path, "grant.amount"), within(path, "grant.maximum"), within(path, "form.sections")]
    if stage.grant.amount is Amount.REQUESTED and key is None:
        report.add(at, "is missing: the grant is what was requested, so a money field must ask for it", about[:2])
    elif stage.grant.amount is not Amount.REQUESTED and key is not None:
        report.add(at, f"is asked, but the grant is {stage.grant.amount}; leave it out", about[:2])
    elif key is not None and most is not None:
        asked = next((each for each in stage.form.fields() if each.key == key), None)
        if asked is not None and asked.kind is K.MONEY and (asked.maximum is None or asked.maximum > most):
            report.add(at, f"“{key}” may ask for more than the grant's maximum of {most}; set its maximum", about)
