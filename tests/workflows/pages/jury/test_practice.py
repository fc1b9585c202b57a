"""Practice proposals: scored like any other, laid beside an answer afterwards, and counted nowhere."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from reports.commands.exporting import ask_export, make_export
from reports.exports.columns import Scope
from reports.exports.kinds import KINDS
from scoring.commands.marking import save_practice
from scoring.models import Mark, PanelMember, PracticeSheet, Ranking, Scoresheet
from tender.calendar import amsterdam_day
from tender.clock import database_now
from tender.enums import SheetState
from tests.factories import assign, close, declare, open_call, person, score, screen, submitted, variant
from tests.factories.practice import ANSWERS, PRACTICE, REMARK, WHY, begin, practised
from tests.workflows.pages.jury.room import TITLES, at, signed_in
from workflows.commands import perform
from workflows.models import Event, StageMachine

pytestmark = pytest.mark.django_db
MEETS = ('assess = "jury"', 'assess = "jury"\nmeeting = true')


@pytest.fixture
def game():
    """A round that is open, its panel seated, with one practice proposal."""
    made = open_call(variant("hub_support", PRACTICE, MEETS), at=database_now() - timedelta(days=10))
    for number, user in enumerate(made.house.jurors):
        user.name = f"Lid {number} van de Raad"
        user.save(update_fields=["name"])
    return made


def answers(mark="4", **said):
    return {**dict.fromkeys((f"q{number}" for number in range(1, 6)), mark), "comment": "Mooi.", **said}


def text(response):
    return response.content.decode()


def test_from_the_seat_on_a_member_finds_it_on_the_reading_list(client, game):
    juror = game.house.jurors[2]
    page = signed_in(client, juror).get(reverse("workflows:reading"))
    ((task,),) = [row["practice"] for row in page.context["rounds"]]
    assert (task["label"], task["url"]) == ("De Oefenhub", at(game, "practice", "hub"))
    practised(game.stage(), juror, game.at)
    ((task,),) = [row["practice"] for row in client.get(reverse("workflows:reading")).context["rounds"]]
    assert task["status"] == "ok"


def test_a_member_scores_it_and_only_then_reads_the_answer(client, game):
    url, juror = at(game, "practice", "hub"), game.house.jurors[2]
    signed_in(client, juror)
    assert "Een verzonnen hub" in text(client.get(url))
    assert client.post(url, {"action": "start"}).status_code == 302
    assert client.post(url, answers(q1="3.5", **{"q1-why": "Omdat."}), headers={"HX-Request": "true"}).status_code == 200
    sheet = PracticeSheet.objects.get(juror=juror)
    assert {key: str(mark.value) for key, mark in sheet.given.items()}["makers.need"] == "3.5"
    gaps = client.post(url, answers(q1="", action="seal"))
    assert gaps.status_code == 422
    assert WHY not in text(gaps), "no answer before one's own is in"
    assert WHY not in text(client.get(url))
    page = client.post(url, answers(q1="5", action="seal", **{"q1-why": "Hier moet het."}), follow=True)
    assert PracticeSheet.objects.get(juror=juror).state == SheetState.SEALED
    assert all(f"{WHY} {name}." in text(page) for name in ANSWERS)
    first, *_rest, last = page.context["rows"]
    assert (first["own"], first["answer"], first["difference"]) == ("5", "4", "1 hoger")
    assert (last["own"], last["answer"], last["difference"]) == ("4", "1", "3 hoger")
    assert client.post(url, answers(q1="1")).status_code == 302, "what is in stays as it is"
    assert str(PracticeSheet.objects.get(juror=juror).given["makers.need"].value) == "5"
    assert client.post(url, {"action": "start"}).status_code == 302
    assert list(Event.objects.filter(noun="practice").order_by("seq").values_list("kind", flat=True)) == ["practice.begin", "practice.seal"]


def test_what_others_gave_is_shown_without_names_and_from_three_on(client, game):
    house, stage, juror = game.house, game.stage(), game.house.jurors[2]
    practised(stage, juror, game.at)
    for other, mark in zip(house.jurors[3:5], ("2", "3"), strict=True):
        practised(stage, other, game.at, mark)
    url = at(game, "practice", "hub")
    page = signed_in(client, juror).get(url)
    assert (page.context["enough"], page.context["rows"][0]["others"]) == (False, [])
    practised(stage, house.jurors[5], game.at, "3")
    page = client.get(url)
    assert page.context["rows"][0]["others"] == [("2", 1), ("3", 2)]
    assert not any(other.name in text(page) for other in house.jurors[3:6])


def test_who_leads_sees_how_far_the_panel_is_and_never_whose_mark_it_is(client, game):
    house, stage = game.house, game.stage()
    for juror, mark in zip(house.jurors[2:5], ("2", "3", "4"), strict=True):
        practised(stage, juror, game.at, mark)
    (row,) = signed_in(client, house.secretary).get(at(game, "meeting")).context["practices"]
    assert (row["done"], row["seats"], row["may"]) == (3, len(house.jurors), True)
    assert [(each["answer"], each["mean"], each["distance"]) for each in row["rows"]][-1] == ("1", 3, 2)
    (row,) = signed_in(client, house.chair).get(at(game, "meeting")).context["practices"]
    assert (row["done"], row["may"], row["rows"]) == (3, False, []), "the chair gives marks too, so first their own"
    practised(stage, house.chair, game.at)
    page = client.get(at(game, "meeting"))
    assert len(page.context["practices"][0]["rows"]) == len(ANSWERS)
    assert not any(juror.name in text(page) for juror in house.jurors[2:5])
    PanelMember.objects.filter(user=house.jurors[2]).update(until=amsterdam_day(game.at) - timedelta(days=1))
    (row,) = client.get(at(game, "meeting")).context["practices"]
    assert (row["done"], row["seats"]) == (3, len(house.jurors) - 1), "who does not sit any more is not counted"


def test_who_gives_no_marks_here_finds_nothing(client, game):
    url = at(game, "practice", "hub")
    for user in (person("guest"), game.house.secretary, game.house.officer):
        signed_in(client, user)
        assert client.get(url).status_code == 404
        assert client.post(url, {"action": "start"}).status_code == 404
    signed_in(client, game.house.jurors[2])
    assert client.get(at(game, "practice", "den")).status_code == 404
    assert not PracticeSheet.objects.exists()


def test_nobody_writes_on_the_form_of_another_and_no_window_over_another(client, game):
    juror, other = game.house.jurors[2:4]
    sheet = begin(game.stage(), juror, game.at)
    with pytest.raises(PermissionDenied):
        save_practice(pk=sheet.pk, actor=other, at=game.at, marks={"makers.need": {"value": 4}})
    with pytest.raises(ValidationError):
        save_practice(pk=sheet.pk, actor=juror, at=game.at, marks={"makers.need": {"value": 9}})
    assert PracticeSheet.objects.get(pk=sheet.pk).answers == {}
    url = at(game, "practice", "hub")
    seen = signed_in(client, juror).get(url).context["seen"]
    assert client.post(url, answers("3", seen=seen)).status_code == 302
    behind = client.post(url, answers("2", seen=seen))
    assert behind.status_code == 409
    assert {str(mark.value) for mark in PracticeSheet.objects.get(pk=sheet.pk).given.values()} == {"3"}


def test_the_reading_list_costs_one_query_more(client, game, django_assert_num_queries):
    signed_in(client, game.house.jurors[2])
    url = reverse("workflows:reading")
    client.get(url)
    with django_assert_num_queries(12):
        client.get(url)
    practised(game.stage(), game.house.jurors[2], game.at)
    with django_assert_num_queries(12):
        client.get(url)


# ── it counts nowhere ─────────────────────────────────────────────────────────────────────────────────────────
def ranked(game, *, practising):
    """The same round to its ranking, with or without forms on the practice proposal."""
    house, stage = game.house, game.stage()
    cases = [submitted(game.call, at=game.at, **{stage.rules.form.title: title}) for title in TITLES]
    if practising:
        for juror, mark in zip(house.jurors[:4], ("1", "2", "3", "4"), strict=True):
            practised(stage, juror, game.at, mark)
    moment = close(stage)
    for number, case in enumerate(cases):
        screen(case, house, moment)
        declare(case, *house.jurors, at=moment)
        assign(case, house.jurors[:3], house, moment)
        cases[number] = case

    def take(name, actor, **data):
        perform(StageMachine, name, pk=stage.pk, actor=actor, at=moment, **data)

    take("start_scoring", house.officer)
    for case, marks in zip(cases, (("4", "3", "5"), ("2", "2", "3"), ("4", "4", "4")), strict=True):
        for juror, mark in zip(house.jurors[:3], marks, strict=True):
            score(case, juror, moment, mark=mark)
    take("convene", house.chair, present=[juror.pk for juror in house.jurors])
    take("minute", house.secretary, minutes="Wij waren het eens.")
    take("sign_minutes", house.chair)
    take("ask_rank", house.secretary)
    take("rank", house.chair)
    return Ranking.objects.get(stage=stage), moment


@pytest.mark.parametrize("practising", [False, True])
def test_a_practice_counts_nowhere(game, practising):
    found, _moment = ranked(game, practising=practising)
    assert PracticeSheet.objects.count() == (4 if practising else 0)
    assert (Scoresheet.objects.count(), Mark.objects.count()) == (9, 9 * len(ANSWERS))
    assert sorted(round(float(row.total), 2) for row in found.placings.all()) == [46.67, 80, 80]
    assert {row.sheets for row in found.placings.all()} == {3}


def test_no_export_holds_a_mark_of_it(game, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    _found, moment = ranked(game, practising=True)
    looked = 0
    for kind in KINDS:
        made = make_export(pk=ask_export(kind=kind, form="xlsx", scope=Scope(), actor=game.house.auditor, at=moment).pk)
        with made.file.open("rb") as file:
            cells = [
                str(value) for sheet in load_workbook(file, read_only=True) for row in sheet.iter_rows(values_only=True) for value in row
            ]
        assert not [cell for cell in cells if REMARK in cell or WHY in cell], kind
        looked += len(cells)
    assert looked > 1000
