"""The four schemes that ship: good, complete in both languages, and what the product says they are."""

import re
from dataclasses import fields, is_dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override

from tender.commands.granting import reports_of, shares
from tender.schemes.answers import canonical, gaps, project, report_form, unmet_eligibility
from tender.schemes.checks.letters import NO_DECISION
from tender.schemes.definition import Amount, Assess, Cutoff, Due, FieldKind, Intake, Link, Method, Text
from tender.schemes.loader import read
from tender.schemes.merge import fields_in
from tender.schemes.plain_words import rules_in_words
from tests.factories.answers import answers_for

FILES = {file.stem: file for file in sorted((Path(__file__).parents[3] / "fixtures" / "schemes").glob("*.toml"))}
SCHEMES = {name: read(file.read_text()) for name, file in FILES.items()}
STAGES = [pytest.param(scheme, stage, id=f"{name}/{stage.key}") for name, scheme in SCHEMES.items() for stage in scheme.stages]
THEMES = {"healthy_ageing", "energy", "water_maritime", "agrifood", "sensor_technology", "emptying_villages", "earthquake_damage"}


def texts(value, path=""):
    """Every text in two languages, with its path."""
    if isinstance(value, Text):
        yield path, value
    elif is_dataclass(value):
        for member in fields(value):
            yield from texts(getattr(value, member.name), f"{path}.{member.name}")
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from texts(item, f"{path}[{index}]")


def stage(name, key):
    return SCHEMES[name].stage(key)


def test_four_schemes_ship_under_their_own_names():
    assert {name: scheme.key for name, scheme in SCHEMES.items()} == {name: name for name in (
        "crossover", "hub_support", "minifund", "pressure_cooker")}  # fmt: skip
    assert len({scheme.prefix for scheme in SCHEMES.values()}) == 4


@pytest.mark.parametrize("name", SCHEMES)
def test_every_text_is_written_in_both_languages(name):
    same = {path: text.nl for path, text in texts(SCHEMES[name]) if text.nl == text.en}
    # proper names and the like; a forgotten translation would be longer
    assert {path: said for path, said in same.items() if len(said.split()) > 1} == {}
    assert {path for path, text in texts(SCHEMES[name]) for said in (text.nl, text.en) if said != said.strip()} == set()


@pytest.mark.parametrize("name", SCHEMES)
def test_sentences_are_short_enough_to_read(name):
    said = [sentence for _path, text in texts(SCHEMES[name]) for sentence in re.split(r"(?<=[.?!:;])\s", text.nl)]
    assert [sentence for sentence in said if len(sentence.split()) > 36] == []


@pytest.mark.parametrize(("scheme", "stage"), STAGES)
def test_no_form_and_no_rubric_demands_an_end_product(scheme, stage):
    demanded = re.compile(r"eindproduct|end product|eindresultaat|final product|deliverable", re.IGNORECASE)
    denied = re.compile(r"\b(geen|niet|not|no|nog)\b", re.IGNORECASE)
    asked = [text for path, text in texts(stage) if demanded.search(text.nl) or demanded.search(text.en)]
    assert [text.nl for text in asked if not (denied.search(text.nl) and denied.search(text.en))] == []
    labels = [field.label.en for field in stage.form.fields()]
    assert [label for label in labels if demanded.search(label)] == []


@pytest.mark.parametrize(("scheme", "stage"), STAGES)
def test_every_form_can_be_handed_in(scheme, stage):
    answers = answers_for(stage.form)
    assert gaps(stage.form, answers, stage.consortium) == []
    assert unmet_eligibility(stage.form, answers) == []
    assert canonical(stage.form, canonical(stage.form, answers)) == canonical(stage.form, answers)
    said = project(stage.form, answers)
    assert said["title"]
    assert (said["amount"] is not None) == (stage.grant.amount is Amount.REQUESTED)


@pytest.mark.parametrize(("scheme", "stage"), STAGES)
def test_every_report_can_be_handed_in(scheme, stage):
    for term in stage.grant.reports:
        form = report_form(term)
        assert gaps(form, answers_for(form)) == []


@pytest.mark.parametrize(("scheme", "stage"), STAGES)
def test_every_letter_that_can_go_out_has_words_of_its_own(scheme, stage):
    kinds = {letter.kind for letter in stage.letters}
    money, ranked = stage.grant.amount is not Amount.NONE, stage.intake is Intake.WINDOW
    floors = stage.rubric is not None and (stage.selection.floor is not None or stage.selection.method is Method.PASS_FAIL)
    due = {"receipt", "completion", "set_aside", "refusal_condition", "cancellation"}
    due |= {"award", "settlement", "refusal_ceiling"} if money else set()
    due |= {"refusal_rank"} if ranked else {"refusal_receipt_order"}
    due |= {"refusal_minimum"} if floors else set()
    due |= {"report_due"} if stage.grant.reports else set()
    due |= {"reserve"} if stage.selection.reserve else set()
    onward = {"invitation", "nomination"} if stage.then else set()
    assert kinds - onward == due
    assert bool(kinds & onward) is (stage.then is not None)


@pytest.mark.parametrize(("scheme", "stage"), STAGES)
def test_no_letter_that_decides_nothing_speaks_of_objections(scheme, stage):
    speaking = [
        letter.kind
        for letter in stage.letters
        for _path, text in texts(letter)
        if "objection_until" in fields_in(text.nl) or "bezwaar" in text.nl.lower()
        if letter.kind in NO_DECISION
    ]
    assert speaking == []


