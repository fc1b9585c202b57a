"""What goes by post as one file: before each letter a sheet whose address stands in the window of an envelope.

The window. An A4 folded once goes into a C5 envelope (162 × 229 mm), folded twice into an EA5/6 or DL (110 × 220 mm). With the
window on the left, all of them begin it 20 mm from the left and show at least what lies between 50 and 76 mm from the top of the sheet,
however far the paper slides: there the address stands (`letter.css`, `.window`). Nothing else does.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from pypdf import PdfReader, PdfWriter

from reports.letters import words
from reports.letters.gathering import sender_of
from reports.letters.printing import press
from tender.calendar import amsterdam_day
from tender.models import Application

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from reports.letters.facts import Sender
    from workflows.paper import Piece

MOST = 100
"""How many go in one file."""


def print_pieces(pieces: Sequence[Piece], at: datetime) -> bytes:
    """The file for these pieces, each with its sheet first; each begins on a leaf of its own where both sides are printed."""
    cases = Application.objects.filter(reference__in={piece.reference for piece in pieces}).select_related("call__version", "applicant")
    schemes = {case.reference: case.call.definition for case in cases}
    out = PdfWriter()
    for piece in pieces:
        letter = read(piece)
        pages = len(letter.pages) if letter is not None else 0
        sheet = PdfReader(BytesIO(cover(piece, sender_of(schemes[piece.reference], piece.language), pages, at)))
        out.append(sheet)
        if letter is not None:
            out.add_blank_page()  # the back of the sheet with the address: the letter begins on paper of its own
            for page in letter.pages:
                out.add_page(page)
        if len(out.pages) % 2:
            out.add_blank_page()
    whole = BytesIO()
    out.write(whole)
    return whole.getvalue()


def read(piece: Piece) -> PdfReader | None:
    """The stored letter; None where what is sent has none."""
    if piece.letter is None:
        return None
    with piece.letter.file.open("rb") as file:
        return PdfReader(BytesIO(file.read()))


def cover(piece: Piece, sender: Sender, pages: int, at: datetime) -> bytes:
    """The sheet with the address in the window."""
    english = piece.language.startswith("en")
    context = {
        "piece": piece, "sender": sender, "pages": pages, "english": english,
        "day": words.day(amsterdam_day(at), piece.language), "placed": words.day(amsterdam_day(piece.placed), piece.language),
    }  # fmt: skip
    pdf, _pages = press(render_to_string("reports/paper.html", context))
    return pdf
