"""Kill -9 of the workers in the middle of a batch, on PostgreSQL and a real broker: each party has exactly one letter and one mail."""

import hashlib

import pytest
from django.conf import settings as conf
from django.core.files.storage import default_storage

from tests.factories.batch import Batch, mails_sent, nursery, work_and_kill
from workflows.batch import printed, told
from workflows.models import Outbox

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not conf.CELERY_BROKER_URL.startswith("redis"), reason="a worker is killed only where a broker outlives it: Redis"),
]
NUMBER, KILLS = 8, 2
"""The bench does the same with two hundred (`tests/bench/test_batch.py`)."""


def test_a_worker_that_is_killed_while_it_prints_and_mails_makes_neither_one_too_few_nor_one_too_many(settings, tmp_path):
    settings.MEDIA_ROOT, mails = tmp_path / "files", tmp_path / "mails"
    batch = Batch(NUMBER)
    batch.sign()
    assert batch.letters().count() == 0, "nothing was printed before a worker ran"
    assert (printed(batch.stage).done, printed(batch.stage).total) == (0, NUMBER)
    with nursery(mails) as workers:
        work_and_kill(batch.letters().count, NUMBER, workers, kills=KILLS)
        exactly_one_letter_each(batch)
        assert printed(batch.stage).finished
        batch.take("publish", batch.house.signatory)
        assert (told(batch.stage, batch.at).done, told(batch.stage, batch.at).total) == (0, NUMBER)
        work_and_kill(batch.mails().count, NUMBER, workers, kills=KILLS)
    exactly_one_mail_each(batch, mails)


def exactly_one_letter_each(batch):
    """A row and a file for each signature, and no file beside them."""
    letters = list(batch.letters())
    assert sorted(letter.decision_id for letter in letters) == sorted(batch.decisions().values_list("pk", flat=True))
    kept = {f"letters/{name}" for name in default_storage.listdir("letters")[1]}
    assert kept == set(type(letters[0]).objects.values_list("file", flat=True)), "no file without a letter, no letter without a file"
    for letter in letters:
        with letter.file.open("rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == letter.sha256
    assert not Outbox.objects.filter(done_at=None).exists()


def exactly_one_mail_each(batch, mails):
    """One notification for each party; a mail that left while its worker was killed leaves a second time, and never not at all."""
    rows = list(batch.mails())
    assert sorted(row.event.key for row in rows) == sorted(batch.decisions().values_list("pk", flat=True))
    assert len({row.user_id for row in rows}) == batch.number
    waiting = [row for row in rows if row.sent_at is None]
    if waiting:  # killed between noting and mailing: the sweep of the mail sends it
        from reports.commands.notifying import send_waiting

        send_waiting()
    assert not batch.mails().filter(sent_at=None).exists()
    assert mails_sent(mails) + len(waiting) >= batch.number
