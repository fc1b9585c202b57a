"""Every fault between parts that were each read well: one change, one fault, at exactly one path."""

from decimal import Decimal

import pytest

from tender.schemes.loader import read
from tests.tender.schemes.mending import (
    AF,
    GONE,
    GRANT,
    GROUND,
    ONE,
    SELECT,
    THREE,
    TWO,
    F,
    T,
    alone,
    broken,
    case,
    faults,
    letter,
    question,
)

JUDGING = [
    case("stages[idea].assessors", "must be 1 or more: without a panel", (f"{ONE}.assess", "assessors"), (f"{ONE}.assessors", 0)),
    case("stages[plan].assessors", "must be 0: nobody assesses", (f"{THREE}.assessors", 2)),
    case("stages[plan].pitch", "needs assessors to pitch to", (f"{THREE}.pitch", True)),
    case("stages[plan].rubric", "is there, but nobody assesses", (f"{THREE}.rubric", {
        "minimum": 0, "maximum": 1, "step": 1, "criteria": [
            {"key": "q", "weight": 1, "label": T, "questions": [{"key": "q", "label": T}]}]})),
    case("stages[idea].meeting", "assess must be jury", (f"{ONE}.assess", "assessors"), (f"{ONE}.meeting", True)),
    case("stages[proposal].selection.meeting_fixes", "needs meeting = true", (f"{TWO}.meeting", False)),
    case("stages[idea].rubric.minimum", "must be below the maximum of 5", (f"{ONE}.rubric.minimum", 5)),
    case("stages[idea].rubric.step", "must be above 0 and go evenly from 0 to 5", (f"{ONE}.rubric.step", Decimal("0.3"))),
    case("stages[idea].rubric.step", "must be above 0", (f"{ONE}.rubric.step", 0)),
    case("stages[idea].rubric.anchors[1].mark", "2.7 is not a mark that can be given",
         (f"{ONE}.rubric.anchors.1.mark", Decimal("2.7"))),
    case("stages[idea].rubric.anchors[1].mark", "6 is not a mark", (f"{ONE}.rubric.anchors.1.mark", 6)),
    case("stages[idea].rubric.anchors[1].mark", "is explained twice", (f"{ONE}.rubric.anchors.1.mark", 0)),
    case("stages[proposal].rubric.criteria", "is empty: a rubric needs a criterion", (f"{TWO}.rubric.criteria", [])),
    case("stages[idea].rubric.criteria", "the weights add up to 0.9; they must add up to 1",
         (f"{ONE}.rubric.criteria.0.weight", Decimal("0.5"))),
    case("stages[idea].rubric.criteria[quality].weight", "must be above 0",
         (f"{ONE}.rubric.criteria.0.weight", 0), (f"{ONE}.rubric.criteria.1.weight", 1)),
    case("stages[idea].rubric.criteria[quality].floor", "must be from 0 to 100", (f"{ONE}.rubric.criteria.0.floor", 101)),
    case("stages[idea].rubric.criteria[meaning].questions", "needs a question", (f"{ONE}.rubric.criteria.1.questions", [])),
    case("stages[idea].rubric.criteria[lottery].key", "is the word for the draw", (f"{ONE}.rubric.criteria.1.key", "lottery")),
    case("stages[idea].quorum.sheets", "must be 1 or more", (f"{ONE}.quorum.sheets", 0)),
    case("stages[idea].quorum.share", "must be from 0 to 1", (f"{ONE}.quorum.share", 2)),
    case("stages[idea].selection.floor", "must be from 0 to 100", (f"{SELECT}.floor", -1)),
    case("stages[plan].selection.floor", "says nothing with carried_over", (f"{THREE}.selection.floor", 60)),
    case("stages[idea].selection.most", "is missing: aim needs", (f"{SELECT}.most", GONE)),
    case("stages[idea].selection.most", "must be 10, the aim, or more", (f"{SELECT}.most", 9)),
    case("stages[idea].selection.aim", "is missing: most needs an aim", (f"{SELECT}.aim", GONE)),
    case("stages[idea].selection.aim", "must be 1 or more", (f"{SELECT}.aim", 0)),
    case("stages[proposal].selection.meeting_fixes", "two numbers from low to high", (f"{TWO}.selection.meeting_fixes", [4, 3])),
    case("stages[proposal].selection.meeting_fixes", "two numbers from low to high", (f"{TWO}.selection.meeting_fixes", [0, 3])),
    case("stages[proposal].selection.meeting_fixes", "leave out aim and most",
         (f"{TWO}.selection.aim", 3), (f"{TWO}.selection.most", 4)),
    case("stages[idea].selection.passes_needed", "is only for pass_fail", (f"{SELECT}.passes_needed", 2)),
    case("stages[idea].selection.trim", "is only for trimmed_mean", (f"{SELECT}.trim", Decimal("0.2"))),
    case("stages[idea].selection.trim", "is missing: trimmed_mean needs", (f"{SELECT}.method", "trimmed_mean")),
    case("stages[idea].selection.trim", "must be above 0 and under 0.5",
         (f"{SELECT}.method", "trimmed_mean"), (f"{SELECT}.trim", Decimal("0.5"))),
    case("stages[idea].selection.trim", "must be above 0 and under 0.5", (f"{SELECT}.method", "trimmed_mean"), (f"{SELECT}.trim", 0)),
    case("stages[idea].selection.tie_break", "must end with “lottery”", (f"{SELECT}.tie_break", ["quality"])),
    case("stages[idea].selection.tie_break", "must end with “lottery”", (f"{SELECT}.tie_break", [])),
    case("stages[idea].selection.tie_break[0]", "“beauty” is not a criterion", (f"{SELECT}.tie_break", ["beauty", "lottery"])),
    case("stages[idea].selection.tie_break[1]", "“quality” is named twice",
         (f"{SELECT}.tie_break", ["quality", "quality", "lottery"])),
    case("stages[plan].selection.tie_break[0]", "is not a criterion", (f"{THREE}.selection.tie_break", ["quality", "lottery"])),
    case("stages[plan].selection.reserve.places", "must be 1 or more", (f"{THREE}.selection.reserve.places", 0)),
    case("stages[plan].selection.reserve.weeks", "must be 1 or more", (f"{THREE}.selection.reserve.weeks", 0)),
    case("stages[idea].selection.cutoff", "partial would cut a flat amount", (f"{SELECT}.cutoff", GONE)),
    case("stages[idea].selection.cutoff", "pro_rata would cut a flat amount", (f"{SELECT}.cutoff", "pro_rata")),
    case("stages[proposal].selection.method", "carried_over keeps an earlier order, so assess must be none",
         (f"{TWO}.selection", {"method": "carried_over"})),
]  # fmt: skip

