"""A round as a whole: what is shown before a press, what a change in between does, and many decisions at once."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scoring.models import Conflict
from tender.calendar import next_working_day
from tender.clock import database_now
from tender.enums import DecisionState, Role, StageState
from tender.models import Application, BoardList, Decision
from tests.factories import declare, deliver, open_call, pdf_file, person, publish, submitted, variant
from tests.workflows.pages.house import confirm, press_whole, ranked, ranked_round, sign_in, where
from tests.workflows.refusals.test_departing import WHY
from tests.workflows.refusals.test_lateness import WHY as REASON
from workflows.commands import create, perform
from workflows.models import ApplicationMachine, ConflictMachine, DecisionMachine, Event, StageMachine

pytestmark = pytest.mark.django_db
FLAT = Decimal("24999.00")
CHAIN = ("officer", "reader", "signatory")


def taken(game, name, at, who="officer", **data):
    perform(StageMachine, name, pk=game.stage().pk, actor=getattr(game.house, who), at=at, **data)


def through(game, at, *links):
    """Every open decision, through these links of its chain."""
    names = {"drafted": "submit_for_check", "in_check": "approve", "approved": "sign"}
    for link in links:
        for each in Decision.objects.open().order_by("pk"):
            perform(DecisionMachine, names[each.state], pk=each.pk, actor=getattr(game.house, link), at=at, seen=each.seen_sha256)


def test_what_will_be_proposed_is_shown_first_and_done_wholly(client):
    game, cases, _at = ranked_round(4)
    url = where("propose_round", game.stage())
    sign_in(client, game.house.officer)
    page = client.get(url)
    preview = page.context["preview"]
    assert [(row.reference, row.amount) for row in preview.rows][-1] == (cases[0].reference, 0)
    assert (preview.total, page.context["total"], preview.hidden) == (3 * FLAT, 4, 0)
    free, held, _given = preview.pots
    assert (free.before - free.after, held.after - held.before) == (3 * FLAT, 3 * FLAT)
    stale = client.post(url, {"step": "propose", "seen": "0" * 64})
    assert (stale.status_code, Decision.objects.count()) == (409, 0)
    assert stale.context["refused"]
    assert press_whole(client, url, "propose").status_code == 302
    assert Decision.objects.count() == 4
    again = client.post(url, {"step": "propose", "seen": page.context["seen"]})
    assert (again.status_code, Decision.objects.count()) == (409, 4), "pressed twice: nothing is left to do"
    assert client.post(url, {"step": "publish"}).status_code == 403


def test_the_best_is_proposed_first():
    """What one party gets may leave less state aid for another, so the order is that of the ranking, not that of coming in."""
    game, cases, at = ranked_round(3)
    taken(game, "propose", at)
    made = [each.application_id for each in Decision.objects.order_by("pk")]
    assert made == list(game.stage().rankings.latest().placings.order_by("order", "application_id").values_list("application_id", flat=True))
    assert made != [case.pk for case in cases], "the first that came in stands last"


def test_who_may_not_take_the_step_sees_no_preview(client):
    game, _cases, _at = ranked_round(2)
    for who, name in (("reader", "propose_round"), ("officer", "publish_round"), ("reader", "postpone_round"), ("auditor", "propose_round")):
        sign_in(client, getattr(game.house, who))
        assert client.get(where(name, game.stage())).status_code == 403, (who, name)
    sign_in(client, game.house.reader)
    assert client.post(where("propose_round", game.stage()), {"step": "propose", "seen": ""}).status_code == 403


def test_what_this_person_may_not_read_is_counted_and_not_shown(client):
    game = open_call(variant("crossover", ("recuse_whole_round = true", "recuse_whole_round = false")))
    cases = [submitted(game.call, at=game.at) for _ in range(3)]
    at = ranked(game, cases)
    mate = person("mate", Role.OFFICER)
    declare(cases[0], mate, at=at)
    asked = create(ConflictMachine, "ask", of={"application": cases[1], "user": mate, "part": "officer"}, actor=mate, at=at)
    perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=mate, at=at, kind="family", explanation="Mijn zus.")
    page = sign_in(client, mate).get(where("propose_round", game.stage()))
    assert [row.reference for row in page.context["preview"].rows] == [cases[0].reference]
    assert (page.context["preview"].hidden, page.context["total"]) == (2, 3)
    assert cases[1].reference not in page.content.decode()
    assert Conflict.objects.filter(user=mate, state="recused").count() == 1


def test_a_round_is_published_now_or_at_a_moment_that_is_set(client):
    game, _cases, at = ranked_round(3)
    taken(game, "propose", at)
    url = where("publish_round", game.stage())
    sign_in(client, game.house.signatory)
    page = client.get(url)
    assert page.context["unmet"]
    assert len(page.context["preview"].impossible) == 3
    through(game, at, *CHAIN)
    deliver()
    page = client.get(url)
    assert not page.context["unmet"]
    _free, held, given = page.context["preview"].pots
    assert (held.after, given.after) == (0, 2 * FLAT)
    assert all(row.letter for row in page.context["preview"].rows)
    assert press_whole(client, url, "schedule", publish_at="").status_code == 422
    assert press_whole(client, url, "schedule", publish_at="2026-01-01T10:00").status_code == 409
    moment = (database_now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    assert press_whole(client, url, "schedule", publish_at=moment).status_code == 302
    page = client.get(url)
    assert (page.context["void"], bool(page.context["take_back"])) == ("", True)
    assert client.post(page.context["take_back"], {}).status_code == 302
    assert game.stage().publish_at is None
    assert press_whole(client, url, "schedule", publish_at=moment).status_code == 302
    first = Decision.objects.open().first()
    perform(DecisionMachine, "send_back", pk=first.pk, actor=game.house.officer, at=at, reason="Een tikfout.")
    assert client.get(url).context["void"] == "changed"
    assert client.post(url, {"step": "publish", "seen": page.context["seen"]}).status_code == 409
    assert game.stage().state == StageState.DECIDING


def test_an_officer_departs_from_the_advice_and_everybody_reads_it(client):
    game, cases, at = ranked_round(3)
    taken(game, "propose", at)
    weak, second = (Decision.objects.get(application=case) for case in cases[:2])
    sign_in(client, game.house.officer)
    page = client.get(reverse("workflows:decision", args=[second.pk]))
    assert page.context["line"] == [], "who is below the floor stands in no line"
    url = reverse("workflows:step", args=["decision", weak.pk, "depart"])
    shown = client.get(url)
    assert "ondergrens" in shown.content.decode() or "minimum" in shown.content.decode()
    short = client.post(url, {"outcome": "admit:", "amount": "24999", "departure": "Te kort."})
    assert (short.status_code, Decision.objects.get(pk=weak.pk).kind) == (409, "refuse")
    assert client.post(url, {"outcome": "admit:", "amount": "24999", "departure": WHY}).status_code == 302
    detail = client.get(reverse("workflows:decision", args=[weak.pk]))
    assert WHY in detail.content.decode()
    assert client.post(reverse("workflows:step", args=["decision", second.pk, "depart"]), {"outcome": "refuse:condition", "departure": WHY})
    page = client.get(reverse("workflows:decision", args=[weak.pk]))
    assert [(each.case.pk, each.above) for each in page.context["line"]] == [(cases[1].pk, True)]
    rows = {row["case"].pk: row["decision"].departure for row in client.get(where("decisions", game.stage())).context["rows"]}
    assert rows == {cases[0].pk: WHY, cases[1].pk: WHY, cases[2].pk: ""}
    preview = client.post(where("decision_steps", game.stage()), {"step": "submit_for_check", "pk": [weak.pk, second.pk]}).context["preview"]
    assert [bool(row.flag) for row in preview.rows] == [True, True]
    assert [row.pk for row in preview.impossible] == [second.pk], "the party has to be heard first"


def test_of_who_waits_what_this_person_may_not_read_is_only_counted():
    from workflows.departing import in_line

    game, cases, at = ranked_round(3)
    taken(game, "propose", at)
    decision = Decision.objects.get(application=cases[1])
    said = {"kind": "refuse", "ground": "condition", "amount": Decimal(0), "departure": WHY}
    perform(DecisionMachine, "depart", pk=decision.pk, actor=game.house.officer, at=at, **said)
    assert in_line(Decision.objects.get(application=cases[2]), person("stranger", Role.OFFICER)) == ([], 1)


def test_a_press_binds_each_row_and_one_that_changed_stops_no_other(client):
    game, cases, at = ranked_round(3)
    taken(game, "propose", at)
    sign_in(client, game.house.officer)
    url, ticked = where("decision_steps", game.stage()), list(Decision.objects.values_list("pk", flat=True))
    shown = client.post(url, {"step": "submit_for_check", "pk": ticked})
    hidden = dict(re.findall(r'name="(seen-\d+)" value="([0-9a-f]*)"', shown.content.decode()))
    changed = Decision.objects.get(application=cases[1])
    perform(DecisionMachine, "edit", pk=changed.pk, actor=game.house.officer, at=at, amount=changed.amount, reasons="Duidelijker.")
    done = client.post(url, {"step": "submit_for_check", "pk": ticked, **hidden, "confirm": "1"})
    assert {result.row.pk: result.done for result in done.context["results"]} == {pk: pk != changed.pk for pk in ticked}
    assert Decision.objects.get(pk=changed.pk).state == DecisionState.DRAFTED


@pytest.mark.parametrize("step", ["submit_for_check", "send_back", "publish"])
def test_a_preview_costs_the_same_for_few_and_for_many(client, step, django_assert_max_num_queries):
    counted = []
    for number in (2, 5):
        game, _cases, at = ranked_round(number)
        taken(game, "propose", at)
        mine = Decision.objects.filter(stage=game.stage())
        who = "officer"
        if step != "submit_for_check":
            for link, name in zip(CHAIN, ("submit_for_check", "approve", "sign"), strict=True):
                for each in mine.order_by("pk"):
                    perform(DecisionMachine, name, pk=each.pk, actor=getattr(game.house, link), at=at, seen=each.seen_sha256)
            who = "signatory"
            deliver()
        sign_in(client, getattr(game.house, who))
        with django_assert_max_num_queries(60) as asked:
            page = client.post(where("decision_steps", game.stage()), {"step": step, "pk": list(mine.values_list("pk", flat=True))})
        assert len(page.context["preview"].possible) == number
        counted.append(len(asked.captured_queries))
    assert counted[0] == counted[1]


# ── the list for the board ────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def before_the_board():
    game = open_call(variant("crossover", ('chain = ["officer", "reader", "signatory"]', 'chain = ["officer", "board", "signatory"]')))
    cases = [submitted(game.call, at=game.at) for _ in range(2)]
    at = ranked(game, cases)
    taken(game, "propose", at)
    return game, at


def test_the_board_agrees_with_the_list_as_it_was_printed(client, before_the_board):
    game, at = before_the_board
    url, house = where("board_list", game.stage()), game.house
    sign_in(client, house.officer)
    assert client.post(url, {"step": "draw_up"}).status_code == 409
    through(game, at, "officer")
    assert client.post(url, {"step": "draw_up"}).status_code == 302
    deliver()
    (drawn,) = BoardList.objects.all()
    page = client.get(url)
    assert [(each.pk, stands) for each, stands in page.context["drawn"]] == [(drawn.pk, True)]
    assert drawn.code in page.content.decode()
    stage = game.stage()
    file = client.get(reverse("workflows:board_list_file", args=[stage.call.reference, stage.key, drawn.printed.pk]))
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    copy = {"signs": drawn.pk, "file": SimpleUploadedFile("lijst.pdf", pdf_file("lijst"))}
    assert client.post(url, copy).status_code == 302
    sign_in(client, house.board)
    ticked = list(Decision.objects.values_list("pk", flat=True))
    steps = where("decision_steps", game.stage())
    shown = client.post(steps, {"step": "approve", "pk": ticked})
    assert drawn.code in shown.content.decode()
    changed = Decision.objects.get(pk=ticked[0])
    perform(DecisionMachine, "send_back", pk=changed.pk, actor=house.officer, at=at, reason="Een tikfout.")
    perform(DecisionMachine, "edit", pk=changed.pk, actor=house.officer, at=at, amount=changed.amount, reasons="Beter.")
    changed = Decision.objects.get(pk=changed.pk)
    perform(DecisionMachine, "submit_for_check", pk=changed.pk, actor=house.officer, at=at, seen=changed.seen_sha256)
    signed = drawn.signed.get()
    _shown, done = confirm(client, steps, step="approve", pk=ticked, board_list=str(signed.pk))
    assert {result.row.pk: result.done for result in done.context["results"]} == {ticked[0]: False, ticked[1]: True}
    assert Decision.objects.get(pk=changed.pk).state == DecisionState.IN_CHECK
    assert [stands for _each, stands in client.get(url).context["drawn"]] == [False]


def test_a_list_is_closed_to_who_may_not_read_all_of_it(client, before_the_board):
    game, at = before_the_board
    through(game, at, "officer")
    taken(game, "draw_up", at)
    deliver()
    drawn, stage = BoardList.objects.get(), game.stage()
    sign_in(client, person("stranger", Role.BOARD))
    assert client.get(where("board_list", stage)).context["drawn"] == []
    file = reverse("workflows:board_list_file", args=[stage.call.reference, stage.key, drawn.printed.pk])
    assert client.get(file).status_code == 404


# ── more time for all ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_whole_round_gets_more_time(client):
    game = open_call(publish("minifund"), at=database_now() - timedelta(days=3))
    case, other, unread = (submitted(game.call, at=game.at) for _ in range(3))
    for each in (case, other):
        declare(each, game.house.officer, at=game.at)
    last = next_working_day(Application.objects.get(pk=case.pk).decide_by + timedelta(days=7))
    perform(ApplicationMachine, "postpone", pk=other.pk, actor=game.house.officer, at=game.at, until=last, reason=REASON)
    url = where("postpone_round", game.stage())
    sign_in(client, game.house.officer)
    assert client.get(url).status_code == 200
    assert client.post(url, {"until": last.isoformat(), "reason": ""}).status_code == 422
    shown, done = confirm(client, url, until=last.isoformat(), reason=REASON, pk=[case.pk, other.pk])
    assert shown.context["preview"].hidden == 1
    assert [row.pk for row in shown.context["preview"].possible] == [case.pk]
    assert [row.pk for row in shown.context["preview"].impossible] == [other.pk], "its last day is that day already"
    assert {result.row.pk: result.done for result in done.context["results"]} == {case.pk: True, other.pk: False}
    assert Application.objects.get(pk=case.pk).decide_by == last
    assert not Event.objects.filter(kind="application.postpone", key=unread.pk).exists()


def test_more_time_is_foreseen_with_as_many_queries_for_many(client, django_assert_max_num_queries):
    counted = []
    for number in (2, 5):
        game = open_call(publish("minifund"))
        for _ in range(number):
            declare(submitted(game.call, at=game.at), game.house.officer, at=game.at)
        sign_in(client, game.house.officer)
        with django_assert_max_num_queries(60) as asked:
            page = client.post(where("postpone_round", game.stage()), {"until": "2026-12-01", "reason": REASON})
        assert len(page.context["preview"].rows) == number
        counted.append(len(asked.captured_queries))
    assert counted[0] == counted[1]
    assert ApplicationMachine.objects.count() == 7
