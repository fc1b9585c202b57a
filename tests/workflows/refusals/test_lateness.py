"""More time for a decision: told before the term is over, until a working day, and no longer than the scheme lets it; and being late."""

from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from tender.calendar import AMSTERDAM, amsterdam_day, suspension_days
from tender.commands.drafting import save_draft
from tender.commands.submitting import begin_next_stage, due_day, lawful_day, postpone_term
from tender.models import Application
from tests.factories import clock, declare, deliver, open_call, publish, screen, submitted, variant
from tests.factories.laying import laid_down
from tests.reading import text_of
from tests.workflows.pages.house import sign_in
from tests.workflows.refusals.saying import refused
from workflows.casefile import actions
from workflows.commands import Refused, create, perform
from workflows.commands.clockwork import tick
from workflows.flows import terms
from workflows.forms import FORMS
from workflows.models import ApplicationMachine, Letter, NoticeMachine, Notification, WorkItem
from workflows.rules.lateness import postponed_at_most
from workflows.term import term_of

pytestmark = pytest.mark.django_db
WHY = "Twee adviseurs zijn ziek."
EXTENDS = ("decision_weeks = 8", "decision_weeks = 8\npostponing_extends = true")
GAPS = [{"field": "iban", "words": "Welke rekening?"}]


@laid_down
def late(version=None):
    """A dossier of a fund that is open all year, handed in on 5 January 2026; eight weeks to decide."""
    game = open_call(version or publish("minifund"), at=datetime(2026, 1, 4, 9, tzinfo=AMSTERDAM))
    case = submitted(game.call, at=game.at)
    declare(case, *game.house.staff, at=game.at)
    deliver()
    return game, fresh(case)


def fresh(case):
    return Application.objects.with_rules().get(pk=case.pk)


def take(name, case, actor, at, **data):
    perform(ApplicationMachine, name, pk=case.pk, actor=actor, at=at, **data)
    deliver()
    return fresh(case)


def note_default(case, officer, at, *, received):
    create(NoticeMachine, "note", of={"application": fresh(case)}, actor=officer, at=at, received=received)
    deliver()
    return fresh(case)


def morning(day):
    return datetime.combine(day, time(9), tzinfo=AMSTERDAM)


def test_more_time_is_told_with_a_reason_and_a_day():
    game, case = late()
    officer, at, last = game.house.officer, game.at, date(2026, 3, 2)
    assert (case.decide_by, postponed_at_most(case)) == (last, date(2026, 4, 13))
    until = date(2026, 3, 23)
    refused("reason_given", ApplicationMachine, "postpone", case, officer, at, reason=" ", until=until)
    for wrong in (None, "2026-03-23", last, last - timedelta(days=7), date(2026, 3, 22), date(2026, 4, 3)):  # a Sunday, Good Friday
        refused("names_later_working_day", ApplicationMachine, "postpone", case, officer, at, reason=WHY, until=wrong)
    for wrong in (None, date(2026, 4, 14)):
        refused("within_postponement", ApplicationMachine, "postpone", case, officer, at, reason=WHY, until=wrong)
    refused("term_runs", ApplicationMachine, "postpone", case, officer, morning(last + timedelta(days=1)), reason=WHY, until=until)
    case = take("postpone", case, officer, morning(last), reason=WHY, until=until)
    assert (case.decide_by, case.state) == (until, "submitted")
    case = take("postpone", case, officer, at, reason="Nog een keer.", until=date(2026, 4, 13))
    assert case.decide_by == date(2026, 4, 13)
    refused("within_postponement", ApplicationMachine, "postpone", case, officer, at, reason=WHY, until=date(2026, 4, 14))


def test_a_scheme_may_do_without():
    game, case = late(variant("minifund", ("decision_weeks = 8", "decision_weeks = 8\npostpone_weeks = 0")))
    refused("within_postponement", ApplicationMachine, "postpone", case, game.house.officer, game.at, reason=WHY, until=date(2026, 3, 3))
    assert "postpone" not in offered(case, game.house.officer, game.at)
    game, case = late()
    assert "postpone" in offered(case, game.house.officer, game.at)


