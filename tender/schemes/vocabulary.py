"""The words a scheme is written in: a text in two languages, and every closed list of choices."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Text:
    """One text in the two languages; prints itself in the language of the moment."""

    nl: str
    en: str

    def __str__(self) -> str:
        return self.in_language(get_language() or "nl")

    def in_language(self, language: str) -> str:
        """The text in ``language`` (``nl`` or ``en``, with or without a region); Dutch for any other."""
        return self.en if language.startswith("en") else self.nl


class FieldKind(StrEnum):
    """What a form field takes."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    YES_NO = "yes_no"
    FILE = "file"
    TABLE = "table"
    PARTNERS = "partners"
    IBAN = "iban"
    KVK = "kvk"


class Intake(StrEnum):
    """When applications come in: in a window with a closing instant, or all year in order of receipt."""

    WINDOW = "window"
    CONTINUOUS = "continuous"


class Assess(StrEnum):
    """Who scores: a seated panel, named assessors without a panel, or nobody (the earlier order holds)."""

    JURY = "jury"
    ASSESSORS = "assessors"
    NONE = "none"


class Cosign(StrEnum):
    """Whether somebody else who may sign must have signed exactly what is handed in."""

    NONE = "none"
    SECOND_SIGNER = "second_signer"


class Method(StrEnum):
    """How a ranking is made; `scoring.ranking` registers one function per name (a test holds them equal)."""

    WEIGHTED_MEAN = "weighted_mean"
    TRIMMED_MEAN = "trimmed_mean"
    SEVERITY_ADJUSTED = "severity_adjusted"
    Z_SCORE = "z_score"
    BORDA = "borda"
    SCHULZE = "schulze"
    BRADLEY_TERRY = "bradley_terry"
    EXPECTED_RANK = "expected_rank"
    PASS_FAIL = "pass_fail"  # noqa: S105  # not a password
    FIRST_COME = "first_come"
    CARRIED_OVER = "carried_over"


UNSCORED = frozenset({Method.PASS_FAIL, Method.FIRST_COME, Method.CARRIED_OVER})
"""Methods that make no total of 0 to 100; with every other one each proposal has such a total."""

COMPARING = frozenset({
    Method.SEVERITY_ADJUSTED, Method.Z_SCORE, Method.BORDA, Method.SCHULZE, Method.BRADLEY_TERRY, Method.EXPECTED_RANK,
})  # fmt: skip
"""Methods that correct for who judged, and that not every round can bear: there the weighted mean decides."""

BESIDE_TOTAL = COMPARING - {Method.SEVERITY_ADJUSTED}
"""Methods whose order need not be that of the totals."""


class Cutoff(StrEnum):
    """What happens to the application on which the ceiling falls."""

    PARTIAL = "partial"
    STOP = "stop"
    SKIP_TO_FIT = "skip_to_fit"
    PRO_RATA = "pro_rata"


class Amount(StrEnum):
    """What the winner of a stage gets: only the next stage, a flat sum, or what was asked (up to the maximum)."""

    NONE = "none"
    FLAT = "flat"
    REQUESTED = "requested"


class AidBasis(StrEnum):
    """Under which instrument of state-aid law a stage gives; `tender.state_aid` has their versions (a test holds them equal)."""

    DE_MINIMIS = "de_minimis"
    GBER = "gber"


class Due(StrEnum):
    """What makes an instalment due."""

    AWARD = "award"  # on publication (directly settled) or acceptance
    YEAR = "year"  # the start of grant year `year`
    REPORT = "report"  # the approval of report `report`
    SETTLEMENT = "settlement"


class Link(StrEnum):
    """One link of an approval chain; each is taken by a person who holds that role."""

    OFFICER = "officer"
    READER = "reader"
    CONTROLLER = "controller"
    BOARD = "board"
    SIGNATORY = "signatory"
