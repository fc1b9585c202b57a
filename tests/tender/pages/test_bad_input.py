"""Whatever is sent: a clear word beside the question, the typing kept, and no harm to a page, a file or another's dossier."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from reports.exports.writing import FORMULA, plain
from tender.clock import database_now
from tender.models import Application
from tests.factories import answers_for, dossier, open_call, publish, submitted
from tests.tender.pages.filled import data_for

pytestmark = pytest.mark.django_db
RIGHT_TO_LEFT, HEBREW, EMOJI = "\u202egnp.tluser", "שלום עולם", "Licht 💡👩‍🎨 voor Ætt"
AUTOSAVE = {"HX-Request": "true", "HX-Trigger": "answers"}


@pytest.fixture
def game():
    return open_call(publish("crossover"), at=database_now() - timedelta(days=2))


@pytest.fixture
def case(client, game):
    """A draft, with its applicant signed in."""
    made = dossier(game.call, at=game.at)
    client.force_login(made.applicant)
    return made


def page_of(case, section="idea"):
    return reverse("tender:section", args=[case.reference, section])


def kept(case):
    return Application.objects.values_list("draft", flat=True).get(pk=case.pk)


def refused(client, case, section, **typed):
    """What is said beside each question that is wrong; what was typed is in its draft, and still in its input."""
    response = client.post(page_of(case, section), {f"q-{key}": value for key, value in typed.items()})
    assert response.status_code == 422
    form = response.context["form"]
    assert all(form[key].value().replace(" ", "") == typed[key].replace(" ", "") for key in form.errors if key in typed)
    return {key: str(said[0]) for key, said in form.errors.items()}


def test_ten_megabytes_of_text_is_told_and_nothing_changes(client, case):
    response = client.post(page_of(case), {"q-makers": "x" * (10 * 1024 * 1024)})
    assert response.status_code == 413
    assert b"data-dt-failed" in response.content, "so that the browser keeps its own copy of what was typed"
    assert kept(case) == {}


def test_a_hundred_kilobytes_is_told_beside_the_question_and_kept(client, case):
    assert list(refused(client, case, "idea", makers="x" * 100_000)) == ["makers"]
    assert kept(case)["makers"] == "x" * 100_000


@pytest.mark.parametrize("text", [EMOJI, HEBREW, RIGHT_TO_LEFT])
def test_any_writing_is_kept_as_it_was_typed(client, case, text):
    assert client.post(page_of(case), {"q-title": text, "q-makers": f"{text}\r\n{text}"}, headers=AUTOSAVE).status_code == 200
    assert (kept(case)["title"], kept(case)["makers"]) == (text, f"{text}\n{text}")


def test_no_title_can_turn_the_words_beside_it_around(client, case):
    client.post(page_of(case), {"q-title": RIGHT_TO_LEFT}, headers=AUTOSAVE)
    assert re.search(r'<input[^>]*name="q-title"[^>]*>', client.get(page_of(case)).content.decode())[0].count('dir="auto"') == 1
    pages = [reverse("workflows:my_dossiers"), reverse("workflows:dossier", args=[case.reference])]
    for url in pages:
        body = re.sub(r"<title>.*?</title>", "", client.get(url).content.decode(), flags=re.DOTALL)
        assert RIGHT_TO_LEFT in body, url
        assert body.count(RIGHT_TO_LEFT) == len(re.findall(rf"<bdi>\s*{RIGHT_TO_LEFT}", body)), url
    check = client.get(reverse("workflows:check", args=[case.reference])).content.decode()
    assert re.search(rf'dir="auto">\s*(<p>)?{RIGHT_TO_LEFT}', check)


def test_an_officer_reads_such_a_title_by_itself(client, game):
    case = submitted(game.call, at=game.at, title=RIGHT_TO_LEFT)
    client.force_login(game.house.officer)
    body = client.get(reverse("workflows:screening", args=[game.call.reference, case.stage.key])).content.decode()
    assert body.count(RIGHT_TO_LEFT) == len(re.findall(rf"<bdi>\s*{RIGHT_TO_LEFT}", body))


def test_a_nul_is_told_and_the_rest_of_the_text_stays(client, case):
    response = client.post(page_of(case), {"q-title": "Li\x00cht", "q-makers": "Twee"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["title"])
    assert (kept(case)["title"], kept(case)["makers"]) == ("Li\ufffdcht", "Twee")


@pytest.mark.parametrize("evil", ["=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "-2+3"])
def test_a_formula_is_kept_as_a_text_and_stays_one_in_a_spreadsheet(client, case, evil):
    client.post(page_of(case), {"q-title": evil}, headers=AUTOSAVE)
    assert kept(case)["title"] == evil
    assert FORMULA.match(kept(case)["title"])
    assert plain(kept(case)["title"], "text") == f"'{evil}"


@pytest.fixture
def small(client):
    """A draft at the mini-fund, with its applicant signed in."""
    game = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    made = dossier(game.call, at=game.at)
    client.force_login(made.applicant)
    return made


@pytest.mark.parametrize(("typed", "said"), [
    ("-5", "0"), ("9999999999999", "10"), ("veel", "1.234,56"), ("1,2,3", "1.234,56"), ("1.005.1", "1.234,56"), ("12,345", "1.234,56"),
])  # fmt: skip
def test_an_amount_that_is_none_says_how_to_write_one(client, small, typed, said):
    told = refused(client, small, "money", own_money=typed)
    assert said in told["own_money"]
    assert kept(small)["own_money"] == typed


@pytest.mark.parametrize(("typed", "amount"), [("1.234,56", "1234.56"), ("1234.56", "1234.56"), ("€ 1.234", "1234.00")])
def test_an_amount_is_read_as_the_dutch_and_as_the_english_write_it(client, small, typed, amount):
    assert client.post(page_of(small, "money"), {"q-amount": typed}).status_code == 302
    assert kept(small)["amount"] == amount


def test_a_budget_that_does_not_add_up_is_told_in_the_section_and_kept(client, small):
    form = small.rules.form
    (section,) = [each for each in form.sections if each.key == "money"]
    data = data_for(section, answers_for(form, amount="5000", own_money="0", crowdfunding="0")) | {"q-costs-0-amount": "4.000"}
    assert "€\u00a01.000" in client.post(page_of(small, "money"), data, headers=AUTOSAVE).content.decode()
    assert kept(small)["costs"][0]["amount"] == "4000.00"
    assert "answering-balance--off" in client.get(page_of(small, "money")).content.decode()


def test_numbers_of_others_are_checked_by_their_own_rules(client, small):
    assert "KvK" in refused(client, small, "maker", kvk="1234567")["kvk"]
    assert "IBAN" in refused(client, small, "money", iban="NL92ABNA0417164300")["iban"]
    assert (kept(small)["kvk"], kept(small)["iban"]) == ("1234567", "NL92ABNA0417164300")


def partners(many):
    row = {"name": "Wad", "kvk": "", "helix": "business", "sector": "creative", "contribution": "0", "contact": "F", "email": "f@wad.example"}
    rows = [{**row, "name": f"Partner {place}"} for place in range(many)]
    return {f"q-partners-{place}-{key}": said for place, each in enumerate(rows) for key, said in {**each, "ROW": f"p{place}"}.items()}


def test_two_hundred_partners_are_told_beside_the_question_and_all_kept(client, case):
    response = client.post(page_of(case, "consortium"), partners(200))
    assert response.status_code == 422
    assert "20" in response.context["form"].errors["partners"][0]
    assert len(kept(case)["partners"]) == 200
    (question,) = [each for each in response.context["questions"] if each.field.key == "partners"]
    assert [row.cells[0].value for row in question.rows] == [f"Partner {place}" for place in range(200)]


def test_more_fields_than_any_form_has_is_told(client, case):
    response = client.post(page_of(case, "consortium"), partners(1300))
    assert response.status_code == 413
    assert kept(case) == {}


def test_what_is_no_question_of_this_form_is_left_out(client, case):
    before = Application.objects.values("state", "amount_asked", "awarded").get(pk=case.pk)
    data = {"q-title": "Licht", "q-nope": "x", "q-partners-0-admin": "x", "q-iban": "NL91ABNA0417164300", "state": "awarded", "awarded": "9"}
    assert client.post(page_of(case), data).status_code == 302
    assert kept(case) == {"title": "Licht"}, "nor a question of another section than this page is about"
    assert Application.objects.values("state", "amount_asked", "awarded").get(pk=case.pk) == before


def test_nobody_writes_in_or_hands_in_the_dossier_of_another(client, case, game):
    theirs = dossier(game.call, at=game.at)
    for url, data in (
        (page_of(theirs), {"q-title": "Van mij"}),
        (page_of(theirs), {"remove": "sketch"}),
        (reverse("workflows:check", args=[theirs.reference]), {}),
        (reverse("tender:draft", args=[theirs.reference]), {}),
    ):
        assert client.post(url, data).status_code in {404, 405}, url
    after = Application.objects.get(pk=theirs.pk)
    assert (after.draft, after.state, after.draft_version, after.submissions.count()) == ({}, "draft", 0, 0)


def test_a_name_of_a_row_that_is_none_does_no_harm(client, case):
    client.post(
        page_of(case, "consortium"), partners(2) | {"q-partners-0-ROW": '"><script>', "q-partners-1-ROW": "p" * 400}, headers=AUTOSAVE
    )
    assert [row.get("_row") for row in kept(case)["partners"]] == [None, None]
    assert b'"><script>' not in client.get(page_of(case, "consortium")).content


@pytest.mark.parametrize("seen", ["", "title", "title:", "/:", "partners/x:", "partners/r0:a.b.c.d", "\u202e", "nope:x nope/y:z"])
def test_a_token_that_is_none_brings_no_page_down(client, case, seen):
    client.post(page_of(case, "consortium"), partners(2))
    assert client.post(page_of(case, "consortium"), partners(2) | {"seen": seen}).status_code in {302, 409}
    assert len(kept(case)["partners"]) == 2
