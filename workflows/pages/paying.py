"""What is to be paid, and the batches in which it goes to the bank: drawn up by one person, approved by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.calendar import amsterdam_day
from tender.enums import GrantState, InstalmentState, Role
from tender.enums.paying import BatchState, LineOutcome
from tender.models import BankAccount, InsolvencyNote, Instalment, PaymentBatch, PaymentLine
from tender.sepa import next_target_day
from workflows.commands import Refused, perform
from workflows.commands.door import step_for
from workflows.commands.paying import draw_up
from workflows.machines.arrow import admits, arrow_named
from workflows.models import BatchMachine, Event
from workflows.pages.bulk import foresee, selected
from workflows.pages.payments import hidden, spaced
from workflows.pages.room import MONEY_ROLES, StaffForm, StaffPage, link
from workflows.rules.paying import being_settled
from workflows.statements import AT_THE_BANK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tender.http import SignedIn

PAGE = 100
REFUSED, UNPROCESSABLE = 409, 422
STEPS = ("approve", "make_file", "fetch", "send", "take_out", "drop", "ask_recall", "recall")
DONE = {
    "approve": gettext_lazy("The batch is approved and its payments are released. Now make the file."),
    "make_file": gettext_lazy("The file is made. Fetch it, and hand it in at the bank."),
    "send": gettext_lazy("Noted: the file went to the bank. What became of it comes with the statement of the bank."),
    "take_out": gettext_lazy("The payment is out of the batch."),
    "drop": gettext_lazy("The batch is dropped. What was released is due again."),
    "ask_recall": gettext_lazy("A second controller can take back the file now."),
    "recall": gettext_lazy("The file is taken back; its payments are due again."),
}
HAPPENED = {
    "draw_up": gettext_lazy("drawn up"),
    "approve": gettext_lazy("approved, payments released"),
    "make_file": gettext_lazy("file made"),
    "fetch": gettext_lazy("file fetched"),
    "send": gettext_lazy("noted as sent to the bank"),
    "take_out": gettext_lazy("a payment taken out"),
    "lose": gettext_lazy("a payment fell out: its account changed"),
    "drop": gettext_lazy("dropped"),
    "ask_recall": gettext_lazy("asked to take back the file"),
    "recall": gettext_lazy("file taken back"),
    "settle": gettext_lazy("the bank has told of every payment"),
}
"""What happened to a batch, by arrow."""


class Day(StaffForm):
    """On which day the bank is to pay."""

    execute_on = forms.DateField(
        label=gettext_lazy("Day on which the bank pays"),
        help_text=gettext_lazy("A day on which the banks of Europe work, from today up to thirty days ahead."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class DueListPage(StaffPage):
    """All that is due or approved, what is late first, with what holds it up; what is approved goes into a batch."""

    roles = MONEY_ROLES

    def get(self, request: SignedIn) -> HttpResponse:
        """The list, and the day for a batch."""
        return self.show(request, Day(initial={"execute_on": next_target_day(amsterdam_day(request.at))}))

    def post(self, request: SignedIn) -> HttpResponse:
        """Draw up a batch of what is ticked."""
        if not request.user.has_role(Role.OFFICER, Role.CONTROLLER):
            raise PermissionDenied("draw_up")
        form = Day(request.POST)
        if not form.is_valid():
            return self.show(request, form, UNPROCESSABLE)
        try:
            batch = draw_up(selected(request.POST), execute_on=form.cleaned_data["execute_on"], actor=request.user, at=request.at)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.show(request, form, REFUSED)
        messages.success(request, _("The batch is drawn up. Somebody else approves it."))
        return redirect("workflows:batch", batch.pk)

    def show(self, request: SignedIn, form: Day, status: int = 200) -> HttpResponse:
        """The page."""
        found = due(request)
        page = Paginator(found.order_by("pay_by", "pk"), PAGE).get_page(request.GET.get("page"))
        today, ticked = amsterdam_day(request.at), set(selected(request.POST))
        late = found.filter(pay_by__lt=today).aggregate(number=Count("pk"), amount=Sum("amount"))
        context = {
            "tab": "due", "page": page, "rows": due_rows(list(page), today, ticked), "form": form, "hidden": hidden(request), "late": late,
            "draws_up": request.user.has_role(Role.OFFICER, Role.CONTROLLER) and not request.user.has_role(Role.AUDITOR),
            "trail": [(_("Payments"), reverse("workflows:payments"))],
        }  # fmt: skip
        return render(request, "workflows/controller/due_list.html", context, status=status)


def due(request: SignedIn) -> Any:
    """The payments that are due or approved, as far as they are open to this person."""
    states = (InstalmentState.DUE, InstalmentState.APPROVED)
    related = ("grant__application__organisation", "grant__application__applicant", "grant__stage__call__version")
    return Instalment.objects.visible_to(request.user).filter(state__in=states).select_related(*related)


def due_rows(parts: Sequence[Instalment], today: date, ticked: set[int]) -> list[dict[str, Any]]:
    """The lines of the list: four queries, however many."""
    cases = {part.grant.application_id for part in parts}
    settling, insolvent = being_settled(parts), InsolvencyNote.objects.among(part.grant.application for part in parts)
    changing = set(BankAccount.objects.proposed().filter(application__in=cases).values_list("application_id", flat=True))
    there = PaymentLine.objects.filter(instalment__in=parts, outcome=LineOutcome.WAITS).select_related("batch")
    batches = {line.instalment_id: line.batch for line in there}
    rows = []
    for part in parts:
        batch = batches.get(part.pk)
        case = part.grant.application_id
        blocks = holds_up(part, settling=(case, part.grant.stage_id) in settling, insolvent=case in insolvent)
        rows.append(
            {
                "part": part, "case": part.grant.application, "label": part.terms.label, "iban": spaced(part.iban or part.grant.iban),
                "batch": batch, "blocks": blocks, "days_late": max((today - part.pay_by).days, 0) if part.pay_by else 0,
                "changing": part.grant.application_id in changing, "ticked": part.pk in ticked,
                "ready": batch is None and not blocks,
            }
        )  # fmt: skip
    return rows


def holds_up(part: Instalment, *, settling: bool, insolvent: bool) -> list[str]:
    """What stands between a payment and a batch, in words."""
    grant = part.grant
    held = [
        (grant.state == GrantState.OFFERED, _("the grant is not accepted yet")),
        (grant.state == GrantState.SUSPENDED, _("payment is suspended")),
        (grant.state in {GrantState.LAPSED, GrantState.WITHDRAWN, GrantState.CLOSED}, _("the grant has ended")),
        (settling, _("a settlement, or a decision that takes from the grant, is under way")),
        (insolvent, _("the party is insolvent")),
        (not grant.iban, _("there is no account")),
        (part.amount == 0, _("there is nothing to pay")),
        (part.state == InstalmentState.DUE, _("an officer approves it first")),
    ]
    return [words for holds, words in held if holds]


class BatchesPage(StaffPage):
    """The batches, the newest first."""

    roles = MONEY_ROLES

    def get(self, request: SignedIn) -> HttpResponse:
        """The list; what holds a dossier that is closed to this person is only counted."""
        kept = ~Q(lines__outcome=LineOutcome.OUT)
        shown = PaymentBatch.objects.visible_to(request.user).defer("file").select_related("drawn_by", "approved_by")
        counted = shown.annotate(number=Count("lines", filter=kept), amount=Sum("lines__amount", filter=kept))
        closed = PaymentBatch.objects.under_way().exclude(pk__in=PaymentBatch.objects.visible_to(request.user).values("pk")).count()
        context = {
            "tab": "batches", "page": Paginator(counted.order_by("-pk"), PAGE).get_page(request.GET.get("page")), "closed": closed,
            "trail": [(_("Payments"), reverse("workflows:payments"))],
        }  # fmt: skip
        return render(request, "workflows/controller/batches.html", context)


class BatchPage(StaffPage):
    """One batch: what exactly goes to whom, where it is, and the next step."""

    roles = MONEY_ROLES

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The batch."""
        return self.show(request, found_batch(request, pk))

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Take a step on it; fetching gives the file."""
        found_batch(request, pk)
        name = request.POST.get("do", "")
        if name not in STEPS:
            raise Http404
        try:
            perform(BatchMachine, name, pk=pk, actor=request.user, at=request.at, **said(request, name))
        except Refused as refused:
            return self.show(request, found_batch(request, pk), refused.reasons, REFUSED)
        if name == "fetch":
            return the_file(PaymentBatch.objects.get(pk=pk))
        messages.success(request, str(DONE[name]))
        return redirect("workflows:batch", pk)

    def show(self, request: SignedIn, batch: Any, faults: Sequence[str] = (), status: int = 200) -> HttpResponse:
        """The page."""
        related = ("instalment__grant__application__organisation", "instalment__grant__application__applicant",
                   "instalment__grant__stage__call__version")  # fmt: skip
        lines = list(batch.lines.select_related(*related).order_by("pk"))
        going = [line for line in lines if line.outcome != LineOutcome.OUT]
        may = {name for name in STEPS if may_take(batch, name, request)}
        main = next((name for name in ("approve", "make_file", "send") if name in may), "")
        asked = Event.objects.about(batch).filter(kind="batch.ask_recall").select_related("actor").last()
        context = {
            "tab": "batches", "batch": batch, "lines": [{"line": line, "iban": spaced(line.iban)} for line in lines], "going": len(going),
            "total": sum(line.amount for line in going), "may": may, "main": main, "faults": faults, "own": spaced(batch.iban),
            "holds": foresee(batch, main, actor=request.user, at=request.at, data=foreseen_data(batch)) if main and not faults else (),
            "asked": asked if batch.state == BatchState.MADE else None, "has_file": batch.state in AT_THE_BANK, "history": history(batch),
            "second": asked is not None and asked.actor_id != request.user.pk, "xlsx": link("reports:batch_xlsx", batch.pk),
            "trail": [(_("Payments"), reverse("workflows:payments")), (_("Batches"), reverse("workflows:batches"))],
        }  # fmt: skip
        return render(request, "workflows/controller/batch.html", context, status=status)


def found_batch(request: SignedIn, pk: int) -> Any:
    """The batch, to who may read every payment in it."""
    shown = PaymentBatch.objects.visible_to(request.user).values("pk")
    found: Any = BatchMachine.objects.filter(pk__in=shown).select_related("drawn_by", "approved_by")
    return get_object_or_404(found, pk=pk)


def foreseen_data(batch: PaymentBatch) -> dict[str, Any]:
    """What the next step would be told."""
    return {"seen": batch.sha256}


def may_take(batch: Any, name: str, request: SignedIn) -> bool:
    """Whether a step is this person's, and leaves the state that the batch is in."""
    taken = arrow_named(batch, name)
    return taken is not None and admits(taken, batch, step_for(batch, name, actor=request.user, at=request.at, data={}))


