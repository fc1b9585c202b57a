"""Two texts held against each other, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SAME, NEW, GONE = "same", "new", "gone"
MOST = 4_000_000
"""How many pairs of words are compared at most; texts that differ beyond that stand as a whole beside each other."""
PARTS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words that stayed, came or went."""

    status: str
    text: str


def words(before: str, after: str) -> tuple[Piece, ...]:
    """The words of two texts: which stayed, which went, which came, in the order in which one reads them."""
    if before == after:
        return (Piece(SAME, after),) if after else ()
    old, new = PARTS.findall(before), PARTS.findall(after)
    if len(old) * len(new) > MOST:
        return tuple(Piece(status, text) for status, text in ((GONE, before), (NEW, after)) if text)
    # Whether a word is followed by a blank or by the end of a line makes it no other word.
    matcher = SequenceMatcher(a=[word.rstrip() for word in old], b=[word.rstrip() for word in new], autojunk=False)
    return tuple(joined(piece for step in matcher.get_opcodes() for piece in pieces(step, old, new)))


def pieces(step: tuple[str, int, int, int, int], old: list[str], new: list[str]) -> Iterator[Piece]:
    """What one step of the comparison says of both texts."""
    tag, old_from, old_to, new_from, new_to = step
    if tag == "equal":
        yield Piece(SAME, "".join(new[new_from:new_to]))
        return
    if old_to > old_from:
        yield Piece(GONE, "".join(old[old_from:old_to]))
    if new_to > new_from:
        yield Piece(NEW, "".join(new[new_from:new_to]))


def joined(found: Iterator[Piece]) -> Iterator[Piece]:
    """Pieces of which none is empty, and a blank after a piece that went, so that two never run together."""
    for piece in found:
        if piece.text:
            yield Piece(piece.status, piece.text if piece.text[-1].isspace() or piece.status == SAME else f"{piece.text} ")
