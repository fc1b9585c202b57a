"""A practice proposal for a shipped scheme that has none, and forms on it."""

from decimal import Decimal

from scoring.commands.marking import save_practice
from scoring.queries import question_keys
from workflows.commands import create, perform
from workflows.models import PracticeMachine

ANSWERS = {"makers.need": "4", "network.people": "3", "network.links": "2.5", "approach.lasting": "3.5", "approach.share": "1"}
WHY = "Zo staat het in het antwoordblad bij"
REMARK = "Zo zie ik het."
WHYS = {name: f'{{ nl = "{WHY} {name}.", en = "Because {name}." }}' for name in ANSWERS}
LINES = [f'  {{ question = "{name}", mark = {mark}, why = {WHYS[name]} }},' for name, mark in ANSWERS.items()]
TEXT = f"""[[stages.practice]]
key = "hub"
title = {{ nl = "De Oefenhub", en = "The Practice Hub" }}
anchors = [
{chr(10).join(LINES)}
]

[[stages.practice.sections]]
label = {{ nl = "De hub", en = "The hub" }}
text = {{ nl = "Een verzonnen hub in een oude school.", en = "A made-up hub in an old school." }}

[stages.rubric]"""
PRACTICE = ("[stages.rubric]", TEXT)
"""A change of hub_support's text, for `variant`."""


def begin(stage, juror, at, key="hub"):
    """A form on a practice proposal."""
    return create(PracticeMachine, "begin", of={"stage": stage, "juror": juror, "practice": key}, actor=juror, at=at)


def fill(sheet, at, mark="4", remark=REMARK):
    """The same mark with the same remark on every question."""
    marks = {name: {"value": Decimal(mark), "comment": remark} for name in question_keys(sheet.stage)}
    save_practice(pk=sheet.pk, actor=sheet.juror, at=at, marks=marks)


def practised(stage, juror, at, mark="4"):
    """A form that is in."""
    sheet = begin(stage, juror, at)
    fill(sheet, at, mark)
    perform(PracticeMachine, "seal", pk=sheet.pk, actor=juror, at=at)
    return sheet
