from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

SHROUT_FLEISS = "9,2,5,8\n6,1,3,2\n8,4,6,8\n7,1,2,6\n10,5,6,9\n6,2,4,7\n"


@pytest.fixture
def reliability(tmp_path):
    def run(text: str, *options: str) -> str:
        path = tmp_path / "ratings.csv"
        path.write_text(text)
        out = StringIO()
        call_command("reliability", str(path), *options, stdout=out)
        return out.getvalue()

    return run


def test_as_json(reliability) -> None:
    found = json.loads(reliability(SHROUT_FLEISS, "--json"))
    assert (found["targets"], found["judges"], found["notes"]) == (6, 4, [])
    assert {key: round(value, 3) for key, value in found["icc"].items() if key.startswith("icc")} == {
        "icc1": 0.166, "icc2": 0.290, "icc3": 0.715, "icc1k": 0.443, "icc2k": 0.620, "icc3k": 0.909,
    }  # fmt: skip
    assert set(found["alpha"]) == {"nominal", "ordinal", "interval", "ratio"}
    assert round(found["w"]["w_ties"], 4) == 0.8870


def test_for_a_person(reliability) -> None:
    said = reliability(SHROUT_FLEISS)
    assert "ICC(2,k)          0.620" in said
    assert "W with ties       0.887" in said
    assert "alpha ordinal     0.109" in said


def test_what_cannot_be_had_is_null_with_a_note(reliability) -> None:
    """Every unit has two values, but no two targets were rated by everybody."""
    found = json.loads(reliability("1,1,\n2,,2\n,3,3\n", "--json"))
    assert (found["icc"], found["w"]) == (None, None)
    assert found["alpha"]["nominal"] == 1
    assert len(found["notes"]) == 1
    assert "At least two targets" in reliability("1,1,\n2,,2\n,3,3\n")


def test_no_variation_is_null(reliability) -> None:
    assert json.loads(reliability("3,3\n3,3\n", "--json"))["alpha"]["interval"] is None
    assert "alpha interval    -" in reliability("3,3\n3,3\n")


@pytest.mark.parametrize(
    ("text", "fault"),
    [("1,x\n2,3\n3,y\n4,5\n", "is not a number"), ("1,\n,2\n", "two values"), ("", "no ratings")],
)
def test_a_bad_file_ends_in_one(reliability, text: str, fault: str) -> None:
    with pytest.raises(CommandError, match=fault) as caught:
        reliability(text)
    assert caught.value.returncode == 1


def test_a_file_that_is_not_there(tmp_path) -> None:
    with pytest.raises(CommandError, match=r"none\.csv"):
        call_command("reliability", str(tmp_path / "none.csv"))
