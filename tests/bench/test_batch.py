"""A batch with the true press: two hundred letters and a worker that is killed, and letters a second by one process and by two.

DATABASE_URL=… CELERY_BROKER_URL=redis://… make bench
"""

import os
import time
from statistics import median

import pytest
from django.conf import settings as conf
from weasyprint import HTML

from reports.commands import posting
from reports.letters.composing import compose
from reports.letters.facts import to_plain
from reports.letters.printing import AssetFetcher, house_style, html
from tests.factories.batch import Batch, mails_sent, nursery, until, work_and_kill
from tests.reports.test_killed import exactly_one_letter_each, exactly_one_mail_each
from workflows import outbox
from workflows.models import Event, Outbox

pytestmark = [
    pytest.mark.bench,
    pytest.mark.prints,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not conf.CELERY_BROKER_URL.startswith("redis"), reason="needs a broker that outlives a worker: Redis"),
]
NUMBER, KILLS = int(os.environ.get("BATCH", "200")), 5
TURNS, EACH = 3, 8


def prepared(settings, tmp_path, number):
    """A batch that is ready to be signed; what came before it is not laid out."""
    from tests.factories.press import quick_press

    settings.MEDIA_ROOT = tmp_path / "files"
    lent = posting.PRESS.set(quick_press)
    try:
        return Batch(number)
    finally:
        posting.PRESS.reset(lent)


def test_a_batch_whose_worker_is_killed(settings, tmp_path):
    """As the everyday test does with twelve and a quick press."""
    batch, mails = prepared(settings, tmp_path, NUMBER), tmp_path / "mails"
    batch.sign()
    began = time.monotonic()
    with nursery(mails, quick=False) as workers:
        work_and_kill(batch.letters().count, NUMBER, workers, kills=KILLS)
        took = time.monotonic() - began
        exactly_one_letter_each(batch)
        batch.take("publish", batch.house.signatory)
        work_and_kill(batch.mails().count, NUMBER, workers, kills=KILLS)
    exactly_one_mail_each(batch, mails)
    print(f"\n{NUMBER} decisions signed and published, workers killed {2 * KILLS} times: {batch.letters().count()} letters in {took:.0f} s,")
    print(f"{batch.mails().count()} notifications, {mails_sent(mails)} mails left")


def test_a_letter_through_its_whole_path(settings, tmp_path):
    """From the event to the stored file, in turns with bare WeasyPrint on the same page."""
    batch = prepared(settings, tmp_path, TURNS * EACH)
    with outbox.held():
        batch.sign()
    style, fonts = house_style()
    events = list(Event.objects.filter(kind="decision.sign").order_by("at", "pk"))
    page = html(compose(events[0]).kind, to_plain(compose(events[0])))

    def bare():
        laid_out = HTML(string=page, base_url="asset:///", url_fetcher=AssetFetcher()).render(stylesheets=[style], font_config=fonts)
        laid_out.write_pdf(pdf_variant="pdf/ua-1")

    bare()
    posting.post(event=events.pop())
    turns = [(seconds(bare), seconds(lambda event=event: posting.post(event=event))) for event in events]
    plain, ours = (median(each) for each in zip(*turns, strict=True))
    print(f"\na letter through its whole path: {1000 * ours:.0f} ms; bare WeasyPrint on the same page: {1000 * plain:.0f} ms;")
    print(f"{median(own / other for other, own in turns):.2f} times, the median of {len(turns)} turns; load {os.getloadavg()[0]:.1f}")


def test_one_worker_and_two(settings, tmp_path):
    """The same number by one process and by two, in turns; from the first letter to the last, so that starting counts for nothing."""
    batch, mails = prepared(settings, tmp_path, 2 * TURNS * EACH), tmp_path / "mails"
    rates = {1: [], 2: []}
    for _turn in range(TURNS):
        for processes in (1, 2):
            before = batch.letters().count()
            with outbox.held():
                batch.sign(EACH)
            only_letters()
            with nursery(mails, quick=False) as workers, workers.worker(processes):
                until(lambda: batch.letters().count() >= before + EACH)  # noqa: B023  called before the loop goes on
            made = list(batch.letters().order_by("rendered_at").values_list("rendered_at", flat=True))[before:]
            rates[processes].append((EACH - processes) / (made[-1] - made[processes - 1]).total_seconds())
    one, two = (median(rates[processes]) for processes in (1, 2))
    print(f"\nletters a second: one process {one:.2f}, two {two:.2f}: {two / one:.2f} times; load {os.getloadavg()[0]:.1f}")


def only_letters():
    """Send the letters alone to the workers, the flows afterwards here: what is measured is the press."""
    for pk in Outbox.objects.filter(done_at=None, handler__endswith="letter_of_decision").values_list("pk", flat=True):
        outbox.send(pk)


def seconds(work):
    """How long once took."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