def said(request: SignedIn, name: str) -> dict[str, Any]:
    """What the page says with a step."""
    posted = request.POST
    if name == "approve":
        return {"seen": posted.get("seen", "")}
    if name == "take_out":
        line = posted.get("line", "")
        return {"line": int(line) if line.isascii() and line.isdigit() else 0, "reason": posted.get("reason", "")}
    return {"reason": posted.get("reason", "").strip()[:4000]} if name in {"drop", "ask_recall", "recall"} else {}


def the_file(batch: PaymentBatch) -> HttpResponse:
    """The file as it was made, to keep and not to look at."""
    response = HttpResponse(batch.file.encode(), content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="{batch.message_id}.xml"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def history(batch: Any) -> list[dict[str, Any]]:
    """What happened to the batch, oldest first."""
    events = Event.objects.about(batch).select_related("actor")
    return [
        {"at": event.at, "actor": event.actor, "what": HAPPENED[event.kind.split(".")[1]],
         "reason": event.data.get("reason") or event.data.get("asked", {}).get("reason", "")}
        for event in events
    ]  # fmt: skip


urlpatterns: list[URLPattern] = [
    path("betalingen/betaallijst/", DueListPage.as_view(), name="due_list"),
    path("betalingen/batches/", BatchesPage.as_view(), name="batches"),
    path("betalingen/batches/<int:pk>/", BatchPage.as_view(), name="batch"),
]
