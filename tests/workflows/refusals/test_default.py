"""Put in default: what has effect and what has none, what it costs, and how that is fixed."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from tender.calendar import AMSTERDAM
from tender.commands.submitting import lawful_day
from tender.models import DefaultNotice
from tests.factories import decide, declare, deliver, dossier, open_call, person, publish
from tests.reading import text_of
from tests.workflows.pages.house import sign_in
from tests.workflows.refusals.saying import refused, refused_new
from tests.workflows.refusals.test_lateness import GAPS, fresh, late, morning, note_default, take
from workflows.commands import create, perform
from workflows.commands.proposing import propose_for
from workflows.forms import FORMS
from workflows.models import Event, Letter, NoticeMachine, Notification

pytestmark = pytest.mark.django_db


def test_who_is_put_in_default_pays_from_a_fortnight_later():
    game, case = late()
    officer, last, came = game.house.officer, date(2026, 3, 2), date(2026, 3, 5)
    assert lawful_day(case) == last
    now = morning(date(2026, 3, 6))
    for wrong in (None, "2026-03-05", date(2026, 3, 7)):
        refused_new("notice_has_come", NoticeMachine, "note", {"application": case}, officer, now, received=wrong)
    refused_new("was_late_by_then", NoticeMachine, "note", {"application": case}, officer, now, received=last)
    note_default(case, officer, now, received=came)
    refused_new("not_in_default_yet", NoticeMachine, "note", {"application": case}, officer, now, received=came)
    notice = DefaultNotice.objects.get()
    assert (notice.last_day, notice.received_on, notice.starts, notice.noted_by) == (last, came, date(2026, 3, 20), officer)
    assert [notice.owed(day) for day in (date(2026, 3, 19), date(2026, 3, 20), date(2026, 3, 21), date(2027, 1, 1))] == [0, 23, 46, 1442]
    assert notice.most == 1442
    event = Event.objects.get(kind="notice.note")
    assert event.data == {"received": "2026-03-05", "last_day": "2026-03-02", "penalty_from": "2026-03-20", "ended": None}
    assert Notification.objects.filter(user=case.applicant, event=event, kind="other").exists()
    assert str(notice) == f"{case.reference}: 2026-03-05"


@pytest.mark.parametrize("how", ["refused", "withdrawn"])
def test_what_it_costs_ends_when_it_is_decided_or_needs_no_decision(how):
    game, case = late()
    officer = game.house.officer
    note_default(case, officer, morning(date(2026, 3, 5)), received=date(2026, 3, 5))
    at = morning(date(2026, 3, 23))
    if how == "withdrawn":
        take("withdraw", case, case.applicant, at)
    else:
        made = propose_for(pk=case.pk, kind="ineligible", ground="condition", reasons="Buiten de regio.", actor=officer, at=at)
        decide(made, game.house, at)
    notice = DefaultNotice.objects.get()
    assert notice.ended_on == date(2026, 3, 23)
    assert notice.owed(date(2026, 4, 1)) == notice.most == 3 * 23, "20, 21 and 22 March"


def test_a_notice_while_something_is_missing_counts_only_after_the_term_for_mending():
    game, case = late()
    case = take("request_completion", case, game.house.officer, morning(date(2026, 2, 2)), gaps=GAPS)
    soon, later = date(2026, 3, 16), date(2026, 3, 17)
    refused_new("was_late_by_then", NoticeMachine, "note", {"application": case}, game.house.officer, morning(later), received=soon)
    note_default(case, game.house.officer, morning(later), received=later)
    assert DefaultNotice.objects.get().last_day == soon


def test_the_house_reads_what_it_costs_and_the_party_that_we_know(client):
    game, case = late()
    with translation.override("en"):
        form = FORMS["notice.note"]({"received": "2026-03-05"}, case=case)
        assert "1,442 at most" in str(form.about)
    assert form.is_valid()
    case = note_default(case, game.house.officer, morning(date(2026, 3, 5)), received=date(2026, 3, 5))
    client.cookies["django_language"] = "en"
    page = reverse("workflows:dossier", args=[case.reference])
    sign_in(client, game.house.officer)
    assert "a penalty from 20 March 2026" in client.get(page).content.decode()
    sign_in(client, case.applicant)
    shown = client.get(page).content.decode()
    assert "a penalty from" not in shown
    assert "We noted that you wrote us that we are late" in shown


def missed(how="refused"):
    """In default since 5 March, and decided on 23 March: 20, 21 and 22 March cost money."""
    game, case = late()
    note_default(case, game.house.officer, morning(date(2026, 3, 5)), received=date(2026, 3, 5))
    made = propose_for(
        pk=case.pk, kind="ineligible", ground="condition", reasons="Buiten de regio.", actor=game.house.officer, at=morning(date(2026, 3, 6))
    )
    decide(made, game.house, morning(date(2026, 3, 23)))
    deliver()
    return game, fresh(case), DefaultNotice.objects.get()


def test_a_notice_that_came_before_the_decision_is_noted_after_it_too():
    game, case, notice = missed()
    officer, at = game.house.officer, morning(date(2026, 3, 24))
    perform(NoticeMachine, "ask_drop", pk=notice.pk, actor=officer, at=at, reason="Het was 6 maart.")
    perform(NoticeMachine, "drop", pk=notice.pk, actor=game.house.signatory, at=at, reason="Het was 6 maart.")
    deliver()
    told = Notification.objects.filter(user=case.applicant, event__kind="notice.drop")
    assert told.exists(), "who was told that it was noted hears that it was not"
    of = {"application": case}
    refused_new("came_before_decision", NoticeMachine, "note", of, officer, at, received=date(2026, 3, 23))
    again = create(NoticeMachine, "note", of=of, actor=officer, at=at, received=date(2026, 3, 6))
    assert (again.ended_on, again.starts, again.owed(at.date())) == (date(2026, 3, 23), date(2026, 3, 21), 2 * 23)
    refused_new("not_in_default_yet", NoticeMachine, "note", of, officer, at, received=date(2026, 3, 6))


def test_who_was_set_aside_on_the_last_day_puts_nobody_in_default():
    game, case = late()
    officer = game.house.officer
    case = take("request_completion", case, officer, morning(date(2026, 2, 2)), gaps=GAPS)
    made = propose_for(pk=case.pk, kind="set_aside", ground="", reasons="Niets ontvangen.", actor=officer, at=morning(date(2026, 2, 17)))
    decide(made, game.house, morning(date(2026, 3, 16)))
    case = fresh(case)
    assert (case.state, lawful_day(case)) == ("set_aside", date(2026, 3, 16)), "two weeks to mend it, in which the term stood still"
    of, received = {"application": case}, date(2026, 3, 17)
    refused_new("came_before_decision", NoticeMachine, "note", of, officer, morning(received), received=received)


def test_nobody_who_handed_nothing_in_puts_us_in_default():
    game = open_call(publish("minifund"), at=datetime(2026, 1, 4, 9, tzinfo=AMSTERDAM))
    case = dossier(game.call, at=game.at)
    declare(case, game.house.officer, at=game.at)
    refused_new("was_late_by_then", NoticeMachine, "note", {"application": case}, game.house.officer, game.at, received=game.at.date())


def test_what_it_cost_is_fixed_by_two_people_once_it_costs_no_more():
    game, case = late()
    officer, signatory = game.house.officer, game.house.signatory
    note_default(case, officer, morning(date(2026, 3, 5)), received=date(2026, 3, 5))
    notice, said = DefaultNotice.objects.get(), {"because": "", "reason": "", "seen": None}
    refused("penalty_is_over", NoticeMachine, "ask_fix", notice, officer, morning(notice.ends), **said)
    at = morning(notice.ends + timedelta(days=1))
    refused("seen_amount", NoticeMachine, "ask_fix", notice, officer, at, **{**said, "seen": 1400})
    for wrong in ({"because": "no_party", "reason": " "}, {"because": "tired", "reason": "x"}, {"because": None}):
        refused("why_nothing", NoticeMachine, "ask_fix", notice, officer, at, **{**said, **wrong})
    refused("asked_by_another", NoticeMachine, "fix", notice, signatory, at, **said)
    perform(NoticeMachine, "ask_fix", pk=notice.pk, actor=officer, at=at, **said)
    refused("asked_by_another", NoticeMachine, "fix", notice, signatory, at, **{**said, "because": "no_party", "reason": "Een buurman."})
    perform(NoticeMachine, "fix", pk=notice.pk, actor=signatory, at=at, **said)
    notice = DefaultNotice.objects.get()
    assert (notice.state, notice.fixed, notice.most, notice.owed(date(2027, 1, 1))) == ("fixed", 1442, 1442, 1442)


def test_nothing_is_fixed_where_nothing_is_owed():
    game, case = late()
    note_default(case, game.house.officer, morning(date(2026, 3, 5)), received=date(2026, 3, 5))
    take("withdraw", case, case.applicant, morning(date(2026, 3, 20)))
    notice, at = DefaultNotice.objects.get(), morning(date(2026, 3, 21))
    refused("penalty_owed", NoticeMachine, "ask_fix", notice, game.house.officer, at, because="", reason="", seen=0)


@pytest.mark.prints
@pytest.mark.parametrize("because", ["", "hopeless"])
def test_the_party_gets_a_decision_by_letter_on_what_it_cost(because):
    game, case, notice = missed()
    at, said = morning(date(2026, 3, 24)), {"because": because, "reason": "U lag ver buiten de regio." if because else "", "seen": 69}
    perform(NoticeMachine, "ask_fix", pk=notice.pk, actor=game.house.officer, at=at, **said)
    perform(NoticeMachine, "fix", pk=notice.pk, actor=game.house.signatory, at=at, **said)
    deliver()
    letter = Letter.objects.visible_to(case.applicant).get(kind="penalty")
    text = text_of(letter)
    assert letter.facts["objection"]["until"] == "2026-05-06", "six weeks from the day after it was made known; 5 May is a holiday"
    assert letter.facts["signer"]["name"] == str(game.house.signatory)
    if because:
        assert "geen dwangsom schuldig" in text
        assert "U lag ver buiten de regio" in text
        assert letter.facts["paid_by"] is None
    else:
        assert "een dwangsom schuldig van € 69,00" in text.replace("\N{NO-BREAK SPACE}", " ")
        assert "22 maart 2026" in text, "the last day"
    assert Notification.objects.filter(user=case.applicant, event__kind="notice.fix").exists()


def test_the_officer_notes_it_on_a_page_and_what_was_typed_stays(client):
    game, case = late()
    page, at = reverse("workflows:note_default", args=[case.reference]), game.house.officer
    sign_in(client, at)
    assert page in client.get(reverse("workflows:dossier", args=[case.reference])).content.decode(), "the term is long over"
    assert client.get(page).status_code == 200
    assert client.post(page, {"received": "geen dag"}).status_code == 422
    wrong = client.post(page, {"received": "2026-03-02"})
    assert wrong.status_code == 409
    assert "2026-03-02" in wrong.content.decode()
    assert client.post(page, {"received": "2026-03-05"}).status_code == 302
    assert DefaultNotice.objects.get().noted_by == at
    assert page not in client.get(reverse("workflows:dossier", args=[case.reference])).content.decode()
    sign_in(client, game.house.coach)
    assert client.get(page).status_code == 403
    sign_in(client, game.house.head)  # declared, but no case officer
    assert client.post(page, {"received": "2026-03-05"}).status_code == 403
    sign_in(client, person("stranger"))
    assert client.get(page).status_code == 404


def test_once_it_costs_money_one_person_cannot_make_it_go_away():
    game, case = late()
    officer, signatory = game.house.officer, game.house.signatory
    note_default(case, officer, morning(date(2026, 3, 5)), received=date(2026, 3, 5))
    notice, free, costs = DefaultNotice.objects.get(), morning(date(2026, 3, 19)), morning(date(2026, 3, 20))
    refused("costs_already", NoticeMachine, "ask_drop", notice, officer, free, reason="Nooit binnengekomen.")
    refused("dropped_by_two", NoticeMachine, "drop", notice, officer, costs, reason="Nooit binnengekomen.")
    refused("dropped_by_two", NoticeMachine, "drop", notice, signatory, costs, reason="Nooit binnengekomen.")
    perform(NoticeMachine, "ask_drop", pk=notice.pk, actor=officer, at=costs, reason="Nooit binnengekomen.")
    refused("dropped_by_two", NoticeMachine, "drop", notice, officer, costs, reason="Nooit binnengekomen.")
    refused("dropped_by_two", NoticeMachine, "drop", notice, signatory, costs, reason="Iets anders.")
    perform(NoticeMachine, "drop", pk=notice.pk, actor=signatory, at=costs, reason="Nooit binnengekomen.")
    assert DefaultNotice.objects.get().state == "dropped"
