"""What an auditor asks of the trail: does it hold, and where does it break first?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Q
from django.utils.translation import gettext

from tender.canonical import digest
from tender.enums import MAY_WAIT, Account, ApplicationState, Bounce
from tender.models import Application, Call, LedgerAccount
from tender.schemes.figures import AnswerFault, amount
from workflows.models import Event, Notification

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from reports.models import MailPreference
    from tender.models import Stage, User


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain breaks: the event, and what is wrong with it."""

    chain: str
    seq: int
    kind: str
    event_id: str
    wrong: str

    def __str__(self) -> str:
        return f"{self.chain} #{self.seq} {self.kind} ({self.event_id}): {self.wrong}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: how much it looked at, and where the first chain that breaks does so."""

    chains: int
    events: int
    breaks: tuple[Break, ...]

    @property
    def holds(self) -> bool:
        """Whether every chain holds."""
        return not self.breaks


def verify(chain: str | None = None) -> Verdict:
    """Recompute the chains (one, or all): numbers without gaps, links, hashes. Per chain, the first break."""
    events = Event.objects.order_by("chain", "seq")
    if chain is not None:
        events = events.filter(chain=chain)
    chains: dict[str, int] = {}
    breaks: dict[str, Break] = {}
    previous = ""
    for event in events.iterator(chunk_size=1000):
        if event.chain not in chains:
            previous = ""
        seen = chains[event.chain] = chains.get(event.chain, 0) + 1
        wrong = "" if event.chain in breaks else wrong_with(event, seen, previous)
        if wrong:
            breaks[event.chain] = Break(event.chain, event.seq, event.kind, str(event.pk), wrong)
        previous = event.hash
    return Verdict(len(chains), sum(chains.values()), tuple(breaks.values()))


def wrong_with(event: Event, expected: int, previous: str) -> str:
    """What is wrong with one event, given the number and the hash that it should follow; empty where nothing is."""
    if event.seq != expected:
        return gettext("number %(number)s is missing") % {"number": expected}
    if event.previous != previous:
        return gettext("it does not follow the event before it")
    if event.hash != digest(event.content()):
        return gettext("its content is not what was sealed")
    return ""


# ── the auditor's pages ───────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Row:
    """One stage in the overview: how many dossiers stand in which state, and what each pot holds."""

    stage: Stage
    dossiers: int
    states: tuple[tuple[str, int], ...]
    pots: tuple[tuple[Account, Decimal], ...]


def overview() -> list[tuple[Call, list[Row]]]:
    """Every call with its stages, their dossiers by state, and their money by pot: four queries, whatever the number
    of calls.
    """
    calls = Call.objects.select_related("version").prefetch_related("stages").order_by("-year", "reference")
    states: dict[int, list[tuple[str, int]]] = {}
    counted = Application.objects.order_by().values_list("stage_id", "state").annotate(number=Count("pk"))
    for stage, state, number in counted:
        states.setdefault(stage, []).append((str(ApplicationState(state).label), number))
    pots = LedgerAccount.objects.totals()
    return [(call, [_row(stage, call, states, pots) for stage in call.stages.all()]) for call in calls]


def _row(stage: Stage, call: Call, states: dict[int, list[tuple[str, int]]], pots: dict[tuple[int, str], Decimal]) -> Row:
    stage.call = call
    here = sorted(states.get(stage.pk, []))
    money = tuple((kind, pots.get((stage.pk, kind), Decimal(0))) for kind in Account)
    return Row(stage, sum(number for _state, number in here), tuple(here), money)


def find(text: str) -> QuerySet[Application]:
    """The dossiers in which ``text`` stands: as reference, person, organisation, partner, title, or as an amount of
    euros.
    """
    found = Application.objects.select_related("call", "stage__call__version", "organisation", "applicant").order_by("reference")
    if not text:
        return found.none()
    words = Q(reference__icontains=text) | Q(title__icontains=text) | Q(organisation__name__icontains=text)
    words |= Q(organisation__kvk=text) | Q(partners__name__icontains=text)
    words |= Q(case_roles__user__name__icontains=text) | Q(case_roles__user__email__iexact=text)
    try:
        euros = amount(text)
    except AnswerFault:
        euros = None
    if euros is not None:
        words |= Q(amount_asked=euros) | Q(awarded=euros) | Q(grants__amount=euros) | Q(grants__instalments__amount=euros)
        words |= Q(decisions__amount=euros)
    return found.filter(pk__in=Application.objects.filter(words).order_by().values("pk"))


def trail_of(chain: str) -> QuerySet[Event]:
    """The events of a chain, newest first."""
    return Event.objects.filter(chain=chain).select_related("actor").order_by("-seq")


# ── mail ──────────────────────────────────────────────────────────────────────────────────────────────────────
def waiting_mail() -> QuerySet[Notification]:
    """The mails to be sent now, oldest first: not those that wait for the mail of the day, nor those whose address is refused."""
    gathered = Q(user__mail_preference__digest=True, kind__in=MAY_WAIT)
    return Notification.objects.filter(sent_at=None, bounce="", user__is_active=True).exclude(gathered).order_by("pk")


def gathered_for(user_id: int | None = None) -> QuerySet[Notification]:
    """What waits for the mail of the day, of one person or of all."""
    rows = Notification.objects.filter(sent_at=None, bounce="", kind__in=MAY_WAIT)
    return rows if user_id is None else rows.filter(user=user_id)


def comes_back(user: User, choice: MailPreference | None) -> Notification | None:
    """The last mail to somebody's present address that came back for good, unless they said since that it works."""
    rows = Notification.objects.filter(user=user, address__iexact=user.email, bounce=Bounce.HARD)
    if choice is not None and choice.works_since is not None:
        rows = rows.filter(bounced_at__gt=choice.works_since)
    return rows.order_by("-bounced_at").first()
