"""State aid as the house looks at it: per undertaking what it had in three years, from whom, and what is left."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from scoring.models import Conflict
from tender.calendar import add_working_days
from tender.models import Organisation, UndertakingLink, User
from tender.state_aid import Aid, Balance, in_force, weigh
from tender.undertakings import (
    REGISTER_DAYS,
    REGISTER_SINCE,
    Parties,
    aid_in,
    declared,
    given_on,
    noted,
    on_their_way,
    ours,
    party_key,
    party_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tender.models import AidNote, Application, Decision, Grant, Submission

Key = tuple[int | None, int | None]
"""An organisation, or a person, by primary key."""


@dataclass(slots=True)
class Account:
    """All of one undertaking on a day, or of one party that is linked to nobody."""

    name: str
    parties: list[Organisation | User] = field(default_factory=list)
    links: list[UndertakingLink] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    notes: list[AidNote] = field(default_factory=list)
    declared: list[tuple[Submission, Aid]] = field(default_factory=list)
    pending: list[Decision] = field(default_factory=list)
    balance: Balance | None = None

    @property
    def kind(self) -> str:
        """In the address of its page: of the first of its parties."""
        return "organisatie" if isinstance(self.parties[0], Organisation) else "persoon"

    @property
    def pk(self) -> int:
        """The primary key of that party."""
        return int(self.parties[0].pk)


def key_of(party: Organisation | User) -> Key:
    """A party as a key."""
    return (party.pk, None) if isinstance(party, Organisation) else (None, party.pk)


def accounts(parties: Iterable[Organisation | User], day: date) -> list[Account]:
    """The undertakings of these parties, each once, in their order, with all their aid. Six queries, however many there are."""
    wanted = list(parties)
    links = list(UndertakingLink.objects.on(day).select_related("undertaking", "organisation", "person"))
    group_of = {key_of(link.party): link.undertaking_id for link in links}
    found: dict[int | Key, Account] = {}
    for party in wanted:
        group = group_of.get(key_of(party))
        own = [link for link in links if group is not None and link.undertaking_id == group]
        if (group or key_of(party)) not in found:
            members = [party, *(link.party for link in own if link.party != party)]
            found[group or key_of(party)] = Account(own[0].undertaking.name if own else str(party), members, own)
    fill(list(found.values()), day)
    return list(found.values())


def by_party(rows: Iterable[Account]) -> dict[Key, Account]:
    """Which of them is whose."""
    return {key_of(party): row for row in rows for party in row.parties}


def fill(rows: list[Account], day: date) -> None:
    """Read the aid of all of them, and give each its own."""
    of = by_party(rows)
    everybody = Parties(frozenset(one for one, _two in of if one), frozenset(two for _one, two in of if two))
    for grant in ours(everybody, day):
        of[party_key(grant.application)].grants.append(grant)
    for note in noted(everybody, day):
        of[key_of(note.party)].notes.append(note)
    for sent, aid in declared(everybody, day):
        of[party_key(sent.application)].declared.append((sent, aid))
    for decision in on_their_way(everybody):
        of[party_key(decision.application)].pending.append(decision)
    for row in rows:
        row.balance = balance_in(row, day)


def balance_in(row: Account, day: date, decision: Decision | None = None) -> Balance | None:
    """What one of them had, and can still get; or with a decision: what there is beside it, and what that very decision gives."""
    instrument = in_force("de_minimis", day)
    if instrument is None:
        return None
    own = (decision.application_id, decision.stage_id) if decision is not None else None
    known = [Aid(given_on(grant), aid_in(grant)) for grant in row.grants if (grant.application_id, grant.stage_id) != own]
    known += [Aid(note.granted_on, Decimal(note.amount)) for note in row.notes]
    pending = sum((Decimal(each.amount) for each in row.pending if each != decision), start=Decimal(0))
    new = Decimal(0) if decision is None else Decimal(decision.amount)
    return weigh(instrument, known=known, declared=[aid for _sent, aid in row.declared], pending=pending, new=new, day=day)


def balances(decisions: Iterable[Decision], day: date) -> dict[int, Balance | None]:
    """Per decision, by primary key, the balance of its undertaking as it would leave it on a day; six queries for all of them."""
    every = list(decisions)
    of = by_party(accounts([party_of(each.application) for each in every], day))
    return {each.pk: balance_in(of[party_key(each.application)], day, each) for each in every}


def closed_parties(user: User) -> frozenset[Key]:
    """The parties in whose dossiers this person has an interest: their aid is not shown."""
    rows = Conflict.objects.recused(user).values_list("application__organisation_id", "application__applicant_id")
    return frozenset((one, None) if one else (None, two) for one, two in rows)


def last_day_to_report(grant: Grant) -> date | None:
    """By when a grant goes into the central register; None where it was given before there was one."""
    return add_working_days(given_on(grant), REGISTER_DAYS) if given_on(grant) >= REGISTER_SINCE else None


def stated(cases: Iterable[Application]) -> list[tuple[Application, str]]:
    """Whom applicants said they are linked with, in their own words, in what they handed in last."""
    found = []
    for case in cases:
        sent = case.submission()
        key = case.rules.form.linked
        if sent is not None and key and sent.answers.get(key):
            found.append((case, str(sent.answers[key])))
    return found


@dataclass(slots=True)
class Room:
    """How much aid the undertakings of some applicants can still get, while it is handed out on paper, one after the other."""

    account_of: dict[Key, Account]

    @classmethod
    def of(cls, cases: Iterable[Application], day: date) -> Room:
        """The room of who applies in these dossiers, on a day."""
        return cls(by_party(accounts([party_of(case) for case in cases], day)))

    def takes(self, case: Application, amount: Decimal) -> bool:
        """Whether an amount (euros) fits beside all that was there and all that was given before; if so, it is given."""
        row = self.account_of[party_key(case)]
        if row.balance is None:
            return True
        then = replace(row.balance, new=amount)
        if then.fits:
            row.balance = replace(then, pending=then.pending + amount, new=Decimal(0))
        return then.fits
