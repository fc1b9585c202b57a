"""What a funding scheme is, once read: frozen, typed, complete. `loader` reads and checks the TOML.

A scheme is data. Nothing here, and nothing that reads this, knows the name of any scheme.
Money is ``Decimal`` euros with two places; weights are ``Decimal`` and sum to 1; shares lie in 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from tender.schemes.form import Column, Condition, Eligibility, Field, Form, Option, Section
from tender.schemes.vocabulary import Amount, Assess, Cutoff, Due, FieldKind, Intake, Link, Method, Text

__all__ = [
    "Amount",
    "Anchor",
    "Assess",
    "Body",
    "Check",
    "Column",
    "Condition",
    "Consortium",
    "Criterion",
    "Cutoff",
    "Due",
    "Eligibility",
    "Field",
    "FieldKind",
    "Form",
    "GrantTerms",
    "InstalmentTerm",
    "Intake",
    "LetterText",
    "Link",
    "Method",
    "Network",
    "Option",
    "Question",
    "Quorum",
    "ReportTerm",
    "Reserve",
    "Rubric",
    "Scheme",
    "Section",
    "Selection",
    "Stage",
    "Terms",
    "Text",
    "Window",
]


@dataclass(frozen=True, slots=True)
class Question:
    """What a juror answers; the questions of a criterion share its weight equally."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a mark means."""

    mark: Decimal
    label: Text


@dataclass(frozen=True, slots=True)
class Criterion:
    """One ground of judgement. ``floor`` is on the 0..100 scale."""

    key: str
    label: Text
    help: Text | None
    weight: Decimal
    floor: Decimal | None
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """The scoring form: marks run from minimum to maximum in steps."""

    minimum: Decimal
    maximum: Decimal
    step: Decimal
    criteria: tuple[Criterion, ...]
    anchors: tuple[Anchor, ...] = ()


def part_of(number: int, share: Decimal) -> int:
    """This share of a number, rounded up; a share as short as 0.6667 is two thirds, and not one more."""
    return ceil(share * number - share / 1000)


@dataclass(frozen=True, slots=True)
class Quorum:
    """Sheets needed per application: ``sheets`` or more (all assigned, if fewer), and this share of those assigned.

    ``present``: of the members without an interest, the share that must be in the meeting, and in the room for an application.
    """

    sheets: int = 3
    share: Decimal = Decimal("0.6667")
    present: Decimal = Decimal("0.6667")

    def sheets_of(self, assigned: int) -> int:
        """How many of the sheets ``assigned`` to an application must be in; one at least."""
        return max(1, min(self.sheets, assigned), part_of(assigned, self.share))

    def members_of(self, free: int) -> int:
        """How many of the members ``free`` of an interest must be there; one at least."""
        return max(1, part_of(free, self.present))


@dataclass(frozen=True, slots=True)
class Reserve:
    """A reserve list: how many places, and how long one is valid."""

    places: int
    weeks: int


@dataclass(frozen=True, slots=True)
class Selection:
    """The rule that turns a ranking into a selection. Floors are on the 0..100 scale (a criterion's is in the rubric).

    ``aim``/``most``: take ``aim``; everybody tied with the last of them on total and tie-break criteria comes in too if
    that makes at most ``most``, else the lottery decides. ``meeting_fixes = (low, high)``: the meeting fixes the number
    before ranking. ``tie_break``: criterion keys, then the word ``lottery``. ``trim``: for ``trimmed_mean``, the share of
    the jurors (under a half) whose marks on a criterion are left out at each end.
    """

    method: Method
    floor: Decimal | None = None
    aim: int | None = None
    most: int | None = None
    meeting_fixes: tuple[int, int] | None = None
    within_ceiling: bool = True
    cutoff: Cutoff = Cutoff.PARTIAL
    tie_break: tuple[str, ...] = ("lottery",)
    trim: Decimal | None = None
    passes_needed: int | None = None
    reserve: Reserve | None = None


@dataclass(frozen=True, slots=True)
class InstalmentTerm:
    """One payment of a grant: its share of the amount and what makes it due."""

    key: str
    label: Text
    share: Decimal
    due: Due
    year: int | None = None
    report: str | None = None


