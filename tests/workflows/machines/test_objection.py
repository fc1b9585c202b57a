"""An objection: who may do what in which state, as a whole."""

from datetime import timedelta

import pytest

from tender.calendar import amsterdam_day
from tests.factories import declare, submitted
from tests.factories.cast import cast
from tests.factories.objecting import GROUNDS, MARKS, Published, take
from tests.factories.rounds import assign, close, decide_round, open_call, publish, score
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import create, perform
from workflows.models import ApplicationMachine, ObjectionMachine, StageMachine

pytestmark = pytest.mark.django_db

HANDLER, BOTH = "objection handler", ("signatory", "head")
TABLE = {
    "": {"signer": "file", "officer": "enter", HANDLER: "enter"},
    "filed": {"signer": "withdraw", HANDLER: "acknowledge postpone note_withdrawal", "clock": "count_in_time"},
    "acknowledged": {
        "signer": "withdraw", HANDLER: "ask_completion find_admissible plan_hearing advise postpone note_withdrawal",
        "clock": "count_in_time",
    },
    "incomplete": {"signer": "complete withdraw", HANDLER: "note_completion note_withdrawal", "clock": "let_term_pass count_in_time"},
    "admissible": {"signer": "withdraw", HANDLER: "plan_hearing hear dispense postpone note_withdrawal", "clock": "count_in_time"},
    "heard": {"signer": "withdraw", HANDLER: "advise postpone note_withdrawal", "clock": "count_in_time"},
    "advised": {
        "signer": "withdraw", HANDLER: "postpone note_withdrawal", **dict.fromkeys(BOTH, "send_back decide"), "clock": "count_in_time",
    },
    "inadmissible": {"clock": "close"},
    "unfounded": {"clock": "close"},
    "founded": {HANDLER: "conclude", "clock": "settle"},
    "closed": {},
    "withdrawn": {},
}  # fmt: skip


def round_of(everybody):
    """A published round with the dossier of the cast in it, refused; who handles has declared."""
    house = everybody.house
    game = open_call(publish("pressure_cooker"), house=house, ceiling=25_000)
    cases = {name: submitted(game.call, at=game.at) for name in ("best", "level")}
    cases["weak"] = submitted(game.call, at=game.at, case=everybody.dossier(game.call, at=game.at))
    stage = game.stage()
    at = close(stage)
    ticked = {check.key: True for check in stage.rules.checklist}
    for case in cases.values():
        declare(case, *house.staff, everybody[HANDLER], at=at)
        perform(ApplicationMachine, "find_eligible", pk=case.pk, actor=house.officer, at=at, checklist=ticked)
        assign(case, [house.officer, house.reader], house, at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    for name, case in cases.items():
        for assessor in (house.officer, house.reader):
            score(case, assessor, at, mark=MARKS[name])
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.officer, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.reader, at=at)
    decide_round(game.stage(), house, at)
    return Published(game, cases, everybody[HANDLER], house.head, at)


def test_who_may_do_what_with_an_objection():
    everybody = cast()
    made = round_of(everybody)
    walk, at, party = Walk(ObjectionMachine, everybody), made.at + timedelta(days=3), everybody["signer"]
    handler, head = made.handler, everybody["head"]

    def new(name="weak", actor=None):
        case = made.case(name)
        of = {"application": case, "decision": made.decision(name)}
        return create(ObjectionMachine, "file", of=of, actor=actor or case.applicant, at=at, grounds=GROUNDS)

    walk.note_new(lambda user: {"application": made.case(), "decision": made.decision()}, at, grounds=GROUNDS)
    first = new()
    walk.note(first.pk, at)
    take(first, "acknowledge", handler, at)
    walk.note(first.pk, at)
    take(first, "ask_completion", handler, at, gaps="De gronden.", until=amsterdam_day(at) + timedelta(days=14))
    walk.note(first.pk, at)
    take(first, "complete", party, at, completion="Hierbij.")
    take(first, "find_admissible", handler, at)
    walk.note(first.pk, at)
    take(first, "dispense", handler, at, no_hearing="declined", reason="Wil niet worden gehoord.")
    walk.note(first.pk, at)
    take(first, "advise", handler, at, outcome="founded", advice="De score klopt niet.")
    walk.note(first.pk, at)
    take(first, "send_back", head, at, reason="Licht dit toe.")
    walk.note(first.pk, at)
    take(first, "advise", handler, at, outcome="unfounded", advice="De score klopt.")
    take(first, "decide", head, at, outcome="unfounded", reasons="De score klopt.")
    walk.note(first.pk, at)

    second = new("best")
    take(second, "acknowledge", handler, at)
    take(second, "advise", handler, at, outcome="inadmissible", inadmissible="no_interest", advice="Geen belang.")
    take(second, "send_back", head, at, reason="Licht dit toe.")
    take(second, "advise", handler, at, outcome="inadmissible", inadmissible="no_interest", advice="Kreeg alles.")
    take(second, "decide", head, at, outcome="inadmissible", inadmissible="no_interest", reasons="Kreeg alles.")
    seen(walk, second, at, everybody)
    take(second, "close", everybody["clock"], at + timedelta(days=60))
    seen(walk, second, at, everybody)

    third = new("level")
    take(third, "withdraw", made.case("level").applicant, at)
    seen(walk, third, at, everybody)
    fourth = new("level")
    take(fourth, "acknowledge", handler, at)
    take(fourth, "find_admissible", handler, at)
    take(fourth, "dispense", handler, at, no_hearing="met", reason="Wij komen tegemoet.")
    take(fourth, "advise", handler, at, outcome="founded", advice="Het bedrag is te laag.")
    take(fourth, "decide", head, at, outcome="founded", follows="otherwise", reasons="Het bedrag is te laag.")
    seen(walk, fourth, at, everybody)
    assert walk.table == TABLE
    assert set(TABLE) == states_of(ObjectionMachine) == reached(ObjectionMachine) | {""}


def seen(walk, case, at, everybody):
    """The row of a dossier of another party: the cast's applicants have no part in it."""
    walk.note(case.pk, at)
    assert not {"signer", "editor"} & set(walk.table[ObjectionMachine.objects.get(pk=case.pk).state])
    assert everybody is not None
