"""Statements of the bank: read in, looked at line by line, then booked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.enums import Role
from tender.enums.paying import EntryPlan, StatementState
from tender.models import BankStatement
from tender.statements import MOST_BYTES, TOO_LARGE
from workflows.commands import Refused, perform
from workflows.commands.paying import read_statements
from workflows.models import StatementMachine
from workflows.pages.paying import PAGE, REFUSED, UNPROCESSABLE
from workflows.pages.room import MONEY_ROLES, StaffForm, StaffPage
from workflows.statements import Foreseen, foreseen, plan_sha256

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn


class Upload(StaffForm):
    """The file of the bank."""

    file = forms.FileField(
        label=gettext_lazy("Statement of the bank (camt.053, XML)"),
        help_text=gettext_lazy("Download it at the bank, at most 10 MB. Nothing is booked before you have looked."),
    )

    def clean_file(self) -> Any:
        """Not read at all where it is too large."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file


class StatementsPage(StaffPage):
    """The statements that were read in, the newest first, and the form to read in another."""

    roles = MONEY_ROLES

    def get(self, request: SignedIn) -> HttpResponse:
        """The list and the form."""
        return self.show(request, Upload())

    def post(self, request: SignedIn) -> HttpResponse:
        """Read in a file, or say why not."""
        if not request.user.has_role(Role.CONTROLLER):
            raise PermissionDenied("read")
        form = Upload(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(request, form, UNPROCESSABLE)
        try:
            made = read_statements(form.cleaned_data["file"].read(), actor=request.user, at=request.at)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error("file", reason)
            return self.show(request, form, REFUSED)
        messages.success(request, _("The statement is read in. Look at what it will do, then book it."))
        return redirect("workflows:statement", made[0].pk) if len(made) == 1 else redirect("workflows:statements")

    def show(self, request: SignedIn, form: Upload, status: int = 200) -> HttpResponse:
        """The page."""
        shown = BankStatement.objects.visible_to(request.user).select_related("read_by").annotate(number_of=Count("entries"))
        context = {
            "tab": "statements", "form": form, "page": Paginator(shown.order_by("-pk"), PAGE).get_page(request.GET.get("page")),
            "reads": request.user.has_role(Role.CONTROLLER) and not request.user.has_role(Role.AUDITOR),
            "trail": [(_("Payments"), reverse("workflows:payments"))],
        }  # fmt: skip
        return render(request, "workflows/controller/statements.html", context, status=status)


class StatementPage(StaffPage):
    """One statement: what each line will do, or did."""

    roles = MONEY_ROLES

    def get(self, request: SignedIn, pk: int) -> HttpResponse:
        """The lines."""
        return self.show(request, found_statement(request, pk))

    def post(self, request: SignedIn, pk: int) -> HttpResponse:
        """Book it, or set it aside."""
        found_statement(request, pk)
        name = request.POST.get("do", "")
        if name not in {"apply", "drop"}:
            raise Http404
        word = "seen" if name == "apply" else "reason"
        try:
            perform(StatementMachine, name, pk=pk, actor=request.user, at=request.at, **{word: request.POST.get(word, "").strip()[:4000]})
        except Refused as refused:
            return self.show(request, found_statement(request, pk), refused.reasons, REFUSED)
        messages.success(request, _("The statement is booked.") if name == "apply" else _("The statement is set aside."))
        return redirect("workflows:statement", pk)

    def show(self, request: SignedIn, statement: BankStatement, faults: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
        """The page."""
        plan = rows(statement, request)
        doing = [each for each in plan if each.plan != EntryPlan.NOTHING]
        context = {
            "tab": "statements", "statement": statement, "plan": sorted(plan, key=lambda each: each.plan != EntryPlan.NOTHING),
            "faults": faults, "waits": statement.state == StatementState.READ, "seen": plan_sha256(plan), "doing": len(doing),
            "paid": [each for each in doing if each.plan == EntryPlan.PAY], "back": [each for each in doing if each.plan != EntryPlan.PAY],
            "left": len(plan) - len(doing), "books": request.user.has_role(Role.CONTROLLER) and not request.user.has_role(Role.AUDITOR),
            "trail": [(_("Payments"), reverse("workflows:payments")), (_("Bank statements"), reverse("workflows:statements"))],
        }  # fmt: skip
        return render(request, "workflows/controller/statement.html", context, status=status)


def found_statement(request: SignedIn, pk: int) -> BankStatement:
    """The statement, to who may read of every payment that it tells of."""
    return get_object_or_404(BankStatement.objects.visible_to(request.user).select_related("read_by"), pk=pk)


def rows(statement: BankStatement, request: SignedIn) -> list[Foreseen]:
    """What each line would do; once it is booked, what it did."""
    if statement.state == StatementState.READ:
        return foreseen(statement, request.at)
    related = ("line__batch", "line__instalment__grant__application")
    return [Foreseen(each, EntryPlan(each.did or EntryPlan.NOTHING), each.why) for each in statement.entries.select_related(*related)]


urlpatterns: list[URLPattern] = [
    path("betalingen/afschriften/", StatementsPage.as_view(), name="statements"),
    path("betalingen/afschriften/<int:pk>/", StatementPage.as_view(), name="statement"),
]
