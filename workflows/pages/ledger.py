"""The ledger of a call: the pots by source and year, and every line with its event and its dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from tender.enums import FUNDED, Account
from tender.models import Call, LedgerAccount
from workflows.labels import LABELS
from workflows.ledger import lines_of, shares, totals, with_events
from workflows.pages.room import MONEY_ROLES, StaffForm, StaffPage, trail
from workflows.queries import closed_rounds

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tender.http import SignedIn
    from tender.models import LedgerEntry
    from workflows.ledger import Share
    from workflows.models import Event

PAGE = 50
EVERY = ("", _("all"))
WORDS = {
    "stage.announce": _("Money made available"),
    "application.award": _("Awarded"),
    "grant.settle": _("Settled"),
    "grant.lapse": _("Grant lapsed"),
    "decision.discard": _("Decision dropped"),
    "decision.propose": _("Decision proposed"),
    "instalment.order": _("Payment released to the bank"),
    "instalment.pay": _("Paid"),
    "instalment.send_back": _("Payment returned by the bank"),
}
"""What happened, where the label of the button says what to do."""


class Sought(StaffForm):
    """Which lines one wants to see."""

    dossier = forms.CharField(label=_("Dossier"), required=False, max_length=40)
    pot = forms.ChoiceField(label=_("Pot"), required=False, choices=[EVERY, *Account.choices, (FUNDED, _("made available"))])
    source = forms.ChoiceField(label=_("Source and year"), required=False)

    def __init__(self, *args: Any, of: list[Share], **kwargs: Any) -> None:
        """With the sources and years that the call has."""
        super().__init__(*args, **kwargs)
        named = {f"{share.source.key}:{share.year}": f"{share.source} {share.year}" for share in of}
        self.fields["source"].choices = [EVERY, *named.items()]  # type: ignore[attr-defined]


class LedgerPage(StaffPage):
    """One call: what each source gave and where it is; under it every line, newest first."""

    roles = MONEY_ROLES

    def get(self, request: SignedIn, call: str) -> HttpResponse:
        """The page; ``?dossier=``, ``?pot=`` and ``?source=`` choose lines. Who may not read all of it sees no number and no balance
        after a line, for these would tell what the others are."""
        found = get_object_or_404(Call, reference=call)
        rounds = closed_rounds(request.user)
        pots = shares(LedgerAccount.objects.filter(stage__call=found).exclude(stage__in=rounds))
        form = Sought(request.GET, of=pots)
        lines, told = lines_of(found, request.user, rounds)
        if form.is_valid():
            lines = lines.filter(**chosen(form.cleaned_data))
        page = Paginator(lines, PAGE).get_page(request.GET.get("page"))
        given, sums = totals(pots)
        context = {
            "call": found, "shares": pots, "given": given, "sums": sums, "kinds": list(Account), "form": form, "page": page,
            "rows": [row(line, event) for line, event in with_events(page)], "told": told,
            "trail": trail(),
        }  # fmt: skip
        return render(request, "workflows/controller/ledger.html", context)


def chosen(said: dict[str, str]) -> dict[str, Any]:
    """The filter that a valid form stands for."""
    found: dict[str, Any] = {}
    if said["dossier"]:
        found["application__reference__icontains"] = said["dossier"].strip()
    if said["pot"]:
        found["account__kind"] = said["pot"]
    if said["source"]:
        key, _colon, year = said["source"].rpartition(":")
        found |= {"account__source__key": key, "account__year": int(year)}
    return found


def row(line: LedgerEntry, event: Event | None) -> dict[str, Any]:
    """One line of the table, with what happened in words."""
    kind = event.kind if event else ""
    return {"line": line, "event": event, "what": WORDS.get(kind) or LABELS.get(kind, kind), "pot": line.account.get_kind_display()}
