"""Who scores what in a round: proposed by the scheme's number and the declarations, then assigned sheet by sheet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from scoring.assignment import Preference
from scoring.assignment import assign as spread
from scoring.models import Conflict, Scoresheet, Seating
from scoring.queries import in_round
from tender.calendar import amsterdam_day
from tender.canonical import digest
from tender.enums import ConflictState, Role, SheetState
from tender.models import Stage, User, people_with
from tender.schemes.definition import Assess
from workflows.commands.door import Refused, create
from workflows.models import ScoresheetMachine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tender.models import Application

THEME_COUNTS = 0.5
"""How much knowing the theme weighs against having less to read, where both can be had without upsetting the balance."""


@dataclass(slots=True)
class Proposal:
    """Who would score what: the people, the cases, who has what already, who has not declared on what, what would be added, and what
    stands in the way."""

    people: list[User] = field(default_factory=list)
    cases: list[Application] = field(default_factory=list)
    standing: set[tuple[int, int]] = field(default_factory=set)
    clear: set[tuple[int, int]] = field(default_factory=set)
    silent: set[tuple[int, int]] = field(default_factory=set)
    added: set[tuple[int, int]] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        """What a confirmation binds."""
        return digest(sorted([list(pair) for pair in self.added]))

    def load(self, user: User) -> int:
        """How many applications this person would score in all."""
        return sum(juror == user.pk for _case, juror in self.standing | self.added)


def propose_assignment(stage: Stage, *, at: datetime) -> Proposal:
    """An assignment for every case that lacks sheets: free of conflicts, evenly spread, knowing the theme where it can."""
    proposal = Proposal(cases=list(in_round(stage).order_by("reference")))
    if stage.rules.assess == Assess.NONE:
        return proposal
    declared = Conflict.objects.filter(application__in=proposal.cases)
    proposal.clear = set(declared.clear().values_list("application_id", "user_id"))
    proposal.people, themes = judges(stage, proposal, at=at)
    answered = set(declared.exclude(state=ConflictState.ASKED).values_list("application_id", "user_id"))
    proposal.silent = {(case.pk, user.pk) for case in proposal.cases for user in proposal.people} - answered
    taken = list(Scoresheet.objects.filter(stage=stage, application__in=proposal.cases))
    proposal.standing = {(sheet.application_id, sheet.juror_id) for sheet in taken if sheet.state != SheetState.VOID}
    everybody = {user.pk for user in proposal.people}
    used = {(sheet.application_id, sheet.juror_id) for sheet in taken}
    free = {pair for pair in proposal.clear - used if pair[1] in everybody}
    if stage.rules.assessors == 0:
        whole_panel(proposal, free)
    else:
        by_number(proposal, free, stage.rules.assessors, themes)
    return proposal


def judges(stage: Stage, proposal: Proposal, *, at: datetime) -> tuple[list[User], dict[int, list[str]]]:
    """Who may score in this round, by name, and which themes each knows: the panel without its secretary; else the assessors who
    declared, with officers and readers where these are too few."""
    if stage.rules.assess == Assess.JURY:
        seats = list(Seating.objects.seats(stage, on=amsterdam_day(at)).exclude(part=Role.SECRETARY))
        return [seat.user for seat in seats], {seat.user_id: list(seat.themes) for seat in seats}
    declared = {user for _case, user in proposal.clear}
    found = list(people_with([Role.ASSESSOR]).filter(pk__in=declared))
    if len(found) < stage.rules.assessors:
        known = {user.pk for user in found}
        found += [user for user in people_with([Role.OFFICER, Role.READER]).filter(pk__in=declared) if user.pk not in known]
    return found, {}


def whole_panel(proposal: Proposal, free: set[tuple[int, int]]) -> None:
    """Everybody without an interest scores everything."""
    proposal.added = free
    covered = {case for case, _user in free | proposal.standing}
    lacking = [case.reference for case in proposal.cases if case.pk not in covered]
    proposal.problems += [_("%(reference)s: nobody has declared to have no interest yet.") % {"reference": name} for name in lacking]


def by_number(proposal: Proposal, free: set[tuple[int, int]], number: int, themes: dict[int, list[str]]) -> None:
    """So many sheets per case; cases that lack equally many are spread together."""
    groups: dict[int, list[Application]] = {}
    for case in proposal.cases:
        have = sum(pair[0] == case.pk for pair in proposal.standing)
        can = sum(pair[0] == case.pk for pair in free)
        if have + can < number:
            words = _("%(reference)s: %(can)s without an interest, %(number)s needed.")
            proposal.problems.append(words % {"reference": case.reference, "can": have + can, "number": number})
        elif have < number:
            groups.setdefault(number - have, []).append(case)
    for need in sorted(groups):
        add_group(proposal, groups[need], need, free, themes)


def add_group(proposal: Proposal, cases: Sequence[Application], need: int, free: set[tuple[int, int]], themes: dict[int, list[str]]) -> None:
    """Spread ``need`` sheets for each of these cases over the people, the idle first where the balance leaves a choice."""
    people = proposal.people
    barred = np.array([[(case.pk, user.pk) not in free for user in people] for case in cases], dtype=np.bool_)
    most = max((proposal.load(user) for user in people), default=0) or 1
    idle = np.array([1 - proposal.load(user) / most for user in people])
    knows = np.array([[case.theme in themes.get(user.pk, []) for user in people] for case in cases], dtype=np.float64)
    wish = Preference(expertise=THEME_COUNTS * knows + (1 - THEME_COUNTS) * idle)
    table = spread(barred, need, wish)  # `by_number` saw to it that each of these cases has people enough
    proposal.added |= {(cases[row].pk, people[column].pk) for row, column in zip(*np.nonzero(table), strict=True)}


@transaction.atomic
def assign_round(*, stage: Stage, actor: User, at: datetime, seen: str | None = None) -> list[ScoresheetMachine]:
    """Assign the round as proposed, each sheet through the door; `Refused`, and nothing assigned, where someone is missing or,
    with ``seen`` (the hash of a proposal), where the proposal is another by now."""
    stage = Stage.objects.select_for_update(no_key=True).get(pk=stage.pk)
    proposal = propose_assignment(stage, at=at)
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
        )
        for case, user in sorted(proposal.added)
    ]
