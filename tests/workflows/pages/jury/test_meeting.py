"""The juror's room in its meeting; nothing for whom an interest keeps out; and what the chair is told and gives back."""

from decimal import Decimal

import pytest
from django.urls import reverse

from scoring.models import Scoresheet
from scoring.queries import in_round, pulse
from tender.enums import StageState
from tender.models import Stage
from tests.factories import open_call, publish, score
from tests.workflows.pages.jury.room import at, filled, sheet_of, signed_in
from workflows.commands import perform
from workflows.models import StageMachine

pytestmark = pytest.mark.django_db


# ── the meeting ───────────────────────────────────────────────────────────────────────────────────────────────
def test_before_the_meeting_the_lead_sees_who_is_how_far_and_no_mark(client, scoring):
    score(scoring.cases[0], scoring.house.jurors[2], scoring.at, mark="1.5")
    for user in (scoring.house.chair, scoring.house.secretary):
        page = signed_in(client, user).get(at(scoring, "meeting"))
        assert (page.context["done"], page.context["sheets"], len(page.context["missing"])) == (1, 9, 8)
        assert page.context["agenda"] == []
        assert client.get(at(scoring, "compare", scoring.cases[0].reference)).status_code == 404
    assert signed_in(client, scoring.house.jurors[2]).get(at(scoring, "meeting")).status_code == 403


def test_the_meeting_from_minutes_to_ranking(client, meeting):
    house, here = meeting.house, at(meeting, "meeting")
    page = signed_in(client, house.jurors[2]).get(here)
    assert next(row["case"] for row in page.context["agenda"]) == meeting.cases[0], "the most divided comes first"
    assert page.context["steps"] == []
    stage = meeting.stage()

    def step(user, name, **data):
        return signed_in(client, user).post(reverse("workflows:step", args=["stage", stage.pk, name]), {"next": here, **data})

    assert [each["step"].name for each in signed_in(client, house.secretary).get(here).context["steps"]] == ["minute", "ask_rank"]
    assert step(house.secretary, "minute", minutes="Wij waren het eens.").url == here
    assert step(house.chair, "sign_minutes").url == here
    assert step(house.secretary, "ask_rank").url == here
    page = signed_in(client, house.chair).get(here)
    assert page.context["asked"].actor == house.secretary
    assert step(house.chair, "rank").url == here
    assert Stage.objects.get(pk=stage.pk).state == StageState.RANKED
    page = client.get(here)
    assert page.context["ranking_url"] == at(meeting, "ranking")
    assert client.get(at(meeting, "ranking")).status_code == 200
    (row,) = client.get(reverse("workflows:reading")).context["rounds"]
    assert row["ranking_url"]


def test_all_sheets_lie_side_by_side(client, meeting):
    page = signed_in(client, meeting.house.chair).get(at(meeting, "compare", meeting.cases[0].reference))
    row = page.context["row"]
    assert [column.total for column in row.columns] == [Decimal("20.00"), Decimal("100.00"), Decimal("60.00")]
    assert (row.total, row.spread) == (Decimal("60.00"), Decimal("40.00"))
    assert client.get(at(meeting, "compare", "HU26-9999")).status_code == 404


@pytest.mark.parametrize(("who", "number"), [(2, 27), (0, 63)])
def test_the_meeting_costs_the_same_for_many(client, meeting, django_assert_num_queries, who, number):
    signed_in(client, meeting.house.jurors[who])
    url = at(meeting, "meeting")
    client.get(url)
    with django_assert_num_queries(number):
        client.get(url)
    Scoresheet.objects.filter(application__in=meeting.cases[1:]).delete()
    with django_assert_num_queries(number):
        client.get(url)


