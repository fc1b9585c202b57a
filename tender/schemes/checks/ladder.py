"""The stages together: their order, windows and shares of the ceiling, and the scheme's own members."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tender.schemes.checks.forms import placed_fields
from tender.schemes.definition import Amount, Intake, Method
from tender.schemes.faults import labels, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tender.schemes.definition import FieldKind, Scheme, Stage
    from tender.schemes.faults import Report

PREFIX = re.compile(r"[A-Z]{2,4}")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def check(scheme: Scheme, report: Report) -> None:
    """Note what is wrong between the stages of a scheme."""
    if not PREFIX.fullmatch(scheme.prefix):
        report.add("prefix", "must be two to four capital letters: it opens every reference number")
    if not EMAIL.fullmatch(scheme.body.email):
        report.add("body.email", "is not an e-mail address")
    if not scheme.stages:
        report.add("stages", "is empty: a scheme needs a stage")
        return
    paths = labels("stages", [stage.key for stage in scheme.stages])
    _order(scheme.stages, paths, report)
    _windows(scheme.stages, paths, report)
    _ceilings(scheme.stages, paths, report)
    _same_questions(scheme.stages, paths, report)
    _carried_over(scheme.stages, paths, report)


def _carried_over(stages: Sequence[Stage], paths: Sequence[str], report: Report) -> None:
    for index, (stage, path) in enumerate(zip(stages, paths, strict=True)):
        at = within(path, "selection.method")
        if stage.selection.method is not Method.CARRIED_OVER:
            continue
        if not index:
            report.add(at, "carried_over needs an earlier stage, and this is the first")
        elif stages[index - 1].intake is Intake.CONTINUOUS:
            before = paths[index - 1]
            report.add(at, f"carried_over needs an order, and {before} makes none: its intake is continuous", [within(before, "intake")])


def _order(stages: Sequence[Stage], paths: Sequence[str], report: Report) -> None:
    for index, (stage, path) in enumerate(zip(stages, paths, strict=True)):
        if stage.then is not None:
            _then(index, stages, within(path, "then"), report)
        if index and stage.key and stage.key not in _reached(stages):
            said = "is never reached: no way leads here from the first stage by then"
            report.add(within(path, "key"), said, [within(each, "then") for each in paths])


def _then(index: int, stages: Sequence[Stage], path: str, report: Report) -> None:
    keys, then = [stage.key for stage in stages], stages[index].then or ""
    about = ["stages"] if "" in keys else []
    if then not in keys:
        report.add(path, f"“{then}” is not a stage of this scheme", about)
    elif (loop := _loop(index, stages)) is not None:
        report.add(path, f"makes a loop: {' → '.join(loop)}")
    elif then in keys[: index + 1]:
        report.add(path, f"“{then}” stands before this stage; the order of the stages is the order of the ladder")
    elif index + 1 < len(keys) and then != keys[index + 1]:
        report.add(path, f"skips a stage: “{keys[index + 1]}” comes next", about)


def _loop(index: int, stages: Sequence[Stage]) -> list[str] | None:
    leads = {stage.key: stage.then for stage in stages if stage.then is not None}
    way = [stages[index].key]
    while (onward := leads.get(way[-1])) is not None and onward not in way:
        way.append(onward)
    return [*way, way[0]] if onward == way[0] else None


def _reached(stages: Sequence[Stage]) -> set[str]:
    leads = {stage.key: stage.then for stage in stages if stage.then is not None}
    seen: set[str] = set()
    key: str | None = stages[0].key
    while key is not None and key not in seen:
        seen.add(key)
        key = leads.get(key)
    return seen


def _windows(stages: Sequence[Stage], paths: Sequence[str], report: Report) -> None:
    closed, closed_by = -1, ""
    for stage, path in zip(stages, paths, strict=True):
        at = within(path, "window")
        if stage.window is None or stage.intake is Intake.CONTINUOUS:
            _no_window(stage, path, report)
            continue
        if stage.window.closes_day <= stage.window.opens_day:
            report.add(within(at, "closes_day"), f"must be after opens_day, {stage.window.opens_day}", [at])
        elif stage.window.opens_day < closed:
            said = f"overlaps: {closed_by} closes on day {closed}"
            report.add(within(at, "opens_day"), said, [at, within(closed_by, "window")])
        closed, closed_by = max((closed, closed_by), (stage.window.closes_day, path))


def _no_window(stage: Stage, path: str, report: Report) -> None:
    at, about = within(path, "window"), [within(path, "intake")]
    if stage.window is not None:
        report.add(at, "is there, but the intake is continuous", about)
    elif stage.intake is Intake.WINDOW:
        report.add(at, "is missing: intake = window needs it", about)


def _ceilings(stages: Sequence[Stage], paths: Sequence[str], report: Report) -> None:
    shares = [within(path, "ceiling_share") for path in paths]
    for stage, path, at in zip(stages, paths, shares, strict=True):
        about = [within(path, "grant.amount")]
        if stage.grant.amount is Amount.NONE and stage.ceiling_share is not None:
            report.add(at, "is there, but the stage gives no money", about)
        elif stage.grant.amount is not Amount.NONE and stage.ceiling_share is None:
            report.add(at, "is missing: a stage that gives money needs its share of the ceiling", about)
        elif stage.ceiling_share is not None and not 0 < stage.ceiling_share <= 1:
            report.add(at, "must be above 0 and at most 1")
    total = sum(stage.ceiling_share or 0 for stage in stages if stage.grant.amount is not Amount.NONE)
    if total > 1:
        report.add("stages", f"the ceiling shares add up to {total}; at most 1 can be divided", shares)


def _same_questions(stages: Sequence[Stage], paths: Sequence[str], report: Report) -> None:
    first: dict[str, tuple[FieldKind, str]] = {}
    for stage, path in zip(stages, paths, strict=True):
        for field, at in placed_fields(stage.form, within(path, "form")):
            kind, where = first.setdefault(field.key, (field.kind, at))
            if field.key and kind is not field.kind and not where.startswith(f"{path}."):
                said = f"is {field.kind}, but {where} is {kind}; an answer is carried on, so it must keep its kind"
                report.add(within(at, "kind"), said, [within(where, "kind")])
