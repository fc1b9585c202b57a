"""The questions of a form with what stands beside them: a budget by year, what does not add up, what is not met, and who else writes."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from tender.clock import database_now
from tender.enums import Role
from tender.models import Membership
from tests.factories import answers_for, applicant, dossier, open_call, person
from tests.factories.budgeted import budgeted
from tests.tender.pages.filled import data_for

pytestmark = pytest.mark.django_db
AUTOSAVE = {"HX-Request": "true", "HX-Trigger": "answers"}


@pytest.fixture(autouse=True)
def _nobody_else():
    cache.clear()


@pytest.fixture
def game():
    return open_call(budgeted(), at=database_now() - timedelta(days=2))


def drafted(client, game, *colleagues):
    """A draft that these people may write in too, with its applicant signed in."""
    user, organisation = applicant()
    for other in colleagues:
        Membership.objects.create(organisation=organisation, user=other, role=Role.EDITOR)
    made = dossier(game.call, user=user, organisation=organisation, at=game.at)
    client.force_login(user)
    return made


@pytest.fixture
def colleague():
    return person("colleague")


@pytest.fixture
def case(client, game, colleague):
    return drafted(client, game, colleague)


def page_of(case, section="money"):
    return reverse("tender:section", args=[case.reference, section])


def money(case, **said):
    """What the money section sends."""
    answers = answers_for(case.rules.form, amount="100000.00", years="2", **said)
    (section,) = [each for each in case.rules.form.sections if each.key == "money"]
    return data_for(section, answers)


def question(page, key):
    return next(each for each in page.context["questions"] if each.field.key == key)


def test_a_budget_is_asked_for_the_years_that_the_work_lasts(client, case):
    client.post(page_of(case), money(case))
    budget = question(client.get(page_of(case)), "budget")
    assert [head.key for head in budget.heads] == ["item", "kind", "year_1", "year_2"]
    assert (budget.rows[0].sum, budget.sum, budget.heads[2].total) == (100000, 100000, 100000)
    case.refresh_from_db()
    assert set(case.draft["budget"][0]) >= {"year_1", "year_5"}


def test_what_does_not_add_up_is_told_while_it_is_written(client, case):
    data = money(case) | {"q-budget-0-year_1": "90.000", "q-budget-0-year_2": "9.999,50"}
    said = client.post(page_of(case), data, headers=AUTOSAVE).content.decode()
    assert "€\u00a099.999,50" in said
    assert 'id="balance-covered"' in said
    (standing,) = [each for each in question(client.get(page_of(case)), "financing").balances if each.balance.key == "covered"]
    assert [(year, str(by)) for year, by in standing.off] == [(1, "10000.00"), (2, "9999.50")]
    check = client.get(reverse("workflows:check", args=[case.reference]))
    told = [gap["message"] for gap in check.context["gaps"] if gap["url"].endswith("q-budget")]
    assert told == [standing.message]
    assert standing.message in "".join(line.error for block in check.context["blocks"] for line in block.lines)


def test_what_adds_up_says_so(client, case):
    client.post(page_of(case), money(case))
    page = client.get(page_of(case))
    assert [each.even for asked in page.context["questions"] for each in asked.balances] == [True, True]
    assert page.content.decode().count("answering-balance--off") == 0


def test_rows_of_long_texts_stand_in_cards_and_are_read_back(client, case):
    page = client.get(page_of(case))
    assert question(page, "milestones").part == "cards"
    assert "<strong>Rij 1</strong>" in page.content.decode()
    client.post(page_of(case), money(case))
    blocks = client.get(reverse("workflows:check", args=[case.reference])).context["blocks"]
    lines = {line.key: line for block in blocks for line in block.lines}
    assert lines["budget"].heads[-1] == lines["budget"].foot[0]
    assert lines["budget"].rows[0][-1] == lines["budget"].foot[-1] == "€\u00a0100.000,00"
    assert len(lines["milestones"].rows) == 2


def test_help_of_a_column_belongs_to_its_input(client, case):
    page = client.get(page_of(case)).content.decode()
    assert 'aria-describedby="q-budget-0-item_help"' in page
    assert 'id="q-budget-0-item_help"' in page


def test_a_good_answer_can_be_opened(client, case):
    page = client.get(page_of(case, "work")).content.decode()
    assert page.count('<details class="answering-example">') == 2


UNMET = [("province", "elsewhere", False), ("open_to_others", "no", True)]


@pytest.mark.parametrize(("key", "answer", "mendable"), UNMET)
def test_what_is_not_met_is_told_at_once_with_whether_it_can_be_mended(client, case, key, answer, mendable):
    said = client.post(page_of(case, "hub"), {f"q-{key}": answer}, headers=AUTOSAVE).content.decode()
    ground = case.rules.form.field(key).eligibility.ground.nl
    assert ground[1:] in said
    page = client.get(page_of(case, "hub"))
    assert question(page, key).unmet.can_be_mended is mendable
    check = client.get(reverse("workflows:check", args=[case.reference]))
    assert [row["unmet"].field for row in check.context["mendable" if mendable else "final"]] == [key]
    assert check.context["final" if mendable else "mendable"] == []
    good = client.post(page_of(case, "hub"), {f"q-{key}": case.rules.form.field(key).eligibility.values[0]}, headers=AUTOSAVE)
    assert ground[1:] not in good.content.decode()


def rows_on(client, case):
    """What a page shows: its token, and the names of the rows of the budget."""
    page = client.get(page_of(case))
    return page.context["seen"], [row.name for row in question(page, "budget").rows]


def as_sent(case, names, seen, **cells):
    data = money(case) | {f"q-budget-{place}-ROW": name for place, name in enumerate(names)} | {"seen": seen}
    return data | {f"q-budget-{name}": value for name, value in cells.items()}


@pytest.fixture
def two(client, case, colleague):
    """Two have the money section open, with one line of costs in it."""
    client.post(page_of(case), money(case))
    return case, *rows_on(client, case), colleague


def test_two_in_other_cells_of_one_line_both_keep_what_they_wrote(client, two):
    case, seen, names, colleague = two
    mine = {"0-year_1": "60000", "0-year_2": "40000"}
    assert client.post(page_of(case), as_sent(case, names, seen, **mine), headers=AUTOSAVE).status_code == 200
    client.force_login(colleague)
    said = client.post(page_of(case), as_sent(case, names, seen, **{"0-item": "Lichtontwerper"}), headers=AUTOSAVE)
    assert said.status_code == 200
    case.refresh_from_db()
    (line,) = case.draft["budget"]
    assert (line["item"], line["year_1"], line["year_2"]) == ("Lichtontwerper", "60000.00", "40000.00")
    assert case.rules.form.field("budget").label.nl in said.content.decode(), "it is told what the other changed meanwhile"
    again = re.search(r'name="seen" value="([^"]*)"', said.content.decode())[1]
    client.post(page_of(case), as_sent(case, names, again, **{"0-item": "Ontwerper"}), headers=AUTOSAVE)
    case.refresh_from_db()
    assert case.draft["budget"][0]["year_1"] == "60000.00", "an old figure on this page does not pass for a new one"


def test_two_in_one_cell_see_both_and_nothing_is_lost(client, two):
    case, seen, names, colleague = two
    client.post(page_of(case), as_sent(case, names, seen, **{"0-item": "Van haar"}))
    client.force_login(colleague)
    data = as_sent(case, names, seen, **{"0-item": "Van hem"})
    assert client.post(page_of(case), data, headers=AUTOSAVE).status_code == 409
    page = client.post(page_of(case), data)
    assert page.status_code == 409
    assert [(cell.value, cell.theirs) for row in question(page, "budget").rows for cell in row if cell.theirs] == [("Van hem", "Van haar")]
    case.refresh_from_db()
    assert case.draft["budget"][0]["item"] == "Van haar"
    assert client.post(page_of(case), {**data, "seen": page.context["seen"]}).status_code == 302
    case.refresh_from_db()
    assert case.draft["budget"][0]["item"] == "Van hem"


def test_a_line_that_one_takes_away_while_the_other_writes_in_it_is_told(client, two):
    case, seen, names, colleague = two
    client.post(page_of(case), {**as_sent(case, names, seen), "q-budget-0-DELETE": "on"})
    client.force_login(colleague)
    page = client.post(page_of(case), as_sent(case, names, seen, **{"0-item": "Nog nodig"}))
    assert page.status_code == 409
    assert question(page, "budget").rows[0].note
    case.refresh_from_db()
    assert not case.draft["budget"]


def test_a_line_that_i_took_away_and_the_other_changed_comes_back_with_a_word(client, two):
    case, seen, names, colleague = two
    client.post(page_of(case), as_sent(case, names, seen, **{"0-item": "Duurder"}))
    client.force_login(colleague)
    page = client.post(page_of(case), {**as_sent(case, names, seen), "q-budget-0-DELETE": "on"})
    assert page.status_code == 409
    row = question(page, "budget").rows[0]
    assert (row.cells[0].value, bool(row.note)) == ("Duurder", True)


def test_who_else_has_the_form_open_is_told_and_only_to_who_writes_in_it(client, two):
    case, _seen, _names, colleague = two
    url = page_of(case)
    client.force_login(colleague)
    page = client.get(url)
    assert [each.name for each in page.context["writers"]] == [str(case.applicant)]
    assert str(case.applicant) in page.content.decode(), "also without a script"
    quiet = client.get(f"{url}?wie={page.context['company']}", headers={"HX-Request": "true"})
    assert (quiet.status_code, quiet.content) == (204, b"")
    assert str(case.applicant) in client.get(f"{url}?wie=").content.decode()
    client.force_login(person("stranger"))
    assert client.get(f"{url}?wie=").status_code == 404


def test_asking_who_else_is_here_costs_the_same_for_many(client, game, django_assert_max_num_queries):
    case = drafted(client, game, *(person(f"writer{number}") for number in range(8)))
    client.get(page_of(case))
    with django_assert_max_num_queries(9):
        client.get(f"{page_of(case)}?wie=")
