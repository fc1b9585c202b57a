"""The one door: all or nothing, one line of the trail for each arrow, and no case without a birth."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from tender.canonical import digest
from tender.enums import Account, Role
from tender.models import Application, Grant, LedgerEntry
from tests.factories import (
    asking,
    close,
    declare,
    dossier,
    objecting,
    open_call,
    pay,
    pitching,
    practice,
    publish,
    screen,
    submitted,
    variant,
)
from tests.factories.awarded import award
from tests.factories.beside import asked, asking_call, filled, invited
from tests.factories.cast import ALL_OF_THE_HOUSE
from tests.factories.paying import entry, paying
from tests.factories.people import person
from tests.factories.recovering import claimed, today
from tests.factories.standing_in import stand_in
from tests.factories.wording import written
from tests.workflows.machines.test_corresponding import corresponded
from tests.workflows.machines.test_panel import advised
from tests.workflows.machines.test_posting import one_of_each
from tests.workflows.machines.walking import snapshot
from tests.workflows.refusals.test_grants import small_grant
from tests.workflows.refusals.test_lateness import late, note_default
from workflows.commands import Refused, create, perform
from workflows.commands.assigning import assign_round
from workflows.commands.door import CASCADES
from workflows.commands.joining import found_organisation
from workflows.commands.linking import link_parties, note_aid
from workflows.machines import MACHINES
from workflows.models import ApplicationMachine, Event, GrantMachine, InsolvencyMachine, InstalmentMachine, Outbox, StageMachine

pytestmark = pytest.mark.django_db


class Broken(Exception):
    """Something fails half-way."""


def ready_to_score(number=3):
    game = open_call(publish("pressure_cooker"))
    cases = [submitted(game.call, at=game.at) for _ in range(number)]
    at = close(game.stage())
    for case in cases:
        screen(case, game.house, at)
        declare(case, *game.house.assessors, at=at)
    assign_round(stage=game.stage(), actor=game.house.officer, at=at)
    return game, at


def test_a_cascade_that_fails_half_way_leaves_nothing(monkeypatch):
    game, at = ready_to_score()
    seen = []

    def second_time(case, step):
        seen.append(case.pk)
        if len(seen) == 2:
            raise Broken

    monkeypatch.setitem(CASCADES, "application.take_up", [second_time])
    before = snapshot()
    with pytest.raises(Broken):
        perform(StageMachine, "start_scoring", pk=game.stage().pk, actor=game.house.officer, at=at)
    assert len(seen) == 2
    assert snapshot() == before
    monkeypatch.undo()
    perform(StageMachine, "start_scoring", pk=game.stage().pk, actor=game.house.officer, at=at)
    assert set(Application.objects.values_list("state", flat=True)) == {"in_review"}


def test_cases_of_a_round_move_in_one_order(monkeypatch):
    game, at = ready_to_score()
    order = []
    monkeypatch.setitem(CASCADES, "application.take_up", [lambda case, step: order.append(case.pk)])
    perform(StageMachine, "start_scoring", pk=game.stage().pk, actor=game.house.officer, at=at)
    assert order == sorted(order) != []


def test_a_pot_that_is_emptied_meanwhile_is_a_refusal():
    game, grant = small_grant()
    part = grant.instalments.get()
    perform(InstalmentMachine, "approve", pk=part.pk, actor=game.house.officer, at=game.at)
    perform(InstalmentMachine, "order", pk=part.pk, actor=game.house.controller, at=game.at)
    event = Event.objects.latest("at").pk
    LedgerEntry.objects.move(grant.application, grant.stage, grant.amount, source=Account.ORDERED, target=Account.FREE, event_id=event)
    before = snapshot()
    with pytest.raises(Refused, match="plafond"):
        perform(InstalmentMachine, "pay", pk=part.pk, actor=game.house.controller, at=game.at, bank_reference="B1")
    assert snapshot() == before


def test_every_arrow_is_one_line_and_the_lines_hang_together():
    game, grant = small_grant()
    chains = set(Event.objects.values_list("chain", flat=True))
    assert chains == {f"call:{game.call.reference}", f"dossier:{grant.application.reference}"}
    for chain in chains:
        lines = list(Event.objects.filter(chain=chain).order_by("seq"))
        assert [line.seq for line in lines] == list(range(1, len(lines) + 1))
        assert lines[0].previous == ""
        assert all(after.previous == before.hash for before, after in pairwise(lines))
        assert all(line.hash == digest(line.content()) for line in lines)
    for noun, machine in MACHINES.items():
        for case in machine.objects.all():
            lines = list(Event.objects.about(case))
            assert [line.before for line in lines] == ["", *(line.after for line in lines[:-1])], noun
            assert lines[-1].after == case.state, noun


def test_what_was_written_cannot_be_told_otherwise():
    small_grant()
    line = Event.objects.filter(kind="decision.sign").get()
    line.data = {**line.data, "amount": "1.00"}
    assert digest(line.content()) != line.hash


@pytest.mark.parametrize("state", ["", "invented"])
def test_no_row_is_in_no_state(state):
    """The state of what does not exist yet, and one nobody knows, are refused by the database itself."""
    game, _grant = small_grant()
    pitching.offer(game)
    corresponded(Application.objects.get())
    one_of_each(Application.objects.get())
    advised()  # a panel's seats and advice, which no grant of the mini-fund has
    tried = open_call(variant("hub_support", practice.PRACTICE))
    practice.begin(tried.stage(), tried.house.jurors[0], tried.at)
    asking.ask(tried.stage(), at=tried.at)
    beside = asking_call()
    asked(filled(beside.call, beside.at), beside.at)
    invited(dossier(beside.call, at=beside.at), person("maker"), beside.at)
    written(tried)
    objecting.filed(objecting.published())
    found_organisation(actor=person("founder"), at=beside.at, name="Studio", kvk="87654321")
    stand_in(beside.house.reader, beside.house.coach, "reader", by=beside.house.reader, at=beside.at)
    waiting, case = late()
    note_default(case, waiting.house.officer, waiting.at + timedelta(days=60), received=date(2026, 3, 5))
    by, day = {"reason": "Het register.", "actor": game.house.officer, "at": game.at}, game.at.date()
    link_parties(person("one"), person("other"), since=day, **by)
    note_aid(person("third"), body="Gemeente", amount=Decimal(1000), granted_on=day, **by)
    money = paying(1)
    money.read(entry(money.sent().lines.get()))
    it = award(1)
    grant = Grant.objects.latest("pk")
    it.take(GrantMachine, "accept", grant, "signer")
    pay(grant, it.cast.house, it.at)
    claimed(it, Grant.objects.get(pk=grant.pk))
    said = {"kind": "bankruptcy", "trustee": "mr. Curator", "register_number": "F.1", "since": today(it)}
    create(InsolvencyMachine, "note", of={"application": grant.application}, actor=it.cast["officer"], at=it.at, **said)
    for noun, machine in MACHINES.items():
        pk = machine.objects.values_list("pk", flat=True).first()
        assert pk, noun
        with pytest.raises(IntegrityError), transaction.atomic():
            machine.objects.filter(pk=pk).update(state=state)


def test_a_case_is_born_once():
    game = open_call(publish("minifund"))
    case = dossier(game.call, at=game.at)
    with pytest.raises(Refused):
        perform(ApplicationMachine, "open", pk=case.pk, actor=case.applicant, at=game.at)
    with pytest.raises(ApplicationMachine.DoesNotExist):
        perform(ApplicationMachine, "submit", pk=case.pk + 1, actor=case.applicant, at=game.at)


def test_a_state_is_not_set_by_hand():
    game = open_call(publish("minifund"))
    case = dossier(game.call, at=game.at)
    with pytest.raises(AttributeError):
        case.state = "awarded"
    with pytest.raises(AttributeError):
        ApplicationMachine.objects.get(pk=case.pk).state = "awarded"


def test_the_auditor_takes_no_arrow_whatever_else_they_are():
    """Even where they were asked to declare: an auditor has no part to take."""
    auditor = person("auditor", Role.AUDITOR, Role.CLOCK, *ALL_OF_THE_HOUSE)
    small_grant()
    before = snapshot()
    for machine in MACHINES.values():
        for case in machine.objects.all():
            for arrow in {each.name for each in case.get_all_state_transitions() if each.source == case.state}:
                with pytest.raises(PermissionDenied):
                    perform(machine, arrow, pk=case.pk, actor=auditor, at=case_time())
    assert snapshot() == before


def case_time():
    return Event.objects.latest("at").at


def test_making_a_case_is_all_or_nothing(monkeypatch):
    game = open_call(publish("minifund"))

    def fail(case, step):
        raise Broken

    monkeypatch.setitem(CASCADES, "application.open", [fail])
    user = person("somebody")
    issued = game.call.issued
    of = {"call": game.call, "stage": game.stage(), "organisation": None}
    before = snapshot()
    with pytest.raises(Broken):
        create(ApplicationMachine, "open", of=of, actor=user, at=game.at)
    assert snapshot() == before
    game.call.refresh_from_db()
    assert game.call.issued == issued
    assert not Outbox.objects.filter(event__noun="application").exists()
    assert LedgerEntry.objects.balance(game.stage(), Account.FREE) == Decimal(100000)
