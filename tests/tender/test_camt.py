"""Statements of the bank: read where they are right, refused where they are hostile, changed or not ours to read."""

import subprocess

import pytest

from tender import camt as program
from tender import statements
from tender.camt import Fault, Unread, statements_in
from tender.statements import WORDS, StatementFault, because, read
from tests.factories.paying import OURS, camt

LINE = {"id": "MF-1", "amount": "12.50", "credit": False, "currency": "EUR", "status": "<Cd>BOOK</Cd>", "day": "2026-03-02", "reason": "",
        "reference": "R1"}  # fmt: skip


def line(**said):
    return {**LINE, **said}


def fault(content):
    with pytest.raises(Unread) as said:
        statements_in(content)
    return str(said.value)


def test_what_a_statement_tells():
    (found,) = statements_in(camt(line(), line(id="MF-2", credit=True, reason="AC04")))
    assert (found["iban"], found["id"]) == (OURS, "ST-1")
    paid, back = found["entries"]
    assert paid == {
        "credit": False, "booked": True, "currency": "EUR", "day": "2026-03-02", "reference": "R1", "amount": "12.50", "id": "MF-1",
        "returned": False, "reason": "",
    }  # fmt: skip
    assert (back["credit"], back["returned"], back["reason"]) == (True, True, "AC04")


def test_the_older_form_and_what_is_only_expected():
    (found,) = statements_in(camt(line(status="BOOK"), version="02"))
    assert found["entries"][0]["booked"]
    (found,) = statements_in(camt(line(status="<Cd>PDNG</Cd>"), balance="100000"))
    assert not found["entries"][0]["booked"]


def changed(before, after, **said):
    content = camt(line(), **said).decode()
    assert before in content
    return content.replace(before, after).encode()


def test_a_booking_of_many_payments():
    two = "<TxDtls><Refs><EndToEndId>A</EndToEndId></Refs>{}</TxDtls>" * 2
    own = changed("<TxDtls>", two.format('<Amt Ccy="EUR">6.25</Amt>', '<Amt Ccy="EUR">6.25</Amt>') + "<!--")
    own = own.replace(b"</TxDtls></NtryDtls>", b"--></NtryDtls>")
    assert [each["amount"] for each in statements_in(own)[0]["entries"]] == ["6.25", "6.25"]
    assert fault(own.replace(b"6.25", b"6.24")) == Fault.BALANCE
    assert fault(own.replace(b'<Amt Ccy="EUR">6.25</Amt>', b"")) == Fault.LACKS
    whole = changed("<NtryDtls>", "<!--").replace(b"</NtryDtls>", b"-->")
    assert statements_in(whole)[0]["entries"][0]["id"] == ""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", Fault.DAMAGED),
        (b"%PDF-1.7", Fault.DAMAGED),
        (camt(LINE)[:-20], Fault.DAMAGED),
        (b"<Document/>", Fault.OTHER),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>', Fault.OTHER),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>', Fault.LACKS),
        (camt(line(amount="12.505")), Fault.AMOUNT),
        (camt(line(amount="-12.50")), Fault.AMOUNT),
        (changed('<Amt Ccy="EUR">12.50', '<Amt Ccy="EUR">1e3'), Fault.AMOUNT),
        (changed('<Amt Ccy="EUR">12.50', '<Amt Ccy="EUR">9.50'), Fault.BALANCE),
        (camt(line(), balance="1.00"), Fault.BALANCE),
        (camt(line(day="2026-02-30")), Fault.LACKS),
        (camt(line(day="soon")), Fault.LACKS),
        (camt(line(), number=""), Fault.LACKS),
        (changed("DBIT", "BOTH"), Fault.LACKS),
        (camt(head='<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'), Fault.DECLARES),
        (camt(head='<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">'), Fault.DECLARES),
        (camt(head='<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), Fault.DECLARES),
        (b"<a>" * 50, Fault.BOMB),
        (b"<a>" + b"x" * 5000 + b"</a>", Fault.BOMB),
    ],
)
def test_what_is_not_read(content, why):
    assert fault(content) == why
    with pytest.raises(StatementFault) as said:
        read(content)
    assert str(said.value) == str(WORDS[why])


def test_many_elements_are_not_read(monkeypatch):
    monkeypatch.setattr(program, "MOST_NODES", 10)
    assert fault(camt(line())) == Fault.BOMB


def test_balances_that_lack_are_not_reckoned():
    assert statements_in(changed("<Cd>CLBD</Cd>", "<Cd>CLAV</Cd>", balance="1.00"))[0]["entries"]


def test_a_reader_that_falls_or_takes_too_long_is_no_harm(monkeypatch):
    def gives(code):
        return lambda *_program, **_said: subprocess.CompletedProcess([], code, b"{}", b"")

    for code, why in ((-24, Fault.SLOW), (1, Fault.DAMAGED)):
        monkeypatch.setattr(statements, "run", gives(code))
        with pytest.raises(StatementFault, match=str(WORDS[why])[:20]):
            read(b"")

    def never(*_program, **_said):
        raise subprocess.TimeoutExpired("camt", 1)

    monkeypatch.setattr(statements, "run", never)
    with pytest.raises(StatementFault, match=str(WORDS[Fault.SLOW])[:20]):
        read(b"")
    with pytest.raises(StatementFault, match="10 MB"):
        read(b"x" * (statements.MOST_BYTES + 1))


def test_a_reason_in_words():
    assert because("AC04").endswith("(AC04)")
    assert because("ZZ99").endswith("(ZZ99)")
    assert because("") == because("MS03").removesuffix(" (MS03)")
