"""A good scheme to break in one place: its raw form, a way to change it, and a way to write it back as TOML."""

import json
import tomllib
from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import pytest

from tender.schemes.loader import SchemeFaults, read

GONE = object()
WHOLE = (Path(__file__).parent / "whole.toml").read_text()


def raw():
    """The whole scheme as plain dictionaries and lists, to change at will."""
    return tomllib.loads(WHOLE, parse_float=Decimal)


def put(scheme, path, value):
    """Set (or take away) what stands at ``path``, such as ``stages.0.form.title``; ``+`` adds to a list."""
    *way, last = path.split(".")
    place = scheme
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    if last == "+":
        place.append(deepcopy(value))
    elif value is GONE:
        del place[int(last) if isinstance(place, list) else last]
    else:
        place[int(last) if isinstance(place, list) else last] = deepcopy(value)


def toml(value):
    """``value`` as TOML, all of it inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, bool | str) else str(value)


def source(scheme):
    """A whole scheme as TOML."""
    return "\n".join(f"{json.dumps(key)} = {toml(item)}" for key, item in scheme.items())


def broken(*changes):
    """The TOML of the whole scheme with these (path, value) changes made."""
    scheme = raw()
    for path, value in changes:
        put(scheme, path, value)
    return source(scheme)


# ── where in the whole scheme, and what is put there ──────────────────────────────────────────────────────────
ONE, TWO, THREE = "stages.0", "stages.1", "stages.2"
F, M = f"{ONE}.form.sections.0.fields", f"{ONE}.form.sections.1.fields"
AF, AM = "stages[idea].form.sections[main].fields", "stages[idea].form.sections[money].fields"
P, AP, BAL = f"{THREE}.form.sections.0.fields", "stages[plan].form.sections[main].fields", "stages[plan].form.balance"
SELECT, GRANT = f"{ONE}.selection", f"{THREE}.grant"
T = {"nl": "x", "en": "x"}
GROUND = {"ground": T}


def question(key, kind="short_text", **more):
    return {"key": key, "kind": kind, "label": T, **more}


def letter(kind, words="x", **more):
    return {"kind": kind, "subject": T, "paragraphs": [{"nl": words, "en": words}], **more}


def case(at, message, *changes):
    return pytest.param(changes, at, message, id=f"{at} {message[:30]}")


def faults(*changes):
    """What is wrong with the whole scheme once these changes are made: path → message."""
    with pytest.raises(SchemeFaults) as caught:
        read(broken(*changes))
    return {fault.path: fault.message for fault in caught.value.faults}


def alone(found, at, message):
    """Whether these faults are at these paths only, and say this."""
    return set(found) == ({at} if isinstance(at, str) else set(at)) and all(message in said for said in found.values())
