"""The methods that correct for who judged, against what was published of them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.comparing import by_expected_rank, by_severity_adjusted
from scoring.expected_rank import Call, expected_ranks
from scoring.methods import Material, NotRankable, Unfit, UnfitScores, by_trimmed_mean, by_weighted_mean
from scoring.pairwise import borda, bradley_terry, schulze, wins
from scoring.ranking import METHODS, ordered, rank
from scoring.severity import severity_adjusted, z_scores
from tender.schemes.vocabulary import COMPARING

NAN = float("nan")
SEED = b"a seed of sixteen bytes"
ONE = {"criterion_of": (0,), "criteria": ("a",), "weights": (Decimal(1),)}
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float)
TENNESSEE = [(42, "MNCK"), (26, "NCKM"), (15, "CKNM"), (17, "KCNM")]
MOCK_PANEL = (
    "11125 11226 12135 13215 12235 13145 12345 15225 13435 14255 23445 24355 25446 23466 25546",
    [2.44, 4.06, 4.09, 4.12, 5.08, 6.19, 7.34, 7.26, 8.43, 9.42, 10.4, 11.4, 13.0, 13.0, 13.7],
    [0.90, 0.78, 0.78, 0.78, 0.71, 0.63, 0.55, 0.55, 0.47, 0.40, 0.33, 0.25, 0.15, 0.14, 0.09],
)


def round_of(scores: np.ndarray) -> Material:
    """Jurors' marks (proposals, jurors) on one question, from 0 to 10."""
    names = tuple(f"P{index:02d}" for index in range(len(scores)))
    return Material(names, np.asarray(scores, dtype=float)[:, :, None], **ONE, maximum=Decimal(10))


def mock_panel() -> np.ndarray:
    return np.array([[7 - int(grade) for grade in row] for row in MOCK_PANEL[0].split()], dtype=float)


def orders(ballots: list[tuple[int, str]]) -> np.ndarray:
    """Ballots as scores (options, voters): the first of an order gets the most."""
    names = sorted({name for _, order in ballots for name in order})
    voters = [[len(order) - order.index(name) for name in names] for count, order in ballots for _ in range(count)]
    return np.array(voters, dtype=float).T


# ── trimmed mean ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("marks", "trim", "total"),
    [
        ([0, 5, 6, 7, 10], "0.2", 60),  # of five, the lowest and the highest fall out
        ([0, 5, 6, 7, 10], "0.19", 56),  # ⌊.95⌋ = 0
        ([0, 5, 6, 7], "0.4", 45),  # of four nobody falls out
        ([0, 5, 6, 7, NAN], "0.4", 45),  # a missing mark does not make five
        ([0, 1, 6, 9, 10], "0.4", 60),  # two at each end leave the median
        ([0, 0, 2, 4, 4, 8, 8, 9, 10, 10], "0.3", 60),  # .3 · 10 is three, also in floats
    ],
)
def test_the_trimmed_mean_drops_so_many_at_each_end(marks: list[float], trim: str, total: int) -> None:
    material = replace(round_of(np.array([marks])), trim=Decimal(trim))
    assert by_trimmed_mean(material).totals == (Fraction(total),)


def test_trimming_is_per_criterion() -> None:
    marks = np.array([[[0, 10], [5, 10], [5, 10], [5, NAN], [10, 0]]], dtype=float)
    two = Material(("P",), marks, (0, 1), ("a", "b"), (Decimal("0.5"),) * 2, maximum=Decimal(10), trim=Decimal("0.2"))
    assert by_trimmed_mean(two).criteria == ((Fraction(50), Fraction(75)),)  # b has four marks: nothing is dropped


# ── severity adjusted ─────────────────────────────────────────────────────────────────────────────────────────


def test_with_every_sheet_there_the_effect_is_shrunk_by_the_published_icc() -> None:
    """Shrout & Fleiss: ICC(3,4) = .909, EMS = 1.02, and τ² = (BMS - EMS) / 4."""
    fitted = severity_adjusted(SHROUT_FLEISS)
    grand = SHROUT_FLEISS.mean()
    assert (fitted.proposals - grand) / (SHROUT_FLEISS.mean(axis=1) - grand) == pytest.approx(0.909, abs=5e-4)
    assert (fitted.noise, fitted.between) == pytest.approx((1.02, (11.24 - 1.02) / 4), abs=6e-3)
    assert fitted.severity == pytest.approx(grand - SHROUT_FLEISS.mean(axis=0))