GRANTS = [
    case("stages[idea].grant.flat", "is missing: amount = flat needs it", (f"{ONE}.grant.flat", GONE)),
    case("stages[idea].grant.flat", "is missing: amount = flat needs it", (f"{ONE}.grant.flat", 0)),
    case("stages[idea].grant.flat", "is money: at most two decimals", (f"{ONE}.grant.flat", Decimal("10.001"))),
    case("stages[plan].grant.maximum", "is missing: amount = requested needs it", (f"{GRANT}.maximum", GONE)),
    case("stages[plan].grant.flat", "is only for amount = flat", (f"{GRANT}.flat", 5)),
    case("stages[idea].grant.maximum", "is only for amount = requested", (f"{ONE}.grant.maximum", 5)),
    case("stages[proposal].grant.years", "says nothing where no money is given", (f"{TWO}.grant.years", [1, 2])),
    case("stages[proposal].grant.directly_settled", "says nothing where", (f"{TWO}.grant.directly_settled", True)),
    case("stages[plan].grant.years", "must be two numbers from the shortest", (f"{GRANT}.years", [0, 4])),
    case("stages[plan].grant.years", "leaves the period open", (f"{THREE}.form.years", GONE)),
    case("stages[idea].grant.years", "has no later years", (f"{ONE}.grant.years", [1, 1])),
    case("stages[plan].grant.instalments", "the shares add up to 0.9", (f"{GRANT}.instalments.0.share", Decimal("0.4"))),
    case("stages[plan].grant.instalments[first].share", "must be above 0",
         (f"{GRANT}.instalments.0.share", 0), (f"{GRANT}.instalments.1.share", Decimal("0.8"))),
    case("stages[idea].grant.instalments", "is empty: money that is granted must be paid", (f"{ONE}.grant.instalments", [])),
    case("stages[plan].grant.instalments", "a grant of 2 years gets none of the yearly payments", (f"{GRANT}.instalments", [
        {"key": "late", "label": T, "share": 1, "due": "year", "year": 3}])),
    case("stages[plan].grant.instalments[first].year", "is missing: due = year needs", (f"{GRANT}.instalments.0.year", GONE)),
    case("stages[plan].grant.instalments[first].year", "must be from 1 to 4", (f"{GRANT}.instalments.0.year", 5)),
    case("stages[plan].grant.instalments[last].year", "is only for due = year", (f"{GRANT}.instalments.3.year", 1)),
    case("stages[plan].grant.instalments[middle].report", "“third” is not a report", (f"{GRANT}.instalments.2.report", "third")),
    case("stages[plan].grant.instalments[middle].report", "is missing: due = report needs",
         (f"{GRANT}.instalments.2.report", GONE)),
    case("stages[plan].grant.instalments[middle].report", "so this would never be paid", (f"{GRANT}.reports.0.months", 24)),
    case("stages[plan].grant.instalments[last].report", "is only for due = report", (f"{GRANT}.instalments.3.report", "end")),
    case("stages[idea].grant.instalments[whole].due", "is paid on the award", (f"{ONE}.grant.instalments.0.due", "settlement")),
    case("stages[plan].grant.reports[end].final", "there is one final report", (f"{GRANT}.reports.0.final", True)),
    case("stages[plan].grant.reports", "needs a final report", (f"{GRANT}.reports.1.final", False)),
    case("stages[plan].grant.reports[half].months", "must be from 1 to 48", (f"{GRANT}.reports.0.months", 49)),
    case("stages[plan].grant.reports[half].form", "a report must ask something", (f"{GRANT}.reports.0.form", [])),
    case("stages[plan].grant.reports[end].form[done].eligibility", "a report has no conditions of entry",
         (f"{GRANT}.reports.1.form.0.kind", "yes_no"), (f"{GRANT}.reports.1.form.0.max_words", GONE),
         (f"{GRANT}.reports.1.form.0.eligibility", {"values": ["yes"], **GROUND})),
    case("stages[plan].grant.reports[end].form[done].minimum", "is only for a field of kind",
         (f"{GRANT}.reports.1.form.0.minimum", 1)),
    case("stages[plan].grant.accept_weeks", "must be 1 or more", (f"{GRANT}.accept_weeks", 0)),
    case("stages[idea].terms.decision_weeks", "must be 1 or more", (f"{ONE}.terms.decision_weeks", 0)),
    case("stages[idea].terms.repair_days", "must be 1 or more", (f"{ONE}.terms.repair_days", 0)),
    case("stages[idea].terms.warn_days", "must be from 1 to 60", (f"{ONE}.terms.warn_days", 61)),
    case("stages[idea].terms.alarm_days", "the case officer is warned first", (f"{ONE}.terms.alarm_days", 14)),
    case("stages[plan].terms.promise_working_days", "must be 1 or more", (f"{THREE}.terms.promise_working_days", 0)),
    case("stages[plan].terms.next_stage_weeks", "is set, but no stage follows", (f"{THREE}.terms.next_stage_weeks", 4)),
    case("stages[idea].terms.answer_working_days", "must be 1 or more", (f"{ONE}.terms.answer_working_days", 0)),
    case("stages[idea].terms.question_days", "leaves no day of the window to ask a question", (f"{ONE}.terms.question_days", 400)),
    case("stages[idea].chain", "needs two links or more", (f"{ONE}.chain", ["signatory"])),
    case("stages[idea].chain", "must end with signatory", (f"{ONE}.chain", ["signatory", "officer"])),
    case("stages[idea].chain_above.controller", "controller is not in the chain", (f"{ONE}.chain_above", {"controller": 5})),
    case("stages[idea].chain_above.reader", "is the first link: it is always asked",
         (f"{ONE}.chain", ["reader", "officer", "signatory"]), (f"{ONE}.chain_above", {"reader": 5})),
    case("stages[idea].chain_above.reader", "must be more than 0",
         (f"{ONE}.chain", ["officer", "reader", "signatory"]), (f"{ONE}.chain_above", {"reader": 0})),
    case("stages[idea].chain[1]", "officer is in the chain twice", (f"{ONE}.chain", ["officer", "officer", "signatory"])),
]  # fmt: skip

