"""Every fault in what reports account for: one change, one fault, at exactly one path."""

from decimal import Decimal

import pytest

from tender.schemes.loader import read
from tests.tender.schemes.mending import GRANT, T, alone, broken, case, faults

AT, BUDGET = "stages[plan].grant", {"costs": "spent", "line": "item"}
HALF, END = f"{GRANT}.reports.0", f"{GRANT}.reports.1"
ASKED = {"key": "more", "kind": "long_text", "label": T}
FILE = {"key": "statement", "kind": "file", "label": T, "file_types": ["pdf"], "max_megabytes": 5}
LOW = (f"{GRANT}.classes", {"activity": 1000, "cost": 5000})


@pytest.mark.parametrize(
    ("changes", "at", "message"),
    [
        case(f"{AT}.classes", "activity must be above 0 and at most cost", (f"{GRANT}.classes", {"activity": 90000, "cost": 80000})),
        case(f"{AT}.budget.costs", "is not a table of the form with money", (f"{GRANT}.budget", {**BUDGET, "costs": "steps"})),
        case(f"{AT}.budget.costs", "is not a table of the form with money", (f"{GRANT}.budget", {**BUDGET, "costs": "none"})),
        case(f"{AT}.budget.line", "is not a column of “spent”", (f"{GRANT}.budget", {**BUDGET, "line": "what"})),
        case(f"{AT}.budget", "are named together", (f"{GRANT}.budget", {**BUDGET, "income": "cover"})),
        case(f"{AT}.budget.source", "is not a column of “cover”", (f"{GRANT}.budget", {**BUDGET, "income": "cover", "source": "x"})),
        case(f"{AT}.budget.threshold", "is a share", (f"{GRANT}.budget", {**BUDGET, "threshold": 20})),
        case(f"{AT}.indicators[a]", "needs either a target", (f"{GRANT}.indicators", [{"key": "a", "label": T}])),
        case(f"{AT}.indicators[a].target_from", "asks for a number",
             (f"{GRANT}.indicators", [{"key": "a", "label": T, "target_from": "title"}])),
        case(f"{AT}.reports[end].review", "a final report is no review", (f"{END}.review", True)),
        case(f"{AT}.reports[half].budget", "does not tell where its budget stands", (f"{HALF}.budget", True)),
        case(f"{AT}.reports[half].indicators", "the grant has no indicators", (f"{HALF}.indicators", True)),
        case(f"{AT}.reports[half].opens_weeks", "must be from 1 to 52", (f"{HALF}.opens_weeks", 53)),
        case(f"{AT}.reports[half].repair_days", "must be 1 or more", (f"{HALF}.repair_days", 0)),
        case(f"{AT}.reports[half].activity", "is asked in the final report only", (f"{HALF}.activity", [ASKED])),
        case(f"{AT}.reports[end].activity[done].key", "is asked in the form", (f"{END}.activity", [{**ASKED, "key": "done"}])),
        case(f"{AT}.reports[end].lump_sum[more].eligibility", "no conditions of entry", (f"{END}.lump_sum", [
            {**ASKED, "kind": "yes_no", "eligibility": {"values": ["yes"], "ground": T}}])),
        case(f"{AT}.reports[end]", "is the key of a question that the program asks", (f"{END}.cost", [{**FILE, "key": "actual_total"}])),
        case(f"{AT}.reports[end].cost", "needs an auditor's statement", LOW, (f"{END}.activity", [ASKED]),
             (f"{END}.cost", [{**FILE, "required": False}])),
        case(f"{AT}.reports[end].activity", "accounts for the activity", LOW, (f"{END}.cost", [FILE])),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_path_and_alone(changes, at, message):
    assert alone(faults(*changes), at, message), faults(*changes)


def test_what_is_right_is_taken():
    scheme = read(broken(
        (f"{GRANT}.budget", {**BUDGET, "income": "cover", "source": "source", "threshold": Decimal("0.1")}),
        (f"{GRANT}.indicators", [{"key": "a", "label": T, "target_from": "years"}, {"key": "b", "label": T, "target": 2}]),
        LOW, (f"{END}.activity", [ASKED]), (f"{END}.cost", [FILE]), (f"{HALF}.budget", True), (f"{HALF}.indicators", True),
        (f"{HALF}.review", True), (f"{HALF}.opens_weeks", 8),
    ))  # fmt: skip
    grant = scheme.stages[-1].grant
    assert (grant.budget.income, grant.reports[0].review, grant.classes.cost) == ("cover", True, 5000)
