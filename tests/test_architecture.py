"""The house rules that import-linter cannot see."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import get_resolver
from django.utils import translation

ROOT = Path(__file__).parents[1]
RANK = {"tender": 0, "scoring": 1, "workflows": 2, "reports": 3}
WRITERS = {"update", "bulk_update", "update_or_create", "bulk_create", "get_or_create", "create"}
AIM, CAP = 300, 400


def sources(*places: str) -> Iterator[Path]:
    """The Python of these folders, without what Django generated."""
    for place in places:
        yield from (path for path in sorted((ROOT / place).rglob("*.py")) if "migrations" not in path.parts)


def here(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --------------------------------------------------------------------------------------------------------- the tower
def test_foreign_keys_point_down_the_tower():
    upward = [
        f"{model._meta.label}.{field.name}"
        for label in RANK
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
        if RANK.get(field.related_model._meta.app_label, -1) > RANK[label]
    ]
    assert upward == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("include or extend", r"{%\s*(?:include|extends)\s+[\"'](\w+)/"),
        ("link", r"{%\s*url\s+[\"'](\w+):"),
        ("load", r"{%\s*static\s+[\"'](\w+)/"),
    ],
)
def test_templates_reach_downwards(what, pattern):
    upward = [
        f"{here(page)} -> {name}"
        for app in RANK
        for page in (ROOT / app).glob("templates/**/*.*")
        for name in re.findall(pattern, page.read_text())
        if RANK.get(name, -1) > RANK[app]
    ]
    assert upward == [], f"may not {what} upwards; only settings.NAVIGATION may"


def test_python_links_downwards():
    upward = [
        f"{here(path)} -> {name}"
        for app in RANK
        for path in sources(app)
        for name in re.findall(r"\b(?:reverse|reverse_lazy|redirect)\(\s*[\"'](\w+):", path.read_text())
        if RANK.get(name, -1) > RANK[app]
    ]
    assert upward == []


def test_the_navigation_leads_to_pages_that_exist():
    known = {f"{space}:{name}" for space, (_, urls) in get_resolver().namespace_dict.items() for name in urls.reverse_dict}
    known |= set(get_resolver().reverse_dict)
    entries = [*settings.NAVIGATION, *getattr(settings, "FOOTER_NAVIGATION", ())]
    assert [entry["url"] for entry in entries if entry["url"] not in known] == []


# -------------------------------------------------------------------------------------------------------- the machines
def _writes_a_state(node: ast.AST) -> bool:
    """Whether a line of code sets a state: by assignment, by keyword, among `defaults`, or by field name."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets)
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setattr":
        return any(isinstance(argument, ast.Constant) and argument.value == "state" for argument in node.args)
    if not (isinstance(node, ast.Call) and getattr(node.func, "attr", "") in WRITERS):
        return False
    by_keyword = any(keyword.arg == "state" for keyword in node.keywords)
    spelled = [inner for keyword in node.keywords for inner in ast.walk(keyword.value) if keyword.arg == "defaults"]
    spelled += [inner for argument in node.args for inner in ast.walk(argument) if node.func.attr == "bulk_update"]
    return by_keyword or any(isinstance(inner, ast.Constant) and inner.value == "state" for inner in spelled)


def test_nobody_writes_a_state_around_the_machine():
    around = [
        f"{here(path)}:{node.lineno}"
        for path in sources(*RANK, "fixtures")
        if here(path.parent) != "workflows/machines"
        for node in ast.walk(ast.parse(path.read_text()))
        if _writes_a_state(node)
    ]
    assert around == []


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ("case.state = S.DRAFT", True),
        ("cases.update(state=S.DRAFT)", True),
        ("cases.update_or_create(pk=1, defaults={'state': 'draft'})", True),
        ("cases.bulk_update(rows, ['state'])", True),
        ("cases.create(state=S.DRAFT)", True),
        ("setattr(case, 'state', 'draft')", True),
        ("cases.filter(state=S.DRAFT).update(note='')", False),
        ("state = case.state", False),
        ("facts.update({'state': case.state})", False),
    ],
)
def test_the_state_check_catches(code, caught):
    assert any(_writes_a_state(node) for node in ast.walk(ast.parse(code))) is caught


def arrows():
    """Every arrow once: (noun.arrow, machine, what was declared of it)."""
    from workflows.machines import MACHINES

    found = {}
    for noun, machine in MACHINES.items():
        for transition in machine().get_all_state_transitions():
            found[f"{noun}.{transition.name}"] = (machine, transition)
    return found


def test_every_arrow_says_what_it_does_and_who_may():
    silent = {
        name
        for name, (machine, transition) in arrows().items()
        if not getattr(machine, transition.name).__doc__ or not callable(transition.custom.get("who"))
    }
    assert silent == set()


def test_every_rule_says_why_it_refuses():
    silent = {
        f"{name}: {rule.__name__}" for name, (_, transition) in arrows().items() for rule in transition.custom["when"] if not rule.__doc__
    }
    assert silent == set()


