"""What a letter says, frozen: records that know no model, and the way from plain JSON to a record and back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from reports.letters import words
from reports.letters.extract import Ranked  # noqa: TC001  read at run time, by from_plain
from tender.canonical import plain

if TYPE_CHECKING:
    from collections.abc import Hashable

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Sender:
    """The body that writes: its name as it stands in a sentence, and where it can be reached."""

    name: str
    city: str
    address: str
    email: str
    signed_by: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who is written to: the party, the person to whose attention, and the lines of the address."""

    name: str
    person: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: ``status`` is done, current or next."""

    label: str
    status: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, and as what."""

    name: str
    function: str


@dataclass(frozen=True, slots=True)
class Objection:
    """To whom a party may object, and until when if the decision is made known on ``known_on``; ``appeal``: it goes to the court instead."""

    to: str
    known_on: date
    until: date
    appeal: bool = False


@dataclass(frozen=True, slots=True)
class Criterion:
    """One ground of judgement: its share of the total, the score given and the least that was needed (0..100)."""

    label: str
    weight: Decimal
    score: Decimal | None
    floor: Decimal | None


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A floor that was not met, in words for the reader, with the figure and what was needed."""

    what: str
    value: Decimal
    needed: Decimal


@dataclass(frozen=True, slots=True)
class Payment:
    """One instalment. ``due``: award, acceptance, year, report or settlement; ``on`` where a day makes it due."""

    label: str
    amount: Decimal
    due: str
    on: date | None = None
    report: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One report that is owed."""

    label: str
    on: date
    final: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the copy: a value, or a table of rows under a head."""

    label: str
    value: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Answers:
    """One section of the copy."""

    label: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class File:
    """An enclosed file: its name, its size in bytes, and its hash."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AdvicePart:
    """What the advice says of one criterion, by its label; of the whole, where that is empty."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """What every letter holds. ``own_subject``, ``opening``, ``own`` and ``closing`` are the scheme's own words, already filled in."""

    kind: str
    language: str
    reference: str
    title: str
    on: date
    sender: Sender
    to: Addressee
    scheme: str
    call: str
    stage: str
    legal_basis: str
    ladder: tuple[Rung, ...] = ()
    received_at: datetime | None = None
    signer: Signer | None = None
    objection: Objection | None = None
    own_subject: str = ""
    opening: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    scheme_key: str = ""
    stage_key: str = ""
    composed_at: datetime | None = None
    """The instant whose texts it is made with: that of the event it follows from."""
    wording_id: int | None = None
    """The text of an administrator it is made with: 0 for none, None where that is for ``composed_at`` to say."""
    wording_version: int = 0
    wording_sha256: str = ""
    reason: str = ""
    says_reason: bool = False
    """Whether the scheme's own words already hold the reason."""
    event_hash: str = ""
    """The line of the audit trail that the letter follows from; none in a concept, nor in a letter of before it was told."""
    proof_at: str = ""
    """Where anybody checks that nothing in the letter was changed."""

    @property
    def code(self) -> str:
        """The beginning of that hash, as it stands in the foot: letter and decision belong together."""
        return f"{self.event_hash[:4]} {self.event_hash[4:8]} {self.event_hash[8:12]}".strip()

    def t(self, dutch: str, english: str) -> str:
        """The words in the language of the letter."""
        return english if self.language.startswith("en") else dutch

    def day(self, value: date) -> str:
        """A day in the words of the letter's language."""
        return words.day(value, self.language)

    def moment(self, value: datetime) -> str:
        """An instant, in Amsterdam."""
        return words.moment(value, self.language)

    def money(self, value: Decimal) -> str:
        """An amount of euros, with its cents."""
        return words.money(value, self.language)

    def number(self, value: Decimal) -> str:
        """A figure with at most two decimals."""
        return words.number(value, self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFacts(LetterFacts):
    """What every letter of a decision holds beside: the figures it rests on, and the advice."""

    asked: Decimal | None = None
    ceiling: Decimal = Decimal(0)
    score: Decimal | None = None
    rank: int | None = None
    ranked: int | None = None
    ceiling_rank: int | None = None
    line: Decimal | None = None
    selected: int | None = None
    criteria: tuple[Criterion, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    drawn: bool = False
    made: str = ""
    """How the order was made, where it is not simply that of the average score."""
    passes: int | None = None
    passes_needed: int | None = None
    adviser: str = ""
    advice: str = ""
    """What the adviser wrote, or what those wrote who scored it."""
    advice_parts: tuple[AdvicePart, ...] = ()
    """The same, criterion by criterion and then on the whole; none in a letter of before it was kept so."""
    readers: int = 0
    """How many scored it apart from each other, where nobody met to advise as one."""
    judged_by: str = ""
    """Who judged: jury, assessors or nobody."""
    intent_on: date | None = None
    """When the party was told what we intended, where it was heard first."""
    responded_on: date | None = None
    extract: tuple[Ranked, ...] = ()
    """The ranking without anybody else's name, where a jury ranked and enough were ranked."""
    departure: str = ""
    """Why the decision departs from the advice, where it does (Awb 3:50)."""
    advised: str = ""
    """What the advice was then, or where state-aid law covers none of what was advised: the kind of decision."""
    advised_amount: Decimal = Decimal(0)
    ranking_sha256: str = ""
    """The hash of what the frozen ranking was made of, where it rests on one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AidFacts:
    """How a grant fits under the regulation for small state aid: what was had before, what is on its way, and what is left after it."""

    regulation: str
    threshold: Decimal
    prior: Decimal
    pending: Decimal
    new: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFacts(DecisionFacts):
    """What a letter that gives money holds beside. Every day is reckoned from ``objection.known_on``."""

    amount: Decimal = Decimal(0)
    activities: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    years: int = 1
    directly_settled: bool = False
    accept_until: date | None = None
    paid_by: date | None = None
    payments: tuple[Payment, ...] = ()
    reports: tuple[Report, ...] = ()
    obligations: tuple[str, ...] = ()
    iban_end: str = ""
    state_aid: bool = False
    aid: AidFacts | None = None
    """The figures of that; none in a letter of before they were kept."""
    multi_year: bool = False
    next_stage: str = ""
    next_opens: datetime | None = None
    next_until: datetime | None = None


def to_plain(facts: LetterFacts) -> dict[str, Any]:
    """The facts as they are stored and hashed."""
    return plain(asdict(facts))  # type: ignore[no-any-return]


_hints = cache(get_type_hints)


def from_plain(record: type[F], data: dict[str, Any]) -> F:
    """The record that ``data`` was made from; ``TypeError`` for a member it does not have, ``KeyError`` for one it
    lacks.
    """
    known = {field.name for field in fields(record)}  # type: ignore[arg-type]
    if unknown := set(data) - known:
        raise TypeError(f"{record.__name__} has no {', '.join(sorted(unknown))}")
    return record(**{name: _read(_hints(cast("Hashable", record))[name], value) for name, value in data.items()})


def _read(hint: Any, value: Any) -> Any:
    if get_origin(hint) in {UnionType, Union}:
        inner = next(each for each in get_args(hint) if each is not NoneType)
        return None if value is None else _read(inner, value)
    if get_origin(hint) is tuple:
        return tuple(_read(get_args(hint)[0], item) for item in value)
    if isinstance(hint, type) and is_dataclass(hint):
        return from_plain(hint, value)
    if hint is Decimal:
        return Decimal(value)
    if hint in {date, datetime}:
        return hint.fromisoformat(value)
    return value
