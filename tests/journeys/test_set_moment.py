"""A round whose publication was set for a moment, and a party that withdraws before it comes: what becomes of the others."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from tender.models import Decision
from tests.factories import clock, decide, deliver
from tests.workflows.pages.house import sign_in, where
from tests.workflows.refusals.saying import refused
from tests.workflows.refusals.test_decisions import ranked, take, whole
from tests.workflows.refusals.test_departing import WITH_RESERVE
from workflows.commands import perform
from workflows.commands.clockwork import tick
from workflows.commands.linking import link_parties, note_aid
from workflows.models import ApplicationMachine, ConflictMachine, Event, Notification, StageMachine
from workflows.queries import inbox
from workflows.rules.moments import Void, why_void

pytestmark = pytest.mark.django_db
TWO = Decimal(20000)
"""Money for two grants, each of which is € 10,000."""


class Set:
    """A round ranked, decided and signed, its publication set for two days later."""

    def __init__(self, *marks, before=lambda cases, game, at: None, **round_):
        self.game, self.cases, self.at = ranked(*marks, **round_)
        before(self.cases, self.game, self.at)
        whole("propose", self.game, self.game.house.officer, self.at)
        for each in self.decisions():
            decide(each, self.game.house, self.at, publish=False)
        self.moment = self.at + timedelta(days=2)
        self.set()

    def set(self):
        whole("schedule", self.game, self.game.house.signatory, self.at, publish_at=self.moment)
        deliver()

    def decisions(self):
        return list(Decision.objects.open().order_by("pk"))

    def withdraws(self, case, after=timedelta(hours=1)):
        perform(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=self.at + after)
        deliver()

    def comes(self):
        tick(self.moment)
        deliver()

    def kinds(self):
        return {each.application_id: each.kind for each in self.decisions()}

    @property
    def published(self):
        return set(Decision.objects.filter(published_at=self.moment).values_list("application", flat=True))

    @property
    def asked_of_the_signatory(self):
        return [item.arrow for item in inbox(self.game.house.signatory) if item.noun == "stage"]


def test_who_withdraws_takes_only_its_own_decision_out_of_the_moment(client):
    """The others are published at the moment, as they were signed; the signatory need not look at it again."""
    it = Set(5, 4, 3)
    first, *others = it.cases
    signed = {each.pk: each.signed_at for each in it.decisions() if each.application_id != first.pk}
    it.withdraws(first)
    assert why_void(it.game.stage()) == Void.NO
    assert it.asked_of_the_signatory == []
    page = sign_in(client, it.game.house.signatory).get(where("publish_round", it.game.stage()))
    assert page.context["void"] == ""
    it.comes()
    assert (it.game.stage().state, it.published) == ("published", {case.pk for case in others})
    assert dict(Decision.objects.filter(pk__in=signed).values_list("pk", "signed_at")) == signed
    assert Decision.objects.get(application=first).state == "discarded"
    assert not Event.objects.filter(kind="stage.lapse_moment").exists()


def test_where_what_it_leaves_could_go_to_another_people_look_first(client):
    """The best withdraws: by the scheme its money goes to who was beyond the ceiling, whose signed refusal would no longer be right."""
    it = Set(5, 4, 3, ceiling=TWO)
    assert list(it.kinds().values()) == ["award", "award", "refuse"]
    it.withdraws(it.cases[0])
    assert why_void(it.game.stage()) == Void.FREED
    assert it.asked_of_the_signatory == ["publish"], "it is work again, at once"
    page = sign_in(client, it.game.house.signatory).get(where("publish_round", it.game.stage()))
    assert page.context["void"] == Void.FREED
    refused("at_the_moment", StageMachine, "publish", it.game.stage(), clock(), it.moment)
    it.comes()
    assert (it.game.stage().state, it.game.stage().publish_at, it.published) == ("deciding", None, set())
    assert it.game.house.signatory in {each.user for each in Notification.objects.filter(event__kind="stage.lapse_moment")}
    it.at, it.moment = it.moment, it.moment + timedelta(days=2)
    it.set()
    it.comes()
    assert it.published == {case.pk for case in it.cases[1:]}, "who decides looked, and let the others stand"


def test_what_a_refused_party_leaves_is_nothing():
    it = Set(5, 4, 3, ceiling=TWO)
    it.withdraws(it.cases[2])
    it.comes()
    assert it.published == {case.pk for case in it.cases[:2]}


def test_of_several_who_withdraw_what_they_leave_together_counts():
    """The refused one is gone before the best withdraws: then nobody is left whose decision would be another."""
    it = Set(5, 4, 3, ceiling=TWO)
    it.withdraws(it.cases[2])
    it.withdraws(it.cases[0], timedelta(hours=2))
    assert why_void(it.game.stage()) == Void.NO
    it.comes()
    assert it.published == {it.cases[1].pk}


def test_a_place_on_the_reserve_list_goes_to_who_comes_next():
    it = Set(5, 4, 3, 3, ceiling=TWO, changes=[WITH_RESERVE])
    kinds = it.kinds()
    assert sorted(kinds.values()) == ["award", "award", "refuse", "reserve"]
    it.withdraws(next(case for case in it.cases if kinds[case.pk] == "reserve"))
    assert why_void(it.game.stage()) == Void.FREED


@pytest.mark.parametrize(("linked", "void"), [(True, Void.FREED), (False, Void.NO)])
def test_room_for_state_aid_that_is_freed_counts_where_another_of_the_undertaking_was_refused_it(linked, void):
    """Who is not of the undertaking had too much of its own: it gets nothing by it."""

    def little_room(cases, game, at):
        one, other = (case.organisation for case in cases)
        by = {"actor": game.house.officer, "at": at}
        if linked:
            link_parties(one, other, since=at.date(), reason="Dezelfde bestuurder.", **by)
        else:
            note_aid(one, body="RVO", amount=Decimal(1), granted_on=at.date(), reason="Opgave.", **by)
        amount = Decimal(285000 if linked else 295000)
        note_aid(other, body="RVO", amount=amount, granted_on=at.date(), reason="Opgave.", **by)

    it = Set(5, 4, before=little_room)
    assert list(it.kinds().values()) == ["award", "refuse"]
    it.withdraws(it.cases[0])
    assert why_void(it.game.stage()) == void


def test_in_a_scheme_without_state_aid_none_of_it_is_freed():
    without = [("state_aid = true\n", 'aid_basis = "gber"\n'), ('state_aid = "aid_declaration"\n', "")]
    it = Set(5, 4, changes=without)
    it.withdraws(it.cases[0])
    assert why_void(it.game.stage()) == Void.NO


def test_whatever_else_changed_beside_a_withdrawal_voids_the_moment():
    it = Set(5, 4, 3)
    changed = next(each for each in it.decisions() if each.application_id == it.cases[1].pk)
    it.withdraws(it.cases[0])
    decide(
        take("send_back", changed, it.game.house.officer, it.at, reason="Een tikfout."),
        it.game.house,
        it.at + timedelta(hours=2),
        publish=False,
    )
    assert why_void(it.game.stage()) == Void.CHANGED
    it.comes()
    assert it.published == set()


def test_an_interest_in_whom_was_scored_voids_the_moment_and_is_told():
    """The clock does not try in vain for ever: the moment lapses, and the round is work again."""
    it = Set(5, 4)
    juror = it.game.house.assessors[0]
    own = it.cases[0].conflicts.get(user=juror)
    perform(ConflictMachine, "declare_interest", pk=own.pk, actor=juror, at=it.at, kind="family", explanation="Mijn zus.")
    deliver()
    assert why_void(it.game.stage()) == Void.RANKING
    assert it.asked_of_the_signatory == ["publish"]
    it.comes()
    assert (it.game.stage().state, it.game.stage().publish_at) == ("deciding", None)
    assert Notification.objects.filter(event__kind="stage.lapse_moment").exists()
    assert it.asked_of_the_signatory == ["publish"]


def test_while_a_moment_stands_publishing_is_no_work_and_the_inbox_says_when_it_happens(client):
    it = Set(5, 4)
    house, stage = it.game.house, it.game.stage()
    told = reverse("workflows:publish_round", args=[stage.call.reference, stage.key])
    assert it.asked_of_the_signatory == []
    page = sign_in(client, house.signatory).get(reverse("workflows:inbox"))
    assert page.context["set_to_publish"] == [stage]
    assert told in page.content.decode()
    for who in ("officer", "auditor"):
        assert sign_in(client, getattr(house, who)).get(reverse("workflows:inbox")).context["set_to_publish"] == []
    whole("unschedule", it.game, house.officer, it.at)
    deliver()
    assert it.asked_of_the_signatory == ["publish"]
    assert sign_in(client, house.signatory).get(reverse("workflows:inbox")).context["set_to_publish"] == []
    it.set()
    assert it.asked_of_the_signatory == []
    sent_back = take("send_back", it.decisions()[0], house.officer, it.at, reason="Een tikfout.")
    decide(sent_back, house, it.at + timedelta(hours=1), publish=False)
    assert it.asked_of_the_signatory == ["publish"], "set for other signatures: it is work again"
    assert sign_in(client, house.signatory).get(reverse("workflows:inbox")).context["set_to_publish"] == []
