"""Payments, reports and settlement: two people for every euro, and many at once with a preview."""

import re
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from tender.enums import GrantState, InstalmentState
from tender.models import Application, Decision, Grant, Instalment
from tender.reporting import form_of
from tests.factories import (
    answers_for,
    applicant,
    decide,
    decide_round,
    declare,
    fill_report,
    open_call,
    pay,
    person,
    publish,
    score,
    screen,
    submitted,
)
from tests.workflows.pages.house import confirm, ranked, sign_in
from workflows.commands import perform
from workflows.commands.clockwork import tick
from workflows.commands.proposing import propose_in_turn
from workflows.models import GrantMachine, ReportMachine

pytestmark = pytest.mark.django_db


def granted(number=2, scheme="minifund"):
    """A small fund that gave so many grants; the first payment of each is due."""
    game = open_call(publish(scheme), ceiling=Decimal("50000.00"))
    house, stage = game.house, game.stage()
    for _ in range(number):
        user, _org = applicant(organisation=False)
        case = submitted(game.call, at=game.at, user=user, **{stage.rules.form.amount: "4000"})
        screen(case, house, game.at)
        for assessor in house.assessors:
            score(case, assessor, game.at, officer=house.officer)
        decide(propose_in_turn(pk=case.pk, actor=house.officer, at=game.at), house, game.at)
    return game


def test_payments_need_two_people_and_a_preview_with_the_total(client):
    game = granted()
    house, url = game.house, reverse("workflows:payments")
    ticked = [str(part.pk) for part in Instalment.objects.all()]
    sign_in(client, house.officer)
    preview, done = confirm(client, url, step="approve", pk=ticked)
    assert preview.context["preview"].total == Decimal(8000)
    assert all(result.done for result in done.context["results"])
    assert client.post(url, {"step": "order", "pk": ticked}).status_code == 403, "an officer does not release"

    sign_in(client, house.controller)
    confirm(client, url, step="order", pk=ticked)
    assert client.post(url, {"step": "pay", "pk": ticked, "confirm": "1"}).status_code == 422, "the bank's reference is asked"
    _, done = confirm(client, url, step="pay", pk=ticked, bank_reference="B-2026-01")
    assert all(result.done for result in done.context["results"])
    assert set(Instalment.objects.values_list("state", "bank_reference")) == {(InstalmentState.PAID, "B-2026-01")}
    again = client.post(url, {"step": "pay", "pk": ticked})
    assert not again.context["preview"].possible, "paid once"


def test_a_changed_account_number_is_not_paid_unseen(client):
    game = granted(1)
    part = Instalment.objects.get()
    sign_in(client, game.house.officer)
    url = reverse("workflows:payments")
    preview = client.post(url, {"step": "approve", "pk": part.pk})
    hidden = dict(re.findall(r'name="(seen-\d+)" value="([0-9a-f]*)"', preview.content.decode()))
    Grant.objects.update(iban="NL20INGB0001234567")
    done = client.post(url, {"step": "approve", "pk": part.pk, **hidden, "confirm": "1"})
    assert [result.done for result in done.context["results"]] == [False]
    assert Instalment.objects.get().state == InstalmentState.DUE


def test_what_one_did_not_declare_on_stays_closed(client):
    game = granted(1)
    newcomer = sign_in(client, person("new", "controller"))
    page = newcomer.get(reverse("workflows:payments"))
    assert page.context["rows"] == []
    assert page.context["hidden"][0]["number"] == 1
    grant = Grant.objects.get()
    assert newcomer.get(reverse("workflows:grant", args=[grant.pk])).status_code == 404
    part = grant.instalments.get()
    assert newcomer.post(reverse("workflows:payments"), {"step": "order", "pk": part.pk}).context["preview"].rows == []
    assert game.house


