"""The manual of the grammar names everything the grammar has."""

import re
from dataclasses import fields, is_dataclass
from enum import StrEnum
from pathlib import Path

import pytest

from tender.schemes import definition
from tender.schemes.checks.letters import KINDS
from tender.schemes.merge import MERGE_FIELDS
from tender.schemes.partners import HELIX_VALUES, SECTOR_VALUES

MANUAL = (Path(__file__).parents[3] / "docs" / "schemes.md").read_text()
PROSE = re.sub(r"```.*?```", "", MANUAL, flags=re.DOTALL)
NAMES = set(re.findall(r"[a-z][a-z_]*", " ".join(re.findall(r"`([^`]+)`", PROSE))))
GRAMMAR = [
    thing
    for thing in vars(definition).values()
    if isinstance(thing, type) and thing.__module__.startswith("tender.schemes.") and thing is not definition.Text
]


@pytest.mark.parametrize("thing", GRAMMAR, ids=lambda thing: thing.__name__)
def test_every_key_and_every_value_is_in_the_manual(thing):
    wanted = {member.name for member in fields(thing)} if is_dataclass(thing) else set()
    if issubclass(thing, StrEnum):
        wanted = {str(value) for value in thing}
    assert wanted - NAMES == set()


def test_every_letter_merge_field_and_partner_role_is_in_the_manual():
    assert {*KINDS, *MERGE_FIELDS, *HELIX_VALUES, *SECTOR_VALUES} - NAMES == set()
