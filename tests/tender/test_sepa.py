"""The payment file: what a bank may read, the days on which banks work, and that it adds up."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sepaxml
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tender.sepa import (
    ID,
    STRANGE,
    Payer,
    Payment,
    Unbalanced,
    end_to_end_id,
    is_payable,
    is_target_day,
    next_target_day,
    payment_file,
    plain,
    reference,
)

AT, DAY = datetime(2026, 3, 2, 9, tzinfo=UTC), date(2026, 3, 3)
PAYER = Payer("Stichting Fonds Noord", "NL02ABNA0123456789", "ABNANL2A")


def made(*payments, payer=PAYER):
    return payment_file(payer, "B20260302-000001", AT, DAY, payments)


def one(amount="1.00", name="Jérôme Müller & Zoë Łęcka", number="MF26-0001-1-1", told="MF26-0001"):
    return Payment(number, name, "NL91ABNA0417164300", Decimal(amount), told)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Jérôme Müller", "Jerome Muller"), ("Zoë & Łęcka", "Zoe + Lecka"), ("Ålesund — ß", "Alesund -- ss"), ("a@b_c €5", "a(at)b-c EUR5"),
        ("Ивана", "Ivana"), ("<b>", "b"), ("  a \n b ", "a b"),
    ],
)  # fmt: skip
def test_what_a_bank_can_read(text, said):
    assert plain(text, 70) == said


@given(st.text(), st.integers(1, 10**9), st.integers(1, 999))
def test_a_reference_is_short_plain_and_ends_as_nothing_else_does(dossier, instalment, attempt):
    made = end_to_end_id(dossier, instalment, attempt)
    assert len(made) <= ID
    assert not STRANGE.search(made)
    assert " " not in made
    assert "//" not in made
    assert not made.startswith("/")
    assert made.endswith(f"-{instalment}-{attempt}")


def test_strokes_in_a_reference():
    assert reference("/MF//26/") == "MF/26"


def test_days_on_which_banks_work():
    closed = [date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 12, 25), date(2027, 1, 1), date(2026, 3, 7), date(2026, 3, 8)]
    assert not any(is_target_day(day) for day in closed)
    # King's Day, 5 May and Ascension are holidays here, and days on which banks work.
    assert all(is_target_day(day) for day in (date(2026, 4, 27), date(2026, 5, 5), date(2026, 5, 14)))
    assert next_target_day(date(2026, 4, 3)) == date(2026, 4, 7)


@pytest.mark.parametrize("amount", ["0", "0.00", "-1.00", "1.001", "1000000000.00", "NaN", "Infinity"])
def test_what_no_bank_pays(amount):
    assert not is_payable(Decimal(amount))
    with pytest.raises(Unbalanced):
        made(one(), one(amount, number="other"))


def test_an_empty_file_is_not_made():
    with pytest.raises(Unbalanced):
        made()


@pytest.mark.parametrize("payer", [PAYER, Payer("Fonds", "NL02ABNA0123456789")])
def test_a_file_is_as_its_schema_says(payer):
    large = one("999999999.99", name="漢字" * 60, number="B-2", told="é" * 300)
    text = made(one(), large, one("0.10", name="***", number="C-3", told=""), payer=payer)
    found = etree.fromstring(text.encode())
    schema = etree.XMLSchema(etree.parse(Path(sepaxml.__file__).parent / "schemas" / "pain.001.001.09.xsd"))
    schema.assertValid(found)
    names = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
    assert [each.text for each in found.iterfind(".//p:InstdAmt", names)] == ["1.00", "999999999.99", "0.10"]
    assert {each.get("Ccy") for each in found.iterfind(".//p:InstdAmt", names)} == {"EUR"}
    assert [each.text for each in found.iterfind(".//p:Cdtr/p:Nm", names)][::2] == ["Jerome Muller + Zoe Lecka", "-"]
    assert {each.text for each in found.iterfind(".//p:BtchBookg", names)} == {"false"}, "a statement tells of each"
    assert [each.text for each in found.iterfind(".//p:PmtInfId", names)] == [f"B20260302-000001-{n}" for n in (1, 2, 3)]
    assert found.findtext(".//p:CreDtTm", namespaces=names) == "2026-03-02T09:00:00"
    assert found.findtext(".//p:GrpHdr/p:CtrlSum", namespaces=names) == "1000000001.09"


def test_the_same_batch_makes_the_same_file():
    assert made(one(), one(number="B")) == made(one(), one(number="B"))


def test_what_is_not_as_the_schema_says_is_not_made():
    with pytest.raises(sepaxml.validation.ValidationError):
        made(one(number="x" * 36))