# ── kept out ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("who", ["juror", "chair", "secretary"])
def test_whoever_has_an_interest_sees_nothing_of_the_round_anywhere(client, meeting, who):
    user = meeting.house.jurors[2] if who == "juror" else getattr(meeting.house, who)
    own = list(Scoresheet.objects.filter(juror=user))
    before = signed_in(client, user).get(at(meeting, "meeting"))
    assert before.status_code == 200
    client.post(
        at(meeting, "conflict", meeting.cases[0].reference), {"says": "declare_interest", "kind": "family", "explanation": "Mijn broer."}
    )
    urls = [at(meeting, "conflicts"), at(meeting, "meeting")]
    urls += [at(meeting, name, case.reference) for name in ("conflict", "compare") for case in meeting.cases]
    urls += [reverse("workflows:sheet", args=[sheet.pk]) for sheet in own]
    urls += [reverse("tender:document", args=[each.pk]) for case in meeting.cases for each in case.documents.all()]
    assert {client.get(url).status_code for url in urls} == {404}
    assert client.get(at(meeting, "ranking")).status_code in {403, 404}
    page = client.get(reverse("workflows:reading"))
    assert page.context["rounds"] == []
    assert meeting.cases[0].reference not in page.content.decode()
    for name in ("minute", "sign_minutes", "ask_rank", "rank"):
        url = reverse("workflows:step", args=["stage", meeting.stage().pk, name])
        assert client.post(url, {"minutes": "x", "number": 3}).status_code == 403
    seen = signed_in(client, meeting.house.jurors[1]).get(at(meeting, "compare", meeting.cases[0].reference)).context["row"]
    assert user not in [column.sheet.juror for column in seen.columns], "a voided sheet is in no average either"


def test_an_interest_still_closes_a_round_whose_dossiers_went_on(client, meeting):
    juror = meeting.house.jurors[2]
    signed_in(client, juror).post(
        at(meeting, "conflict", meeting.cases[0].reference), {"says": "declare_interest", "kind": "family", "explanation": "Mijn broer."}
    )
    later = open_call(publish("crossover"), house=meeting.house, at=meeting.at).stage()
    for case in meeting.cases:
        case.stage = later
        case.save(update_fields=["stage"])
    assert client.get(at(meeting, "meeting")).status_code == 404
    assert client.get(at(meeting, "ranking")).status_code in {403, 404}


# ── what the chair is told, and gives back ────────────────────────────────────────────────────────────────────
def test_a_doubt_waits_on_the_reading_list_of_the_chair_alone(client, game):
    juror, first = game.house.jurors[2], game.cases[0]
    said = {"says": "declare_doubt", "kind": "rival", "explanation": "Wij dongen naar dezelfde opdracht."}
    signed_in(client, juror).post(at(game, "conflict", first.reference), said)

    def waiting(user):
        return signed_in(client, user).get(reverse("workflows:reading")).context["rounds"][0]["round"].to_judge

    assert [waiting(user) for user in (game.house.chair, game.house.deputy, game.house.secretary, juror)] == [1, 0, 0, 0]


def test_the_chair_gives_a_sheet_back_with_a_reason_that_its_juror_reads(client, scoring):
    juror, chair = scoring.house.jurors[2], scoring.house.chair
    score(scoring.cases[0], juror, scoring.at, mark="1.5")
    sheet = sheet_of(scoring, juror)
    page = signed_in(client, scoring.house.secretary).get(at(scoring, "meeting"))
    assert page.context["handed_in"] == [], "the secretary leads, but gives nothing back"
    (item,) = signed_in(client, chair).get(at(scoring, "meeting")).context["handed_in"]
    assert item["sheet"] == sheet
    assert client.get(item["url"]).status_code == 200
    step = reverse("workflows:step", args=["scoresheet", sheet.pk, "reopen"])
    assert client.post(step, {"reason": "", "next": at(scoring, "meeting")}).status_code == 422
    assert client.post(step, {"reason": "U vergiste zich bij de eerste vraag.", "next": at(scoring, "meeting")}).url == at(scoring, "meeting")
    page = signed_in(client, juror).get(reverse("workflows:sheet", args=[sheet.pk]))
    assert page.context["started"]
    assert "U vergiste zich bij de eerste vraag." in page.content.decode()
    client.post(reverse("workflows:sheet", args=[sheet.pk]), filled(sheet, "2", action="seal"))
    assert client.get(reverse("workflows:sheet", args=[sheet.pk])).context["given_back"] == ""


