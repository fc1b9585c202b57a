"""A seat in a panel, and the advice of a panel: who may do what in which state, as a whole."""

from datetime import timedelta

import pytest

from scoring.models import Advice, Panel, Seating
from scoring.terms import terms_hash
from tender.enums import ConflictState, Role
from tests.factories import declare, open_call, practice, score, variant
from tests.factories.cast import cast
from tests.workflows.machines.test_jury import Round
from tests.workflows.machines.walking import Walk, reached, states_of
from tests.workflows.refusals.saying import refused
from workflows.commands import create, perform
from workflows.commands.assigning import assign_round
from workflows.models import AdviceMachine, ConflictMachine, PracticeMachine, SeatMachine, StageMachine

pytestmark = pytest.mark.django_db

COMPOSERS = ("officer", "secretary", "recused", "newcomer")
SEAT = {
    "": dict.fromkeys(COMPOSERS, "invite"),
    "invited": {"outsider": "accept decline"},
    "accepted": {},
    "declined": dict.fromkeys(COMPOSERS, "invite_again"),
}
ADVICE = {
    "": {"clock": "draft"},
    "drafted": {"secretary": "edit", "chair": "sign"},
    "edited": {"secretary": "edit", "chair": "sign"},
    "signed": {},
}
PRACTICE = {
    "": dict.fromkeys(("juror", "fellow", "chair", "deputy"), "begin"),
    "started": {"juror": "seal"},
    "sealed": {},
}
WORDS = {"parts": {"bereik": "Sterk in de regio."}, "text": ""}


def test_who_may_do_what_with_a_seat():
    everybody = cast()
    at = everybody.house.officer.date_joined
    panel = Panel.objects.create(name="Raad", since=at.date())
    walk, outsider = Walk(SeatMachine, everybody), everybody["outsider"]
    of = {"panel": panel, "part": Role.JUROR, "since": panel.since}
    walk.note_new(lambda user: {**of, "user": outsider}, at)
    yes = create(SeatMachine, "invite", of={**of, "user": outsider}, actor=everybody["officer"], at=at)
    walk.note(yes.pk, at)
    refused("terms_as_read", SeatMachine, "accept", yes, outsider, at, terms="0" * 64)
    event = perform(SeatMachine, "accept", pk=yes.pk, actor=outsider, at=at, terms=terms_hash())
    assert (event.chain, event.data) == (f"panel:{panel.pk}", {"terms_sha256": terms_hash()})
    seated = walk.note(yes.pk, at)
    assert (seated.answered_at, seated.terms_sha256) == (at, terms_hash())
    no = create(SeatMachine, "invite", of={**of, "user": everybody["viewer"]}, actor=everybody["secretary"], at=at)
    event = perform(SeatMachine, "decline", pk=no.pk, actor=everybody["viewer"], at=at, reason="Geen tijd.")
    assert event.data == {"reason": "Geen tijd."}
    walk.note(no.pk, at)
    perform(SeatMachine, "invite_again", pk=no.pk, actor=everybody["secretary"], at=at)
    assert SeatMachine.objects.get(pk=no.pk).answered_at is None
    walk.people["outsider"], walk.people["viewer"] = everybody["viewer"], outsider
    walk.note(no.pk, at)
    assert walk.table == SEAT


def test_who_may_do_what_with_a_practice_proposal():
    everybody = cast()
    game = open_call(variant("hub_support", practice.PRACTICE), house=everybody.house)
    stage, juror = game.stage(), everybody["juror"]
    walk = Walk(PracticeMachine, everybody)
    walk.note_new(lambda user: {"stage": stage, "juror": user, "practice": "hub"}, game.at)
    sheet = practice.begin(stage, juror, game.at)
    walk.note(sheet.pk, game.at)
    practice.fill(sheet, game.at)
    event = perform(PracticeMachine, "seal", pk=sheet.pk, actor=juror, at=game.at)
    assert (event.chain, event.data) == (f"panel:{stage.seating.panel_id}", {"stage": stage.key, "practice": "hub"})
    walk.note(sheet.pk, game.at)
    assert walk.table == PRACTICE


def advised():
    """A round of a panel, ranked: an advice drafted on its one application."""
    game = Round()
    house, stage, at = game.cast.house, game.game.stage(), game.at
    declare(game.case, *house.jurors, at=at)
    assign_round(stage=stage, actor=house.officer, at=at)
    game.take(StageMachine, "start_scoring", stage.pk, "officer")
    for sheet in game.case.sheets.all():
        score(game.case, sheet.juror, at)
    for name, who in (("ask_rank", "secretary"), ("rank", "chair")):
        game.take(StageMachine, name, stage.pk, who)
    return game


def test_who_may_do_what_with_an_advice():
    game = advised()
    stage, at = game.game.stage(), game.at
    walk = Walk(AdviceMachine, game.cast)
    advice = Advice.objects.get(application=game.case)
    of = {"application": game.case, "stage": stage, "ranking": advice.ranking}
    walk.note_new(lambda user: of, at)
    assert advice.in_full.splitlines() == ["Sterk."] * len(advice.in_full.splitlines())
    walk.note(advice.pk, at)
    first = advice.seen_sha256
    refused("advice_as_seen", AdviceMachine, "edit", advice, game.cast["secretary"], at, **WORDS)
    game.take(AdviceMachine, "edit", advice.pk, "secretary", seen=first, parts={}, text="")
    walk.note(advice.pk, at)
    refused("advice_as_seen", AdviceMachine, "edit", advice, game.cast["secretary"], at, seen=first, **WORDS)
    refused("advice_as_seen", AdviceMachine, "sign", advice, game.cast["chair"], at, seen=first)
    empty = Advice.objects.get(pk=advice.pk).seen_sha256
    refused("advice_given", AdviceMachine, "sign", advice, game.cast["chair"], at, seen=empty)
    game.take(AdviceMachine, "edit", advice.pk, "secretary", seen=empty, **WORDS)
    walk.note(advice.pk, at)
    game.take(AdviceMachine, "sign", advice.pk, "chair", seen=Advice.objects.get(pk=advice.pk).seen_sha256)
    signed = walk.note(advice.pk, at)
    assert (signed.signed_by, signed.signed_at, signed.parts) == (game.cast["chair"], at, WORDS["parts"])
    assert walk.table == ADVICE


def test_who_accepts_late_is_asked_about_what_was_found_eligible_before():
    game = Round()
    house, stage, late = game.cast.house, game.game.stage(), game.cast["outsider"]
    of = {"panel": stage.seating.panel, "user": late, "part": Role.JUROR, "since": stage.seating.panel.since}
    seat = create(SeatMachine, "invite", of=of, actor=house.officer, at=game.at)
    assert late.pk not in Seating.objects.seats(stage).values_list("user_id", flat=True), "who did not accept does not sit"
    assert late.pk in Seating.objects.members(stage).values_list("user_id", flat=True)
    perform(SeatMachine, "accept", pk=seat.pk, actor=late, at=game.at + timedelta(hours=1), terms=terms_hash())
    assert game.case.conflicts.get(user=late).state == ConflictState.ASKED
    perform(ConflictMachine, "declare_none", pk=game.case.conflicts.get(user=late).pk, actor=late, at=game.at + timedelta(hours=2))


@pytest.mark.parametrize(("machine", "table"), [(SeatMachine, SEAT), (AdviceMachine, ADVICE), (PracticeMachine, PRACTICE)])
def test_the_tables_have_every_state(machine, table):
    assert set(table) == states_of(machine) == reached(machine) | {""}
