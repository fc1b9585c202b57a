"""A table of ratings out of a CSV file: rows targets, columns judges, an empty cell missing. Pure."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scoring.statistics import Floats


class RatingsFault(ValueError):
    """What is wrong with the file, with its line and column."""


def read_ratings(text: str) -> Floats:
    """The ratings in ``text``: float (targets, judges), nan = missing.

    Commas, semicolons or tabs part the cells; with the latter two a decimal comma is understood. A first line of
    names and a first column of names may be there and are left out; a blank line too.
    Errors: `RatingsFault` for a cell that is no number, lines of different length, or no ratings at all.
    """
    delimiter = next((mark for mark in ";\t" if mark in text), ",")
    lines = [(number, line) for number, line in _lines(text, delimiter) if line]
    if not lines:
        raise RatingsFault("There are no ratings in it.")
    width = len(lines[0][1])
    for number, line in lines:
        if len(line) != width:
            raise RatingsFault(f"line {number}: {len(line)} cells, where the first line has {width}")
    decimal = "," if delimiter != "," else "."
    first = 1 if any(_is_name(line[0], decimal) for _, line in lines[1:]) else 0
    if any(_is_name(cell, decimal) for cell in lines[0][1][first:]):
        del lines[0]
    rows = [
        [_number(cell, decimal, f"line {number}, column {first + 1 + index}") for index, cell in enumerate(line[first:])]
        for number, line in lines
    ]
    return np.array(rows, dtype=np.float64).reshape(len(rows), width - first)


def _lines(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    return [(reader.line_num, [cell.strip() for cell in line]) for line in reader]


def _is_name(cell: str, decimal: str) -> bool:
    try:
        _number(cell, decimal, "")
    except RatingsFault:
        return True
    return False


def _number(cell: str, decimal: str, where: str) -> float:
    try:
        value = float(cell.replace(decimal, ".")) if cell else math.nan
    except ValueError:
        value = math.inf
    if math.isinf(value):
        raise RatingsFault(f"{where}: '{cell}' is not a number; leave a missing rating empty")
    return value
