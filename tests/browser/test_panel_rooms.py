"""Who scores what, and what the system found before somebody declares: looked at on a desk and on a phone, with axe."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from scoring.models import Scoresheet
from tender.clock import database_now
from tender.enums import ConflictState, Role
from tender.models import Membership
from tests.browser.pages import enter, follow, looks_right
from tests.factories import close, council, declare, open_call, publish, screen, submitted
from workflows.commands import perform
from workflows.commands.assigning import propose_assignment
from workflows.commands.wishes import Wishes
from workflows.models import StageMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def game():
    """A first stage, closed and screened, of three ideas on water: of its panel one knows water, two come from a network."""
    made = open_call(publish("crossover"), at=database_now() - timedelta(days=45))
    made.cases = [submitted(made.call, at=made.at, theme="water_maritime") for _ in range(3)]
    made.at, house = close(made.stage()), made.house
    kinds = [("", []), ("", ["water_maritime"]), ("ICT", []), ("Games", []), ("", [])]
    parts = [Role.CHAIR, *[Role.JUROR] * 4]
    seats = [(user, part, *kind) for user, part, kind in zip(house.jurors[:5], parts, kinds, strict=True)]
    panel = council("Creative Council", [*seats, (house.secretary, Role.SECRETARY, "")], house, made.at)
    perform(StageMachine, "seat", pk=made.stage().pk, actor=house.officer, at=made.at, panel=panel.pk)
    for case in made.cases:
        screen(case, house, made.at)
    return made


def test_an_officer_changes_who_scores_what_and_takes_one_back(page, live_server, game, complaints):
    house, stage, first = game.house, game.stage(), game.cases[0]
    for case in game.cases:
        knows = [] if case == first else house.jurors[1:2]
        declare(case, house.jurors[0], *knows, *house.jurors[2:5], at=game.at)
    enter(page.context, live_server, house.officer)
    page.goto(live_server.url + reverse("workflows:assign", args=[stage.call.reference, stage.key]))
    looks_right(page, "assign-lacking")
    page.locator(f"#theme-{first.pk}").check()
    follow(page, page.locator("#waive button[type=submit]"))
    follow(page, page.locator(f"a[href*='change={first.pk}#change']"))
    waived = Wishes(waived=frozenset({("theme", first.pk)}))
    taken = propose_assignment(stage, at=game.at, wishes=waived).added
    who = next(user for user in (house.jurors[0], *house.jurors[3:5]) if (first.pk, user.pk) not in taken)
    page.locator(f"#wish-{who.pk}").select_option(f"must-{first.pk}-{who.pk}")
    looks_right(page, "assign-change")
    follow(page, page.locator("#change button[type=submit]"))
    expect(page.locator("main p[role=status]")).to_contain_text("naar iemand anders")
    looks_right(page, "assign-changed")
    follow(page, page.locator("main form[method=post] button[type=submit]"))
    assert Scoresheet.objects.filter(application=first, juror=who).exists()
    assert Scoresheet.objects.count() == 6

    page.goto(live_server.url + reverse("workflows:assign", args=[stage.call.reference, stage.key]))
    page.locator("details summary").last.click()
    looks_right(page, "assign-take-back")
    follow(page, page.locator("main details a[href*='/take_back/']").first)
    page.locator("[name=reason]").fill("Met verlof.")
    follow(page, page.locator("main form button[type=submit]").first)
    assert Scoresheet.objects.filter(state="void").count() == 1
    assert complaints == []


def test_what_the_system_found_is_answered_apart(page, live_server, game, complaints):
    house, stage, first = game.house, game.stage(), game.cases[0]
    juror = house.jurors[2]
    Membership.objects.create(organisation=first.organisation, user=juror, role=Role.VIEWER)
    enter(page.context, live_server, juror)
    page.goto(live_server.url + reverse("workflows:conflicts", args=[stage.call.reference, stage.key]))
    expect(page.locator("#linked")).to_be_visible()
    looks_right(page, "conflicts-found")
    page.locator("[data-dt-check-all=case]").check()
    follow(page, page.locator("main form button[type=submit]"))
    said = dict(juror.conflicts.values_list("application", "state"))
    assert [said[case.pk] for case in game.cases] == [ConflictState.ASKED, ConflictState.NONE, ConflictState.NONE]
    page.goto(live_server.url + reverse("workflows:conflict", args=[stage.call.reference, stage.key, first.reference]))
    looks_right(page, "conflict-found")
    page.locator("[name=says][value=declare_interest]").check()
    page.locator("[name=kind]").select_option(index=1)
    page.locator("[name=explanation]").fill("Ik zit in het bestuur.")
    follow(page, page.locator("main form button[type=submit]").first)
    assert juror.conflicts.get(application=first).state == ConflictState.RECUSED
    assert complaints == []