def test_who_met_a_severe_juror_is_not_the_worse_for_it() -> None:
    """Two jurors score all; of the third and fourth each proposal met one, and the fourth gives three points less."""
    worth, wobble = np.array([8, 7.5, 7, 6.5, 6, 5.5]), np.array([0.2, -0.1, 0, 0.1, -0.2, 0])
    scores = np.stack([worth + wobble, worth, worth, worth - 3], axis=1)
    scores[::2, 2] = scores[1::2, 3] = NAN
    fitted = severity_adjusted(scores)
    assert fitted.severity[3] - fitted.severity[2] == pytest.approx(3, abs=0.2)
    assert list(np.argsort(-fitted.proposals)) == [0, 1, 2, 3, 4, 5]
    assert np.nanmean(scores, axis=1)[0] < np.nanmean(scores, axis=1)[1]  # the plain mean has it wrong


def test_truth_is_found_where_sheets_are_thin() -> None:
    """2,000 proposals with five of fifty jurors each: severity and worth come back, better than in the plain mean."""
    random = np.random.default_rng(7)
    worth, severity = random.normal(60, 10, 2000), random.normal(0, 8, 50)
    scores = np.full((2000, 50), NAN)
    for proposal in range(2000):
        jurors = random.choice(50, 5, replace=False)
        scores[proposal, jurors] = worth[proposal] - severity[jurors] + random.normal(0, 6, 5)
    fitted = severity_adjusted(scores)
    assert (fitted.between, fitted.noise) == pytest.approx((100, 36), rel=0.1)
    assert np.abs(fitted.severity - (severity - severity.mean())).max() < 1.6
    assert np.corrcoef(fitted.proposals, worth)[0, 1] > np.corrcoef(np.nanmean(scores, axis=1), worth)[0, 1] + 0.04


@pytest.mark.parametrize(
    ("scores", "why"),
    [
        ([[5, 6, NAN, NAN], [7, 8, NAN, NAN], [NAN, NAN, 3, 4], [NAN, NAN, 5, 7]], Unfit.UNCONNECTED),  # two panels that share nothing
        ([[5, NAN], [7, 8], [4, NAN]], Unfit.UNCONNECTED),  # joined, but with no sheet to spare
        ([[5, 5, 5], [5, 5, 5], [5, 5, 5]], Unfit.ALL_ALIKE),
        ([[1, 9, 5], [9, 5, 1], [5, 1, 9]], Unfit.ALL_ALIKE),  # nothing but noise
    ],
)
def test_a_design_that_cannot_tell_severe_from_weak_is_refused(scores: list, why: Unfit) -> None:
    with pytest.raises(UnfitScores) as refused:
        severity_adjusted(np.array(scores, dtype=float))
    assert refused.value.why is why


def test_an_adjusted_total_stays_on_the_scale() -> None:
    scores = np.array([[NAN, NAN, 10], [9, 9, 5], [8, 7, 4], [6, 6, 2], [4, 5, 0]])
    found = by_severity_adjusted(round_of(scores))
    assert found.unfit is None
    assert max(merit[0] for merit in found.merit) > 100 >= max(found.totals)


# ── z-scores ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_z_score_by_hand() -> None:
    """Both give 1 to 5 of their own scale: the order is the same, and so is z."""
    mild, severe = np.array([6, 7, 8, 9, 10]), np.array([1, 2, 3, 4, 5])
    found = z_scores(np.stack([mild, severe], axis=1).astype(float))
    assert found == pytest.approx((severe - 3) / np.std(severe, ddof=1))


@pytest.mark.parametrize(
    ("scores", "why", "juror"),
    [([[1, 1], [2, 2], [3, 3], [4, 4], [5, NAN]], Unfit.FEW_SHEETS, 1), ([[4, 1], [4, 2], [4, 3], [4, 4], [4, 5]], Unfit.NO_SPREAD, 0)],
)
def test_a_juror_without_a_deviation_of_their_own_is_named(scores: list, why: Unfit, juror: int) -> None:
    with pytest.raises(UnfitScores) as refused:
        z_scores(np.array(scores, dtype=float))
    assert (refused.value.why, refused.value.juror) == (why, juror)


def test_a_juror_without_sheets_has_no_say_in_z() -> None:
    scores = np.array([[1, NAN], [2, NAN], [3, NAN], [4, NAN], [5, NAN], [NAN, NAN]])
    found = z_scores(scores)
    assert found[:5] == pytest.approx(z_scores(scores[:5, :1]))
    assert np.isnan(found[5])


