"""Four eyes cannot be evaded: whoever does whatever in whichever order, no path gives one person two hands in a chain, lets out a decision
that nobody signed, or gives away more than there is."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from tender.enums import Account, DecisionState, Role
from tender.models import Application, Decision, LedgerEntry
from tests.factories import declare, deliver, open_call, person, variant
from tests.workflows.refusals.test_decisions import judged
from workflows.commands import Refused, create, perform
from workflows.commands.proposing import propose_in_turn
from workflows.models import ConflictMachine, DecisionMachine, Event, Letter

pytestmark = pytest.mark.django_db
CHAIN = ("officer", "reader", "controller", "signatory")
ROLES = {
    "one of each, officer": [Role.OFFICER],
    "one of each, reader": [Role.READER],
    "one of each, controller": [Role.CONTROLLER],
    "one of each, signatory": [Role.SIGNATORY],
    "officer who reads and signs": [Role.OFFICER, Role.READER, Role.SIGNATORY],
    "everything": [Role.OFFICER, Role.READER, Role.CONTROLLER, Role.SIGNATORY, Role.HEAD],
    "everything, with an interest": [Role.OFFICER, Role.READER, Role.CONTROLLER, Role.SIGNATORY, Role.HEAD],
    "everything, not declared": [Role.OFFICER, Role.READER, Role.CONTROLLER, Role.SIGNATORY, Role.HEAD],
    "everything, and audits": [Role.OFFICER, Role.READER, Role.CONTROLLER, Role.SIGNATORY, Role.HEAD, Role.AUDITOR],
    "applicant": [],
}
NEVER = ("everything, with an interest", "everything, not declared", "everything, and audits", "applicant")
ARROWS = ("edit", "submit_for_check", "approve", "sign", "send_back", "publish", "discard", "announce_intent", "note_response", "supersede")
FORWARD = {"drafted": "submit_for_check", "in_check": "approve", "approved": "sign", "signed": "publish"}
CEILING = 7000
OFFICERS_WORK = {"propose", "edit", "announce_intent", "note_response", "submit_for_check"}


class FourEyes(RuleBasedStateMachine):
    """Three dossiers that were judged, € 7,000 for them, and everybody who might want to have it all to themselves."""

    world = None

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.game, self.people, self.cases = self.world
        self.at = self.game.at

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def attempt(self, step, *args, **kwargs):
        """Take a step, or be refused; nothing else may go wrong."""
        try:
            with transaction.atomic():
                return step(*args, **kwargs)
        except (Refused, PermissionDenied):
            return None

    def decisions(self):
        return list(Decision.objects.order_by("pk").select_related("application", "stage__call__version"))

    @initialize()
    def begin(self):
        """One is on the desk already, so that no example is about nothing."""
        propose_in_turn(pk=self.cases[0].pk, actor=self.people["one of each, officer"], at=self.at)

    @rule(who=st.sampled_from(sorted(ROLES)), number=st.integers(0, 2))
    def propose(self, who, number):
        self.attempt(propose_in_turn, pk=self.cases[number].pk, actor=self.people[who], at=self.at)

    @rule(
        who=st.sampled_from(sorted(ROLES)), number=st.integers(0, 2), name=st.sampled_from(ARROWS),
        amount=st.sampled_from([0, 1, 2500, 5000, 5001, CEILING, CEILING + 1]), fresh=st.booleans(),
    )  # fmt: skip
    def anybody_tries_anything(self, who, number, name, amount, fresh):
        found = self.decisions()
        if found:
            self.take(found[number % len(found)], name, who, amount=amount, fresh=fresh)

    @rule(who=st.sampled_from(sorted(set(ROLES) - set(NEVER))), number=st.integers(0, 2))
    def somebody_takes_it_one_link_further(self, who, number):
        on_their_way = [each for each in self.decisions() if each.state in FORWARD]
        if on_their_way:
            decision = on_their_way[number % len(on_their_way)]
            self.take(decision, FORWARD[decision.state], who)

    @precondition(lambda self: any(each.state == "signed" for each in self.decisions()))
    @rule()
    def the_press_runs(self):
        deliver()

    def take(self, decision, name, who, *, amount=2500, fresh=True):
        seen = decision.seen_sha256 if fresh else "0" * 64
        data = {"amount": amount, "reasons": "Anders.", "reason": "Kijk nog eens.", "response": "Nee.", "seen": seen, "by": 0}
        self.attempt(perform, DecisionMachine, name, pk=decision.pk, actor=self.people[who], at=self.at, **data)

    # ── what always holds ─────────────────────────────────────────────────────────────────────────────────────────
    @invariant()
    def nobody_has_two_hands_in_a_chain(self):
        for decision in self.decisions():
            links = [(each.link, each.user_id) for each in decision.approvals.filter(voided_at=None).order_by("pk")]
            assert [link for link, _user in links] == list(CHAIN[: len(links)]), "each link in its turn"
            assert len({user for _link, user in links}) == len(links)
            trail = Event.objects.filter(noun="decision", key=decision.pk)
            wrote = {each.actor_id for each in trail if each.kind.split(".")[1] in OFFICERS_WORK}
            assert not wrote & {user for link, user in links if link != "officer"}, "who wrote it neither checks nor signs it"

    @invariant()
    def nothing_goes_out_unsigned(self):
        out = [each for each in self.decisions() if each.state in {DecisionState.PUBLISHED, DecisionState.FINAL}]
        for decision in out:
            assert decision.approvals.filter(voided_at=None).count() == len(CHAIN)
            assert decision.signed_by is not None
            assert decision.signed_by.has_role(Role.SIGNATORY)
            assert set(decision.approvals.filter(voided_at=None).values_list("seen_sha256", flat=True)) == {decision.seen_sha256}
            assert decision.letters.filter(event__kind="decision.sign", event__at=decision.signed_at).exists()
        read = Letter.objects.visible_to(self.people["applicant"]).exclude(decision=None)
        assert {each.decision_id for each in read} <= {each.pk for each in out}

    @invariant()
    def never_more_than_there_is(self):
        stage = self.game.stage()
        held = {account: LedgerEntry.objects.balance(stage, account) for account in Account.values}
        assert min(held.values()) >= 0
        assert sum(held.values()) == CEILING
        promised = sum(each.amount for each in self.decisions() if each.state not in {DecisionState.DISCARDED, DecisionState.SUPERSEDED})
        assert promised <= CEILING

    @invariant()
    def who_may_not_leaves_no_hand(self):
        kept_out = [self.people[name].pk for name in NEVER]
        assert not Event.objects.filter(noun="decision", actor__in=kept_out).exists()


def stage_set(number):
    """A fund with four links in its chain, so many judged dossiers, and who declared what."""
    chain = ", ".join(f'"{link}"' for link in CHAIN)
    game = open_call(variant("minifund", ('chain = ["officer", "signatory"]', f"chain = [{chain}]")), ceiling=Decimal(CEILING))
    people = {name: person("eyes", *roles) for name, roles in ROLES.items()}
    cases = [judged(game) for _ in range(number)]
    people["applicant"] = cases[0].applicant
    for case in cases:
        declare(case, *(people[name] for name in ROLES if name not in NEVER), at=game.at)
        who = people["everything, with an interest"]
        asked = create(ConflictMachine, "ask", of={"application": case, "user": who, "part": Role.OFFICER}, actor=who, at=game.at)
        perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=who, at=game.at, kind="family", explanation="Mijn zus.")
    deliver()
    return game, people, [Application.objects.get(pk=case.pk) for case in cases]


def test_no_path_evades_four_eyes():
    FourEyes.world = stage_set(3)
    run_state_machine_as_test(FourEyes, settings=settings(max_examples=8, stateful_step_count=30))


def test_the_machine_gets_to_the_end_of_the_chain():
    """What the machine above tries is not only refused: the way through is open to four people."""
    FourEyes.world = stage_set(1)
    machine = FourEyes()
    machine.begin()
    for link in CHAIN:
        assert machine.decisions()[0].state != "signed"
        machine.somebody_takes_it_one_link_further(f"one of each, {link}", 0)
    machine.the_press_runs()
    machine.somebody_takes_it_one_link_further("everything", 0)
    assert [each.state for each in machine.decisions()] == ["published"]
    machine.nothing_goes_out_unsigned()
    machine.teardown()
