"""A frozen ranking looked into: who may, that it changes nothing, and that what is closed to somebody goes into no figure they see."""

from datetime import timedelta

import pytest

from scoring.commands.freezing import recomputes
from scoring.models import Conflict, PanelMember, Placing, Ranking
from tender.enums import ConflictState
from tests.factories import assign, close, declare, open_call, person, publish, score, screen, submitted, variant
from tests.workflows.pages.house import ranked, sign_in, where
from workflows.commands import perform
from workflows.commands.assigning import assign_round
from workflows.models import ConflictMachine, StageMachine

pytestmark = pytest.mark.django_db
PAGES = ("ranking", "insight", "noise", "reliability")
NARROWED = ("recuse_whole_round = true", "recuse_whole_round = false")
MARKS = {0: (2, 3), 1: (4, 5), 2: ("4.5", 4), 3: (5, 5), 4: (4, 4)}


def divided(*changes, number=5):
    """A round whose jurors differ, ranked; with jurors named in the order of their numbers."""
    game = open_call(variant("crossover", *changes))
    game.cases = [submitted(game.call, at=game.at) for _ in range(number)]
    house, stage = game.house, game.stage()
    game.at = close(stage)
    for case in game.cases:
        screen(case, house, game.at)
        declare(case, *house.jurors, at=game.at)
    assign_round(stage=stage, actor=house.officer, at=game.at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=game.at)
    for index, case in enumerate(game.cases):
        for place, sheet in enumerate(case.sheets.order_by("juror_id")):
            score(case, sheet.juror, game.at, mark=MARKS[index][place % 2])
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.secretary, at=game.at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.chair, at=game.at)
    return game


def stored(stage):
    """All that is frozen, as it stands in the database."""
    rankings = stage.rankings.order_by("pk").values_list("pk", "version", "inputs", "inputs_sha256", "cut", "method", "seed", "at")
    return list(rankings), list(Placing.objects.filter(ranking__stage=stage).order_by("pk").values())


def closed_to(user, case, at):
    """An interest that comes up after the ranking."""
    declared = Conflict.objects.get(application=case, user=user)
    perform(ConflictMachine, "declare_interest", pk=declared.pk, actor=user, at=at, kind="family", explanation="Mijn broer.")


# ── who may look ──────────────────────────────────────────────────────────────────────────────────────────────
WHO = [("officer", 200), ("auditor", 200), ("secretary", 200), ("chair", 200), ("juror", 200), ("assessor", 200), ("applicant", 403),
       ("stranger", 403)]  # fmt: skip


def test_who_sees_the_ranking_may_look_into_it_and_nobody_else(client):
    game = divided()
    people = {"juror": game.house.jurors[3], "assessor": game.house.assessors[0], "applicant": game.cases[0].applicant,
              "stranger": person("stranger")}  # fmt: skip
    for who, status in WHO:
        sign_in(client, people.get(who) or getattr(game.house, who))
        assert {client.get(where(page, game.stage())).status_code for page in PAGES} == {status}, who


def test_nothing_to_look_into_before_the_ranking(client):
    game = open_call(publish("crossover"))
    sign_in(client, game.house.officer)
    assert {client.get(where(page, game.stage())).status_code for page in PAGES} == {404}


def test_who_no_longer_sits_in_the_panel_no_longer_looks(client):
    game = divided()
    juror = game.house.jurors[3]
    sign_in(client, juror)
    assert client.get(where("ranking", game.stage())).status_code == 200
    PanelMember.objects.filter(user=juror).update(since=game.at.date() - timedelta(days=90), until=game.at.date() - timedelta(days=1))
    assert {client.get(where(page, game.stage())).status_code for page in PAGES} == {403}
    PanelMember.objects.filter(user=juror).update(since=game.at.date() + timedelta(days=9000), until=None)
    assert {client.get(where(page, game.stage())).status_code for page in PAGES} == {403}, "nor who does not sit yet"


