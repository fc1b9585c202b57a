"""A grant is withdrawn, and what was paid of it comes back: the officer's desk and the party's page, on a desk and on a phone, with axe."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tender.clock import database_now
from tests.browser.pages import enter, follow, looks_right
from tests.factories.recovering import claimed, paid_grant, step
from workflows.models import Event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_was_paid_too_much_comes_back_in_instalments(page, live_server, complaints):
    it, grant = paid_grant(at=database_now() - timedelta(days=100))
    enter(page.context, live_server, it.cast["officer"])
    desk = live_server.url + reverse("workflows:grant", args=[grant.pk])
    page.goto(desk)
    follow(page, page.locator(f"main a[href='{reverse('workflows:take', args=[grant.pk])}']"))
    looks_right(page, "recovering-take")
    recovery = claimed(it, grant)
    enter(page.context, live_server, it.cast["signer"])
    page.goto(live_server.url + reverse("workflows:dossier", args=[grant.application.reference]))
    looks_right(page, "recovering-party")
    page.goto(live_server.url + reverse("workflows:step", args=["recovery", recovery.pk, "ask_plan"]))
    first = database_now().date() + timedelta(days=20)
    for number, (days, amount) in enumerate(((0, "1.000,00"), (30, f"{recovery.rest - 1000:.2f}".replace(".", ","))), start=1):
        page.locator(f"[name=day_{number}]").fill((first + timedelta(days=days)).isoformat())
        page.locator(f"[name=amount_{number}]").fill(amount)
    looks_right(page, "recovering-plan")
    follow(page, page.locator("main form button[type=submit]").last)
    assert Event.objects.filter(kind="recovery.ask_plan").count() == 1
    step(it, "agree_plan", recovery, "controller", database_now())
    on = database_now().date()
    step(it, "receive", recovery, "controller", database_now(), amount=recovery.rest - 1000, on=on, bank_reference="IN-1")
    enter(page.context, live_server, it.cast["controller"])
    page.goto(desk)
    looks_right(page, "recovering-desk")
    assert complaints == []
