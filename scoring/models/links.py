"""Gathers what ties people to covers, for many at once; the finding itself is `scoring.links`."""

from __future__ import annotations

from collections import defaultdict
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings

from scoring.links import HIDDEN, Before, Cover, Declarer, Link, Party, domain, links
from scoring.models.panel import Conflict
from tender.calendar import amsterdam_day
from tender.enums import APPLICANT_ROLES, CASE_STAFF_ROLES, ConflictState
from tender.models import Application, CaseRole, Invitation, Membership, Partner, User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tender.models import Organisation

Pair = tuple[int, int]
"""A person and a dossier, by primary key."""


def links_between(pairs: Iterable[Pair]) -> dict[Pair, list[Link]]:
    """What ties each person to each dossier; pairs without a link are left out. Eight queries, however many pairs."""
    asked = list(pairs)
    people = User.objects.in_bulk({user for user, _case in asked})
    cases = Application.objects.select_related("organisation", "applicant").in_bulk({case for _user, case in asked})
    covers, declarers = _covers(cases), _declarers(people)
    house = {domain(parseaddr(settings.DEFAULT_FROM_EMAIL)[1])}
    found = {(user, case): links(declarers[user], covers[case], house=house) for user, case in asked}
    return {pair: each for pair, each in found.items() if each}


def as_told(found: list[Link], case: Application, reader: User) -> list[Link]:
    """What ``reader`` may hear of it: where a stage is judged blind, who judges hears that there is something, not what."""
    hidden = found and case.rules.blind and not reader.has_role(*CASE_STAFF_ROLES)
    return [Link(HIDDEN)] if hidden else found


def party_of(case: Application) -> Party:
    """Who applies: the organisation, or the person where there is none."""
    if case.organisation is None:
        return Party(str(case.applicant), key=f"person:{case.applicant_id}")
    return _as_party(case.organisation)


def _as_party(organisation: Organisation) -> Party:
    return Party(organisation.name, organisation.kvk, key=f"organisation:{organisation.pk}")


def _covers(cases: dict[int, Application]) -> dict[int, Cover]:
    """What stands on each cover, with the addresses of who applies, of who acts for them, takes part or was invited to, and of the
    partners' contacts."""
    partners, members = defaultdict(list), defaultdict(list)
    for partner in Partner.objects.filter(application__in=cases).order_by("pk"):
        partners[partner.application_id].append(partner)
    acting = Membership.objects.filter(organisation__applications__in=cases).values_list("organisation", "user__email")
    for organisation, email in acting.distinct():
        members[organisation].append(email)
    beside = _beside(cases)
    names = {pk: (*(partner.contact for partner in partners[pk]), *(name for name, _email in beside[pk] if name)) for pk in cases}
    emails = {
        pk: (case.applicant.email, *members[case.organisation_id or 0], *(partner.email for partner in partners[pk]))
        for pk, case in cases.items()
    }
    return {
        pk: Cover(
            party_of(case),
            tuple(Party(partner.name, partner.kvk) for partner in partners[pk]),
            names[pk],
            (*emails[pk], *(email for _name, email in beside[pk])),
        )
        for pk, case in cases.items()
    }


def _beside(cases: dict[int, Application]) -> dict[int, list[tuple[str, str]]]:
    """Who takes part in each dossier on the applicant's side, now or before, and who was invited to: name and address. Two queries."""
    found = defaultdict(list)
    parts = CaseRole.objects.filter(application__in=cases, role__in=APPLICANT_ROLES).order_by("pk")
    for pk, name, email in parts.values_list("application", "user__name", "user__email"):
        found[pk].append((name, email))
    for pk, email in Invitation.objects.filter(application__in=cases).order_by("pk").values_list("application", "email"):
        found[pk].append(("", email))
    return found


def _declarers(people: dict[int, User]) -> dict[int, Declarer]:
    """Who declares, with whom they act for and what they declared an interest in before, in whatever round."""
    acts_for, before = defaultdict(list), defaultdict(list)
    for membership in Membership.objects.filter(user__in=people).select_related("organisation").order_by("organisation__name", "pk"):
        acts_for[membership.user_id].append(_as_party(membership.organisation))
    said = Conflict.objects.filter(user__in=people, state=ConflictState.RECUSED, declared_at__isnull=False).exclude(kind="")
    for past in said.select_related("application__organisation", "application__applicant").order_by("declared_at", "pk"):
        before[past.user_id].append(Before(party_of(past.application), amsterdam_day(past.declared_at), past.kind))  # type: ignore[arg-type]
    return {
        pk: Declarer(tuple(filter(None, (person.name, person.organisation_name))), person.email, tuple(acts_for[pk]), tuple(before[pk]))
        for pk, person in people.items()
    }
