"""``manage.py reliability RATINGS.csv``: how far judges agree, for any table of ratings."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from scoring.ratings import RatingsFault, read_ratings
from scoring.statistics import LEVELS, intraclass_correlation, kendall_w, krippendorff_alpha

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.management.base import CommandParser

    from scoring.statistics import Floats

FORMS = {
    "icc1": "ICC(1,1)",
    "icc2": "ICC(2,1)",
    "icc3": "ICC(3,1)",
    "icc1k": "ICC(1,k)",
    "icc2k": "ICC(2,k)",
    "icc3k": "ICC(3,k)",
}


class Command(BaseCommand):
    """Print intraclass correlation, Krippendorff's alpha and Kendall's W."""

    help = "Rows are targets, columns judges, an empty cell is missing; names in the first row or column are left out."
    requires_system_checks = ()  # it only reads a file

    def add_arguments(self, parser: CommandParser) -> None:
        """Which file, and whether for a person or a program."""
        parser.add_argument("file", metavar="RATINGS.csv")
        parser.add_argument("--json", action="store_true", help="one JSON object; null where the ratings cannot tell")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, compute and print; the exit code is 1 where the file cannot be read or says nothing about agreement."""
        try:
            ratings = read_ratings(Path(options["file"]).read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError, RatingsFault) as fault:
            raise CommandError(f"{options['file']}: {fault}", returncode=1) from fault
        figures = reliability(ratings)
        if figures["alpha"] is None:  # no two values to compare, so nothing else either
            raise CommandError(f"{options['file']}: {figures['notes'][-1]}", returncode=1)
        self.stdout.write(json.dumps(figures, indent=2) if options["json"] else "\n".join(told(figures)))


def reliability(ratings: Floats) -> dict[str, Any]:
    """All figures as plain data; ``icc``, ``alpha`` or ``w`` is None where it cannot be had, and a note says why."""
    notes: list[str] = []

    def attempt(compute: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
        try:
            return {key: _plain(value) for key, value in compute().items()}
        except ValueError as fault:
            notes.extend([str(fault)] if str(fault) not in notes else [])
            return None

    return {
        "targets": ratings.shape[0],
        "judges": ratings.shape[1],
        "icc": attempt(lambda: asdict(intraclass_correlation(ratings))),
        "alpha": attempt(lambda: {level: krippendorff_alpha(ratings, level) for level in LEVELS}),
        "w": attempt(lambda: asdict(kendall_w(ratings))),
        "notes": notes,
    }


def told(figures: dict[str, Any]) -> list[str]:
    """The figures for a person to read; two values of one target, hence an alpha, there always are."""
    lines = [f"{figures['targets']} targets, {figures['judges']} judges"]
    if icc := figures["icc"]:
        lines += [f"{name:<18}{_shown(icc[key])}" for key, name in FORMS.items()]
        lines += [f"{key.upper():<18}{_shown(icc[key])}" for key in ("bms", "wms", "jms", "ems")]
    lines += [f"{'alpha ' + level:<18}{_shown(figures['alpha'][level])}" for level in LEVELS]
    if w := figures["w"]:
        lines += [f"{'W':<18}{_shown(w['w'])}", f"{'W with ties':<18}{_shown(w['w_ties'])}"]
        lines += [f"{'chi2':<18}{_shown(w['chi2'])} (df {w['df']}, p {_shown(w['p'], 4)})"]
    return [*lines, *figures["notes"]]


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else value


def _shown(value: float | None, places: int = 3) -> str:
    return "-" if value is None else f"{value:.{places}f}"
