"""What came of a round, as the public may know it: from the moment it is published, and without natural persons (Woo 3.3).

Of those only the number is told, and what they got together; of few not even that, nor any total from which it could be reckoned.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from tender.enums import AFTER_AWARD, GIVES, LEGAL_PERSONS, DecisionKind, StageState
from tender.models import Decision
from tender.queries import IN_FORCE, all_year

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from tender.models import Call, Stage

FEW = 3
"""Of fewer natural persons than this no amount is told: one of two would know the other's."""
MADE_KNOWN = (StageState.PUBLISHED, StageState.FINISHED)
NAMED = Q(application__organisation__legal_form__in=LEGAL_PERSONS)


@dataclass(frozen=True, slots=True)
class Selected:
    """One published selection of a legal person."""

    title: str
    party: str
    summary: str
    theme: str
    amount: Decimal


@dataclass(slots=True)
class Outcome:
    """What was selected: legal persons by name, natural persons by number; amounts in euros."""

    named: list[Selected] = field(default_factory=list)
    persons: int = 0
    persons_sum: Decimal = Decimal(0)
    by_stage: dict[int, tuple[int, Decimal, bool]] = field(default_factory=dict)
    """Natural persons per stage: how many, what they got, and whether more may still come."""

    @property
    def many(self) -> int:
        """How many were selected."""
        return len(self.named) + self.persons

    @property
    def hidden(self) -> bool:
        """Whether a sum would tell what one natural person got: at some stage there are few, or one after the other is made known, so that
        the sum of today less that of yesterday is somebody's grant."""
        return any(amount and (many < FEW or runs) for many, amount, runs in self.by_stage.values())

    @property
    def persons_amount(self) -> Decimal | None:
        """What the natural persons got together; None where that would tell what one got."""
        return None if self.hidden else self.persons_sum

    @property
    def amount(self) -> Decimal | None:
        """What was given together; None where a natural person's part could be reckoned from it."""
        return None if self.hidden else sum((each.amount for each in self.named), self.persons_sum)

    def add(self, decision: Decision) -> None:
        """Take one published selection in."""
        dossier = decision.application
        if dossier.organisation is None or not dossier.organisation.may_be_named:
            many, amount, _runs = self.by_stage.get(decision.stage_id, (0, Decimal(0), False))
            self.by_stage[decision.stage_id] = (many + 1, amount + decision.amount, decision.stage.state not in MADE_KNOWN)
            self.persons += 1
            self.persons_sum += decision.amount
            return
        themes = {option.value: str(option.label) for option in decision.stage.call.definition.themes}
        theme = themes.get(dossier.theme, "")
        self.named.append(Selected(dossier.title, dossier.organisation.name, dossier.summary, theme, decision.amount))


def is_known(stage: Stage) -> bool:
    """Whether a stage's results may be told: a round's once it is published as a whole, where it is open all year one by one."""
    return stage.state in MADE_KNOWN or all_year(stage)


def published(kinds: Iterable[str] = GIVES) -> QuerySet[Decision]:
    """The decisions of these kinds that are published and in force, by reference."""
    rows = Decision.objects.filter(kind__in=list(kinds), state__in=IN_FORCE, published_at__isnull=False)
    return rows.select_related("application__organisation", "stage__call__version").order_by("application__reference", "pk")


def results(call: Call) -> dict[int, Outcome]:
    """What was selected per stage of a call, once that may be told."""
    found: dict[int, Outcome] = {}
    for decision in published().filter(stage__call=call):
        if is_known(decision.stage):
            found.setdefault(decision.stage_id, Outcome()).add(decision)
    return found


def showcase() -> list[tuple[Call, Outcome]]:
    """What was awarded and published, per call, the newest first."""
    found: dict[Call, Outcome] = {}
    rows = published([DecisionKind.AWARD]).order_by("-stage__call__year", "stage__call__reference", "application__reference", "pk")
    for decision in rows:
        if is_known(decision.stage):
            found.setdefault(decision.stage.call, Outcome()).add(decision)
    return list(found.items())


@dataclass(frozen=True, slots=True)
class Given:
    """What came of a call in grants of its own: how many, and how much together; None for a sum that may not be told."""

    many: int
    amount: Decimal | None


def awarded(calls: list[Call]) -> dict[int, Given]:
    """What was awarded per call, once published, in one query; a call without is left out."""
    chosen = Decision.objects.filter(stage__call__in=calls, kind=DecisionKind.AWARD, state__in=IN_FORCE, published_at__isnull=False)
    rows = chosen.values("stage__call_id", "stage_id", "stage__state").annotate(
        many=Count("pk"), amount=Sum("amount"), named=Count("pk", filter=NAMED)
    )
    found: dict[int, Given] = {}
    for row in rows.order_by():
        persons = row["many"] - row["named"]
        tells = bool(persons) and (persons < FEW or row["stage__state"] not in MADE_KNOWN)
        before = found.get(row["stage__call_id"], Given(0, Decimal(0)))
        amount = None if tells or before.amount is None else before.amount + row["amount"]
        found[row["stage__call_id"]] = Given(before.many + row["many"], amount)
    return found


def refused(call: Call) -> dict[int, int]:
    """How many were turned down per stage of a call, once published; nobody is named, whatever the ground."""
    against = [kind for kind in DecisionKind.values if kind not in {*GIVES, *AFTER_AWARD}]
    return dict(Counter(decision.stage_id for decision in published(against).filter(stage__call=call) if is_known(decision.stage)))