# ── orders ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_published_borda_count() -> None:
    assert dict(zip("CKMN", borda(wins(orders(TENNESSEE))), strict=True)) == pytest.approx({"N": 194, "C": 173, "M": 126, "K": 107})


def test_who_was_compared_less_is_not_the_worse_for_it() -> None:
    """The second juror saw A and B alone: half of A's comparisons with B are lost, all with C won."""
    assert borda(wins(np.array([[3, 1], [2, 2], [1, NAN]]))) == pytest.approx([2 / 3 * 3, 2 / 3 * 3, 0])
    assert np.isnan(borda(wins(np.array([[3], [NAN]])))).all()


def test_equal_scores_are_half_a_win_for_each() -> None:
    assert wins(np.array([[3.0, 1], [3, 2]])).tolist() == [[0, 0.5], [1.5, 0]]


def test_the_published_order_of_schulze() -> None:
    """Schulze (2011), example 1: 45 voters, the order E, A, C, B, D."""
    ballots = [(5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"), (7, "CAEBD"), (2, "CBADE"), (7, "DCEBA"), (8, "EBADC")]
    beaten = schulze(wins(orders(ballots)))
    assert "".join(sorted("ABCDE", key=lambda name: -beaten["ABCDE".index(name)])) == "EACBD"


def test_nashville_beats_all_and_wins_by_schulze() -> None:
    assert dict(zip("CKMN", schulze(wins(orders(TENNESSEE))).tolist(), strict=True)) == {"N": 3, "C": 2, "K": 1, "M": 0}


def test_strengths_of_bradley_terry_give_back_the_wins() -> None:
    """At the likeliest strengths each has as many wins as expected; two options have a closed form."""
    won = wins(orders(TENNESSEE))
    strength = np.exp(bradley_terry(won))
    chance = strength[:, None] / np.add.outer(strength, strength)
    assert ((won + won.T) * chance).sum(axis=1) == pytest.approx(won.sum(axis=1))
    assert np.diff(bradley_terry(np.array([[0.0, 3], [1, 0]])))[0] == pytest.approx(-np.log(3))


@pytest.mark.parametrize("scores", [[[3, 3], [2, 1], [1, 2]], [[3, NAN], [2, NAN], [NAN, 2], [NAN, 3]]])
def test_no_strength_is_likeliest_for_who_never_lost(scores: list) -> None:
    with pytest.raises(UnfitScores, match=Unfit.UNBEATEN):
        bradley_terry(wins(np.array(scores, dtype=float)))


# ── expected rank ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_published_ranks_of_the_mock_panel() -> None:
    """Heyard et al. (2022), the mock panel of fifteen proposals and five assessors."""
    found = expected_ranks(mock_panel())
    assert found.expected == pytest.approx(MOCK_PANEL[1], abs=0.15)
    assert found.sucra() == pytest.approx(MOCK_PANEL[2], abs=0.011)
    assert found.percentile() == pytest.approx(100 * (found.expected - 0.5) / 15)


def test_the_published_funding_line_of_the_mock_panel() -> None:
    """With five fundable #1 is accepted and #2 to #6 certainly draw lots; #7 and #8 sit on a knife-edge."""
    line, calls = expected_ranks(mock_panel()).funding_line(5)
    assert line == pytest.approx(5.08, abs=0.15)
    assert calls[:6] == (Call.ACCEPT, *[Call.LOTTERY] * 5)
    assert set(calls[8:]) == {Call.REFUSE}


def test_chances_and_intervals_come_from_the_same_ranks() -> None:
    found = expected_ranks(mock_panel())
    assert found.in_top(15) == pytest.approx(1)
    assert found.in_top(5).sum() == pytest.approx(5)
    low, high = found.interval()
    assert ((low <= found.expected.round()) & (found.expected.round() <= high)).all()
    with pytest.raises(ValueError, match="one of the proposals"):
        found.funding_line(16)


def test_it_does_not_matter_who_is_called_first_and_equals_are_equal() -> None:
    panel = mock_panel()
    panel[7] = panel[6]
    found = expected_ranks(panel)
    assert found.expected[6] == found.expected[7]
    assert (expected_ranks(panel[:, [4, 2, 0, 1, 3]]).expected == found.expected).all()


def test_a_severe_juror_costs_no_rank() -> None:
    """Every proposal met two of three jurors; the third gives two points less to all."""
    worth = np.array([6, 5.5, 5, 4.5, 4, 3.5])
    scores = np.stack([worth, worth, worth - 2], axis=1)
    for proposal in range(6):
        scores[proposal, (proposal % 2) * 2] = NAN
    found = expected_ranks(scores).expected
    assert found[0] < found[1] < found[3] < found[5]


@pytest.mark.parametrize("scores", [[[1, 2], [2, 3]], [[1, 2], [2, 3], [NAN, NAN]], [[1], [2], [3]]])
def test_too_little_to_expect_a_rank(scores: list) -> None:
    with pytest.raises(ValueError, match="two jurors"):
        expected_ranks(np.array(scores, dtype=float))


# ── in a ranking ──────────────────────────────────────────────────────────────────────────────────────────────

ROUND = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])


