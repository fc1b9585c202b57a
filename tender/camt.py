"""Reads a statement of the bank (camt.053) that may be hostile. A program of its own (`statements.py` runs it), as `opening.py` is.

It knows nothing of Django, our settings or the database, and imports nothing of ours. Whatever defines a type or an entity of its own is
refused at once; expat follows no address, and the tree has a limit on its size and depth. What comes out is JSON.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from xml.parsers import expat


class Fault(StrEnum):
    """Why a statement is not read."""

    DAMAGED = "damaged"
    BOMB = "bomb"
    DECLARES = "declares"
    OTHER = "other"
    AMOUNT = "amount"
    BALANCE = "balance"
    LACKS = "lacks"
    SLOW = "slow"
    LARGE = "large"


class Unread(Exception):
    """A fault, as said above."""


MOST_NODES: Final = 400_000
MOST_DEPTH: Final = 40
MOST_TEXT: Final = 4_000
MEMORY: Final = 1024 * 1024 * 1024
SECONDS: Final = 20
KIND: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(0[2-9]|1[0-9])")
MONEY: Final = re.compile(r"\d{1,13}(\.\d{1,2})?")
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Node:
    """One element: its name without its space, its attributes, text and children."""

    __slots__ = ("attributes", "children", "name", "space", "text")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.space, _, self.name = name.rpartition(" ")
        self.attributes, self.text, self.children = attributes, "", []  # type: ignore[var-annotated]

    def all(self, path: str) -> list[Node]:
        """The elements below this one that a path of names leads to."""
        found = [self]
        for name in path.split("/"):
            found = [child for each in found for child in each.children if child.name == name]
        return found

    def one(self, *paths: str) -> str:
        """The text at the first path that leads to any; empty where none does."""
        return next((each.text.strip() for path in paths for each in self.all(path) if each.text.strip()), "")


class Growing:
    """A tree that grows as a file is read, and stops where it becomes too large."""

    def __init__(self) -> None:
        self.top, self.counted = Node("", {}), 0
        self.path = [self.top]

    def refuse(self, *_said: Any) -> int:
        """Of a type or an entity of one's own."""
        raise Unread(Fault.DECLARES)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.counted += 1
        if self.counted > MOST_NODES or len(self.path) > MOST_DEPTH:
            raise Unread(Fault.BOMB)
        node = Node(name, attributes)
        self.path[-1].children.append(node)
        self.path.append(node)

    def end(self, _name: str) -> None:
        """An element ends."""
        self.path.pop()

    def say(self, said: str) -> None:
        """Text in an element."""
        self.path[-1].text += said
        if len(self.path[-1].text) > MOST_TEXT:
            raise Unread(Fault.BOMB)


def tree_of(content: bytes) -> Node:
    """The tree of a file. `Unread` where it is none, declares anything, or is built to grow."""
    tree, parser = Growing(), expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = tree.refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = tree.start, tree.end, tree.say
    try:
        parser.Parse(content, True)  # noqa: FBT003  expat's own way to say that this is all
    except expat.ExpatError as broken:
        raise Unread(Fault.DAMAGED) from broken
    return tree.top


def statements_in(content: bytes) -> list[dict[str, Any]]:
    """The statements of a file: account, number, moment, and what was booked, each line of it apart."""
    top = tree_of(content)
    root = top.children[0]
    if root.name != "Document" or not KIND.fullmatch(root.space):
        raise Unread(Fault.OTHER)
    found = [statement_of(each) for each in root.all("BkToCstmrStmt/Stmt")]
    if not found:
        raise Unread(Fault.LACKS)
    return found


