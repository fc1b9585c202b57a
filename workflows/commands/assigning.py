"""Who scores what in a round: proposed by the scheme's number and the declarations, then assigned sheet by sheet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from scoring.assignment import Infeasible, Preference
from scoring.assignment import assign as spread
from scoring.models import Conflict, Scoresheet, Seating
from scoring.queries import in_round
from tender.calendar import amsterdam_day
from tender.canonical import digest
from tender.enums import ConflictState, Role, SheetState
from tender.models import Stage, User, people_with
from tender.schemes.definition import Assess
from workflows.commands.door import Refused, create
from workflows.commands.wishes import NETWORK, THEME, Pair, Wishes, theme_label
from workflows.models import ScoresheetMachine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tender.models import Application

THEME_COUNTS = 0.5
"""How much knowing the theme weighs against having less to read, where both can be had without upsetting the balance."""
BOTH = 2
"""From how many judges of one application on it can have one who knows its theme and one from the networks."""


@dataclass(slots=True)
class Proposal:
    """Who would score what: the people, the cases, who has what already, who has not declared on what, what would be added, what
    stands in the way, what is asked of no one in the panel (``notes``), and which demands are given up (kind, case)."""

    people: list[User] = field(default_factory=list)
    cases: list[Application] = field(default_factory=list)
    standing: set[Pair] = field(default_factory=set)
    clear: set[Pair] = field(default_factory=set)
    silent: set[Pair] = field(default_factory=set)
    taken_back: set[Pair] = field(default_factory=set)
    """What somebody had and does not have any more: given again only where the officer says so."""
    added: set[Pair] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lacking: list[tuple[str, Application]] = field(default_factory=list)
    """The demands that cannot be met, kind and case: the officer may go on without them."""
    waived: set[tuple[str, int]] = field(default_factory=set)

    @property
    def sha256(self) -> str:
        """What a confirmation binds."""
        return digest([sorted([list(pair) for pair in self.added]), sorted([list(one) for one in self.waived])])

    def load(self, user: User) -> int:
        """How many applications this person would score in all."""
        return sum(juror == user.pk for _case, juror in self.standing | self.added)

    def without(self, case: int) -> list[str]:
        """Which demands an application goes without, as the trail has them."""
        return sorted(kind for kind, one in self.waived if one == case)


@dataclass(slots=True)
class Judges:
    """Who may score in a round, by name; which themes each knows, and who comes from a network (both by primary key)."""

    people: list[User]
    themes: dict[int, list[str]] = field(default_factory=dict)
    networked: set[int] = field(default_factory=set)


def propose_assignment(stage: Stage, *, at: datetime, wishes: Wishes | None = None, actor: User | None = None) -> Proposal:
    """An assignment for every case that lacks sheets: free of conflicts, evenly spread, somebody who knows the theme and somebody from
    the creative networks for each. The officer's ``wishes`` hold, and the rest is spread around them. In what ``actor`` has an interest
    is left out."""
    wishes = wishes or Wishes()
    cases = in_round(stage).order_by("reference")
    if actor is not None:
        recused = Conflict.objects.recused(actor)
        cases = cases.exclude(pk__in=recused.values("application"))
    proposal = Proposal(cases=list(cases))
    for case in proposal.cases:
        case.stage = stage  # whose form names the themes
    if stage.rules.assess == Assess.NONE:
        return proposal
    found, free = standing_of(stage, proposal, at=at)
    free -= wishes.bars | (proposal.taken_back - wishes.musts)
    if stage.rules.assessors == 0:
        whole_panel(proposal, free)
    else:
        by_number(proposal, free, stage.rules.assessors, found, wishes)
    return proposal


def standing_of(stage: Stage, proposal: Proposal, *, at: datetime) -> tuple[Judges, set[Pair]]:
    """Note who declared and who has what; returns who may judge, and which pairs are still free to be made."""
    declared = Conflict.objects.filter(application__in=proposal.cases)
    said = list(declared.values_list("application_id", "user_id", "state"))
    proposal.clear = {(case, user) for case, user, state in said if state in {ConflictState.NONE, ConflictState.CLEARED}}
    found = judges(stage, proposal, at=at)
    proposal.people = found.people
    answered = {(case, user) for case, user, state in said if state != ConflictState.ASKED}
    proposal.silent = {(case.pk, user.pk) for case in proposal.cases for user in proposal.people} - answered
    taken = list(Scoresheet.objects.filter(stage=stage, application__in=proposal.cases))
    proposal.standing = {(sheet.application_id, sheet.juror_id) for sheet in taken if sheet.state != SheetState.VOID}
    everybody = {user.pk for user in proposal.people}
    proposal.taken_back = {(sheet.application_id, sheet.juror_id) for sheet in taken} - proposal.standing
    return found, {pair for pair in proposal.clear - proposal.standing if pair[1] in everybody}


def judges(stage: Stage, proposal: Proposal, *, at: datetime) -> Judges:
    """Who may score in this round: the panel without its secretary; else the assessors who declared, with officers and readers where
    these are too few."""
    if stage.rules.assess == Assess.JURY:
        seats = list(Seating.objects.seats(stage, on=amsterdam_day(at)).exclude(part=Role.SECRETARY))
        themes = {seat.user_id: list(seat.themes) for seat in seats}
        return Judges([seat.user for seat in seats], themes, {seat.user_id for seat in seats if seat.network.strip()})
    declared = {user for _case, user in proposal.clear}
    found = list(people_with([Role.ASSESSOR]).filter(pk__in=declared))
    if len(found) < stage.rules.assessors:
        known = {user.pk for user in found}
        found += [user for user in people_with([Role.OFFICER, Role.READER]).filter(pk__in=declared) if user.pk not in known]
    return Judges(found)


def whole_panel(proposal: Proposal, free: set[Pair]) -> None:
    """Everybody without an interest scores everything."""
    proposal.added = free
    covered = {case for case, _user in free | proposal.standing}
    lacking = [case.reference for case in proposal.cases if case.pk not in covered]
    proposal.problems += [_("%(reference)s: nobody has declared to have no interest yet.") % {"reference": name} for name in lacking]


def by_number(proposal: Proposal, free: set[Pair], number: int, found: Judges, wishes: Wishes) -> None:
    """So many sheets per case, all spread at once around those that stand."""
    cases = []
    has, could = Counter(case for case, _user in proposal.standing), Counter(case for case, _user in free)
    for case in proposal.cases:
        have, can = has[case.pk], could[case.pk]
        if have + can < number:
            words = _("%(reference)s: %(can)s without an interest, %(number)s needed.")
            proposal.problems.append(words % {"reference": case.reference, "can": have + can, "number": number})
        elif have < number:
            cases.append(case)
    proposal.problems += wishes.contradictions(proposal.people, cases, free | proposal.standing, number)
    demands = Demands(proposal, cases, found, wishes)
    if number >= BOTH:
        demands.note_all(free | proposal.standing)
    if cases and not proposal.problems:
        fill(demands, free, number)


def fill(demands: Demands, free: set[Pair], number: int) -> None:
    """Add the sheets these cases lack, so that the loads of all sheets together are even."""
    proposal, cases, people, wishes = demands.proposal, demands.cases, demands.proposal.people, demands.wishes
    cells, standing = Grid(cases, people), proposal.standing
    fixed = cells(lambda pair: pair in standing or pair in wishes.musts)
    barred = cells(lambda pair: pair not in free and pair not in standing)
    ours = {user.pk for user in people}
    gone = Counter(case for case, user in standing if user not in ours)
    need = np.maximum(number - np.array([gone[case.pk] for case in cases], dtype=np.int64), 1)
    groups = demands.tables() if number >= BOTH else {}
    try:
        table = spread(barred, need, Preference(better(demands), list(groups.values()), list(groups), fixed))
    except Infeasible as lack:
        words = _("%(reference)s: what you fixed leaves no place for somebody who knows the theme and somebody from a network.")
        proposal.problems.append(words % {"reference": cases[lack.proposal].reference})
        return
    proposal.added |= {(cases[row].pk, people[column].pk) for row, column in zip(*np.nonzero(table), strict=True)} - standing


def better(demands: Demands) -> np.typing.NDArray[np.float64]:
    """How much better each pair is than another: what an officer saw before stays, who knows the theme comes before who does not, who
    has less to read elsewhere in the round before who has more."""
    cells, here = Grid(demands.cases, demands.proposal.people), {case.pk for case in demands.cases}
    elsewhere = Counter(user for case, user in demands.proposal.standing if case not in here)
    most = max(elsewhere.values(), default=0) or 1
    knows = cells.of(lambda case, user: case.theme in demands.found.themes.get(user.pk, []))
    idle = cells.of(lambda _case, user: 1 - elsewhere[user.pk] / most)
    kept = cells.of(lambda case, user: (case.pk, user.pk) in demands.wishes.before)
    return THEME_COUNTS * knows + (1 - THEME_COUNTS) * idle + kept


@dataclass(frozen=True, slots=True)
class Grid:
    """Makes tables of these cases by these people."""

    cases: Sequence[Application]
    people: Sequence[User]

    def __call__(self, rule: Callable[[Pair], bool]) -> np.typing.NDArray[np.bool_]:
        """Where a pair of keys is so."""
        return self.of(lambda case, user: rule((case.pk, user.pk))).astype(np.bool_)

    def of(self, figure: Callable[[Application, User], float]) -> np.typing.NDArray[np.float64]:
        """A figure for each case and person."""
        rows = [[figure(case, user) for user in self.people] for case in self.cases]
        return np.array(rows, dtype=np.float64).reshape(len(self.cases), len(self.people))


@dataclass(slots=True)
class Demands:
    """Who each application must have beside its number: one who knows its theme, one from the creative networks, where the panel has
    such people at all."""

    proposal: Proposal
    cases: Sequence[Application]
    found: Judges
    wishes: Wishes

    def who(self, kind: str, case: Application) -> set[int]:
        """Who of the panel would do."""
        if kind == NETWORK:
            return self.found.networked
        return {user for user, themes in self.found.themes.items() if case.theme and case.theme in themes}

    def note_all(self, can: set[Pair]) -> None:
        """Say which demands nobody in the panel can meet, and which nobody without an interest; keep those the officer gives up."""
        able: dict[int, set[int]] = {}
        for pk, user in can:
            able.setdefault(pk, set()).add(user)
        for case in self.cases:
            for kind in (THEME, NETWORK):
                if self.who(kind, case) and not self.who(kind, case) & able.get(case.pk, set()):
                    self.note(kind, case)
        if self.found.themes:
            self.proposal.notes += self.of_nobody()

    def of_nobody(self) -> list[str]:
        """What the panel lacks altogether: that is asked of no application."""
        nobody = sorted({theme_label(case) for case in self.cases if case.theme and not self.who(THEME, case)})
        notes = [_("Nobody in the panel knows this theme: %(theme)s.") % {"theme": theme} for theme in nobody]
        return notes if self.found.networked else [*notes, _("Nobody in the panel stands for a creative network.")]

    def note(self, kind: str, case: Application) -> None:
        """A demand that cannot be met: given up by the officer, or in the way."""
        self.proposal.lacking.append((kind, case))
        if (kind, case.pk) in self.wishes.waived:
            self.proposal.waived.add((kind, case.pk))
            return
        words = {THEME: _("%(reference)s: nobody without an interest knows the theme %(theme)s."),
                 NETWORK: _("%(reference)s: nobody without an interest stands for a creative network.")}[kind]  # fmt: skip
        self.proposal.problems.append(words % {"reference": case.reference, "theme": theme_label(case)})

    def tables(self) -> dict[str, np.typing.NDArray[np.bool_]]:
        """Per demand who would do for which application; everybody where it is not asked."""
        cells, everybody = Grid(self.cases, self.proposal.people), {user.pk for user in self.proposal.people}
        found = {}
        for kind in (THEME, NETWORK):
            given_up = {case for one, case in self.proposal.waived if one == kind}
            asked = {case.pk: (self.who(kind, case) if case.pk not in given_up else set()) or everybody for case in self.cases}
            found[kind] = cells(lambda pair, asked=asked: pair[1] in asked[pair[0]])  # type: ignore[misc]
        return found


@transaction.atomic
def assign_round(
    *, stage: Stage, actor: User, at: datetime, seen: str | None = None, wishes: Wishes | None = None
) -> list[ScoresheetMachine]:
    """Assign the round as proposed, each sheet through the door; `Refused`, and nothing assigned, where someone is missing or,
    with ``seen`` (the hash of a proposal), where the proposal is another by now."""
    stage = Stage.objects.select_for_update(no_key=True).get(pk=stage.pk)
    proposal = rebalanced(stage, at=at, wishes=wishes, actor=actor)[0]
    if proposal.problems:
        raise Refused(*proposal.problems)
    if seen is not None and seen != proposal.sha256:
        raise Refused(_("The proposal has changed since you saw it; look again."))
    cases = {case.pk: case for case in proposal.cases}
    people = {user.pk: user for user in proposal.people}
    return [
        create(
            ScoresheetMachine,
            "assign",
            of={"application": cases[case], "stage": stage, "juror": people[user]},
            actor=actor,
            at=at,
            without=proposal.without(case),
        )
        for case, user in sorted(proposal.added)
    ]


def rebalanced(stage: Stage, *, at: datetime, wishes: Wishes | None, actor: User) -> tuple[Proposal, set[Pair]]:
    """The proposal with the officer's wishes, moved as little as these allow, and what would be added without fixing or barring anyone."""
    before = propose_assignment(stage, at=at, wishes=wishes and Wishes(waived=wishes.waived), actor=actor)
    if wishes is None or not wishes.pairs:
        return before, before.added
    wishes.before = frozenset(before.added)
    return propose_assignment(stage, at=at, wishes=wishes, actor=actor), before.added