def test_a_report_is_read_and_approved(client):
    game = granted(1)
    grant = Grant.objects.get()
    pay(grant, game.house, game.at)
    report = grant.reports.get()
    who = Application.objects.get().applicant
    perform(ReportMachine, "start", pk=report.pk, actor=who, at=game.at)
    type(report).objects.filter(pk=report.pk).update(answers=answers_for(form_of(report)))
    perform(ReportMachine, "hand_in", pk=report.pk, actor=who, at=game.at)
    sign_in(client, game.house.officer)
    assert [row["grant"].pk for row in client.get(reverse("workflows:grants"), {"reports": "1"}).context["rows"]] == [grant.pk]
    page = client.get(reverse("workflows:grant", args=[grant.pk]))
    block = page.context["reports"][0]
    assert block["blocks"]
    assert [step["name"] for step in block["steps"]] == ["request_completion", "propose"]
    propose = block["steps"][1]["url"]
    read = client.get(reverse("workflows:report", args=[grant.application.reference, report.pk]))
    assert [action.url for action in read.context["actions"] if action.url.endswith("propose/")] == [propose.split("?")[0]]
    assert client.get(propose).status_code == 200
    assert client.post(propose, {"outcome": "approve", "reason": "Mooi."}).status_code == 302
    declare(grant.application, game.house.reader, at=game.at)
    sign_in(client, game.house.reader)
    read = client.get(reverse("workflows:report", args=[grant.application.reference, report.pk]))
    assert [action.url.split("/")[-2] for action in read.context["actions"]] == ["disagree", "approve"]
    approve = reverse("workflows:step", args=["report", report.pk, "approve"])
    seen = client.get(approve).context["form"].initial["seen"]
    assert client.post(approve, {"seen": "0" * 64}).status_code == 409
    assert client.post(approve, {"seen": seen}).status_code == 302
    grant.refresh_from_db()
    assert grant.state == GrantState.CLOSED


def test_settlement_is_proposed_with_reasons_if_lower(client):
    game = open_call(publish("hub_support"), ceiling=Decimal("200000.00"))
    house = game.house
    case = submitted(game.call, at=game.at)
    decide_round(game.stage(), house, ranked(game, [case]))
    grant = Grant.objects.get()
    sign_in(client, house.officer)
    assert client.get(reverse("workflows:settle", args=[grant.pk])).status_code == 403, "not accounted for yet"
    accounted(grant, game)
    url = reverse("workflows:settle", args=[grant.pk])
    paid = sum(part.amount for part in grant.instalments.filter(state="paid"))
    less = str(Decimal(grant.amount) - 1)
    assert client.post(url, {"amount": "abc"}).status_code == 422
    assert client.post(url, {"amount": less, "reasons": ""}).status_code == 409
    assert client.post(url, {"amount": str(paid - 1), "reasons": "x"}).status_code == 409, "without a ground of the law"
    why = {"ground": "not_done", "weighing": "De kosten zijn niet gemaakt."}
    done = client.post(url, {"amount": less.replace(".", ","), "reasons": "Minder besteed.", **why})
    assert done.status_code == 302
    decision = Decision.objects.get(kind="settle")
    assert done.url == reverse("workflows:decision", args=[decision.pk])
    assert client.get(done.url).status_code == 200
    assert client.get(reverse("workflows:grant", args=[grant.pk])).context["settlement"] == decision


def accounted(grant, game):
    """Accept, pay what is due, report, until only the settlement is left."""
    at = grant.decision.published_at + timedelta(days=1)
    perform(GrantMachine, "accept", pk=grant.pk, actor=grant.application.applicant, at=at)
    for report in grant.reports.order_by("due_on"):
        tick(max(at, datetime.combine(report.due_on, time(9), tzinfo=UTC)))
        pay(grant, game.house, at)
        fill_report(report, game.house, at)
    grant.refresh_from_db()
    assert grant.state == GrantState.ACCOUNTED


@pytest.mark.parametrize("name", ["payments", "grants"])
def test_lists_ask_a_constant_number_of_queries(client, name, django_assert_max_num_queries):
    counted = []
    for number in (1, 3):
        game = granted(number)
        sign_in(client, game.house.officer)
        with django_assert_max_num_queries(30) as asked:
            assert client.get(reverse(f"workflows:{name}")).status_code == 200
        counted.append(len(asked.captured_queries))
    assert counted[0] == counted[1]
