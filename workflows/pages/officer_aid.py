"""State aid per undertaking: what it had in three years, what is left; who counts as one with whom, and aid that another body gave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tender.calendar import add_months, amsterdam_day
from tender.enums import AidNoteState, LinkState, Role
from tender.models import AidNote, Application, Grant, Organisation, UndertakingLink, User
from tender.state_aid import MONTHS
from tender.undertakings import FELL_AWAY, named
from workflows.aid import Account, accounts, closed_parties, key_of, last_day_to_report, stated
from workflows.commands import Refused, perform
from workflows.commands.linking import link_parties, note_aid
from workflows.models import AidNoteMachine, LinkMachine
from workflows.pages.room import MONEY_ROLES, StaffForm, StaffPage
from workflows.plain import MoneyField, TextArea

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpResponse

    from tender.http import SignedIn

PAGE = 25
REFUSED, UNPROCESSABLE = 409, 422
ACTORS = (Role.OFFICER, Role.CONTROLLER)


class LinkForm(StaffForm):
    """Another organisation that counts as one with this party."""

    kvk = forms.RegexField(
        r"^\s*\d{8}\s*$", label=gettext_lazy("KvK number of the other organisation"),
        error_messages={"invalid": gettext_lazy("A KvK number has eight digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    name = forms.CharField(
        label=gettext_lazy("Its name, if it never applied here"), max_length=160, required=False,
        help_text=gettext_lazy("As the trade register has it."),
    )  # fmt: skip
    since = forms.DateField(label=gettext_lazy("Linked since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    stated_in = forms.ModelChoiceField(Application.objects.none(), label=gettext_lazy("Stated in the application"), required=False)

    def __init__(self, *args: Any, cases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stated_in"].queryset = cases  # type: ignore[attr-defined]
        self.fields["stated_in"].empty_label = _("no: we found it out ourselves")  # type: ignore[attr-defined]
        self.fields["reason"] = TextArea(label=_("From what it shows"), rows=2, most=2000)

    def other(self) -> Organisation:
        """The other organisation; one that never applied here is made."""
        kvk = self.cleaned_data["kvk"].strip()
        found, _made = Organisation.objects.get_or_create(kvk=kvk, defaults={"name": self.cleaned_data["name"].strip() or f"KvK {kvk}"})
        return found


class NoteForm(StaffForm):
    """De minimis aid of another body."""

    body = forms.CharField(label=gettext_lazy("Who gave it"), max_length=160)
    amount = MoneyField(label=gettext_lazy("Amount"))
    granted_on = forms.DateField(label=gettext_lazy("Day of the decision"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = TextArea(label=_("Where we have it from"), rows=2, most=2000)


class OpposeForm(StaffForm):
    """Why a link ends or a note is struck out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = TextArea(label=_("Why"), rows=1, most=2000)


def with_aid(day: date) -> tuple[Any, Any]:
    """The organisations, and the people without one, that had de minimis aid in three years or count as one with another."""
    since = add_months(day, -MONTHS)
    grants = Grant.objects.filter(decision__published_at__date__gte=since).exclude(state__in=FELL_AWAY)
    open_ones = Application.objects.filter(decisions__state__in=["drafted", "hearing", "in_check", "approved", "signed"])
    notes, links = AidNote.objects.filter(state=AidNoteState.NOTED), UndertakingLink.objects.filter(state=LinkState.LINKED)
    mine, his = OuterRef("pk"), OuterRef("pk")
    organisations = Organisation.objects.filter(
        Exists(grants.filter(application__organisation=mine)) | Exists(notes.filter(organisation=mine))
        | Exists(links.filter(organisation=mine)) | Exists(open_ones.filter(organisation=mine))
    )  # fmt: skip
    people = User.objects.filter(
        Exists(grants.filter(application__organisation=None, application__applicant=his)) | Exists(notes.filter(person=his))
        | Exists(links.filter(person=his)) | Exists(open_ones.filter(organisation=None, applicant=his))
    )  # fmt: skip
    return organisations.order_by("name", "pk"), people.order_by("name", "pk")


class AidListPage(StaffPage):
    """Every undertaking with de minimis aid in the past three years; ``?q=`` finds by name or KvK number."""

    roles = MONEY_ROLES

    def get(self, request: SignedIn) -> HttpResponse:
        """A page of them, by name."""
        day, asked = amsterdam_day(request.at), request.GET.get("q", "").replace("\0", "").strip()[:100]
        organisations, people = with_aid(day)
        if asked:
            organisations = organisations.filter(Q(name__icontains=asked) | Q(kvk__startswith=asked))
            people = people.filter(name__icontains=asked)
        closed = closed_parties(request.user)
        found = [party for party in [*organisations, *people] if key_of(party) not in closed]
        page = Paginator(found, PAGE).get_page(request.GET.get("page"))
        rows = [row for row in accounts(page, day) if not closed & {key_of(party) for party in row.parties}]
        context = {"page": page, "rows": rows, "q": asked, "day": day, "trail": [(_("Work"), reverse("workflows:inbox"))]}
        return render(request, "workflows/officer/aid.html", context)


