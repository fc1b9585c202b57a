"""Money over years, and sums that must be equal: the difference is told in euros and in which year."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tender.schemes.answers import by_field, canonical, gaps
from tender.schemes.balancing import column_totals, columns_of, standings, total
from tender.schemes.cleaning import clean
from tender.schemes.figures import AnswerFault
from tender.schemes.loader import read
from tender.schemes.wording import in_words
from tests.factories.answers import answers_for
from tests.tender.schemes.mending import WHOLE

FORM = read(WHOLE).stage("plan").form
SPENT, COVER, STEPS = (FORM.field(key) for key in ("spent", "cover", "steps"))


def spent(*years, item="Makers"):
    return {"item": item, **{f"year_{place}": said for place, said in enumerate(years, start=1)}}


def cover(source, *years):
    return {"source": source, **{f"year_{place}": said for place, said in enumerate(years, start=1)}}


EVEN = {
    "title": "Licht", "asked": "3000", "years": "3",
    "spent": [spent("1.000", "2.000"), spent("", "500,50", item="Hout")],
    "cover": [cover("grant", "1000", "2000"), cover("own", "", "500,50")],
}  # fmt: skip


def test_a_year_may_be_empty_and_a_line_may_not(en):
    assert clean(SPENT, [spent("1.000", "")]) == [{"item": "Makers", "year_1": "1000.00", "year_2": "", "year_3": "", "year_4": ""}]
    with pytest.raises(AnswerFault, match="Row 1: fill in an amount in at least one year") as said:
        clean(SPENT, [spent("", "")])
    assert said.value.cell == (0, "year_1")


@given(st.lists(st.builds(spent, *(st.sampled_from(["", "1.000", "2,50", "veel", "-3"]) for _year in range(4))), max_size=4))
def test_a_table_over_years_cleans_to_itself(rows):
    try:
        kept = clean(SPENT, rows)
    except AnswerFault:
        return
    assert clean(SPENT, kept) == kept


def test_years_add_up_by_column_and_together():
    assert column_totals(SPENT, EVEN["spent"]) == {
        "year_1": Decimal(1000), "year_2": Decimal("2500.50"), "year_3": Decimal(0), "year_4": Decimal(0),
    }  # fmt: skip
    assert total(SPENT, [*EVEN["spent"], spent("veel")]) == Decimal("3500.50")


def test_what_is_even_is_no_gap():
    assert gaps(FORM, EVEN) == []
    assert [standing.even for standing in standings(FORM, EVEN)] == [True, True]
    assert canonical(FORM, canonical(FORM, EVEN)) == canonical(FORM, EVEN)


def test_a_difference_is_told_in_euros_and_by_year(en):
    off = {**EVEN, "cover": [cover("grant", "1000", "2000"), cover("own", "500,50")]}
    assert by_field(gaps(FORM, off)) == {
        "spent": "Costs: €3,500.50. Cover: €3,500.50. Together that is equal, but not in each year. "
        "In year 1 the difference is €500.50. In year 2 the difference is €500.50."
    }
    less = {**EVEN, "asked": "2500"}
    assert by_field(gaps(FORM, less)) == {"cover": "Grant in the cover: €3,000. Asked: €2,500. Make them the same: the difference is €500."}


def test_two_differences_at_one_question_are_both_told():
    more = read(WHOLE.replace('one = { label = { nl = "Kosten", en = "Costs" }, sums = [{ field = "spent" }] }',
                              'one = { label = { nl = "Dekking", en = "Cover" }, sums = [{ field = "cover" }] }')
                     .replace('other = { label = { nl = "Dekking", en = "Cover" }, sums = [{ field = "cover" }] }',
                              'other = { label = { nl = "Kosten", en = "Costs" }, sums = [{ field = "spent" }] }'))  # fmt: skip
    form = more.stage("plan").form
    found = gaps(form, {**EVEN, "asked": "1", "spent": [spent("7")]})
    assert [gap.field for gap in found] == ["cover", "cover"]
    assert by_field(found)["cover"] == " ".join(gap.message for gap in found)


def test_nothing_is_compared_with_what_lacks_or_is_wrong():
    assert [gap.field for gap in gaps(FORM, {**EVEN, "asked": ""})] == ["asked"]
    assert [gap.field for gap in gaps(FORM, {**EVEN, "cover": [cover("grant", "veel")]})] == ["cover"]
    assert standings(FORM, {"spent": "?"})[1].one == 0


def test_money_after_the_last_year_is_a_gap(en):
    late = {**EVEN, "years": "2", "spent": [spent("1000", "2500.50"), spent("", "", "3", item="Hout")]}
    assert by_field(gaps(FORM, late))["spent"] == "Year 3 holds an amount, but the work lasts 2 years."


@pytest.mark.parametrize(
    ("rows", "lasts", "shown"),
    [([], None, 4), ([], 2, 2), ([spent("1")], 0, 1), ([spent("", "", "9")], 2, 3), ([spent("", "", "0.00")], 2, 2), ([], 99, 4)],
)
def test_only_the_years_of_the_work_are_shown(rows, lasts, shown):
    assert len(columns_of(SPENT, rows, lasts)) == 1 + shown


def test_a_balance_of_what_is_not_asked_is_not_told():
    asked = '{ key = "any", kind = "yes_no", label = { nl = "a", en = "a" } },\n{ key = "spent", kind = "table", years = 4, '
    asked += 'shown_when = { field = "any", values = ["yes"] },'
    form = read(WHOLE.replace('{ key = "spent", kind = "table", years = 4,', asked)).stage("plan").form
    assert [standing.balance.key for standing in standings(form, {**EVEN, "any": "no"})] == ["granted"]


def test_rows_hold_long_texts_days_and_yes_or_no(en):
    step = {"what": " Eerst kijken.\r\nDan maken. ", "until": "1-9-2026", "public": ""}
    kept = clean(STEPS, [step])
    assert kept == [{"what": "Eerst kijken.\nDan maken.", "until": "2026-09-01", "public": ""}]
    assert clean(STEPS, kept) == kept
    with pytest.raises(AnswerFault, match="Row 1: Use at most 20 words"):
        clean(STEPS, [{**step, "what": "woord " * 21}])
    with pytest.raises(AnswerFault, match="fill in “Until”"):
        clean(STEPS, [{**step, "until": " "}])
    said = in_words(STEPS, [{**step, "public": "yes"}], "en")
    assert said == "Eerst kijken.\nDan maken. · 1 September 2026 · yes"


def test_a_made_up_form_balances():
    assert gaps(FORM, answers_for(FORM)) == []


def test_a_difference_is_told_at_the_first_question_that_is_asked():
    """Where it was told at one that is not, it stood in nobody's way."""
    asked = '{ key = "any", kind = "yes_no", label = { nl = "a", en = "a" } },\n{ key = "spent", kind = "table", years = 4, '
    asked += 'shown_when = { field = "any", values = ["yes"] },'
    two = WHOLE.replace('{ key = "spent", kind = "table", years = 4,', asked).replace(
        'sums = [{ field = "spent" }]', 'sums = [{ field = "spent" }, { field = "asked" }]'
    )
    form = read(two).stage("plan").form
    assert [gap.field for gap in gaps(form, {**EVEN, "any": "no"})] == ["asked"]
