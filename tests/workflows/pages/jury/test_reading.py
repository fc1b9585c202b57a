"""The juror's room, page by page: declare, read, score, hand in."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from scoring.models import Conflict, Mark, Scoresheet
from tender.clock import database_now
from tender.enums import ConflictState, Role, SheetState
from tender.models import CaseRole
from tests.factories import assign, declare, open_call, person, publish, screen, submitted
from tests.workflows.pages.jury.room import TITLES, at, filled, keys, sheet_of, signed_in
from workflows.models import Event
from workflows.scorecard import to_explain

pytestmark = pytest.mark.django_db


# ── what to read ──────────────────────────────────────────────────────────────────────────────────────────────
def test_whoever_judges_nothing_finds_nothing(client):
    assert client.get(reverse("workflows:reading")).status_code == 302
    page = signed_in(client, person("guest")).get(reverse("workflows:reading"))
    assert page.context["rounds"] == []
    assert "workflows:reading" not in page.content.decode()
    assert 'href="/jury/"' not in page.content.decode()


def test_the_reading_list_asks_to_declare_first_and_then_shows_the_sheets(client, game):
    juror = game.house.jurors[2]
    page = signed_in(client, juror).get(reverse("workflows:reading"))
    (row,) = page.context["rounds"]
    assert (row["round"].to_declare, row["sheets"]) == (3, [])
    assert 'href="/jury/"' in page.content.decode()
    assert client.get(reverse("tender:home")).url == reverse("workflows:reading")
    for case in game.cases:
        declare(case, *game.house.jurors, at=game.at)
        assign(case, game.house.jurors[:3], game.house, game.at)
    (row,) = client.get(reverse("workflows:reading")).context["rounds"]
    assert (row["round"].to_declare, len(row["sheets"]), row["round"].done) == (0, 3, 0)


def test_the_reading_list_costs_the_same_for_many(client, scoring, django_assert_num_queries):
    signed_in(client, scoring.house.jurors[2])
    url = reverse("workflows:reading")
    client.get(url)
    with django_assert_num_queries(11):
        client.get(url)
    Scoresheet.objects.filter(application__in=scoring.cases[1:]).delete()
    with django_assert_num_queries(11):
        client.get(url)


# ── declare ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_one_in_which_one_takes_part_needs_its_own_answer_and_does_not_stop_the_others(client, game):
    juror, own = game.house.jurors[2], game.cases[0]
    CaseRole.objects.create(application=own, user=juror, role=Role.PARTNER, since=game.at)
    page = signed_in(client, juror).post(at(game, "conflicts"), {"case": [case.pk for case in game.cases]}, follow=True)
    states = dict(Conflict.objects.filter(user=juror).values_list("application", "state"))
    assert [states[case.pk] for case in game.cases] == [ConflictState.ASKED, ConflictState.NONE, ConflictState.NONE]
    assert [str(told).startswith(own.reference) for told in page.context["messages"]] == [False, True], "a part is a link that was found"


def test_no_interest_in_all_that_were_ticked_and_twice_is_once(client, game):
    juror = game.house.jurors[2]
    url = at(game, "conflicts")
    signed_in(client, juror)
    assert client.post(url).status_code == 422
    page = client.get(url)
    text = page.content.decode()
    assert all(title in text for title in TITLES)
    answers = [str(value) for value in game.cases[0].submission().answers.values() if isinstance(value, str) and len(value) > 25]
    assert answers
    assert not any(answer in text for answer in answers), "a cover holds title, party and partners only"
    ticked = {"case": [case.pk for case in game.cases[:2]]}
    assert client.post(url, ticked).url == url
    assert client.post(url, ticked).url == url
    states = list(Conflict.objects.filter(user=juror).order_by("application__reference").values_list("state", flat=True))
    assert states == [ConflictState.NONE, ConflictState.NONE, ConflictState.ASKED]
    assert Event.objects.filter(kind="conflict.declare_none", actor=juror).count() == 2
    assert client.post(url, {"case": game.cases[2].pk}).url == reverse("workflows:reading")


def test_nobody_declares_what_they_were_not_asked(client, game):
    guest = person("guest")
    signed_in(client, guest)
    assert client.get(at(game, "conflicts")).status_code == 404
    assert client.post(at(game, "conflicts"), {"case": game.cases[0].pk}).status_code == 404
    assert not Conflict.objects.filter(user=guest).exists()
    other = open_call(publish("crossover"), house=game.house, at=game.at)
    stranger = submitted(other.call, at=other.at)
    signed_in(client, game.house.jurors[2]).post(at(game, "conflicts"), {"case": stranger.pk})
    assert not Conflict.objects.filter(application=stranger).exists()


def test_an_interest_says_what_it_is_and_closes_the_round(client, game):
    juror, first = game.house.jurors[2], game.cases[0]
    url = at(game, "conflict", first.reference)
    signed_in(client, juror)
    bare = client.post(url, {"says": "declare_interest"})
    assert bare.status_code == 422
    assert set(bare.context["form"].errors) == {"kind", "explanation"}
    said = {"says": "declare_interest", "kind": "family", "explanation": "Mijn zus."}
    assert client.post(url, said).url == reverse("workflows:reading")
    assert set(Conflict.objects.filter(user=juror).values_list("state", flat=True)) == {ConflictState.RECUSED}
    assert client.get(reverse("workflows:reading")).context["rounds"] == []


def test_a_doubt_goes_to_the_chair(client, game):
    juror, chair, first = game.house.jurors[2], game.house.chair, game.cases[0]
    said = {"says": "declare_doubt", "kind": "rival", "explanation": "Wij dongen naar dezelfde opdracht."}
    signed_in(client, juror).post(at(game, "conflict", first.reference), said)
    doubt = Conflict.objects.get(user=juror, application=first)
    assert doubt.state == ConflictState.DOUBTFUL
    assert client.get(at(game, "meeting")).status_code == 403
    page = signed_in(client, chair).get(at(game, "meeting"))
    (row,) = page.context["doubts"]
    assert row["conflict"] == doubt
    assert "Wij dongen" in page.content.decode()
    step = reverse("workflows:step", args=["conflict", doubt.pk, "clear"])
    assert client.get(row["clear"]).status_code == 200
    assert client.post(step, {"reason": "Lang geleden.", "next": at(game, "meeting")}).url == at(game, "meeting")
    doubt.refresh_from_db()
    assert doubt.state == ConflictState.CLEARED


def test_the_chair_does_not_judge_their_own_doubt_but_the_deputy_does(client, game):
    chair, deputy, first = game.house.chair, game.house.deputy, game.cases[0]
    said = {"says": "declare_doubt", "kind": "rival", "explanation": "Oude bekenden."}
    signed_in(client, chair).post(at(game, "conflict", first.reference), said)
    doubt = Conflict.objects.get(user=chair, application=first)
    assert client.get(at(game, "meeting")).context["doubts"] == []
    step = reverse("workflows:step", args=["conflict", doubt.pk, "recuse"])
    assert client.post(step, {"reason": "x"}).status_code == 403
    (row,) = signed_in(client, deputy).get(at(game, "meeting")).context["doubts"]
    assert row["conflict"] == doubt
    client.post(step, {"reason": "Toch te dichtbij."})
    assert set(Conflict.objects.filter(user=chair).values_list("state", flat=True)) == {ConflictState.RECUSED}, "the whole round"
    assert signed_in(client, chair).get(at(game, "meeting")).status_code == 404


def test_an_interest_can_come_up_later(client, scoring):
    juror = scoring.house.jurors[2]
    sheet = sheet_of(scoring, juror)
    signed_in(client, juror)
    form = client.get(at(scoring, "conflict", scoring.cases[0].reference)).context["form"]
    assert [value for value, _label in form.fields["says"].choices] == ["declare_interest"]
    client.post(at(scoring, "conflict", scoring.cases[0].reference), {"says": "declare_interest", "kind": "family", "explanation": "Nu wel."})
    sheet.refresh_from_db()
    assert sheet.state == SheetState.VOID
    assert client.get(reverse("workflows:sheet", args=[sheet.pk])).status_code == 404


def test_an_assessor_without_a_panel_asks_and_declares_for_themself(client):
    small = open_call(publish("minifund"), at=database_now() - timedelta(days=5))
    case = submitted(small.call, at=small.at)
    screen(case, small.house, small.at)
    assessor = small.house.assessors[0]
    page = signed_in(client, assessor).get(reverse("workflows:reading"))
    (row,) = page.context["rounds"]
    assert row["round"].to_declare == 1
    assert not page.context["in_panel"], "no panel will meet, and none is spoken of"
    assert client.post(at(small, "conflicts"), {"case": case.pk}).status_code == 302
    assert Conflict.objects.get(application=case, user=assessor).part == "assessor"
    assign(case, [assessor], small.house, small.at)
    (row,) = client.get(reverse("workflows:reading")).context["rounds"]
    assert len(row["sheets"]) == 1
    assert client.get(at(small, "meeting")).status_code == 404
    url = row["sheets"][0]["url"]
    client.post(url, {"action": "start"})
    page = client.get(url)
    assert page.context["in_words"]
    sheet = Scoresheet.objects.get(juror=assessor)
    assert client.post(url, filled(sheet, "1", action="seal")).status_code == 302
    assert "Not able" not in client.get(url).content.decode()


# ── the sheet ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_sheet_is_started_saved_and_handed_in(client, scoring):
    juror = scoring.house.jurors[2]
    sheet = sheet_of(scoring, juror)
    url = reverse("workflows:sheet", args=[sheet.pk])
    page = signed_in(client, juror).get(url)
    assert page.status_code == 200
    assert "Wij onderzoeken met bewoners" in page.content.decode()
    assert client.post(url, filled(sheet)).url == url
    assert not Mark.objects.exists(), "nothing is kept before the form is opened"
    assert client.post(url, {"action": "start"}).status_code == 302
    assert client.post(url, {"action": "start"}).status_code == 302
    answer = client.post(url, filled(sheet, q1="3.5", q2="unable", **{"q1-why": "Helder."}), headers={"HX-Request": "true"})
    assert (answer.status_code, b"hx-swap-oob" in answer.content) == (200, True)
    marks = {mark.question: mark for mark in Mark.objects.filter(sheet=sheet)}
    first, second, *_rest = keys(sheet)
    assert (marks[first].value, marks[first].comment) == (Decimal("3.5"), "Helder.")
    assert marks[second].unable
    assert client.get(url).context["form"]["q1"].value() == "3.5"
    following = sheet_of(scoring, juror, 1)
    assert client.post(url, filled(sheet, action="seal")).url == reverse("workflows:sheet", args=[following.pk])
    sheet.refresh_from_db()
    assert sheet.state == SheetState.SEALED
    assert client.post(url, filled(sheet, "1")).url == url
    assert client.post(url, filled(sheet, "1"), headers={"HX-Request": "true"}).status_code == 409
    assert set(Mark.objects.filter(sheet=sheet).values_list("value", flat=True)) == {Decimal(4)}
    page = client.get(url)
    assert (page.context["done"], b'name="q1"' in page.content) == (True, False)


def test_a_gap_is_said_at_its_question_and_what_was_given_is_kept(client, scoring):
    juror = scoring.house.jurors[2]
    sheet = sheet_of(scoring, juror)
    url = reverse("workflows:sheet", args=[sheet.pk])
    signed_in(client, juror).post(url, {"action": "start"})
    page = client.post(url, filled(sheet, q2="", action="seal"))
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"q2"}
    assert Mark.objects.get(sheet=sheet, question=keys(sheet)[0]).value == 4
    page = client.post(url, filled(sheet, q1="4.2"))
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"q1"})
    sheet.refresh_from_db()
    assert sheet.state == SheetState.STARTED


def test_a_window_that_was_left_behind_overwrites_nothing(client, scoring):
    juror = scoring.house.jurors[2]
    sheet = sheet_of(scoring, juror)
    url = reverse("workflows:sheet", args=[sheet.pk])
    signed_in(client, juror).post(url, {"action": "start"})
    behind = client.get(url).context["seen"]
    assert client.post(url, filled(sheet, q1="3", seen=behind)).status_code == 302
    stale = filled(sheet, q1="2", seen=behind)
    for action in ("save", "seal"):
        page = client.post(url, {**stale, "action": action})
        assert (page.status_code, set(page.context["form"].errors)) == (409, {"q1"})
        assert page.context["form"]["q1"].value() == "2", "what was typed here stays on the page"
        assert Mark.objects.get(sheet=sheet, question=keys(sheet)[0]).value == 3
    by_itself = client.post(url, stale, headers={"HX-Request": "true"})
    assert (by_itself.status_code, b'id="overtaken"' in by_itself.content) == (409, True)
    assert client.post(url, {**stale, "seen": page.context["seen"]}).status_code == 302, "who saw both may choose"
    assert Mark.objects.get(sheet=sheet, question=keys(sheet)[0]).value == 2
    answer = client.post(url, filled(sheet, q1="1", seen=client.get(url).context["seen"]), headers={"HX-Request": "true"})
    assert client.post(url, filled(sheet, comment="", seen=answer.context["seen"])).status_code == 302, (
        "one window goes on after its own save"
    )
    late = client.post(url, filled(sheet, comment="Later.", seen=answer.context["seen"]))
    assert (late.status_code, set(late.context["form"].errors)) == (409, {"comment"})


def test_a_window_left_behind_that_is_told_what_is_wrong_has_seen_no_more(client, scoring):
    juror = scoring.house.jurors[2]
    sheet = sheet_of(scoring, juror)
    url = reverse("workflows:sheet", args=[sheet.pk])
    signed_in(client, juror).post(url, {"action": "start"})
    behind = client.get(url).context["seen"]
    client.post(url, filled(sheet, q1="3", seen=behind))
    page = client.post(url, filled(sheet, q1="2", seen=behind, **{"q2-why": "x" * 4001}))
    assert page.status_code == 422
    again = client.post(url, filled(sheet, q1="2", seen=page.context["seen"]))
    assert (again.status_code, set(again.context["form"].errors)) == (409, {"q1"})
    assert Mark.objects.get(sheet=sheet, question=keys(sheet)[0]).value == 3


def test_a_mark_at_the_end_of_the_scale_needs_a_remark(client, scoring):
    juror = scoring.house.jurors[2]
    sheet = sheet_of(scoring, juror)
    url = reverse("workflows:sheet", args=[sheet.pk])
    signed_in(client, juror).post(url, {"action": "start"})
    assert "Where you give a 0 or a 5" in client.get(url, headers={"Accept-Language": "en"}).content.decode()
    given = filled(sheet, q1="5", q2="0", q3="unable", **{"q3-why": "Staat er niet in.", "comment": "Al met al."})
    page = client.post(url, {**given, "action": "seal"})
    assert (page.status_code, set(page.context["form"].errors)) == (422, {"q1-why", "q2-why"})
    text = page.content.decode()
    assert '<a href="#id_q1-why">' in text, "the summary leads to the remark that is missing"
    assert text.count('jury-why" open') == 3, "what is missing and what was typed lie open"
    assert all(words in text for words in ("Al met al.", "Staat er niet in."))
    sheet.refresh_from_db()
    assert sheet.state == SheetState.STARTED
    assert client.post(url, {**given, "q1-why": "Alles klopt.", "q2-why": "Geen woord hierover.", "action": "seal"}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.state == SheetState.SEALED


def test_where_every_mark_is_an_end_only_the_lower_needs_a_remark():
    fund, hubs = (publish(key).definition.stages[0].rubric for key in ("minifund", "hub_support"))
    assert (fund.extremes, hubs.extremes) == ((0,), (0, 5))
    assert to_explain(fund) != to_explain(hubs)
    plain = replace(hubs, explain_extremes=False)
    assert (plain.extremes, to_explain(plain)) == ((), "")


def test_another_persons_sheet_is_not_there(client, scoring):
    sheet = sheet_of(scoring, scoring.house.jurors[2])
    for user in (scoring.house.jurors[0], scoring.house.officer, scoring.house.auditor, scoring.cases[0].applicant):
        url = reverse("workflows:sheet", args=[sheet.pk])
        assert signed_in(client, user).get(url).status_code == 404
        assert client.post(url, {"action": "start"}).status_code == 404
    sheet.refresh_from_db()
    assert sheet.state == SheetState.ASSIGNED


def test_the_content_is_closed_before_the_assignment(client, game):
    juror = game.house.jurors[2]
    declare(game.cases[0], juror, at=game.at)
    assert signed_in(client, juror).get(reverse("workflows:dossier", args=[game.cases[0].reference])).status_code == 404
