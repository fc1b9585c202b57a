"""A whole form: what is asked, what is missing, what is kept while drafting, and what stands for the case."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tender.canonical import canonical as canonical_bytes
from tender.schemes.answers import (
    AnswerFault,
    asked,
    canonical,
    clean_partial,
    gaps,
    project,
    report_form,
    shown,
    storable,
    total,
    unmet_eligibility,
)
from tender.schemes.definition import Consortium
from tender.schemes.loader import read
from tests.tender.schemes.mending import WHOLE

SCHEME = read(WHOLE)
IDEA, PLAN = SCHEME.stage("idea"), SCHEME.stage("plan")
FORM = IDEA.form
PARTNERS = [
    {"name": "Wad", "kvk": "12345678", "helix": "business", "sector": "creative",
     "contribution": "0", "contact": "F", "email": "f@wad.example"},
    {"name": "Hub", "kvk": "", "helix": "society", "sector": "hub",
     "contribution": "12,50", "contact": "B", "email": "b@hub.example"},
]  # fmt: skip
GOOD = {
    "title": "Licht", "summary": "Wat licht doet.", "theme": "water", "wet": ["sea"], "sea_name": "Wadden", "starts": "1-9-2026",
    "people": "4", "cost": "900,50",
    "budget": [{"item": "Werk", "sort": "labour", "amount": "500"}, {"item": "Werk", "sort": "labour", "amount": "400,50"}],
    "partners": PARTNERS, "iban": "NL91ABNA0417164300", "aided": "yes", "received": "1000", "aid": "yes",
}  # fmt: skip


def without(*keys, **other):
    return {**{key: value for key, value in GOOD.items() if key not in keys}, **other}


def missing(answers, consortium=IDEA.consortium):
    return {gap.field: gap.message for gap in gaps(FORM, answers, consortium)}


def test_good_answers_have_no_gaps():
    assert gaps(FORM, GOOD, IDEA.consortium) == []
    assert gaps(FORM, canonical(FORM, GOOD), IDEA.consortium) == []
    assert unmet_eligibility(FORM, GOOD) == []


def test_an_empty_form_misses_all_that_is_required_and_shown(en):
    assert missing({}) == {
        "title": "Fill in “Title”.",
        "summary": "Fill in “Short”.",
        "theme": "Choose one of the options.",
        "starts": "Fill in “Start”.",
        "people": "Fill in “People”.",
        "cost": "Fill in “Costs”.",
        "budget": "Fill in at least one row.",
        "partners": "Add the partners.",
        "iban": "Fill in “IBAN”.",
        "aided": "Choose yes or no.",
        "aid": "Choose yes or no.",
    }
    assert [gap.section for gap in gaps(FORM, {})] == ["main"] * 5 + ["money"] * 6


@pytest.mark.parametrize(
    ("answers", "field", "message"),
    [
        (without("wet"), "wet", "Choose one or more"),
        (without("sea_name"), "sea_name", "Fill in “Which sea”"),
        (without("received"), "received", "Fill in “How much”"),
        (without(people="0"), "people", "Fill in 1 or more"),
        (without(budget=[]), "budget", "at least one row"),
        (without(cost="900"), "budget", "The rows add up to €900.50, but “Costs” says €900"),
        (without(partners=PARTNERS[:1]), "partners", "List at least 2 partners"),
        (without(partners=[PARTNERS[1]] * 2), "partners", "one from: creative industry"),
        (without(partners=[PARTNERS[0]] * 2), "partners", "at least one from: creative hub, knowledge institution or school"),
        (without(partners=[{"name": "Wad"}]), "partners", "Partner 1: "),
        (without(partners=[*PARTNERS, {**PARTNERS[1], "contribution": "9"}]), "partners", "“Hub” is in the list twice"),
    ],
)
def test_a_gap_is_named_by_its_field(answers, field, message, en):
    found = missing(answers)
    assert list(found) == [field]
    assert message in found[field]


def test_a_helix_role_meets_a_consortium_as_well():
    assert missing(GOOD, Consortium(minimum=2, sectors=("society",), one_of=("business",))) == {}
    assert missing(without(partners=PARTNERS[:1]), None) == {}


def test_too_few_rows_are_a_gap_only_when_handing_in(en):
    field = FORM.field("budget")
    two = {"form": FORM, "answers": GOOD}
    assert gaps(**two) == []
    assert field.min_rows == 1
    more = read(WHOLE.replace("min_rows = 1, max_rows = 5", "min_rows = 3, max_rows = 5")).stage("idea").form
    assert [gap.message for gap in gaps(more, GOOD)] == ["Fill in at least 3 rows."]


def test_the_sum_is_not_compared_with_what_is_not_right_yet():
    assert list(missing(without(cost="duur"))) == ["cost"]


def test_what_hangs_on_a_hidden_question_is_not_asked():
    dry = without(theme="energy")
    keys = {field.key for _, field in asked(FORM, dry)}
    assert keys & {"wet", "sea_name"} == set()
    assert {"wet", "sea_name"} & set(canonical(FORM, dry)) == set()
    assert missing(dry) == {}


@pytest.mark.parametrize(
    ("key", "answers", "is_shown"),
    [
        ("title", {}, True),
        ("wet", {}, False),
        ("wet", {"theme": "water"}, True),
        ("sea_name", {"wet": ["river"]}, False),
        ("sea_name", {"wet": ["river", "sea"]}, True),
        ("received", {"aided": "no"}, False),
    ],
)
def test_a_field_is_shown_by_the_answer_it_hangs_on(key, answers, is_shown):
    assert shown(FORM.field(key), answers) is is_shown


def test_conditions_that_are_not_met_name_their_ground():
    found = unmet_eligibility(FORM, without(people="2", aid="no", received="300000,01"))
    assert [(unmet.field, unmet.ground.en) for unmet in found] == [
        ("people", "article 2"),
        ("received", "article 3"),
        ("aid", "article 4"),
    ]
    assert unmet_eligibility(FORM, without(people="3", received="300.000")) == []


def test_a_missing_or_bad_answer_is_a_gap_and_no_ground():
    assert unmet_eligibility(FORM, {}) == []
    assert unmet_eligibility(FORM, without(people="veel")) == []
    assert unmet_eligibility(FORM, without(aided="no", received="999999999")) == []


def test_a_condition_on_several_choices_is_met_by_one():
    form = read(
        WHOLE.replace(
            'kind = "multi_choice", shown_when = { field = "theme", values = ["water"] }',
            'kind = "multi_choice", eligibility = { values = ["sea"], ground = { nl = "a", en = "a" } }',
        )
    ).stage("idea").form  # fmt: skip
    assert unmet_eligibility(form, without(wet=["river", "sea"])) == []
    assert [unmet.field for unmet in unmet_eligibility(form, without(wet=["river"]))] == ["wet"]


def test_what_is_handed_in_is_clean_and_has_canonical_bytes():
    kept = canonical(FORM, {**GOOD, "kvk": "", "stranger": "x"})
    assert kept["cost"] == "900.50"
    assert kept["starts"] == "2026-09-01"
    assert {"kvk", "paper", "stranger"} & set(kept) == set()
    assert canonical(FORM, kept) == kept
    assert canonical_bytes(kept)
    with pytest.raises(AnswerFault):
        canonical(FORM, without(cost="duur"))


def test_a_draft_keeps_what_was_typed_right_or_wrong(en):
    kept, faults = clean_partial(FORM, {"cost": "1.000 euro", "people": "veel\x00", "title": "", "stranger": "x", "aid": "ja"})
    assert kept == {"title": None, "people": "veel\ufffd", "cost": "1.000 euro", "aid": "yes"}
    assert faults == {"people": "Fill in a number, for example 12 or 2,5.", "cost": "Fill in €900.50 or less."}


def test_rows_that_are_not_right_yet_are_kept_as_typed():
    typed = [{"item": "Werk", "sort": "", "amount": "twee", "strange": 1.5}]
    kept, faults = clean_partial(FORM, {"budget": typed})
    assert kept["budget"] == [{"item": "Werk", "sort": "", "amount": "twee", "strange": "1.5"}]
    assert list(faults) == ["budget"]


DEEP = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(DEEP)
def test_whatever_is_typed_can_be_stored(raw):
    assert "\\u0000" not in canonical_bytes(storable(raw)).decode()
    assert storable(storable(raw)) == storable(raw)


@given(st.dictionaries(st.sampled_from([field.key for field in FORM.fields()]), DEEP, max_size=6))
def test_no_answers_bring_a_form_down(posted):
    kept, faults = clean_partial(FORM, posted)
    assert set(faults) <= set(kept) == set(posted)
    gaps(FORM, kept, IDEA.consortium)
    unmet_eligibility(FORM, kept)
    project(FORM, kept)


def test_the_case_is_read_from_its_answers():
    assert project(FORM, GOOD) == {
        "title": "Licht",
        "summary": "Wat licht doet.",
        "theme": "water",
        "province": "",
        "iban": "NL91ABNA0417164300",
        "amount": None,
        "aid_received": Decimal("1000.00"),
        "years": None,
        "starts": date(2026, 9, 1),
        "state_aid": True,
        "partners": [{**PARTNERS[0], "contribution": Decimal("0.00")}, {**PARTNERS[1], "contribution": Decimal("12.50")}],
    }
    later = project(PLAN.form, {"title": "Licht", "asked": "5.000", "years": "3"})
    assert (later["amount"], later["years"]) == (Decimal(5000), 3)


def test_a_case_without_answers_is_empty():
    assert project(FORM, {"title": ["?"], "starts": "ooit"}) == {
        "title": "", "summary": "", "theme": "", "province": "", "iban": "", "amount": None, "aid_received": None,
        "years": None, "starts": None, "state_aid": None, "partners": [],
    }  # fmt: skip


def test_what_is_not_asked_does_not_stand_for_the_case():
    assert project(FORM, without(aided="no"))["aid_received"] is None


def test_the_rows_of_a_table_add_up_while_they_are_typed():
    field = FORM.field("budget")
    assert total(field, [{"amount": "1.000,50"}, {"amount": ""}, {"amount": "twee"}, {}]) == Decimal("1000.50")


def test_a_report_is_a_form_as_any_other(en):
    form = report_form(PLAN.grant.reports[0])
    assert [(gap.section, gap.field) for gap in gaps(form, {"change": "yes"})] == [("report", "how")]
    assert gaps(form, {"change": "no"}) == []
    assert canonical(form, {"change": "no", "how": "x"}) == {"change": "no"}
    assert project(form, {})["title"] == ""
