"""Two at once, with real connections: a payment goes into one batch, and one file."""

import pytest

from tender.models import PaymentBatch, PaymentLine
from tests.factories import declare, person
from tests.factories.paying import entry, paying
from tests.workflows.refusals.test_paying import change_account
from tests.workflows.together import together
from workflows.commands import Refused, perform
from workflows.commands.paying import draw_up
from workflows.models import BatchMachine, Event, StatementMachine
from workflows.statements import foreseen, plan_sha256

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_who_draw_up_the_same_payments_make_one_batch():
    it = paying(4)
    other = person("tweede", "controller")
    for part in it.parts:
        declare(part.grant.application, other, at=it.at)
    one, two, three, four = (part.pk for part in it.parts)

    def draws(keys, by):
        return lambda: draw_up(keys, execute_on=it.day, actor=by, at=it.at)

    given = together(draws([one, two, three], it.house.controller), draws([three, two, four], other), draws([four, one], it.house.officer))
    assert sorted(type(each).__name__ for each in given) == ["BatchMachine", "Refused", "Refused"], given
    keys = list(PaymentLine.objects.values_list("instalment", flat=True))
    assert len(keys) == len(set(keys))
    assert all(batch.going() for batch in PaymentBatch.objects.all())


def test_an_account_that_changes_while_a_batch_is_approved_is_paid_by_neither_or_refused():
    it = paying(2)
    batch = it.drawn()
    case, seen = it.parts[1].grant.application, batch.sha256
    given = together(
        lambda: perform(BatchMachine, "approve", pk=batch.pk, actor=it.house.controller, at=it.at, seen=seen),
        lambda: change_account(case, it.at),
    )
    assert type(given[0]) in {Event, Refused}, given
    assert given[1] is None, given
    line = PaymentLine.objects.get(instalment=it.parts[1])
    assert (line.outcome, line.instalment.state) == ("out", "due")


def test_a_statement_is_booked_once():
    it = paying(2)
    statement = it.read(*[entry(line) for line in it.sent().lines.all()])
    seen = plan_sha256(foreseen(statement, it.at))
    books = [lambda: perform(StatementMachine, "apply", pk=statement.pk, actor=it.house.controller, at=it.at, seen=seen)] * 3
    given = together(*books)
    assert sorted(type(each).__name__ for each in given) == ["Event", "Refused", "Refused"], given
    assert Event.objects.filter(kind="instalment.pay").count() == 2
