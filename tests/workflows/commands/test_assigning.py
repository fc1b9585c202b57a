"""Who scores what: the demands of theme and network, what an officer changes, and what is refused in words."""

from collections import Counter

import pytest

from scoring.models import Scoresheet
from tender.enums import ConflictState, Role, SheetState
from tender.models import CaseRole
from tests.factories import close, council, declare, open_call, publish, score, screen, submitted, variant
from workflows.commands import Refused, perform
from workflows.commands.assigning import assign_round, propose_assignment, rebalanced
from workflows.commands.wishes import Wishes, theme_label
from workflows.models import ConflictMachine, Event, ScoresheetMachine, StageMachine

pytestmark = pytest.mark.django_db
WATER = ("Water", ["water_maritime"])
ICT = ("ICT", [])
KNOWS = ("", ["water_maritime"])
NEITHER = ("", [])


def round_of(*kinds, cases=2, version=None):
    """A first stage, closed and screened, two judges for each application on water, and a panel of a chair with neither and members of
    these kinds (network, themes); nobody declared yet."""
    game = open_call(version or publish("crossover"))
    game.cases = [submitted(game.call, at=game.at, theme="water_maritime") for _ in range(cases)]
    game.at, house = close(game.stage()), game.house
    game.people = house.jurors[2 : 2 + len(kinds)]
    members = [(user, Role.JUROR, *kind) for user, kind in zip(game.people, kinds, strict=True)]
    panel = council("Raad", [(house.chair, Role.CHAIR, *NEITHER), *members, (house.secretary, Role.SECRETARY, *NEITHER)], house, game.at)
    perform(StageMachine, "seat", pk=game.stage().pk, actor=house.officer, at=game.at, panel=panel.pk)
    for case in game.cases:
        screen(case, house, game.at)
    return game


def all_declare(game, *people):
    for case in game.cases:
        declare(case, *(people or [game.house.chair, *game.people]), at=game.at)


def propose(game, **wishes):
    return propose_assignment(game.stage(), at=game.at, wishes=Wishes(**wishes))


def confirm(game, **wishes):
    return assign_round(stage=game.stage(), actor=game.house.officer, at=game.at, wishes=Wishes(**wishes) if wishes else None)


def refused(game, **wishes):
    """Why these wishes are refused; nothing is assigned, nothing is recorded."""
    events = Event.objects.count()
    with pytest.raises(Refused) as refusal:
        confirm(game, **wishes)
    assert (Scoresheet.objects.count(), Event.objects.count()) == (0, events)
    return " ".join(map(str, refusal.value.reasons))


def test_each_application_has_one_who_knows_its_theme_and_one_from_a_network():
    game = round_of(KNOWS, KNOWS, ICT, ICT, NEITHER, NEITHER, cases=4)
    all_declare(game)
    confirm(game)
    know, networked = game.people[:2], game.people[2:4]
    for case in game.cases:
        judges = {sheet.juror for sheet in case.sheets.all()}
        assert len(judges) == 2
        assert judges & set(know)
        assert judges & set(networked)
    assert sorted(Counter(Scoresheet.objects.values_list("juror", flat=True)).values()) == [2, 2, 2, 2]


@pytest.mark.parametrize(("kinds", "kind"), [([KNOWS, ICT, ICT], "theme"), ([ICT, KNOWS, KNOWS], "network")])
def test_a_demand_that_nobody_without_an_interest_meets_is_named_and_can_be_given_up(kinds, kind):
    game = round_of(*kinds, cases=1)
    all_declare(game, game.house.chair, *game.people[1:])
    case = game.cases[0]
    assert case.reference in refused(game)
    assert (theme_label(case) in refused(game)) == (kind == "theme")
    assert propose(game).lacking == [(kind, case)]
    assert len(confirm(game, waived=frozenset({(kind, case.pk)}))) == 2
    assert [event.data["without"] for event in Event.objects.filter(kind="scoresheet.assign")] == [[kind], [kind]]


def test_what_the_panel_lacks_altogether_is_said_and_asked_of_nobody():
    game = round_of(("", ["energy"]), NEITHER)
    all_declare(game)
    proposal = propose(game)
    assert (proposal.problems, len(proposal.notes), len(proposal.added)) == ([], 2, 4)
    assert theme_label(game.cases[0]) in proposal.notes[0]
    game = round_of(WATER, NEITHER)
    all_declare(game)
    assert propose(game).notes == []


def test_one_judge_cannot_be_of_both_kinds_so_nothing_is_demanded_of_one():
    version = variant("crossover", ("assessors = 2", "assessors = 1"))
    game = round_of(NEITHER, KNOWS, ICT, version=version)
    all_declare(game, game.people[0])
    assert (propose(game).problems, len(propose(game).added)) == ([], 2)


def test_what_an_officer_fixes_and_bars_holds_and_the_rest_stays_where_it_was():
    game = round_of(WATER, WATER, WATER, WATER, cases=4)
    all_declare(game, *game.people)
    first = propose(game).added
    case, out = min(first)
    new = next(user.pk for user in game.people if (case, user.pk) not in first)
    wishes = Wishes(musts=frozenset({(case, new)}), bars=frozenset({(case, out)}))
    proposal, before = rebalanced(game.stage(), at=game.at, wishes=wishes, actor=game.house.officer)
    assert before == first
    assert (case, new) in proposal.added
    assert (case, out) not in proposal.added
    assert [proposal.load(user) for user in game.people] == [2, 2, 2, 2]
    assert len(proposal.added & before) >= 6, "an exchange between two, no more"


