"""What differs between two forms filled in, for a reader: question by question, words by words, rows by their name.

Pure: it looks at what somebody may read already (`readout`), so whatever is kept from them there cannot appear here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tender.word_by_word import GONE, NEW, SAME, Piece, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tender.readout import Block, Line

CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: as a whole new or gone, or the same row with cells that changed. Each cell is a run of pieces under its head."""

    status: str
    cells: tuple[tuple[str, tuple[Piece, ...]], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One question in both forms, or in one of them."""

    key: str
    label: str
    status: str
    pieces: tuple[Piece, ...] = ()
    rows: tuple[Row, ...] = ()
    files: tuple[tuple[str, Mapping[str, object]], ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One section with what differs in it."""

    label: str
    differences: list[Difference] = field(default_factory=list)

    @property
    def stayed(self) -> int:
        """How many questions have the same answer."""
        return sum(each.status == SAME for each in self.differences)

    @property
    def moved(self) -> list[Difference]:
        """The questions whose answers differ."""
        return [each for each in self.differences if each.status != SAME]


def differences(before: Sequence[Block], after: Sequence[Block]) -> list[Part]:
    """The later form section by section, each question held against the one of the same key; what it no longer asks comes last, under the
    section it stood in."""
    earlier = {line.key: line for block in before for line in block.lines}
    later = {line.key for block in after for line in block.lines}
    parts = [Part(block.label, [compared(earlier.get(line.key), line) for line in block.lines]) for block in after]
    for block in before:
        left = [compared(line, None) for line in block.lines if line.key not in later and not line.empty]
        if left:
            parts.append(Part(block.label, left))
    return parts


def compared(before: Line | None, after: Line | None) -> Difference:
    """One question: how its answer went from before to after."""
    line = after or before
    assert line is not None  # noqa: S101  one of the two is there
    old, new = filled(before), filled(after)
    status = CHANGED
    if old is None and new is not None:
        status = NEW
    elif new is None and old is not None:
        status = GONE
    found = Difference(line.key, line.label, status, words(text_of(old), text_of(new)), tuple(rows(old, new)), tuple(files(old, new)))
    if same(found):
        return Difference(line.key, line.label, SAME, found.pieces, found.rows, found.files)
    return found


def filled(line: Line | None) -> Line | None:
    """A question that was answered."""
    return None if line is None or line.empty else line


def text_of(line: Line | None) -> str:
    """The answer in words."""
    return line.text if line is not None else ""


def same(found: Difference) -> bool:
    """Whether nothing of an answer came or went."""
    statuses = {piece.status for piece in found.pieces} | {row.status for row in found.rows} | {status for status, _file in found.files}
    return statuses <= {SAME}


# ── rows ──────────────────────────────────────────────────────────────────────────────────────────────────────
def rows(before: Line | None, after: Line | None) -> Iterator[Row]:
    """The rows of a table as they are now, each held against the one of the same name before; then those that went."""
    heads_then, heads_now = before.heads if before else (), after.heads if after else ()
    waiting: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for row in before.rows if before else ():
        waiting[name_of(row)].append(row)
    for row in after.rows if after else ():
        then = waiting[name_of(row)]
        yield (
            held_against(dict(zip(heads_then, then.pop(0), strict=False)), dict(zip(heads_now, row, strict=False)))
            if then
            else whole(NEW, heads_now, row)
        )
    for left in waiting.values():
        for row in left:
            yield whole(GONE, heads_then, row)


def name_of(row: tuple[str, ...]) -> str:
    """What a row is known by: its first cell that says something."""
    return next((cell.strip().casefold() for cell in row if cell.strip()), "")


def held_against(before: dict[str, str], after: dict[str, str]) -> Row:
    """A row that was there before: its cells under their heads, those of before that have no place now at the end."""
    heads = [*after, *(head for head in before if head not in after)]
    cells = tuple((head, cell_of(before.get(head, ""), after.get(head, ""))) for head in heads)
    moved = any(piece.status != SAME for _head, run in cells for piece in run)
    return Row(CHANGED if moved else SAME, cells)


def cell_of(before: str, after: str) -> tuple[Piece, ...]:
    """A cell is short: it stayed, or the whole of it went and came."""
    if before == after:
        return (Piece(SAME, after),) if after else ()
    return tuple(Piece(status, text) for status, text in ((GONE, before), (NEW, after)) if text)


def whole(status: str, heads: tuple[str, ...], row: tuple[str, ...]) -> Row:
    """A row that came or went as a whole."""
    return Row(status, tuple((head, (Piece(status, cell),) if cell else ()) for head, cell in zip(heads, row, strict=False)))


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────
def files(before: Line | None, after: Line | None) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The files now, and those that went; a file is the same by what is in it."""
    old, new = before.files if before else (), after.files if after else ()
    for each in new:
        yield SAME if marks(each) in map(marks, old) else NEW, each
    for each in old:
        if marks(each) not in map(marks, new):
            yield GONE, each


def marks(file: Mapping[str, object]) -> object:
    """What a file is known by: the hash of its content, or its number where no hash was kept."""
    return file.get("sha256") or file.get("document")
