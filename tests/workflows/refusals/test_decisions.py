"""What stops a decision: figures, grounds, the chain of people, and what they saw."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from tender.enums import DecisionKind, Role
from tender.models import Application, Approval, BoardList, Decision, Document, StaffRole
from tests.factories import assign, clock, close, decide, declare, deliver, open_call, person, publish, score, screen, submitted, variant
from tests.factories.laying import laid_down
from tests.factories.rounds import board_list
from tests.workflows.machines.walking import snapshot
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import create, perform
from workflows.commands.proposing import propose_for, propose_in_turn
from workflows.models import ApplicationMachine, ConflictMachine, DecisionMachine, StageMachine

pytestmark = pytest.mark.django_db

AWARD = {"kind": DecisionKind.AWARD, "ground": "", "facts": {}, "reasons": ""}


@laid_down
def judged(game, *, asked="5000", days=0):
    """An application of a stage that is open all year, with its verdict."""
    at = game.at + timedelta(days=days)
    case = submitted(game.call, at=at, **{game.stage().rules.form.amount: asked})
    screen(case, game.house, at)
    for assessor in game.house.assessors:
        score(case, assessor, at, officer=game.house.officer)
    return Application.objects.get(pk=case.pk)


def of(case):
    return {"application": case, "stage": case.stage}


def take(name, decision, actor, at, **data):
    perform(DecisionMachine, name, pk=decision.pk, actor=actor, at=at, **data)
    return Decision.objects.get(pk=decision.pk)


def agree(name, decision, actor, at, **data):
    return take(name, decision, actor, at, seen=Decision.objects.get(pk=decision.pk).seen_sha256, **data)


def test_what_a_decision_may_say():
    game = open_call(publish("minifund"), ceiling=Decimal(7000))
    officer, at = game.house.officer, game.at
    first, second = judged(game), judged(game, asked="4000", days=1)
    refused_new("kind_fits", DecisionMachine, "propose", of(first), officer, at, **AWARD | {"kind": DecisionKind.SET_ASIDE})
    refused_new("ground_given", DecisionMachine, "propose", of(first), officer, at, **AWARD | {"kind": DecisionKind.REFUSE})
    refused_new("amount_fits", DecisionMachine, "propose", of(second), officer, at, **AWARD, amount=Decimal("4000.01"))
    refused_new("in_turn", DecisionMachine, "propose", of(second), officer, at, **AWARD, amount=Decimal(4000))
    refused_new("award_gives", DecisionMachine, "propose", of(first), officer, at, **AWARD, amount=Decimal(0))
    made = create(DecisionMachine, "propose", of=of(first), actor=officer, at=at, **AWARD, amount=Decimal(5000))
    refused_new("no_open_decision", DecisionMachine, "propose", of(first), officer, at, **AWARD, amount=Decimal(5000))
    refused_new("ceiling_holds", DecisionMachine, "propose", of(second), officer, at, **AWARD, amount=Decimal("2000.01"))
    refused("amount_fits", DecisionMachine, "edit", made, officer, at, amount=Decimal("5000.01"), reasons="")
    for nothing in (Decimal(0), Decimal(-1)):
        refused("award_gives", DecisionMachine, "edit", made, officer, at, amount=nothing, reasons="")
    assert Decision.objects.get(pk=made.pk).reserved == Decimal(5000)


def test_a_flat_grant_is_no_more_than_flat():
    game = open_call(publish("pressure_cooker"))
    case = submitted(game.call, at=game.at)
    at = close(game.stage())
    declare(case, game.house.officer, at=at)
    made = propose_for(pk=case.pk, kind="ineligible", ground="condition", reasons="Te lang.", actor=game.house.officer, at=at)
    assert made.amount == 0
    refused_new("kind_fits", DecisionMachine, "propose", of(case), game.house.officer, at, **AWARD | {"amount": Decimal(10000)})
    refused_new("amount_fits", DecisionMachine, "propose", of(case), game.house.officer, at, **AWARD | {"amount": Decimal(10001)})


def test_what_is_being_refused_is_neither_screened_nor_completed_meanwhile():
    game = open_call(publish("pressure_cooker"))
    case, officer = submitted(game.call, at=game.at), game.house.officer
    at = close(game.stage())
    declare(case, officer, at=at)
    made = propose_for(pk=case.pk, kind="ineligible", ground="condition", reasons="Te lang.", actor=officer, at=at)
    ticked = {check.key: True for check in case.rules.checklist}
    refused("no_open_decision", ApplicationMachine, "find_eligible", case, officer, at, checklist=ticked)
    gaps = [{"field": "iban", "words": "Welke rekening?"}]
    refused("no_open_decision", ApplicationMachine, "request_completion", case, officer, at, gaps=gaps)
    take("discard", made, officer, at, reason="Toch niet.")
    perform(ApplicationMachine, "find_eligible", pk=case.pk, actor=officer, at=at, checklist=ticked)


def ranked(*marks, changes=(), ceiling=Decimal(100000)):
    """A round that assessors judged, its ranking fixed, with a case for each mark; and the moment."""
    game = open_call(variant("pressure_cooker", *changes), ceiling=ceiling)
    house, cases = game.house, [submitted(game.call, at=game.at) for _ in marks]
    at = close(game.stage())
    for case in cases:
        screen(case, house, at)
        declare(case, house.head, *house.assessors, at=at)
        assign(case, house.assessors, house, at)
    whole("start_scoring", game, house.officer, at)
    for case, mark in zip(cases, marks, strict=True):
        for assessor in house.assessors:
            score(case, assessor, at, mark=mark)
    whole("ask_rank", game, house.officer, at)
    whole("rank", game, house.reader, at)
    return game, cases, at


def whole(name, game, actor, at, **data):
    """Take a step on the round as a whole."""
    perform(StageMachine, name, pk=game.stage().pk, actor=actor, at=at, **data)


def test_a_round_is_decided_as_it_was_ranked_and_what_was_dropped_is_proposed_again():
    game, (best, weak), at = ranked(5, 1)
    officer = game.house.officer
    refusal = AWARD | {"kind": DecisionKind.REFUSE}
    for said in (AWARD | {"amount": Decimal(10000)}, AWARD | {"kind": DecisionKind.RESERVE}, refusal | {"ground": "rank"}):
        refused_new("follows_ranking", DecisionMachine, "propose", of(weak), officer, at, **said)
    for ground in ("rank", "condition"):
        refused_new("follows_ranking", DecisionMachine, "propose", of(best), officer, at, **refusal | {"ground": ground})
    own = create(DecisionMachine, "propose", of=of(weak), actor=officer, at=at, **refusal | {"ground": "minimum"})
    whole("propose", game, officer, at)
    other = best.decisions.get()
    assert (other.kind, other.amount) == (DecisionKind.AWARD, Decimal(10000))
    assert weak.decisions.get().pk == own.pk, "what was proposed before stands"
    refused("lacks_proposals", StageMachine, "propose", game.stage(), officer, at)
    take("discard", other, officer, at, reason="Een tikfout.")
    whole("propose", game, officer, at)
    again = best.decisions.open().get()
    assert (again.kind, again.amount, again.basis.ranking) == (other.kind, other.amount, game.stage().rankings.get())
    deliver()


def test_a_ranking_falls_with_the_scores_of_who_declares_an_interest_later():
    game, (best, _weak), at = ranked(5, 1)
    house, stage = game.house, game.stage()
    whole("propose", game, house.officer, at)
    own = best.conflicts.get(user=house.assessors[0])
    why = {"kind": "family", "explanation": "Mijn zus."}
    perform(ConflictMachine, "declare_interest", pk=own.pk, actor=house.assessors[0], at=at, **why)
    for decision in stage.decisions.open():
        decide(decision, house, at, publish=False)
    refused("ranking_stands", StageMachine, "publish", stage, house.signatory, at)
    dropped = take("send_back", best.decisions.get(), house.officer, at, reason="Opnieuw.")
    take("discard", dropped, house.officer, at, reason="Opnieuw.")
    refused("ranking_stands", StageMachine, "propose", stage, house.officer, at)
    whole("ask_rerank", game, house.officer, at, reason="Een belang.")
    whole("rerank", game, house.head, at, reason="Een belang.")
    whole("propose", game, house.officer, at)
    assert {decision.basis.ranking.version for decision in stage.decisions.open()} == {2}


def test_a_case_that_moved_on_meanwhile_is_looked_at_afresh():
    game = open_call(publish("minifund"))
    stale = judged(game)
    perform(ApplicationMachine, "withdraw", pk=stale.pk, actor=stale.applicant, at=game.at)
    assert stale.state == "ranked"
    refused_new("kind_fits", DecisionMachine, "propose", of(stale), game.house.officer, game.at, **AWARD, amount=Decimal(5000))


def test_a_settlement_lies_between_paid_and_awarded():
    from tests.factories.awarded import award
    from tests.workflows.machines.test_grant import report_everything
    from workflows.models import GrantMachine, InstalmentMachine

    it = award(1)
    (grant,) = it.grants
    case, officer = Application.objects.get(pk=grant.application_id), it.cast["officer"]
    said = {"kind": DecisionKind.SETTLE, "ground": "not_done", "weighing": "Er is minder gedaan.", "facts": {}}
    place = {"application": case, "stage": grant.stage}
    refused_new("settles_within", DecisionMachine, "propose", place, officer, it.at, **said, amount=grant.amount, reasons="")
    it.take(GrantMachine, "accept", grant, "signer")
    due = grant.instalments.get(state="due")
    for name, who, data in (("approve", "officer", {}), ("order", "controller", {}), ("pay", "controller", {"bank_reference": "B"})):
        it.take(InstalmentMachine, name, due, who, **data)
    report_everything(it, grant)
    for amount, reasons in ((Decimal(-1), "Minder."), (grant.amount + 1, "Meer."), (grant.amount - 1, "")):
        refused_new("settles_within", DecisionMachine, "propose", place, officer, it.at, **said, amount=amount, reasons=reasons)
    made = create(DecisionMachine, "propose", of=place, actor=officer, at=it.at, **said, amount=grant.amount - 1, reasons="Minder.")
    refused("settles_within", DecisionMachine, "edit", made, officer, it.at, amount=grant.amount + 1, reasons="Meer.")


def chained(*links):
    """A decision of a small fund with a chain of these people."""
    chain = ", ".join(f'"{link}"' for link in links)
    game = open_call(variant("minifund", ('chain = ["officer", "signatory"]', f"chain = [{chain}]")))
    case = judged(game)
    declare(case, *game.house.staff, at=game.at)
    return game, propose_in_turn(pk=case.pk, actor=game.house.officer, at=game.at)


def test_nobody_acts_twice_in_a_chain():
    game, decision = chained("officer", "reader", "signatory")
    house, at = game.house, game.at
    for role in (Role.READER, Role.SIGNATORY):
        StaffRole.objects.create(user=house.officer, role=role)
    StaffRole.objects.create(user=house.reader, role=Role.SIGNATORY)
    many = type(house.officer).objects.get(pk=house.officer.pk)
    reader = type(house.reader).objects.get(pk=house.reader.pk)
    decision = agree("submit_for_check", decision, many, at)
    before = snapshot()
    with pytest.raises(PermissionDenied):
        agree("approve", decision, many, at)
    decision = agree("approve", decision, reader, at)
    for twice in (many, reader):
        with pytest.raises(PermissionDenied):
            agree("sign", decision, twice, at)
    assert snapshot()[3] == before[3]
    assert Decision.objects.get(pk=decision.pk).state == "approved"
    decision = agree("sign", decision, house.signatory, at)
    hands = list(Approval.objects.filter(decision=decision, voided_at=None).values_list("user", flat=True))
    assert len(hands) == len(set(hands)) == 3


def test_who_edited_stands_for_the_officer():
    """An officer who only changed a draft had a hand in it, and may not agree as another link."""
    game, decision = chained("officer", "reader", "signatory")
    both = person("both", Role.OFFICER, Role.READER)
    declare(decision.application, both, at=game.at)
    take("edit", decision, both, game.at, amount=decision.amount, reasons="Beter gezegd.")
    decision = agree("submit_for_check", decision, game.house.officer, game.at)
    with pytest.raises(PermissionDenied):
        agree("approve", decision, both, game.at)


def test_sending_back_voids_what_was_agreed():
    game, decision = chained("officer", "reader", "signatory")
    house, at = game.house, game.at
    decision = agree("submit_for_check", decision, house.officer, at)
    decision = agree("approve", decision, house.reader, at)
    refused("reason_given", DecisionMachine, "send_back", decision, house.signatory, at)
    decision = take("send_back", decision, house.signatory, at, reason="Het bedrag klopt niet.")
    assert (decision.state, decision.links_done, decision.link) == ("drafted", 0, "officer")
    assert not Approval.objects.filter(decision=decision, voided_at=None).exists()
    decision = agree("submit_for_check", decision, house.officer, at)
    decision = agree("approve", decision, house.reader, at)
    assert agree("sign", decision, house.signatory, at).state == "signed"


def test_only_what_was_seen_is_agreed_to():
    game, decision = chained("officer", "reader", "signatory")
    house, at = game.house, game.at
    old = decision.seen_sha256
    take("edit", decision, house.officer, at, amount=Decimal(4000), reasons="Minder.")
    refused("seen_as_it_is", DecisionMachine, "submit_for_check", decision, house.officer, at, seen=old)
    decision = agree("submit_for_check", decision, house.officer, at)
    refused("seen_as_it_is", DecisionMachine, "approve", decision, house.reader, at, seen=old)
    decision = agree("approve", decision, house.reader, at)
    refused("seen_as_it_is", DecisionMachine, "sign", decision, house.signatory, at, seen=old)


def test_the_board_decides_with_its_list():
    game, decision = chained("officer", "board", "signatory")
    house, at = game.house, game.at
    decision = agree("submit_for_check", decision, house.officer, at)
    refused("board_list_there", DecisionMachine, "approve", decision, house.board, at)
    refused("board_list_there", DecisionMachine, "approve", decision, house.board, at, board_list=0)
    signed = board_list(decision, house, at)
    for pk, links in ((None, 1), (signed, 1)):  # a copy of no list, and of a list that says something else
        decision = take("send_back", decision, house.officer, at, reason="Anders.")
        take("edit", decision, house.officer, at, amount=decision.amount, reasons=f"Duidelijker {pk}.")
        decision = agree("submit_for_check", decision, house.officer, at)
        if pk is None:
            Document.objects.filter(pk=signed).update(signs=None)
        else:
            Document.objects.filter(pk=signed).update(signs=BoardList.objects.first())
        assert decision.links_done == links
        refused("board_list_as_it_is", DecisionMachine, "approve", decision, house.board, at, board_list=signed)
    decision = agree("approve", decision, house.board, at, board_list=board_list(decision, house, at))
    assert decision.state == "approved"
    assert BoardList.objects.count() == 2


def test_it_is_published_once_its_letter_is_printed():
    game, decision = chained("officer", "signatory")
    house, at = game.house, game.at
    decision = agree("submit_for_check", decision, house.officer, at)
    decision = agree("sign", decision, house.signatory, at)
    refused("letter_ready", DecisionMachine, "publish", decision, house.signatory, at)
    with pytest.raises(PermissionDenied):
        take("discard", decision, house.officer, at, reason="Toch niet.")
    deliver()
    decision = take("send_back", decision, house.signatory, at, reason="Toch niet.")
    refused("reason_given", DecisionMachine, "discard", decision, house.officer, at)
    decision = agree("submit_for_check", decision, house.officer, at)
    later = at + timedelta(hours=1)
    decision = agree("sign", decision, house.signatory, later)
    refused("letter_ready", DecisionMachine, "publish", decision, house.signatory, later)
    deliver()
    decision = take("publish", decision, house.signatory, later)
    last = later + timedelta(days=42)
    refused("objection_term_over", DecisionMachine, "become_final", decision, clock(), last)
    assert decision.objection_until >= last.date()