LADDER = [
    case("prefix", "two to four capital letters", ("prefix", "wh1")),
    case("body.email", "is not an e-mail address", ("body.email", "bestuur")),
    case("stages", "is empty: a scheme needs a stage", ("stages", [])),
    case("stages[idea].then", "“finals” is not a stage", (f"{ONE}.then", "finals"), (THREE, GONE), (TWO, GONE)),
    case("stages[plan].key", "is never reached", (f"{TWO}.then", GONE)),
    case("stages[idea].window.closes_day", "must be after opens_day, 0", (f"{ONE}.window.closes_day", 0)),
    case("stages[proposal].window.opens_day", "overlaps: stages[idea] closes on day 30", (f"{TWO}.window.opens_day", 29)),
    case("stages[plan].window.opens_day", "overlaps: stages[proposal] closes on day 80", (f"{TWO}.window.closes_day", 80)),
    case("stages[idea].window", "is missing: intake = window needs it", (f"{ONE}.window", GONE)),
    case("stages[proposal].ceiling_share", "the stage gives no money", (f"{TWO}.ceiling_share", Decimal("0.1"))),
    case("stages[idea].ceiling_share", "is missing: a stage that gives money", (f"{ONE}.ceiling_share", GONE)),
    case("stages[idea].ceiling_share", "must be above 0 and at most 1", (f"{ONE}.ceiling_share", 0)),
    case("stages", "the ceiling shares add up to 1.1", (f"{ONE}.ceiling_share", Decimal("0.2"))),
    case("stages[proposal].form.sections[main].fields[theme].kind", "an answer is carried on, so it must keep its kind",
         (f"{TWO}.form.sections.0.fields.+", question("theme"))),
]  # fmt: skip

