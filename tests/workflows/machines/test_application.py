"""The dossier: who may do what in which state, as a whole."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tender.canonical import plain
from tender.commands.drafting import save_draft
from tender.enums import DecisionKind, Ground
from tender.models import Application, Grant
from tests.factories import answers_for, close, decide, fill_report, open_call, pay, publish, score, screen, submitted
from tests.factories.cast import cast
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import create, perform
from workflows.commands.clockwork import tick
from workflows.commands.proposing import case_facts
from workflows.models import ApplicationMachine, DecisionMachine, ScoresheetMachine, StageMachine

pytestmark = pytest.mark.django_db

BESIDE = dict.fromkeys(("editor", "viewer", "partner"), "end_part")
HOUSE = {"officer": "reassign note_legal_form", "head": "reassign"}
TABLE = {
    "": {"signer": "open", "editor": "open"},
    "draft": {
        "signer": "submit withdraw cosign ask_signature end_part",
        **BESIDE,
        **HOUSE,
        "editor": "ask_signature end_part",
        "clock": "remind lapse cancel change_contact",
    },
    "submitted": {
        "signer": "withdraw end_part",
        **BESIDE,
        **HOUSE,
        "coach": "intake",
        "officer": "screen request_completion find_eligible postpone reassign note_legal_form",
        "clock": "find_ineligible warn cancel change_contact",
    },
    "incomplete": {
        "signer": "complete withdraw end_part",
        **BESIDE,
        **HOUSE,
        "officer": "judge_anyway reassign note_legal_form",
        "clock": "set_aside remind cancel change_contact",
    },
    "eligible": {
        "signer": "withdraw end_part",
        **BESIDE,
        **HOUSE,
        "officer": "postpone reassign note_legal_form",
        "clock": "take_up refuse warn cancel change_contact",
    },
    "in_review": {
        "signer": "revise withdraw cosign end_part",
        **BESIDE,
        **HOUSE,
        "officer": "ask_revision postpone reassign note_legal_form",
        "clock": "place refuse warn cancel change_contact",
    },
    "ranked": {
        "signer": "withdraw end_part",
        **BESIDE,
        **HOUSE,
        "officer": "postpone reassign note_legal_form",
        "clock": "admit award reserve refuse warn cancel change_contact",
    },
    "reserved": {
        "signer": "withdraw end_part",
        **BESIDE,
        **HOUSE,
        "clock": "admit award expire refuse change_contact reconsider_to_review reconsider_to_rank",
    },
    "admitted": {"signer": "end_part", **BESIDE, **HOUSE, "clock": "start_next change_contact close"},
    "awarded": {"signer": "end_part", **BESIDE, **HOUSE, "clock": "change_contact close"},
    "set_aside": {**HOUSE, "clock": "change_contact reconsider_to_review"},
    "ineligible": {**HOUSE, "clock": "change_contact reconsider_to_review"},
    "refused": {**HOUSE, "clock": "change_contact reconsider_to_review reconsider_to_rank"},
    "withdrawn": {},
    "lapsed": {},
    "cancelled": {},
    "closed": {},
}


def state_of(case):
    return Application.objects.get(pk=case.pk).state


class Story:
    """A round of a window, with one dossier for every way to end."""

    def __init__(self):
        self.cast = cast()
        self.house = self.cast.house
        self.game = open_call(publish("pressure_cooker"), house=self.house)
        self.at = self.game.at
        self.walk = Walk(ApplicationMachine, self.cast)

    def hand_in(self, case):
        save_draft(pk=case.pk, actor=self.cast["signer"], at=self.at, typed=answers_for(case.rules.form))
        perform(ApplicationMachine, "submit", pk=case.pk, actor=self.cast["signer"], at=self.at)

    def make(self, name):
        case = self.cast.dossier(self.game.call, at=self.at)
        if name != "lapsed":
            self.hand_in(case)
        return case

    def officer(self, name, case, **data):
        perform(ApplicationMachine, name, pk=case.pk, actor=self.house.officer, at=self.at, **data)

    def propose(self, case, kind, **said):
        case = Application.objects.get(pk=case.pk)
        said = {"ground": "", "amount": Decimal(0), "reasons": "Zie het dossier.", **said}
        known = {"score": "80.0", "rank": 1, "ranked": 5, "reason": said["reasons"], "amount": said["amount"]}
        facts = plain({**known, **case_facts(case, case.stage), **said.pop("facts", {})})
        of = {"application": case, "stage": case.stage}
        made = create(DecisionMachine, "propose", of=of, actor=self.house.officer, at=self.at, kind=kind, facts=facts, **said)
        decide(made, self.house, self.at)

    def assess(self, cases):
        stage = self.game.stage()
        for case in cases:
            for assessor in self.house.assessors:
                of = {"application": case, "stage": stage, "juror": assessor}
                create(ScoresheetMachine, "assign", of=of, actor=self.house.officer, at=self.at)
        perform(StageMachine, "start_scoring", pk=stage.pk, actor=self.house.officer, at=self.at)

    def rank(self):
        said = {"pk": self.game.stage().pk, "at": self.at, "reason": "De beoordelaars zijn ziek."}
        perform(StageMachine, "ask_rank", actor=self.house.officer, **said)
        perform(StageMachine, "rank", actor=self.house.reader, **said)


def before_scoring(story):
    """From nothing to eligible, and the four ways to end before anybody judges; what is left is eligible."""
    walk, game, signer = story.walk, story.game, story.cast["signer"]
    of = {"call": game.call, "stage": game.stage(), "organisation": story.cast.organisation}
    walk.note_new(lambda user: of, story.at)
    names = ("lapsed", "withdrawn", "set_aside", "ineligible", "awarded", "refused", "cancelled")
    cases = {name: story.make(name) for name in names}
    walk.note(cases["lapsed"].pk, story.at)
    walk.note(cases["awarded"].pk, story.at)
    perform(ApplicationMachine, "withdraw", pk=cases["withdrawn"].pk, actor=signer, at=story.at)
    story.at = close(game.stage())
    story.officer("request_completion", cases["set_aside"], gaps=[{"field": "iban", "words": "Welke rekening?"}])
    walk.note(cases["set_aside"].pk, story.at)
    story.at += timedelta(days=11)
    tick(story.at)
    story.propose(cases["set_aside"], DecisionKind.SET_ASIDE)
    story.propose(cases["ineligible"], DecisionKind.INELIGIBLE, ground=Ground.CONDITION)
    for name in names[:4]:
        assert state_of(cases[name]) == name
        walk.note(cases[name].pk, story.at)
    left = {name: cases[name] for name in names[4:]}
    ticked = {check.key: True for check in game.stage().rules.checklist}
    for case in left.values():
        story.officer("find_eligible", case, checklist=ticked)
    walk.note(cases["awarded"].pk, story.at)
    return left


def off_the_ranking(story):
    """On the reserve list and admitted: decided by hand, in a fund that is open all year and so has no ranking to follow."""
    fund, house = open_call(publish("minifund"), house=story.house), story.house
    cases = [submitted(fund.call, at=fund.at, case=story.cast.dossier(fund.call, at=fund.at)) for _ in range(2)]
    for case in cases:
        screen(case, house, fund.at)
        for assessor in house.assessors:
            score(case, assessor, fund.at, officer=house.officer)
    until = str((story.at + timedelta(weeks=4)).date())
    story.propose(cases[0], DecisionKind.RESERVE, ground=Ground.CEILING, facts={"reserve_place": 1, "reserve_until": until})
    story.propose(cases[1], DecisionKind.ADMIT)
    for case, name in zip(cases, ("reserved", "admitted"), strict=True):
        assert story.walk.note(case.pk, story.at).state == name
    return cases[0]


def from_scoring(story, left):
    """From eligible to decided as it was ranked, and on to the end."""
    walk = story.walk
    story.assess(left.values())
    walk.note(left["awarded"].pk, story.at)
    for assessor in story.house.assessors:
        score(left["awarded"], assessor, story.at)
    story.rank()
    walk.note(left["awarded"].pk, story.at)
    perform(StageMachine, "propose", pk=story.game.stage().pk, actor=story.house.officer, at=story.at)
    for name in ("awarded", "refused"):
        decide(left[name].decisions.get(), story.house, story.at)
    said = {"pk": story.game.stage().pk, "at": story.at, "reason": "De regeling is ingetrokken."}
    perform(StageMachine, "ask_cancel", actor=story.house.head, **said)
    perform(StageMachine, "cancel", actor=story.house.signatory, **said)
    for name, case in left.items():
        assert state_of(case) == name
        walk.note(case.pk, story.at)
    reserved = off_the_ranking(story)
    story.at += timedelta(weeks=5)
    tick(story.at)
    assert state_of(reserved) == "refused"
    grant = Grant.objects.get(application=left["awarded"])
    pay(grant, story.house, story.at)
    for report in grant.reports.all():
        fill_report(report, story.house, story.at)
    walk.note(left["awarded"].pk, story.at)


def test_who_may_do_what_in_which_state():
    story = Story()
    from_scoring(story, before_scoring(story))
    assert story.walk.table == TABLE


def test_the_table_has_every_state():
    assert set(TABLE) == states_of(ApplicationMachine)
    assert reached(ApplicationMachine) | {""} == set(TABLE)
