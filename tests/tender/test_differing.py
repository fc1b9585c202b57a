"""Two forms held against each other: words, rows and files; nothing is lost and nothing invented."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tender import word_by_word
from tender.differing import CHANGED, differences
from tender.readout import Block, Line
from tender.word_by_word import GONE, NEW, SAME, Piece, words


def plain(text):
    return re.sub(r"\s+", "", text)


@given(before=st.text(alphabet="ab \n", max_size=60), after=st.text(alphabet="ab \n", max_size=60))
def test_whoever_leaves_out_what_came_reads_the_old_text_and_the_other_way_round(before, after):
    found = words(before, after)
    assert plain("".join(each.text for each in found if each.status != NEW)) == plain(before)
    assert plain("".join(each.text for each in found if each.status != GONE)) == plain(after)
    assert all(each.text for each in found)


@given(text=st.text(max_size=80))
def test_the_same_text_has_not_moved(text):
    assert {each.status for each in words(text, text)} <= {SAME}


def test_words_that_came_and_went_stand_where_one_reads_them():
    found = words("Wij maken een spel voor de zorg.", "Wij maken samen een spel voor scholen.")
    assert found == (
        Piece(SAME, "Wij maken "), Piece(NEW, "samen "), Piece(SAME, "een spel voor "), Piece(GONE, "de zorg. "), Piece(NEW, "scholen. "),
    )  # fmt: skip


def test_texts_too_long_to_compare_stand_beside_each_other(monkeypatch):
    monkeypatch.setattr(word_by_word, "MOST", 3)
    assert words("een twee", "drie vier") == (Piece(GONE, "een twee"), Piece(NEW, "drie vier"))


def table(*rows, heads=("Post", "Bedrag")):
    return [Block("money", "Geld", [Line("costs", "Kosten", "table", heads=heads, rows=rows)])]


def test_rows_are_known_by_their_name_whatever_their_order():
    before = table(("Makers", "€ 100"), ("Zaal", "€ 50"), ("Zaal", "€ 60"))
    after = table(("Zaal", "€ 50"), ("Drukwerk", "€ 10"), ("makers", "€ 120"))
    (part,) = differences(before, after)
    (found,) = part.moved
    assert [row.status for row in found.rows] == [SAME, NEW, CHANGED, GONE]
    changed = dict(found.rows[2].cells)
    assert changed["Bedrag"] == (Piece(GONE, "€ 100"), Piece(NEW, "€ 120"))
    assert dict(found.rows[3].cells)["Bedrag"] == (Piece(GONE, "€ 60"),)


def test_a_column_that_came_or_went_is_told():
    before, after = table(("Makers", "€ 100")), table(("Makers", "2027"), heads=("Post", "Jaar"))
    (row,) = differences(before, after)[0].moved[0].rows
    assert dict(row.cells) == {"Post": (Piece(SAME, "Makers"),), "Jaar": (Piece(NEW, "2027"),), "Bedrag": (Piece(GONE, "€ 100"),)}


def text(key, said, label="Vraag"):
    return Line(key, label, "long_text", text=said)


def test_questions_only_one_form_asks():
    before = [Block("idea", "Idee", [text("old", "Weg"), text("empty", ""), text("both", "Gelijk")])]
    after = [Block("plan", "Plan", [text("both", "Gelijk"), text("new", "Nieuw"), text("blank", "")])]
    plan, idea = differences(before, after)
    assert [(each.key, each.status) for each in plan.differences] == [("both", SAME), ("new", NEW), ("blank", SAME)]
    assert (plan.stayed, [each.key for each in plan.moved]) == (2, ["new"])
    assert [(each.key, each.status) for each in idea.differences] == [("old", GONE)], "what was never answered is not gone"


def test_a_file_is_the_same_by_what_is_in_it():
    def with_files(*files):
        return [Block("files", "Bijlagen", [Line("plan", "Plan", "file", files=files)])]

    one, again = {"document": 1, "name": "a.pdf", "sha256": "11"}, {"document": 2, "name": "b.pdf", "sha256": "11"}
    other, bare = {"document": 3, "name": "c.pdf", "sha256": "22"}, {"document": 4, "name": "d.pdf"}
    assert differences(with_files(one), with_files(again))[0].moved == []
    (found,) = differences(with_files(one, bare), with_files(other, bare))[0].moved
    assert [(status, each["document"]) for status, each in found.files] == [(NEW, 3), (SAME, 4), (GONE, 1)]
