"""The nursery of `tests.factories.batch`: for each line that it reads it forks a Celery worker of so many processes, and tells which."""

import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import django

django.setup()

from django.conf import settings  # noqa: E402

from reports.commands.posting import PRESS  # noqa: E402
from reports.letters.printing import house_style  # noqa: E402
from settings.celery import app  # noqa: E402
from tests.factories.press import quick_press  # noqa: E402

settings.MEDIA_ROOT = os.environ["WORKER_FILES"]
settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
settings.EMAIL_FILE_PATH = os.environ["WORKER_MAILS"]


def work(processes):
    """Be a worker, in a group of its own, until killed."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    app.worker_main(
        ["worker", "--loglevel=WARNING", f"--concurrency={processes}", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    )


if __name__ == "__main__":
    if os.environ.get("WORKER_QUICK"):
        PRESS.set(quick_press)
    else:
        house_style()  # as every worker does with its first letter
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was killed is gone
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            work(int(line))
        print(pid, flush=True)  # noqa: T201
