"""The desk: overview, handing over, standing in; and what is published: results and register. On a desk and on a phone, with axe."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from tender.clock import database_now
from tender.enums import Role
from tender.models import Application, Organisation
from tests.browser.pages import enter, follow, looks_right
from tests.factories import declare, deliver, open_call, person, publish, submitted
from tests.factories.awarded import award
from tests.factories.standing_in import WHY, stand_in
from tests.workflows.refusals.test_lateness import late, morning, note_default

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_overview_and_what_one_does_from_it(page, live_server, complaints):
    game, case = late()
    house = game.house
    note_default(case, house.officer, morning(date(2026, 3, 5)), received=date(2026, 3, 5))
    now = database_now()
    fresh = open_call(publish("crossover"), house=house, at=now - timedelta(days=2))
    other = person("Marije de Vries", Role.OFFICER)
    for _ in range(4):
        declare(submitted(fresh.call, at=fresh.at), house.officer, house.head, other, at=fresh.at)
    deliver()
    stand_in(house.officer, house.coach, "officer", by=house.head, at=now)
    enter(page.context, live_server, house.head)
    page.goto(live_server.url + reverse("workflows:overview"))
    looks_right(page, "desk-overview")
    follow(page, page.locator("main a", has_text=str(house.officer)).first)
    looks_right(page, "desk-hand-over")
    for box in page.locator("main input[name=pk]").all()[1:4]:
        box.check()
    follow(page, page.locator("main form[method=post] button[type=submit]"))
    looks_right(page, "desk-hand-over-preview")
    page.locator("[name=reason]").fill("Gaat met verlof.")
    follow(page, page.locator("button[name=confirm]"))
    looks_right(page, "desk-hand-over-done")
    page.goto(live_server.url + reverse("workflows:stand_ins"))
    looks_right(page, "desk-standing-in")
    follow(page, page.locator("main form button[type=submit]").last)
    looks_right(page, "desk-standing-in-wrong")
    page.locator("[name=absent]").select_option(label=str(house.signatory))
    page.locator("[name=stands_in]").select_option(label=str(house.coach))
    page.locator("[name=roles][value=signatory]").check()
    page.locator("[name=reason]").fill(WHY)
    follow(page, page.locator("main form button[type=submit]").last)
    looks_right(page)
    enter(page.context, live_server, house.coach)
    page.goto(live_server.url + reverse("workflows:inbox"))
    looks_right(page, "desk-inbox-for")
    assert [said for said in complaints if "422" not in said] == []


def test_what_is_published(page, live_server, complaints):
    made = award(3)
    person_like, *_others = (grant.application for grant in made.grants)
    own = Organisation.objects.create(name="Eenmanszaak Jansen", kvk="99999998", legal_form="sole_trader")
    Application.objects.filter(pk=person_like.pk).update(organisation=own, theme="")
    call = made.game.call.reference
    for name, args in (("tender:results", [call]), ("tender:call", [call]), ("tender:showcase", []), ("reports:register", [])):
        page.goto(live_server.url + reverse(name, args=args))
        looks_right(page, f"desk-{name.rpartition(':')[2]}")
        assert "Jansen" not in page.content()
    page.locator("[name=q]").fill("bestaat niet")
    follow(page, page.locator("main form[role=search] button"))
    looks_right(page, "desk-register-nothing")
    assert complaints == []
