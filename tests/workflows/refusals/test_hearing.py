"""The party is heard before it is refused on a condition, or settled lower: announced, responded to or left, then decided."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from tender.clock import GRACE
from tender.models import Decision
from tests.factories import clock, close, decide, declare, deliver, open_call, publish, submitted, variant
from tests.factories.awarded import award
from tests.factories.rounds import hear
from tests.reading import text_of
from tests.workflows.machines.test_grant import report_everything
from tests.workflows.machines.walking import snapshot
from tests.workflows.refusals.saying import refused
from workflows.commands import perform
from workflows.commands.clockwork import tick
from workflows.commands.proposing import propose_for
from workflows.models import DecisionMachine, Event, GrantMachine, Letter, Notification
from workflows.timeline import TOLD_THERE, timeline

pytestmark = [pytest.mark.django_db, pytest.mark.prints]
WHY = "Uw hub staat buiten het Noorden (artikel 4)."


def refusing(version=None, reasons=WHY):
    """A decision to refuse on a condition lies on the officer's desk."""
    game = open_call(version or publish("hub_support"))
    case = submitted(game.call, at=game.at)
    at = close(game.stage())
    declare(case, *game.house.staff, at=at)
    made = propose_for(pk=case.pk, kind="ineligible", ground="condition", reasons=reasons, actor=game.house.officer, at=at)
    deliver()
    return game, fresh(made), at


def fresh(decision):
    return Decision.objects.get(pk=decision.pk)


def take(name, decision, actor, at, **data):
    perform(DecisionMachine, name, pk=decision.pk, actor=actor, at=at, **data)
    return fresh(decision)


def handed_on(decision, actor, at):
    return take("submit_for_check", decision, actor, at, seen=fresh(decision).seen_sha256)


def test_a_refusal_waits_for_the_response():
    game, decision, at = refusing()
    officer, signer = game.house.officer, decision.application.applicant
    refused("heard_first", DecisionMachine, "submit_for_check", decision, officer, at)
    decision = take("announce_intent", decision, officer, at)
    days = decision.stage.rules.terms.hearing_days
    assert (decision.state, decision.respond_until) == ("hearing", at + timedelta(days=days))
    for said in ("", "  ", "x" * 8001):
        refused("response_given", DecisionMachine, "respond", decision, signer, at, response=said)
    decision = take("respond", decision, signer, at, response="Wij zijn in mei verhuisd naar Assen.")
    assert (decision.state, decision.responded_by, decision.facts["responded_on"]) == ("drafted", signer, at.date().isoformat())
    refused("hearing_fits", DecisionMachine, "announce_intent", decision, officer, at)
    assert handed_on(decision, officer, at).state == "in_check"
    event = Event.objects.get(kind="decision.respond")
    assert "Assen" not in str(event.content()), "what was said stays out of the trail"


def test_other_reasons_can_be_announced_afresh():
    """What the party said may be taken up without hearing it again; on something new it can be heard again."""
    game, decision, at = refusing()
    officer, signer = game.house.officer, decision.application.applicant
    decision = take("announce_intent", decision, officer, at)
    assert Event.objects.get(kind="decision.announce_intent").data["reasons"] == WHY
    decision = take("respond", decision, signer, at, response="Wij zijn verhuisd.")
    assert not decision.says_otherwise
    refused("hearing_fits", DecisionMachine, "announce_intent", decision, officer, at)
    decision = take("edit", decision, officer, at, amount=0, reasons="U hebt geen hub.")
    assert decision.says_otherwise
    decision = take("announce_intent", decision, officer, at)
    assert (decision.state, decision.response, decision.says_otherwise) == ("hearing", "", False)
    refused("respond_term_over", DecisionMachine, "let_term_pass", decision, clock(), at)


def test_a_refusal_waits_for_the_end_of_the_term():
    game, decision, at = refusing()
    officer, signer = game.house.officer, decision.application.applicant
    decision = take("announce_intent", decision, officer, at)
    until = decision.respond_until
    refused("respond_term_over", DecisionMachine, "let_term_pass", decision, clock(), until + GRACE - timedelta(seconds=1))
    refused("respond_in_time", DecisionMachine, "respond", decision, signer, until, response="Te laat?")
    refused("respond_in_time", DecisionMachine, "note_response", decision, officer, until, response="Te laat?")
    tick(until + GRACE - timedelta(seconds=1))
    assert fresh(decision).state == "hearing", "what arrived in time may still be in a queue"
    over = until + GRACE
    tick(over)
    assert fresh(decision).state == "drafted"
    assert handed_on(decision, officer, over).state == "in_check"


def test_a_response_that_arrived_in_time_counts_after_the_term():
    game, decision, at = refusing()
    decision = take("announce_intent", decision, game.house.officer, at)
    until = decision.respond_until
    tick(until + timedelta(minutes=1))
    said = take("respond", decision, decision.application.applicant, until - timedelta(seconds=1), response="Wij zijn verhuisd.")
    assert (said.state, said.response) == ("drafted", "Wij zijn verhuisd.")


