"""A text for a letter as an administrator may save it: what passes can be printed, and what does not is told by its line."""

import unicodedata
from io import BytesIO
from pathlib import Path

import pytest
from django.utils.translation import override
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from tender.schemes.checks.letters import KINDS
from tender.schemes.loader import read
from tender.schemes.merge import EVERYWHERE, KIND_FIELDS, MERGE_FIELDS, MOST_OF_A_VALUE, harmless
from tender.schemes.own_texts import (
    LONGEST_WORD,
    MOST,
    MOST_FIELDS,
    SIGNS,
    can_go_out,
    faults,
    known_fields,
    paragraphs,
    tidied,
)
from tests.tender.schemes.mending import WHOLE

SCHEME = read(WHOLE)
STAGE = SCHEME.stage("idea")
FONTS = Path(__file__).parents[3] / "reports" / "static" / "reports" / "fonts"


def said(kind="receipt", **parts):
    with override("en"):
        return [(fault.part, str(fault)) for fault in faults(STAGE, kind, parts)]


def test_every_kind_declares_fields_that_there_are():
    assert set(KIND_FIELDS) == set(KINDS)
    assert set().union(EVERYWHERE, *KIND_FIELDS.values()) == set(MERGE_FIELDS)


def test_the_typeface_has_every_sign_and_none_is_unseen():
    for weight in ("regular", "semibold", "bold"):
        here = set().union(*(TTFont(BytesIO(path.read_bytes())).getBestCmap() for path in FONTS.glob(f"*{weight}.ttf")))
        assert {sign for sign in SIGNS if ord(sign) not in here} == set(), weight
    assert {unicodedata.category(sign) for sign in SIGNS} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Goed.\nU vroeg {titel}.", "Line 2: {titel} is not a merge field. Did you mean {title}?"),
        ("{ Title }", "Line 1: { Title } is not a merge field. Did you mean {title}?"),
        ("{title.__class__}", "{title.__class__} is not a merge field. Did you mean {title}?"),
        ("{zzzzqq}", "{zzzzqq} is not a merge field. The list on this page has all there are."),
        ("{rank}", "{rank} has no value in this letter."),
        ("{}", "{} is not a merge field."),
        ("{title", "a brace stands alone near “{title”"),
        ("{{title}}", "a brace stands alone"),
        ("{% now 'Y' %}", "is not a merge field"),
        ("a\u202eb", "a letter cannot hold this sign: U+202E"),
        ("a\u200bb", "U+200B"),
        ("a\x00b", "U+0000"),
        ("Gefeliciteerd 🎉", "(U+1F389)"),
        ("x" * 61, "is too long for a line of a letter"),
    ],
)  # fmt: skip
def test_what_a_letter_cannot_say_is_told_by_its_line(text, words):
    found = said(body=text)
    assert [part for part, _words in found] == ["body"] * len(found) != []
    assert any(words in told for _part, told in found), found


def test_a_text_has_an_end():
    assert said(closing="x " * 1001) == [("closing", "This is 2002 characters long; 2000 is the most.")]
    assert said(subject="Een\nTwee") == [("subject", "A subject is one line.")]
    assert said(body="{title} " * (MOST_FIELDS + 1))[0][1].startswith("There are 41 merge fields")
    assert said(opening="{" + "a" * 80 + "}")[0][1].startswith("Line 1: {" + "a" * LONGEST_WORD + "…} is not a merge field.")


def test_fields_are_those_of_the_kind_and_of_the_stage():
    assert "decide_by" in known_fields(STAGE, "receipt")
    assert "decide_by" not in known_fields(STAGE, "refusal_rank")
    assert "objection_until" in known_fields(STAGE, "refusal_rank")
    assert "answers.title" in known_fields(STAGE, "receipt")
    assert not can_go_out(STAGE, "reserve")
    assert not can_go_out(STAGE, "geheim")
    assert can_go_out(STAGE, "receipt")


@given(st.text())
def test_tidied_is_tidied_already(text):
    assert tidied(tidied(text)) == tidied(text)
    assert "\n\n\n" not in tidied(text)
    assert all(paragraphs(tidied(text)))


def test_what_word_processors_put_in_is_taken():
    assert tidied("  Een\tzin\u2011met\u202fdit\u00ad.\r\n\r\n\r\n\r\nTwee\u2028Drie \x0b") == "Een zin-met\xa0dit.\n\nTwee\nDrie"
    assert said(body=tidied("Cafe\u0301 “ja” – ’t is € 5…")) == []


@given(st.text(alphabet=st.characters()), st.integers(min_value=0, max_value=3))
def test_a_value_steers_nothing(text, times):
    value = harmless(text * 10**times)
    assert len(value) <= MOST_OF_A_VALUE
    assert {unicodedata.category(sign) for sign in value} & {"Cf", "Cs", "Co", "Zl", "Zp"} == set()
    assert {sign for sign in value if unicodedata.category(sign) == "Cc"} <= {"\n"}


@settings(max_examples=300)
@given(st.text(max_size=300))
def test_no_text_breaks_the_check(text):
    """Whatever is typed, it passes or it is told what is wrong."""
    for fault in faults(STAGE, "receipt", {"body": tidied(text)}):
        assert fault.part in MOST
        assert str(fault)
