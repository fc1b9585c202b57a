"""What things cost, printed and never judged: a letter, a ranking, a step through the door."""

from decimal import Decimal
from statistics import median
from time import perf_counter

import numpy as np
import pytest

from reports.letters.printing import press, print_letter
from scoring.methods import weighted_mean
from tests.factories import dossier, open_call, publish
from tests.reports.samples import sample
from workflows.commands import perform
from workflows.models import ApplicationMachine

pytestmark = pytest.mark.bench


def milliseconds(work, times):
    """The median of so many runs, after one that warms up."""
    work()
    took = []
    for _ in range(times):
        began = perf_counter()
        work()
        took.append(1000 * (perf_counter() - began))
    return median(took)


def test_a_letter():
    facts = sample("award", "nl")
    ours = milliseconds(lambda: print_letter("award", facts), 10)
    empty = milliseconds(lambda: press("<html lang=nl><title>Brief</title><p>Geachte aanvrager,</p></html>"), 10)
    print(f"\nan award letter: {ours:.0f} ms; a letter of one line on the same press: {empty:.0f} ms")


def test_a_ranking():
    marks = np.random.default_rng(1).integers(0, 11, size=(10_000, 5, 6)) / 2
    weights = tuple([Decimal("0.2")] * 4 + [Decimal("0.1")] * 2)
    took = milliseconds(lambda: weighted_mean(marks, tuple(range(6)), weights, Decimal(0), Decimal(5)), 3)
    print(f"\nthe exact weighted mean of 10,000 proposals by 5 jurors on 6 criteria: {took:.0f} ms")


@pytest.mark.django_db
def test_a_step_through_the_door():
    game = open_call(publish("minifund"))
    cases = iter([dossier(game.call, at=game.at) for _ in range(41)])

    def withdraw():
        case = next(cases)
        perform(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=game.at)

    print(f"\none step: lock, rules, state, event, outbox: {milliseconds(withdraw, 40):.1f} ms")
