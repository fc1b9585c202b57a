"""Money and numbers as people type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tender.schemes.figures import MOST, AnswerFault, amount, in_euros, number, written

EUROS = st.decimals(0, MOST, places=2)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1,234,567.5", "1234567.50"),
        ("€ 5.000", "5000.00"),
        ("€5.000,-", "5000.00"),
        ("5.000,--", "5000.00"),
        ("5.000 euro", "5000.00"),
        ("EUR 5000", "5000.00"),
        ("5 000", "5000.00"),
        ("5\u00a0000,5", "5000.50"),
        ("1.234.567", "1234567.00"),
        ("1.23", "1.23"),
        ("0,05", "0.05"),
        ("0", "0.00"),
        ("007", "7.00"),
        (" 12 ", "12.00"),
        (12, "12.00"),
        (12.5, "12.50"),
        (Decimal("12.5"), "12.50"),
        ("9999999999,99", "9999999999.99"),
    ],
)
def test_an_amount_is_read_as_it_was_meant(typed, value):
    assert amount(typed) == Decimal(value)
    assert str(amount(typed)) == value


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1,234", "two decimals"),
        ("0.123", "two decimals"),
        ("1234.567", "two decimals"),
        ("1.234,567", "two decimals"),
        (0.001, "two decimals"),
        ("-5", "0 or more"),
        ("−5", "0 or more"),
        ("€ -5", "0 or more"),
        (-5, "0 or more"),
        ("10000000000", "too large"),
        ("1000000000001", "too large"),
        ("1" * 30, "Fill in an amount"),
        ("5k", "Fill in an amount"),
        ("vijf", "Fill in an amount"),
        ("1.23.4", "Fill in an amount"),
        ("1,2,3", "Fill in an amount"),
        ("1.2345.678", "Fill in an amount"),
        ("5.", "Fill in an amount"),
        (",5", "Fill in an amount"),
        ("\u0665", "Fill in an amount"),
        ("1e3", "Fill in an amount"),
        ("nan", "Fill in an amount"),
        (1e22, "Fill in an amount"),
        (float("inf"), "Fill in an amount"),
        (True, "Fill in an amount"),
        ([5], "Fill in an amount"),
        ("", "Fill in an amount"),
    ],
)
def test_what_is_no_amount_says_how_to_mend_it(typed, message, en):
    with pytest.raises(AnswerFault, match=message):
        amount(typed)


def test_a_number_that_is_none_says_so(en):
    with pytest.raises(AnswerFault, match="Fill in a number"):
        number("veel")


@given(EUROS)
def test_every_amount_is_read_back_from_every_way_it_is_written(value):
    assert amount(format(value, "f")) == value
    assert amount(str(value).replace(".", ",")) == value
    assert amount(in_euros(value, "nl")) == value
    assert amount(f"€{value:,.2f}") == value
    assert number(written(value)) == value


@given(st.text())
def test_any_text_is_an_amount_or_a_fault(text):
    try:
        found = amount(text)
    except AnswerFault as fault:
        found = fault
    assert isinstance(found, AnswerFault) or (0 <= found <= MOST and found.as_tuple().exponent == -2)


@given(EUROS)
def test_a_written_number_has_no_needless_zeros(value):
    text = written(value)
    assert Decimal(text) == value
    assert not ("." in text and text.endswith("0"))


def test_amounts_for_readers():
    assert in_euros(Decimal(5000)) == "€\u00a05.000"
    assert in_euros(Decimal("1234.5"), "nl") == "€\u00a01.234,50"
    assert in_euros(Decimal("1234.5"), "en-gb") == "€1,234.50"
