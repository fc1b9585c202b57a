"""What came of a round, in public: nothing before its moment, organisations by name, natural persons by number alone."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.urls import reverse

from tender.enums import LegalForm
from tender.models import Application, Decision, Organisation, Stage
from tender.purse import purses
from tender.queries import Pots
from tender.results import FEW, Outcome, awarded, refused, results, showcase
from tests.factories import decide_round, open_call, publish, submitted
from tests.factories.awarded import award
from tests.factories.people import person
from tests.workflows.pages.house import ranked, sign_in

pytestmark = pytest.mark.django_db


def selection(amount, *, named=True, kvk="1", stage=1, state="published"):
    """A selection of an organisation, or of a person, at a stage in a state."""
    organisation = Organisation(name="Studio", legal_form=LegalForm.COMPANY if named else LegalForm.SOLE_TRADER)
    dossier = SimpleNamespace(organisation=organisation, title="Plan", summary="Kort", theme="")
    at = SimpleNamespace(call=SimpleNamespace(definition=SimpleNamespace(themes=())), state=state)
    return SimpleNamespace(application=dossier, amount=Decimal(amount), stage=at, stage_id=stage, kvk=kvk)


def came(*rows):
    outcome = Outcome()
    for row in rows:
        outcome.add(row)
    return outcome


@pytest.mark.parametrize("few", range(1, FEW))
def test_of_few_persons_no_amount_can_be_reckoned(few):
    outcome = came(selection(100), *[selection(50, named=False)] * few)
    assert (len(outcome.named), outcome.persons, outcome.many) == (1, few, few + 1)
    assert outcome.hidden
    assert (outcome.persons_amount, outcome.amount) == (None, None)


def test_of_more_persons_the_sum_is_told():
    outcome = came(selection(100), *[selection(50, named=False)] * FEW)
    assert (outcome.persons_amount, outcome.amount) == (Decimal(50 * FEW), Decimal(100 + 50 * FEW))


def test_where_one_after_the_other_is_made_known_the_sum_of_today_less_that_of_yesterday_is_no_secret_of_anybody():
    outcome = came(*[selection(50, named=False, state="open")] * (FEW + 1))
    assert (outcome.persons_amount, outcome.amount) == (None, None)


def test_what_one_stage_hides_no_total_of_the_call_tells():
    outcome = came(*[selection(50, named=False)] * FEW, selection(70, named=False, stage=2))
    assert (outcome.persons, outcome.amount) == (FEW + 1, None)


def test_who_got_no_money_hides_no_sum():
    outcome = came(selection(100), selection(0, named=False))
    assert not outcome.hidden
    assert outcome.amount == Decimal(100)


def test_the_sum_of_a_round_with_few_persons_is_not_told_by_what_is_left_either():
    stage = SimpleNamespace(pk=1, label="Trap", state="published", ceiling=Decimal(100), rules=SimpleNamespace(intake="window"))
    for hidden, granted in ((frozenset(), Decimal(60)), (frozenset({1}), None)):
        assert [purse.granted for purse in purses([stage], {1: Pots(granted=Decimal(60))}, hidden)] == [granted]


@pytest.mark.parametrize(
    ("form", "named"),
    [("", False), *((form.value, form not in {LegalForm.SOLE_TRADER, LegalForm.PARTNERSHIP}) for form in LegalForm)],
)
def test_only_a_legal_person_is_named(form, named):
    assert Organisation(name="Studio", legal_form=form).may_be_named is named


def test_nothing_of_a_round_is_known_before_it_is_published_as_a_whole(client):
    game = open_call(publish("crossover"))
    cases = [submitted(game.call, at=game.at) for _ in range(3)]
    at = ranked(game, cases)
    titles = {case.title for case in cases}
    url = reverse("tender:results", args=[game.call.reference])
    pages = [url, reverse("tender:call", args=[game.call.reference]), reverse("tender:showcase"), reverse("reports:register")]

    def told():
        return {title for page in pages for title in titles if title in client.get(page).content.decode()}

    assert told() == set()
    assert client.get(url).context["rows"] == []
    decide_round(game.stage(), game.house, at)
    (row, *others) = client.get(url).context["rows"]
    assert others == []
    chosen = results(game.call)[game.stage().pk]
    assert (row["applied"], row["outcome"], row["refused"]) == (3, chosen, refused(game.call)[game.stage().pk])
    assert row["outcome"].many + row["refused"] == 3
    turned_down = [each.application for each in Decision.objects.filter(kind="refuse").select_related("application__organisation")]
    body = client.get(url).content.decode()
    assert turned_down
    assert not [each for each in turned_down if each.reference in body or each.organisation.name in body]
    Stage.objects.filter(pk=game.stage().pk).update(state="deciding")
    assert results(game.call) == {}, "one by one published is not yet the round"
    assert client.get(url).context["rows"] == []


def apart(application):
    """This application is of an organisation of its own."""
    own = Organisation.objects.create(name="Stichting Apart", kvk="99999999", legal_form="foundation")
    Application.objects.filter(pk=application.pk).update(organisation=own)


def test_a_sole_trader_counts_as_a_natural_person(client):
    made = award(2)
    sole, other = (grant.application for grant in made.grants)
    apart(other)
    Organisation.objects.filter(pk=sole.organisation_id).update(legal_form="sole_trader")
    body = client.get(reverse("tender:results", args=[sole.call.reference])).content.decode()
    other.refresh_from_db()
    assert other.organisation.name in body
    assert sole.organisation.name not in body
    ((_call, outcome),) = showcase()
    assert (len(outcome.named), outcome.persons, outcome.amount) == (1, 1, None)
    given = awarded([sole.call])[sole.call_id]
    assert (given.many, given.amount) == (2, None)
    total = sum((grant.amount for grant in made.grants), Decimal(0))
    assert str(total) not in body.replace(".", "")
    register = client.get(reverse("reports:register")).content.decode()
    assert other.organisation.name in register
    assert sole.organisation.name not in register
    assert sole.reference not in register


def test_who_is_signed_in_is_kept_by_nobody_on_the_way(client):
    game = open_call(publish("crossover"))
    sign_in(client, person("lezer"))
    answer = client.get(reverse("tender:results", args=[game.call.reference]))
    assert {part.strip() for part in answer["Cache-Control"].split(",")} == {"private", "no-cache"}
    assert client.get(reverse("tender:results", args=["NIETS"])).status_code == 404


def test_the_page_costs_the_same_for_many(client, django_assert_num_queries):
    for number in (1, 3):
        made = award(number)
        url = reverse("tender:results", args=[made.game.call.reference])
        client.get(url)
        with django_assert_num_queries(7):
            page = client.get(url)
        assert len(page.context["rows"][0]["outcome"].named) == number
