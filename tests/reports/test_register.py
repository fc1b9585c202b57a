"""The register of grants: as a page, as CSV and JSON, as an export; complete, without natural persons, and only what is published."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from tender.calendar import amsterdam_day
from tender.models import Application, Decision, Grant, Organisation
from tender.register import granted, lines
from tests.factories.awarded import award
from tests.tender.test_results import apart

pytestmark = pytest.mark.django_db
PAGE = "reports:register"


def told():
    return list(lines(granted()))


def test_a_line_tells_what_the_law_asks():
    made = award(1)
    (grant,) = made.grants
    (line,) = told()
    organisation, call = grant.application.organisation, grant.stage.call
    assert (line.reference, line.call, line.recipient, line.kvk) == (
        grant.application.reference, call.reference, organisation.name, organisation.kvk,
    )  # fmt: skip
    assert (line.basis, line.activities) == (str(call.definition.legal_basis), grant.application.title)
    assert (line.awarded, line.awarded_on) == (grant.amount, amsterdam_day(grant.decision.published_at))
    assert (line.settled, line.settled_on, line.change, line.withdrawn) == (None, None, None, False)


def test_a_settlement_is_told_once_it_is_published():
    made = award(1)
    grant = Grant.objects.get(pk=made.grants[0].pk)
    lower = grant.amount - Decimal(100)
    Grant.objects.filter(pk=grant.pk).update(settled_amount=lower)
    settling = Decision(application=grant.application, stage=grant.stage, kind="settle", amount=lower, facts={})
    settling.__dict__["state"] = "signed"
    settling.save()
    assert told()[0].settled is None
    Decision.objects.filter(pk=settling.pk).update(state="published", published_at=made.at)
    (line,) = told()
    assert (line.settled, line.change, line.settled_on) == (lower, Decimal(-100), amsterdam_day(made.at))


def test_what_lapsed_stays_with_the_day():
    made = award(1)
    Grant.objects.update(state="lapsed")
    (line,) = told()
    assert line.withdrawn
    assert line.withdrawn_on == amsterdam_day(made.grants[0].accept_until)
    Grant.objects.update(state="withdrawn", accept_until=None)
    assert told()[0].withdrawn_on is None


def test_what_is_not_in_force_or_not_of_a_legal_person_is_not_there():
    award(1)
    assert len(told()) == 1
    Organisation.objects.update(legal_form="")
    assert told() == []
    Organisation.objects.update(legal_form="company")
    Decision.objects.update(published_at=None)
    assert told() == []


def test_the_page_finds_and_shows_a_page_at_a_time(client, django_assert_num_queries):
    made = award(2)
    apart(made.grants[1].application)
    one, two = (Application.objects.get(pk=grant.application_id) for grant in made.grants)
    client.get(reverse(PAGE))
    with django_assert_num_queries(5):
        page = client.get(reverse(PAGE))
    assert {row.reference for row in page.context["rows"]} == {one.reference, two.reference}
    found = client.get(reverse(PAGE), {"q": one.organisation.name})
    assert [row.reference for row in found.context["rows"]] == [one.reference]
    assert [row.reference for row in client.get(reverse(PAGE), {"q": two.reference.lower()}).context["rows"]] == [two.reference]
    assert len(client.get(reverse(PAGE), {"call": one.call.reference, "year": one.call.year}).context["rows"]) == 2
    for nothing in ({"year": 1999}, {"call": "NIETS"}, {"q": "\0bestaat niet"}):
        assert client.get(reverse(PAGE), nothing).context["rows"] == []
    for nonsense in ({"year": "²²²²"}, {"year": "drie"}, {"page": "x"}):
        assert len(client.get(reverse(PAGE), nonsense).context["rows"]) == 2
    assert "no-cache" in page["Cache-Control"]


def test_csv_and_json_say_the_same_in_the_language_of_the_address(client):
    made = award(2)
    apart(made.grants[1].application)
    Application.objects.filter(pk=made.grants[0].application_id).update(title="=1+1")
    said = {}
    for language in ("nl", "en"):
        answer = client.get(reverse("reports:register_file", args=[language, "csv"]))
        assert {part.strip() for part in answer["Cache-Control"].split(",")} == {"public", "max-age=3600"}
        assert "Cookie" not in answer.get("Vary", "")
        assert not answer.cookies
        said[language] = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["Activities"] for row in said["en"]} >= {"'=1+1"}, "no text of an applicant is a formula"
    assert len(said["nl"]) == len(said["en"]) == 2
    data = json.loads(client.get(reverse("reports:register_file", args=["en", "json"])).content)["grants"]
    assert [(row["reference"], row["awarded"]) for row in data] == [(row["Reference"], row["Awarded"]) for row in said["en"]]
    for wrong in (("de", "csv"), ("nl", "xml")):
        assert client.get(reverse("reports:register_file", args=wrong)).status_code == 404
    only = client.get(reverse("reports:register_file", args=["en", "json"]), {"q": data[0]["recipient"]})
    assert len(json.loads(only.content)["grants"]) == 1


def test_it_leaves_the_house_by_the_command_too(tmp_path):
    made = award(1)
    out = tmp_path / "register.csv"
    call_command("export", "register", "--format", "csv", "--out", str(out), "--language", "en", stdout=io.StringIO())
    with out.open(encoding="utf-8-sig", newline="") as text:
        (row,) = csv.DictReader(text)
    assert (row["Reference"], Decimal(row["Awarded"])) == (made.grants[0].application.reference, made.grants[0].amount)
