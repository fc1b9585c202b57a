"""Several at the same moment, each on a real connection of its own."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

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


def by_hands(number, jobs):
    """All jobs, in this order, by so many hands that each keep a connection of their own; what each gave, or the exception."""
    queue, given = iter(list(enumerate(jobs))), [None] * len(jobs)
    turn = Lock()

    def work():
        while True:
            with turn:
                job = next(queue, None)
            if job is None:
                return
            given[job[0]] = attempt(job[1])

    together(*[work] * number)
    return given


def attempt(job):
    """What a job gave, or the exception."""
    try:
        return job()
    except Exception as failure:
        return failure
