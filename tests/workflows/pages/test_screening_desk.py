"""The coach's intake, the desk of one application, completing for a round, and state aid per undertaking."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tender.enums import ApplicationState, DecisionKind
from tender.models import AidNote, Application, Decision, Organisation, UndertakingLink
from tests.factories import declare, open_call, publish, screen, submitted
from tests.factories.awarded import award
from tests.workflows.pages.house import sign_in
from workflows.commands import perform
from workflows.models import ApplicationMachine

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(settings):
    from tender.clock import database_now

    game = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    game.cases = [submitted(game.call, at=game.at) for _ in range(2)]
    for case in game.cases:
        declare(case, *game.house.staff, at=game.at)
    return game


def fresh(case):
    return Application.objects.get(pk=case.pk)


def test_the_coach_notes_one_intake_and_comes_to_the_next(client, fund):
    first, second = fund.cases
    sign_in(client, fund.house.coach)
    page = reverse("workflows:coach_intake", args=[first.reference])
    shown = client.get(page)
    assert shown.context["waiting"] == 1
    missing = next(iter(first.rules.form.fields())).key
    said = {"serious": "yes", "note": "Wil verder.", "missing": [missing], "called_with": "Bo", "called_at": "2026-01-02T10:00"}
    ahead = {"called_at": "2126-01-02T10:00"}
    for wrong in ({"serious": ""}, {"note": ""}, {"called_with": ""}, {"called_at": ""}, ahead, {"missing": ["x"]}):
        answer = client.post(page, {**said, **wrong})
        assert answer.status_code in {409, 422}, wrong
        assert fresh(first).intake_serious is None
    answer = client.post(page, said)
    assert answer.headers["Location"] == reverse("workflows:coach_intake", args=[second.reference])
    case = fresh(first)
    assert (case.intake_serious, case.intake_missing, case.intake_called_with) == (True, [missing], "Bo")
    assert case.intake_called_at is not None
    without = {"serious": "no", "note": "Nog niet.", "called_with": "", "called_at": ""}
    answer = client.post(reverse("workflows:coach_intake", args=[second.reference]), without)
    assert answer.headers["Location"] == reverse("workflows:inbox")
    sign_in(client, fund.house.officer)
    assert client.get(page).status_code == 403


def test_the_desk_keeps_what_was_found_and_says_what_is_wrong(client, fund):
    case = fund.cases[0]
    sign_in(client, fund.house.officer)
    page = reverse("workflows:desk", args=[case.call.reference, case.stage.key, case.reference])
    check = case.rules.checklist[0].key
    formal = next(field.key for field in case.rules.form.fields() if field.formal)
    said = {"step": "keep", f"check-{check}": "on", f"note-{check}": "Gebeld.", f"gap-{formal}": "on", f"words-{formal}": " "}
    answer = client.post(page, said)
    assert answer.status_code == 422
    assert b"Gebeld." in answer.content, "what was typed is kept"
    answer = client.post(page, {**said, f"words-{formal}": "Vul het in."})
    assert answer.status_code == 302
    kept = fresh(case)
    assert (kept.checklist[check], kept.checklist_notes) == (True, {check: "Gebeld."})
    assert kept.gaps_found == [{"field": formal, "words": "Vul het in."}]
    ticks = {f"check-{each.key}": "on" for each in case.rules.checklist}
    answer = client.post(page, {"step": "find_eligible", **ticks})
    assert answer.status_code == 409, "the coach comes first"
    perform(ApplicationMachine, "intake", pk=case.pk, actor=fund.house.coach, at=fund.at, serious=False, note="Nee.")
    assert client.post(page, {"step": "find_eligible", **ticks}).status_code == 409
    answer = client.post(page, {"step": "find_eligible", **ticks, "reason": "Wij zien een plan."})
    assert answer.headers["Location"] == reverse("workflows:desk", args=[case.call.reference, case.stage.key, fund.cases[1].reference])
    assert fresh(case).state == ApplicationState.IN_REVIEW, "no round to wait for"
    assert client.post(page, {"step": "delete"}).status_code == 404


def test_not_eligible_takes_its_grounds_from_the_scheme_to_the_letter(client, fund):
    from reports.letters.composing import draft
    from workflows.models import Event

    case = fund.cases[0]
    sign_in(client, fund.house.officer)
    page = reverse("workflows:desk", args=[case.call.reference, case.stage.key, case.reference])
    texts = client.get(page).context["why_not"].texts
    key = next(name for name in texts if name.startswith("check-"))
    assert client.post(page, {"step": "ineligible", "reasons": "Niet zelf gesproken."}).status_code == 422
    assert client.post(page, {"step": "ineligible", "reasons": "Niet zelf gesproken.", "grounds": [key]}).status_code == 302
    made = Decision.objects.get(application=case)
    assert (made.kind, made.facts["grounds"]) == (DecisionKind.INELIGIBLE, [{"nl": texts[key].nl, "en": texts[key].en}])
    event = Event.objects.get(kind="decision.propose")
    said = {name: getattr(made, name) for name in ("kind", "ground", "amount", "facts", "reasons")}
    assert draft(made, event, said, signed=False).grounds == (texts[key].nl,)


def test_one_request_for_all_in_the_round_with_one_term(client):
    from tender.clock import database_now

    game = open_call(publish("pressure_cooker"), at=database_now() - timedelta(days=2))
    cases = [submitted(game.call, at=game.at) for _ in range(3)]
    formal = [field.key for field in cases[0].rules.form.fields() if field.formal]
    for number, case in enumerate(cases):
        declare(case, *game.house.staff, at=game.at)
        gaps = [{"field": key, "words": f"Vul in: {key}."} for key in formal[: number + 1]]
        perform(ApplicationMachine, "screen", pk=case.pk, actor=game.house.officer, at=game.at, checklist={}, notes={}, gaps=gaps)
    sign_in(client, game.house.officer)
    page = reverse("workflows:completion", args=[game.call.reference, game.stage().key])
    assert len(client.get(page).context["asking"]) == 3
    posted = {"step": "request_completion", "pk": [case.pk for case in cases[:2]]}
    rows = client.post(page, posted).context["preview"].possible
    assert [row.will.count("Vul in") for row in rows] == [1, 2], "each its own list"
    assert {fresh(case).state for case in cases} == {ApplicationState.SUBMITTED}, "a preview does nothing"
    seen = {f"seen-{row.pk}": row.seen for row in rows}
    results = client.post(page, {**posted, **seen, "confirm": "1"}).context["results"]
    assert [result.done for result in results] == [True, True]
    assert len({fresh(case).repair_until for case in cases[:2]}) == 1
    assert fresh(cases[0]).gaps_found == []
    again = client.post(page, {**posted, **seen, "confirm": "1"}).context["results"]
    assert again == [], "asked once"
    assert client.post(page, {"step": "x"}).status_code == 404
    context = client.get(page).context
    assert ([row.over for row in context["asked"]], len(context["asking"])) == ([False, False], 1)


def test_who_did_not_complete_is_set_aside_in_time_or_judged(client):
    """The last day shows; after it the page leads to judging it as it is."""
    from tender.clock import database_now

    then = database_now() - timedelta(days=80)
    game = open_call(publish("pressure_cooker"), at=then)
    late = submitted(game.call, at=game.at)
    formal = next(field.key for field in late.rules.form.fields() if field.formal)
    declare(late, *game.house.staff, at=game.at)
    gaps = [{"field": formal, "words": "Leeg."}]
    perform(ApplicationMachine, "request_completion", pk=late.pk, actor=game.house.officer, at=game.at, gaps=gaps)
    sign_in(client, game.house.officer)
    page = client.get(reverse("workflows:completion", args=[game.call.reference, game.stage().key]))
    (row,) = page.context["asked"]
    assert (row.over, row.late, page.context["to_set_aside"], page.context["too_late"]) == (True, True, [], 1)
    assert b"judge_anyway" in page.content


def test_state_aid_of_an_undertaking_is_linked_noted_and_taken_back(client):
    it = award(1)
    party = it.grants[0].application.organisation
    sign_in(client, it.cast["officer"])
    page = reverse("workflows:aid_party", args=["organisatie", party.pk])
    link = {"step": "link", "kvk": "87654321", "name": "Zuster BV", "since": "2026-01-01", "reason": "Zelfde bestuur."}
    for wrong in ({"kvk": "1"}, {"reason": " "}, {"since": ""}, {"kvk": party.kvk}, {"since": "2126-01-01"}):
        assert client.post(page, {**link, **wrong}).status_code in {409, 422}, wrong
        assert not UndertakingLink.objects.exists()
    assert client.post(page, link).status_code == 302
    sister = Organisation.objects.get(kvk="87654321")
    note = {"step": "note", "body": "RVO", "amount": "1.000,50", "granted_on": "2026-01-01", "reason": "Register."}
    assert client.post(page, {**note, "amount": "-1"}).status_code in {409, 422}
    assert client.post(page, note).status_code == 302
    of_sister = client.get(reverse("workflows:aid_party", args=["organisatie", sister.pk]))
    assert of_sister.context["account"].balance.prior == it.grants[0].amount + AidNote.objects.get().amount
    listed = client.get(reverse("workflows:aid"))
    assert [row.name for row in listed.context["rows"]] == [str(party)], "two parties, one undertaking"
    assert [row.name for row in client.get(reverse("workflows:aid"), {"q": "zust"}).context["rows"]] == [str(party)]
    strike = {"step": "strike", "row": AidNote.objects.get().pk, "reason": ""}
    assert client.post(page, strike).status_code == 422
    assert client.post(page, {**strike, "row": "x", "reason": "Fout."}).status_code == 404
    assert client.post(page, {**strike, "reason": "Fout."}).status_code == 302
    assert client.post(page, {"step": "end", "row": UndertakingLink.objects.first().pk, "reason": "Verkocht."}).status_code == 302
    assert client.post(page, {"step": "x"}).status_code == 404
    for who, status in (("recused", 403), ("signatory", 200), ("coach", 403), ("signer", 403)):
        sign_in(client, it.cast[who])
        assert client.get(page).status_code == status, who
    sign_in(client, it.cast["signatory"])
    assert client.post(page, note).status_code == 403


def test_the_list_of_undertakings_costs_the_same_for_many(client, django_assert_max_num_queries):
    from workflows.commands.linking import note_aid

    it = award(1)
    for number in range(12):
        sister = Organisation.objects.create(name=f"Zuster {number}", kvk=f"8765432{number % 10}" if number < 10 else "")
        note_aid(sister, body="RVO", amount=5, granted_on=it.at.date(), reason="Register.", actor=it.cast["officer"], at=it.at)
    sign_in(client, it.cast["officer"])
    with django_assert_max_num_queries(22):
        assert len(client.get(reverse("workflows:aid")).context["rows"]) == 13


def test_what_was_screened_can_be_read_but_not_changed(client, fund):
    case = fund.cases[0]
    screen(case, fund.house, fund.at)
    sign_in(client, fund.house.officer)
    page = reverse("workflows:desk", args=[case.call.reference, case.stage.key, case.reference])
    assert client.get(page).context["may"] is False
    assert client.post(page, {"step": "keep"}).status_code == 409
