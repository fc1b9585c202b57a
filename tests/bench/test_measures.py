"""What things cost, printed and never judged: a letter, a ranking by each method, an assignment, a step through the door."""

from decimal import Decimal
from statistics import median
from time import perf_counter

import numpy as np
import pytest
from weasyprint import HTML

from reports.letters.printing import AssetFetcher, house_style, html, press, print_letter
from scoring.assignment import Preference, assign, loads
from scoring.methods import Material, weighted_mean
from scoring.ranking import METHODS, rank
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


def test_a_sealed_letter():
    """Ours beside bare WeasyPrint on the same page, in turns, so that whatever else the machine does is of both."""
    facts = sample("award", "nl")
    page = html("award", facts)
    style, fonts = house_style()

    def bare():
        laid_out = HTML(string=page, base_url="asset:///", url_fetcher=AssetFetcher()).render(stylesheets=[style], font_config=fonts)
        laid_out.write_pdf(pdf_variant="pdf/ua-1")

    rounds = [(milliseconds(bare, 1), milliseconds(lambda: print_letter("award", facts), 1)) for _ in range(15)]
    plain, sealed = (median(each) for each in zip(*rounds, strict=True))
    times = median(ours / theirs for theirs, ours in rounds)
    print(f"\nan award letter, composed, with its facts inside and sealed: {sealed:.0f} ms, {1000 / sealed:.1f} a second;")
    print(f"bare WeasyPrint on the same page: {plain:.0f} ms, {1000 / plain:.1f} a second; {times:.2f} times")


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


@pytest.mark.parametrize(("proposals", "jurors", "each"), [(100, 12, 3), (1000, 60, 3)])
def test_an_assignment(proposals, jurors, each):
    """A tenth of the pairs conflict; of four themes a juror knows one; a third comes from a network."""
    random = np.random.default_rng(2)
    conflicts = random.random((proposals, jurors)) < 0.1
    people = np.arange(jurors)
    knows = random.integers(0, 4, size=proposals)[:, None] == people % 4
    groups = [knows, np.broadcast_to(people % 3 == 0, (proposals, jurors))]
    wish = Preference(random.random((proposals, jurors)), groups, ["theme", "network"])
    table = assign(conflicts, each, wish)
    assert np.ptp(loads(table)) <= 1
    took = milliseconds(lambda: assign(conflicts, each, wish), 3) / 1000
    print(f"\nan assignment of {proposals} proposals x {jurors} jurors x {each} each: {took:.2f} s")


@pytest.mark.parametrize("method", [name for name in METHODS if name not in {"first_come", "carried_over", "pass_fail"}])
@pytest.mark.parametrize("proposals", [30, 300])
def test_a_method(method, proposals):
    """Five of thirty jurors judge each proposal, on six criteria."""
    random = np.random.default_rng(3)
    marks = np.full((proposals, 30, 6), np.nan)
    for row in marks:
        row[random.choice(30, 5, replace=False)] = random.integers(0, 11, size=(5, 6)) / 2
    names, keys = tuple(f"CX26-{number:04}" for number in range(proposals)), tuple("abcdef")
    stuff = Material(names, marks, tuple(range(6)), keys, tuple([Decimal("0.2")] * 4 + [Decimal("0.1")] * 2), maximum=Decimal(5))
    took = milliseconds(lambda: rank(stuff, method, seed=b"a seed to measure with"), 3)
    print(f"\n{method}, {proposals} proposals by 5 of 30 jurors: {took:.0f} ms")