def test_every_arrow_and_every_refusal_is_said_in_dutch():
    spoken = {
        doc
        for machine, transition in arrows().values()
        for doc in (getattr(machine, transition.name).__doc__, *(rule.__doc__ for rule in transition.custom["when"]))
    }
    with translation.override("nl"):
        untranslated = {text for text in spoken - {None} if translation.gettext(text) == text}
    assert untranslated == set(), "`make translations` collects them"


def test_every_arrow_that_a_person_takes_has_a_form():
    from tender.rules import is_clock
    from workflows.forms import FORMS

    known = arrows()
    by_hand = {name for name, (_, transition) in known.items() if transition.custom["who"] is not is_clock}
    assert by_hand - set(FORMS) == set(), "arrows without a form"
    assert set(FORMS) - set(known) == set(), "forms without an arrow"


# ------------------------------------------------------------------------------------------------------------ the text
def shipped():
    """The schemes that ship, as read."""
    from tender.schemes.loader import read

    files = sorted((ROOT / "fixtures" / "schemes").glob("*.toml"))
    assert files, "no schemes shipped?"
    return {file.stem: read(file.read_text()) for file in files}


def scheme_names() -> set[str]:
    """What the shipped schemes are called: file, key, title in both languages, and a title written without its hyphen or space."""
    names = {name for stem, scheme in shipped().items() for name in (stem, scheme.key, scheme.title.nl, scheme.title.en)}
    return names | {re.sub(r"[-_ ]", joint, name) for name in names for joint in ("", "_", "-", " ")}


def test_no_code_knows_a_scheme_by_name():
    names = re.compile(rf"(?<![a-z])({'|'.join(map(re.escape, sorted(scheme_names())))})(?![a-z])", re.IGNORECASE)
    knowing = [
        f"{here(path)}:{number}: {line.strip()}"
        for path in sources(*RANK, "settings", "bin")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if names.search(line)
    ]
    assert knowing == []
    assert all(names.search(f"if scheme == '{name}'") for name in ("minifund", "mini-fund", "Minifonds", "pressure cooker", "hub_support"))


def scheme_parts() -> set[str]:
    """The keys that the shipped schemes give to their stages, questions, points, criteria, payments and reports."""
    found = set()
    for scheme in shipped().values():
        for stage in scheme.stages:
            criteria = stage.rubric.criteria if stage.rubric else ()
            reports, questions = stage.grant.reports, [each for criterion in criteria for each in criterion.questions]
            asked = [*stage.form.fields(), *(field for report in reports for field in report.form)]
            parts = (stage, *asked, *stage.checklist, *criteria, *questions, *stage.grant.instalments, *reports)
            found |= {part.key for part in parts}
    return found


def _reads_by_fixed_key(node: ast.AST, keys: set[str]) -> bool:
    """Whether a line of code picks an answer or a part of a scheme by a key of its own knowledge."""

    def known(value: ast.AST) -> bool:
        return isinstance(value, ast.Constant) and value.value in keys

    def answers(value: ast.AST) -> bool:
        return getattr(value, "attr", getattr(value, "id", "")) in {"answers", "draft", "typed", "cleaned"}

    if isinstance(node, ast.Subscript):
        return answers(node.value) and known(node.slice)
    if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Attribute):
        looks = node.func.attr in {"field", "stage", "criterion"} or (node.func.attr in {"get", "pop"} and answers(node.func.value))
        return looks and known(node.args[0])
    if isinstance(node, ast.Compare):
        return getattr(node.left, "attr", "") in {"key", "field"} and any(known(each) for each in node.comparators)
    return False


def test_no_code_knows_a_question_or_a_criterion_by_its_key():
    """The form says which answer is the title, the amount or the years (`Form.title` …); nothing else may be looked up by key."""
    keys = scheme_parts()
    knowing = [
        f"{here(path)}:{node.lineno}: {ast.unparse(node)}"
        for path in sources(*RANK, "settings", "bin")
        for node in ast.walk(ast.parse(path.read_text()))
        if _reads_by_fixed_key(node, keys)
    ]
    assert knowing == []


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ("case.draft['voucher_name']", True),
        ("sent.answers.get('own_money', 0)", True),
        ("rules.form.field('title')", True),
        ("scheme.stage('multiyear')", True),
        ("report.key == 'midterm'", True),
        ("answers[form.title]", False),
        ("projected['title']", False),
        ("form.field(form.amount)", False),
        ("report.key == term.report", False),
    ],
)
def test_the_key_check_catches(code, caught):
    assert any(_reads_by_fixed_key(node, scheme_parts()) for node in ast.walk(ast.parse(code))) is caught


def test_modules_stay_readable():
    length = {here(path): len(path.read_text().splitlines()) for path in sources(*RANK, "settings", "fixtures", "tests")}
    beyond_aim = {path: lines for path, lines in length.items() if lines > AIM}
    print("longer than we aim at:", beyond_aim or "none")  # noqa: T201 - `pytest -s` lists them
    assert {path: lines for path, lines in length.items() if lines > CAP} == {}
