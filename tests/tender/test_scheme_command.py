"""Publishing a scheme, from the command line and from code: written once, never changed."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from tender.commands.schemes import publish_scheme
from tender.models import Scheme, SchemeVersion
from tender.schemes.loader import SchemeFaults
from tests.tender.schemes.mending import GONE, broken

WHOLE = Path(__file__).parent / "schemes" / "whole.toml"
SHIPPED = sorted((Path(__file__).parents[2] / "fixtures" / "schemes").glob("*.toml"))
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 2, 5, 9, tzinfo=UTC)


def run(capsys, what, *files):
    """What the command prints, and whether it ended well."""
    try:
        call_command("scheme", what, *map(str, files))
    except CommandError as fault:
        return capsys.readouterr().out, fault.returncode
    return capsys.readouterr().out, 0


@pytest.fixture
def bad(tmp_path):
    file = tmp_path / "bad.toml"
    file.write_text(WHOLE.read_text().replace("weight = 0.6", "weight = 0.5").replace('en = "Whole"', 'fy = "Gehiel"'))
    return file


def test_check_finds_the_shipped_schemes_good(capsys):
    out, code = run(capsys, "check", *SHIPPED)
    assert code == 0
    assert len(SHIPPED) == 4
    assert [line.split(": ")[1] for line in out.splitlines()] == ["good"] * 4


def test_check_names_every_fault_on_a_line_of_its_own_and_goes_on_with_the_next_file(capsys, bad):
    out, code = run(capsys, "check", bad, WHOLE)
    assert code == 1
    assert out.splitlines() == [
        f"{bad}: title.fy: is not a language of this scheme: a text has nl and en",
        f"{bad}: title.en: the English text is missing",
        f"{bad}: stages[idea].rubric.criteria: the weights add up to 0.9; they must add up to 1",
        f"{WHOLE}: good: whole, 3 stage(s)",
    ]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("stages.0.rubrik", 1), "stages[idea].rubrik: is not a known key; did you mean rubric?"),
        (("stages.0.rubric.criteria.0.weight", Decimal("0.5")),
         "stages[idea].rubric.criteria: the weights add up to 0.9; they must add up to 1"),
        (("stages.2.grant.maximum", GONE), "stages[plan].grant.maximum: is missing: amount = requested needs it, above 0"),
        (("stages.0.selection.most", GONE), "stages[idea].selection.most: is missing: aim needs the most that ties may make of it"),
        (("stages.0.letters.0.uses", ["colour"]),
         "stages[idea].letters[receipt].uses[0]: “colour” is used by this letter but not asked in this stage"),
        (("stages.1.window.opens_day", 29), "stages[proposal].window.opens_day: overlaps: stages[idea] closes on day 30"),
        (("stages.2.then", "idea"), "stages[plan].then: makes a loop: plan → idea → proposal → plan"),
        (("title.en", GONE), "title.en: the English text is missing"),
    ],
)  # fmt: skip
def test_check_says_file_and_path_and_what_is_wrong(capsys, tmp_path, change, line):
    """The faults that anybody makes who writes a scheme: each on one line, with the path to go to."""
    file = tmp_path / "mine.toml"
    file.write_text(broken(change))
    out, code = run(capsys, "check", file)
    assert code == 1
    assert f"{file}: {line}" in out.splitlines()


def test_check_says_what_it_cannot_read(capsys, tmp_path):
    (tmp_path / "latin.toml").write_bytes(b'key = "\xe9"')
    (tmp_path / "broken.toml").write_text("key = \n")
    for name, said in (
        ("none.toml", "file: cannot be read"),
        ("latin.toml", "file: cannot be read"),
        ("broken.toml", "line 1, column 7: "),
    ):
        out, code = run(capsys, "check", tmp_path / name)
        assert code == 1
        assert out.startswith(f"{tmp_path / name}: {said}")


@pytest.mark.django_db
def test_load_publishes_once(capsys, tmp_path):
    assert run(capsys, "load", WHOLE) == (f"{WHOLE}: published: whole v1\n", 0)
    assert run(capsys, "load", WHOLE) == (f"{WHOLE}: unchanged: whole v1\n", 0)
    marked = tmp_path / "whole.toml"
    marked.write_bytes(b"\xef\xbb\xbf" + WHOLE.read_bytes())
    assert run(capsys, "load", marked) == (f"{marked}: unchanged: whole v1\n", 0)
    assert SchemeVersion.objects.count() == 1


@pytest.mark.django_db
def test_load_publishes_nothing_of_a_bad_scheme(capsys, bad):
    out, code = run(capsys, "load", bad)
    assert code == 1
    assert "the English text is missing" in out
    assert not Scheme.objects.exists()


@pytest.mark.django_db
def test_new_content_is_a_next_version_and_old_content_the_old_one():
    first = publish_scheme(source=WHOLE.read_text(), at=AT)
    changed = WHOLE.read_text().replace("floor = 60", "floor = 65")
    second = publish_scheme(source=changed, at=LATER)
    assert (first.number, second.number, second.published_at) == (1, 2, LATER)
    assert publish_scheme(source=WHOLE.read_text(), at=LATER) == first
    assert (first.definition.stage("idea").selection.floor, second.definition.stage("idea").selection.floor) == (60, 65)
    assert second.definition is SchemeVersion.objects.get(pk=second.pk).definition
    assert Scheme.objects.get().versions.count() == 2


@pytest.mark.django_db
def test_a_published_version_never_changes():
    version = publish_scheme(source=WHOLE.read_text(), at=AT)
    version.source = "key = 1"
    with pytest.raises(ValidationError):
        version.save()
    version.refresh_from_db()
    assert version.source == WHOLE.read_text()


@pytest.mark.django_db
def test_a_bad_scheme_is_refused_in_code_as_well():
    with pytest.raises(SchemeFaults):
        publish_scheme(source="key = 1", at=AT)
    assert not Scheme.objects.exists()
