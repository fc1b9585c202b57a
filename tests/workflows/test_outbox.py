"""What follows from an event: at least once, apart from its neighbours, and never lost."""

from datetime import timedelta

import pytest
from kombu.exceptions import OperationalError

from tests.factories import open_call, publish, submitted
from workflows import outbox, tasks
from workflows.models import Event, Outbox

pytestmark = pytest.mark.django_db

KIND = "application.submit"


@pytest.fixture
def handlers(monkeypatch):
    """Two who listen; the first fails until it is mended."""
    calls = {"first": 0, "second": 0}
    state = {"mended": False}

    def first(event):
        calls["first"] += 1
        Event.objects.filter(pk=event.pk).update(data={})
        if not state["mended"]:
            raise ValueError("a value nobody should read in a log")

    def second(event):
        calls["second"] += 1

    monkeypatch.setitem(outbox.HANDLERS, KIND, {"first": first, "second": second})
    return calls, state


def rows():
    return Outbox.objects.filter(event__kind=KIND)


def handed_in():
    game = open_call(publish("minifund"))
    outbox.sweep()
    return submitted(game.call, at=game.at)


def mine():
    """Only what this test queued: deliver it all."""
    return {row.handler: _deliver(row.pk) for row in rows().order_by("pk")}


def _deliver(pk):
    try:
        return outbox.deliver_now(pk)
    except ValueError:
        return "failed"


def test_one_that_fails_does_not_repeat_its_neighbours(handlers):
    calls, state = handlers
    handed_in()
    assert mine() == {"first": "failed", "second": True}
    row = rows().get(handler="first")
    assert (row.attempts, row.error, row.done_at) == (1, "ValueError", None)
    assert "nobody should read" not in row.error
    assert rows().get(handler="first").event.data != {}, "what a handler did before it failed is undone"
    state["mended"] = True
    assert mine() == {"first": True, "second": False}
    assert calls == {"first": 2, "second": 1}
    assert mine() == {"first": False, "second": False}
    assert calls == {"first": 2, "second": 1}
    row.refresh_from_db()
    assert (row.attempts, row.error) == (2, "")


def test_the_sweep_counts_what_failed_and_goes_on(handlers):
    calls, _ = handlers
    handed_in()
    delivered, failed = outbox.sweep()
    assert failed == 1
    assert delivered >= 1
    assert calls["second"] == 1


def test_a_second_delivery_does_nothing(handlers):
    calls, state = handlers
    state["mended"] = True
    handed_in()
    pk = rows().get(handler="second").pk
    outbox.deliver(outbox_id=pk)
    outbox.deliver(outbox_id=pk)
    assert calls["second"] == 1


def test_nothing_is_sent_before_the_commit(handlers, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(outbox, "send", sent.append)
    with django_capture_on_commit_callbacks(execute=True):
        handed_in()
        assert sent == []
    assert set(rows().values_list("pk", flat=True)) <= set(sent)


def test_a_broker_that_is_down_loses_nothing(handlers, monkeypatch, django_capture_on_commit_callbacks):
    def down(**said):
        raise OperationalError

    monkeypatch.setattr(outbox.deliver, "delay", down)
    with django_capture_on_commit_callbacks(execute=True):
        handed_in()
    assert rows().filter(done_at=None).count() == 2
    handlers[1]["mended"] = True
    assert outbox.sweep()[1] == 0
    assert not rows().filter(done_at=None).exists()


def test_a_process_killed_between_commit_and_send_loses_nothing(handlers, monkeypatch):
    """The row is there and nothing was sent: the sweep sends it once it is stale, and not what is done."""
    handed_in()
    sent = []
    monkeypatch.setattr(outbox, "send", sent.append)
    handlers[1]["mended"] = True
    outbox.deliver_now(rows().get(handler="second").pk)
    tasks.sweep()
    assert rows().get(handler="first").pk in sent
    assert rows().get(handler="second").pk not in sent


def test_what_was_just_queued_is_left_to_the_broker(handlers):
    handed_in()
    queued = rows().first().queued_at
    mine_now = set(rows().values_list("pk", flat=True))
    assert mine_now.isdisjoint(outbox.waiting(before=queued))
    assert mine_now <= set(outbox.waiting(before=queued + timedelta(seconds=1)))


def test_whoever_holds_the_outbox_sends_nothing(handlers, monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(outbox.deliver, "delay", lambda **said: sent.append(said))
    with outbox.held(), django_capture_on_commit_callbacks(execute=True):
        handed_in()
    assert sent == []
    with django_capture_on_commit_callbacks(execute=True):
        handed_in()
    assert len(sent) >= 2