def offered(case, user, at):
    return {action.url.rstrip("/").rsplit("/", 1)[-1] for action in actions(case, user, at)}


def test_who_was_put_in_default_takes_no_more_time():
    game, case = late()
    officer, came = game.house.officer, date(2026, 3, 5)
    take("postpone", case, officer, game.at, reason=WHY, until=date(2026, 3, 23))
    note_default(case, officer, morning(came), received=came)
    refused("no_notice_yet", ApplicationMachine, "postpone", case, officer, morning(came), reason=WHY, until=date(2026, 3, 30))


def test_the_most_that_can_be_taken_is_a_working_day():
    _game, case = late(variant("minifund", ("decision_weeks = 8", "decision_weeks = 8\npostpone_weeks = 5")))
    assert postponed_at_most(case) == date(2026, 4, 2), "2 March and five weeks is Easter Monday, and Good Friday is no working day either"
    case.submitted_at = None
    assert postponed_at_most(case) is None


@pytest.mark.prints
def test_the_applicant_gets_a_letter_that_decides_nothing_and_a_mail():
    game, case = late()
    take("postpone", case, game.house.officer, game.at, reason=WHY, until=date(2026, 3, 23))
    letter = Letter.objects.visible_to(case.applicant).get(kind="postponement")
    text = text_of(letter)
    assert "U ontvangt uiterlijk op 23 maart 2026 een besluit" in text
    assert "De termijn loopt tot en met 2 maart 2026" in text
    assert "Hebt u na 2 maart 2026 nog geen besluit?" in text, "the term itself does not move by what we say"
    assert WHY in text
    assert "kunt tegen deze brief geen bezwaar maken" in text
    assert letter.facts["objection"] is None
    told = Notification.objects.get(user=case.applicant, event__kind="application.postpone")
    assert "23\N{NO-BREAK SPACE}maart\N{NO-BREAK SPACE}2026" in told.subject
    assert told.kind == "other", "nobody can turn it off"


def test_what_we_promised_falls_away_and_the_inboxes_follow():
    game, case = late()
    screen(case, game.house, game.at)
    deliver()
    assert {item.deadline for item in WorkItem.objects.filter(application=case)} == {terms.promised(case)}
    case = take("postpone", case, game.house.officer, game.at, reason=WHY, until=date(2026, 3, 23))
    assert terms.promised(case) is None
    assert {item.deadline for item in WorkItem.objects.filter(application=case)} == {case.decide_by}


# ── with a suspension ─────────────────────────────────────────────────────────────────────────────────────────────
def completed(case, officer, asked, *, days):
    """Something is missing, and it is mended so many days later."""
    return completed_later(take("request_completion", case, officer, asked, gaps=GAPS), asked, days=days)


def completed_later(case, asked, *, days):
    """What was asked for is mended so many days later."""
    done = asked + timedelta(days=days)
    save_draft(pk=case.pk, actor=case.applicant, at=done, typed={"iban": "NL91ABNA0417164300"})
    return case, take("complete", case, case.applicant, done)


def test_the_term_that_stands_still_afterwards_moves_the_day_that_we_named():
    game, case = late()
    officer, until = game.house.officer, date(2026, 3, 23)
    take("postpone", case, officer, game.at, reason=WHY, until=until)
    asked = morning(date(2026, 2, 2))
    waiting, done = completed(case, officer, asked, days=6)
    assert done.suspended_days == 5
    assert done.decide_by == until + timedelta(days=5), "a Saturday: a day that we named ourselves does not roll"
    stood = suspension_days(amsterdam_day(asked), amsterdam_day(waiting.repair_until))
    assert term_of(waiting, asked).latest == until + timedelta(days=stood)
    assert due_day(done, suspended=5) == date(2026, 3, 9) == lawful_day(done), "2 March and five days is a Saturday, and that one rolls"


@pytest.mark.parametrize(("day", "stood"), [(date(2026, 3, 2), 5), (date(2026, 3, 3), 0)])
def test_a_term_that_is_over_does_not_stand_still(day, stood):
    game, case = late()
    waiting = take("request_completion", case, game.house.officer, morning(day), gaps=GAPS)
    if not stood:
        assert lawful_day(waiting) == term_of(waiting, morning(day)).latest == date(2026, 3, 2)
        assert term_of(waiting, morning(day)).since is None
    _waiting, done = completed_later(waiting, morning(day), days=6)
    assert done.suspended_days == stood
    assert done.decide_by == lawful_day(done) == date(2026, 3, 9 if stood else 2)