@pytest.mark.parametrize("method", sorted(COMPARING))
def test_each_method_orders_the_round_and_keeps_the_mean_beside_it(method: str) -> None:
    rows = rank(round_of(ROUND), method, seed=SEED)
    assert rows[0].reference == "P04"
    assert {row.reference for row in rows[-2:]} <= {"P01", "P03", "P05"}
    assert all(row.merit is not None and row.criteria["a"] is not None for row in rows)
    if method != "severity_adjusted":
        assert {row.reference: row.total for row in rows} == {
            row.reference: row.total for row in rank(round_of(ROUND), "weighted_mean", seed=SEED)
        }


@pytest.mark.parametrize("method", sorted(COMPARING))
def test_a_proposal_nobody_marked_has_no_place_and_moves_nobody(method: str) -> None:
    with_one_more = np.vstack([ROUND, np.full(4, NAN)])
    rows = rank(round_of(with_one_more), method, seed=SEED)
    assert (rows[-1].reference, rows[-1].rank, rows[-1].not_rankable) == ("P06", None, NotRankable.NO_MARKS)
    assert [row.reference for row in rows[:-1]] == [row.reference for row in rank(round_of(ROUND), method, seed=SEED)]
    assert all(row.rank is None for row in rank(round_of(np.full((2, 2), NAN)), method, seed=SEED))


@pytest.mark.parametrize(
    ("method", "scores", "why"),
    [
        ("severity_adjusted", [[4, 4], [4, 4], [4, 4]], Unfit.ALL_ALIKE),
        ("z_score", [[4, 5], [3, 4]], Unfit.FEW_SHEETS),
        ("bradley_terry", [[4, 5], [3, 4]], Unfit.UNBEATEN),
        ("expected_rank", [[4, 5], [3, 4]], Unfit.FEW_PROPOSALS),
    ],
)
def test_where_the_round_does_not_bear_the_method_the_weighted_mean_decides_and_it_is_said(method: str, scores: list, why: Unfit) -> None:
    material = round_of(np.array(scores))
    found = METHODS[method](material)
    assert found.unfit is why
    assert replace(found, unfit=None) == by_weighted_mean(material)
    assert ordered(material, found, seed=SEED) == rank(material, "weighted_mean", seed=SEED)


@pytest.mark.parametrize("method", sorted(COMPARING))
@pytest.mark.parametrize("scores", [[[5]], [[5, 6]], [[5, NAN], [NAN, 6]], [[5, 5, NAN], [6, 6, NAN], [NAN, NAN, 9]]])
def test_a_round_too_small_to_compare_is_still_ranked(method: str, scores: list) -> None:
    material = round_of(np.array(scores, dtype=float))
    assert {row.reference for row in rank(material, method, seed=SEED) if row.rank} == set(material.references)


def test_what_was_never_compared_has_no_count() -> None:
    assert METHODS["borda"](round_of(np.array([[5, 5, NAN], [6, 6, NAN], [NAN, NAN, 9]]))).unfit is Unfit.UNCONNECTED


@pytest.mark.parametrize("method", ["trimmed_mean", *sorted(COMPARING)])
@settings(max_examples=15)
@given(order=st.permutations(range(4)), proposals=st.permutations(range(6)))
def test_permuting_jurors_or_proposals_changes_nothing(method: str, order: list[int], proposals: list[int]) -> None:
    material = replace(round_of(ROUND), trim=Decimal("0.2"))
    other = replace(material, marks=material.marks[proposals][:, order], references=tuple(material.references[index] for index in proposals))
    rows = [(row.reference, row.rank, row.order, row.merit) for row in rank(material, method, seed=SEED)]
    assert [(row.reference, row.rank, row.order, row.merit) for row in rank(other, method, seed=SEED)] == rows


def test_an_expected_rank_is_rounded_to_what_the_sampler_knows() -> None:
    merits = [merit[0] for merit in by_expected_rank(round_of(ROUND)).merit]
    assert all(merit == round(merit, 2) for merit in merits)
