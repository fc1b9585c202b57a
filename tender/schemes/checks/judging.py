"""Who judges a stage, by which rubric, and the rule that makes a selection of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tender.schemes.definition import Amount, Assess, Cutoff, Intake, Method, PitchSlots
from tender.schemes.faults import labels, within
from tender.schemes.vocabulary import UNSCORED

if TYPE_CHECKING:
    from tender.schemes.definition import Criterion, Practice, Quorum, Rubric, Selection, Stage
    from tender.schemes.faults import Report

SCALE = Decimal(100)
HALF = Decimal("0.5")
LOTTERY = "lottery"
SLOT_BOUNDS = {"minutes": (5, 240), "pause": (0, 240), "seats": (1, 50)}
"""How long a moment to present may last, how much later the next may begin, and for how many it may be."""
IN_ORDER = {Method.PASS_FAIL, Method.FIRST_COME}
"""Methods that can decide on one application at a time, in order of receipt."""


def check(stage: Stage, path: str, report: Report) -> None:
    """Note what is wrong with the judging of a stage."""
    _assess(stage, path, report)
    _meeting(stage, path, report)
    _pitch(stage, path, report)
    if stage.rubric is not None:
        _rubric(stage.rubric, within(path, "rubric"), report)
    _practice(stage, path, report)
    _quorum(stage.quorum, within(path, "quorum"), report)
    _method(stage, path, report)
    _numbers(stage, within(path, "selection"), report)
    _tie_break(stage, path, report)
    _reserve(stage, within(path, "selection.reserve"), report)
    _cutoff(stage, path, report)


def _assess(stage: Stage, path: str, report: Report) -> None:
    rubric, assess, count = within(path, "rubric"), within(path, "assess"), within(path, "assessors")
    if stage.assess is Assess.NONE and stage.rubric is not None:
        report.add(rubric, "is there, but nobody assesses this stage", [assess])
    if stage.assess is not Assess.NONE and stage.rubric is None:
        report.add(rubric, f"is missing: {stage.assess} needs something to score on", [assess])
    if stage.assess is Assess.NONE and stage.assessors:
        report.add(count, "must be 0: nobody assesses this stage", [assess])
    if stage.assess is Assess.ASSESSORS and not stage.assessors:
        report.add(count, "must be 1 or more: without a panel somebody must be named", [assess])


def _meeting(stage: Stage, path: str, report: Report) -> None:
    if stage.meeting and stage.assess is not Assess.JURY:
        report.add(within(path, "meeting"), "is a sitting of a panel, so assess must be jury", [within(path, "assess")])
    if stage.selection.meeting_fixes is not None and not stage.meeting:
        said = "needs meeting = true: without a meeting nobody fixes the number"
        report.add(within(path, "selection.meeting_fixes"), said, [within(path, "meeting")])


def _pitch(stage: Stage, path: str, report: Report) -> None:
    pitch, slots, here = within(path, "pitch"), stage.pitch_slots, within(path, "pitch_slots")
    if stage.assess is Assess.NONE and stage.pitch:
        report.add(pitch, "needs assessors to pitch to", [within(path, "assess")])
    if not stage.pitch and slots != PitchSlots():
        report.add(here, "is there, but nobody presents: set pitch = true", [pitch])
    for name, (least, most) in SLOT_BOUNDS.items():
        if not least <= getattr(slots, name) <= most:
            report.add(within(here, name), f"must be from {least} to {most}")


def _rubric(rubric: Rubric, path: str, report: Report) -> None:
    scale = [within(path, name) for name in ("minimum", "maximum", "step")]
    if rubric.minimum >= rubric.maximum:
        report.add(scale[0], f"must be below the maximum of {rubric.maximum}", scale)
    elif rubric.step <= 0 or (rubric.maximum - rubric.minimum) % rubric.step:
        report.add(scale[2], f"must be above 0 and go evenly from {rubric.minimum} to {rubric.maximum}", scale)
    else:
        _anchors(rubric, within(path, "anchors"), report)
    _criteria(rubric, within(path, "criteria"), report)


def _anchors(rubric: Rubric, path: str, report: Report) -> None:
    marks = [anchor.mark for anchor in rubric.anchors]
    for index, mark in enumerate(marks):
        at = within(f"{path}[{index}]", "mark")
        if not rubric.has(mark):
            report.add(at, f"{mark} is not a mark that can be given")
        if mark in marks[:index]:
            report.add(at, f"{mark} is explained twice; the first is {path}[{marks.index(mark)}]")


def _criteria(rubric: Rubric, path: str, report: Report) -> None:
    if not rubric.criteria:
        report.add(path, "is empty: a rubric needs a criterion")
        return
    paths = labels(path, [criterion.key for criterion in rubric.criteria])
    for criterion, at in zip(rubric.criteria, paths, strict=True):
        _criterion(criterion, at, report)
    total = sum(criterion.weight for criterion in rubric.criteria)
    if total != 1:
        weights = [within(at, "weight") for at in paths]
        report.add(path, f"the weights add up to {total}; they must add up to 1", weights)


def _criterion(criterion: Criterion, path: str, report: Report) -> None:
    if criterion.weight <= 0:
        report.add(within(path, "weight"), "must be above 0")
    _floor(criterion.floor, within(path, "floor"), report)
    if not criterion.questions:
        report.add(within(path, "questions"), "is empty: a criterion needs a question to answer")
    if criterion.key == LOTTERY:
        report.add(within(path, "key"), f"“{LOTTERY}” is the word for the draw in tie_break; use another key")


def _floor(floor: Decimal | None, path: str, report: Report) -> None:
    if floor is not None and not 0 <= floor <= SCALE:
        report.add(path, f"must be from 0 to {SCALE}, whatever the scale of the marks")


def _practice(stage: Stage, path: str, report: Report) -> None:
    here, rubric = within(path, "practice"), within(path, "rubric")
    if stage.practice and stage.assess is not Assess.JURY:
        report.add(here, "is for a panel to try its marks on, so assess must be jury", [within(path, "assess")])
    if stage.rubric is None or stage.rubric.minimum >= stage.rubric.maximum or stage.rubric.step <= 0:
        return
    for practice, at in zip(stage.practice, labels(here, [each.key for each in stage.practice]), strict=True):
        if not practice.sections:
            report.add(within(at, "sections"), "is empty: there must be something to read")
        _answers(practice, stage.rubric, within(at, "anchors"), rubric, report)


def _answers(practice: Practice, rubric: Rubric, path: str, of: str, report: Report) -> None:
    """Every question has its mark, and only questions that there are."""
    for index, anchor in enumerate(practice.anchors):
        if anchor.question not in rubric.questions:
            said = f"“{anchor.question}” is not a question of the rubric: name it as criterion.question"
            report.add(within(f"{path}[{index}]", "question"), said, [within(of, "criteria")])
        if not rubric.has(anchor.mark):
            report.add(within(f"{path}[{index}]", "mark"), f"{anchor.mark} is not a mark that can be given", [of])
    if missing := [name for name in rubric.questions if name not in {anchor.question for anchor in practice.anchors}]:
        report.add(path, f"says nothing on {', '.join(missing)}: each question needs the mark that it deserves, and why", [of])


def _quorum(quorum: Quorum, path: str, report: Report) -> None:
    if quorum.sheets < 1:
        report.add(within(path, "sheets"), "must be 1 or more")
    if not 0 <= quorum.share <= 1:
        report.add(within(path, "share"), "must be from 0 to 1")
    if not 0 <= quorum.present <= 1:
        report.add(within(path, "present"), "must be from 0 to 1")


def _method(stage: Stage, path: str, report: Report) -> None:
    at, method = within(path, "selection.method"), stage.selection.method
    assess, intake = within(path, "assess"), within(path, "intake")
    if method is Method.CARRIED_OVER and stage.assess is not Assess.NONE:
        report.add(at, "carried_over keeps an earlier order, so assess must be none", [assess])
    if method in {Method.PASS_FAIL, *set(Method) - UNSCORED} and stage.rubric is None:
        report.add(at, f"{method} needs a rubric", [within(path, "rubric"), assess])
    if method is Method.FIRST_COME and stage.intake is not Intake.CONTINUOUS:
        report.add(at, "first_come goes in order of receipt, so intake must be continuous", [intake])
    elif stage.intake is Intake.CONTINUOUS and method not in IN_ORDER:
        report.add(at, f"{method} ranks a whole round; a continuous intake needs pass_fail or first_come", [intake])


def _numbers(stage: Stage, path: str, report: Report) -> None:
    rule, method = stage.selection, [within(path, "method")]
    _floor(rule.floor, within(path, "floor"), report)
    for name in ("floor", "aim", "most", "meeting_fixes"):
        if rule.method in UNSCORED and getattr(rule, name) is not None:
            report.add(within(path, name), f"says nothing with {rule.method}; leave it out", method)
    _passes(stage, path, report)
    _trim(rule, within(path, "trim"), report)
    _aim(rule, path, report)
    if rule.meeting_fixes is not None:
        low, high = rule.meeting_fixes
        if not 1 <= low <= high:
            report.add(within(path, "meeting_fixes"), "must be two numbers from low to high, the lowest 1 or more")
        if rule.aim is not None:
            report.add(within(path, "meeting_fixes"), "the meeting fixes the number, so leave out aim and most")


def _passes(stage: Stage, path: str, report: Report) -> None:
    rule, at = stage.selection, within(path, "passes_needed")
    if rule.method is not Method.PASS_FAIL:
        if rule.passes_needed is not None:
            report.add(at, "is only for pass_fail", [within(path, "method")])
        return
    if not rule.passes_needed:
        said = "is missing: pass_fail needs the number of assessors who must say pass"
        report.add(at, said, [within(path, "method")])
    elif 0 < stage.assessors < rule.passes_needed:
        report.add(at, f"is more than the {stage.assessors} who assess", [path.replace("selection", "assessors")])
    if stage.rubric is not None and stage.rubric.maximum - stage.rubric.minimum != stage.rubric.step:
        said = "pass_fail knows two marks: step must be maximum less minimum, as with 0, 1 and 1"
        rubric = path.removesuffix("selection") + "rubric"
        report.add(rubric, said, [within(rubric, name) for name in ("minimum", "maximum", "step")])


def _trim(rule: Selection, path: str, report: Report) -> None:
    if rule.method is not Method.TRIMMED_MEAN:
        if rule.trim is not None:
            report.add(path, "is only for trimmed_mean", [path.replace("trim", "method")])
    elif rule.trim is None:
        said = "is missing: trimmed_mean needs the share of jurors left out at each end, as 0.2"
        report.add(path, said, [path.replace("trim", "method")])
    elif not 0 < rule.trim < HALF:
        report.add(path, "must be above 0 and under 0.5, or nobody would be left")


def _aim(rule: Selection, path: str, report: Report) -> None:
    aim, most = within(path, "aim"), within(path, "most")
    if rule.aim is not None and rule.most is None:
        report.add(most, "is missing: aim needs the most that ties may make of it", [aim])
    elif rule.aim is None and rule.most is not None:
        report.add(aim, "is missing: most needs an aim", [most])
    elif rule.aim is not None and rule.most is not None and rule.most < rule.aim:
        report.add(most, f"must be {rule.aim}, the aim, or more", [aim])
    if rule.aim == 0:
        report.add(aim, "must be 1 or more")


def _tie_break(stage: Stage, path: str, report: Report) -> None:
    order, at = stage.selection.tie_break, within(path, "selection.tie_break")
    if not order or order[-1] != LOTTERY:
        report.add(at, f"must end with “{LOTTERY}”, or a tie could stay", [at])
    known = {criterion.key for criterion in stage.rubric.criteria} if stage.rubric else set()
    rubric = within(path, "rubric")
    for index, key in enumerate(order):
        if key in order[:index]:
            report.add(f"{at}[{index}]", f"“{key}” is named twice")
        elif key == LOTTERY and index != len(order) - 1:
            report.add(f"{at}[{index}]", f"“{LOTTERY}” decides everything, so it comes last")
        elif key not in known and key != LOTTERY:
            report.add(f"{at}[{index}]", f"“{key}” is not a criterion of this stage", [within(rubric, "criteria")])


def _reserve(stage: Stage, path: str, report: Report) -> None:
    reserve = stage.selection.reserve
    if reserve is None:
        return
    for name in ("places", "weeks"):
        if getattr(reserve, name) < 1:
            report.add(within(path, name), "must be 1 or more")
    if stage.intake is Intake.CONTINUOUS:
        said = "a continuous intake has no reserve list: who waits for money stays in the queue"
        report.add(path, said, [path.replace("selection.reserve", "intake")])


def _cutoff(stage: Stage, path: str, report: Report) -> None:
    if stage.grant.amount is Amount.FLAT and stage.selection.cutoff in {Cutoff.PARTIAL, Cutoff.PRO_RATA}:
        said = f"{stage.selection.cutoff} would cut a flat amount; say stop or skip_to_fit"
        report.add(within(path, "selection.cutoff"), said, [within(path, "grant.amount")])
    elif stage.intake is Intake.CONTINUOUS and stage.selection.cutoff in {Cutoff.SKIP_TO_FIT, Cutoff.PRO_RATA}:
        said = f"{stage.selection.cutoff} looks at a whole round; in order of receipt say partial or stop"
        report.add(within(path, "selection.cutoff"), said, [within(path, "intake")])
