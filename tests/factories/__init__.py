"""Data for tests, made through the same door as everybody's: legal by construction."""

from tests.factories.answers import answers_for
from tests.factories.files import film_file, jpeg_file, pdf_file, png_file
from tests.factories.people import House, applicant, house, person
from tests.factories.rounds import (
    Round,
    assign,
    clock,
    close,
    consents,
    council,
    decide,
    decide_round,
    declare,
    deliver,
    dossier,
    fill_report,
    open_call,
    pay,
    publish,
    score,
    screen,
    seat,
    sign_advice,
    submitted,
    variant,
)

__all__ = [
    "House", "Round", "answers_for", "applicant", "assign", "clock", "close", "consents", "council", "decide", "decide_round", "declare",
    "deliver", "dossier", "fill_report", "film_file", "house", "jpeg_file", "open_call", "pay", "pdf_file", "person", "png_file", "publish",
    "score", "screen", "seat", "sign_advice", "submitted", "variant",
]  # fmt: skip
