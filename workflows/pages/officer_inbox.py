"""What waits, by deadline, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Count, Min, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scoring.models import Conflict
from tender.calendar import amsterdam_day
from tender.enums import CASE_STAFF_ROLES, MessageState, Role, StageState
from tender.models import Application, Stage, User
from workflows.models import Correction, WorkItem
from workflows.pages.asking import waiting_for
from workflows.pages.officer_mail import ROLES
from workflows.pages.officer_overview import OverviewPage
from workflows.pages.organisations import asking_in
from workflows.pages.room import MONEY_ROLES, StaffPage, link
from workflows.queries import closed_rounds, inbox
from workflows.undelivered import count_of

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from tender.http import SignedIn

PAGE = 50
SOON = 7
FILTER_ROLES = (*CASE_STAFF_ROLES, Role.OBJECTION_HANDLER, Role.CHAIR, Role.JUROR, Role.SIGNER)


class InboxPage(StaffPage):
    """My work by deadline; ``?who=all``: everybody's; ``?who=<role>``: that role's. Who takes no step of their own sees everybody's."""

    def get(self, request: SignedIn) -> HttpResponse:
        """The list, a page of fifty."""
        takes_none = request.user.has_role(Role.AUDITOR)
        who = request.GET.get("who", "all" if takes_none else "")
        found = inbox(request.user, at=request.at) if who == "" else everyone(request.user, who)
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        today = amsterdam_day(request.at)
        told = readiness(request.user, [item.application_id for item in page if item.application_id])
        whose = lent_by(request.user)
        context = {
            "page": page,
            "rows": [{**row(item, today, mine=who == "", told=told), "instead_of": instead_of(item, whose, mine=who == "")} for item in page],
            "who": who,
            "takes_none": takes_none,
            "sees_overview": request.user.has_role(*OverviewPage.roles),
            "lent": sorted({str(colleague) for colleague in whose.values()}),
            "sees_terms": request.user.has_role(*MONEY_ROLES, Role.OBJECTION_HANDLER),
            "sees_aid": request.user.has_role(*MONEY_ROLES),
            "messages_waiting": unread_messages(request.user) if who == "" else [],
            "undelivered": count_of(request.user, request.at) if request.user.has_role(*ROLES) else 0,
            "set_to_publish": set_to_publish(request.user) if who == "" else [],
            "to_mend": to_mend(request.user) if who == "" else [],
            "questions": [{**each, "late": each["first"] < today} for each in waiting_for(request.user)] if who == "" else [],
            "asking_in": asking_in(request.user)[:PAGE] if who == "" else [],
            "asking_in_number": asking_in(request.user).count() if who == "" else 0,
            "roles": [(role.value, role.label) for role in FILTER_ROLES],
        }
        return render(request, "workflows/officer/inbox.html", context)


def lent_by(user: User) -> dict[str, User]:
    """Of whom each role is that this person has as a stand-in; one query where there is any."""
    if not user.lent:
        return {}
    people = User.objects.in_bulk({lent.absent for lent in user.lent.values()})
    return {role: people[lent.absent] for role, lent in user.lent.items()}


def instead_of(item: WorkItem, whose: dict[str, User], *, mine: bool) -> User | None:
    """For which colleague this person would do it; nobody where it is work of their own."""
    return whose.get(item.role) if mine and item.user_id is None else None


def everyone(user: User, who: str) -> QuerySet[WorkItem]:
    """What waits for anybody (``all``) or for a role; what this person has an interest in is left out."""
    kept_out = Conflict.objects.recused(user).values("application_id")
    found = WorkItem.objects.with_cases().filter(process__finished=None).exclude(application__in=kept_out)
    if who in Role.values:
        found = found.filter(Q(role=who) | Q(user__staff_roles__role=who, user__staff_roles__until=None)).distinct()
    return found


def set_to_publish(user: User) -> list[Stage]:
    """The rounds that the clock publishes at the moment that this signatory, or a colleague, set: no work, as long as it stands."""
    if not user.has_role(Role.SIGNATORY) or user.has_role(Role.AUDITOR):
        return []
    asked = WorkItem.objects.filter(noun="stage", arrow="publish", process__finished=None).values("key")
    found = (
        Stage.objects.filter(state=StageState.DECIDING, publish_at__isnull=False).exclude(pk__in=closed_rounds(user)).exclude(pk__in=asked)
    )
    return list(found.select_related("call__version").order_by("publish_at", "pk")[:PAGE])


def to_mend(user: User) -> list[Correction]:
    """The letters that mend a letter and wait for this person's signature, the oldest first; at most a page of them."""
    if not user.has_role(Role.SIGNATORY) or user.has_role(Role.AUDITOR):
        return []
    found = Correction.objects.asked().visible_to(user).exclude(asked_by=user).select_related("application", "letter", "asked_by")
    return list(found.order_by("asked_at", "pk")[:PAGE])


