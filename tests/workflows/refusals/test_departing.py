"""What stops a departure from the advice, a link that is asked above an amount only, and a round as a whole."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from tender.enums import DecisionKind, Role
from tender.models import BoardList, Decision
from tender.step import Step
from tests.factories import clock, decide, declare, deliver, open_call, person, variant
from tests.workflows.refusals.saying import refused
from tests.workflows.refusals.test_decisions import agree, chained, judged, ranked, take, whole
from workflows.commands import Refused
from workflows.commands.clockwork import tick
from workflows.commands.proposing import propose_for, propose_in_turn
from workflows.commands.rounds import publish_everyone
from workflows.models import DecisionMachine, Event, Notification, StageMachine
from workflows.rules.moments import publication_sha256

pytestmark = pytest.mark.django_db

WHY = "Het panel woog een bijlage mee die er niet bij hoorde; zonder die bijlage ligt het anders."
FLAT = Decimal(10000)
AWARD = {"kind": DecisionKind.AWARD, "ground": "", "amount": FLAT, "departure": WHY}
REFUSE = {"kind": DecisionKind.REFUSE, "ground": "condition", "amount": Decimal(0), "departure": WHY}
RESERVE = {"kind": DecisionKind.RESERVE, "ground": "", "amount": Decimal(0), "departure": WHY}
WITH_RESERVE = ('cutoff = "stop"', 'cutoff = "stop"\nreserve = { places = 1, weeks = 26 }')


def of(case):
    return Decision.objects.open().get(application=case)


def proposed(*marks, **round_):
    game, cases, at = ranked(*marks, **round_)
    whole("propose", game, game.house.officer, at)
    return game, [of(case) for case in cases], at


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("departs", {"kind": DecisionKind.REFUSE, "ground": "minimum", "amount": Decimal(0), "departure": WHY}),
        ("departure_explained", AWARD | {"departure": "Te kort."}),
        ("departure_explained", AWARD | {"departure": " " * 60}),
        ("departure_explained", AWARD | {"departure": "x" * 4001}),
        ("departure_fits", REFUSE | {"ground": "rank"}),
        ("departure_fits", REFUSE | {"ground": "ceiling"}),
        ("departure_fits", RESERVE),
        ("departure_fits", AWARD | {"kind": DecisionKind.ADMIT}),
        ("departure_fits", AWARD | {"ground": "condition"}),
        ("award_gives", AWARD | {"amount": Decimal(0)}),
        ("amount_fits", AWARD | {"amount": FLAT + 1}),
    ],
)
def test_a_departure_has_reasons_and_an_outcome_that_can_be(rule, said):
    game, (_best, weak), at = proposed(5, 1)
    refused(rule, DecisionMachine, "depart", weak, game.house.officer, at, **said)


def test_a_departure_gives_no_money_that_is_not_there():
    game, (best, second, _weak), at = proposed(5, 5, 1, ceiling=FLAT)
    gets, not_ = (best, second) if best.amount else (second, best)
    officer = game.house.officer
    refused("ceiling_holds", DecisionMachine, "depart", not_, officer, at, **AWARD)
    gets = take("depart", gets, officer, at, **REFUSE)
    assert (gets.kind, gets.ground, gets.amount, gets.reserved) == ("refuse", "condition", 0, 0)
    not_ = take("depart", not_, officer, at, **AWARD)
    assert (not_.kind, not_.amount, not_.reserved) == ("award", FLAT, FLAT)
    assert not_.departure == WHY
    assert not_.advised["kind"] == "refuse"
    event = Event.objects.filter(kind="decision.depart", key=not_.pk).get()
    assert (event.data["advised"]["ground"], event.data["departure"]) == (not_.advised["ground"], WHY)
    refused("heard_first", DecisionMachine, "submit_for_check", gets, officer, at)
    take("announce_intent", gets, officer, at)
    assert "intent" in {letter.kind for letter in gets.letters.all()} or deliver()


def test_what_was_advised_stays_what_it_was_however_often_it_is_departed_from():
    game, (best, _weak), at = proposed(5, 1)
    officer = game.house.officer
    refused("keeps_amount", DecisionMachine, "edit", best, officer, at, amount=Decimal(9000), reasons="")
    take("edit", best, officer, at, amount=best.amount, reasons="Duidelijker.")
    less = take("depart", best, officer, at, **AWARD | {"amount": Decimal(8000)})
    assert less.reserved == Decimal(8000)
    again = take("edit", less, officer, at, amount=Decimal(7000), reasons="")
    assert (again.amount, again.advised["amount"], again.departure) == (Decimal(7000), "10000.00", WHY)
    refused("departs", DecisionMachine, "depart", again, officer, at, **AWARD)
    refused("departure_explained", DecisionMachine, "depart", again, officer, at, **REFUSE | {"departure": "Te kort."})
    seen = again.seen_sha256
    more = take("depart", again, officer, at, **REFUSE)
    assert more.seen_sha256 != seen
    assert more.advised == again.advised


def test_a_reserve_list_takes_who_is_put_on_it_behind_its_last():
    game, decisions, at = proposed(5, 5, 5, 5, changes=[WITH_RESERVE], ceiling=FLAT)
    by = {kind: [each for each in decisions if each.kind == kind] for kind in ("award", "reserve", "refuse")}
    officer = game.house.officer
    assert [len(found) for found in by.values()] == [1, 1, 2]
    moved = take("depart", by["refuse"][0], officer, at, **RESERVE)
    assert (moved.facts["reserve_place"], moved.facts["reserve_until"]) == (2, by["reserve"][0].facts["reserve_until"])
    refused_now = take("depart", by["reserve"][0], officer, at, **REFUSE | {"ground": "ceiling"})
    assert refused_now.advised["kind"] == "reserve"
    again = take("depart", refused_now, officer, at, **REFUSE)
    refused("departure_fits", DecisionMachine, "depart", of(by["refuse"][1].application), officer, at, **REFUSE | {"ground": "rank"})
    assert take("depart", again, officer, at, **REFUSE | {"ground": "ceiling"}).ground == "ceiling"


def test_a_verdict_can_be_departed_from_and_what_rests_on_nothing_cannot():
    game = open_call(variant("minifund"))
    case = judged(game)
    made, officer = propose_in_turn(pk=case.pk, actor=game.house.officer, at=game.at), game.house.officer
    refused("departs", DecisionMachine, "depart", made, officer, game.at, **AWARD | {"amount": Decimal(4000)})
    refused("departure_fits", DecisionMachine, "depart", made, officer, game.at, **RESERVE)
    departed = take("depart", made, officer, game.at, **REFUSE)
    assert (departed.kind, departed.advised["kind"]) == ("refuse", "award")
    take("discard", departed, officer, game.at, reason="Toch niet.")
    other = propose_for(pk=case.pk, kind="refuse", ground="receipt_order", reasons="Op.", actor=officer, at=game.at)
    refused("rests_on_advice", DecisionMachine, "depart", other, officer, game.at, **AWARD | {"amount": Decimal(4000)})


def test_who_departed_stands_for_the_officer():
    game, decision = chained("officer", "reader", "signatory")
    both = person("both", Role.OFFICER, Role.READER, Role.SIGNATORY)
    declare(decision.application, both, at=game.at)
    take("depart", decision, both, game.at, **REFUSE)
    decision = take("announce_intent", decision, game.house.officer, game.at)
    decision = take("let_term_pass", decision, clock(), game.at + timedelta(days=30))
    decision = agree("submit_for_check", decision, game.house.officer, game.at + timedelta(days=30))
    with pytest.raises(PermissionDenied):
        agree("approve", decision, both, game.at)


# ── a link above an amount ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("amount", "links"), [(Decimal(4000), 2), (Decimal("4000.01"), 3)])
def test_a_link_is_asked_above_its_amount_only(amount, links):
    chain = 'chain = ["officer", "controller", "signatory"]\nchain_above = { controller = 4000 }'
    game = open_call(variant("minifund", ('chain = ["officer", "signatory"]', chain)))
    case = judged(game)
    declare(case, *game.house.staff, at=game.at)
    decision = propose_in_turn(pk=case.pk, actor=game.house.officer, at=game.at)
    decision = take("edit", decision, game.house.officer, game.at, amount=amount, reasons="Minder.")
    assert len(decision.chain_of_links) == links
    decision = agree("submit_for_check", decision, game.house.officer, game.at)
    if links == 2:
        with pytest.raises(PermissionDenied):
            agree("sign", decision, game.house.controller, game.at)
    else:
        assert (decision.state, decision.link) == ("in_check", "controller")
        decision = agree("approve", decision, game.house.controller, game.at)
    assert agree("sign", decision, game.house.signatory, game.at).state == "signed"


def test_of_a_settlement_what_had_been_awarded_says_who_is_asked():
    decision = Decision(kind=DecisionKind.SETTLE, amount=Decimal(10), facts={"awarded": "90000.00"})
    assert decision.at_stake == Decimal(90000)
    assert Decision(kind=DecisionKind.AWARD, amount=Decimal(10), facts={"awarded": "90000.00"}).at_stake == Decimal(10)


# ── the list for the board ────────────────────────────────────────────────────────────────────────────────────
def test_a_list_is_drawn_up_of_what_waits_by_who_may_read_all_of_it():
    board = ('chain = ["officer", "signatory"]', 'chain = ["officer", "board", "signatory"]')
    game, decisions, at = proposed(5, 1, changes=[board])
    house = game.house
    for each in decisions:
        declare(each.application, house.board, at=at)
    refused("waits_for_board", StageMachine, "draw_up", game.stage(), house.board, at)
    for each in decisions:
        agree("submit_for_check", each, house.officer, at)
    stranger = person("stranger", Role.BOARD)
    refused("reads_whole_list", StageMachine, "draw_up", game.stage(), stranger, at)
    for who in (house.board, house.officer, house.officer):
        whole("draw_up", game, who, at)
    drawn = BoardList.objects.get()
    assert set(drawn.rows) == {str(each.pk) for each in decisions}
    assert [row["rank"] for row in drawn.facts["rows"]] == [1, 2]
    assert (drawn.facts["total"], drawn.facts["ceiling"]) == ("10000.00", "100000.00")


# ── the round as a whole ──────────────────────────────────────────────────────────────────────────────────────
def signed_round():
    game, decisions, at = proposed(5, 1)
    for each in decisions:
        decide(each, game.house, at, publish=False)
    return game, decisions, at


def test_what_is_proposed_or_published_is_what_was_seen():
    game, _cases, at = ranked(5, 1)
    refused("proposals_as_seen", StageMachine, "propose", game.stage(), game.house.officer, at, seen="0" * 64)
    whole("propose", game, game.house.officer, at)
    for each in game.stage().decisions.all():
        decide(each, game.house, at, publish=False)
    refused("publication_as_seen", StageMachine, "publish", game.stage(), game.house.signatory, at, seen="0" * 64)


def test_a_round_is_published_at_the_moment_that_was_set():
    game, decisions, at = signed_round()
    stage, signatory = game.stage(), game.house.signatory
    moment = at + timedelta(days=2)
    for wrong in (None, at, at + timedelta(days=61)):
        refused("moment_ahead", StageMachine, "schedule", stage, signatory, at, publish_at=wrong)
    refused("publication_as_seen", StageMachine, "schedule", stage, signatory, at, publish_at=moment, seen="0" * 64)
    refused("moment_set", StageMachine, "unschedule", stage, signatory, at)
    refused("at_the_moment", StageMachine, "publish", stage, clock(), at)
    whole("schedule", game, signatory, at, publish_at=moment, seen=publication_sha256(stage))
    whole("unschedule", game, game.house.officer, at)
    tick(moment)
    assert game.stage().state == "deciding"
    whole("schedule", game, signatory, at, publish_at=moment)
    tick(moment - timedelta(seconds=1))
    assert game.stage().state == "deciding"
    tick(moment + timedelta(seconds=20))
    assert game.stage().state == "published"
    published = set(Decision.objects.filter(pk__in=[each.pk for each in decisions]).values_list("state", "published_at"))
    assert published == {("published", moment + timedelta(seconds=20))}


def test_a_decision_that_changes_voids_the_moment():
    game, (first, _second), at = signed_round()
    house = game.house
    whole("schedule", game, house.signatory, at, publish_at=at + timedelta(days=1))
    decision = take("send_back", Decision.objects.get(pk=first.pk), house.officer, at, reason="Een tikfout.")
    later = at + timedelta(hours=1)
    refused("moment_is_void", StageMachine, "lapse_moment", game.stage(), clock(), later)
    decide(decision, house, later, publish=False)
    tick(at + timedelta(days=1))
    deliver()
    assert (game.stage().state, game.stage().publish_at) == ("deciding", None), "it was set for other signatures"
    told = Notification.objects.filter(event__kind="stage.lapse_moment")
    assert {house.officer, house.signatory} <= {each.user for each in told}
    tick(at + timedelta(days=1, minutes=1))
    deliver()
    assert told.count() == 2, "once"
    whole("schedule", game, house.signatory, later, publish_at=at + timedelta(days=2))
    whole("ask_rerank", game, house.officer, later, reason="Een belang.")
    whole("rerank", game, house.head, later, reason="Een belang.")
    assert (game.stage().publish_at, game.stage().publish_seen) == (None, "")


def test_nothing_is_published_where_one_was_sent_back_meanwhile():
    game, (first, _second), at = signed_round()
    stage = StageMachine.objects.get(pk=game.stage().pk)
    take("send_back", Decision.objects.get(pk=first.pk), game.house.officer, at, reason="Een tikfout.")
    with pytest.raises(Refused):
        publish_everyone(stage, Step(game.house.signatory, at))
    assert not Decision.objects.filter(state="published").exists()
