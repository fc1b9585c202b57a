"""Budget against actual, and indicators. Pure: what was granted and what was answered in, lines and what must be explained out.

The *basis* of a report is plain JSON, frozen when the report is begun: `lines` and `income` (what each costs or brings in, in all
and until the end of the period), `indicators` with their targets, and whether the budget is told by year.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tender.schemes.answers import Gap
from tender.schemes.balancing import NONE, column_totals, euros, rows_in
from tender.schemes.cleaning import clean
from tender.schemes.definition import Column, Field, FieldKind, GivenRows, Option, Text
from tender.schemes.figures import AnswerFault, in_euros
from tender.schemes.form import YEAR
from tender.schemes.wording import in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tender.schemes.definition import Indicator

    Answers = Mapping[str, Any]

COSTS, TOTAL, INCOME, INDICATORS = "actual_costs", "actual_total", "actual_income", "actual_indicators"
"""The keys of what a report asks by itself."""
OWN_KEYS = (COSTS, TOTAL, INCOME, INDICATORS)
LINE, SPENT, WHY, NOW = "line", "spent", "why", "now"
MOST_ROWS = 100


def lines_of(field: Field, answer: Any, columns: Sequence[str], until_year: int) -> list[dict[str, Any]]:
    """The lines of a table of money as they stand in the application: named by ``columns``, with their sums in all and by a year."""
    found = []
    for number, row in enumerate(rows_in(answer), start=1):
        totals = column_totals(field, [row])
        until = sum((each for key, each in totals.items() if not key.startswith(YEAR) or int(key.removeprefix(YEAR)) <= until_year), NONE)
        found.append({
            "key": f"l{number}", "nl": _named(field, row, columns, "nl"), "en": _named(field, row, columns, "en"),
            "total": str(sum(totals.values(), NONE)), "planned": str(until),
        })  # fmt: skip
    return found


def _named(field: Field, row: Mapping[str, Any], columns: Sequence[str], language: str) -> str:
    """What a line is called."""
    by_key = {column.key: column for column in field.columns}
    said = [in_words(Field(each.key, each.kind, each.label, options=each.options), row.get(key), language)
            for key in columns if (each := by_key.get(key)) and row.get(key)]  # fmt: skip
    return ", ".join(said) or "–"


def indicators_of(indicators: Sequence[Indicator], answers: Answers) -> list[dict[str, Any]]:
    """The indicators of a grant with their targets, of which some are told by the application."""
    return [
        {
            "key": each.key, "nl": each.label.nl, "en": each.label.en,
            "target": str(each.target) if each.target is not None else answers.get(each.target_from or ""),
        }
        for each in indicators
    ]  # fmt: skip


def questions(basis: Mapping[str, Any]) -> tuple[Field, ...]:
    """What a report on this basis asks beside its own questions."""
    asked: list[Field] = []
    if basis.get("lines"):
        asked += [
            GivenRows(
                COSTS, FieldKind.TABLE, Text("Wat gaf u in deze periode uit, per regel van de begroting?",
                                             "What did you spend in this period, by line of the budget?"),
                help=Text("Vul 0 in waar u niets uitgaf. Wijkt u meer af dan mag, leg dan in de laatste kolom uit waarom.",
                          "Enter 0 where you spent nothing. Where you deviate more than is allowed, say why in the last column."),
                columns=_columns(basis["lines"], Text("Uitgegeven", "Spent")), sum_column=SPENT, sum_equals=TOTAL, max_rows=MOST_ROWS,
            ),
            Field(TOTAL, FieldKind.MONEY, Text("Hoeveel gaf u in deze periode in totaal uit?", "How much did you spend in this period?"),
                  help=Text("Zoals het in uw boekhouding staat; op de cent gelijk aan de regels hierboven.",
                            "As it stands in your books; equal to the lines above to the cent.")),
        ]  # fmt: skip
    if basis.get("income"):
        asked.append(GivenRows(
            INCOME, FieldKind.TABLE, Text("Hoeveel geld kwam er in deze periode binnen, en van wie?",
                                          "How much money came in during this period, and from whom?"),
            columns=_columns(basis["income"], Text("Ontvangen", "Received")), sum_column=SPENT, max_rows=MOST_ROWS,
        ))  # fmt: skip
    if basis.get("indicators"):
        asked.append(GivenRows(
            INDICATORS, FieldKind.TABLE, Text("Hoever bent u nu?", "How far are you now?"),
            columns=(_first(_targets(basis["indicators"]), Text("Waar het om gaat", "What it is about")),
                     Column(NOW, FieldKind.NUMBER, Text("Stand nu", "Now")), _why()), max_rows=MOST_ROWS,
        ))  # fmt: skip
    return tuple(asked)


def _columns(lines: Sequence[Mapping[str, Any]], label: Text) -> tuple[Column, ...]:
    options = tuple(
        Option(line["key"], Text(f"{line['nl']} (begroot tot nu toe {in_euros(Decimal(line['planned']), 'nl')})",
                                 f"{line['en']} (budget so far {in_euros(Decimal(line['planned']), 'en')})"))
        for line in lines
    )  # fmt: skip
    return (_first(options, Text("Regel", "Line")), Column(SPENT, FieldKind.MONEY, label), _why())


def _targets(indicators: Sequence[Mapping[str, Any]]) -> tuple[Option, ...]:
    return tuple(
        Option(each["key"], Text(*(f"{each[code]} ({word} {each['target']})" if each["target"] else each[code]
                                   for code, word in (("nl", "doel"), ("en", "target")))))
        for each in indicators
    )  # fmt: skip


def _first(options: tuple[Option, ...], label: Text) -> Column:
    return Column(LINE, FieldKind.CHOICE, label, options=options)


def _why() -> Column:
    return Column(WHY, FieldKind.SHORT_TEXT, Text("Uitleg", "Explanation"), required=False)


def begun_with(basis: Mapping[str, Any], previous: Answers) -> dict[str, Any]:
    """What stands in a report when it is begun: a row for each line, and of the indicators how they stood in the report before."""
    answers: dict[str, Any] = {}
    for field in questions(basis):
        if isinstance(field, GivenRows):
            answers[field.key] = field.with_all([])
    stood = {row.get(LINE): {NOW: row[NOW]} for row in rows_in(previous.get(INDICATORS)) if row.get(NOW)}
    if INDICATORS in answers:
        answers[INDICATORS] = [row | stood.get(row[LINE], {}) for row in answers[INDICATORS]]
    return answers


@dataclass(frozen=True, slots=True)
class Held:
    """One line of a budget held against what was spent: in euros; ``why``: as the grantee explains it."""

    label: str
    total: Decimal
    planned: Decimal
    before: Decimal
    now: Decimal
    why: str
    off: bool
    """Whether it deviates more than the scheme lets pass unexplained."""

    @property
    def together(self) -> Decimal:
        """Spent from the beginning until now."""
        return self.before + self.now

    @property
    def deviation(self) -> Decimal:
        """How much more (or, below zero, less) than was planned until now."""
        return self.together - self.planned


def held(basis: Mapping[str, Any], which: str, answers: Answers, earlier: Sequence[Answers], language: str) -> list[Held]:
    """The lines of a budget (`lines` or `income`) against this report and those before it."""
    key = COSTS if which == "lines" else INCOME
    now, before = spent(answers, key), [spent(each, key) for each in earlier]
    why = {row.get(LINE): str(row.get(WHY) or "").strip() for row in rows_in(answers.get(key))}
    found = []
    for line in basis.get(which, []):
        planned, here = Decimal(line["planned"]), now.get(line["key"], NONE)
        past = sum((each.get(line["key"], NONE) for each in before), NONE)
        off = _deviates(past + here - planned, planned, basis) and which == "lines"
        label = line["en" if language.startswith("en") else "nl"]
        found.append(Held(label, Decimal(line["total"]), planned, past, here, why.get(line["key"], ""), off))
    return found


def _deviates(by: Decimal, planned: Decimal, basis: Mapping[str, Any]) -> bool:
    """Whether a line deviates more than is let pass; where it is not known what was planned by now, less is not a deviation."""
    if by < 0 and not basis["dated"]:
        return False
    return abs(by) > planned * Decimal(basis["threshold"])


def spent(answers: Answers, key: str) -> dict[str, Decimal]:
    """What was spent (or came in) by line; a cell that is not right (yet) is nothing."""
    return {str(row.get(LINE)): _money(row.get(SPENT)) for row in rows_in(answers.get(key))}


def _money(raw: Any) -> Decimal:
    try:
        return Decimal(clean(Field(SPENT, FieldKind.MONEY, Text("", "")), raw) or 0)
    except AnswerFault:
        return NONE


def unexplained(lines: Sequence[Held], threshold: Decimal) -> Iterator[Gap]:
    """Each deviation that must be explained and is not."""
    for line in lines:
        if line.off and not line.why:
            said = _("“%(line)s”: %(together)s until now, where %(planned)s was planned. That is more than %(share)s%% off: say why.") % {
                "line": line.label, "together": euros(line.together), "planned": euros(line.planned), "share": f"{threshold * 100:.0f}",
            }  # fmt: skip
            yield Gap("report", COSTS, said)


def lacking(field: GivenRows, answer: Any) -> Iterator[Gap]:
    """The lines that are not there, or stand twice."""
    there = [row.get(LINE) for row in rows_in(answer)]
    if sorted(map(str, there)) != sorted(option.value for option in field.columns[0].options):
        yield Gap("report", field.key, _("Every line stands here once. Save this page to get them back."))
