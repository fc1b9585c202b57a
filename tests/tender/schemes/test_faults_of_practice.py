"""Practice proposals: an answer on every question of the rubric, and on no other."""

from decimal import Decimal

import pytest

from tender.schemes.faults import SchemeFaults
from tender.schemes.loader import read
from tests.tender.schemes.mending import GONE, broken

T = {"nl": "x", "en": "x"}
AT = "stages[idea].practice[try]"


def deserves(question, mark):
    return {"question": question, "mark": mark, "why": T}


TRY = {
    "key": "try",
    "title": T,
    "sections": [{"label": T, "text": T}],
    "anchors": [deserves("quality.good", 4), deserves("quality.new", Decimal("2.5")), deserves("meaning.use", 1)],
}


def faults(*changes, stage=0):
    with pytest.raises(SchemeFaults) as caught:
        read(broken((f"stages.{stage}.practice", [TRY]), *((f"stages.{stage}.practice.0.{path}", value) for path, value in changes)))
    return {fault.path: fault.message for fault in caught.value.faults}


def test_a_good_one_is_read_whole():
    stage = read(broken(("stages.0.practice", [TRY]))).stages[0]
    practice = stage.practice_called("try")
    assert [(anchor.question, anchor.mark) for anchor in practice.anchors] == [
        ("quality.good", Decimal(4)), ("quality.new", Decimal("2.5")), ("meaning.use", Decimal(1)),
    ]  # fmt: skip
    assert practice.anchor("quality.new").mark == Decimal("2.5")
    assert stage.practice_called("other") is None


@pytest.mark.parametrize(
    ("change", "at", "message"),
    [
        (("sections", []), "sections", "is empty: there must be something to read"),
        (("anchors.0", GONE), "anchors", "says nothing on quality.good: each question needs the mark that it deserves"),
        (("anchors.+", deserves("quality.old", 1)), "anchors[3].question", "“quality.old” is not a question of the rubric"),
        (("anchors.+", deserves("meaning.use", 1)), "anchors[3].question", "“meaning.use” is used twice"),
        (("anchors.0.mark", Decimal("4.2")), "anchors[0].mark", "4.2 is not a mark that can be given"),
    ],
)
def test_a_fault_is_named_with_its_path_and_alone(change, at, message):
    found = faults(change)
    assert set(found) == {f"{AT}.{at}"}
    assert message in found[f"{AT}.{at}"]


def test_only_a_panel_practises():
    assert faults(stage=2) == {"stages[plan].practice": "is for a panel to try its marks on, so assess must be jury"}
