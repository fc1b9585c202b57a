"""The networks a scheme names, and the themes its forms let choose from."""

from tender.schemes.loader import read
from tests.tender.schemes.mending import GONE, WHOLE, broken


def test_networks_are_read_with_their_names_and_may_be_left_out():
    assert [(network.key, network.label.nl) for network in read(WHOLE).networks] == [("games", "Games"), ("hubs", "Hubs")]
    assert read(broken(("networks", GONE))).networks == ()


def test_the_themes_of_a_scheme_are_those_of_its_forms_each_once():
    assert [option.value for option in read(WHOLE).themes] == ["water", "energy"]
