"""A text for a letter as an administrator may save it: plain words and declared merge fields, and nothing that a letter cannot hold.

Pure. What passes here can be printed, whatever the letter: there is no code in it, no field that the kind does not declare, no sign that
the letter's typeface lacks, and it is no longer than a letter bears.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tender.schemes.checks.letters import FIELD_FITS, KIND_FITS, KINDS, NO_DECISION
from tender.schemes.definition import FieldKind
from tender.schemes.merge import ANSWERS, MERGE_FIELDS, PLACEHOLDER, fields_in, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tender.schemes.definition import Stage

LANGUAGES = ("nl", "en")
MOST = {"subject": 150, "opening": 2_000, "body": 6_000, "closing": 2_000}
"""How many characters each part may have."""
MOST_FIELDS = 40
LONGEST_WORD = 60
SIGNS = frozenset(
    map(chr, (*range(0x20, 0x7F), *range(0xA0, 0xAD), *range(0xAE, 0x180), *range(0x218, 0x21C), 0x2013, 0x2014, 0x2018, 0x2019, 0x201A,
              0x201C, 0x201D, 0x201E, 0x2020, 0x2022, 0x2026, 0x2032, 0x2033, 0x2039, 0x203A, 0x20AC, 0x2122, 0x2212))
)  # fmt: skip
"""What the letter's typeface has a form for, of what texts in Europe's Latin languages need. It holds nothing unseen."""
LIKE = str.maketrans({"\t": " ", "\u2009": " ", "\u200a": " ", "\u202f": "\xa0", "\u2010": "-", "\u2011": "-", "\xad": None})
"""What word processors put in, and what stands for it here."""
LINES = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class TextFault:
    """What is wrong: in which part, on which line (from 1; 0 for the part as a whole), in words with how to mend it."""

    part: str
    line: int
    said: str

    def __str__(self) -> str:
        return _("Line %(line)s: %(said)s") % {"line": self.line, "said": self.said} if self.line else self.said


def tidied(text: str) -> str:
    """The text as it is kept: one way to end a line, no blanks at the ends, letters with their accents as one sign."""
    lines = LINES.sub("\n", unicodedata.normalize("NFC", text.translate(LIKE))).split("\n")
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip(" \xa0") for line in lines).strip("\n"))


def paragraphs(text: str) -> tuple[str, ...]:
    """Its paragraphs: a blank line stands between two."""
    return tuple(part for part in re.split(r"\n{2,}", text) if part)


def known_fields(stage: Stage, kind: str) -> dict[str, str]:
    """The merge fields that may stand in a letter of ``kind`` at a stage, each with what it is."""
    declared = fields_of(kind)
    found = {
        name: _(meaning)
        for name, meaning in MERGE_FIELDS.items()
        if name in declared and not (name == "objection_until" and kind in NO_DECISION)
        if name not in FIELD_FITS or FIELD_FITS[name][0](stage)
    }
    asked = {
        f"{ANSWERS}{field.key}": _("The answer to “%(question)s”.") % {"question": field.label}
        for field in stage.form.fields()
        if field.kind != FieldKind.FILE
    }
    return {**found, **asked}


def can_go_out(stage: Stage, kind: str) -> bool:
    """Whether a stage has letters of ``kind`` at all."""
    return kind in KINDS and (kind not in KIND_FITS or KIND_FITS[kind][0](stage))


def faults(stage: Stage, kind: str, parts: Mapping[str, str]) -> list[TextFault]:
    """Everything that stops these parts (tidied already) from being the text of a letter of ``kind`` at a stage."""
    known = known_fields(stage, kind)
    found = [fault for part, most in MOST.items() for fault in _part(part, parts.get(part, ""), most, known)]
    number = sum(len(PLACEHOLDER.findall(parts.get(part, ""))) for part in MOST)
    if number > MOST_FIELDS:
        said = _("There are %(number)s merge fields in this text; %(most)s is the most.") % {"number": number, "most": MOST_FIELDS}
        found.append(TextFault("body", 0, said))
    return found


def _part(part: str, text: str, most: int, known: Mapping[str, str]) -> Iterator[TextFault]:
    if len(text) > most:
        said = _("This is %(length)s characters long; %(most)s is the most.") % {"length": len(text), "most": most}
        yield TextFault(part, 0, said)
        return
    lines = text.split("\n")
    if part == "subject" and len(lines) > 1:
        yield TextFault(part, 0, _("A subject is one line."))
    for number, line in enumerate(lines, start=1):
        yield from (TextFault(part, number, said) for said in _line(line, known))


def _line(line: str, known: Mapping[str, str]) -> Iterator[str]:
    if strange := dict.fromkeys(sign for sign in line if sign not in SIGNS):
        shown = ", ".join(f"{sign} (U+{ord(sign):04X})" if sign.isprintable() else f"U+{ord(sign):04X}" for sign in strange)
        yield _("a letter cannot hold this sign: %(signs)s. Take it out.") % {"signs": shown}
    rest = PLACEHOLDER.sub("", line)
    if (at := next((place for place, sign in enumerate(rest) if sign in "{}"), None)) is not None:
        near = rest[max(0, at - 12) : at + 13].strip()
        yield _("a brace stands alone near “%(near)s”. A merge field is written as {title}, with one brace at each end.") % {"near": near}
    if long := next((word for word in rest.split() if len(word) > LONGEST_WORD), None):
        yield _("“%(word)s…” is too long for a line of a letter.") % {"word": long[:20]}
    for name in fields_in(line):
        if name not in known:
            yield _unknown(name, known)


def _unknown(name: str, known: Mapping[str, str]) -> str:
    shown = name if len(name) <= LONGEST_WORD else name[:LONGEST_WORD] + "…"
    # Somebody writes blanks, capitals or what they would call it themselves.
    near = get_close_matches(name.strip().lower().replace(" ", "_")[:LONGEST_WORD], known, n=1, cutoff=0.5)
    if name in MERGE_FIELDS:
        said = _("{%(name)s} has no value in this letter.") % {"name": shown}
    else:
        said = _("{%(name)s} is not a merge field.") % {"name": shown}
    return (
        f"{said} {_('Did you mean {%(name)s}?') % {'name': near[0]}}" if near else f"{said} {_('The list on this page has all there are.')}"
    )
