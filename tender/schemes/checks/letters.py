"""The letter texts of a stage: can a letter of that kind go out here, and can everything it names be filled in?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tender.schemes.definition import Amount, Due, Intake, Method
from tender.schemes.faults import labels, within
from tender.schemes.merge import ANSWERS, MERGE_FIELDS, fields_in, stray_braces
from tender.schemes.vocabulary import BESIDE_TOTAL, UNSCORED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tender.schemes.definition import LetterText, Stage, Text
    from tender.schemes.faults import Report

KINDS = (
    "receipt", "completion", "set_aside", "invitation", "nomination", "award", "reserve", "refusal_rank",
    "refusal_minimum", "refusal_ceiling", "refusal_receipt_order", "refusal_condition", "settlement", "report_due",
    "cancellation", "intent", "postponement", "penalty", "objection_received", "objection_completion", "objection_decided",
    "correction", "withdrawn", "default_noted", "advance", "suspension", "resumption", "report_approved", "report_returned",
    "report_rejected", "withdrawal", "recovery", "recovery_reminder", "recovery_change",
)  # fmt: skip
"""The kinds of letters a scheme may have words of its own for."""
NO_DECISION = {
    "receipt", "completion", "intent", "report_due", "postponement", "objection_received", "objection_completion", "correction",
    "withdrawn", "default_noted", "advance", "resumption", "report_approved", "report_returned", "report_rejected",
    "recovery_reminder",
}  # fmt: skip
"""Letters that decide nothing, so that there is nothing to object to."""


def _money(stage: Stage) -> bool:
    return stage.grant.amount is not Amount.NONE


def _reports(stage: Stage) -> bool:
    return bool(stage.grant.reports)


def _advances(stage: Stage) -> bool:
    return not stage.grant.directly_settled and any(each.due is not Due.SETTLEMENT for each in stage.grant.instalments)


def _floor(stage: Stage) -> bool:
    criteria = stage.rubric.criteria if stage.rubric else ()
    return stage.selection.floor is not None or any(each.floor is not None for each in criteria)


def _follows(stage: Stage) -> bool:
    return stage.then is not None


def _reserve(stage: Stage) -> bool:
    return stage.selection.reserve is not None


def _ranked(stage: Stage) -> bool:
    return stage.selection.method not in {Method.FIRST_COME, Method.PASS_FAIL}


def _totalled(stage: Stage) -> bool:
    return stage.selection.method not in UNSCORED | BESIDE_TOTAL


def _judged(stage: Stage) -> bool:
    return stage.rubric is not None


def _asked(stage: Stage) -> bool:
    return stage.form.amount is not None


def _in_order(stage: Stage) -> bool:
    return stage.intake is Intake.CONTINUOUS


def _minimum(stage: Stage) -> bool:
    return _floor(stage) or stage.selection.method is Method.PASS_FAIL


Fits = tuple["Callable[[Stage], bool]", str, str]
"""The test on the stage, what it wants in words, and the part of the stage that it looks at."""

MONEY: Fits = (_money, "the stage gives no money", "grant.amount")
REPORTS: Fits = (_reports, "the grant has no reports", "grant.reports")
FOLLOWS: Fits = (_follows, "no stage follows", "then")
RESERVE: Fits = (_reserve, "the stage has no reserve list", "selection.reserve")
RANKED: Fits = (_ranked, "the stage makes no ranking", "selection.method")

KIND_FITS: dict[str, Fits] = {
    "invitation": FOLLOWS,
    "nomination": FOLLOWS,
    "award": MONEY,
    "settlement": MONEY,
    "report_due": REPORTS,
    "report_approved": REPORTS,
    "report_returned": REPORTS,
    "report_rejected": REPORTS,
    "advance": (_advances, "the grant has no advances", "grant.instalments"),
    "suspension": MONEY,
    **dict.fromkeys(("withdrawal", "recovery", "recovery_reminder", "recovery_change"), MONEY),
    "resumption": MONEY,
    "reserve": RESERVE,
    "refusal_rank": RANKED,
    "refusal_minimum": (_minimum, "the stage has no floor to fail", "selection.floor"),
    "refusal_ceiling": MONEY,
    "refusal_receipt_order": (_in_order, "the intake is not in order of receipt", "intake"),
}
FIELD_FITS: dict[str, Fits] = {
    "amount": MONEY,
    "paid_by": MONEY,
    "ceiling": MONEY,
    "asked": (_asked, "the form asks for no amount", "form.amount"),
    "next_stage": FOLLOWS,
    "next_until": FOLLOWS,
    "reserve_place": RESERVE,
    "reserve_until": RESERVE,
    "report_by": REPORTS,
    "rank": RANKED,
    "ranked": RANKED,
    "score": (_totalled, "the stage makes no total score that orders", "selection.method"),
    "floor": (_floor, "the stage has no floor", "selection.floor"),
    "criterion": (_judged, "the stage has no criteria", "rubric"),
}


def check(stage: Stage, path: str, report: Report) -> None:
    """Note what is wrong with the letter texts of a stage."""
    at = within(path, "letters")
    for letter, place in zip(stage.letters, labels(at, [each.kind for each in stage.letters]), strict=True):
        _kind(stage, letter, path, place, report)
        _uses(stage, letter, path, place, report)
        if not letter.paragraphs:
            report.add(within(place, "paragraphs"), "is empty: leave the letter out, or say something")
        for text, where in _texts(letter, place):
            _text(stage, letter, text, path, where, report)


def _kind(stage: Stage, letter: LetterText, path: str, place: str, report: Report) -> None:
    at = within(place, "kind")
    if letter.kind not in KINDS:
        report.add(at, f"“{letter.kind}” is not a kind of letter: {', '.join(KINDS)}")
    elif (fits := KIND_FITS.get(letter.kind)) is not None and not fits[0](stage):
        report.add(at, f"a letter of kind {letter.kind} cannot go out here: {fits[1]}", [within(path, fits[2])])


def _uses(stage: Stage, letter: LetterText, path: str, place: str, report: Report) -> None:
    asked = {field.key for field in stage.form.fields()}
    for index, key in enumerate(letter.uses):
        if key not in asked:
            at = f"{within(place, 'uses')}[{index}]"
            said = f"“{key}” is used by this letter but not asked in this stage"
            report.add(at, said, [within(path, "form.sections")])


def _texts(letter: LetterText, place: str) -> Iterator[tuple[Text, str]]:
    yield letter.subject, within(place, "subject")
    for index, text in enumerate(letter.paragraphs):
        yield text, f"{within(place, 'paragraphs')}[{index}]"


def _text(stage: Stage, letter: LetterText, text: Text, path: str, place: str, report: Report) -> None:
    for language, words in (("nl", text.nl), ("en", text.en)):
        at = within(place, language)
        if stray_braces(words):
            report.add(at, "holds a brace that is not part of a {merge} field")
        for name in fields_in(words):
            said, about = _wrong_field(stage, letter, name, path)
            if said:
                report.add(at, said, about)


def _wrong_field(stage: Stage, letter: LetterText, name: str, path: str) -> tuple[str, list[str]]:
    if name.startswith(ANSWERS):
        key = name.removeprefix(ANSWERS)
        asked = any(field.key == key for field in stage.form.fields())
        said = "" if asked else f"{{{name}}}: “{key}” is not asked in this stage"
        return said, [within(path, "form.sections")]
    if name not in MERGE_FIELDS:
        return f"{{{name}}} is not a merge field; known are {', '.join(MERGE_FIELDS)} and answers.<field key>", []
    if name == "objection_until" and letter.kind in NO_DECISION:
        return f"{{{name}}} is for decisions; a letter of kind {letter.kind} decides nothing", []
    fits = FIELD_FITS.get(name)
    if fits is not None and not fits[0](stage):
        return f"{{{name}}} has no value here: {fits[1]}", [within(path, fits[2])]
    return "", []
