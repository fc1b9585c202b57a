"""What ties who judges to who applies: found, and not found where it says nothing."""

from datetime import date

import pytest

from scoring.links import Before, Cover, Declarer, Link, Party, links, number, plain_name

KADE = Party("Stichting De Kade", "12345678", key="organisation:1")
COVER = Cover(KADE, (Party("Werf B.V.", "00012345"),), ("Fenna de Jong",), ("maker@kade.example", "fenna@gmail.com", "bo@house.example"))


@pytest.mark.parametrize(
    ("who", "found"),
    [
        (Declarer(("Jo",)), []),
        (Declarer(("Jo",), acts_for=(Party("Anders", "12.34.56.78"),)), [Link("organisation", KADE.name)]),
        (Declarer(("Jo",), acts_for=(Party("Anders", key="organisation:1"),)), [Link("organisation", KADE.name)]),
        (Declarer(("Jo", "de kade")), [Link("organisation", KADE.name)]),
        (Declarer(("Jo",), acts_for=(Party("Anders", "12345"),)), [Link("partner", "Werf B.V.")]),
        (Declarer(("Jo", "WÉRF bv")), [Link("partner", "Werf B.V.")]),
        (Declarer(("Fenna de Jong",)), [Link("partner", "Fenna de Jong")]),
        (Declarer(("Jo",), "jo@KADE.example"), [Link("domain", "kade.example")]),
        (Declarer(("Jo",), "jo@gmail.com"), []),
        (Declarer(("Jo",), "jo@house.example"), []),
        (Declarer(("Jo",), before=(Before(KADE, date(2026, 3, 3), "family"),)), [Link("earlier", KADE.name, date(2026, 3, 3), "family")]),
        (Declarer(("Jo",), before=(Before(Party("Elders", "99"), date(2026, 3, 3), "family"),)), []),
    ],
)
def test_what_is_found(who, found):
    assert links(who, COVER, house={"house.example"}) == found


def test_numbers_and_names_are_compared_as_people_mean_them():
    assert number("KvK 1234 5678") == number("12345678")
    assert number("") == number("onbekend") == number("0") == ""
    assert plain_name("Coöperatie Het Licht U.A.") == plain_name("het licht")
    assert plain_name("B.V.") == "", "nothing to recognise anybody by"