@pytest.mark.parametrize(("scheme", "stage"), STAGES)
def test_the_rules_are_told_in_both_languages(scheme, stage):
    for language in ("nl", "en"):
        with override(language):
            told = rules_in_words(scheme, stage)
        assert len(told) > 8
        assert len(set(told)) == len(told)
        assert [said for said in told if not said.strip() or "%(" in said or "None" in said] == []


@pytest.mark.parametrize(("scheme", "stage"), STAGES)
def test_payments_add_up_for_every_length(scheme, stage):
    if stage.grant.amount is Amount.NONE:
        return
    low, high = stage.grant.years or (1, 1)
    for years in range(low, high + 1):
        parts = shares(stage.grant, Decimal("99999.99"), years)
        assert sum(part for _term, part in parts) == Decimal("99999.99")
        assert [month for _term, month in reports_of(stage.grant, years)][-1:] in ([], [years * 12], [6], [9])


def test_the_crossover_tender():
    scheme = SCHEMES["crossover"]
    first, second, third = scheme.stages
    assert [each.then for each in scheme.stages] == [second.key, third.key, None]
    assert (first.assess, first.assessors, first.quorum.sheets, first.meeting) == (Assess.JURY, 2, 2, False)
    assert (first.selection.floor, first.selection.aim, first.selection.most) == (60, 10, 12)
    assert (first.grant.amount, first.grant.flat, first.selection.cutoff) == (Amount.FLAT, 24999, Cutoff.STOP)
    assert (second.assess, second.assessors, second.meeting, second.grant.amount) == (Assess.JURY, 0, True, Amount.NONE)
    assert (second.selection.floor, second.selection.meeting_fixes) == (70, (3, 4))
    assert all(criterion.floor is not None for criterion in second.rubric.criteria)
    assert (third.assess, third.selection.method, third.selection.cutoff) == (Assess.NONE, Method.CARRIED_OVER, Cutoff.PARTIAL)
    assert third.grant.years == (2, 5)
    assert third.selection.reserve.places >= 1
    assert third.chain == (Link.OFFICER, Link.READER, Link.CONTROLLER, Link.BOARD, Link.SIGNATORY)
    assert {Due.YEAR, Due.SETTLEMENT} == {term.due for term in third.grant.instalments}
    assert {"midterm", "final"} < {term.key for term in third.grant.reports}
    for each in scheme.stages:
        assert {"creative", "theme"} <= set(each.consortium.sectors)
        assert {option.value for option in each.form.field(each.form.theme).options} == THEMES
        provinces = {option.label.nl for option in each.form.field(each.form.province).options}
        assert {"Groningen", "Fryslân", "Drenthe"} < provinces


def test_what_was_answered_goes_along_to_the_next_stage():
    keys = [{field.key for field in stage.form.fields()} for stage in SCHEMES["crossover"].stages]
    assert {"title", "summary", "theme", "province", "partners", "question", "makers"} <= keys[0] & keys[1]
    assert {"title", "summary", "theme", "province", "partners", "years"} <= keys[1] & keys[2]


def test_the_mini_fund():
    scheme = SCHEMES["minifund"]
    (only,) = scheme.stages
    assert scheme.natural_persons
    assert (only.intake, only.window, only.coach_intake, only.pitch) == (Intake.CONTINUOUS, None, True, True)
    assert (only.assess, only.assessors, only.selection.method) == (Assess.ASSESSORS, 2, Method.PASS_FAIL)
    assert only.selection.passes_needed == 2
    assert sum(len(criterion.questions) for criterion in only.rubric.criteria) == 4
    assert (only.grant.amount, only.grant.maximum, only.grant.directly_settled) == (Amount.REQUESTED, 5000, True)
    assert (only.terms.promise_working_days, only.terms.decision_weeks) == (10, 8)
    assert only.chain == (Link.OFFICER, Link.SIGNATORY)
    assert only.state_aid
    keys = {field.key for field in only.form.fields()}
    assert {"presented_where", "presented_when", "voucher_name", "own_money", "crowdfunding"} <= keys
    picture = [field for field in only.grant.reports[0].form if field.kind is FieldKind.FILE]
    assert [field.required for field in picture] == [True]


def test_the_pressure_cooker():
    (only,) = SCHEMES["pressure_cooker"].stages
    assert (only.grant.amount, only.grant.flat, only.grant.directly_settled) == (Amount.FLAT, 10000, True)
    assert (only.selection.floor, only.selection.cutoff, only.assessors) == (60, Cutoff.STOP, 2)
    assert set(only.consortium.one_of) == {"hub", "festival", "education"}
    assert len(only.rubric.criteria) == 3
    assert only.chain == (Link.OFFICER, Link.SIGNATORY)
    assert len(only.grant.reports) == 1


def test_hub_support():
    (only,) = SCHEMES["hub_support"].stages
    assert (only.assess, only.assessors, len(only.rubric.criteria)) == (Assess.JURY, 3, 3)
    assert (only.grant.maximum, only.grant.years) == (150000, (1, 3))
    years = only.form.field("per_year")
    assert (years.max_rows, years.columns[-1].maximum, years.sum_equals) == (3, 50000, "amount")
    assert len(reports_of(only.grant, 3)) == 3


def test_how_far_an_interest_reaches_is_said_in_each_scheme():
    """Where applications are compared it closes the round; where each is judged by itself it closes that one (Awb 2:4)."""
    assert all("\nrecuse_whole_round = " in file.read_text() for file in FILES.values())
    assert {name: scheme.recuse_whole_round for name, scheme in SCHEMES.items()} == {
        name: all(stage.intake is Intake.WINDOW for stage in scheme.stages) for name, scheme in SCHEMES.items()
    }