class AidPage(StaffPage):
    """One undertaking: its parties, all its aid, and what is noted of it."""

    roles = MONEY_ROLES

    def get(self, request: SignedIn, kind: str, pk: int) -> HttpResponse:
        """The account and its forms."""
        return self.show(request, self.party(kind, pk))

    def post(self, request: SignedIn, kind: str, pk: int) -> HttpResponse:
        """Link another party, end a link, note aid, or strike it out."""
        party = self.party(kind, pk)
        self.open_to(request, self.account(request, party))
        if not request.user.has_role(*ACTORS):
            raise PermissionDenied("aid")
        what = request.POST.get("step", "")
        if what in {"link", "note"}:
            return self.add(request, party, what)
        if what in {"end", "strike"}:
            return self.undo(request, party, what)
        raise Http404

    def add(self, request: SignedIn, party: Organisation | User, what: str) -> HttpResponse:
        """Link another party, or note aid."""
        cases = self.cases(request, party)
        form = LinkForm(request.POST, cases=cases, auto_id="link_%s") if what == "link" else NoteForm(request.POST, auto_id="note_%s")
        if not form.is_valid():
            return self.show(request, party, {what: form}, status=UNPROCESSABLE)
        said: dict[str, Any] = form.cleaned_data
        by: dict[str, Any] = {"actor": request.user, "at": request.at}
        try:
            if isinstance(form, LinkForm):
                with transaction.atomic():  # an organisation that is made for a link that is refused goes with it
                    link_parties(party, form.other(), since=said["since"], reason=said["reason"], stated_in=said["stated_in"], **by)
            else:
                note_aid(party, **said, **by)
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            return self.show(request, party, {what: form}, status=REFUSED)
        messages.success(request, _("Noted."))
        return redirect(request.path)

    def undo(self, request: SignedIn, party: Organisation | User, what: str) -> HttpResponse:
        """End a link from today on, or strike out a note."""
        account = self.account(request, party)
        rows: Any = account.links if what == "end" else account.notes
        row = next((each for each in rows if str(each.pk) == request.POST.get("row", "")), None)
        if row is None:
            raise Http404
        form = OpposeForm(request.POST, auto_id=f"{what}_{row.pk}_%s")
        if not form.is_valid():
            return self.show(request, party, {(what, row.pk): form}, status=UNPROCESSABLE)
        machine, more = (LinkMachine, {"until": amsterdam_day(request.at)}) if what == "end" else (AidNoteMachine, {})
        try:
            perform(machine, what, pk=row.pk, actor=request.user, at=request.at, reason=form.cleaned_data["reason"], **more)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("Noted."))
        return redirect(request.path)

    def party(self, kind: str, pk: int) -> Organisation | User:
        """The organisation, or the person: one who ever applied, or of whom something is noted; else 404."""
        if kind == "organisatie":
            return get_object_or_404(Organisation, pk=pk)
        if kind != "persoon":
            raise Http404
        known = Q(applications__organisation=None, applications__isnull=False) | Q(undertaking_links__isnull=False)
        return get_object_or_404(User.objects.filter(known).distinct(), pk=pk)

    def account(self, request: SignedIn, party: Organisation | User) -> Account:
        """The undertaking of a party today."""
        return accounts([party], amsterdam_day(request.at))[0]

    def open_to(self, request: SignedIn, account: Account) -> None:
        """403 for who has an interest in a dossier of one of the parties."""
        if closed_parties(request.user) & {key_of(party) for party in account.parties}:
            raise PermissionDenied("interest")

    def cases(self, request: SignedIn, party: Organisation | User) -> Any:
        """The dossiers of a party that this person may read and that were handed in."""
        mine = {"organisation": party} if isinstance(party, Organisation) else {"organisation": None, "applicant": party}
        return Application.objects.visible_to(request.user).filter(submissions__isnull=False, **mine).with_rules().distinct()

    def show(self, request: SignedIn, party: Organisation | User, typed: dict[Any, Any] | None = None, status: int = 200) -> HttpResponse:
        """The page; ``typed``: the form that was filled in just now."""
        account, typed = self.account(request, party), typed or {}
        self.open_to(request, account)
        cases, today = self.cases(request, party), amsterdam_day(request.at)
        readable = set(Application.objects.visible_to(request.user).values_list("pk", flat=True))
        context = {
            "party": party, "account": account, "day": today, "since": add_months(today, -MONTHS),
            "may": request.user.has_role(*ACTORS) and not request.user.has_role(Role.AUDITOR),
            "grants": [
                {"grant": each, "open": each.application_id in readable, "by": last_day_to_report(each)} for each in account.grants
            ],
            "pending": [each for each in account.pending if each.application_id in readable],
            "pending_closed": sum(each.application_id not in readable for each in account.pending),
            "links": [(link, typed.get(("end", link.pk)) or OpposeForm(auto_id=f"end_{link.pk}_%s")) for link in account.links],
            "notes": [(note, typed.get(("strike", note.pk)) or OpposeForm(auto_id=f"strike_{note.pk}_%s")) for note in account.notes],
            "stated": stated(cases), "form": typed.get("link") or typed.get("note"),
            "link_form": typed.get("link") or LinkForm(cases=cases, auto_id="link_%s", initial={"since": today}),
            "note_form": typed.get("note") or NoteForm(auto_id="note_%s"),
            "ended": UndertakingLink.objects.filter(state=LinkState.ENDED, **named(party)).select_related("undertaking"),
            "trail": [(_("Work"), reverse("workflows:inbox")), (_("State aid"), reverse("workflows:aid"))],
        }  # fmt: skip
        return render(request, "workflows/officer/aid_party.html", context, status=status)
