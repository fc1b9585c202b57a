"""Which calls somebody looks for: by words, by the facets of their schemes, and by whether one can apply."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.utils.translation import get_language

from tender.models import SchemeVersion, Stage
from tender.queries import DECIDED, OPEN, PAST, RUNNING, SOON, public_calls
from tender.schemes.facets import Who, facets_of, folded, words_here

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from decimal import Decimal

    from django.db.models import QuerySet

    from tender.models import Call
    from tender.schemes.facets import Facets

ORDER = (OPEN, SOON, RUNNING, PAST)
CLOSED = "closed"
WHEN = {OPEN: (OPEN,), SOON: (SOON,), CLOSED: (RUNNING, PAST)}
"""What a reader calls it, and in which phases a call then is."""
MOST_WORDS = 8
"""More words than this are not looked at: each costs a part of the query."""


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for; empty where they do not care."""

    q: str = ""
    theme: str = ""
    province: str = ""
    who: str = ""
    amount: Decimal | None = None
    when: str = ""

    @property
    def said(self) -> dict[str, object]:
        """What was said, by name."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name)) not in ("", None)}


def public_versions() -> list[SchemeVersion]:
    """The versions that some call of the public is pinned to, the newest first."""
    used = Stage.objects.public().values("call__version")
    return list(SchemeVersion.objects.filter(pk__in=used).order_by("-published_at", "-pk"))


def found_calls(search: Search, versions: Iterable[SchemeVersion], at: datetime) -> QuerySet[Any]:
    """The calls that fit, by phase, each with its ``phase``; what can be applied for comes first."""
    versions = list(versions)
    found = with_phase(public_calls(), at)
    if {"theme", "province", "who", "amount"} & set(search.said):
        found = found.filter(version__in=[each.pk for each in versions if fits(facets_of(each.sha256, each.source), search)])
    if search.when:
        found = found.filter(phase__in=[ORDER.index(phase) for phase in WHEN[search.when]])
    for word in dict.fromkeys(folded(search.q).split()[:MOST_WORDS]):
        found = found.filter(named(search.q, word) | Q(version__in=[each.pk for each in versions if word in told(each)]))
    return found.order_by("phase", "-year", "reference")


def named(typed: str, word: str) -> Q:
    """Calls whose own title or reference has this word, as it was typed or folded."""
    title = "title_en" if (get_language() or "nl").startswith("en") else "title_nl"
    forms = {word, *(each for each in typed.split() if folded(each) == word)}
    looked = Q(pk__in=[])
    for form in forms:
        looked |= Q(**{f"{title}__icontains": form}) | Q(reference__icontains=form)
    return looked


def told(version: SchemeVersion) -> str:
    """What a version says of itself, folded, in the reader's language."""
    return words_here(version.sha256, version.source)


def fits(known: Facets, search: Search) -> bool:
    """Whether a scheme with these facets is one that is looked for."""
    if search.theme and known.themes and search.theme not in {option.value for option in known.themes}:
        return False
    if search.province and known.provinces and search.province not in {option.value for option in known.provinces}:
        return False
    if search.who and Who(search.who) not in known.who:
        return False
    if search.amount is None:
        return True
    return known.least <= search.amount and (known.most is None or search.amount <= known.most)


def with_phase(calls: QuerySet[Call], at: datetime) -> QuerySet[Any]:
    """Each call with the place of its phase in `ORDER`: what `queries.phase` says, where the database can sort by it."""
    stages = Stage.objects.public().filter(call=OuterRef("pk"))
    first = stages.order_by("number")
    opens, closes, paused = (Subquery(first.values(name)[:1]) for name in ("opens_at", "closes_at", "paused_at"))
    taking = (Q(first_closes=None) | Q(first_closes__gt=at)) & (Q(first_paused=None) | Q(first_paused__gt=at))
    going_on = Exists(stages.exclude(state__in=DECIDED))
    return calls.annotate(first_opens=opens, first_closes=closes, first_paused=paused, going_on=going_on).annotate(
        phase=Case(
            When(first_opens__gt=at, then=Value(ORDER.index(SOON))),
            When(taking, then=Value(ORDER.index(OPEN))),
            When(going_on=True, then=Value(ORDER.index(RUNNING))),
            default=Value(ORDER.index(PAST)),
        )
    )


def to_apply_for(at: datetime) -> QuerySet[Any]:
    """The calls that are open or open soon, the open ones first."""
    return with_phase(public_calls(), at).filter(phase__in=[ORDER.index(OPEN), ORDER.index(SOON)]).order_by("phase", "-year", "reference")
