"""The administrator's room up to the ranking: who may come in, what each page shows, and that many at once is each through the door."""

from decimal import Decimal

import pytest
from django.urls import reverse

from scoring.models import Scoresheet, Seating
from tender.enums import ApplicationState, DecisionState
from tender.models import Application, Call, Decision
from tests.factories import close, declare, open_call, publish, screen, submitted
from tests.workflows.pages.house import closed_round, confirm, sign_in, where
from workflows.commands.assigning import propose_assignment

pytestmark = pytest.mark.django_db


def test_outsiders_are_turned_away(client):
    game, cases, _ = closed_round(1)
    for name in ("inbox", "calls", "plan_call", "payments", "grants"):
        assert client.get(reverse(f"workflows:{name}")).status_code == 302
    sign_in(client, cases[0].applicant)
    pages = [reverse(f"workflows:{name}") for name in ("inbox", "calls", "plan_call", "payments", "grants")]
    pages += [where(name, game.stage()) for name in ("stage", "declare_round", "screening", "assign", "ranking", "decisions", "board_list")]
    assert {client.get(page).status_code for page in pages} == {403}


@pytest.mark.parametrize("role", ["officer", "head", "signatory", "auditor", "secretary", "board"])
def test_every_page_of_a_round_opens_for_the_house(client, role):
    game, _, _ = closed_round(2)
    sign_in(client, getattr(game.house, role))
    for name in ("stage", "panel", "screening", "assign", "decisions"):
        closed = name == "decisions" and role == "secretary"
        assert client.get(where(name, game.stage())).status_code == (403 if closed else 200), name
    assert client.get(where("ranking", game.stage())).status_code == 404, "there is no ranking yet"


def test_a_call_is_planned_from_the_suggestions(client):
    game = open_call(publish("crossover"))
    sign_in(client, game.house.officer)
    frame = {"version": game.call.version_id, "year": "2027", "opens": "2027-01-11", "total": "2.000.000"}
    page = client.get(reverse("workflows:plan_call"), frame)
    windows = page.context["windows"]
    typed = {name: windows[name].value() for name in windows.fields}
    typed = {name: value.strftime("%Y-%m-%dT%H:%M") if hasattr(value, "strftime") else str(value) for name, value in typed.items()}
    assert Decimal(typed["programming-ceiling"].replace(",", "")) == Decimal(150000) or "150" in typed["programming-ceiling"]

    wrong = client.post(reverse("workflows:plan_call"), {**frame, **typed, "programming-closes": "2026-01-01T09:00"})
    assert wrong.status_code == 422
    assert Call.objects.count() == 1

    for _ in range(2):
        done = client.post(reverse("workflows:plan_call"), {**frame, **typed})
        assert done.status_code == 302
    made = Call.objects.exclude(pk=game.call.pk).get()
    assert [stage.state for stage in made.stages.all()] == ["draft"] * 3
    assert made.stages.get(number=1).ceiling == Decimal(150000)


def test_only_an_officer_plans(client):
    game = open_call(publish("minifund"))
    sign_in(client, game.house.head)
    assert client.get(reverse("workflows:plan_call")).status_code == 403


def test_a_panel_is_made_and_seated(client):
    game = open_call(publish("crossover"))
    stage = game.stage(2)
    sign_in(client, game.house.officer)
    rows = {"seat-TOTAL_FORMS": "3", "seat-INITIAL_FORMS": "0", "seat-MIN_NUM_FORMS": "0", "seat-MAX_NUM_FORMS": "40"}
    for number, part in enumerate(["juror", "juror"]):
        rows |= {
            f"seat-{number}-name": f"Lid {number}",
            f"seat-{number}-email": f"lid{number}@raad.example",
            f"seat-{number}-part": part,
        }
    new = {"new-name": "Nieuwe raad", "new-since": "2026-01-01", "make": "1"}
    assert client.post(where("panel", stage), {**new, **rows}).status_code == 422, "no chair"
    assert client.post(where("panel", stage), {**new, **rows, "seat-1-part": "chair"}).status_code == 302
    assert sorted(str(seat.user) for seat in Seating.objects.members(stage)) == ["Lid 0", "Lid 1"]
    assert not Seating.objects.seats(stage).exists(), "invited, and nobody accepted yet"


def test_declaring_together_opens_the_dossiers(client):
    game, cases, _ = closed_round(3)
    officer, url = game.house.officer, where("declare_round", game.stage())
    sign_in(client, officer)
    assert not Application.objects.visible_to(officer).exists()
    preview, done = confirm(client, url, step="declare", pk=[str(case.pk) for case in cases[:2]])
    assert len(preview.context["preview"].possible) == 2
    assert all(result.done for result in done.context["results"])
    assert set(Application.objects.visible_to(officer)) == set(cases[:2])
    assert [case.reference for case, *_rest in client.get(url).context["cases"]] == [cases[2].reference]
    assert client.post(url, {"step": "declare", "pk": cases[0].pk, "confirm": "1"}).context["results"] == []