def statement_of(node: Node) -> dict[str, Any]:
    """One statement. `Unread` where what was booked does not lead from its first balance to its last."""
    entries = [line for each in node.all("Ntry") for line in lines_of(each)]
    made = {"id": needed(node.one("Id"), 70), "iban": node.one("Acct/Id/IBAN").replace(" ", "").upper(), "made": node.one("CreDtTm")[:40]}
    balances = {each.one("Tp/CdOrPrtry/Cd"): signed(each) for each in node.all("Bal")}
    first = next((balances[code] for code in ("OPBD", "PRCD") if code in balances), None)
    if first is not None and "CLBD" in balances:
        booked = sum((signed(each) for each in node.all("Ntry") if is_booked(each)), start=Decimal(0))
        if first + booked != balances["CLBD"]:
            raise Unread(Fault.BALANCE)
    return {**made, "entries": entries}


def lines_of(entry: Node) -> list[dict[str, Any]]:
    """What one booking tells, payment by payment; a booking that tells of none is a line by itself."""
    parts = entry.all("NtryDtls/TxDtls")
    whole = money(entry.all("Amt"))
    shared: dict[str, Any] = {
        "credit": is_credit(entry), "booked": is_booked(entry), "currency": currency(entry),
        "day": day(entry.one("BookgDt/Dt", "BookgDt/DtTm")), "reference": entry.one("AcctSvcrRef", "NtryRef")[:40],
    }  # fmt: skip
    lines = []
    for part in parts:
        amounts = part.all("Amt") or part.all("AmtDtls/TxAmt/Amt") or part.all("AmtDtls/InstdAmt/Amt")
        own = money(amounts) if amounts else whole if len(parts) == 1 else None
        if own is None:
            raise Unread(Fault.LACKS)
        lines.append(
            {
                **shared, "amount": str(own), "id": part.one("Refs/EndToEndId")[:70],
                "reference": (part.one("Refs/AcctSvcrRef") or shared["reference"])[:40],
                "returned": bool(part.all("RtrInf")) or entry.one("RvslInd") == "true",
                "reason": part.one("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")[:35],
            }
        )  # fmt: skip
    if parts and sum((Decimal(line["amount"]) for line in lines), start=Decimal(0)) != whole:
        raise Unread(Fault.BALANCE)
    return lines or [{**shared, "amount": str(whole), "id": "", "returned": False, "reason": ""}]


def money(found: list[Node]) -> Decimal:
    """An amount in whole cents, never below zero."""
    said = found[0].text.strip() if found else ""
    if not MONEY.fullmatch(said):
        raise Unread(Fault.AMOUNT)
    return Decimal(said)


def signed(node: Node) -> Decimal:
    """An amount with its sign: what came in is above zero."""
    amount = money(node.all("Amt"))
    return amount if is_credit(node) else -amount


def is_credit(node: Node) -> bool:
    """Whether money came in; `Unread` where it is not said."""
    said = node.one("CdtDbtInd")
    if said not in {"CRDT", "DBIT"}:
        raise Unread(Fault.LACKS)
    return said == "CRDT"


def is_booked(node: Node) -> bool:
    """Whether the bank has booked it, and does not only expect it."""
    return node.one("Sts/Cd", "Sts") == "BOOK"


def currency(node: Node) -> str:
    """In which money."""
    return node.all("Amt")[0].attributes.get("Ccy", "")[:3]


def day(said: str) -> str:
    """The day of a booking, as written."""
    if not DAY.fullmatch(said[:10]):
        raise Unread(Fault.LACKS)
    try:
        return date.fromisoformat(said[:10]).isoformat()
    except ValueError as wrong:
        raise Unread(Fault.LACKS) from wrong


def needed(said: str, most: int) -> str:
    """What a statement cannot do without."""
    if not said or len(said) > most:
        raise Unread(Fault.LACKS)
    return said


def main() -> int:
    """Read what comes in; write what was found, or the fault."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes nowhere
    try:
        said: dict[str, Any] = {"statements": statements_in(sys.stdin.buffer.read())}
    except Unread as fault:
        said = {"fault": str(fault)}
    except (MemoryError, RecursionError):
        said = {"fault": Fault.BOMB}
    except Exception:  # noqa: BLE001  a hostile file breaks its reader in any way: then it is not read
        said = {"fault": Fault.DAMAGED}
    sys.stdout.write(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