def test_the_days_it_stood_still_before_are_in_the_day_already():
    game, case = late()
    officer = game.house.officer
    _waiting, done = completed(case, officer, morning(date(2026, 1, 12)), days=6)
    assert (done.decide_by, postponed_at_most(done)) == (date(2026, 3, 9), date(2026, 4, 20))
    done = take("postpone", done, officer, morning(date(2026, 2, 2)), reason=WHY, until=date(2026, 3, 30))
    assert done.decide_by == date(2026, 3, 30)
    _waiting, again = completed(done, officer, morning(date(2026, 2, 9)), days=3)
    assert again.decide_by == date(2026, 4, 1)


def test_while_the_term_stands_still_nobody_can_say_how_much_longer_it_takes():
    game, case = late()
    case = take("request_completion", case, game.house.officer, game.at, gaps=GAPS)
    with pytest.raises(Refused):
        take("postpone", case, game.house.officer, game.at, reason=WHY, until=date(2026, 3, 23))
    assert fresh(case).decide_by == date(2026, 3, 2)


@pytest.mark.parametrize("extends", [True, False])
def test_the_day_we_named_is_the_term_itself_only_where_the_scheme_says_so(extends):
    game, case = late(variant("minifund", EXTENDS) if extends else None)
    case = take("postpone", case, game.house.officer, game.at, reason=WHY, until=date(2026, 3, 23))
    assert lawful_day(case) == date(2026, 3, 23 if extends else 2)
    waiting = take("request_completion", case, game.house.officer, morning(date(2026, 2, 2)), gaps=GAPS)
    assert lawful_day(waiting) == (date(2026, 4, 5) if extends else date(2026, 3, 16))


# ── what people read ──────────────────────────────────────────────────────────────────────────────────────────────
def test_the_page_tells_the_day_and_the_reason(client):
    game, case = late()
    case = take("postpone", case, game.house.officer, game.at, reason=WHY, until=date(2026, 3, 23))
    client.cookies["django_language"] = "en"
    sign_in(client, case.applicant)
    page = client.get(reverse("workflows:dossier", args=[case.reference]))
    term = page.context["term"]
    assert (term.by, term.postponed_from, term.because, term.promised) == (date(2026, 3, 23), date(2026, 3, 2), WHY, None)
    shown = page.content.decode()
    assert "The day was 2 March 2026" in shown
    assert WHY in shown


def test_the_form_says_how_far_the_day_can_move():
    _game, case = late()
    with translation.override("en"):
        form = FORMS["application.postpone"]({"until": "2026-03-23", "reason": WHY}, case=case)
        assert list(form.fields) == ["until", "reason"]
        assert "until 13 April 2026 at most" in str(form.about)
        assert form.is_valid()
    assert form.data_for_step() == {"until": date(2026, 3, 23), "reason": WHY}


def test_the_next_stage_has_a_term_of_its_own():
    game = open_call(publish("crossover"))
    case = fresh(submitted(game.call, at=game.at))
    postpone_term(case, until=case.decide_by + timedelta(days=1), reason=WHY)
    assert (case.postponed_because, case.decide_by) == (WHY, case.postponed_to)
    begin_next_stage(case, at=game.at, personal_until=None)
    assert (case.postponed_to, case.postponed_after, case.postponed_because, case.decide_by) == (None, 0, "", None)


# ── warned ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_nobody_is_warned_too_early_again_or_of_no_term():
    _game, case = late()
    refused("warning_due", ApplicationMachine, "warn", case, clock(), morning(date(2026, 2, 15)))
    tick(morning(date(2026, 2, 16)))
    refused("warning_due", ApplicationMachine, "warn", case, clock(), morning(date(2026, 2, 17)))
    Application.objects.filter(pk=case.pk).update(decide_by=None)
    refused("warning_due", ApplicationMachine, "warn", case, clock(), morning(date(2026, 3, 17)))
