"""Standing in, on its page: who arranges it, what the list tells whom, the mail, the inbox, and the trail of a dossier."""

from datetime import timedelta

import pytest
from django.urls import reverse

from reports.subscriptions.lateness import told_of
from tender.calendar import amsterdam_day
from tender.clock import database_now
from tender.models import Application, StandIn
from tests.factories import declare, deliver, house, person
from tests.factories.standing_in import WHY, fresh, stand_in
from tests.workflows.pages.house import sign_in
from tests.workflows.refusals.test_decisions import agree, chained
from tests.workflows.refusals.test_lateness import late
from workflows.commands import perform
from workflows.commands.clockwork import tick
from workflows.commands.declaring import ask_once
from workflows.models import ApplicationMachine, ConflictMachine, Event, Notification, StandInMachine
from workflows.timeline import timeline

pytestmark = pytest.mark.django_db
URL = "workflows:stand_ins"


def said(absent, stands_in, *roles, days=13, **more):
    today = amsterdam_day(database_now())
    until = today + timedelta(days=days)
    return {"absent": absent.pk, "stands_in": stands_in.pk, "roles": roles, "since": today, "until": until, "reason": WHY, **more}


def test_who_will_be_away_lets_a_colleague_stand_in(client):
    home, other = house(), person("ander", "coach")
    sign_in(client, home.reader)
    page = client.get(reverse(URL))
    assert [value for value, _label in page.context["form"].fields["roles"].choices] == ["reader"]
    answer = client.post(reverse(URL), said(home.reader, other, "reader"))
    assert answer.status_code == 302
    made = StandIn.objects.get()
    assert (made.absent, made.stands_in, made.state, made.set_by) == (home.reader, other, "running", home.reader)
    assert fresh(other).has_role("reader")
    deliver()
    assert [(row.user, row.event.kind) for row in Notification.objects.all()] == [(other, "standin.appoint")]
    assert home.reader.name not in Notification.objects.get().subject
    assert client.post(reverse(URL), said(home.reader, other, "reader")).status_code == 409, "pressed twice, it is one"
    assert StandIn.objects.count() == 1


def test_nobody_speaks_for_a_colleague_but_the_head(client):
    home, other = house(), person("ander", "coach")
    sign_in(client, home.officer)
    assert client.post(reverse(URL), said(home.reader, other, "reader")).status_code == 422
    sign_in(client, home.signatory)
    assert client.post(reverse(URL), said(home.signatory, other, "signatory")).status_code == 409
    sign_in(client, home.coach)
    assert client.get(reverse(URL)).context["lends"] is False
    sign_in(client, home.head)
    assert client.post(reverse(URL), said(home.signatory, other, "signatory", reason=" ")).status_code == 422
    assert client.post(reverse(URL), said(home.signatory, home.auditor, "signatory")).status_code == 422
    assert client.post(reverse(URL), said(home.signatory, other, "signatory", days=-1)).status_code == 409
    assert not StandIn.objects.exists()
    assert client.post(reverse(URL), said(home.signatory, other, "signatory")).status_code == 302
    deliver()
    assert {row.user for row in Notification.objects.all()} == {home.signatory, other}


def test_what_the_list_tells_whom(client):
    home, other = house(), person("ander", "coach")
    made, _other = stand_in(home.reader, other, "reader", by=home.reader, at=database_now())
    for user, reads, ends in ((home.reader, True, True), (other, True, True), (home.head, True, True), (home.auditor, True, False),
                              (home.officer, False, False)):  # fmt: skip
        sign_in(client, user)
        page = client.get(reverse(URL))
        assert home.reader.name in page.content.decode(), "everybody of the house knows who acts for whom"
        assert (WHY in page.content.decode()) is reads, user
        assert (page.context["may_call_off"] == [made.pk]) is ends, user
    sign_in(client, person("buiten"))
    assert client.get(reverse(URL)).status_code == 403


