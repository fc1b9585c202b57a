"""Freeze a ranking: read what went in, rank and select by the scheme's rule, write it down once."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from scoring.models import Mark, Placing, Ranking, Scoresheet
from scoring.queries import in_round
from scoring.ranking import METHODS, ordered, probability_in_top, shown
from scoring.selection import Money, select
from scoring.sheets import material
from tender.calendar import amsterdam_day
from tender.canonical import digest, plain
from tender.enums import ApplicationState
from tender.models import Application
from tender.schemes.definition import Amount, Method
from tender.schemes.vocabulary import BESIDE_TOTAL

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from scoring.methods import Material, Unfit
    from scoring.outcome import Outcome, Place
    from scoring.ranking import Ranked
    from tender.models import Stage
    from tender.schemes import definition
    from tender.step import Facts

NO_MONEY = Decimal("0.00")


def freeze_ranking(stage: Stage, *, at: datetime, event_id: UUID, reason: str = "") -> Facts:
    """Write the next version of the stage's ranking, with a line per application.

    Returns the whole of it, for the sealing event.
    """
    version = stage.rankings.count() + 1
    inputs = gather(stage, again=version > 1)
    if stage.published_at is not None:
        inputs = as_it_stood(stage, inputs)
    found = compute(stage, inputs)
    ranking = Ranking.objects.create(
        stage=stage, version=version, method=stage.rules.selection.method, at=at, inputs=inputs, inputs_sha256=digest(inputs),
        seed=stage.lottery_seed, cut=plain_cut(found), reason=reason, event_id=event_id,
    )  # fmt: skip
    cases = {case.reference: case for case in Application.objects.filter(call=stage.call_id, reference__in=inputs["references"])}
    named = {row.reference: row for row in found.rows}
    placings = Placing.objects.bulk_create(
        placing(ranking, cases[place.reference], named[place.reference], place, order, found)
        for order, place in enumerate(found.outcome.places, start=1)
    )
    lines = [[p.application.reference, p.rank, p.total, p.outcome, p.amount] for p in placings]
    return {"version": version, "inputs_sha256": ranking.inputs_sha256, "seed": ranking.seed, "cut": ranking.cut, "placings": lines}


def gather(stage: Stage, *, again: bool) -> dict[str, Any]:
    """Everything the method looks at, as plain data: references, marks, amounts, days of receipt, earlier order, ceiling, number."""
    cases = list(judged(stage, again=again))
    names = {case.pk: case.reference for case in cases}
    marks = Mark.objects.filter(sheet__in=Scoresheet.objects.done().filter(stage=stage, application__in=cases))
    rows = marks.order_by("sheet__application__reference", "sheet__juror_id", "question").values_list(
        "sheet__application_id", "sheet__juror_id", "question", "value"
    )
    received = {case.reference: amsterdam_day(case.completed_at) for case in cases if case.completed_at}
    return plain({  # type: ignore[no-any-return]
        "references": sorted(names.values()),
        "marks": [[names[case], f"juror-{juror}", question, value] for case, juror, question, value in rows],
        "amounts": {case.reference: asked(case, stage) for case in cases},
        "received": received,
        "earlier": earlier_order(stage, names),
        "ceiling": stage.ceiling if stage.rules.grant.amount != Amount.NONE else None,
        "number": stage.number_to_select,
        "seed": stage.lottery_seed,
        "scheme": stage.call.version.sha256,
    })  # fmt: skip


def as_it_stood(stage: Stage, inputs: dict[str, Any]) -> dict[str, Any]:
    """What goes into a ranking after publication: the ceiling and the number are those of the first decision (Awb 4:25, third paragraph),
    and so are the amounts, days and earlier order of who was ranked then."""
    first = stage.rankings.earliest("version")
    kept = {name: {**inputs[name], **first.inputs[name]} for name in ("amounts", "received", "earlier")}
    return {**inputs, **kept, "ceiling": first.inputs["ceiling"], "number": first.inputs["number"]}


def judged(stage: Stage, *, again: bool) -> QuerySet[Application]:
    """The applications of the round; when it is ranked again, those that were ranked before and are still in it. Once it was published:
    everybody who was ranked, whatever was decided since, and who was brought back to it."""
    if again and stage.published_at is not None:
        before = stage.rankings.latest().placings.values("application")
        gone = [ApplicationState.WITHDRAWN, ApplicationState.CANCELLED]
        return Application.objects.filter(Q(pk__in=before) | Q(stage=stage, state=ApplicationState.RANKED)).exclude(state__in=gone)
    return stage.applications.filter(state=ApplicationState.RANKED) if again else in_round(stage)


def asked(case: Application, stage: Stage) -> Decimal:
    """What a selection costs: the flat sum, or what was asked."""
    terms = stage.rules.grant
    return (terms.flat if terms.amount == Amount.FLAT else case.amount_asked) or NO_MONEY


def earlier_order(stage: Stage, names: dict[int, str]) -> dict[str, int]:
    """The places in the order of the stage before, for the method that carries it over."""
    if stage.previous is None or stage.rules.selection.method != Method.CARRIED_OVER:
        return {}
    before = stage.previous.rankings.latest()
    return {names[case]: order for case, order in before.placings.values_list("application_id", "order") if case in names}


@dataclass(frozen=True, slots=True)
class Selected:
    """The material of a round, the order that the method makes of it, the selection, and whether the method fitted."""

    material: Material
    rows: tuple[Ranked, ...]
    outcome: Outcome
    unfit: Unfit | None


@dataclass(frozen=True, slots=True)
class Computed:
    """What follows from the inputs: the order, the selection, P(rank <= number selected) by reference, and whether the method fitted."""

    rows: tuple[Ranked, ...]
    outcome: Outcome
    chances: dict[str, float]
    unfit: Unfit | None


def material_of(rules: definition.Stage, inputs: dict[str, Any]) -> Material:
    """What a method looks at, out of the plain record of it."""
    from datetime import date

    return material(
        inputs["references"],
        rules.rubric,
        [(ref, juror, question, None if value is None else Decimal(value)) for ref, juror, question, value in inputs["marks"]],
        rule=rules.selection,
        received={ref: date.fromisoformat(day) for ref, day in inputs["received"].items()},
        earlier=inputs["earlier"],
    )


def selected(rules: definition.Stage, inputs: dict[str, Any]) -> Selected:
    """The order and the selection that follow from ``inputs`` under these rules."""
    stuff, seed = material_of(rules, inputs), inputs["seed"].encode()
    scores = METHODS[rules.selection.method](stuff)
    rows = ordered(stuff, scores, tie_break=rules.selection.tie_break, seed=seed)
    ceiling = None if inputs["ceiling"] is None else Decimal(inputs["ceiling"])
    money = Money({ref: Decimal(sum_) for ref, sum_ in inputs["amounts"].items()}, ceiling, flat=rules.grant.amount == Amount.FLAT)
    outcome = select(rows, rules.selection, rules.rubric, money=money, number=inputs["number"], seed=seed)
    return Selected(stuff, rows, outcome, scores.unfit)


def compute(stage: Stage, inputs: dict[str, Any]) -> Computed:
    """The order and the selection that follow from ``inputs``: the same each time, also years later from the frozen record."""
    rules = stage.rules
    found = selected(rules, inputs)
    chances: dict[str, float] = {}
    if rules.rubric is not None and inputs["marks"]:
        chances = probability_in_top(found.material, max(1, found.outcome.cut.selected))
    return Computed(found.rows, found.outcome, chances, found.unfit)


def plain_cut(found: Computed) -> dict[str, Any]:
    """The line, the draws, and why the method could not be used, for the record."""
    outcome = found.outcome
    cut = {key: shown(value, 4) if key == "line" else value for key, value in asdict(outcome.cut).items()}
    return plain({**cut, "tie": str(outcome.cut.tie), "draws": [asdict(draw) for draw in outcome.draws], "unfit": found.unfit})  # type: ignore[no-any-return]


def placing(ranking: Ranking, case: Application, row: Ranked, place: Place, order: int, found: Computed) -> Placing:
    """One line of the record, with the figures a letter will need."""
    cut, chance = found.outcome.cut, found.chances.get(place.reference)
    by_total = ranking.method not in BESIDE_TOTAL or found.unfit is not None
    facts = {
        "score": shown(row.total) if by_total else None,
        "merit": None if row.merit is None else shown(row.merit[0], 4),
        "rank": row.rank,
        "ranked": cut.ranked,
        "ceiling_rank": cut.ceiling_rank,
        "line": shown(cut.line) if by_total else None,
        "partial": place.partial,
        "ground": str(place.ground or ""),
        "reserve_place": place.reserve,
        "shortfalls": [[lack.floor, shown(lack.value), lack.required] for lack in place.shortfalls],
        "tied_with": list(row.tied_with),
    }
    return Placing(
        ranking=ranking, application=case, order=order, rank=row.rank, total=shown(row.total, 4),
        criteria=plain({key: shown(value) for key, value in row.criteria.items()}), sheets=row.sheets, spread=row.spread,
        chance=None if chance is None or math.isnan(chance) else chance,
        outcome=str(place.standing), amount=place.granted, facts=plain(facts),
    )  # fmt: skip


def recomputes(ranking: Ranking) -> bool:
    """Whether a frozen ranking, computed again from its own inputs, gives itself."""
    found = compute(ranking.stage, ranking.inputs)
    again = [(place.reference, str(place.standing), place.granted) for place in found.outcome.places]
    stored = ranking.placings.order_by("order").values_list("application__reference", "outcome", "amount")
    return digest(ranking.inputs) == ranking.inputs_sha256 and again == list(stored) and plain_cut(found) == ranking.cut
