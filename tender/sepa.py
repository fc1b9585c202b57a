"""The payment file (pain.001.001.09): what the bank may read, the days on which it works, the file itself. No database, no clock."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import holidays
from sepaxml import SepaTransfer
from text_unidecode import unidecode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

SCHEMA: Final = "pain.001.001.09"
ID: Final = 35
NAME: Final = 70
TOLD: Final = 140
"""How many characters a reference, a name, and what is told to the receiver may have."""
MOST: Final = Decimal("999999999.99")
STRANGE: Final = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
"""Whatever is not in the character set that all banks take (EPC217-08)."""
WORDS: Final = {"&": "+", "@": "(at)", "_": "-", "€": "EUR"}
WEEKEND: Final = 5


class Unbalanced(Exception):
    """The file does not hold what it should; nothing is sent."""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment in the file: to whom, how much, and the words that go along."""

    end_to_end_id: str
    name: str
    iban: str
    amount: Decimal
    told: str


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays, from which account."""

    name: str
    iban: str
    bic: str = ""


def plain(text: str, most: int) -> str:
    """``text`` in the characters that every bank takes: accents dropped, what is strange left out, at most so many characters."""
    for sign, word in WORDS.items():
        text = text.replace(sign, word)
    return " ".join(STRANGE.sub(" ", unidecode(text)).split())[:most].strip()


def reference(text: str, most: int = ID) -> str:
    """``text`` as a reference: as `plain`, without spaces, and without a stroke at its ends or twice (the banks' rule)."""
    return re.sub(r"/+", "/", plain(text, 4 * most).replace(" ", "")).strip("/")[:most].strip("/")


def end_to_end_id(dossier: str, instalment: int, attempt: int) -> str:
    """By which the bank tells us what became of a payment: the dossier, and a tail that nothing else has."""
    tail = f"-{instalment}-{attempt}"
    return reference(dossier, ID - len(tail)) + tail


@lru_cache(maxsize=64)
def closed_days(year: int) -> frozenset[date]:
    """The days of ``year``, beside weekends, on which the banks of Europe do not settle (TARGET)."""
    return frozenset(holidays.financial_holidays("XECB", years=year))


def is_target_day(day: date) -> bool:
    """Whether the banks settle payments on ``day``."""
    return day.weekday() < WEEKEND and day not in closed_days(day.year)


def next_target_day(day: date) -> date:
    """``day`` itself if the banks settle on it, else the first such day after it."""
    while not is_target_day(day):
        day += timedelta(days=1)
    return day


def is_payable(amount: Decimal) -> bool:
    """Whether ``amount`` can be paid: more than nothing, in whole cents, and what a bank still takes."""
    return amount.is_finite() and 0 < amount <= MOST and amount == round(amount, 2)


class Transfer(SepaTransfer):  # type: ignore[misc]  # sepaxml has no types
    """`sepaxml`'s file, with the names and the moment that we give it, so that the same batch is told the same twice."""

    def __init__(self, payer: Payer, message_id: str, at: datetime) -> None:
        self.ours, self.moment = message_id, at
        # One booking per payment: a statement then tells of each, and not of the whole only.
        config = {"name": plain(payer.name, NAME), "IBAN": payer.iban, "currency": "EUR", "batch": False}
        super().__init__({**config, "BIC": payer.bic} if payer.bic else config, schema=SCHEMA, clean=False)

    def _create_header(self) -> None:
        super()._create_header()
        head = self._xml.find("CstmrCdtTrfInitn/GrpHdr")
        head.find("MsgId").text = self.ours
        head.find("CreDtTm").text = self.moment.strftime("%Y-%m-%dT%H:%M:%S")

    def number_parts(self) -> None:
        """Each part of the file by its place, where the library would draw a lot."""
        for number, part in enumerate(self._xml.iter("PmtInfId"), start=1):
            part.text = f"{self.ours}-{number}"

    def counted(self) -> tuple[int, Decimal]:
        """How many payments the file holds, and what they come to: added up from the file itself."""
        amounts = [Decimal(each.text) for each in self._xml.iter("InstdAmt")]
        return len(amounts), sum(amounts, start=Decimal(0))


def payment_file(payer: Payer, message_id: str, at: datetime, execute_on: date, payments: Iterable[Payment]) -> str:
    """The file, checked against its schema. ``at`` is a moment in the time of the house.

    Errors: `Unbalanced` where an amount cannot be paid, or the file does not add up to the payments.
    """
    made, payments = Transfer(payer, message_id, at), list(payments)
    for each in payments:
        if not is_payable(each.amount):
            raise Unbalanced(each.end_to_end_id)
        made.add_payment(
            {
                "name": plain(each.name, NAME) or "-", "IBAN": each.iban, "amount": int(each.amount * 100), "execution_date": execute_on,
                "description": plain(each.told, TOLD) or each.end_to_end_id, "endtoend_id": each.end_to_end_id,
            }
        )  # fmt: skip
    made.number_parts()
    if made.counted() != (len(payments), sum((each.amount for each in payments), start=Decimal(0))) or not payments:
        raise Unbalanced(message_id)
    return str(made.export(validate=True).decode())