def test_the_meeting_names_the_sheets_it_goes_without(client, scoring):
    for case in scoring.cases:
        for juror in scoring.house.jurors[: 2 if case == scoring.cases[0] else 3]:
            score(case, juror, scoring.at)
    url = reverse("workflows:step", args=["stage", scoring.stage().pk, "convene"])
    form = signed_in(client, scoring.house.chair).get(url).context["form"]
    assert f"{scoring.cases[0].reference}, {scoring.house.jurors[2]}" in form.fields["reason"].help_text
    score(scoring.cases[0], scoring.house.jurors[2], scoring.at)
    assert "reason" not in client.get(url).context["form"].fields, "nothing is missing, so nothing is to be explained"


def test_who_judges_reads_no_account_number(client, scoring):
    juror, case = scoring.house.jurors[2], scoring.cases[0]
    form = case.rules.form
    iban = case.submission().answers[form.iban]
    for url in (reverse("workflows:sheet", args=[sheet_of(scoring, juror).pk]), reverse("workflows:dossier", args=[case.reference])):
        page = signed_in(client, juror).get(url)
        blocks = page.context["blocks"] if "blocks" in page.context else page.context["submissions"][0]["blocks"]
        asked = {line.key for block in blocks for line in block.lines}
        assert form.title in asked
        assert form.iban not in asked
        assert iban not in page.content.decode().replace(" ", "")


def test_the_panel_sees_the_order_of_all_it_may_judge_and_only_links_it_may_follow(client, meeting):
    house, stage = meeting.house, meeting.stage()
    for name, user in (("minute", house.secretary), ("sign_minutes", house.chair), ("ask_rank", house.secretary), ("rank", house.chair)):
        perform(StageMachine, name, pk=stage.pk, actor=user, at=meeting.at, **({"minutes": "Eens."} if name == "minute" else {}))
    unassigned = house.jurors[6]
    page = signed_in(client, unassigned).get(at(meeting, "ranking"))
    assert len(page.context["rows"]) == len(meeting.cases)
    assert not any(row["readable"] for row in page.context["rows"]), "the order, but not the proposals"
    assert page.context["trail"][-1][1] == at(meeting, "meeting")
    assert f'href="{at(meeting, "decisions")}"' not in page.content.decode()
    assert f'href="{reverse("workflows:calls")}"' not in page.content.decode()
    page = signed_in(client, house.jurors[2]).get(at(meeting, "ranking"))
    assert all(row["readable"] for row in page.context["rows"])
    page = signed_in(client, house.officer).get(at(meeting, "ranking"))
    assert f'href="{at(meeting, "decisions")}"' in page.content.decode()


def test_a_meeting_that_accepted_missing_sheets_comes_to_a_ranking(client, scoring):
    house, stage, here = scoring.house, scoring.stage(), at(scoring, "meeting")
    for case in scoring.cases:
        score(case, house.jurors[0], scoring.at)

    def step(user, name, **data):
        return signed_in(client, user).post(reverse("workflows:step", args=["stage", stage.pk, name]), {"next": here, **data})

    there = [str(juror.pk) for juror in house.jurors]
    assert step(house.chair, "convene", reason="", present=there).status_code == 409, "too few sheets, and nobody said why that will do"
    assert step(house.chair, "convene", reason="De anderen zijn ziek.").status_code == 409, "nobody is there"
    assert step(house.chair, "convene", reason="De anderen zijn ziek.", present=there).url == here
    assert step(house.secretary, "minute", minutes="Wij waren het eens.").url == here
    assert step(house.chair, "sign_minutes").url == here
    assert "sign_minutes" not in [each["step"].name for each in signed_in(client, house.chair).get(here).context["steps"]]
    assert step(house.secretary, "ask_rank").url == here
    assert step(house.chair, "rank").url == here
    assert Stage.objects.get(pk=stage.pk).state == StageState.RANKED


