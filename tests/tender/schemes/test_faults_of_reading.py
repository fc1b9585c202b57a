"""Every fault that reading alone finds: keys, types, texts, doubles; each with its exact path, and nothing else with it."""

import pytest

from tender.schemes.loader import SchemeFaults, read
from tests.tender.schemes.mending import GONE, WHOLE, broken, raw, source

FIELD = "stages.0.form.sections.0.fields"
AT = "stages[idea].form.sections[main].fields"


def faults(text):
    with pytest.raises(SchemeFaults) as caught:
        read(text)
    return {fault.path: fault.message for fault in caught.value.faults}


def test_the_whole_scheme_is_good_and_comes_back_the_same_when_written_anew():
    assert read(WHOLE) == read(source(raw()))


@pytest.mark.parametrize(
    ("path", "value", "at", "message"),
    [
        ("colour", "red", "colour", "is not a known key"),
        ("stages.0.rubrik", 1, "stages[idea].rubrik", "did you mean rubric?"),
        (f"{FIELD}.0.max_word", 9, f"{AT}[title].max_word", "did you mean max_words?"),
        ("stages.0.a b", 1, 'stages[idea]."a b"', "is not a known key"),
        ("title", GONE, "title", "is missing"),
        ("stages.0.rubric.step", GONE, "stages[idea].rubric.step", "is missing"),
        ("stages.1.form", GONE, "stages[proposal].form", "is missing"),
        ("stages.0.selection.method", GONE, "stages[idea].selection.method", "is missing"),
        (f"{FIELD}.1.kind", GONE, f"{AT}[summary].kind", "is missing"),
        ("title.en", GONE, "title.en", "the English text is missing"),
        (f"{FIELD}.0.label.nl", GONE, f"{AT}[title].label.nl", "the Dutch text is missing"),
        (f"{FIELD}.1.help.nl", "  ", f"{AT}[summary].help.nl", "is empty"),
        ("title.nl", "a\u0000b", "title.nl", "holds a control character"),
        ("title", "Geheel", "title", "must hold a text in two languages, nl and en, not “Geheel”"),
        ("title.fy", "Gehiel", "title.fy", "is not a language of this scheme: a text has nl and en"),
        ("stages.0.letters.0.subject.en", "Received", "stages[idea].letters[receipt].subject", "only in one: {title}"),
        ("body", 3, "body", "must be a table, not the number 3"),
        ("body", [1], "body", "must be a table, not a list"),
        ("body.city", {}, "body.city", "must be a text in quotes, not a table"),
        ("stages", "x", "stages", "must be a list, not “x”"),
        ("stages.+", 7, "stages[3]", "must be a table, not the number 7"),
        ("natural_persons", 1, "natural_persons", "must be true or false, not the number 1"),
        ("stages.0.assessors", True, "stages[idea].assessors", "must be a whole number, not true"),
        ("stages.0.assessors", -1, "stages[idea].assessors", "must be 0 or more"),
        ("stages.0.selection.floor", True, "stages[idea].selection.floor", "must be a number, not true"),
        ("stages.0.selection.floor", "60", "stages[idea].selection.floor", "must be a number, not “60”"),
        ("stages.0.grant.flat", 10**13, "stages[idea].grant.flat", "must be a number of at most 10^12"),
        ("stages.0.ceiling_share", "X", "stages[idea].ceiling_share", "must be a number"),
        ("stages.1.selection.meeting_fixes", [3], "stages[proposal].selection.meeting_fixes", "exactly 2 values"),
        ("stages.1.selection.meeting_fixes", 3, "stages[proposal].selection.meeting_fixes", "must be a list"),
        ("stages.0.assess", "judges", "stages[idea].assess", "must be one of jury, assessors, none, not “judges”"),
        ("stages.0.chain", ["officer", "boss", "signatory"], "stages[idea].chain[1]", "must be one of officer"),
        (f"{FIELD}.0.kind", "text", f"{AT}[title].kind", "must be one of short_text, long_text"),
        ("key", "Whole", "key", "must be lower-case letters, digits and underscores"),
        (f"{FIELD}.4.key", "sea name", f"{AT}[4].key", "must be lower-case letters"),
        ("stages.1.form.sections.0.fields", 5, "stages[proposal].form.sections[main].fields", "must be a list"),
        ("stages.0.checklist.0", "x", "stages[idea].checklist[0]", "must be a table, not “x”"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_path(path, value, at, message):
    found = faults(broken((path, value)))
    assert list(found) == [at]
    assert message in found[at]


@pytest.mark.parametrize(
    ("path", "value", "at"),
    [
        ("stages.0.checklist.+", {"key": "signed", "label": {"nl": "a", "en": "b"}}, "stages[idea].checklist[1].key"),
        ("stages.0.form.sections.1.key", "main", "stages[idea].form.sections[1].key"),
        ("networks.1.key", "games", "networks[1].key"),
        (f"{FIELD}.4.key", "title", f"{AT}[4].key"),
        ("stages.0.form.sections.1.fields.6.key", "title", "stages[idea].form.sections[money].fields[title].key"),
        (f"{FIELD}.2.options.1.value", "water", f"{AT}[theme].options[1].value"),
        ("stages.0.form.sections.1.fields.1.columns.1.key", "item",
         "stages[idea].form.sections[money].fields[budget].columns[1].key"),
        ("stages.0.rubric.criteria.0.questions.1.key", "good",
         "stages[idea].rubric.criteria[quality].questions[1].key"),
        ("stages.2.grant.instalments.1.key", "first", "stages[plan].grant.instalments[1].key"),
        ("stages.2.letters.1.kind", "award", "stages[plan].letters[1].kind"),
        ("stages.2.grant.reports.0.form.1.key", "change", "stages[plan].grant.reports[half].form[1].key"),
    ],
)  # fmt: skip
def test_a_key_that_is_used_twice_is_named(path, value, at):
    found = faults(broken((path, value)))
    assert "is used twice" in found[at]


def test_a_stage_and_a_criterion_that_are_there_twice_are_named():
    assert "stages[1].key" in faults(broken(("stages.1.key", "idea")))
    assert "stages[idea].rubric.criteria[1].key" in faults(broken(("stages.0.rubric.criteria.1.key", "quality")))


def test_a_wrong_date_and_a_number_that_is_none_are_named():
    assert faults(WHOLE.replace('"Postbus 1, 9400 AA Assen"', "2026-01-01"))["body.address"].endswith("a date or a time")
    at = "stages[idea].ceiling_share"
    for value in ("nan", "inf", "0.1234567"):
        assert list(faults(WHOLE.replace("ceiling_share = 0.1\n", f"ceiling_share = {value}\n"))) == [at]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('key = "a"\nb = = 2', "line 2, column 5"),
        ('key = "a"\nkey = "b"\n', "line 2, column 10"),
        ('key = "a"\nkey = "b"', "end of document"),
        ("a = " + "[" * 3000, "toml"),
        ("a = 1" + "0" * 5000, "toml"),
    ],
)
def test_what_is_no_toml_is_said_with_its_place(text, path):
    found = faults(text)
    assert list(found) == [path]
    assert all(found.values())


def test_everything_wrong_is_told_in_one_go_and_nothing_that_only_follows_from_it():
    found = faults(
        broken(
            ("title.en", GONE),
            ("stages.0.rubric.criteria.0.weight", "half"),
            ("stages.0.form.sections.0.fields.0.max_chars", -4),
            ("stages.1.selection.method", "best"),
            ("stages.1.chain", ["officer"]),
            ("stages.2.grant.instalments.0.share", 0.25),
        )
    )
    assert set(found) == {
        "title.en",
        "stages[idea].rubric.criteria[quality].weight",
        "stages[idea].form.sections[main].fields[title].max_chars",
        "stages[proposal].selection.method",
        "stages[proposal].chain",
        "stages[plan].grant.instalments",
    }


def test_an_empty_file_says_all_that_it_lacks():
    assert set(faults("")) == {
        "key", "prefix", "title", "summary", "legal_basis", "audience", "body", "objection_to", "stages",
    }  # fmt: skip


def test_a_part_that_is_no_table_gets_a_stand_in_so_that_the_rest_is_still_looked_at():
    found = faults(broken(("stages.0.selection", 5), ("stages.1.chain", ["signatory"])))
    assert set(found) == {"stages[idea].selection", "stages[proposal].chain"}
    assert set(faults(broken(("stages.1.grant", GONE), ("stages.1.terms", "x")))) == {
        "stages[proposal].grant", "stages[proposal].terms",
    }  # fmt: skip


def test_faults_read_as_lines():
    with pytest.raises(SchemeFaults) as caught:
        read(broken(("colour", "red"), ("title.en", "")))
    assert str(caught.value).splitlines()[1] == "title.en: is empty"
