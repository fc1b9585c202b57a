"""The administrator's room from the ranking on: decisions through the chain, many at once, the queue and the inbox."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scoring.models import Conflict
from tender.enums import DecisionState, StageState
from tender.models import BoardList, Decision, Document
from tests.factories import applicant, clock, declare, deliver, open_call, pdf_file, person, publish, score, screen, submitted
from tests.workflows.pages.house import closed_round, confirm, press_whole, ranked_round, sign_in, where
from workflows.commands import create, perform
from workflows.models import ConflictMachine, DecisionMachine, StageMachine, WorkItem

pytestmark = pytest.mark.django_db


def test_the_ranking_shows_order_line_and_why(client):
    game, cases, _ = ranked_round()
    sign_in(client, game.house.officer)
    page = client.get(where("ranking", game.stage()))
    rows = page.context["rows"]
    assert rows[-1]["case"].pk == cases[0].pk
    assert "60" in rows[-1]["why"]
    assert [row["cut"] for row in rows] == [False, False, True, False]
    assert game.stage().lottery_seed in page.content.decode()
    assert client.get(where("ranking", game.stage()), {"version": "9"}).status_code == 404
    dashboard = client.get(where("stage", game.stage()))
    assert len(dashboard.context["heat"].lines) == 4


def test_a_recused_person_sees_nothing_of_the_ranking(client):
    game, cases, at = ranked_round(2)
    mate = person("mate", "officer")
    asked = Conflict.objects.filter(user=mate)
    sign_in(client, mate)
    assert client.get(where("ranking", game.stage())).context["rows"] == [], "nothing before declaring"
    made = create(ConflictMachine, "ask", of={"application": cases[0], "user": mate, "part": "officer"}, actor=mate, at=at)
    perform(ConflictMachine, "recuse", pk=made.pk, actor=clock(), at=at, reason="familie")
    assert asked.get().state == "recused"
    for name in ("ranking", "screening", "assign", "decisions"):
        assert client.get(where(name, game.stage())).status_code == 403, name


def test_decisions_go_through_the_chain_together(client):
    game, _cases, at = ranked_round()
    house, stage = game.house, game.stage()
    perform(StageMachine, "propose", pk=stage.pk, actor=house.officer, at=at)
    url, ticked = where("decision_steps", stage), [str(each.pk) for each in Decision.objects.all()]
    for user, step in ((house.officer, "submit_for_check"), (house.reader, "approve"), (house.signatory, "sign")):
        sign_in(client, user)
        preview, done = confirm(client, url, step=step, pk=ticked)
        assert preview.context["preview"].total == Decimal("24999.00") * 3
        assert [result.done for result in done.context["results"]] == [True] * 4, step
        again = client.post(url, {"step": step, "pk": ticked})
        assert not again.context["preview"].possible, "pressed twice: nothing is left to do"
    deliver()
    page = client.get(where("decisions", stage))
    assert page.context["round_steps"][0]["unmet"] == ()
    assert press_whole(client, page.context["round_steps"][0]["url"], "publish").status_code == 302
    assert game.stage().state == StageState.PUBLISHED
    detail = client.get(reverse("workflows:decision", args=[ticked[0]]))
    assert [link["status"] for link in detail.context["chain"]] == ["done"] * 3


def test_proposals_are_offered_again_where_one_was_dropped(client):
    game, _, at = ranked_round(2)
    house, stage = game.house, game.stage()
    sign_in(client, house.officer)

    def offered():
        return [step["url"] for step in client.get(where("decisions", stage)).context["round_steps"]]

    (url,) = offered()
    assert press_whole(client, url, "propose").status_code == 302
    assert offered() == []
    dropped = Decision.objects.get(kind="admit")
    perform(DecisionMachine, "discard", pk=dropped.pk, actor=house.officer, at=at, reason="Een tikfout.")
    assert offered() == [url]
    assert press_whole(client, url, "propose").status_code == 302
    assert offered() == []
    assert Decision.objects.open().get(application=dropped.application).kind == "admit"


def test_an_edited_decision_is_not_approved_unseen(client):
    game, _, at = ranked_round(2)
    house, stage = game.house, game.stage()
    perform(StageMachine, "propose", pk=stage.pk, actor=house.officer, at=at)
    decision = Decision.objects.get(kind="admit")
    sign_in(client, house.officer)
    preview = client.post(where("decision_steps", stage), {"step": "submit_for_check", "pk": decision.pk})
    hidden = dict(re.findall(r'name="(seen-\d+)" value="([0-9a-f]*)"', preview.content.decode()))
    perform(DecisionMachine, "edit", pk=decision.pk, actor=house.officer, at=at, amount=decision.amount, reasons="Duidelijker.")
    done = client.post(where("decision_steps", stage), {"step": "submit_for_check", "pk": decision.pk, **hidden, "confirm": "1"})
    assert [result.done for result in done.context["results"]] == [False]
    assert Decision.objects.get(pk=decision.pk).state == DecisionState.DRAFTED


def test_sending_back_asks_a_reason(client):
    game, _, at = ranked_round(2)
    house, stage = game.house, game.stage()
    perform(StageMachine, "propose", pk=stage.pk, actor=house.officer, at=at)
    ticked = [str(each.pk) for each in Decision.objects.all()]
    sign_in(client, house.officer)
    confirm(client, where("decision_steps", stage), step="submit_for_check", pk=ticked)
    sign_in(client, house.reader)
    without = client.post(where("decision_steps", stage), {"step": "send_back", "pk": ticked, "confirm": "1"})
    assert without.status_code == 422
    _, done = confirm(client, where("decision_steps", stage), step="send_back", pk=ticked, reason="Reken na.")
    assert all(result.done for result in done.context["results"])
    assert set(Decision.objects.values_list("state", flat=True)) == {DecisionState.DRAFTED}


def test_the_boards_list_is_kept_once(client):
    game = open_call(publish("crossover"))
    stage = game.stage(3)
    sign_in(client, game.house.board)
    url = where("board_list", stage)
    pdf = pdf_file("lijst")
    assert client.post(url, {"signs": "1", "file": SimpleUploadedFile("lijst.pdf", pdf)}).status_code == 422, "none was drawn up"
    said = {"rows": {}, "facts": {}, "made_by": game.house.officer, "made_at": game.at}
    drawn = BoardList.objects.create(stage=stage, sha256="0" * 64, language="nl", **said)
    assert client.post(url, {"signs": drawn.pk, "file": SimpleUploadedFile("lijst.pdf", b"<html>")}).status_code == 422
    for _ in range(2):
        assert client.post(url, {"signs": drawn.pk, "file": SimpleUploadedFile("lijst.pdf", pdf)}).status_code == 302
    document = Document.objects.get()
    file = client.get(reverse("workflows:board_list_file", args=[stage.call.reference, stage.key, document.pk]))
    assert b"".join(file.streaming_content) == pdf
    sign_in(client, game.house.reader)
    assert client.post(url, {"signs": drawn.pk, "file": SimpleUploadedFile("lijst.pdf", pdf)}).status_code == 403


def test_a_queue_is_proposed_in_turn(client):
    game = open_call(publish("minifund"), ceiling=Decimal("7000.00"))
    house, stage = game.house, game.stage()
    cases = []
    for _ in range(3):
        user, _org = applicant(organisation=False)
        case = submitted(game.call, at=game.at, user=user, **{stage.rules.form.amount: "4000"})
        screen(case, house, game.at)
        for assessor in house.assessors:
            score(case, assessor, game.at, officer=house.officer)
        cases.append(case)
    sign_in(client, house.officer)
    page = client.get(where("decisions", stage))
    assert [row["left"] for row in page.context["queue"]] == [Decimal(7000), Decimal(3000), Decimal(0)]
    preview, done = confirm(client, where("queue", stage), step="propose_in_turn", pk=[str(case.pk) for case in cases])
    assert preview.context["preview"].total == Decimal(7000)
    assert len(preview.context["preview"].impossible) == 1
    assert sorted(result.done for result in done.context["results"]) == [False, True, True]
    assert sorted(Decision.objects.values_list("amount", flat=True)) == [Decimal(3000), Decimal(4000)]


def test_the_inbox_is_by_deadline_and_by_role(client):
    game, cases, _ = closed_round(2)
    deliver()
    sign_in(client, game.house.officer)
    mine = client.get(reverse("workflows:inbox"))
    assert {row["item"].reference for row in mine.context["rows"]} >= {case.reference for case in cases}
    assert all(row["declare"] for row in mine.context["rows"] if row["item"].application_id)
    assert client.get(reverse("workflows:inbox"), {"who": "all"}).status_code == 200
    officers = client.get(reverse("workflows:inbox"), {"who": "officer"})
    assert {row["item"].role for row in officers.context["rows"]} == {"officer"}


def test_who_watches_a_term_is_led_to_the_case_not_to_a_step_of_somebody_else(client):
    game, cases, at = closed_round(1)
    deliver()
    item = WorkItem.objects.get(application=cases[0], noun="application", arrow="find_eligible")
    item.pk, item.role, item.escalated = None, "head", True
    item.save(force_insert=True)
    declare(cases[0], game.house.head, at=at)
    rows = sign_in(client, game.house.head).get(reverse("workflows:inbox")).context["rows"]
    assert [row["url"] for row in rows if row["item"].escalated] == [reverse("workflows:dossier", args=[cases[0].reference])]
    assert client.get(reverse("workflows:step", args=["application", cases[0].pk, "find_eligible"])).status_code == 403


def test_who_audits_sees_everybodys_work_and_no_step_of_it(client):
    game, cases, _ = closed_round(1)
    deliver()
    page = sign_in(client, game.house.auditor).get(reverse("workflows:inbox"))
    assert {row["reference"] for row in page.context["rows"]} >= {cases[0].reference}
    assert not any(row["url"] for row in page.context["rows"])


def test_what_was_asked_of_two_people_says_who_asked(client):
    game = open_call(publish("crossover"))
    stage = StageMachine.objects.filter(call=game.call, state=StageState.PLANNED).last()
    assert stage is not None
    rows = sign_in(client, game.house.head).get(where("stage", stage)).context["steps"]
    assert [row["asked"] for row in rows] == [None]
    perform(StageMachine, "ask_cancel", pk=stage.pk, actor=game.house.head, at=game.at, reason="Geen geld.")
    rows = client.get(where("stage", stage)).context["steps"]
    assert [row["asked"].actor for row in rows] == [game.house.head]


@pytest.mark.parametrize("name", ["stage", "screening", "assign", "ranking", "decisions"])
def test_pages_ask_a_constant_number_of_queries(client, name, django_assert_max_num_queries):
    """Eight applications cost what four cost."""
    counted = []
    for number in (3, 6):
        game, _, at = ranked_round(number)
        if name == "decisions":
            perform(StageMachine, "propose", pk=game.stage().pk, actor=game.house.officer, at=at)
        sign_in(client, game.house.officer)
        with django_assert_max_num_queries(80) as asked:
            assert client.get(where(name, game.stage()), {"all": "1"}).status_code == 200
        counted.append(len(asked.captured_queries))
    assert counted[0] == counted[1]
