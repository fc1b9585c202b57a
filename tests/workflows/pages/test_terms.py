"""All terms on one page: what, by when, on which article, how long still; and what being late costs."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from tender.calendar import AMSTERDAM, add_working_days, amsterdam_day, next_working_day, set_aside_deadline, suspension_days
from tender.clock import database_now
from tender.enums import APPLICANT_ROLES, Role
from tender.models import Application, CaseRole, DefaultNotice, Grant
from tests.factories import declare, deliver, open_call, publish, submitted, variant
from tests.factories.awarded import award
from tests.workflows.pages.house import sign_in
from tests.workflows.refusals.test_hearing import refusing
from tests.workflows.refusals.test_hearing import take as take_decision
from tests.workflows.refusals.test_lateness import EXTENDS, GAPS, WHY, late, morning, note_default, take
from workflows.commands import perform
from workflows.commands.clockwork import tick
from workflows.due import ARTICLES, KINDS, all_due, penalty_of
from workflows.models import GrantMachine
from workflows.term import term_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(client):
    client.cookies["django_language"] = "en"
    with translation.override("en"):
        yield


def told(user, at):
    return {row.kind: row for row in all_due(user, at)}


def test_a_decision_rests_on_what_was_said_and_asked_since():
    game, case = late()
    officer, at = game.house.officer, game.at
    rows = told(officer, at)
    assert set(rows) == {"decide", "promise"}
    decide = rows["decide"]
    assert (decide.day, decide.article, decide.left, decide.words) == (date(2026, 3, 2), "Awb 4:13", 56, "56 days left")
    case = take("postpone", case, officer, at, reason=WHY, until=date(2026, 3, 23))
    Application.objects.filter(pk=case.pk).update(suspended_days=3)
    row = told(officer, at)["decide"]
    assert (row.kind, row.day, row.article) == ("decide", date(2026, 3, 23), "Awb 4:13, 4:14, 4:15")
    said = [told(officer, morning(date(2026, 3, day)))["decide"] for day in (22, 23, 24, 25)]
    assert [each.words for each in said] == ["1 day left", "today", "1 day too late", "2 days too late"]
    assert [each.late for each in said] == [False, False, True, True]


def test_something_missing_is_theirs_to_mend_and_then_ours_to_decide_on():
    game, case = late()
    case = take("request_completion", case, game.house.officer, game.at, gaps=GAPS)
    ended = amsterdam_day(case.repair_until)
    assert {kind: row.day for kind, row in told(game.house.officer, game.at).items()} == {"repair": ended}
    rows = told(game.house.officer, case.repair_until)
    runs_on = next_working_day(case.decide_by + timedelta(days=suspension_days(amsterdam_day(case.repair_asked_at), ended)))
    assert {kind: row.day for kind, row in rows.items()} == {"set_aside": set_aside_deadline(ended), "decide": runs_on}
    assert rows["decide"].article == "Awb 4:13, 4:15"
    assert term_of(case, case.repair_until).by == runs_on


def test_a_day_that_we_named_is_not_the_day_from_which_they_can_put_us_in_default():
    game, case = late()
    take("postpone", case, game.house.officer, game.at, reason=WHY, until=date(2026, 3, 23))
    rows = told(game.house.officer, morning(date(2026, 3, 3)))
    assert {kind: (row.day, row.late) for kind, row in rows.items()} == {
        "decide": (date(2026, 3, 23), False), "default": (date(2026, 3, 2), True),
    }  # fmt: skip
    assert rows["default"].article == "Awb 4:17"


def test_a_day_that_is_the_term_itself_is_told_once():
    game, case = late(variant("minifund", EXTENDS))
    take("postpone", case, game.house.officer, game.at, reason=WHY, until=date(2026, 3, 23))
    assert set(told(game.house.officer, game.at)) == {"decide"}


def test_who_put_us_in_default_stands_there_until_nothing_more_can_be_owed():
    game, case = late()
    officer, came = game.house.officer, date(2026, 3, 5)
    note_default(case, officer, morning(came), received=came)
    row = told(officer, morning(came))["penalty"]
    assert (row.day, row.article, row.late) == (date(2026, 3, 20), "Awb 4:17", False)
    assert "penalty" in told(officer, morning(date(2026, 4, 29)))
    assert "penalty" not in told(officer, morning(date(2026, 4, 30))), "all of it is owed now"


def test_a_notice_on_which_we_decided_in_time_costs_nothing_and_is_not_told():
    game, case = late()
    note_default(case, game.house.officer, morning(date(2026, 3, 5)), received=date(2026, 3, 5))
    at = morning(date(2026, 4, 1))
    for ended, costs in ((None, 1), (date(2026, 3, 20), 0), (date(2026, 3, 21), 1)):
        DefaultNotice.objects.update(ended_on=ended)
        assert len(penalty_of([case.pk], at)["costs"]) == costs


def test_what_the_party_can_say():
    game, decision, at = refusing()
    take_decision("announce_intent", decision, game.house.officer, at)
    decision.refresh_from_db()
    row = told(game.house.officer, at)["respond"]
    assert (row.day, row.article) == (amsterdam_day(decision.respond_until), "Awb 4:7 and 4:8")
    over = told(game.house.officer, decision.respond_until + timedelta(days=2))["respond"]
    assert (over.words, over.late) == ("ended 2 days ago", False), "their term is not our lateness"


def test_what_follows_on_an_award():
    made = award(1)
    officer, (grant,) = made.cast["officer"], made.grants
    deliver()
    rows = told(officer, made.at)
    assert set(rows) == {"object", "accept", "register"}
    assert rows["register"].day == add_working_days(amsterdam_day(grant.decision.published_at), 20)
    assert rows["object"].day == grant.decision.objection_until
    assert rows["accept"].day == amsterdam_day(grant.accept_until)
    assert "object" not in told(officer, morning(grant.decision.objection_until + timedelta(days=1)))
    perform(GrantMachine, "report_aid", pk=grant.pk, actor=officer, at=made.at, on=amsterdam_day(made.at))
    assert "register" not in told(officer, made.at)
    perform(GrantMachine, "accept", pk=grant.pk, actor=grant.application.applicant, at=made.at)
    tick(made.at)
    rows = all_due(officer, made.at)
    reports = sorted(report.due_on for report in Grant.objects.get().reports.all())
    assert [row.day for row in rows if row.kind == "report"] == reports != []
    paying = [part.pay_by for part in grant.instalments.filter(state="due")]
    assert [row.day for row in rows if row.kind == "pay"] == paying != []
    assert rows == sorted(rows, key=lambda row: row.day), "the first to end in front"


def test_a_place_on_the_reserve_list_ends():
    game, case = late()
    Application.objects.filter(pk=case.pk).update(state="reserved", reserve_until=date(2026, 6, 1))
    assert {kind: row.day for kind, row in told(game.house.officer, game.at).items()} == {"reserve": date(2026, 6, 1)}


def test_every_kind_has_words_and_something_it_rests_on():
    assert set(ARTICLES) == set(KINDS) - {"decide"}


# ── whose ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_nobody_reads_of_dossiers_that_are_closed_to_them_or_their_own():
    game, case = late()
    other = submitted(game.call, at=game.at)
    assert {row.application for row in all_due(game.house.officer, game.at)} == {case}
    declare(other, game.house.officer, at=game.at)
    assert {row.application for row in all_due(game.house.officer, game.at)} == {case, other}
    CaseRole.objects.create(application=other, user=game.house.officer, role=Role.VIEWER, since=game.at)
    assert Role.VIEWER in APPLICANT_ROLES
    assert {row.application for row in all_due(game.house.officer, game.at)} == {case}
    assert all_due(case.applicant, game.at) == []


def test_as_many_queries_for_many_dossiers_as_for_one(django_assert_num_queries):
    game, _case = late()
    officer = game.house.officer
    assert officer.roles
    with django_assert_num_queries(8):
        assert len(all_due(officer, game.at)) == 2
    for _ in range(3):
        declare(submitted(game.call, at=game.at), officer, at=game.at)
    with django_assert_num_queries(8):
        assert len(all_due(officer, game.at)) == 8


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_page_shows_them_by_kind_says_who_is_late_in_words_and_what_it_costs(client):
    now = database_now()
    game, case = late()
    officer = game.house.officer
    fresh = open_call(publish("minifund"), house=game.house, at=now - timedelta(days=2))
    young = submitted(fresh.call, at=fresh.at)
    declare(young, officer, at=fresh.at)
    came = amsterdam_day(now) - timedelta(days=20)
    assert came > case.decide_by
    note_default(case, officer, datetime.combine(came, now.time(), tzinfo=AMSTERDAM), received=came)
    sign_in(client, officer)
    page = client.get(reverse("workflows:terms"))
    shown = page.content.decode()
    assert "days too late" in shown
    assert "terms of ours have passed" in shown
    assert (page.context["owed"], page.context["most"]) == (6 * 23, 1442)
    assert "Being late costs €138" in shown
    assert {name: number for name, _label, number in page.context["kinds"]} == {"decide": 2, "promise": 2, "penalty": 1}
    only = client.get(reverse("workflows:terms"), {"kind": "promise"})
    assert {row.kind for row in only.context["page"]} == {"promise"}
    assert len(client.get(reverse("workflows:terms"), {"kind": "invented"}).context["page"].object_list) == 5
    assert reverse("workflows:terms") in client.get(reverse("workflows:inbox")).content.decode()


def test_where_nothing_runs_the_page_says_so(client):
    game = open_call(publish("minifund"))
    sign_in(client, game.house.officer)
    assert "No term runs" in client.get(reverse("workflows:terms")).content.decode()
    sign_in(client, game.house.coach)
    assert client.get(reverse("workflows:terms")).status_code == 403
    assert reverse("workflows:terms") not in client.get(reverse("workflows:inbox")).content.decode()
