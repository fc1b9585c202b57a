"""Two at once, with real connections: the lock, the ceiling and the chain hold."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from random import Random
from threading import Event as Signal
from time import sleep

import pytest
from django.db import connection, transaction

from reports.balancing import check_ledger
from scoring.models import Conflict
from tender.enums import Account, ConflictState, DecisionState
from tender.models import Application, Decision, LedgerEntry, Submission
from tests.factories import answers_for, close, dossier, open_call, publish, score, screen, submitted
from tests.factories.many import twins
from tests.tender.funding import two_sources
from tests.workflows.together import by_hands, together
from workflows.commands import Refused, perform
from workflows.commands.proposing import propose_in_turn
from workflows.models import ApplicationMachine, ConflictMachine, Event, StageMachine
from workflows.queue import in_order

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def ready(game, day, amount="5000"):
    at = game.at + timedelta(days=day)
    case = submitted(game.call, at=at, **{game.stage().rules.form.amount: str(amount)})
    screen(case, game.house, at)
    for assessor in game.house.assessors:
        score(case, assessor, at, officer=game.house.officer)
    return case, at


@pytest.mark.parametrize("attempt", range(3))
def test_two_awards_that_exceed_the_ceiling_never_both_succeed(attempt):
    game = open_call(publish("minifund"), ceiling=Decimal("5000.00"))
    first, at = ready(game, 1)
    second, _ = ready(game, 1)
    officer = game.house.officer
    given = together(lambda: propose_in_turn(pk=first.pk, actor=officer, at=at), lambda: propose_in_turn(pk=second.pk, actor=officer, at=at))
    assert sorted(type(one) for one in given if not isinstance(one, Decision)) == [Refused]
    stage = game.stage()
    assert sum(d.amount for d in Decision.objects.exclude(state=DecisionState.DISCARDED)) == Decimal(5000)
    assert LedgerEntry.objects.balance(stage, Account.FREE) == 0
    assert LedgerEntry.objects.balance(stage, Account.RESERVED) == Decimal(5000)


def test_a_double_submit_makes_one_submission():
    from tender.commands.drafting import save_draft

    game = open_call(publish("minifund"))
    case = dossier(game.call, at=game.at)
    save_draft(pk=case.pk, actor=case.applicant, at=game.at, typed=answers_for(case.rules.form))
    given = together(*[lambda: perform(ApplicationMachine, "submit", pk=case.pk, actor=case.applicant, at=game.at)] * 4)
    assert sum(isinstance(one, Event) for one in given) == 1
    assert sum(isinstance(one, Refused) for one in given) == 3
    assert Submission.objects.count() == 1


def test_a_partner_asked_by_two_presses_is_asked_once_and_again():
    from tender.together import partners_named
    from tests.factories.beside import asking_call, filled
    from workflows.commands.joining import ask_partner

    game = asking_call()
    case = filled(game.call, game.at)
    named = partners_named(case)[0]
    given = together(*[lambda: ask_partner(case, named, email=named.email, actor=case.applicant, at=game.at)] * 4)
    assert given == [None] * 4
    assert sorted(Event.objects.filter(noun="consent").values_list("kind", flat=True)) == ["consent.ask", *["consent.ask_again"] * 3]


def test_dossiers_started_at_once_get_numbers_of_their_own():
    from tests.factories import applicant
    from workflows.commands import create

    game = open_call(publish("minifund"))
    people = [applicant(organisation=False)[0] for _ in range(6)]
    of = {"call": game.call, "stage": game.stage(), "organisation": None}
    together(*[lambda user=user: create(ApplicationMachine, "open", of=of, actor=user, at=game.at) for user in people])
    references = sorted(Application.objects.values_list("reference", flat=True))
    assert references == [f"{game.call.reference}-{number:04d}" for number in range(1, 7)]


def test_two_jurors_who_declare_an_interest_at_once_wait_for_each_other_in_one_order():
    """Each closes the whole round to a juror: dossier by dossier, one beginning with the first, the other with the last."""
    game = open_call(publish("crossover"))
    cases = [submitted(game.call, at=game.at) for _ in range(5)]
    at = close(game.stage())
    for case in cases:
        screen(case, game.house, at)
    why = {"at": at, "kind": "family", "explanation": "Mijn zus."}

    def declares(case, juror):
        own = Conflict.objects.get(application=case, user=juror)
        return lambda: perform(ConflictMachine, "declare_interest", pk=own.pk, actor=juror, **why)

    for one, other in zip(game.house.jurors[2:8:2], game.house.jurors[3:8:2], strict=True):
        given = together(declares(cases[0], one), declares(cases[-1], other))
        assert [type(each) for each in given] == [Event, Event], given
    out = Conflict.objects.filter(user__in=game.house.jurors[2:8]).values_list("state", flat=True)
    assert set(out) == {ConflictState.RECUSED}


def until_somebody_waits():
    """Until another connection stands still before a lock: it waits for us."""
    for _ in range(600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        sleep(0.05)
    raise AssertionError("nobody waits")


def test_money_runs_out_while_the_round_is_cancelled():
    """A decision goes from its dossier to the money, a round to all its dossiers: neither waits for the other in a circle."""
    game = open_call(publish("minifund"), ceiling=Decimal("5000.00"))
    case, at = ready(game, 1)
    house, stage, has_dossier = game.house, game.stage(), Signal()
    said = {"pk": stage.pk, "at": at, "reason": "Geen geld."}
    perform(StageMachine, "ask_cancel", actor=house.head, **said)

    def proposes():
        with transaction.atomic():
            Application.objects.select_for_update(no_key=True).get(pk=case.pk)
            has_dossier.set()
            until_somebody_waits()
            return propose_in_turn(pk=case.pk, actor=house.officer, at=at)

    def cancels():
        has_dossier.wait()
        return perform(StageMachine, "cancel", actor=house.signatory, **said)

    decision, cancelled = together(proposes, cancels)
    assert isinstance(cancelled, Event), cancelled
    assert Decision.objects.get(pk=decision.pk).state == DecisionState.DISCARDED
    assert Application.objects.get(pk=case.pk).state == "cancelled"
    assert LedgerEntry.objects.balance(stage, Account.FREE) == Decimal(5000)


def test_two_hundred_decisions_at_once_on_a_ceiling_for_a_hundred_give_exactly_a_hundred():
    """Twenty-four hands decide on two hundred cases: money of two sources, enough for a hundred to the cent. Who was first gets it."""
    amount = Decimal("2500.01")
    first = Decimal("100000.00")
    game = open_call(publish("minifund"), ceiling=100 * amount, funding=two_sources("support", 2026, first, 100 * amount - first))
    stage, officer = game.stage(), game.house.officer
    case, at = ready(game, 1, amount)
    pks = twins(case, 200)
    order = [each.pk for each in in_order(stage)]
    assert sorted(order) == sorted(pks)
    given = by_hands(24, [lambda pk=pk: propose_in_turn(pk=pk, actor=officer, at=at) for pk in Random(2026).sample(order, 200)])
    assert sorted(Counter(type(one).__name__ for one in given).items()) == [("DecisionMachine", 100), ("Refused", 100)], given
    granted = Decision.objects.exclude(state=DecisionState.DISCARDED)
    assert granted.count() == 100
    assert set(granted.values_list("amount", flat=True)) == {amount}
    assert set(granted.values_list("application_id", flat=True)) == set(order[:100])
    assert LedgerEntry.objects.balance(stage, Account.FREE) == 0
    assert LedgerEntry.objects.balance(stage, Account.RESERVED) == stage.ceiling
    assert check_ledger().faults == ()
