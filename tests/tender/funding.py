"""Who pays for a call, in tests."""

from decimal import Decimal


def line(source, amount, year=2026, kind="province", name=""):
    """One line of where a ceiling comes from."""
    return {"source": source, "name": name or source.title(), "kind": kind, "year": year, "amount": Decimal(amount)}


def two_sources(stage, year, first, second):
    """A province first, the Union after it."""
    return {stage: [line("groningen", first, year, name="Provincie Groningen"), line("efro", second, year, "eu", "EFRO Noord")]}
