"""Reads a scheme from TOML: typed, checked as a whole, every fault at once. Pure: no database, no models, no clock."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import lru_cache

from tender.schemes import checks
from tender.schemes.definition import Scheme
from tender.schemes.faults import Fault, Report, SchemeFaults
from tender.schemes.reading import Reader

__all__ = ["Fault", "SchemeFaults", "definition_of", "read"]


def read(source: str) -> Scheme:
    """The scheme that ``source`` describes; raises `SchemeFaults` with everything that is wrong with it."""
    try:
        raw = tomllib.loads(source, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as fault:
        raise SchemeFaults((_syntax(fault),)) from None
    report = Report()
    scheme = Reader(report).table(Scheme, raw, "")
    checks.check(scheme, report)
    if report.faults:
        raise SchemeFaults(report.faults)
    return scheme


@lru_cache(maxsize=64)
def definition_of(sha256: str, source: str) -> Scheme:  # noqa: ARG001  # the hash makes the look-up quick to tell apart
    """The scheme of a published version, parsed once per process."""
    return read(source)


def _syntax(fault: Exception) -> Fault:
    if isinstance(fault, RecursionError):
        return Fault("toml", "is nested too deeply")
    message, _, place = str(fault).rpartition(" (at ")
    if not message:
        return Fault("toml", str(fault))
    return Fault(place.removesuffix(")"), message)
