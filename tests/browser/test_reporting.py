"""A report with a budget, in a browser: the grantee fills in the lines, the officer proposes, the reader agrees."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tender.accounting import COSTS, INDICATORS, TOTAL
from tender.clock import database_now
from tender.commands.reporting import save_report
from tender.models import ProgressReport
from tender.reporting import form_of
from tests.browser.pages import enter, follow, looks_right
from tests.factories import answers_for
from tests.workflows.refusals.test_reporting import running
from workflows.models import ReportMachine

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_report_is_written_against_its_budget_and_weighed_by_two(page, live_server, complaints):
    it, grant, report = running(at=database_now() - timedelta(days=33 + 330))
    it.at = database_now()
    case, cast = grant.application, it.cast
    it.take(ReportMachine, "start", report, "editor")
    report.refresh_from_db()
    answers = answers_for(form_of(report))
    rest = {key: value for key, value in answers.items() if key not in {COSTS, TOTAL, INDICATORS}}
    save_report(pk=report.pk, actor=cast["signer"], at=it.at, typed=rest)
    enter(page.context, live_server, cast["signer"])
    page.goto(live_server.url + reverse("workflows:report", args=[case.reference, report.pk]))
    looks_right(page, "report-write")
    page.locator(f"[name=q-{COSTS}-0-spent]").fill("1250,50")
    assert page.locator('[data-dt-total="spent"]').first.inner_text().endswith("1.250,50")
    page.locator(f"[name=q-{TOTAL}]").fill("1250,50")
    page.locator(f"[name=q-{INDICATORS}-0-now]").fill("4")
    follow(page, page.locator("main form button[type=submit]:not([name])").first)
    looks_right(page, "report-check")
    follow(page, page.locator("main form.dt-panel button[type=submit]"))
    report.refresh_from_db()
    assert report.state == "handed_in"
    page.goto(live_server.url + reverse("workflows:dossier", args=[case.reference]))
    looks_right(page, "report-dossier")
    enter(page.context, live_server, cast["officer"])
    page.goto(live_server.url + reverse("workflows:grant", args=[grant.pk]))
    looks_right(page, "report-officer")
    page.goto(live_server.url + reverse("workflows:step", args=["report", report.pk, "propose"]))
    page.locator("[name=outcome][value=conditions]").check()
    page.locator("[name=conditions]").fill("Drie avonden erbij.")
    looks_right(page, "report-propose")
    follow(page, page.locator("main form button[type=submit]").first)
    enter(page.context, live_server, cast["reader"])
    page.goto(live_server.url + reverse("workflows:step", args=["report", report.pk, "approve"]))
    looks_right(page, "report-agree")
    follow(page, page.locator("main form button[type=submit]").first)
    judged = ProgressReport.objects.get(pk=report.pk)
    assert (judged.state, judged.conditions) == ("approved", "Drie avonden erbij.")
    assert complaints == []
