"""Partners consent by a link, without an account: to exactly what they are named for, and by a press."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tender.clock import database_now
from tender.commands.submitting import begin_next_stage
from tender.models import Application, Consent
from tests.factories import consents, deliver
from tests.factories.beside import asked, asking_call, filled, token_of, told, write
from tests.workflows.pages.house import sign_in
from workflows.commands import perform
from workflows.machines.together import LASTS
from workflows.models import ApplicationMachine

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    """A complete draft of today, whose partners must consent."""
    game = asking_call(at=database_now() - timedelta(days=2))
    return filled(game.call, game.at)


def page(case, name="partners"):
    return reverse(f"workflows:{name}", args=[case.reference])


def link(made):
    return reverse("workflows:consent", args=[token_of(made)])


def test_the_check_lists_every_missing_consent_until_all_are_in(client, case, mailoutbox):
    sign_in(client, case.applicant)
    gaps = client.get(page(case, "check")).context["gaps"]
    assert [(gap["label"], gap["url"]) for gap in gaps] == [
        (name, page(case)) for name in ("Zorggroep Hunze", "Noorderpoort", "Hub Het Kwartier")
    ]
    assert client.post(page(case, "check")).status_code == 409
    for row in client.get(page(case)).context["rows"]:
        assert client.post(page(case), {"partner": row["named"].key, "email": row["named"].email}).status_code == 302
    deliver()
    client.logout()
    for made in Consent.objects.order_by("pk"):
        (mail,) = [each for each in mailoutbox if each.to == [made.email]]
        url = link(made)
        assert url in mail.body
        assert case.draft["title"] not in mail.body
        shown = client.get(url)
        assert shown["Cache-Control"] == "private, no-store"
        text = shown.content.decode()
        assert made.name in text
        assert case.draft["title"] in text
        assert Consent.objects.get(pk=made.pk).state == "asked", "to look at it is not to consent"
        assert client.head(url).status_code == 200
        said = {"by_name": "Henk Bos", "seen": shown.context["form"]["seen"].value(), "give": "1"}
        assert client.post(url, said).url == reverse("workflows:consent_kept", args=["given"])
        assert client.post(url, said).status_code == 410, "the link works once"
    assert client.get(reverse("workflows:consent_kept", args=["given"])).status_code == 200
    sign_in(client, case.applicant)
    happened = client.get(page(case, "dossier")).context["timeline"]
    assert {each.text for each in happened if each.tone == "ok"} >= {made.name for made in Consent.objects.all()}
    assert client.get(page(case, "check")).context["gaps"] == []
    assert client.post(page(case, "check")).url == page(case, "receipt")


def test_a_link_shows_what_stands_there_now_and_nobody_consents_to_what_they_did_not_see(client, case):
    made, named = asked(case, database_now())
    url = link(made)
    seen = client.get(url).context["form"]["seen"].value()
    rows = [dict(row) for row in case.draft["partners"]]
    rows[1]["contribution"] = "99999.00"
    write(case, database_now(), partners=rows)
    answer = client.post(url, {"by_name": "Henk Bos", "seen": seen, "give": "1"})
    assert answer.status_code == 409
    assert answer.context["form"]["by_name"].value() == "Henk Bos"
    assert "99.999" in answer.content.decode()
    assert Consent.objects.get().state == "asked"
    assert client.post(url, {"by_name": "Henk Bos", "seen": answer.context["form"]["seen"].value(), "give": "1"}).status_code == 302
    write(case, database_now(), partners=case.draft["partners"])
    sign_in(client, case.applicant)
    assert client.get(page(case)).context["rows"][0]["state"] == "changed"
    assert named.key in {each.key for each in client.get(page(case, "together")).context["lacking"]}


def test_a_partner_declines_and_is_asked_again_elsewhere(client, case, mailoutbox):
    made, _named = asked(case, database_now())
    url = link(made)
    assert client.post(url, {"by_name": "", "decline": "1"}).status_code == 422
    said = {"by_name": "Henk Bos", "reason": "Wij weten van niets.", "decline": "1"}
    assert client.post(url, said).url == reverse("workflows:consent_kept", args=["declined"])
    assert client.get(reverse("workflows:consent_kept", args=["declined"])).status_code == 200
    sign_in(client, case.applicant)
    row = client.get(page(case)).context["rows"][0]
    assert (row["state"], row["consent"].reason) == ("declined", "Wij weten van niets.")
    assert client.post(page(case), {"partner": made.partner, "email": "geen adres"}).status_code == 422
    assert client.post(page(case), {"partner": made.partner, "email": case.applicant.email}).status_code == 409
    assert client.post(page(case), {"partner": "niemand", "email": "a@b.example"}).status_code == 302
    assert client.post(page(case), {"partner": made.partner, "email": "Directie@Hunze.example"}).status_code == 302
    deliver()
    assert Consent.objects.get().email == "directie@hunze.example"
    assert [each for each in mailoutbox if each.to == ["directie@hunze.example"]]
    assert made.name in told(case.applicant)[-1], "who asked hears that the partner declined"


def test_a_link_that_is_over_tells_nothing(client, case):
    made, _named = asked(case, database_now())
    url = link(made)
    for change in ({"until": database_now() - LASTS}, {"until": database_now() + LASTS, "partner": "niemand"}):
        Consent.objects.filter(pk=made.pk).update(**change)
        for answer in (client.get(url), client.post(url, {"by_name": "Henk", "give": "1"})):
            assert answer.status_code == 410
            assert case.reference not in answer.content.decode()
    assert client.get(reverse("workflows:consent", args=["0" * 64])).status_code == 410
    assert Consent.objects.get().state == "asked"


def test_a_link_of_an_earlier_stage_is_over(client, case):
    """What is asked next is another text: who was not answered before is asked again."""
    made, _named = asked(case, database_now())
    url = link(made)
    assert client.get(url).status_code == 200
    other = {"name": "Wetterskip", "kvk": "69599084", "email": "directie@wetterskip.example"}
    rows = [{**row, **other} if row["name"] == made.name else row for row in case.draft["partners"]]
    write(case, database_now(), partners=rows)  # who was asked is not named any more, so nobody waits for them
    consents(case, database_now())
    perform(ApplicationMachine, "submit", pk=case.pk, actor=case.applicant, at=database_now())
    moved = Application.objects.with_rules().get(pk=case.pk)
    begin_next_stage(moved, at=database_now(), personal_until=None)
    moved.save()
    assert [client.get(url).status_code, client.post(url, {"by_name": "Henk", "give": "1"}).status_code] == [410, 410]
    assert Consent.objects.get(pk=made.pk).state == "asked"


def test_the_page_costs_the_same_for_many(client, case, django_assert_max_num_queries):
    sign_in(client, case.applicant)
    counts = []
    for many in (case.draft["partners"], case.draft["partners"] * 3):
        rows = [{**row, "kvk": f"{50000000 + number}"} for number, row in enumerate(many)]
        case = write(case, database_now(), partners=rows)
        asked(case, database_now())
        with django_assert_max_num_queries(25) as queries:
            client.get(page(case))
        counts.append(len(queries))
    assert counts[0] == counts[1]
