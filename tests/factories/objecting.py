"""Objections: against a refusal of a published round, and through every step of who handles and decides them."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from tender.calendar import amsterdam_day
from tender.enums import Role
from tender.models import Application, Objection
from tests.factories.laying import laid_down
from tests.factories.people import person
from tests.factories.rounds import assign, close, decide, decide_round, declare, open_call, publish, score, screen, submitted
from workflows.commands import create, perform
from workflows.commands.clockwork import tick
from workflows.commands.proposing import propose_for
from workflows.models import ApplicationMachine, ObjectionMachine, StageMachine

MARKS = {"best": "5", "level": "4", "weak": "1"}
GROUNDS = "Wij zijn het niet eens met de score op samenwerking."


@dataclass
class Published:
    """A round of three that was published, two awarded and one refused; who handles and decides objections; and the moment."""

    game: object
    cases: dict
    handler: object
    decider: object
    at: object

    @property
    def house(self):
        return self.game.house

    def case(self, name="weak"):
        return Application.objects.get(pk=self.cases[name].pk)

    def decision(self, name="weak"):
        return self.case(name).decisions.earliest("pk")


@laid_down
def published(*, ceiling=25_000, marks=None, version=None, house=None, at=None, set_aside=False):
    """Of three workshops the strongest two are awarded; the weak one is refused. ``set_aside``: and a fourth, *gone*, is not processed."""
    more = {} if at is None else {"at": at}
    game = open_call(version or publish("pressure_cooker", **more), ceiling=Decimal(ceiling), house=house, **more)
    cases = {name: submitted(game.call, at=game.at) for name in MARKS}
    house, stage = game.house, game.stage()
    gone = submitted(game.call, at=game.at) if set_aside else None
    at = close(stage)
    if gone is not None:
        at = put_aside(gone, house, at)
    for case in cases.values():
        screen(case, house, at)
        assign(case, [house.officer, house.reader], house, at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    for name, mark in (marks or MARKS).items():
        for assessor in (house.officer, house.reader):
            score(cases[name], assessor, at, mark=mark)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.officer, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.reader, at=at)
    decide_round(game.stage(), house, at)
    if gone is not None:
        cases["gone"] = gone
    made = Published(game, cases, person("handler", Role.OBJECTION_HANDLER), person("decider", Role.SIGNATORY), at)
    for case in cases.values():
        declare(case, made.handler, made.decider, at=at)
    return made


def put_aside(case, house, at):
    """Nothing came of what was formally missing, so it is not processed; returns the moment."""
    declare(case, *house.staff, at=at)
    gaps = [{"field": "iban", "words": "Welke rekening?"}]
    perform(ApplicationMachine, "request_completion", pk=case.pk, actor=house.officer, at=at, gaps=gaps)
    at += timedelta(days=16)
    tick(at)
    said = {"kind": "set_aside", "ground": "", "reasons": "Het rekeningnummer ontbreekt."}
    decide(propose_for(pk=case.pk, actor=house.officer, at=at, **said), house, at)
    return at


def filed(made, *, name="weak", at=None, **said):
    """The party objects in the portal, a week later unless told otherwise."""
    of = {"application": made.case(name), "decision": made.decision(name)}
    at = at or made.at + timedelta(days=7)
    return create(ObjectionMachine, "file", of=of, actor=made.case(name).applicant, at=at, grounds=GROUNDS, **said)


def entered(made, *, received, posted=None, name="weak", at=None, **said):
    """What came by post."""
    of = {"application": made.case(name), "decision": made.decision(name)}
    at = at or made.at + timedelta(days=(received - amsterdam_day(made.at)).days)
    return create(
        ObjectionMachine, "enter", of=of, actor=made.handler, at=at, grounds=GROUNDS, received_on=received, posted_on=posted, **said
    )


def take(case, name, who, at, **data):
    """One step; returns the objection, fresh."""
    perform(ObjectionMachine, name, pk=case.pk, actor=who, at=at, **data)
    return Objection.objects.get(pk=case.pk)


def heard(made, case, at):
    """Acknowledged with a hearing planned, admissible, heard a day later as the party asked; returns the moment after it."""
    soon = {"hearing_at": at + timedelta(days=1), "agreed": "De aanvrager vroeg zelf om een snelle hoorzitting."}
    take(case, "acknowledge", made.handler, at, hearing_place="Groningen", **soon)
    take(case, "find_admissible", made.handler, at, excused="Ziekenhuisopname.")
    after = at + timedelta(days=1, hours=1)
    take(case, "hear", made.handler, after, minutes="De aanvrager lichtte haar plan toe.")
    return after


def advised(made, case, at, outcome="unfounded", **more):
    """Advised on after a hearing; returns the moment."""
    after = heard(made, case, at)
    take(case, "advise", made.handler, after, outcome=outcome, advice="De score is goed gemotiveerd.", **more)
    return after


def decided(made, case, at, outcome="unfounded", **more):
    """Through hearing and advice to the decision; returns the moment."""
    after = advised(made, case, at, outcome)
    take(case, "decide", made.decider, after, outcome=outcome, reasons="Het panel motiveerde elk punt.", **more)
    return after
