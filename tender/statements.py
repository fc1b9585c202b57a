"""A statement of the bank as the house reads it: opened by `camt.py` in a process of its own, refused in words that say what to do."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from tender import camt
from tender.camt import Fault
from tender.confined import SECONDS, TIME_WAS_UP, run

PROGRAM: Final = str(Path(camt.__file__))
MOST_BYTES: Final = 10 * 1024 * 1024

WORDS = {
    Fault.DAMAGED: _("This is no XML, or it is damaged: download the statement from the bank again."),
    Fault.BOMB: _("This file is built to grow or to stall its reader, so it was not read. Download the statement from the bank again."),
    Fault.DECLARES: _("This file defines types or entities of its own, as no statement of a bank does, so it was not read."),
    Fault.OTHER: _("This is no bank statement in the form camt.053: choose that form when you download it at the bank."),
    Fault.AMOUNT: _("An amount in this file is not in euros and cents, so nothing of it was read: ask the bank for a new statement."),
    Fault.BALANCE: _("The bookings in this file do not add up to its balances: it is not whole, or somebody changed it. Download it again."),
    Fault.LACKS: _("This statement lacks what it needs (a number, a day, or whether money came in): ask the bank for a new statement."),
    Fault.SLOW: _("This file takes too long to read: download a shorter period."),
    Fault.LARGE: _("This file is larger than 10 MB: download a shorter period."),
}
TOO_LARGE = WORDS[Fault.LARGE]

REASONS = {
    "AC01": _("the account number is not right"),
    "AC03": _("the account number is not right"),
    "AC04": _("the account is closed"),
    "AC06": _("the account is blocked"),
    "AG01": _("the account takes no transfers"),
    "AM05": _("it was paid twice"),
    "BE04": _("the address of the receiver lacks"),
    "CNOR": _("the bank of the receiver is not known"),
    "DNOR": _("our bank is not known to the other"),
    "FOCR": _("it was called back"),
    "MD07": _("the holder of the account has died"),
    "MS02": _("the receiver refused it"),
    "MS03": _("the bank gave no reason"),
    "RC01": _("the code of the bank is not right"),
    "RR04": _("the bank needs more for the law"),
    "TM01": _("it came too late in the day"),
}
"""Why a bank returns a payment, by its code (ISO 20022 external codes)."""


class StatementFault(Exception):
    """A file that is not read; in words."""


def read(content: bytes) -> list[dict[str, Any]]:
    """The statements in a file: see `camt.statements_in`. Errors: `StatementFault`, with what is wrong."""
    if len(content) > MOST_BYTES:
        raise StatementFault(TOO_LARGE)
    try:
        done = run(PROGRAM, content=content, seconds=SECONDS)
    except TimeoutExpired as slow:
        raise StatementFault(WORDS[Fault.SLOW]) from slow
    if done.returncode:
        raise StatementFault(WORDS[Fault.SLOW if done.returncode in TIME_WAS_UP else Fault.DAMAGED])
    said = json.loads(done.stdout)
    if "fault" in said:
        raise StatementFault(WORDS[Fault(said["fault"])])
    found: list[dict[str, Any]] = said["statements"]
    return found


def because(code: str) -> str:
    """Why the bank returned a payment, in words, with its code."""
    words = REASONS.get(code, _("the bank names another reason"))
    return f"{words} ({code})" if code else str(REASONS["MS03"])
