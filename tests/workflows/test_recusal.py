"""How far an interest reaches: through the whole round by default, to the one application where the scheme narrows it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from scoring.models import Scoresheet
from scoring.rules import kept_out
from tender.enums import ConflictState, Role, SheetState
from tender.models import Application
from tests.factories import assign, close, declare, open_call, publish, score, screen, submitted, variant
from workflows.commands import Refused, create, perform
from workflows.models import ConflictMachine, StageMachine

pytestmark = pytest.mark.django_db
WHY = {"kind": "family", "explanation": "Mijn broer doet mee."}


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def interest(case, user, at):
    perform(ConflictMachine, "declare_interest", pk=case.conflicts.get(user=user).pk, actor=user, at=at, **WHY)


def judged_by_house(version):
    """Two dossiers of a window, with the officer and the second reader to score both."""
    game = open_call(version)
    cases = [submitted(game.call, at=game.at) for _ in range(2)]
    at = close(game.stage())
    for case in cases:
        screen(case, game.house, at)
        assign(case, [game.house.officer, game.house.reader], game.house, at)
    return game, cases, at


def test_who_scores_is_kept_out_of_the_whole_round_whatever_their_part():
    game, (one, other), at = judged_by_house(publish("pressure_cooker"))
    reader = game.house.reader
    assert other.conflicts.get(user=reader).part == Role.READER, "no seat in a panel: staff who score"
    interest(one, reader, at)
    assert other.conflicts.get(user=reader).state == ConflictState.RECUSED
    assert set(Scoresheet.objects.filter(juror=reader).values_list("state", flat=True)) == {SheetState.VOID}
    with pytest.raises(Refused, match="assessors"):
        perform(StageMachine, "start_scoring", pk=game.stage().pk, actor=game.house.officer, at=at)


def test_an_interest_that_is_narrowed_closes_one_dossier():
    game, (one, other), at = judged_by_house(variant("pressure_cooker", ("recuse_whole_round = true", "recuse_whole_round = false")))
    interest(one, game.house.reader, at)
    assert other.conflicts.get(user=game.house.reader).state == ConflictState.NONE
    assert dict(Scoresheet.objects.filter(juror=game.house.reader).values_list("application", "state")) == {
        one.pk: SheetState.VOID, other.pk: SheetState.ASSIGNED,
    }  # fmt: skip


def test_who_is_kept_out_cannot_be_let_in_by_a_dossier_that_is_screened_later():
    game = open_call(publish("hub_support"))
    early, late = (submitted(game.call, at=game.at) for _ in range(2))
    at = close(game.stage())
    juror, chair = game.house.jurors[2], game.house.chair
    screen(early, game.house, at)
    interest(early, juror, at)
    assert kept_out(game.stage(), juror)
    screen(late, game.house, at)
    assert not late.conflicts.filter(user=juror).exists(), "not even asked"
    assert late.conflicts.filter(user=chair).exists()
    of = {"application": late, "user": juror, "part": Role.JUROR}
    asked = create(ConflictMachine, "ask", of=of, actor=game.house.officer, at=at)
    perform(ConflictMachine, "declare_none", pk=asked.pk, actor=juror, at=at)
    with pytest.raises(Refused, match="has one in the round"):
        assign(late, [juror], game.house, at)


def test_a_year_goes_on_for_an_assessor_who_knows_one_maker():
    game = open_call(publish("minifund"))
    first, second = game.house.assessors
    known, at = submitted(game.call, at=game.at), game.at + timedelta(days=1)
    screen(known, game.house, at)
    declare(known, second, at=at)
    of = {"application": known, "user": first, "part": Role.ASSESSOR}
    create(ConflictMachine, "ask", of=of, actor=game.house.officer, at=at)
    interest(known, first, at)
    with pytest.raises(Refused, match="interest"):
        assign(known, [first], game.house, at)
    strange = submitted(game.call, at=at)
    screen(strange, game.house, at)
    for assessor in (first, second):
        score(strange, assessor, at, officer=game.house.officer)
    strange.refresh_from_db()
    assert strange.state == "ranked"


@pytest.mark.parametrize("given", ["1", "3", "5"])
def test_what_somebody_with_an_interest_gave_never_matters(given):
    """Whatever a member gave before the interest came out, the round is ranked on the marks of the others alone."""
    game = open_call(publish("hub_support"))
    house, stage = game.house, game.stage()
    cases = [submitted(game.call, at=game.at) for _ in range(2)]
    at = close(stage)
    for case in cases:
        screen(case, house, at)
        declare(case, *house.jurors, at=at)
        assign(case, house.jurors[:4], house, at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    known = house.jurors[3]
    for case, mark in zip(cases, ("4", "2"), strict=True):
        score(case, known, at, mark=given)
        for juror in house.jurors[:3]:
            score(case, juror, at, mark=mark)
    interest(cases[0], known, at)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.secretary, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.chair, at=at)
    ranking = stage.rankings.get()
    assert {juror for _reference, juror, _question, _value in ranking.inputs["marks"]} == {f"juror-{one.pk}" for one in house.jurors[:3]}
    assert [str(total) for total in ranking.placings.values_list("total", flat=True)] == ["80.0000", "40.0000"]


def test_what_an_interest_closes_is_in_no_count_of_the_dashboard(client):
    game, (one, _other), at = judged_by_house(variant("pressure_cooker", ("recuse_whole_round = true", "recuse_whole_round = false")))
    officer, page = game.house.officer, reverse("workflows:stage", args=[game.call.reference, game.stage().key])
    client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")

    clocks = []
    Application.objects.filter(pk=one.pk).update(decide_by=at.date())

    def counts():
        said = client.get(page).context
        clocks.append(said["clock"]["decide_by"])
        return [bar.number for bar in said["funnel"]], sum(number for _state, _word, number in said["states"]), said["sheets"]["total"]

    (handed_in, *_more), there, sheets = counts()
    perform(
        ConflictMachine, "declare_interest", pk=one.conflicts.get(user=officer).pk, actor=officer, at=at, kind="family", explanation="Oom."
    )
    (then, *_more), left, fewer = counts()
    assert (then, left) == (handed_in - 1, there - 1)
    assert fewer < sheets
    assert clocks[0] == at.date() < clocks[1], "nor does the clock tell of it"