def test_whom_we_told_hears_that_it_is_off():
    game, decision, at = refusing()
    officer, signer = game.house.officer, decision.application.applicant
    take("discard", decision, officer, at, reason="Verkeerde grond.")
    again = fresh(propose_for(pk=decision.application_id, kind="ineligible", ground="condition", reasons=WHY, actor=officer, at=at))
    take("announce_intent", again, officer, at)
    take("discard", again, officer, at, reason="U zit er toch.")
    deliver()
    assert [told.event.key for told in Notification.objects.filter(event__kind="decision.discard", user=signer)] == [again.pk]
    titles = [line.title for line in timeline(decision.application, inside=False)]
    assert titles.count(str(TOLD_THERE["decision.discard"][0])) == 1, "of the first they never heard"


def test_the_officer_says_why_first():
    game, decision, at = refusing(reasons="")
    refused("said_why", DecisionMachine, "announce_intent", decision, game.house.officer, at)


def test_what_is_said_by_telephone_is_written_down():
    game, decision, at = refusing()
    decision = take("announce_intent", decision, game.house.officer, at)
    before = snapshot()
    for stranger in (game.house.reader, game.house.jurors[0]):
        with pytest.raises(PermissionDenied):
            take("note_response", decision, stranger, at, response="Gebeld.")
    assert snapshot() == before
    decision = take("note_response", decision, game.house.officer, at, response="Gebeld op maandag: het klopt.")
    assert (decision.state, decision.response) == ("drafted", "Gebeld op maandag: het klopt.")


def test_who_announced_stands_for_the_officer():
    """Who announced an intention may not agree to the decision as another link of the chain."""
    from tender.enums import Role
    from tests.factories import person

    game, decision, at = refusing()
    both = person("both", Role.OFFICER, Role.READER)
    declare(decision.application, both, at=at)
    decision = take("announce_intent", decision, both, at)
    decision = take("respond", decision, decision.application.applicant, at, response="Nee.")
    decision = handed_on(decision, game.house.officer, at)
    with pytest.raises(PermissionDenied):
        take("approve", decision, both, at, seen=decision.seen_sha256)


def test_a_scheme_may_do_without():
    game, decision, at = refusing(variant("hub_support", ("repair_days = 14", "repair_days = 14\nhearing_days = 0")))
    refused("hearing_fits", DecisionMachine, "announce_intent", decision, game.house.officer, at)
    assert handed_on(decision, game.house.officer, at).state == "in_check"


def test_the_letter_is_the_partys_at_once_and_the_decision_says_that_it_was_heard(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    game, decision, at = refusing()
    house, case, signer = game.house, decision.application, decision.application.applicant
    take("announce_intent", decision, house.officer, at)
    deliver()
    letter = Letter.objects.visible_to(signer).get(kind="intent")
    text = text_of(letter)
    for needed in ("Wij zijn van plan uw aanvraag af te wijzen", WHY, "U kunt tot", "4:7"):
        assert needed in text
    assert "commissie bezwaarschriften" not in text, "it decides nothing, so there is nothing to object to"
    assert Notification.objects.filter(event__kind="decision.announce_intent", user=signer).exists()
    assert Decision.objects.visible_to(signer).filter(pk=decision.pk).exists()
    take("respond", decision, signer, at, response="Wij zien dat anders.")
    assert not Decision.objects.visible_to(signer).filter(pk=decision.pk).exists(), "what is weighed is not theirs to read"
    deliver()
    assert Notification.objects.filter(event__kind="decision.respond", user=house.officer).exists()
    decide(fresh(decision), house, at)
    deliver()
    letter = Letter.objects.visible_to(signer).get(kind="refusal_condition")
    assert "hebben wij meegewogen" in text_of(letter)
    case.refresh_from_db()
    assert case.state == "ineligible"


def test_who_lets_the_term_pass_is_told_so_in_the_decision(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    game, decision, at = refusing()
    decision = take("announce_intent", decision, game.house.officer, at)
    over = decision.respond_until + GRACE
    tick(over)
    deliver()
    decide(fresh(decision), game.house, over, publish=False)
    assert "niet op gereageerd" in text_of(Letter.objects.get(kind="refusal_condition"))


def test_a_settlement_is_heard_on_the_amount_and_a_lower_one_again(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    it = award(1)
    (grant,) = it.grants
    it.take(GrantMachine, "accept", grant, "signer")
    report_everything(it, grant)
    officer, amount = it.cast["officer"], grant.amount
    said = {
        "kind": "settle",
        "ground": "not_done",
        "weighing": "Het is naar verhouding.",
        "reasons": "Er is minder gedaan.",
        "actor": officer,
        "at": it.at,
    }
    made = fresh(propose_for(pk=grant.application_id, amount=amount, **said))
    refused("hearing_fits", DecisionMachine, "announce_intent", made, officer, it.at)
    made = take("edit", made, officer, it.at, amount=amount - 100, reasons="Er is minder gedaan.")
    refused("heard_first", DecisionMachine, "submit_for_check", made, officer, it.at)
    made = hear(made, it.cast.house, it.at)
    deliver()
    assert "lager vast te stellen" in text_of(Letter.objects.get(kind="intent"))
    made = take("edit", made, officer, it.at, amount=amount - 200, reasons="Nog minder.")
    refused("heard_first", DecisionMachine, "submit_for_check", made, officer, it.at)
    made = take("edit", made, officer, it.at, amount=amount - 50, reasons="Uw reactie klopt voor een deel.")
    assert handed_on(made, officer, it.at).state != "drafted"
    assert made.heard_amount == Decimal(amount - 100)
