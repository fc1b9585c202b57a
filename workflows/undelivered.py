"""Mail that did not arrive: what was not sent in time, what came back, and of which decision nobody was told. Never a query per row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from string import ascii_letters
from typing import TYPE_CHECKING

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.models import Conflict
from tender.enums import Bounce, MailKind, PaperState, RouteState
from tender.models import Application, Submission
from workflows.models import Event, Letter, Notification, PaperPost, PostRoute
from workflows.models.letter import LATE
from workflows.queries import closed_rounds

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.utils.functional import Promise

    from tender.models import User

LEGAL = timedelta(hours=48)
"""Within how long the law has us tell that a message waits in the portal (Awb 2:10)."""

BY_LAW = (MailKind.RECEIPT, MailKind.GAPS, MailKind.HEARING, MailKind.DECISION)
"""The kinds of mail by which the law has a term run, or somebody heard."""
WARNINGS = ("account.propose", "account.confirm", "contact.propose", "contact.confirm")
"""What warns the applicant's side that somebody moves its money or its letters."""

KNOWN_AT = Case(When(event__kind="decision.sign", then=F("decision__published_at")), default=F("event__at"))
"""When the party could have a letter in the portal."""


def not_sent(user: User, at: datetime) -> QuerySet[Notification]:
    """Needed mail that should be out by now, that with the least time left first; of dossiers in which this person has no interest."""
    return late(closed_chains(user), at).select_related("event", "user").order_by("event__at", "pk")


def late(closed: list[str], at: datetime) -> QuerySet[Notification]:
    """Needed mail that should be out by now, outside these dossiers."""
    return told_by_law().filter(sent_at=None, bounce="", event__at__lte=at - LATE).exclude(event__chain__in=closed)


def came_back(user: User) -> QuerySet[Notification]:
    """Needed mail that came back, and so is to go on paper, the oldest first; of dossiers in which this person has no interest."""
    return back(closed_chains(user)).select_related("event", "user").order_by("event__at", "pk")


def back(closed: list[str]) -> QuerySet[Notification]:
    """Needed mail that came back, outside these dossiers; not what went on paper since, or was opened in the portal anyway."""
    found = told_by_law().exclude(bounce="").exclude(event__chain__in=closed)
    return found.exclude(Exists(PaperPost.objects.sent().filter(event=OuterRef("event")))).exclude(opened())


def opened() -> Q:
    """Where the party opened the letter in the portal."""
    read = Letter.objects.exclude(read_at=None)
    own = read.filter(event=OuterRef("event"))
    decided = read.filter(decision=OuterRef("event__key"), event__kind="decision.sign")
    return Q(Exists(own)) | Q(Exists(decided), event__kind="decision.publish")


def told_by_law() -> QuerySet[Notification]:
    """The mail of which the house may see that it did not arrive: about a dossier that was handed in, of the kinds by which a term runs,
    or that money goes elsewhere. Who asked a question, or works on a draft, is nobody's business here."""
    own = Concat(Value("dossier:"), "reference", output_field=CharField())
    handed_in = Application.objects.filter(Exists(Submission.objects.filter(application=OuterRef("pk")))).annotate(own=own).values("own")
    return Notification.objects.filter(Q(kind__in=BY_LAW) | Q(event__kind__in=WARNINGS), event__chain__in=handed_in)


def elsewhere(at: datetime) -> int:
    """How much other mail that must arrive did not: only the number."""
    return Notification.objects.needed().in_trouble(at).exclude(pk__in=told_by_law().values("pk")).count()


def nobody_told(user: User, at: datetime) -> QuerySet[Event]:
    """Decisions that were published and about which no mail was even made: nobody writes or signs any more, or making it failed."""
    return untold_of(closed_chains(user), at).order_by("at")


def untold_of(closed: list[str], at: datetime) -> QuerySet[Event]:
    """Decisions about which no mail was made, outside these dossiers."""
    made = Notification.objects.filter(event=OuterRef("pk"))
    gone = PaperPost.objects.sent().filter(event=OuterRef("pk"))
    return Event.objects.filter(Q(kind="decision.publish", at__lte=at - LATE) & ~Exists(made) & ~Exists(gone)).exclude(chain__in=closed)


