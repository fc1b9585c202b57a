"""The clock decides, not the queue: a request counts from when it arrived, also if it is served after the deadline."""

import time
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tender import clock
from tender.clock import ARRIVED, GRACE, database_now
from tender.commands.drafting import save_draft
from tender.enums import ApplicationState
from tender.keyring import house_keys
from tender.models import Application, Receipt, Stage, Submission
from tender.receipts import verify
from tender.schemes.cowriting import mark
from tests.factories import answers_for, dossier, open_call, pdf_file, publish
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


class Trickle(BytesIO):
    """What is sent along, held back a while."""

    def read(self, *much):
        time.sleep(0.05)
        return super().read(*much)


def test_a_request_of_which_the_rest_was_held_back_counts_from_when_it_was_complete(client, monkeypatch):
    monkeypatch.setattr(clock, "SLOW", 0.04)
    case, rest = drafted(client, closed_ago=QUEUED), b"--BoUnDaRyStRiNg--\r\n"
    assert hand_in(client, case, waited=QUEUED + SECOND, **{"wsgi.input": Trickle(rest)}).status_code == 409
    assert not Submission.objects.exists()
    assert hand_in(client, case, waited=QUEUED + SECOND).status_code == 302


def test_what_is_typed_after_the_deadline_is_not_kept_and_stays_on_the_page(client):
    """Else a request that waits could hand in what was written long after it arrived."""
    case = drafted(client, closed_ago=QUEUED)
    url, title = reverse("tender:section", args=[case.reference, "idea"]), case.rules.form.title
    late = {f"q-{title}": "Te laat getypt"}
    by_itself = client.post(url, late, headers={"HX-Request": "true", "HX-Trigger": "answers"})
    assert (by_itself.status_code, by_itself["HX-Reswap"]) == (409, "none")
    page = client.post(url, {**late, "q-sketch": SimpleUploadedFile("plan.pdf", pdf_file())})
    assert page.status_code == 409
    assert page.context["form"][title].value() == "Te laat getypt"
    for said in (by_itself, page):
        assert 'id="overtaken"' in said.content.decode()
        assert "utrecht-alert--error" in said.content.decode(), "so that the browser keeps its copy"
    unchanged = Application.objects.get(pk=case.pk)
    assert (unchanged.draft, unchanged.draft_version, unchanged.documents.count()) == (case.draft, case.draft_version, 0)
    in_time = time.monotonic() - (database_now() - case.stage.closes_at + SECOND).total_seconds()
    assert client.post(url, late, **{ARRIVED: in_time}).status_code in {302, 422}
    assert Application.objects.get(pk=case.pk).draft[title] == "Te laat getypt"
    change = case.draft_changes.latest("pk")
    back = client.post(reverse("tender:put_back", args=[case.reference, change.pk, title]), {"seen": mark("Te laat getypt")})
    assert back.status_code == 302
    assert Application.objects.get(pk=case.pk).draft[title] == "Te laat getypt"


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
