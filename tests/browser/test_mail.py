"""Mail in Chromium: what it looks like, choosing which one gets, turning a kind off from the mail, and what the house sees come back."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from reports.bounces import read_report
from reports.commands.bouncing import note_bounce
from reports.commands.notifying import Notice, notify, send_waiting
from reports.commands.preferring import prefer
from reports.mails import off_url
from reports.models import MailPreference
from tender.clock import database_now
from tender.enums import MailKind
from tests.browser.pages import enter, follow, looks_right, picture
from tests.browser.test_passkey import look_at_mail
from tests.factories import deliver, open_call, publish, screen, submitted
from tests.reports.post_office import report
from workflows.models import Event

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_mail_is_chosen_turned_off_and_seen_to_come_back(page, live_server, settings):
    settings.SITE_URL = live_server.url
    game = open_call(publish("minifund"), at=database_now() - timedelta(days=3))
    case = submitted(game.call, at=game.at)
    deliver()
    screen(case, game.house, game.at)
    (receipt,) = mail.outbox
    look_at_mail(page, receipt, "mail-receipt")
    event = Event.objects.filter(kind="application.submit").get()
    event.kind = "application.remind"
    other = game.house.coach
    notify(event=event, users=[other], notice=Notice("%(reference)s: nog niet ingediend; dat kan tot morgen", {"reference": case.reference}))
    prefer(user=other, digest=False, off=[])
    send_waiting()
    look_at_mail(page, mail.outbox[-1], "mail-reminder")

    page.goto(off_url(case.applicant, MailKind.NEWS))
    looks_right(page, "mail-off")
    assert not MailPreference.objects.filter(user=case.applicant).exists()
    follow(page, page.locator("main form button"))
    looks_right(page, "mail-off-done")
    assert MailPreference.objects.get(user=case.applicant).off == [MailKind.NEWS]
    page.goto(live_server.url + reverse("reports:mail_off", args=["broken"]))
    picture(page, "mail-off-broken")

    note_bounce(read_report(report(receipt)), at=database_now())
    enter(page.context, live_server, case.applicant)
    page.goto(live_server.url + reverse("reports:mail"))
    looks_right(page, "mail-preferences")
    page.locator("input[name=when][value=daily]").check()
    page.locator("input[name=kinds][value=jury]").uncheck()
    follow(page, page.locator("main form.dt-form button"))
    choice = MailPreference.objects.get(user=case.applicant)
    assert (choice.digest, choice.off) == (True, [MailKind.NEWS, MailKind.JURY])
    follow(page, page.locator(f"form[action='{reverse('reports:mail_works')}'] button"))
    assert not page.locator("#back-heading").count()

    enter(page.context, live_server, game.house.officer)
    for name, args in (("inbox", ()), ("undelivered", ()), ("dossier", (case.reference,))):
        page.goto(live_server.url + reverse(f"workflows:{name}", args=args))
        looks_right(page, f"mail-{name}")
    assert case.applicant.email in page.locator("main").inner_text()
