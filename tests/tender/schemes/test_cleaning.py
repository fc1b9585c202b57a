"""One answer, from typed to kept: what is taken, what is refused with which words, and that kept answers stay as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tender.schemes.cleaning import clean, words
from tender.schemes.definition import Column, Field, FieldKind, Option, Text
from tender.schemes.figures import AnswerFault

K = FieldKind
LABEL = Text("Vraag", "Question")
OPTIONS = (Option("a", Text("A", "A")), Option("b", Text("B", "B")), Option("c", Text("C", "C")))
COLUMNS = (
    Column("item", K.SHORT_TEXT, Text("Post", "Item")),
    Column("sort", K.CHOICE, Text("Soort", "Kind"), options=OPTIONS),
    Column("hours", K.NUMBER, Text("Uren", "Hours"), minimum=1),
    Column("amount", K.MONEY, Text("Bedrag", "Amount"), maximum=500),
)
PARTNER = {
    "name": "Studio Wad", "kvk": "12345678", "helix": "business", "sector": "creative",
    "contribution": "1.000", "contact": "Fenna", "email": "fenna@wad.example",
}  # fmt: skip


def field(kind, **more):
    made = {K.CHOICE: {"options": OPTIONS}, K.MULTI_CHOICE: {"options": OPTIONS}, K.TABLE: {"columns": COLUMNS}}
    return Field(key="it", kind=kind, label=LABEL, **{**made.get(kind, {}), **more})


def row(**more):
    return {"item": "Hout", "sort": "b", "hours": "3", "amount": "12,5", **more}


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (K.SHORT_TEXT, "  Licht \n op\tzee ", "Licht op zee"),
        (K.SHORT_TEXT, 12, "12"),
        (K.SHORT_TEXT, "e\u0301\u200b", "é\u200b"),
        (K.LONG_TEXT, " Een\r\ntwee\x0bdrie\x07 ", "Een\ntwee\ndrie"),
        (K.LONG_TEXT, "\ufeff  \n ", None),
        (K.NUMBER, "2,50", "2.5"),
        (K.NUMBER, 3, "3"),
        (K.MONEY, "€ 5.000", "5000.00"),
        (K.DATE, "2026-11-23", "2026-11-23"),
        (K.DATE, "3-1-2026", "2026-01-03"),
        (K.DATE, "23/11/2026", "2026-11-23"),
        (K.CHOICE, "b", "b"),
        (K.MULTI_CHOICE, ["c", "a", "c"], ["a", "c"]),
        (K.MULTI_CHOICE, "b", ["b"]),
        (K.YES_NO, "yes", "yes"),
        (K.YES_NO, " Nee", "no"),
        (K.YES_NO, True, "yes"),
        (K.YES_NO, False, "no"),
        (K.FILE, "41", "41"),
        (K.FILE, 41, "41"),
        (K.IBAN, "nl91 abna 0417 1643 00", "NL91ABNA0417164300"),
        (K.KVK, "1234 5678", "12345678"),
        (K.TABLE, [row(), {"item": ""}], [{"item": "Hout", "sort": "b", "hours": "3", "amount": "12.50"}]),
        (K.TABLE, [{"item": None}], None),
        (K.PARTNERS, [PARTNER], [{**PARTNER, "contribution": "1000.00"}]),
        (K.PARTNERS, [{**PARTNER, "kvk": ""}], [{**PARTNER, "kvk": "", "contribution": "1000.00"}]),
    ],
)
def test_a_good_answer_is_kept_in_one_form(kind, typed, kept):
    assert clean(field(kind), typed) == kept
    assert clean(field(kind), kept) == kept


@pytest.mark.parametrize("kind", list(K))
@pytest.mark.parametrize("typed", [None, "", []])
def test_nothing_is_none(kind, typed):
    assert clean(field(kind), typed) is None


@pytest.mark.parametrize(
    ("made", "typed", "message"),
    [
        (field(K.SHORT_TEXT), "a\x00b", "cannot be kept"),
        (field(K.SHORT_TEXT), "a\ud800b", "cannot be kept"),
        (field(K.SHORT_TEXT), ["a"], "Fill in text here"),
        (field(K.SHORT_TEXT), True, "Fill in text here"),
        (field(K.SHORT_TEXT), "a" * 201, "at most 200 characters: this is 1 character too long"),
        (field(K.SHORT_TEXT, max_chars=3), "abcde", "at most 3 characters: this is 2 characters too long"),
        (field(K.LONG_TEXT, max_words=3), "een twee drie vier", "at most 3 words: this is 1 word too long"),
        (field(K.LONG_TEXT, max_words=1), "een twee drie", "at most 1 words: this is 2 words too long"),
        (field(K.LONG_TEXT), "a" * 40_001, "at most 40000 characters"),
        (field(K.NUMBER, minimum=2), "1", "Fill in 2 or more"),
        (field(K.NUMBER, maximum=2), "2,5", "Fill in 2 or less"),
        (field(K.MONEY, minimum=250), "249,99", "Fill in €250 or more"),
        (field(K.MONEY, maximum=5000), "5.000,01", "Fill in €5,000 or less"),
        (field(K.DATE), "31-2-2026", "Fill in a date"),
        (field(K.DATE), "morgen", "Fill in a date"),
        (field(K.DATE), "0026-01-01", "Check the year"),
        (field(K.CHOICE), "d", "Choose one of the options"),
        (field(K.CHOICE), ["a"], "Choose one of the options"),
        (field(K.MULTI_CHOICE), ["a", "d"], "Choose one of the options"),
        (field(K.MULTI_CHOICE), {"a": 1}, "Choose one or more"),
        (field(K.YES_NO), "maybe", "Choose yes or no"),
        (field(K.YES_NO), 1, "Choose yes or no"),
        (field(K.FILE), "../etc/passwd", "Upload the file again"),
        (field(K.IBAN), "NL91ABNA0417164301", "not a valid IBAN"),
        (field(K.IBAN), "NL91", "not a valid IBAN"),
        (field(K.KVK), "1234567", "eight digits"),
        (field(K.TABLE), "x", "Fill in the rows again"),
        (field(K.TABLE), ["x"], "Fill in the rows again"),
        (field(K.TABLE, max_rows=1), [row(), row()], "at most 1 rows"),
        (field(K.TABLE), [row(), row(item=" ")], "Row 2: fill in “Item”"),
        (field(K.TABLE), [row(sort="z")], "Row 1: Choose one of the options"),
        (field(K.TABLE), [row(hours="0")], "Row 1: Fill in 1 or more"),
        (field(K.TABLE), [row(amount="501")], "Row 1: Fill in €500 or less"),
        (field(K.PARTNERS), [{**PARTNER, "name": " "}], "Partner 1: fill in the name of the partner"),
        (field(K.PARTNERS), [{**PARTNER, "name": "a" * 161}], "at most 160 characters"),
        (field(K.PARTNERS), [{**PARTNER, "kvk": "12"}], "eight digits"),
        (field(K.PARTNERS), [{**PARTNER, "helix": "art"}], "what kind of organisation"),
        (field(K.PARTNERS), [{**PARTNER, "sector": None}], "where the partner comes from"),
        (field(K.PARTNERS), [{**PARTNER, "contribution": ""}], "0 if there is none"),
        (field(K.PARTNERS), [{**PARTNER, "contribution": "veel"}], "Fill in an amount"),
        (field(K.PARTNERS), [{**PARTNER, "contact": None}], "who speaks for the partner"),
        (field(K.PARTNERS), [{**PARTNER, "email": "fenna@wad"}], "an e-mail address"),
    ],
)  # fmt: skip
def test_a_bad_answer_says_how_to_mend_it(made, typed, message, en):
    with pytest.raises(AnswerFault) as caught:
        clean(made, typed)
    assert message in caught.value.message


LOOSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["item", "name", "amount"]), inner, max_size=3),
    max_leaves=6,
)


@given(kind=st.sampled_from(list(K)), typed=LOOSE)
def test_whatever_is_posted_is_kept_once_and_for_all_or_refused(kind, typed):
    made = field(kind)
    try:
        kept = clean(made, typed)
    except AnswerFault as fault:
        kept = fault.message
    else:
        assert clean(made, kept) == kept
    assert kept is None or kept


@given(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), max_size=20), st.integers(1, 20))
def test_words_are_counted_by_what_stands_between_white_space(parts, most):
    text = " \n".join(parts)
    assert words(text) == len(parts)
    made = field(K.LONG_TEXT, max_words=most)
    if len(parts) <= most:
        assert words(clean(made, text) or "") == len(parts)
    else:
        with pytest.raises(AnswerFault):
            clean(made, text)
