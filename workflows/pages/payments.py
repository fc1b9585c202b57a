"""Payments: due, approved by an officer, released by a controller, noted as paid; many at once, with a preview."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Sum
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.calendar import amsterdam_day
from tender.enums import InstalmentState, Role
from tender.models import BankAccount, Instalment
from workflows.models import InstalmentMachine
from workflows.pages.bulk import Preview, Row, by_arrow, carry_out, fingerprint, foresee, selected
from workflows.pages.room import MONEY_ROLES, StaffForm, StaffPage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from tender.http import SignedIn

PAGE = 100
OPEN = (InstalmentState.DUE, InstalmentState.APPROVED, InstalmentState.ORDERED)
VIEWS = {
    "open": (gettext_lazy("open"), OPEN),
    "due": (gettext_lazy("due"), (InstalmentState.DUE,)),
    "approved": (gettext_lazy("approved"), (InstalmentState.APPROVED,)),
    "ordered": (gettext_lazy("ordered"), (InstalmentState.ORDERED,)),
    "planned": (gettext_lazy("planned"), (InstalmentState.PLANNED,)),
    "paid": (gettext_lazy("paid"), (InstalmentState.PAID,)),
}


class Paid(StaffForm):
    """What the bank says of the whole lot."""

    bank_reference = forms.CharField(label=gettext_lazy("Reference of the bank"), max_length=40)


class Returned(StaffForm):
    """Why the bank sent it back."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


@dataclass(frozen=True, slots=True)
class PaymentStep:
    """A step on many payments: its words, whose it is, from which state, and its form if it asks something."""

    label: Any
    says: Any
    will: Any
    role: str
    source: str
    form: type[Paid | Returned] | None = None


STEPS = {
    "approve": PaymentStep(
        gettext_lazy("Approve"),
        gettext_lazy("You approve these payments; a controller releases them."),
        gettext_lazy("approved"),
        Role.OFFICER,
        InstalmentState.DUE,
    ),
    "order": PaymentStep(
        gettext_lazy("Release to the bank"),
        gettext_lazy("You release these payments, as the second person."),
        gettext_lazy("released to the bank"),
        Role.CONTROLLER,
        InstalmentState.APPROVED,
    ),
    "pay": PaymentStep(
        gettext_lazy("Note as paid"),
        gettext_lazy("The bank has paid these; today becomes the day of payment."),
        gettext_lazy("paid"),
        Role.CONTROLLER,
        InstalmentState.ORDERED,
        Paid,
    ),
    "send_back": PaymentStep(
        gettext_lazy("Returned by the bank"),
        gettext_lazy("These payments become due again."),
        gettext_lazy("due again"),
        Role.CONTROLLER,
        InstalmentState.ORDERED,
        Returned,
    ),
}


class PaymentsPage(StaffPage):
    """The payments this person may see, by the day they must be paid; a selection goes to a preview."""

    roles = MONEY_ROLES

    def get(self, request: SignedIn) -> HttpResponse:
        """The table; ``?state=`` chooses which."""
        name = request.GET.get("state", "open")
        _label, states = VIEWS.get(name, VIEWS["open"])
        found = payments(request).filter(state__in=states)
        page = Paginator(found.order_by("pay_by", "due_on", "pk"), PAGE).get_page(request.GET.get("page"))
        today, steps = amsterdam_day(request.at), fitting(request, {part.state for part in page})
        sources = {step.source for _name, step in steps}
        context = {
            "page": page,
            "rows": [{**line(part, today), "tick": part.state in sources} for part in page],
            "views": [(key, label) for key, (label, _s) in VIEWS.items()],
            "view": name if name in VIEWS else "open",
            "totals": totals(request),
            "steps": steps,
            "hidden": hidden(request),
        }
        return render(request, "workflows/controller/payments.html", context)

    def post(self, request: SignedIn) -> HttpResponse:
        """The preview, or with ``confirm`` the step on each."""
        name = request.POST.get("step", "")
        if name not in STEPS:
            raise Http404
        if not request.user.has_role(STEPS[name].role):
            raise PermissionDenied(name)
        step, confirmed = STEPS[name], "confirm" in request.POST
        form = step.form(request.POST if confirmed else None) if step.form else None
        ready = confirmed and (form is None or form.is_valid())
        data = dict(form.cleaned_data) if form is not None and ready else {}
        rows = list(rows_for(name, request, data, asked=ready))
        context = {
            "trail": [(_("Payments"), request.path)],
            "back": request.path,
            "step": name,
            "form": form,
            "title": step.label,
            "label": step.label,
            "says": step.says,
            "preview": Preview(rows),
        }
        if not ready:
            return render(request, "workflows/officer/preview.html", context, status=422 if confirmed else 200)
        act = by_arrow("instalment", name, actor=request.user, at=request.at)
        return render(request, "workflows/officer/results.html", {**context, "results": carry_out(rows, request.POST, act)})


