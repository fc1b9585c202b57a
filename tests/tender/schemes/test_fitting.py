"""Which fund fits: the conditions of any scheme become questions, and answers become yes, no or perhaps with why."""

from pathlib import Path

import pytest

from tender.schemes.definition import FieldKind
from tender.schemes.fitting import (
    NONE,
    PARTS,
    PLACE,
    WHO,
    Verdict,
    carried,
    conditions,
    judged,
    next_question,
    questions,
    still_to_ask,
    understood,
)
from tender.schemes.loader import read
from tests.tender.schemes.test_shipped import SCHEMES

ELSEWHERE = {"buurtwerk": Path(__file__).parents[2] / "journeys/buurtwerk.toml", "whole": Path(__file__).parent / "whole.toml"}
ALL = {**SCHEMES, **{name: read(path.read_text()) for name, path in ELSEWHERE.items()}}
EVERY = [conditions(scheme) for scheme in SCHEMES.values()]


def good(of):
    """An answer to each question that meets every test on it."""
    said = {}
    for each in of.tested:
        test = each.test
        if each.asked.kind == FieldKind.MULTI_CHOICE:
            said[each.name] = sorted({*said.get(each.name, []), test.values[0]})
        else:
            said[each.name] = test.values[0] if test.values else str(test.at_least if test.at_least is not None else test.at_most)
    return said


def bad(condition):
    """An answer that fails one test."""
    test, asked = condition.test, condition.asked
    if not test.values:
        return str(test.at_least - 1 if test.at_least is not None else test.at_most + 1)
    if asked.kind == FieldKind.YES_NO:
        return "no" if "yes" in test.values else "yes"
    other = [option.value for option in asked.options if option.value not in test.values]
    return [NONE] if asked.kind == FieldKind.MULTI_CHOICE else other[0]


@pytest.mark.parametrize("name", ALL)
def test_whoever_meets_everything_fits_and_each_condition_alone_says_no(name):
    """For any scheme: no code knows one by name."""
    of = conditions(ALL[name])
    assert judged(of, good(of)).verdict is Verdict.FITS
    for condition in of.tested:
        fit = judged(of, {**good(of), condition.name: bad(condition)})
        assert fit.verdict is Verdict.NOT
        assert condition.test.ground in fit.against


def test_what_is_not_answered_is_perhaps_and_says_what_it_hangs_on():
    of = conditions(SCHEMES["minifund"])
    assert judged(of, {}).verdict is Verdict.PERHAPS
    said = good(of)
    said.pop(PLACE)
    assert judged(of, said) == judged(of, {**said, PLACE: None})
    assert judged(of, said).open == (PLACE,)


def test_declarations_and_formal_points_are_told_and_not_asked():
    of = conditions(SCHEMES["crossover"])
    assert {each.name for each in of.tested} == {WHO, "many", PARTS, PLACE}
    assert any("de-minimis" in ground.nl or "de minimis" in ground.nl for ground in of.later)
    assert any("stemmen in" in ground.nl for ground in of.later)


def test_a_question_that_schemes_share_is_asked_once_with_all_its_answers():
    asked = questions(EVERY)
    assert asked[PLACE].label.en == "In which province does it happen?"
    assert [option.value for option in asked[PLACE].options] == ["groningen", "fryslan", "drenthe", "elsewhere"]
    assert {option.value for option in asked[PARTS].options} == {"creative", "theme", "education", "hub", "festival", NONE}
    alone = questions([conditions(SCHEMES["minifund"])])
    assert alone[PLACE].label.en == "In which province do you work?"
    assert WHO not in alone, "who may all apply need not say who they are"


def walk(**picks):
    """The questions in the order in which somebody gets them."""
    said, order = {}, []
    while (name := next_question(EVERY, said, ())) is not None:
        assert still_to_ask(EVERY, said, ()) >= 1
        order.append(name)
        asked = questions(EVERY)[name]
        key = name.split("-")[0]
        said[name] = picks.get(key) or ("yes" if asked.kind == FieldKind.YES_NO else asked.options[0].value if asked.options else "7")
    return order, said


def test_the_question_that_sets_the_schemes_apart_comes_first_and_only_what_matters_follows():
    order, said = walk(who="person")
    assert (order[0], len(order)) == (WHO, 4)
    verdicts = {key: judged(conditions(scheme), said).verdict for key, scheme in SCHEMES.items()}
    assert verdicts == {"minifund": "fits", "crossover": "not", "hub_support": "not", "pressure_cooker": "not"}
    order, said = walk(who="person", place="elsewhere")
    assert len(order) == 2, "who works elsewhere is not asked the rest"
    assert all(judged(each, said).verdict is Verdict.NOT for each in EVERY)


def test_a_question_that_was_passed_over_does_not_come_back():
    assert next_question(EVERY, {}, [WHO]) not in {WHO, None}
    assert next_question(EVERY, {}, list(questions(EVERY))) is None


def test_bad_answers_say_how_to_mend_them(en):
    said, faults = understood(questions(EVERY), {PLACE: "atlantis", "many": "-2", WHO: "person", PARTS: []})
    assert said == {WHO: "person"}
    assert set(faults) == {PLACE, "many"}
    assert "0 or more" in faults["many"]


def test_answers_go_along_only_to_questions_of_the_form():
    of = conditions(SCHEMES["pressure_cooker"])
    along = carried(of, {**good(of), WHO: "together"})
    assert set(along) == {"province", "days", "two_days"}
    assert carried(of, {WHO: "together"}) == {}


def test_the_bounds_of_one_scheme_refuse_no_answer_that_is_right_for_another():
    small = ALL["whole"]
    large = read(ELSEWHERE["whole"].read_text().replace("minimum = 1, maximum = 90", "minimum = 1, maximum = 9000"))
    asked = questions([conditions(small), conditions(large)])
    name = next(name for name in asked if name.startswith("people-"))
    assert understood(asked, {name: "400"}) == ({name: "400"}, {})