def test_what_an_officer_wishes_and_cannot_be_is_said_in_words():
    game = round_of(KNOWS, ICT, NEITHER, NEITHER, cases=1)
    all_declare(game, *game.people)
    know, networked, one, other = (user.pk for user in game.people)
    case = game.cases[0]
    assert str(game.house.chair) in refused(game, musts=frozenset({(case.pk, game.house.chair.pk)}))
    assert "3" in refused(game, musts=frozenset({(case.pk, know), (case.pk, networked), (case.pk, one)}))
    assert case.reference in refused(game, musts=frozenset({(case.pk, one), (case.pk, other)})), "no place for theme and network"
    assert case.reference in refused(game, bars=frozenset({(case.pk, know)}))


def test_who_left_the_panel_keeps_the_sheet_and_one_more_is_sought():
    game = round_of(WATER, WATER, WATER, cases=1)
    all_declare(game, *game.people)
    kept, _other = confirm(game)
    house, stay = game.house, [user for user in game.people if user != kept.juror]
    panel = council("Later", [(house.chair, Role.CHAIR, *NEITHER), *((user, Role.JUROR, *WATER) for user in stay)], house, game.at)
    perform(StageMachine, "seat", pk=game.stage().pk, actor=house.officer, at=game.at, panel=panel.pk)
    proposal = propose(game)
    assert proposal.problems == []
    assert {pair for pair in proposal.standing | proposal.added if pair[1] != kept.juror_id} <= {(game.cases[0].pk, u.pk) for u in stay}


def test_a_sheet_that_nobody_started_on_is_taken_back_and_somebody_else_gets_it():
    game = round_of(WATER, WATER, WATER, cases=1)
    all_declare(game, *game.people)
    one, other = confirm(game)
    reads = CaseRole.objects.filter(user=one.juror, application=game.cases[0], role=Role.JUROR, until=None)
    assert reads.exists()
    event = perform(ScoresheetMachine, "take_back", pk=one.pk, actor=game.house.officer, at=game.at, reason="Verlof.")
    assert event.data == {"juror": one.juror_id, "reason": "Verlof."}
    assert Scoresheet.objects.get(pk=one.pk).state == SheetState.VOID
    assert not reads.exists(), "who has to score it no more, reads it no more"
    [again] = confirm(game)
    assert again.juror not in {one.juror, other.juror}


def test_what_was_taken_back_is_given_to_the_same_person_again_only_where_the_officer_says_so():
    game = round_of(WATER, WATER, WATER, cases=1)
    all_declare(game, *game.people)
    case, (one, other) = game.cases[0], confirm(game)
    perform(ScoresheetMachine, "take_back", pk=one.pk, actor=game.house.officer, at=game.at, reason="Verlof.")
    assert one.juror_id not in {juror for _case, juror in propose(game).added}
    [again] = confirm(game, musts=frozenset({(case.pk, one.juror_id)}))
    assert (again.juror_id, again.state, again.pk != one.pk) == (one.juror_id, SheetState.ASSIGNED, True)
    assert {sheet.juror_id for sheet in Scoresheet.objects.counting()} == {one.juror_id, other.juror_id}
    assert Scoresheet.objects.of(again.juror).get() == again, "the sheet of before counts no more"
    house, stage = game.house, game.stage()
    declare(case, house.chair, at=game.at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=game.at)
    for sheet in (again, other):
        score(case, sheet.juror, game.at, mark="4")
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.secretary, at=game.at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.chair, at=game.at)
    perform(StageMachine, "propose", pk=stage.pk, actor=house.officer, at=game.at)
    assert stage.decisions.count() == 1, "the sheet that was taken back does not pass for a juror who fell out of the ranking"


def test_in_what_an_officer_has_an_interest_is_left_out_of_the_proposal():
    game = round_of(WATER, WATER)
    all_declare(game, *game.people)
    mine = game.cases[0].conflicts.get(user=game.house.officer)
    perform(ConflictMachine, "declare_interest", pk=mine.pk, actor=game.house.officer, at=game.at, kind="family", explanation="Mijn broer.")
    assert mine.__class__.objects.get(pk=mine.pk).state == ConflictState.RECUSED
    proposal = propose_assignment(game.stage(), at=game.at, actor=game.house.officer)
    assert game.cases[0] not in proposal.cases


@pytest.mark.parametrize("said", ["must-1", "must-a-2", "must-1-²", "bar--1-2", "theme", "theme-1-2", "x-1-2", "", f"must-1-{'9' * 20}"])
def test_what_an_address_does_not_say_well_says_nothing(said):
    assert Wishes.read([said]) == Wishes()


def test_wishes_are_read_as_they_were_written():
    said = ["bar-3-4", "must-1-2", "network-6", "theme-5"]
    wishes = Wishes.read(said)
    assert wishes.words() == said
    assert wishes.pairs == {(1, 2), (3, 4)}
    assert wishes.waived == {("theme", 5), ("network", 6)}


def test_the_proposal_costs_the_same_queries_for_more_applications(django_assert_num_queries):
    for number in (1, 4):
        game = round_of(("", ["energy"]), NEITHER, cases=number)
        all_declare(game, *game.people)
        stage = game.stage()
        assert stage.rules
        with django_assert_num_queries(4):
            proposal = propose_assignment(stage, at=game.at)
        assert len(proposal.notes) == 2