# ── it changes nothing ────────────────────────────────────────────────────────────────────────────────────────
def test_looking_and_asking_what_if_never_touches_what_is_frozen(client):
    game = divided()
    before, juror = stored(game.stage()), Ranking.objects.get().inputs["marks"][0][1]
    sign_in(client, game.house.auditor)
    for asked in ({}, {"without": juror}, {"without": "", "weight-crossover": "1", "weight-makers": "0"}, {"without": "x"}):
        for page in PAGES:
            assert client.get(where(page, game.stage()), asked).status_code == 200
            assert client.post(where(page, game.stage()), asked).status_code == 403, "an auditor sends nothing"
    sign_in(client, game.house.officer)
    assert {client.post(where(page, game.stage())).status_code for page in PAGES} == {405}
    assert stored(game.stage()) == before
    assert recomputes(Ranking.objects.get())


def test_each_way_to_look_stands_beside_the_frozen_rank(client):
    game = divided()
    sign_in(client, game.house.officer)
    page = client.get(where("insight", game.stage()))
    rows = page.context["rows"]
    assert [row["frozen"] for row in rows] == list(Placing.objects.order_by("order").values_list("rank", flat=True))
    assert all(row["rank"].low <= row["rank"].high for row in rows)
    assert all(row["raw"] is not None for row in rows)
    assert all(row["adjusted"] is not None for row in rows) or page.context["no_adjusted"], "a figure, or why there is none"
    assert [len(row["totals"]) for row in rows] == [placing["placing"].sheets for placing in rows]
    said = page.content.decode()
    assert game.cases[0].party not in said
    assert "style=" not in said.split("<main")[1].split("</main")[0]


def test_two_proposals_have_no_expected_rank_and_it_says_why(client):
    game = divided(number=2)
    client.cookies["django_language"] = "en"
    sign_in(client, game.house.officer)
    page = client.get(where("insight", game.stage()))
    assert "It needs three proposals and two jurors" in page.content.decode()
    assert page.context["intervals"] is None
    assert "It needs three proposals" in client.get(where("noise", game.stage())).content.decode()


# ── what if ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_same_weights_change_nothing_and_other_weights_show_the_new_order(client):
    game = divided()
    sign_in(client, game.house.officer)
    url, criteria = where("insight", game.stage()), game.stage().rules.rubric.criteria
    same = {"without": "", **{f"weight-{each.key}": str(each.weight) for each in criteria}}
    rows = [each for each, _outcome in client.get(url, same).context["changed"]]
    assert [(each.before, each.placing.outcome) for each in rows] == [(each.rank, each.outcome) for each in rows]
    left_open = {**same, f"weight-{criteria[-1].key}": ""}
    assert [each.rank for each, _outcome in client.get(url, left_open).context["changed"]] == [each.rank for each in rows]
    comma = {**same, **{f"weight-{each.key}": "0" for each in criteria[:-1]}, f"weight-{criteria[-1].key}": "1,0"}
    assert len(client.get(url, comma).context["changed"]) == len(rows)


@pytest.mark.parametrize("typed", ["0.9", "veel", "-1", "NaN"])
def test_weights_that_are_wrong_stay_typed_and_are_explained(client, typed):
    game = divided()
    client.cookies["django_language"] = "en"
    sign_in(client, game.house.officer)
    first, *rest = game.stage().rules.rubric.criteria
    asked = {"without": "", f"weight-{first.key}": typed, **{f"weight-{each.key}": "0.3" for each in rest}}
    page = client.get(where("insight", game.stage()), asked)
    said = page.content.decode()
    assert f'value="{typed}"' in said
    assert "add up to exactly 1" in said or "Type a number" in said
    assert "changed" not in page.context


def test_without_a_juror_the_selection_that_would_change_is_named(client):
    game = divided()
    ranking, placed = Ranking.objects.get(), {p.application.reference: p for p in Placing.objects.select_related("application")}
    sign_in(client, game.house.officer)
    for juror in sorted({row[1] for row in ranking.inputs["marks"]}):
        context = client.get(where("insight", game.stage()), {"without": juror}).context
        for each, _outcome in context["changed"]:
            name = each.placing.application.reference
            assert (name in context["enter"]) == (each.outcome == "selected" != placed[name].outcome)
            assert (name in context["leave"]) == (each.outcome != "selected" == placed[name].outcome)