def payments(request: SignedIn) -> QuerySet[Instalment]:
    """The payments this person may see, with all a line shows."""
    related = ("grant__application__organisation", "grant__application__applicant", "grant__stage__call__version")
    accounts: Any = BankAccount.objects.confirmed()  # django-stubs knows the fields of its abstract parent only
    changed = accounts.filter(application=OuterRef("grant__application"), iban=OuterRef("grant__iban")).order_by()
    paid_there = Instalment.objects.filter(
        grant__application=OuterRef("grant__application"), iban=OuterRef("grant__iban"), state=InstalmentState.PAID
    )
    found = Instalment.objects.visible_to(request.user).select_related(*related)
    return found.annotate(new_account=Exists(changed) & ~Exists(paid_there))


def fitting(request: SignedIn, states: set[str]) -> list[tuple[str, PaymentStep]]:
    """The steps this person could take on payments in these states: an officer approves, a controller does the rest."""
    return [(name, step) for name, step in STEPS.items() if request.user.has_role(step.role) and step.source in states]


def line(part: Instalment, today: date) -> dict[str, Any]:
    """One payment in the table."""
    return {
        "part": part,
        "grant": part.grant,
        "case": part.grant.application,
        "label": part.terms.label,
        "iban": spaced(part.iban or part.grant.iban),
        "new_account": part.new_account and not part.paid_on and not ordered_elsewhere(part),  # type: ignore[attr-defined]
        "late": part.state in OPEN and part.pay_by is not None and part.pay_by < today,
    }


def ordered_elsewhere(part: Instalment) -> bool:
    """Whether a payment was approved for another account than its grant has now."""
    return bool(part.iban) and part.iban != part.grant.iban


def totals(request: SignedIn) -> list[dict[str, Any]]:
    """Per state how many and how much."""
    counted = Instalment.objects.visible_to(request.user).values("state").annotate(number=Count("pk"), amount=Sum("amount")).order_by()
    found = {each["state"]: each for each in counted}
    return [
        {"state": state, "label": state.label, "number": found[state]["number"], "amount": found[state]["amount"]}
        for state in InstalmentState
        if state in found
    ]


def hidden(request: SignedIn) -> list[dict[str, Any]]:
    """Per round how many open payments lie in dossiers on which this person has not declared (or has an interest)."""
    seen = Instalment.objects.visible_to(request.user)
    others = Instalment.objects.filter(state__in=OPEN).exclude(pk__in=seen)
    where = ("grant__stage__call__reference", "grant__stage__key")
    return [
        {"call": row[where[0]], "key": row[where[1]], "number": row["number"]}
        for row in others.values(*where).annotate(number=Count("pk")).order_by(*where)
    ]


def rows_for(name: str, request: SignedIn, data: dict[str, Any], *, asked: bool) -> Iterator[Row]:
    """A row per ticked payment: to whom, how much, to which account, and why it cannot."""
    ticked = payments(request).filter(pk__in=selected(request.POST))
    fresh = {part.pk for part in ticked if part.new_account}  # type: ignore[attr-defined]
    visible = ticked.values("pk")
    found: Any = InstalmentMachine.objects.filter(pk__in=visible)
    related = ("grant__application__organisation", "grant__application__applicant", "grant__stage__call__version")
    for part in found.select_related(*related).order_by("pk"):
        case, iban = part.grant.application, part.iban or part.grant.iban
        new = _(" · new account, not paid to before") if part.pk in fresh and not ordered_elsewhere(part) else ""
        assumed = data if asked else {"reason": "?", **data}
        yield Row(
            part.pk,
            case.reference,
            f"{case.party} · {part.terms.label} · {spaced(iban)}{new}",
            str(STEPS[name].will),
            amount=Decimal(part.amount),
            now=part.get_state_display(),
            seen=fingerprint(part.state, part.amount, iban, part.grant.state),
            data=data,
            unmet=foresee(part, name, actor=request.user, at=request.at, data=assumed),
        )


def spaced(iban: str) -> str:
    """An account number in groups of four."""
    return " ".join(iban[start : start + 4] for start in range(0, len(iban), 4)) or _("no account")