def test_it_is_called_off(client):
    home, other = house(), person("ander", "coach")
    made, _other = stand_in(home.reader, other, "reader", by=home.reader, at=database_now())
    url = reverse("workflows:stand_in_call_off", args=[made.pk])
    for user in (home.officer, home.auditor):
        sign_in(client, user)
        assert client.post(url).status_code == 403
    sign_in(client, other)
    assert client.get(url).status_code == 405
    assert client.post(url).url == reverse(URL)
    assert StandIn.objects.get().state == "called_off"
    assert not fresh(other).has_role("reader")
    assert client.post(url).status_code == 302, "it is over already: that is said"
    assert Event.objects.filter(kind="standin.call_off").count() == 1
    deliver()
    told = Notification.objects.filter(event__kind="standin.call_off")
    assert [row.user for row in told] == [home.reader]


def test_the_inbox_and_the_trail_say_for_whom(client, django_assert_num_queries):
    game, decision = chained("officer", "reader", "signatory")
    home, now = game.house, database_now()
    agree("submit_for_check", decision, home.officer, game.at)
    deliver()
    _made, coach = stand_in(home.reader, home.coach, "reader", by=home.reader, at=now)
    sign_in(client, home.coach)
    page = client.get(reverse("workflows:inbox"))
    (row,) = [row for row in page.context["rows"] if row["item"].noun == "decision"]
    assert row["instead_of"] == home.reader
    assert page.context["lent"] == [home.reader.name]
    assert all(each["instead_of"] is None for each in page.context["rows"] if each["item"].role == "coach")
    everyones = client.get(reverse("workflows:inbox"), {"who": "all"})
    assert all(each["instead_of"] is None for each in everyones.context["rows"])
    agree("approve", decision, coach, now)
    lines = timeline(decision.application, inside=True)
    assert f"{home.coach.name}, voor {home.reader.name}" in {line.who for line in lines} | {
        line.who.replace(", for ", ", voor ") for line in lines
    }
    assert not any(home.reader.name in line.who for line in timeline(decision.application, inside=False))


def test_who_has_no_role_of_their_own_left_is_out_of_the_room_when_the_days_are_over(client):
    home, other = house(), person("ander", "coach")
    now = database_now()
    made, _other = stand_in(home.officer, other, "officer", by=home.officer, at=now - timedelta(days=3), last=1)
    sign_in(client, other)
    assert client.get(reverse("workflows:overview")).status_code == 403, "the clock did not come by yet, and it is over all the same"
    assert StandIn.objects.get(pk=made.pk).state == "running"


def test_what_warns_a_case_officer_warns_who_stands_in():
    game, case = late()
    home, at = game.house, game.at
    other = person("ander", "coach")
    event = Event.objects.about(ApplicationMachine.objects.get(pk=case.pk)).last()
    assert told_of(case, "officer", event) == [home.officer]
    _made, other = stand_in(home.officer, other, "officer", by=home.officer, at=at)
    assert told_of(case, "officer", event) == [home.officer, other]
    asked = ask_once(application=case, user=other, at=at)
    perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=other, at=at, kind="family", explanation="Mijn broer.")
    assert told_of(case, "officer", event) == [home.officer], "an interest of who stands in counts"


def test_what_was_read_in_a_lent_role_closes_with_it_and_opens_with_it_again():
    game, case = late()
    home, at = game.house, game.at
    other = person("ander", "scheme_manager")
    made, other = stand_in(home.officer, other, "officer", by=home.officer, at=at, last=0)
    declare(case, other, at=at, part="officer")
    reads = lambda: Application.objects.visible_to(fresh(other)).filter(pk=case.pk).exists()  # noqa: E731
    assert reads()
    tick(at + timedelta(days=1))
    assert StandIn.objects.get(pk=made.pk).state == "ended"
    assert not reads()
    assert set(case.case_roles.open().filter(role="officer").values_list("user", flat=True)) == {home.officer.pk}
    stand_in(home.officer, other, "officer", by=home.officer, at=at + timedelta(days=1))
    assert reads()
    second = person("tweede", "reader")
    declare(case, second, at=at)
    reading, second = stand_in(home.reader, second, "reader", by=home.reader, at=at)
    perform(StandInMachine, "call_off", pk=reading.pk, actor=second, at=at)
    assert case.case_roles.open().filter(user=second, role="reader").exists(), "what is one's own stays"
