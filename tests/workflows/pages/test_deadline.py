"""The clock decides, not the queue: a request counts from when it arrived, also if it is served after the deadline."""

import time
from datetime import timedelta

import pytest
from django.urls import reverse

from tender.clock import ARRIVED, GRACE, database_now
from tender.commands.drafting import save_draft
from tender.enums import ApplicationState
from tender.keyring import house_keys
from tender.models import Application, Receipt, Stage, Submission
from tender.receipts import verify
from tests.factories import answers_for, dossier, open_call, publish
from workflows.commands.clockwork import tick
from workflows.models import Event

pytestmark = pytest.mark.django_db


def drafted(client, *, closed_ago):
    """A draft with nothing missing, of a stage that closed so long ago; its maker is signed in."""
    game = open_call(publish("crossover"), at=database_now() - timedelta(days=2))
    case = dossier(game.call, at=game.at)
    save_draft(pk=case.pk, actor=case.applicant, at=game.at, typed=answers_for(case.rules.form))
    Stage.objects.filter(pk=case.stage_id).update(closes_at=database_now() - closed_ago)
    client.force_login(case.applicant)
    return Application.objects.with_rules().get(pk=case.pk)


def hand_in(client, case, *, waited, **more):
    """Press the button; the request stood in the queue for so long."""
    arrived = time.monotonic() - waited.total_seconds()
    return client.post(reverse("workflows:check", args=[case.reference]), **{ARRIVED: arrived}, **more)


SECOND = timedelta(seconds=1)
QUEUED = timedelta(seconds=30)


def test_a_second_before_the_deadline_counts_though_it_was_served_long_after(client):
    case = drafted(client, closed_ago=QUEUED)
    assert hand_in(client, case, waited=QUEUED + SECOND).url == reverse("workflows:receipt", args=[case.reference])
    sent = Submission.objects.get()
    early = case.stage.closes_at - sent.at
    assert timedelta(0) < early < 1.5 * SECOND
    head = verify(Receipt.objects.get().as_file().encode(), house_keys().public).head
    assert head["received_at"] == sent.at.isoformat(timespec="microseconds")
    assert Event.objects.get(kind="application.submit").at == sent.at


@pytest.mark.parametrize("waited", [QUEUED - SECOND, timedelta(0)])
def test_a_second_after_the_deadline_is_refused_and_says_so(client, waited):
    case = drafted(client, closed_ago=QUEUED)
    page = hand_in(client, case, waited=waited)
    assert page.status_code == 409
    (why,) = page.context["refused"]
    assert why in page.content.decode().replace("&#x27;", "'")
    after = Application.objects.get(pk=case.pk)
    assert (after.state, after.draft) == (ApplicationState.DRAFT, case.draft), "what was typed is kept"
    assert not Submission.objects.exists()
    assert not Receipt.objects.exists()
    assert not Event.objects.filter(kind="application.submit").exists()


def test_what_is_typed_after_the_deadline_is_kept_but_not_handed_in(client):
    case = drafted(client, closed_ago=SECOND)
    section = case.rules.form.sections[0]
    url = reverse("tender:section", args=[case.reference, section.key])
    assert client.post(url, {f"q-{case.rules.form.title}": "Te laat getypt"}, headers={"HX-Request": "true"}).status_code == 200
    assert Application.objects.get(pk=case.pk).draft[case.rules.form.title] == "Te laat getypt"
    assert hand_in(client, case, waited=timedelta(0)).status_code == 409


def test_nothing_counts_as_having_waited_longer_than_the_grace(client):
    case = drafted(client, closed_ago=GRACE + SECOND)
    assert hand_in(client, case, waited=GRACE + 2 * SECOND).status_code == 409
    assert not Submission.objects.exists()


def test_the_effects_of_closing_wait_for_the_grace(client):
    case = drafted(client, closed_ago=GRACE - 20 * SECOND)
    tick(database_now())
    assert Application.objects.get(pk=case.pk).state == ApplicationState.DRAFT
    assert hand_in(client, case, waited=GRACE - 19 * SECOND).status_code == 302
    assert Application.objects.get(pk=case.pk).state == ApplicationState.SUBMITTED


def test_a_draft_that_lapsed_after_the_grace_is_handed_in_no_more(client):
    case = drafted(client, closed_ago=GRACE + SECOND)
    tick(database_now())
    assert hand_in(client, case, waited=GRACE).status_code in {302, 409}
    assert Application.objects.get(pk=case.pk).state == ApplicationState.LAPSED
    assert not Submission.objects.exists()


@pytest.mark.parametrize(("trusted", "status"), [(True, 302), (False, 409)])
def test_a_visitor_s_own_stamp_counts_only_where_a_proxy_overwrites_it(client, settings, trusted, status):
    settings.PROXY_STAMPS = trusted
    case = drafted(client, closed_ago=QUEUED)
    started = time.time() - (QUEUED + SECOND).total_seconds()
    page = hand_in(client, case, waited=timedelta(0), headers={"X-Request-Start": f"t={started:.3f}"})
    assert page.status_code == status
    assert Submission.objects.exists() is trusted
