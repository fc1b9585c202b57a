"""What a funding scheme is, once read: frozen, typed, complete. `loader` reads and checks the TOML.

A scheme is data. Nothing here, and nothing that reads this, knows the name of any scheme.
Money is ``Decimal`` euros with two places; weights are ``Decimal`` and sum to 1; shares lie in 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal  # `reading` resolves the hints

from tender.schemes.form import Balance, Column, Condition, Eligibility, Field, Form, GivenRows, Option, Section, Side, Sum
from tender.schemes.judging import Anchor, Criterion, Practice, PracticeAnchor, PracticeSection, Question, Quorum, Reserve, Rubric, Selection
from tender.schemes.vocabulary import AidBasis, Amount, Assess, Cosign, Cutoff, Due, FieldKind, Intake, Link, Method, Text

__all__ = [
    "AidBasis",
    "Amount",
    "Anchor",
    "Assess",
    "Balance",
    "Body",
    "BudgetTerms",
    "ChainAbove",
    "Check",
    "ClassBorders",
    "Column",
    "Condition",
    "Consortium",
    "Cosign",
    "Criterion",
    "Cutoff",
    "Due",
    "Eligibility",
    "Field",
    "FieldKind",
    "Form",
    "GivenRows",
    "GrantTerms",
    "Indicator",
    "InstalmentTerm",
    "Intake",
    "LetterText",
    "Link",
    "Method",
    "Network",
    "Option",
    "PitchSlots",
    "Practice",
    "PracticeAnchor",
    "PracticeSection",
    "Question",
    "Quorum",
    "ReportTerm",
    "Reserve",
    "Rubric",
    "Scheme",
    "Section",
    "Selection",
    "Side",
    "Stage",
    "Sum",
    "Terms",
    "Text",
    "Window",
]


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
    """One report the grantee owes: asked ``months`` after the award (or at the end of the period for the final one).

    The final one asks more by the class of the grant (`tender.framework`): ``lump_sum``, ``activity`` or ``cost``.
    """

    key: str
    label: Text
    months: int
    final: bool
    form: tuple[Field, ...]
    review: bool = False  # weighed with go or no-go for what follows
    budget: bool = False  # budget against actual is asked; of the final report, where the class is an account of the cost
    indicators: bool = False  # where the indicators of the grant stand is asked
    opens_weeks: int | None = None  # how long before its day it can be handed in; None: at any time
    repair_days: int = 14  # to complete it, when something is missing
    lump_sum: tuple[Field, ...] = ()
    activity: tuple[Field, ...] = ()
    cost: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class BudgetTerms:
    """Where the budget that reports account for stands in the application, and from which deviation it must be explained."""

    costs: str  # key of the table with the costs
    line: str  # its column that names a line
    income: str | None = None  # key of the table that says where the money comes from
    source: str | None = None  # its column that names a line
    threshold: Decimal = Decimal("0.2")


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is counted in every report, with the target: a number here, or the answer to a question of the application."""

    key: str
    label: Text
    target: Decimal | None = None
    target_from: str | None = None


@dataclass(frozen=True, slots=True)
class ClassBorders:
    """From which grant on the activity, and from which the cost, is accounted for; else `tender/framework.toml`."""

    activity: Decimal
    cost: Decimal


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
    budget: BudgetTerms | None = None
    indicators: tuple[Indicator, ...] = ()
    classes: ClassBorders | None = None


WARNED_AT_MOST = 60
"""How many days ahead a scheme may have its people warned at most."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The stage's terms. ``decision_weeks`` is statutory; ``promise_working_days`` is promised beside it.

    Questions about the stage are answered within ``answer_working_days``, and can be asked until ``question_days`` before it closes.
    """

    decision_weeks: int
    repair_days: int = 14
    promise_working_days: int | None = None
    hearing_days: int = 14  # to respond to an intended refusal or lower settlement; 0: nobody is heard (Awb 4:12)
    postpone_weeks: int = 6  # by how much a decision may be put off at most (Awb 4:14); 0: never
    postponing_extends: bool = False  # whether the day we then name is the term itself, also for a penalty (Awb 4:14(3), or the scheme)
    warn_days: int = 14  # how many days before the last day to decide the case officer is warned
    alarm_days: int = 5  # and how many before it the head
    objection_committee: bool = False  # whether a committee advises on objections: twelve weeks to decide, not six (Awb 7:10, 7:13)
    next_stage_weeks: int | None = None  # how long a winner has for the next form, if in a personal window
    question_days: int = 0
    answer_working_days: int = 5


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
class PitchSlots:
    """What a moment to present is like, unless the officer who plans it says otherwise: how long, before the next one, for how many."""

    minutes: int = 20
    pause: int = 10
    seats: int = 1


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the officer's screening checklist."""

    key: str
    label: Text
    article: Text | None = None  # of the scheme, on which the point rests


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
class ChainAbove:
    """Links of the chain that are asked only above an amount in euros: a decision that gives no more goes past them."""

    reader: Decimal | None = None
    controller: Decimal | None = None
    board: Decimal | None = None

    def asks(self, link: Link, amount: Decimal) -> bool:
        """Whether this link is asked where so much is at stake."""
        most = getattr(self, link, None)
        return most is None or amount > most


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
    pitch_slots: PitchSlots = PitchSlots()
    blind: bool = False
    practice: tuple[Practice, ...] = ()  # on which the panel tries its marks
    consortium: Consortium | None = None
    partner_consent: bool = False  # every partner but the applicant consents by a link before handing in
    cosign: Cosign = Cosign.NONE
    state_aid: bool = False  # a de-minimis declaration is part of the form and checked
    aid_basis: AidBasis | None = None  # the instrument it gives under; without one, and with a declaration, de minimis
    then: str | None = None  # key of the next stage
    chain_above: ChainAbove = ChainAbove()

    def chain_for(self, amount: Decimal) -> tuple[Link, ...]:
        """Who must agree, in turn, where so many euros are at stake."""
        return tuple(link for link in self.chain if self.chain_above.asks(link, amount))

    @property
    def aid(self) -> AidBasis | None:
        """The instrument of state-aid law under which the stage gives; None where what it gives is no state aid."""
        return self.aid_basis or (AidBasis.DE_MINIMIS if self.state_aid else None)

    def letter(self, kind: str) -> LetterText | None:
        """The scheme's text for letters of ``kind``, if it has one of its own."""
        return next((text for text in self.letters if text.kind == kind), None)

    def practice_called(self, key: str) -> Practice | None:
        """The practice proposal with this key, if there is one."""
        return next((each for each in self.practice if each.key == key), None)


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