LETTERS = [
    case("stages[idea].letters[thanks].kind", "“thanks” is not a kind of letter", (f"{ONE}.letters.+", letter("thanks"))),
    case("stages[plan].letters[invitation].kind", "no stage follows", (f"{THREE}.letters.+", letter("invitation"))),
    case("stages[plan].letters[nomination].kind", "no stage follows", (f"{THREE}.letters.+", letter("nomination"))),
    case("stages[proposal].letters[award].kind", "the stage gives no money", (f"{TWO}.letters.+", letter("award"))),
    case("stages[proposal].letters[settlement].kind", "gives no money", (f"{TWO}.letters.+", letter("settlement"))),
    case("stages[proposal].letters[refusal_ceiling].kind", "gives no money", (f"{TWO}.letters.+", letter("refusal_ceiling"))),
    case("stages[idea].letters[report_due].kind", "the grant has no reports", (f"{ONE}.letters.+", letter("report_due"))),
    case("stages[idea].letters[reserve].kind", "the stage has no reserve list", (f"{ONE}.letters.+", letter("reserve"))),
    case("stages[plan].letters[refusal_minimum].kind", "no floor to fail", (f"{THREE}.letters.+", letter("refusal_minimum"))),
    case("stages[idea].letters[refusal_receipt_order].kind", "is not in order of receipt",
         (f"{ONE}.letters.+", letter("refusal_receipt_order"))),
    case("stages[idea].letters[receipt].uses[0]", "“colour” is used by this letter but not asked",
         (f"{ONE}.letters.0.uses", ["colour"])),
    case("stages[idea].letters[receipt].paragraphs", "is empty", (f"{ONE}.letters.0.paragraphs", [])),
    *(
        pytest.param(
            ((f"{stage}.letters.+", letter(kind, words)),), (f"{at}.nl", f"{at}.en"), message, id=f"{words} {message[:20]}"
        )
        for stage, kind, words, at, message in (
            (ONE, "completion", "{answers.colour}", "stages[idea].letters[completion].paragraphs[0]", "“colour” is not asked"),
            (ONE, "completion", "{name}", "stages[idea].letters[completion].paragraphs[0]", "{name} is not a merge field"),
            (ONE, "completion", "{ title }", "stages[idea].letters[completion].paragraphs[0]", "is not a merge field"),
            (ONE, "completion", "a { b", "stages[idea].letters[completion].paragraphs[0]", "holds a brace"),
            (ONE, "completion", "{{title}}", "stages[idea].letters[completion].paragraphs[0]", "holds a brace"),
            (ONE, "completion", "{objection_until}", "stages[idea].letters[completion].paragraphs[0]", "is for decisions"),
            (ONE, "set_aside", "{asked}", "stages[idea].letters[set_aside].paragraphs[0]", "asks for no amount"),
            (ONE, "set_aside", "{reserve_until}", "stages[idea].letters[set_aside].paragraphs[0]", "no reserve list"),
            (ONE, "set_aside", "{report_by}", "stages[idea].letters[set_aside].paragraphs[0]", "no reports"),
            (TWO, "set_aside", "{amount}", "stages[proposal].letters[set_aside].paragraphs[0]", "gives no money"),
            (TWO, "set_aside", "{paid_by}", "stages[proposal].letters[set_aside].paragraphs[0]", "gives no money"),
            (THREE, "set_aside", "{score}", "stages[plan].letters[set_aside].paragraphs[0]", "makes no total score that orders"),
            (THREE, "set_aside", "{next_stage}", "stages[plan].letters[set_aside].paragraphs[0]", "no stage follows"),
            (THREE, "set_aside", "{floor}", "stages[plan].letters[set_aside].paragraphs[0]", "has no floor"),
            (THREE, "set_aside", "{criterion}", "stages[plan].letters[set_aside].paragraphs[0]", "has no criteria"),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "at", "message"), [*JUDGING, *GRANTS, *LADDER, *LETTERS])
def test_a_fault_is_named_with_its_path_and_alone(changes, at, message):
    assert alone(faults(*changes), at, message), faults(*changes)


def test_a_condition_that_leads_back_to_itself_is_a_loop_on_every_field_in_it():
    found = faults((f"{F}.3.shown_when", {"field": "sea_name", "values": ["a"]}))
    assert found[f"{AF}[wet].shown_when"] == "makes a loop: wet → sea_name → wet"
    assert found[f"{AF}[sea_name].shown_when"] == "makes a loop: sea_name → wet → sea_name"


def test_stages_that_lead_back_are_a_loop():
    found = faults((f"{THREE}.then", "idea"))
    assert found["stages[plan].then"] == "makes a loop: plan → idea → proposal → plan"
    assert "stages[idea].then" in found
    assert "makes a loop: idea → idea" in faults((f"{ONE}.then", "idea"))["stages[idea].then"]


def test_the_order_of_the_stages_is_the_order_of_the_ladder():
    found = faults((f"{ONE}.then", "plan"), (f"{TWO}.then", "idea"))
    assert found["stages[idea].then"] == "skips a stage: “proposal” comes next"
    assert found["stages[proposal].then"] == "“idea” stands before this stage; the order of the stages is the order of the ladder"
    assert "is never reached" in found["stages[proposal].key"]


def test_what_has_no_earlier_stage_cannot_carry_an_order_over():
    found = faults((ONE, GONE), ("stages.0", GONE), ("stages.0.ceiling_share", 1))
    assert found == {"stages[plan].selection.method": "carried_over needs an earlier stage, and this is the first"}


def test_a_letter_tells_no_score_where_another_score_makes_the_order():
    found = faults((f"{SELECT}.method", "schulze"))
    said = "{score} has no value here: the stage makes no total score that orders"
    assert found == {f"stages[idea].letters[refusal_minimum].paragraphs[0].{language}": said for language in ("nl", "en")}


def test_the_lottery_comes_last_and_once():
    found = faults((f"{SELECT}.tie_break", ["lottery", "quality"]))
    assert set(found) == {"stages[idea].selection.tie_break", "stages[idea].selection.tie_break[0]"}


def test_a_jury_needs_a_rubric():
    found = faults((f"{TWO}.rubric", GONE))
    assert found == {
        "stages[proposal].rubric": "is missing: jury needs something to score on",
        "stages[proposal].selection.method": "weighted_mean needs a rubric",
    }


ALL_YEAR = (f"{TWO}.intake", "continuous"), (f"{TWO}.window", GONE), (f"{TWO}.meeting", False)
CONTINUOUS = *ALL_YEAR, (f"{TWO}.then", GONE), (THREE, GONE)
"""The second stage open all year, and the last."""


def test_order_of_receipt_goes_with_a_continuous_intake_only():
    ranked = (f"{TWO}.selection", {"method": "weighted_mean", "within_ceiling": False})
    assert "ranks a whole round" in faults(*CONTINUOUS, ranked)["stages[proposal].selection.method"]
    first = (f"{TWO}.selection", {"method": "first_come"})
    assert "intake must be continuous" in faults(first, (f"{TWO}.meeting", False))["stages[proposal].selection.method"]
    read(broken(*CONTINUOUS, first))


def test_order_of_receipt_leaves_no_order_to_carry_over():
    found = faults(*ALL_YEAR, (f"{TWO}.selection", {"method": "first_come"}))
    assert found == {
        "stages[plan].selection.method": "carried_over needs an order, and stages[proposal] makes none: its intake is continuous"
    }


@pytest.mark.parametrize("cutoff", ["skip_to_fit", "pro_rata"])
def test_order_of_receipt_passes_nobody_over(cutoff):
    found = faults(*CONTINUOUS, (f"{TWO}.selection", {"method": "first_come", "cutoff": cutoff}))
    assert found == {"stages[proposal].selection.cutoff": f"{cutoff} looks at a whole round; in order of receipt say partial or stop"}


def test_a_continuous_intake_has_no_window_and_no_reserve_list():
    found = faults(
        *CONTINUOUS,
        (f"{TWO}.window", {"opens_day": 30, "closes_day": 60}),
        (f"{TWO}.selection", {"method": "first_come", "reserve": {"places": 1, "weeks": 2}}),
    )
    assert set(found) == {"stages[proposal].window", "stages[proposal].selection.reserve"}


def test_pass_or_fail_needs_its_number_and_two_marks():
    passing = {"method": "pass_fail", "passes_needed": 2}
    two_marks = (f"{TWO}.rubric.maximum", 2)
    read(broken(*CONTINUOUS, two_marks, (f"{TWO}.selection", passing), (f"{TWO}.assessors", 2)))
    at = "stages[proposal].selection.passes_needed"
    assert set(faults(*CONTINUOUS, two_marks, (f"{TWO}.selection", {"method": "pass_fail"}))) == {at}
    assert set(faults(*CONTINUOUS, two_marks, (f"{TWO}.selection", passing), (f"{TWO}.assessors", 1))) == {at}
    assert set(faults(*CONTINUOUS, (f"{TWO}.selection", passing))) == {"stages[proposal].rubric"}
    assert set(faults(*CONTINUOUS, two_marks, (f"{TWO}.selection", {**passing, "aim": 3, "most": 4}))) == {
        "stages[proposal].selection.aim", "stages[proposal].selection.most",
    }  # fmt: skip


def test_the_merge_fields_that_every_letter_may_hold_are_good():
    words = "{reference} {title} {applicant} {call} {stage} {decide_by} {received_at} {reason} {answers.title}"
    read(broken((f"{TWO}.letters.+", letter("cancellation", words))))
