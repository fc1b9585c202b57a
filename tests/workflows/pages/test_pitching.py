"""The pages of the pitch: the applicant chooses on the case page, the officer plans, and who hears sees whom."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tender.calendar import amsterdam_day
from tender.clock import database_now
from tender.enums import PitchState, Role, SlotState
from tender.models import PitchSlot
from tests.factories import applicant, declare, dossier, open_call, person, publish, screen, submitted
from tests.factories.pitching import book, offer, pitch_of
from tests.workflows.machines.walking import snapshot
from tests.workflows.pages.house import sign_in, where
from workflows.commands import perform
from workflows.models import ApplicationMachine, PitchMachine

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund():
    game = open_call(publish("minifund"), at=database_now() - timedelta(days=2))
    game.case = submitted(game.call, at=game.at)
    screen(game.case, game.house, game.at)
    return game


def case_page(case):
    return reverse("workflows:dossier", args=[case.reference])


def own_page(case):
    return reverse("workflows:pitch", args=[case.reference])


# ── the applicant ─────────────────────────────────────────────────────────────────────────────────────────────
def test_a_moment_is_booked_changed_and_given_back_on_the_case_page(client, fund):
    case = fund.case
    first, second = offer(fund, number=2, after=timedelta(days=3))
    sign_in(client, case.applicant)
    panel = client.get(case_page(case)).context["pitching"]
    assert (panel["asked"], panel["step"], panel["last"]) == (True, "book", panel["promised"])
    assert [value for value, _words in panel["form"].fields["slot"].choices] == [first.pk, second.pk]
    answer = client.post(own_page(case), {"slot": first.pk})
    assert (answer.status_code, answer["Location"]) == (302, f"{case_page(case)}#pitch")
    page = client.get(case_page(case))
    assert page.context["pitching"]["booked"]
    assert "Hanzeplein 1" in page.content.decode()
    assert [str(user) for user in page.context["pitching"]["hearers"]] == ["Assessor", "Assessor"]
    assert client.post(own_page(case), {"slot": second.pk}).status_code == 302
    assert pitch_of(case).slot == second
    assert client.post(own_page(case), {"cancel": "1"}).status_code == 302
    panel = client.get(case_page(case)).context["pitching"]
    assert (panel["asked"], panel["fell"], pitch_of(case).sequence) == (True, True, 3)


def test_what_is_wrong_is_said_beside_the_choice_and_nothing_moves(client, fund):
    case = fund.case
    taken, free = offer(fund, number=2, after=timedelta(days=3))
    other = submitted(fund.call, at=fund.at)
    screen(other, fund.house, fund.at)
    book(other, taken, fund.at)
    sign_in(client, case.applicant)
    before = snapshot()
    typed = [({}, 422), ({"slot": "x"}, 422), ({"slot": ""}, 422), ({"slot": taken.pk}, 409), ({"slot": 999999}, 409), ({"cancel": 1}, 409)]
    for said, status in typed:
        answer = client.post(own_page(case), said)
        assert answer.status_code == status, said
        form = answer.context["pitching"]["form"]
        assert form.errors["slot"], said
        assert str(form.errors["slot"][0]) in answer.content.decode()
        assert [value for value, _words in form.fields["slot"].choices] == [free.pk]
    assert snapshot() == before


def test_where_there_is_no_moment_the_page_says_what_happens_next(client, fund):
    sign_in(client, fund.case.applicant)
    page = client.get(own_page(fund.case))
    assert page.context["pitching"]["form"].fields["slot"].choices == []
    assert "radio" not in page.content.decode()


def test_what_has_come_is_no_longer_changed_here(client, fund):
    (slot,) = offer(fund, after=timedelta(minutes=1))
    book(fund.case, slot, fund.at)
    sign_in(client, fund.case.applicant)
    panel = client.get(case_page(fund.case)).context["pitching"]
    assert (panel["booked"], panel["form"], panel["may_cancel"]) == (True, None, False)
    before = snapshot()
    assert client.post(own_page(fund.case), {"cancel": "1"}).status_code == 409
    assert snapshot() == before


def test_my_dossiers_say_when_to_choose_and_when_to_come(client, fund):
    sign_in(client, fund.case.applicant)
    (todo,) = client.get(reverse("workflows:my_dossiers")).context["todos"]
    assert todo["todo"].url == f"{case_page(fund.case)}#pitch"
    (slot,) = offer(fund, after=timedelta(days=3))
    book(fund.case, slot, fund.at)
    (todo,) = client.get(reverse("workflows:my_dossiers")).context["todos"]
    assert todo["todo"].until == slot.starts_at
    perform(PitchMachine, "note", pk=pitch_of(fund.case).pk, actor=fund.house.officer, at=fund.at, reason="Gebeld.")
    assert client.get(reverse("workflows:my_dossiers")).context["todos"] == []


@pytest.mark.parametrize("who", ["stranger", "other applicant", "officer", "assessor", "undeclared"])
def test_for_anybody_else_there_is_nothing_to_choose(client, fund, who):
    (slot,) = offer(fund, after=timedelta(days=3))
    declare(fund.case, fund.house.assessors[0], at=fund.at, part=Role.ASSESSOR)
    people = {
        "stranger": person("stranger"), "other applicant": applicant()[0], "officer": fund.house.officer,
        "assessor": fund.house.assessors[0], "undeclared": person("officer", Role.OFFICER),
    }  # fmt: skip
    sign_in(client, people[who])
    before = snapshot()
    for url in (own_page(fund.case), reverse("workflows:pitch_calendar", args=[fund.case.reference])):
        assert client.get(url).status_code == 404
    assert client.post(own_page(fund.case), {"slot": slot.pk}).status_code == 404
    assert snapshot() == before


def test_where_nobody_presents_there_is_no_such_page(client):
    game = open_call(publish("pressure_cooker"), at=database_now() - timedelta(days=2))
    case = dossier(game.call, at=game.at)
    sign_in(client, case.applicant)
    assert client.get(own_page(case)).status_code == 404
    assert client.get(case_page(case)).context["pitching"] is None
    sign_in(client, game.house.officer)
    assert client.get(where("pitch_slots", game.stage())).status_code == 403


def test_the_promise_is_told_to_applicant_and_officer(client, fund):
    """Beside the day by law, on the case page and on the receipt."""
    from workflows.flows.terms import promised

    case = type(fund.case).objects.with_rules().get(pk=fund.case.pk)
    for user in (case.applicant, fund.house.officer):
        term = sign_in(client, user).get(case_page(case)).context["term"]
        assert (term.promised, term.by) == (promised(case), case.decide_by)
    receipt = sign_in(client, case.applicant).get(reverse("workflows:receipt", args=[case.reference]))
    assert receipt.context["promised"] == promised(case)


# ── the officer ───────────────────────────────────────────────────────────────────────────────────────────────
def plan(fund, **said):
    day = amsterdam_day(database_now()) + timedelta(days=1)
    usual = {
        "first": day.isoformat(), "begins": "10:00", "number": 3, "minutes": 20, "pause": 10, "seats": 1, "place": "Hanzeplein 1",
        "hearers": [user.pk for user in fund.house.assessors],
    }  # fmt: skip
    return {**usual, **said}


def test_a_day_and_a_series_are_planned_on_one_page(client, fund):
    url = where("pitch_slots", fund.stage())
    sign_in(client, fund.house.officer)
    usual = client.get(url).context["form"].initial
    assert (usual["minutes"], usual["pause"], usual["seats"]) == (20, 10, 1), "as the scheme says"
    assert client.post(url, plan(fund)).status_code == 302
    slots = list(PitchSlot.objects.all())
    assert [slot.starts_at - slots[0].starts_at for slot in slots] == [timedelta(minutes=30 * n) for n in range(3)]
    day = amsterdam_day(database_now()) + timedelta(days=8)
    series = plan(fund, first=day.isoformat(), last=(day + timedelta(days=6)).isoformat(), number=1)
    assert client.post(url, series).status_code == 302
    assert PitchSlot.objects.count() > 3 + 3
    page = client.get(url)
    assert (page.context["waiting"], page.context["free"]) == (1, PitchSlot.objects.count())


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"place": ""}, "place"),
        ({"hearers": []}, "hearers"),
        ({"minutes": 4}, "minutes"),
        ({"number": 25}, "number"),
        ({"begins": "laat"}, "begins"),
        ({"first": "2026-13-01"}, "first"),
        ({"last": "2020-01-01"}, "last"),
        ({"last": "2099-01-01"}, "last"),
        ({"place": "", "url": "javascript:alert(1)"}, "url"),
        ({"first": "2020-01-06"}, None),
    ],
)
def test_what_cannot_be_planned_says_why_and_what_was_typed_stays(client, fund, said, field):
    sign_in(client, fund.house.officer)
    answer = client.post(where("pitch_slots", fund.stage()), plan(fund, **said))
    form = answer.context["form"]
    assert answer.status_code == (422 if field else 409)
    assert form.errors[field or "__all__"]
    assert 'value="10:00"' in answer.content.decode() or field == "begins"
    assert not PitchSlot.objects.exists()


def test_too_many_at_once_are_refused(client, fund):
    first = amsterdam_day(database_now()) + timedelta(days=1)
    sign_in(client, fund.house.officer)
    said = plan(fund, number=24, minutes=5, pause=0, last=(first + timedelta(days=60)).isoformat())
    assert client.post(where("pitch_slots", fund.stage()), said).context["form"].errors["last"]
    assert not PitchSlot.objects.exists()


@pytest.mark.parametrize("who", ["coach", "assessors", "auditor", "reader"])
def test_only_an_officer_plans(client, fund, who):
    user = getattr(fund.house, who)
    sign_in(client, user[0] if isinstance(user, list) else user)
    before = snapshot()
    assert client.post(where("pitch_slots", fund.stage()), plan(fund)).status_code == 403
    assert snapshot() == before


def test_a_moment_is_cancelled_with_a_reason_and_who_booked_it_chooses_again(client, fund):
    (slot,) = offer(fund, after=timedelta(days=3))
    book(fund.case, slot, fund.at)
    sign_in(client, fund.house.officer)
    (row,) = client.get(where("pitch_slots", fund.stage())).context["rows"]
    assert [pitch.application for pitch in row["shown"]] == [fund.case]
    assert client.get(row["cancel"]).status_code == 200
    assert client.post(row["cancel"], {"reason": ""}).status_code == 422
    assert client.post(row["cancel"], {"reason": "De zaal is dicht."}).status_code == 302
    assert PitchSlot.objects.get().state == SlotState.CANCELLED
    assert pitch_of(fund.case).state == PitchState.ASKED
    sign_in(client, fund.case.applicant)
    assert "De zaal is dicht." in client.get(case_page(fund.case)).content.decode()


def test_who_comes_is_seen_by_who_declared(client, fund):
    (slot,) = offer(fund, after=timedelta(days=3))
    book(fund.case, slot, fund.at)
    sign_in(client, person("officer", Role.OFFICER))
    page = client.get(where("pitch_slots", fund.stage()))
    (row,) = page.context["rows"]
    assert (row["shown"], row["taken"]) == ([], 1)
    assert fund.case.reference not in page.content.decode()


def test_the_list_costs_the_same_for_many(client, fund, django_assert_num_queries):
    offer(fund, after=timedelta(days=3))
    url = where("pitch_slots", fund.stage())
    sign_in(client, fund.house.officer).get(url)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for day in range(4, 9):
        for slot in offer(fund, after=timedelta(days=day), number=3):
            other = submitted(fund.call, at=fund.at)
            screen(other, fund.house, fund.at)
            book(other, slot, fund.at)
    with django_assert_num_queries(len(few)):
        client.get(url)
    assert len(client.get(f"{url}?past=1").context["rows"]) == 0


# ── who hears ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_who_hears_whom_and_notes_that_they_came(client, fund):
    judge = fund.house.assessors[0]
    (slot,) = offer(fund, after=timedelta(minutes=1))
    book(fund.case, slot, fund.at)
    sign_in(client, judge)
    page = client.get(reverse("workflows:pitches"))
    (row,) = page.context["rows"]
    assert row["declare"]
    assert not row["begun"]
    assert fund.case.reference not in page.content.decode()
    assert fund.case.title not in page.content.decode()
    declare(fund.case, judge, at=fund.at, part=Role.ASSESSOR)
    (row,) = client.get(reverse("workflows:pitches")).context["rows"]
    assert (row["declare"], row["begun"], row["party"]) == ("", True, fund.case.party)
    hold = reverse("workflows:step", args=["pitch", pitch_of(fund.case).pk, "hold"])
    assert client.post(hold, {"next": reverse("workflows:pitches")}).status_code == 302
    assert pitch_of(fund.case).state == PitchState.HELD
    assert client.get(reverse("workflows:pitches")).context["rows"] == []
    assert client.post(hold).status_code == 409


def test_a_withdrawn_dossier_is_on_no_agenda(client, fund):
    (slot,) = offer(fund, after=timedelta(days=3))
    book(fund.case, slot, fund.at)
    perform(ApplicationMachine, "withdraw", pk=fund.case.pk, actor=fund.case.applicant, at=fund.at)
    sign_in(client, fund.house.assessors[0])
    assert client.get(reverse("workflows:pitches")).context["rows"] == []


def test_an_interest_closes_every_page_of_the_pitch(client, fund):
    """Officer and assessor have an interest: nobody of them reads who comes, nor gets it into a calendar."""
    from workflows.commands import create
    from workflows.models import ConflictMachine

    case, at = fund.case, fund.at
    officer, judge = fund.house.officer, fund.house.assessors[0]
    declare(case, judge, at=at, part=Role.ASSESSOR)
    (slot,) = offer(fund, after=timedelta(minutes=1))
    book(case, slot, at)
    pages = [reverse("workflows:pitches"), reverse("workflows:pitches_calendar"), where("pitch_slots", fund.stage())]
    pages += [f"{pages[-1]}?past=1", reverse("workflows:pitch_calendar", args=[case.reference]), own_page(case)]
    for user in (officer, judge):
        asked = case.conflicts.filter(user=user).first() or create(
            ConflictMachine, "ask", of={"application": case, "user": user, "part": Role.OFFICER}, actor=user, at=at
        )
        sign_in(client, user)
        assert any(case.title in client.get(url).content.decode() for url in pages), "who has no interest reads it, so this can fail"
        perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=user, at=at, kind="family", explanation="Mijn zus.")
        for url in pages:
            answer = client.get(url)
            if answer.status_code != 404:
                assert case.title not in answer.content.decode(), url
                assert case.reference not in answer.content.decode(), url
        before = snapshot()
        hold = reverse("workflows:step", args=["pitch", pitch_of(case).pk, "hold"])
        assert client.post(hold).status_code == 403
        assert snapshot() == before