def unread_messages(user: User) -> list[Application]:
    """The dossiers in which this person is written to and nobody of the house has read it, the oldest first; at most a page of them."""
    if not user.has_role(Role.OFFICER, Role.COACH):
        return []
    found = Application.objects.corresponding_with(user).annotate(
        unread=Count("messages", filter=Q(messages__state=MessageState.SENT, messages__from_house=False)),
        since=Min("messages__at", filter=Q(messages__state=MessageState.SENT, messages__from_house=False)),
    )
    return list(found.filter(unread__gt=0).select_related("organisation", "applicant").order_by("since")[:PAGE])


@dataclass(frozen=True, slots=True)
class Readiness:
    """The dossiers on which this person declared to have no interest, and those that are open to them: not every judge reads all."""

    declared: frozenset[int]
    readable: frozenset[int]


def readiness(user: User, cases: list[int]) -> Readiness:
    """Which of these dossiers this person declared on, and which they may read."""
    clear = Conflict.objects.clear().filter(user=user, application__in=cases)
    readable = Application.objects.visible_to(user).filter(pk__in=cases)
    return Readiness(frozenset(clear.values_list("application_id", flat=True)), frozenset(readable.values_list("pk", flat=True)))


def row(item: WorkItem, today: date, *, mine: bool, told: Readiness) -> dict[str, Any]:
    """One line: what, about whom, for whom, by when, and the page where it is done."""
    left = (item.deadline - today).days if item.deadline else None
    declared = item.application_id is None or item.application_id in told.declared
    return {
        "item": item,
        "reference": item.reference if item.application_id else item.stage.call.reference,
        "left": left,
        "late": left is not None and left < 0,
        "soon": left is not None and 0 <= left <= SOON,
        "who": str(item.user) if item.user else Role(item.role).label if item.role in Role.values else item.role,
        "label": WORDS.get(item.kind, item.label),
        "url": where(item, mine=mine, declared=declared, told=told),
        "dossier": where_it_lies(item, told),
        "declare": not declared,
        "title": (item.application.title or _("No title yet")) if item.application else item.stage.label,
        "party": item.application.party if item.application else item.stage.call.title,
    }


def where_it_lies(item: WorkItem, told: Readiness) -> str:
    """The page of the dossier, or of the round; of a dossier that is not open to them, its round."""
    if item.application is not None and item.application_id in told.readable:
        return link("workflows:dossier", item.application.reference) or round_of(item)
    return round_of(item)


def round_of(item: WorkItem) -> str:
    """The page of the round."""
    return reverse("workflows:stage", args=[item.stage.call.reference, item.stage.key])


def where(item: WorkItem, *, mine: bool, declared: bool, told: Readiness) -> str:
    """Where the work is done: many of a kind in the page for many, else the step's own page; nowhere if it is not mine."""
    if not mine:
        return ""
    args = [item.stage.call.reference, item.stage.key]
    if not declared:
        alone = item.noun == "objection" and item.application is not None  # who handles these declares on this dossier alone
        return reverse("workflows:declare", args=[item.reference]) if alone else reverse("workflows:declare_round", args=args)
    if item.escalated:
        return where_it_lies(item, told)  # somebody else has to do it; this person sees to it that it is done
    if item.kind in TOGETHER:
        return reverse(TOGETHER[item.kind], args=args)
    return own_page(item)


def own_page(item: WorkItem) -> str:
    """The page of one piece of work: that of its kind, else that of the step."""
    if item.kind == "application.intake":
        return reverse("workflows:coach_intake", args=[item.reference])
    if item.noun in OWN_PAGES:
        return reverse(OWN_PAGES[item.noun], args=[item.key] if item.noun in {"decision", "objection"} else [])
    return f"{reverse('workflows:step', args=[item.noun, item.key, item.arrow])}?next={reverse('workflows:inbox')}"


TOGETHER = {
    "advice.edit": "workflows:advices",
    "advice.sign": "workflows:advices",
    "application.find_eligible": "workflows:screening",
    "application.request_completion": "workflows:screening",
    "scoresheet.assign": "workflows:assign",
    "stage.propose": "workflows:decisions",
    "stage.publish": "workflows:decisions",
}
"""Work that is done for the round as a whole, and on which of its pages."""
WORDS = {
    "conflict.declare_none": gettext_lazy("Declare whether there is an interest"),
    "objection.find_admissible": gettext_lazy("Is the objection admissible?"),
    "objection.hear": gettext_lazy("Hear who objects"),
    "objection.settle": gettext_lazy("See to a new decision after an objection"),
}
"""Work whose step says what one answers, not what there is to do."""
OWN_PAGES = {"decision": "workflows:decision", "objection": "workflows:objection", "instalment": "workflows:payments"}
"""Cases with a page of their own that shows what one must see before the step."""