@dataclass(frozen=True, slots=True)
class ReportTerm:
    """One report the grantee owes: asked ``months`` after the award (or at the end of the period for the final one)."""

    key: str
    label: Text
    months: int
    final: bool
    form: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class GrantTerms:
    """What the winner of a stage gets, how it is paid, and what is owed in return."""

    amount: Amount
    flat: Decimal | None = None
    maximum: Decimal | None = None
    years: tuple[int, int] | None = None  # the shortest and longest period; None: within one year
    directly_settled: bool = False
    accept_weeks: int = 6
    instalments: tuple[InstalmentTerm, ...] = ()
    reports: tuple[ReportTerm, ...] = ()
    obligations: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """The stage's terms. ``decision_weeks`` is statutory; ``promise_working_days`` is promised beside it."""

    decision_weeks: int
    repair_days: int = 14
    promise_working_days: int | None = None
    next_stage_weeks: int | None = None  # how long a winner has for the next form, if in a personal window


@dataclass(frozen=True, slots=True)
class Window:
    """The default window, in days from the opening of the call; a call may move it. Windows may not overlap."""

    opens_day: int
    closes_day: int


@dataclass(frozen=True, slots=True)
class Consortium:
    """Who must be in it: by sector (``creative``, ``theme``, ``education`` …) or helix role (`partners` has the words).

    Each of ``sectors`` at least once, and at least one of ``one_of`` where that is not empty.
    """

    minimum: int
    sectors: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the officer's screening checklist."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class LetterText:
    """The scheme's own words in a letter of one kind; ``uses`` names the form fields that the letter needs.

    In subject and paragraphs ``{merge}`` fields may stand (`merge` knows them).
    """

    kind: str
    subject: Text
    paragraphs: tuple[Text, ...]
    uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the ladder."""

    key: str
    label: Text
    summary: Text
    intake: Intake
    assess: Assess
    assessors: int  # sheets per application; 0 = every unconflicted member of the panel
    ceiling_share: Decimal | None  # suggested share of the call's ceiling; None: the stage gives no money
    window: Window | None  # None: continuous
    form: Form
    checklist: tuple[Check, ...]
    rubric: Rubric | None
    quorum: Quorum
    selection: Selection
    grant: GrantTerms
    terms: Terms
    chain: tuple[Link, ...]  # at least two; ends with the signatory
    letters: tuple[LetterText, ...]
    meeting: bool = False  # a sitting of the panel with minutes stands between scoring and ranking
    coach_intake: bool = False
    pitch: bool = False
    blind: bool = False
    consortium: Consortium | None = None
    state_aid: bool = False  # a de-minimis declaration is part of the form and checked
    then: str | None = None  # key of the next stage

    def letter(self, kind: str) -> LetterText | None:
        """The scheme's text for letters of ``kind``, if it has one of its own."""
        return next((text for text in self.letters if text.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Body:
    """The authority that decides."""

    name: Text
    city: str
    address: str
    email: str
    signed_by: Text  # "Namens ..., " under mandate


@dataclass(frozen=True, slots=True)
class Network:
    """A circle of people that a member of the panel stands for."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme as published: the whole of its rules."""

    key: str
    prefix: str  # of reference numbers: "CX"
    title: Text
    summary: Text
    legal_basis: Text
    audience: Text
    body: Body
    objection_to: Text
    stages: tuple[Stage, ...]
    natural_persons: bool = False  # a person without an organisation may apply
    one_per_applicant: bool = False
    recuse_whole_round: bool = True
    networks: tuple[Network, ...] = ()  # those a panel should represent

    @property
    def themes(self) -> tuple[Option, ...]:
        """The themes that a form of some stage lets choose from, each once."""
        found = {option.value: option for stage in self.stages for option in stage.form.themes}
        return tuple(found.values())

    def stage(self, key: str) -> Stage:
        """The stage called ``key``; ``KeyError`` where there is none."""
        for found in self.stages:
            if found.key == key:
                return found
        raise KeyError(key)
