"""Merge fields, answers for readers, and rules in plain words."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from tender.schemes.definition import Text
from tender.schemes.loader import read
from tender.schemes.merge import MERGE_FIELDS, fields_in, fill, stray_braces
from tender.schemes.partners import part_label
from tender.schemes.plain_words import HOW, rules_in_words
from tender.schemes.vocabulary import COMPARING, Method
from tender.schemes.wording import in_words
from tests.tender.schemes.mending import GONE, WHOLE, broken
from tests.tender.schemes.test_answers import GOOD

SCHEME = read(WHOLE)
FORM = SCHEME.stage("idea").form
TWO = "stages.1"
HEARD_NL = "Voordat we u op een voorwaarde afwijzen of een subsidie lager vaststellen, hoort u waarom."


def test_merge_fields_are_filled_once_and_as_they_are():
    assert fields_in("{a} en {b}, {a}") == ("a", "b")
    assert fill("{a} en {b}", {"a": "{b}", "b": "x"}) == "{b} en x"
    assert stray_braces("{a} }")
    assert not stray_braces("{a}")
    with pytest.raises(KeyError):
        fill("{a}", {})
    assert all(doc.endswith(".") for doc in MERGE_FIELDS.values())


@pytest.mark.parametrize(
    ("key", "nl", "en"),
    [
        ("title", "Licht", "Licht"),
        ("theme", "Water", "Water"),
        ("wet", "Zee", "Sea"),
        ("starts", "1 september 2026", "1 September 2026"),
        ("people", "4", "4"),
        ("cost", "€\u00a0900,50", "€900.50"),
        ("budget", "Werk · Werk · €\u00a0500\nWerk · Werk · €\u00a0400,50", "Werk · Labour · €500\nWerk · Labour · €400.50"),
        ("partners",
         ("Wad (bedrijf, creatieve industrie): €\u00a00\n"
          "Hub (maatschappelijke organisatie of bewoners, creatieve hub): €\u00a012,50"),
         "Wad (business, creative industry): €0\nHub (civil society or residents, creative hub): €12.50"),
        ("iban", "NL91 ABNA 0417 1643 00", "NL91 ABNA 0417 1643 00"),
        ("aided", "ja", "yes"),
        ("kvk", "", ""),
    ],
)  # fmt: skip
def test_an_answer_for_a_reader(key, nl, en):
    assert in_words(FORM.field(key), GOOD.get(key), "nl") == nl
    assert in_words(FORM.field(key), GOOD.get(key), "en-gb") == en


def test_what_is_no_good_answer_is_shown_as_typed():
    assert in_words(FORM.field("cost"), "duur", "nl") == "duur"
    assert in_words(FORM.field("partners"), ["x"], "nl") == ""


def test_what_is_asked_for_by_a_key_that_is_not_there_is_an_error():
    for find in (SCHEME.stage, FORM.field):
        with pytest.raises(KeyError):
            find("nothing")
    assert SCHEME.stage("idea").letter("receipt").subject.en == "Received: {title}"
    assert SCHEME.stage("idea").letter("award") is None


def test_texts_speak_the_language_of_the_moment():
    text = Text("ja", "yes")
    with override("en"):
        assert (str(text), str(part_label("hub"))) == ("yes", "creative hub")
    with override("nl"):
        assert str(text) == "ja"
    assert (text.in_language("en-gb"), text.in_language("fy")) == ("yes", "ja")


def told(stage, *changes):
    scheme = read(broken(*changes))
    with override("en"):
        return rules_in_words(scheme, scheme.stage(stage))


def test_the_rules_of_a_ranked_stage():
    rules = told("idea", ("natural_persons", True), ("one_per_applicant", True))
    for said in (
        "You may also apply as a person, without an organisation.",
        "Each applicant may hand in one application.",
        "There are at least 2 partners.",
        "Each partner agrees by a link in a mail to what it is named for, before you hand in.",
        "Two people who may sign for the applicant sign the form.",
        "At least one partner is from: creative industry.",
        "At least one partner is from one of these: creative hub, knowledge institution or school.",
        "2 members of the jury judge your application, apart from each other.",
        "Who judges does not see who applies.",
        "We look at: Quality (60%) and Meaning (40%). Together they make a score from 0 to 100.",
        "On “Quality” at least 40 out of 100 is needed.",
        "At least 60 out of 100 is needed in total.",
        "The best 10 are chosen. Who ties with the last of them comes in too, as long as it makes no more than 12.",
        "With equal scores we look at: Quality. If they are still equal, lots are drawn.",
        "You get a fixed amount of €1,000.",
        "Who is chosen may hand in for: Proposal.",
        "By law you have a decision within 13 weeks.",
    ):
        assert said in rules


def test_the_rules_of_a_stage_without_a_jury():
    rules = told("plan")
    for said in (
        "There is no jury in this stage: we talk your plan over with you.",
        "The order of the stage before stays as it is.",
        "The next in line goes on a reserve list, which is valid for 26 weeks.",
        "The grant is for 2 to 4 years.",
        "You get what you ask for, at most €5,000.",
        "We pay an advance each year, and the rest when we settle the grant.",
        "You report: Halfway; End.",
        "We promise a decision within 40 working days.",
    ):
        assert said in rules


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([], "All members of the jury who have no interest in it judge your application, apart from each other."),
        ([], "Then the jury meets. What it changes, and why, is put on record."),
        ([], "There is no money in this stage yet."),
        ([], "With equal scores lots are drawn."),
        ([(f"{TWO}.assessors", 1)], "1 member of the jury judges your application."),
        ([(f"{TWO}.rubric.criteria.0.floor", 50)], "On “Quality” at least 50 out of 100 is needed."),
        ([(f"{TWO}.rubric.criteria", [
            {"key": key, "weight": Decimal("0.5"), "floor": 50, "label": {"nl": key, "en": key},
             "questions": [{"key": "q", "label": {"nl": "q", "en": "q"}}]} for key in ("a", "b")])],
         "On each of these at least 50 out of 100 is needed."),
    ],
)  # fmt: skip
def test_the_rules_of_a_nomination(changes, said):
    assert said in told("proposal", *changes)


def test_every_method_but_the_plain_ones_is_explained():
    assert set(HOW) == set(Method) - {Method.WEIGHTED_MEAN, Method.PASS_FAIL, Method.FIRST_COME}
    assert len({how() for how in HOW.values()}) == len(HOW)


@pytest.mark.parametrize("method", sorted(COMPARING))
def test_the_rules_say_beforehand_what_decides_where_a_method_does_not_fit(method):
    rules = told("proposal", (f"{TWO}.selection.method", method))
    with override("en"):
        assert HOW[Method(method)]() in rules
    assert "If the scores of this round are too few or too much alike for that, the average score decides." in rules


def test_the_rules_of_a_continuous_intake():
    rules = told(
        "proposal",
        (f"{TWO}.intake", "continuous"), (f"{TWO}.window", GONE), (f"{TWO}.meeting", False), (f"{TWO}.assess", "assessors"),
        (f"{TWO}.assessors", 2), (f"{TWO}.coach_intake", True), (f"{TWO}.pitch", True), (f"{TWO}.rubric.maximum", 2),
        (f"{TWO}.selection", {"method": "pass_fail", "passes_needed": 2}),
        ("stages.2.intake", "continuous"), ("stages.2.window", GONE), ("stages.2.selection", {"method": "first_come"}),
        ("stages.2.letters", []),
    )  # fmt: skip
    for said in (
        "You may apply all year, as long as there is money.",
        "An innovation coach talks to you first.",
        "You tell the assessors about your plan yourself.",
        "2 assessors judge your application.",
        "Each assessor says pass or fail on: Quality.",
        "You need a pass on every question from at least 2 assessors.",
    ):
        assert said in rules
    assert not any("equal scores" in said for said in rules)


@pytest.mark.parametrize(
    ("cutoff", "said"),
    [("skip_to_fit", "passed over for one that does"), ("pro_rata", "an equal part"), ("partial", "gets what is left")],
)
def test_the_rules_at_the_ceiling(cutoff, said):
    assert any(said in rule for rule in told("plan", ("stages.2.selection.cutoff", cutoff)))


def test_until_when_a_question_can_be_asked_is_told_where_it_ends_before_the_closing(en):
    scheme = read(broken(("stages.0.terms.question_days", 7)))
    assert "You can ask a question until 7 days before the closing." in rules_in_words(scheme, scheme.stages[0])


@pytest.mark.parametrize(
    ("days", "language", "said"),
    [
        (14, "en", "Before we refuse you on a condition, or settle a grant lower, you hear why and have 14 days to respond."),
        (1, "en", "Before we refuse you on a condition, or settle a grant lower, you hear why and have 1 day to respond."),
        (14, "nl", f"{HEARD_NL} U hebt 14 dagen om te reageren."),
        (1, "nl", f"{HEARD_NL} U hebt 1 dag om te reageren."),
    ],
)
def test_the_rules_say_that_the_party_is_heard_first_and_for_how_long(days, language, said):
    scheme = read(broken(("stages.0.terms.hearing_days", days)))
    with override(language):
        assert said in rules_in_words(scheme, scheme.stages[0])


@pytest.mark.parametrize(("weeks", "said"), [(0, None), (1, "at most 1 week later."), (6, "at most 6 weeks later.")])
def test_the_rules_say_how_much_longer_a_decision_may_take(en, weeks, said):
    scheme = read(broken(("stages.0.terms.postpone_weeks", weeks)))
    told = [each for each in rules_in_words(scheme, scheme.stages[0]) if "more time" in each]
    assert [each.endswith(said) for each in told] == ([True] if said else [])


def test_where_nobody_is_heard_the_rules_do_not_promise_it(en):
    scheme = read(broken(("stages.0.terms.hearing_days", 0)))
    assert not [said for said in rules_in_words(scheme, scheme.stages[0]) if "to respond" in said]
