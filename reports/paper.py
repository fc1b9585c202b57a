"""What goes by post as one file: before each letter a sheet whose address stands in the window of an envelope.

The window. An A4 folded once goes into a C5 envelope (162 × 229 mm), folded twice into an EA5/6 or DL (110 × 220 mm). With the
window on the left, all of them begin it 20 mm from the left and show at least what lies between 50 and 76 mm from the top of the sheet,
however far the paper slides: there the address stands (`letter.css`, `.window`). Nothing else does.
"""

from __future__ import annotations

import logging
from io import BytesIO
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from reports.letters import words
from reports.letters.gathering import sender_of
from reports.letters.printing import press
from tender.calendar import amsterdam_day
from tender.models import Application
from workflows.paper import UNPRINTABLE, stored

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from reports.letters.facts import Sender
    from workflows.models import Letter
    from workflows.paper import Piece

log = logging.getLogger(__name__)

MOST = 100
"""How many go in one file."""


def print_pieces(pieces: Sequence[Piece], at: datetime) -> tuple[bytes, list[Piece]]:
    """The file for these pieces, each with its sheet first; each begins on a leaf of its own where both sides are printed. And those that
    could not be put in: in the place of each is a sheet for who prints, without an address, that says so. They hold up no other."""
    cases = Application.objects.filter(reference__in={piece.reference for piece in pieces}).select_related("call__version", "applicant")
    schemes = {case.reference: case.call.definition for case in cases}
    out, lacking = PdfWriter(), []
    for piece in pieces:
        letter = read(piece.letter) if piece.letter is not None else None
        if piece.letter is not None and letter is None:
            lacking.append(piece)
            out.append(PdfReader(BytesIO(instead(piece, at))))
        else:
            pages = len(letter.pages) if letter is not None else 0
            out.append(PdfReader(BytesIO(cover(piece, sender_of(schemes[piece.reference], piece.language), pages, at))))
        if letter is not None:
            out.add_blank_page()  # the back of the sheet with the address: the letter begins on paper of its own
            for page in letter.pages:
                out.add_page(page)
        if len(out.pages) % 2:
            out.add_blank_page()
    whole = BytesIO()
    out.write(whole)
    return whole.getvalue(), lacking


def read(letter: Letter) -> PdfWriter | None:
    """The pages of a stored letter, all of them looked at; None where that cannot be, which is in the log."""
    data = stored(letter)
    if data is None:
        return None
    try:
        return PdfWriter(clone_from=PdfReader(BytesIO(data)))
    except PyPdfError:
        log.exception("Letter %s cannot be printed: its file %s is no PDF that can be read", letter.pk, letter.file.name)
        return None


def instead(piece: Piece, at: datetime) -> bytes:
    """The sheet in the place of a letter that could not be put in, in the language of who prints."""
    pdf, _pages = press(render_to_string("reports/paper_instead.html", {"piece": piece, "at": at, "unprintable": UNPRINTABLE}))
    return pdf


def cover(piece: Piece, sender: Sender, pages: int, at: datetime) -> bytes:
    """The sheet with the address in the window."""
    english = piece.language.startswith("en")
    context = {
        "piece": piece, "sender": sender, "pages": pages, "english": english,
        "day": words.day(amsterdam_day(at), piece.language), "placed": words.day(amsterdam_day(piece.placed), piece.language),
    }  # fmt: skip
    pdf, _pages = press(render_to_string("reports/paper.html", context))
    return pdf
