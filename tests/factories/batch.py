"""A round whose decisions are all ready to be signed, and workers of its own that can be killed."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from tests.factories.rounds import assign, close, declare, deliver, open_call, publish, score, submitted
from workflows import outbox
from workflows.commands import perform
from workflows.models import ApplicationMachine, DecisionMachine, Letter, Notification, StageMachine

ROOT = Path(__file__).resolve().parents[2]
WORKER = ROOT / "tests" / "factories" / "worker.py"
PATIENCE = 600


class Batch:
    """A pressure cooker in one window: so many applications, decided by all but the signature."""

    def __init__(self, number):
        self.number = number
        with outbox.held():
            game = open_call(publish("pressure_cooker"), ceiling=Decimal(100_000_000))
            self.house, self.stage = game.house, game.stage()
            cases = [submitted(game.call, at=game.at) for _ in range(number)]
            self.at = close(self.stage)
            for case in cases:
                self.let_in(case)
            self.take("start_scoring", self.house.officer)
            for case in cases:
                for assessor in self.house.assessors:
                    score(case, assessor, self.at)
            self.take("ask_rank", self.house.officer)
            self.take("rank", self.house.reader)
            self.take("propose", self.house.officer)
            for decision in self.decisions():
                self.step(decision, "submit_for_check", self.house.officer)
            deliver()

    def let_in(self, case):
        """Found eligible and assigned; only who has something to do with it declares, for most of the time goes there."""
        house, at = self.house, self.at
        declare(case, house.officer, house.reader, house.signatory, at=at)
        declare(case, *house.assessors, at=at, part="assessor")
        ticked = {check.key: True for check in case.rules.checklist}
        perform(ApplicationMachine, "find_eligible", pk=case.pk, actor=house.officer, at=at, checklist=ticked)
        assign(case, house.assessors, house, at)

    def decisions(self):
        """As they are now."""
        return self.stage.decisions.order_by("pk")

    def step(self, decision, name, actor):
        """One arrow of a decision, with what was seen."""
        perform(DecisionMachine, name, pk=decision.pk, actor=actor, at=self.at, seen=decision.seen_sha256)

    def take(self, name, actor):
        """One arrow of the round."""
        perform(StageMachine, name, pk=self.stage.pk, actor=actor, at=self.at)

    def sign(self, number=None):
        """Sign them, or so many of those left; what follows goes to the broker."""
        for decision in self.decisions().filter(state="approved")[:number]:
            self.step(decision, "sign", self.house.signatory)

    def letters(self):
        """The letters of the signatures."""
        return Letter.objects.filter(event__kind="decision.sign", decision__stage=self.stage)

    def mails(self):
        """The notifications of the publication."""
        return Notification.objects.filter(event__kind="decision.publish", event__key__in=self.decisions().values("pk"))


def database_url():
    """The database of this very test."""
    known = connection.settings_dict
    password = f":{quote(known['PASSWORD'])}" if known["PASSWORD"] else ""
    return f"postgres://{known['USER']}{password}@{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"


class Nursery:
    """Where workers come from: one process that has everything loaded and does nothing, and forks a Celery worker when it is asked to.

    A worker is a process group of its own, on this test's database, broker, queue and files: killing it kills its pool.
    """

    def __init__(self, mails, *, quick=True):
        env = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "settings.test", "DATABASE_URL": database_url(), "WORKER_FILES": str(settings.MEDIA_ROOT),
            "WORKER_MAILS": str(mails), "WORKER_QUICK": "1" if quick else "",
        }  # fmt: skip
        with Path(mails).with_suffix(".log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(WORKER)], cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )

    @contextmanager
    def worker(self, processes=2):
        """A worker, as long as this lasts; then kill -9: whatever it had in hand is lost to it."""
        self.process.stdin.write(f"{processes}\n")
        self.process.stdin.flush()
        pid = int(self.process.stdout.readline())
        try:
            yield pid
        finally:
            os.killpg(pid, signal.SIGKILL)
            until(lambda: not alive(pid))

    def close(self):
        """No more workers."""
        self.process.kill()
        self.process.communicate()


@contextmanager
def nursery(mails, *, quick=True):
    """A nursery, as long as this lasts."""
    made = Nursery(mails, quick=quick)
    try:
        yield made
    finally:
        made.close()


def alive(pid):
    """Whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def until(there, *, patience=PATIENCE):
    """Wait until something is there; fails when it takes too long."""
    began = time.monotonic()
    while not there():
        assert time.monotonic() - began < patience, "the workers stand still"
        time.sleep(0.02)


def send_again():
    """What the beat does every minute (`workflows.tasks.sweep`): whatever is not done goes to the broker again."""
    for pk in outbox.waiting():
        outbox.send(pk)


def work_and_kill(count, total, workers, *, kills):
    """Let workers work until ``count()`` is ``total`` and nothing waits, and kill them so many times on the way."""
    for kill in range(1, kills + 1):
        aim = max(count() + 1, total * kill // (kills + 1))
        with workers.worker():
            until(lambda aim=aim: count() >= aim)
        send_again()
    with workers.worker():
        until(lambda: count() >= total and not outbox.waiting())


def mails_sent(folder):
    """How many mails left, as the folder in which they end has them."""
    return sum(len(re.findall(rb"^Message-ID:", path.read_bytes(), re.MULTILINE)) for path in Path(folder).glob("*.log"))
