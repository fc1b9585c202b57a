"""Several at the same moment, each on a real connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections


def together(*jobs):
    """Start all jobs at the same moment, each on its own connection; what each gave, or the exception."""
    start = Barrier(len(jobs))

    def run(job):
        start.wait()
        try:
            return job()
        except Exception as failure:
            return failure
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))
