"""A third scheme needs no Python: one that was written for this test only is loaded and played, from open call to paid grant."""

from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from scoring.commands.freezing import recomputes
from tender.enums import ApplicationState as A
from tender.enums import GrantState, StageState
from tender.models import Application, Decision, Grant, SchemeVersion
from tests.factories import (
    applicant,
    assign,
    close,
    decide,
    decide_round,
    declare,
    deliver,
    fill_report,
    open_call,
    pay,
    score,
    screen,
    submitted,
)
from tests.journeys.telling import assert_sound, balances, kinds, letter, pots, states
from tests.workflows.flows.looking import came_by
from workflows.commands import Refused, perform
from workflows.commands.clockwork import tick
from workflows.commands.proposing import propose_for, propose_in_turn
from workflows.models import GrantMachine, StageMachine

pytestmark = [pytest.mark.django_db, pytest.mark.prints]
SCHEME = Path(__file__).parent / "buurtwerk.toml"


@pytest.fixture
def game():
    """€ 5,000 for each stage: three starts of € 1,500 and a rest, and then one work."""
    out = StringIO()
    call_command("scheme", "load", str(SCHEME), stdout=out)
    assert "published: buurtwerk v1" in out.getvalue()
    return open_call(SchemeVersion.objects.get(scheme__key="buurtwerk"), ceiling=Decimal(5000))


def starts(game):
    """Nobody judges: who is complete first is admitted, until the next flat amount no longer fits."""
    house, cases = game.house, []
    for day in range(1, 5):
        at = game.at + timedelta(days=day)
        user, organisation = applicant(language="en" if day == 1 else "nl")
        case = submitted(game.call, at=at, user=user, organisation=organisation, buren="40")
        screen(case, house, at)
        cases.append(case)
    assert states(game.call) == ["ranked"] * 4, "found eligible, and so next in turn"
    with pytest.raises(Refused, match="earlier"):
        propose_in_turn(pk=cases[3].pk, actor=house.officer, at=at)
    for case in cases[:3]:
        decision = propose_in_turn(pk=case.pk, actor=house.officer, at=at)
        assert (decision.kind, decision.amount) == ("admit", Decimal(1500))
        decide(decision, house, at)
        pay(Grant.objects.get(application=case), house, at)
    assert game.stage(1).state == StageState.PAUSED, "what is left is no whole start"
    with pytest.raises(Refused, match="waits"):
        propose_in_turn(pk=cases[3].pk, actor=house.officer, at=at)
    late = propose_for(pk=cases[3].pk, kind="refuse", ground="receipt_order", reasons="Op.", actor=house.officer, at=at)
    decide(late, house, at)
    assert balances(game.stage(1)) == pots(free=500, paid=4500)
    deliver()
    assert came_by("application", cases[0].pk) == ["begin", "submit", "coach", "find_eligible", "assign", "decide", "decided", "onward"]
    assert came_by("application", cases[3].pk)[-2:] == ["decided", "refused"]
    return cases[:3], at


def works(game, cases):
    """Two assessors, ten points, one work: the second is in reserve, the third is under the floor of a criterion."""
    house, stage = game.house, game.stage(2)
    tick(stage.opens_at)
    running = [Application.objects.get(pk=case.pk) for case in cases]
    assert {(case.state, case.stage_id) for case in running} == {(A.DRAFT, stage.pk)}
    assert running[0].draft["naam"] == cases[0].title, "what was answered before stands ready"
    for case in running:
        submitted(game.call, case=case, at=stage.opens_at, prijs="4000")
    at = close(stage)
    for case in running:
        screen(case, house, at)
        declare(case, *house.assessors, at=at, part="assessor")
        assign(case, house.assessors, house, at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    for case, mark in zip(running, (9, 7, 3), strict=True):
        for assessor in house.assessors:
            score(case, assessor, at, mark=mark)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.officer, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.reader, at=at)
    assert recomputes(game.stage(2).rankings.get())
    decide_round(game.stage(2), house, at)
    assert balances(game.stage(2)) == pots(free=1000, committed=4000)
    return at


def paid_out(game, case, at):
    """Half at the start, more after word from halfway, the rest on settlement."""
    grant, house = Grant.objects.get(application=case, stage=game.stage(2)), game.house
    perform(GrantMachine, "accept", pk=grant.pk, actor=case.applicant, at=at)
    for report, paid in zip(grant.reports.order_by("due_on"), (2000, 3200), strict=True):
        pay(grant, house, at)
        assert balances(game.stage(2)) == pots(free=1000, committed=4000 - paid, paid=paid)
        fill_report(report, house, at)
    settling = propose_for(pk=case.pk, kind="settle", ground="", amount=Decimal(4000), reasons="", actor=house.officer, at=at)
    decide(Decision.objects.get(pk=settling.pk), house, at)
    pay(grant, house, at)
    grant.refresh_from_db()
    assert grant.state == GrantState.CLOSED
    assert balances(game.stage(2)) == pots(free=1000, paid=4000)


def test_a_scheme_that_no_code_knows(game, client, tmp_path):
    cases, at = starts(game)
    at = works(game, cases)
    assert states(game.call) == ["awarded", "refused", "refused", "reserved"]
    paid_out(game, cases[0], at)
    deliver()

    assert kinds(game.call) == {
        "receipt": 7, "invitation": 3, "refusal_receipt_order": 1, "award": 1, "reserve": 1, "refusal_minimum": 1, "settlement": 1,
        "advance": 2, "report_approved": 2,
    }  # fmt: skip
    assert "With 40 neighbours you can begin, with €1,500.00." in letter(cases[0], "invitation")
    assert "Met 40 buren kunt u vast beginnen, met € 1.500,00." in letter(cases[1], "invitation")
    won = letter(cases[0], "award")
    assert "With 90 points the best plan of 3." in won
    assert "within six weeks after we approve your report “Word from halfway”" in won
    assert "U staat op plaats 1 van de reservelijst" in letter(cases[1], "reserve")
    assert "Op “Kunde” scoorde u 30; vereist is 40." in letter(cases[2], "refusal_minimum")
    assert_sound()
    workbook_tells(game, tmp_path)
    page = client.get(reverse("tender:call", args=[game.call.reference])).content.decode()
    assert "Buurtwerk" in page
    assert "Lef" in page


def workbook_tells(game, tmp_path):
    """Every dossier, mark and euro of it, under the scheme's own names."""
    out = tmp_path / "book.xlsx"
    call_command("export", "workbook", "--call", game.call.reference, "--out", str(out), "--language", "nl", stdout=StringIO())
    book = load_workbook(out)
    said = {sheet.title: {cell.value for row in sheet.iter_rows() for cell in row} for sheet in book}
    assert set(Application.objects.values_list("reference", flat=True)) <= said["Aanvragen"]
    assert {9, 7, 3, "lef", "durf", "kunde"} <= said["Scores"]
    assert {2000, 1200, 800, 1500} <= said["Betalingen"]
