"""The blocks of which a letter is made, between its words and its looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from reports.letters.facts import LetterFacts

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; ``strong`` where it is the decision itself, ``lines`` where the writer's own line ends are
    kept.
    """

    block: ClassVar[str] = "paragraph"
    text: str
    strong: bool = False
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of points."""

    block: ClassVar[str] = "listing"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands beside what: pairs of a label and a value."""

    block: ClassVar[str] = "figures"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: ``numbers`` says which columns are figures, and stand to the right; ``foot`` is a last row that adds
    up; ``marked`` is the row that stands out.
    """

    block: ClassVar[str] = "table"
    caption: str
    head: Row
    rows: tuple[Row, ...]
    numbers: tuple[int, ...] = ()
    foot: Row = ()
    marked: int | None = None


Block = Paragraph | Listing | Figures | Table


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it; ``annex`` starts on a page of its own, after the signature."""

    heading: str
    blocks: tuple[Block, ...]
    annex: bool = False


def section(heading: str, *blocks: Block | str | None, annex: bool = False) -> Section:
    """A section of what is there: texts become paragraphs, None and empty text fall away."""
    kept = tuple(Paragraph(block) if isinstance(block, str) else block for block in blocks if block)
    return Section(heading, kept, annex=annex)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of letter: which facts it rests on, its subject, its sections, whether it decides something, and whether it is printed
    before it is made known.
    """

    name: str
    facts: type[LetterFacts]
    subject: Callable[..., str]
    write: Callable[..., list[Section]]
    decides: bool = True
    planned: bool = True