# ── what is closed ────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("who", ["officer", "chair", "secretary", "juror"])
def test_an_interest_closes_every_page_where_it_reaches_the_whole_round(client, who):
    game = divided()
    user = game.house.jurors[3] if who == "juror" else getattr(game.house, who)
    sign_in(client, user)
    assert client.get(where("insight", game.stage())).status_code == 200
    closed_to(user, game.cases[3], game.at)
    for page in PAGES:
        answer = client.get(where(page, game.stage()))
        assert answer.status_code == 403
        assert not any(case.reference in answer.content.decode() for case in game.cases)


@pytest.mark.parametrize("who", ["officer", "chair", "juror"])
def test_a_narrowed_interest_leaves_its_dossier_out_of_every_figure_place_and_count(client, who):
    game = divided(NARROWED)
    user, stage, best = (game.house.jurors[3] if who == "juror" else getattr(game.house, who)), game.stage(), game.cases[3]
    sign_in(client, user)
    whole = client.get(where("ranking", stage)).context
    assert (whole["rows"][0]["case"].pk, whole["cut"]["selected"]) == (best.pk, 4)
    closed_to(user, best, game.at)
    assert Conflict.objects.get(application=best, user=user).state == ConflictState.RECUSED
    for page in PAGES:
        assert best.reference not in client.get(where(page, stage)).content.decode(), page
    ranking = client.get(where("ranking", stage)).context
    assert [row["rank"] for row in ranking["rows"]] == [1, 2, 3, 4], "closed up: no gap tells where it stood"
    assert (ranking["cut"]["selected"], ranking["cut"]["ranked"]) == (3, 4)
    assert "line" not in ranking["cut"]
    assert {row["chance"] for row in ranking["rows"]} == {None}, "that chance was computed with it"
    insight = client.get(where("insight", stage)).context
    assert [row["frozen"] for row in insight["rows"]] == [1, 2, 3, 4]
    assert insight["k"] == 3
    assert insight["found"].line is None
    asked = client.get(where("insight", stage), {"without": ""}).context
    assert {each.outcome for each, _said in asked["changed"]} == {""}, "no word about the selection of the rest"
    assert asked["enter"] == asked["leave"] == []


def test_figures_of_a_part_are_those_of_a_round_that_never_had_the_rest(client):
    game = divided(NARROWED)
    closed_to(game.house.officer, game.cases[3], game.at)
    sign_in(client, game.house.officer)
    first = client.get(where("reliability", game.stage())).context["found"]
    Ranking.objects.filter(stage=game.stage()).update(inputs=without(Ranking.objects.get().inputs, game.cases[3].reference))
    assert client.get(where("reliability", game.stage())).context["found"] == first


def without(inputs, reference):
    return {**inputs, "marks": [row if row[0] != reference else [*row[:3], "1"] for row in inputs["marks"]]}


def test_a_draw_and_a_tie_name_nobody_who_is_closed(client):
    game = open_call(variant("crossover", NARROWED, ("aim = 10\nmost = 12", "aim = 2\nmost = 2")))
    cases = [submitted(game.call, at=game.at) for _ in range(4)]
    at, stage = ranked(game, cases), game.stage()
    equals = cases[1:]
    sign_in(client, game.house.officer)
    page = client.get(where("ranking", stage))
    assert sorted(page.context["cut"]["draws"][0]["order"]) == sorted(case.reference for case in equals)
    closed_to(game.house.officer, equals[0], at)
    page = client.get(where("ranking", stage))
    assert equals[0].reference not in page.content.decode()
    assert sorted(page.context["cut"]["draws"][0]["order"]) == sorted(case.reference for case in equals[1:])
    closed_to(game.house.officer, equals[1], at)
    assert client.get(where("ranking", stage)).context["cut"]["draws"] == []