# ── it moves while they talk ──────────────────────────────────────────────────────────────────────────────────
def test_a_mark_changed_on_the_page_moves_the_agenda_of_the_others(client, meeting, django_assert_num_queries):
    case, juror, other = meeting.cases[1], meeting.house.jurors[2], meeting.house.jurors[1]
    now = signed_in(client, other).get(at(meeting, "meeting")).context["now_url"]
    client.get(now)
    with django_assert_num_queries(10):
        assert client.get(now).status_code == 204, "nothing moved"
    page = signed_in(client, juror).get(at(meeting, "compare", case.reference))
    mine = page.context["mine"]
    form = mine["lines"][0]["form"]
    said = {**form.initial, "last": "", "value": "1", "reason": "Ik las het bereik verkeerd.", "next": at(meeting, "compare", case.reference)}
    assert client.post(mine["url"], {**said, "reason": ""}).status_code == 422
    assert client.post(mine["url"], said).url == at(meeting, "compare", case.reference)
    assert client.post(mine["url"], said).status_code == 409, "a second tab still shows the old mark"
    page = signed_in(client, other).get(now)
    assert (page.status_code, [row.application for row in page.context["moved"]]) == (200, [case])
    assert "innerHTML:#agenda-moved" in page.content.decode()
    (row,) = [row for row in page.context["agenda"] if row["case"] == case]
    assert row["before"][0] > row["total"]
    page = client.get(at(meeting, "compare", case.reference))
    (change,) = page.context["changes"]
    assert (change["juror"], change["before"], change["after"], change["reason"]) == (juror, "4,5", "1", "Ik las het bereik verkeerd.")
    assert client.get(f"{at(meeting, 'agenda_now')}?since={pulse(meeting.stage(), in_round(meeting.stage()))}").status_code == 204
    assert client.get(f"{at(meeting, 'agenda_now')}?since=x").status_code == 200


def test_a_page_of_one_application_says_that_something_changed_and_moves_nothing(client, meeting):
    case, juror, other = meeting.cases[1], meeting.house.jurors[2], meeting.house.jurors[1]
    here = at(meeting, "compare", case.reference)
    now = signed_in(client, other).get(here).context["now_url"]
    elsewhere = client.get(at(meeting, "compare", meeting.cases[0].reference)).context["now_url"]
    assert client.get(now).status_code == 204
    mine = signed_in(client, juror).get(here).context["mine"]
    said = {**mine["lines"][0]["form"].initial, "last": "", "value": "1", "reason": "Ik las het bereik verkeerd.", "next": here}
    client.post(mine["url"], said)
    page = signed_in(client, other).get(now)
    assert (page.status_code, page.context["url"]) == (286, here), "and asks no further"
    assert client.get(elsewhere).status_code == 204
    client.post(at(meeting, "conflict", case.reference), {"says": "declare_interest", "kind": "family", "explanation": "Mijn broer."})
    assert client.get(now).status_code == 404


def test_the_secretary_notes_who_is_in_the_room(client, meeting):
    house, case = meeting.house, meeting.cases[0]
    here = at(meeting, "compare", case.reference)
    assert signed_in(client, house.jurors[2]).get(here).context["discuss"] is None
    page = signed_in(client, house.secretary).get(here)
    assert page.context["mine"] is None, "who has no sheet has no mark to change"
    form = page.context["discuss"]["form"]
    stay = [pk for pk in form.initial["present"] if int(pk) != house.jurors[5].pk]
    said = {"application": case.pk, "present": stay, "note": "", "next": here}
    assert client.post(page.context["discuss"]["url"], said).url == here
    room = client.get(here).context["room"]
    assert room["left"] == [house.jurors[5]]
    assert len(room["present"]) == 8


def test_the_agenda_does_not_move_for_who_may_not_see_it(client, meeting):
    juror = meeting.house.jurors[2]
    url = f"{at(meeting, 'agenda_now')}?since=0"
    assert signed_in(client, juror).get(url).status_code == 200
    client.post(
        at(meeting, "conflict", meeting.cases[0].reference), {"says": "declare_interest", "kind": "family", "explanation": "Mijn broer."}
    )
    assert client.get(url).status_code == 404
    assert signed_in(client, meeting.cases[0].applicant).get(url).status_code == 404


def test_before_the_meeting_nothing_moves(client, scoring):
    assert signed_in(client, scoring.house.chair).get(at(scoring, "agenda_now")).status_code == 404
