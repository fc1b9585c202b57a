"""Single undertakings, and the aid they had and are about to get: what `state_aid` reckons with, read from the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from tender.calendar import add_months, amsterdam_day
from tender.enums import GIVES, AidNoteState, GrantState
from tender.models import AidNote, Decision, Grant, Organisation, Submission, Undertaking, UndertakingLink, User
from tender.schemes.answers import project
from tender.state_aid import MONTHS, Aid, Balance, counts, in_force, weigh

if TYPE_CHECKING:
    from tender.models import Application, Stage

REGISTER_SINCE, REGISTER_DAYS = date(2026, 1, 1), 20
"""Since when de minimis aid goes into the central register, and within how many working days."""
FELL_AWAY = (GrantState.LAPSED, GrantState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Parties:
    """Organisations and people, by primary key, that count as one."""

    organisations: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()

    def cases(self, prefix: str = "") -> Q:
        """The dossiers of these parties."""
        by_organisation = Q(**{f"{prefix}organisation__in": self.organisations})
        return by_organisation | Q(**{f"{prefix}organisation": None, f"{prefix}applicant__in": self.people})

    def rows(self) -> Q:
        """The rows that name one of these parties."""
        return Q(organisation__in=self.organisations) | Q(person__in=self.people)


def party_of(application: Application) -> Organisation | User:
    """Who gets the aid: the organisation, or the person where there is none."""
    return application.organisation or application.applicant


def named(party: Organisation | User) -> dict[str, Any]:
    """A party as the columns of a row that names it."""
    return {"organisation": party} if isinstance(party, Organisation) else {"person": party}


def undertaking_of(party: Organisation | User, day: date) -> Undertaking | None:
    """The undertaking that a party belongs to on a day, if it is linked to anybody."""
    link = UndertakingLink.objects.on(day).filter(**named(party)).select_related("undertaking").order_by("-since", "-pk").first()
    return link.undertaking if link is not None else None


def every_link() -> dict[tuple[int | None, int | None], list[UndertakingLink]]:
    """All links there ever were, by who is linked (as `party_key` has it), the newest first: one query, for who asks of many days."""
    found: dict[tuple[int | None, int | None], list[UndertakingLink]] = {}
    for link in UndertakingLink.objects.select_related("undertaking").order_by("-since", "-pk"):
        found.setdefault((link.organisation_id, link.person_id), []).append(link)
    return found


def linked_with(party: Organisation | User, day: date) -> Parties:
    """The party and all that are linked with it on a day."""
    alone = Parties(frozenset({party.pk}), frozenset()) if isinstance(party, Organisation) else Parties(frozenset(), frozenset({party.pk}))
    whole = undertaking_of(party, day)
    if whole is None:
        return alone
    links = UndertakingLink.objects.on(day).filter(undertaking=whole).values_list("organisation_id", "person_id")
    organisations, people = {one for one, _two in links if one}, {two for _one, two in links if two}
    return Parties(alone.organisations | organisations, alone.people | people)


def basis_of(stage: Stage) -> str:
    """Under which instrument a stage gives, empty where it gives no state aid."""
    return str(stage.rules.aid or "")


def ours(parties: Parties, day: date) -> list[Grant]:
    """The de minimis aid that we gave these parties in the three years up to and including a day."""
    since = add_months(day, -MONTHS)
    found = Grant.objects.filter(parties.cases("application__"), decision__published_at__date__gte=since).exclude(state__in=FELL_AWAY)
    found = found.select_related("decision", "stage__call__version", "application__organisation", "application__applicant")
    return [grant for grant in found.order_by("decision__published_at", "pk") if of_minimis(grant.stage) and counts(given_on(grant), day)]


def of_minimis(stage: Stage) -> bool:
    """Whether what a stage gives is de minimis aid."""
    return basis_of(stage) == "de_minimis"


def given_on(grant: Grant) -> date:
    """The day on which the right to a grant arose: that its decision was made known."""
    published = grant.decision.published_at
    if published is None:
        raise ValueError("A grant follows from a published decision.")
    return amsterdam_day(published)


def aid_in(grant: Grant) -> Decimal:
    """How much aid a grant is, in euros: what was awarded, or once it was settled what it was settled at."""
    return Decimal(grant.amount if grant.settled_amount is None else grant.settled_amount)


def noted(parties: Parties, day: date) -> list[AidNote]:
    """The aid of other bodies, as noted, in the three years up to and including a day."""
    found = AidNote.objects.filter(parties.rows(), state=AidNoteState.NOTED).select_related("organisation", "person")
    return [note for note in found if counts(note.granted_on, day)]


def declared(parties: Parties, day: date) -> list[tuple[Submission, Aid]]:
    """What each of these parties declared last that it, and who is linked with it, had: in the three years up to and including a day."""
    since = add_months(day, -MONTHS)
    sent = Submission.objects.filter(parties.cases("application__"), at__date__gte=since)
    sent = sent.select_related("stage__call__version", "application")
    newest = {party_key(each.application): each for each in sent.order_by("at", "pk") if asks(each)}
    rows = [(each, project(each.stage.rules.form, each.answers)["aid_received"] or 0) for each in newest.values()]
    return [(each, Aid(amsterdam_day(each.at), Decimal(amount))) for each, amount in rows if amount]


def party_key(application: Application) -> tuple[int | None, int | None]:
    """Who gets the aid, as a key: the organisation, or the person where there is none."""
    return (application.organisation_id, None) if application.organisation_id else (None, application.applicant_id)


def asks(sent: Submission) -> bool:
    """Whether a form asks which aid its party had."""
    return sent.stage.rules.form.aid_received is not None


def on_their_way(parties: Parties, *, without: int | None = None) -> list[Decision]:
    """The decisions that give de minimis aid to these parties and are not made known yet."""
    found = Decision.objects.open().filter(parties.cases("application__"), kind__in=GIVES, amount__gt=0)
    found = found if without is None else found.exclude(pk=without)
    return [each for each in found.select_related("stage__call__version", "application").order_by("pk") if of_minimis(each.stage)]


def balance_of(
    parties: Parties, day: date, *, new: Decimal, without: int | None = None, beside: tuple[int, int] | None = None
) -> Balance | None:
    """What these parties had, will have and would get, on a day; None on a day on which no threshold holds.

    ``without``: the decision that is weighed, which is not pending beside itself; ``beside``: dossier and stage of the very grant.
    """
    instrument = in_force("de_minimis", day)
    if instrument is None:
        return None
    known = [Aid(given_on(grant), aid_in(grant)) for grant in ours(parties, day) if (grant.application_id, grant.stage_id) != beside]
    known += [Aid(note.granted_on, Decimal(note.amount)) for note in noted(parties, day)]
    said = [aid for _sent, aid in declared(parties, day)]
    pending = sum((Decimal(each.amount) for each in on_their_way(parties, without=without)), start=Decimal(0))
    return weigh(instrument, known=known, declared=said, pending=pending, new=new, day=day)


def lock_party(party: Organisation | User, day: date) -> None:
    """Lock a party, then the undertaking it belongs to: who links, notes aid or decides on it waits."""
    list(type(party)._default_manager.select_for_update(no_key=True).filter(pk=party.pk).values_list("pk"))  # noqa: SLF001
    whole = undertaking_of(party, day)  # nobody links the party while its own row is ours
    if whole is not None:
        list(Undertaking.objects.select_for_update(no_key=True).filter(pk=whole.pk).values_list("pk"))


def lock_all(parties: Parties, day: date) -> None:
    """Lock many at once, in one order for everybody: organisations, people, then undertakings."""
    for model, pks in ((Organisation, parties.organisations), (User, parties.people)):
        list(model._default_manager.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk"))  # noqa: SLF001
    whole = UndertakingLink.objects.on(day).filter(parties.rows()).values("undertaking")
    list(Undertaking.objects.select_for_update(no_key=True).filter(pk__in=whole).order_by("pk").values_list("pk"))
