"""Who may act for an organisation: its first comer, and whom they let in."""

from datetime import UTC, datetime

import pytest

from tender.enums import Role
from tender.models import Joining, Membership, Organisation
from tests.factories import applicant, person
from workflows.commands.joining import KnownAlready, found_organisation
from workflows.models import Event

pytestmark = pytest.mark.django_db
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Organisation, Membership, Joining, Event)]


def test_who_comes_first_writes_and_signs():
    user = person("maker")
    made = found_organisation(actor=user, at=AT, name="Studio Noord", kvk="87654321", city="Delfzijl")
    assert (made.name, made.city) == ("Studio Noord", "Delfzijl")
    assert set(made.memberships.values_list("user", "role")) == {(user.pk, "editor"), (user.pk, "signer")}
    event = Event.objects.get()
    assert (event.chain, event.kind, event.actor) == (f"organisation:{made.pk}", "joining.found", user)


def test_what_the_house_named_is_named_right_by_who_acts_for_it_first():
    Organisation.objects.create(name="KvK 87654321", kvk="87654321")
    made = found_organisation(actor=person("maker"), at=AT, name="Studio Noord", kvk="87654321", city="Delfzijl", legal_form="company")
    assert (made.name, made.city, made.legal_form) == ("Studio Noord", "Delfzijl", "company")
    with pytest.raises(KnownAlready):
        found_organisation(actor=person("other"), at=AT, name="Anders", kvk="87654321", legal_form="company")
    assert Organisation.objects.get().name == "Studio Noord"


def test_who_may_act_for_it_already_gets_it_as_it_is():
    user, organisation = applicant()
    before = rows()
    assert found_organisation(actor=user, at=AT, name="Een andere naam", kvk=organisation.kvk) == organisation
    assert rows() == before


@pytest.mark.parametrize("part", [None, "viewer"])
def test_an_organisation_of_others_lets_nobody_in(part):
    _owner, organisation = applicant()
    stranger = person("stranger")
    if part:
        Membership.objects.create(organisation=organisation, user=stranger, role=part)
    before = rows()
    with pytest.raises(KnownAlready) as said:
        found_organisation(actor=stranger, at=AT, name="Van mij", kvk=organisation.kvk)
    assert said.value.organisation == organisation
    assert rows() == before


def test_who_works_for_the_house_founds_nothing():
    officer = person("officer", Role.OFFICER)
    before = rows()
    with pytest.raises(KnownAlready):
        found_organisation(actor=officer, at=AT, name="Van ons", kvk="87654321")
    assert rows() == before