def asked_for_paper(closed: list[str]) -> QuerySet[Letter]:
    """The letters that a party has since it asked for paper and that did not go by post yet, outside these dossiers."""
    routes = PostRoute.objects.filter(application=OuterRef("application"), state=RouteState.CHOSEN, on_paper=True)
    gone = PaperPost.objects.filter(letter=OuterRef("pk"), state=PaperState.SENT)
    found = Letter.objects.sent().annotate(known_at=KNOWN_AT).filter(Exists(routes.filter(since__lte=OuterRef("known_at"))))
    return found.exclude(Exists(gone)).exclude(event__chain__in=closed)


def count_of(user: User, at: datetime) -> int:
    """How much mail needs somebody's attention. What is closed is looked up once, for this stands in the inbox of everybody."""
    closed = closed_chains(user)
    return late(closed, at).count() + back(closed).count() + untold_of(closed, at).count() + asked_for_paper(closed).count()


def closed_chains(user: User) -> list[str]:
    """The dossiers that an interest closes to this person, or of which it closes the round."""
    own = Q(pk__in=Conflict.objects.recused(user).values("application_id"))
    rounds = closed_rounds(user)
    closed = own | Q(stage__in=rounds) | Q(submissions__stage__in=rounds) if rounds else own
    return [f"dossier:{reference}" for reference in Application.objects.filter(closed).values_list("reference", flat=True).distinct()]


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One mail that did not arrive: about what, to whom, why not, and until when it is still in time."""

    reference: str
    subject: str
    who: str
    why: str
    placed: datetime
    until: datetime
    late: bool = False
    on_paper: bool = False


def told(row: Notification, at: datetime) -> Undelivered:
    """A mail as the list shows it."""
    until = row.event.at + LEGAL
    who = f"{row.user.name} ({row.address or row.user.email})"
    return Undelivered(reference_of(row.event), row.subject, who, why(row), row.event.at, until, at > until, bool(row.bounce))


def untold(event: Event, at: datetime) -> Undelivered:
    """A decision about which no mail was made, as the list shows it."""
    failed = next((row.error for row in event.outbox.all() if row.done_at is None and row.error), "")
    reason = _("Nobody writes or signs for this application any more.")
    if failed:
        reason = _("Making the mail failed (%(error)s); it is tried again every minute.") % {"error": failed}
    until = event.at + LEGAL
    return Undelivered(reference_of(event), _("A decision was published"), "–", reason, event.at, until, at > until, not failed)


def reference_of(event: Event) -> str:
    """The dossier or call that an event belongs to."""
    return event.chain.partition(":")[2]


def why(row: Notification) -> str:
    """Why a mail did not arrive, in words."""
    if row.bounce:
        words = CAME_BACK[row.bounce]
    elif not row.user.is_active:
        words = _("not sent: the account is closed")
    else:
        words = next(words for beginnings, words in FAILED if row.failure.startswith(beginnings))
    detail = row.bounce_note or row.failure
    return f"{words} ({detail})" if detail else str(words)


CAME_BACK: dict[str, str | Promise] = {
    Bounce.HARD: gettext_lazy("came back: the address does not work"),
    Bounce.SOFT: gettext_lazy("came back: it could not be delivered"),
}
FAILED: list[tuple[tuple[str, ...], str | Promise]] = [
    (("SMTPRecipientsRefused",), gettext_lazy("not sent: the mail server does not take the address now")),
    (("SMTPAuth", "SMTPSender"), gettext_lazy("not sent: the mail server does not let us send")),
    (("SMTP", "Connection", "Timeout", "timeout", "gaierror", "OSError", "SSL"), gettext_lazy("not sent: the mail server does not answer")),
    (tuple(ascii_letters), gettext_lazy("not sent: the mail could not be made")),
    (("",), gettext_lazy("not sent: nothing has tried yet; are the workers running?")),
]
"""By how the name of the last failure begins."""


def of_dossier(application: Application, at: datetime) -> list[Undelivered]:
    """The mail about one dossier that did not arrive, needed or not, the newest first."""
    rows = Notification.objects.about(application).in_trouble(at).select_related("event", "user").order_by(F("event__at").desc(), "pk")
    return [told(row, at) for row in rows]
