"""Valid answers to any form, made from its definition."""

from decimal import Decimal

from tender.schemes.balancing import standings
from tender.schemes.definition import FieldKind

IBANS = ("NL91ABNA0417164300", "NL20INGB0001234567", "NL39RABO0300065264")
PARTNERS = [
    {"name": "Studio Noorderlicht", "kvk": "12345678", "helix": "business", "sector": "creative", "contribution": "1000.00",
     "contact": "Fenna de Jong", "email": "fenna@studio.example"},
    {"name": "Zorggroep Hunze", "kvk": "23456789", "helix": "society", "sector": "theme", "contribution": "500.00",
     "contact": "Henk Bos", "email": "henk@hunze.example"},
    {"name": "Noorderpoort", "kvk": "34567890", "helix": "knowledge", "sector": "education", "contribution": "0.00",
     "contact": "Anke Visser", "email": "anke@noorderpoort.example"},
    {"name": "Hub Het Kwartier", "kvk": "45678901", "helix": "business", "sector": "hub", "contribution": "0.00",
     "contact": "Bram Smit", "email": "bram@kwartier.example"},
]  # fmt: skip


def answers_for(form, **said):
    """An answer to every field that is asked; ``said`` overrides by key."""
    answers = {}
    for field in form.fields():
        answers[field.key] = said[field.key] if field.key in said else answer_to(field, form)
    for field in form.fields():
        if field.kind == FieldKind.TABLE and field.sum_equals and field.key not in said:
            answers[field.key] = table(field, Decimal(answers[field.sum_equals]))
    for balance in form.balance:
        if balance.one.sums[0].field not in said:
            even_out(form, answers, balance)
    return answers


def even_out(form, answers, balance):
    """The first table of a balance made such that its sides are equal; the schemes tell them in an order in which that ends well."""
    which = balance.one.sums[0]
    field = form.field(which.field)
    (standing,) = [each for each in standings(form, answers) if each.balance is balance]
    (row, *_rest) = table(field, standing.other)
    if field.years:
        row |= {column.key: "" for column in field.year_columns}
        row |= {f"year_{max(year, 1)}": str(other) for year, _one, other in standing.years or [(1, None, standing.other)] if other}
    kept = [each for each in answers[field.key] if which.column and each[which.column] not in which.values]
    row |= {which.column: which.values[0]} if which.column else {}
    answers[field.key] = [*kept, row] if standing.other else kept


def answer_to(field, form):
    if field.eligibility is not None:
        test = field.eligibility
        if test.values:
            return list(test.values[:1]) if field.kind == FieldKind.MULTI_CHOICE else test.values[0]
        return str(test.at_least if test.at_least is not None else 0)
    return {
        FieldKind.SHORT_TEXT: lambda: "Licht op Lauwersoog",
        FieldKind.LONG_TEXT: lambda: "Wij onderzoeken met bewoners wat licht doet.",
        FieldKind.NUMBER: lambda: str(field.minimum if field.minimum is not None else 1),
        FieldKind.MONEY: lambda: money(field),
        FieldKind.DATE: lambda: "2026-09-01",
        FieldKind.CHOICE: lambda: field.options[0].value,
        FieldKind.MULTI_CHOICE: lambda: [field.options[0].value],
        FieldKind.YES_NO: lambda: "yes",
        FieldKind.FILE: lambda: "1",
        FieldKind.TABLE: lambda: table(field, Decimal(1000)),
        FieldKind.PARTNERS: lambda: [dict(row) for row in PARTNERS],
        FieldKind.IBAN: lambda: IBANS[0],
        FieldKind.KVK: lambda: "12345678",
    }[field.kind]()


def money(field):
    low, high = field.minimum or Decimal(0), field.maximum or Decimal(10000)
    return str(max(low, min(high, Decimal(10000))))


def given_rows(field, sum_):
    """One row for each line that is given, all money in the first."""
    lines = [option.value for option in field.columns[0].options]
    return [{**made_row(field, sum_ if line == lines[0] else Decimal(0)), field.columns[0].key: line} for line in lines]


def table(field, sum_):
    if field.given:
        return given_rows(field, sum_)
    row = made_row(field, sum_)
    rest = [{**row, **({field.sum_column: "0.00"} if field.sum_column else {})} for _ in range(max(1, field.min_rows) - 1)]
    return [row, *rest]


def made_row(field, sum_):
    row = {}
    for column in field.all_columns:
        if column in field.year_columns:
            row[column.key] = str(sum_) if column == field.year_columns[0] else ""
        elif column.kind == FieldKind.MONEY:
            row[column.key] = str(sum_) if column.key == field.sum_column else "0.00"
        elif column.kind == FieldKind.DATE:
            row[column.key] = "2026-09-01"
        elif column.kind == FieldKind.YES_NO:
            row[column.key] = "yes"
        elif column.kind == FieldKind.NUMBER:
            row[column.key] = "1"
        elif column.kind == FieldKind.CHOICE:
            row[column.key] = column.options[0].value
        else:
            row[column.key] = "Werk van de makers"
    return row