def test_screening_many_at_once_one_refused_does_not_stop_the_rest(client):
    game, cases, at = closed_round(3)
    declare(cases[0], game.house.officer, at=at)
    declare(cases[1], game.house.officer, at=at)
    sign_in(client, game.house.officer)
    url = where("screening", game.stage())
    page = client.get(url)
    assert [row["case"].pk for row in page.context["rows"]] == [cases[0].pk, cases[1].pk], "what is not declared on is not shown"
    ticks = {f"check-{check.key}": str(cases[0].pk) for check in game.stage().rules.checklist}
    preview, done = confirm(client, url, step="find_eligible", pk=[str(case.pk) for case in cases], **ticks)
    assert [row.reference for row in preview.context["preview"].possible] == [cases[0].reference]
    assert [(result.row.reference, result.done) for result in done.context["results"]] == [
        (cases[0].reference, True),
        (cases[1].reference, False),
    ]
    states = dict(Application.objects.values_list("pk", "state"))
    assert states[cases[0].pk] == ApplicationState.ELIGIBLE
    assert {states[cases[1].pk], states[cases[2].pk]} == {ApplicationState.SUBMITTED}


def test_a_row_that_changed_since_the_preview_is_refused(client):
    game, cases, at = closed_round(1)
    declare(cases[0], game.house.officer, at=at)
    sign_in(client, game.house.officer)
    data = {"step": "find_eligible", "pk": cases[0].pk, f"seen-{cases[0].pk}": "0" * 64, "confirm": "1"}
    data |= {f"check-{check.key}": str(cases[0].pk) for check in game.stage().rules.checklist}
    done = client.post(where("screening", game.stage()), data)
    assert [result.done for result in done.context["results"]] == [False]
    assert Application.objects.get(pk=cases[0].pk).state == ApplicationState.SUBMITTED


def test_asking_to_complete_and_setting_aside(client):
    game, cases, at = closed_round(2)
    for case in cases:
        declare(case, game.house.officer, at=at)
    sign_in(client, game.house.officer)
    url = where("screening", game.stage())
    formal = next(field.key for field in game.stage().rules.form.fields() if field.formal)
    ticked = [str(case.pk) for case in cases]
    empty = client.post(url, {"step": "request_completion", "pk": ticked, "confirm": "1"})
    assert empty.status_code == 422
    _, done = confirm(client, url, step="request_completion", pk=ticked, fields_asked=formal, words="Stuur het bewijs mee.")
    assert [result.done for result in done.context["results"]] == [True, True]
    assert len({case.repair_until for case in Application.objects.all()}) == 1, "one term for all"
    preview = client.post(url, {"step": "set_aside", "pk": ticked})
    assert not preview.context["preview"].possible, "the term still runs"


def test_not_eligible_drafts_a_decision(client):
    game, cases, at = closed_round(1)
    declare(cases[0], game.house.officer, at=at)
    sign_in(client, game.house.officer)
    _, done = confirm(client, where("screening", game.stage()), step="ineligible", pk=str(cases[0].pk), reasons="Buiten de regio.")
    assert done.context["results"][0].done
    decision = Decision.objects.get()
    assert (decision.kind, decision.ground, decision.state) == ("ineligible", "condition", DecisionState.DRAFTED)


def test_nobody_acts_for_another_role(client):
    game, cases, at = closed_round(1)
    declare(cases[0], game.house.head, at=at)
    sign_in(client, game.house.head)
    assert client.post(where("screening", game.stage()), {"step": "find_eligible", "pk": cases[0].pk}).status_code == 403
    assert client.post(where("assign", game.stage()), {"seen": ""}).status_code == 403
    assert not Scoresheet.objects.exists()


def test_the_assignment_is_proposed_and_confirmed(client):
    game, cases, at = closed_round(3)
    house, stage = game.house, game.stage()
    for case in cases:
        screen(case, house, at)
        declare(case, *house.jurors[:4], at=at)
    sign_in(client, house.officer)
    page = client.get(where("assign", stage))
    assert len(page.context["proposal"].added) == 6
    loads = [load for _user, load in page.context["loads"] if load]
    assert max(loads) - min(loads) <= 1
    assert client.post(where("assign", stage), {"seen": "0" * 64}).status_code == 409
    seen = page.context["proposal"].sha256
    assert client.post(where("assign", stage), {"seen": seen}).status_code == 302
    assert Scoresheet.objects.count() == 6
    assert client.post(where("assign", stage), {"seen": seen}).status_code == 409, "twice is once"
    assert not propose_assignment(stage, at=at).added


def test_officers_and_readers_assess_where_too_few_assessors_declared():
    game = open_call(publish("pressure_cooker"))
    house, case = game.house, submitted(game.call, at=game.at)
    at = close(game.stage())
    screen(case, house, at)
    declare(case, house.assessors[0], at=at)
    proposal = propose_assignment(game.stage(), at=at)
    assert proposal.problems == []
    scoring = {user for user in proposal.people if (case.pk, user.pk) in proposal.added}
    assert len(scoring) == 2
    assert set(proposal.people) == {house.assessors[0], house.officer, house.reader}


def test_an_assignment_without_people_says_who_is_lacking(client):
    game, cases, at = closed_round(1)
    screen(cases[0], game.house, at)
    sign_in(client, game.house.officer)
    page = client.get(where("assign", game.stage()))
    assert cases[0].reference in page.context["proposal"].problems[0]
    assert page.context["may_assign"] is False
    assert client.post(where("assign", game.stage()), {"seen": page.context["proposal"].sha256}).status_code == 409
    assert not Scoresheet.objects.exists()
