"""What a journey asks again and again: where the dossiers and the euros are, and what was written."""

from collections import Counter
from decimal import Decimal
from io import StringIO

from django.core.management import call_command

from reports.balancing import check_ledger
from tender.enums import Account
from tender.models import Application, Instalment, LedgerEntry
from tests.reading import text_of
from workflows.models import Event, Letter

PRINTING = (
    "application.submit", "application.complete", "application.revise", "application.request_completion", "application.cancel",
    "decision.sign", "decision.announce_intent", "report.remind", "application.postpone", "application.withdraw",
    "notice.note", "notice.fix", "correction.sign",
    "grant.suspend", "grant.resume", "report.approve", "report.request_completion", "report.reject",
    "objection.acknowledge", "objection.ask_completion", "objection.decide",
)  # fmt: skip
"""The events that print a letter; an advance that is paid does, another payment does not."""


def states(call):
    return sorted(Application.objects.filter(call=call).values_list("state", flat=True))


def balances(stage):
    """Every pot of a stage."""
    return {kind.value: LedgerEntry.objects.balance(stage, kind) for kind in Account}


def pots(**euros):
    """What every pot should hold: nothing, unless told."""
    return {kind.value: Decimal(euros.pop(kind.value, 0)) for kind in Account}


def letter(case, kind):
    """The text of the one letter of a kind in a dossier."""
    return text_of(Letter.objects.get(application=case, kind=kind))


def kinds(call):
    """How many letters of each kind went out."""
    return Counter(Letter.objects.filter(application__call=call).values_list("kind", flat=True))


def advances():
    """The events by which an advance went out."""
    for event in Event.objects.filter(kind="instalment.order"):
        part = Instalment.objects.get(pk=event.key)
        if part.terms.due != "settlement" and not part.grant.terms.directly_settled:
            yield event.pk


def assert_sound(untold=0):
    """Every event that prints a letter printed one and no other did; the trail is proven whole, and the ledger by it, but for so many
    pots that a test filled itself."""
    due = [*Event.objects.filter(kind__in=PRINTING).values_list("pk", flat=True), *advances()]
    assert sorted(Letter.objects.values_list("event_id", flat=True)) == sorted(due)
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    assert f"{Event.objects.count()} events" in out.getvalue()
    ledger = check_ledger()
    assert len(ledger.faults) == untold, ledger.faults