def test_where_it_is_blind_the_panel_reads_no_applicant(client):
    game = divided(('assess = "jury"', 'assess = "jury"\nblind = true'))
    for user, told in ((game.house.jurors[3], False), (game.house.officer, True)):
        sign_in(client, user)
        assert (game.cases[3].party in client.get(where("ranking", game.stage())).content.decode()) == told
        assert game.cases[3].party not in client.get(where("insight", game.stage())).content.decode()


# ── the jurors ────────────────────────────────────────────────────────────────────────────────────────────────
def test_reliability_leads_with_alpha_and_names_jurors_to_those_who_know_them(client):
    game = divided()
    sign_in(client, game.house.officer)
    context = client.get(where("reliability", game.stage())).context
    assert context["found"].overall.alpha is not None
    assert context["verdict"]
    assert game.house.jurors[3].name in {judge.name for judge in context["found"].judges}
    sign_in(client, game.house.head)
    page = client.get(where("reliability", game.stage()))
    assert page.status_code == 200
    names = {juror.name for juror in game.house.jurors}
    assert not {judge.name for judge in page.context["found"].judges} & names
    choices = client.get(where("insight", game.stage())).context["form"].fields["without"].choices
    assert not {name for _juror, name in choices} & names


@pytest.mark.parametrize(("name", "number"), [("ranking", 21), ("insight", 14), ("noise", 13), ("reliability", 14)])
def test_a_look_costs_the_same_for_many(client, django_assert_num_queries, name, number):
    game = divided()
    sign_in(client, game.house.officer)
    client.get(where(name, game.stage()))
    with django_assert_num_queries(number):
        client.get(where(name, game.stage()))
    Placing.objects.exclude(order__lte=3).delete()
    with django_assert_num_queries(number):
        client.get(where(name, game.stage()))


# ── before the number is fixed ────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def sitting():
    """A panel in its meeting that may nominate one or two of three."""
    game = open_call(
        variant(
            "hub_support",
            NARROWED,
            ('assess = "jury"', 'assess = "jury"\nmeeting = true'),
            ("floor = 60\nwithin_ceiling", "floor = 60\nmeeting_fixes = [1, 2]\nwithin_ceiling"),
        )
    )
    game.cases = [submitted(game.call, at=game.at) for _ in range(3)]
    house, stage = game.house, game.stage()
    game.at = close(stage)
    for case in game.cases:
        screen(case, house, game.at)
        declare(case, *house.jurors, house.secretary, at=game.at)
        assign(case, house.jurors[:3], house, game.at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=game.at)
    for case, marks in zip(game.cases, ((1, 2, 1), (4, 5, 3), (5, 3, 4)), strict=True):
        for juror, mark in zip(house.jurors[:3], marks, strict=True):
            score(case, juror, game.at, mark=mark)
    present = [juror.pk for juror in house.jurors]
    perform(StageMachine, "convene", pk=stage.pk, actor=house.chair, at=game.at, present=present)
    return game


def test_who_leads_is_warned_for_every_number_before_it_is_fixed(client, sitting):
    stage = sitting.stage()
    for user in (sitting.house.chair, sitting.house.secretary):
        sign_in(client, user)
        meeting = client.get(where("meeting", stage))
        assert meeting.context["noise_url"] == where("meeting_noise", stage)
        part = client.get(where("meeting_noise", stage))
        assert [line.number for line in part.context["lines"]] == [1, 2]
        assert part.context["lines"][0].in_noise, "the two best cannot be told apart"
        assert set(part.context["lines"][0].unsure) == {case.reference for case in sitting.cases[1:]}
    sign_in(client, sitting.house.jurors[2])
    assert client.get(where("meeting", stage)).context["noise_url"] == ""
    assert client.get(where("meeting_noise", stage)).status_code == 404
    sign_in(client, person("stranger"))
    assert client.get(where("meeting_noise", stage)).status_code == 404


def test_who_leads_with_an_interest_in_one_is_told_nothing_of_the_cut(client, sitting):
    closed_to(sitting.house.secretary, sitting.cases[1], sitting.at)
    sign_in(client, sitting.house.secretary)
    part = client.get(where("meeting_noise", sitting.stage()))
    assert part.context["lines"] == []
    assert not any(case.reference in part.content.decode() for case in sitting.cases)
