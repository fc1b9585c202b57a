"""What a scheme can be found by is read from its definition, whatever the scheme."""

from decimal import Decimal

from django.utils.translation import override

from tender.schemes.facets import Who, facets, folded, in_words
from tests.tender.schemes.test_shipped import SCHEMES


def test_what_a_scheme_says_is_what_it_is_found_by():
    known = {key: facets(scheme) for key, scheme in SCHEMES.items()}
    assert known["minifund"].who == {Who.PERSON, Who.ORGANISATION, Who.TOGETHER}
    assert known["hub_support"].who == {Who.ORGANISATION, Who.TOGETHER}
    assert known["crossover"].who == {Who.TOGETHER}
    assert (known["minifund"].least, known["minifund"].most) == (Decimal(250), Decimal(5000))
    assert (known["crossover"].least, known["crossover"].most) == (Decimal(0), Decimal(1000000))
    assert (known["pressure_cooker"].least, known["pressure_cooker"].most) == (Decimal(0), Decimal(10000))
    assert known["hub_support"].themes == ()
    assert "energy" in {option.value for option in known["crossover"].themes}


def test_a_place_where_nobody_can_get_money_is_no_way_to_find_a_scheme():
    for scheme in SCHEMES.values():
        assert [option.value for option in facets(scheme).provinces] == ["groningen", "fryslan", "drenthe"]


def test_a_scheme_is_searched_in_the_reader_s_language_without_accents():
    scheme = SCHEMES["minifund"]
    with override("en"):
        assert folded("an innovation COACH talks to you") in in_words(scheme)
        assert "innovatiecoach" not in in_words(scheme)
    assert "fryslan" in in_words(scheme)
