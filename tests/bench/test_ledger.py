"""All balances of many grants, rebuilt: by the sum of the lines, line by line, and from the events alone. Judges only that they agree.

``GRANTS=1000 make bench`` for a smaller one.
"""

import json
import os
from itertools import pairwise
from time import perf_counter
from uuid import UUID

import pytest
from django.db import connection

from reports.balancing import broken_lines, rebuilt, unbalanced
from tender.enums import Account
from tender.models import LedgerAccount, LedgerEntry
from tender.replaying import replay
from tests.factories import dossier, open_call, publish
from tests.tender.funding import two_sources

pytestmark = [pytest.mark.bench, pytest.mark.django_db]
GRANTS = int(os.environ.get("GRANTS", "100000"))
AMOUNT = 2500
WAY = [Account.FREE, Account.RESERVED, Account.COMMITTED, Account.ORDERED, Account.PAID]


def seconds(name, work):
    began = perf_counter()
    found = work()
    print(f"  {name}: {perf_counter() - began:.1f} s")
    return found


def lines(accounts, application):
    """The lines of so many grants that are paid, 8 each, and their 4 events' facts; the last tenth is still at the bank."""
    seq = {pot.pk: int(pot.kind == Account.FREE) for pot in accounts.values()}  # the free pot has a line already: what there is
    balance = {pot.pk: 0 for pot in accounts.values()}
    free = accounts[Account.FREE]
    balance[free.pk] = GRANTS * AMOUNT
    for number in range(GRANTS):
        way = WAY if number < 0.9 * GRANTS else WAY[:-1]
        for step, (source, target) in enumerate(pairwise(way)):
            event, told = UUID(int=number * 10 + step + 1), []
            for kind, amount in ((source, -AMOUNT), (target, AMOUNT)):
                pot = accounts[kind]
                seq[pot.pk] += 1
                balance[pot.pk] += amount
                yield (pot.pk, seq[pot.pk], amount, balance[pot.pk], False, application, event), None
                told.append({"stage": pot.stage_id, "source": pot.source.key, "year": pot.year, "pot": kind.value, "amount": f"{amount}.00"})
            yield None, json.dumps({"moved": told})


def test_all_balances_of_many_grants():
    funding = two_sources("support", 2026, f"{GRANTS * AMOUNT}.00", "1.00")
    game = open_call(publish("minifund"), ceiling=GRANTS * AMOUNT + 1, funding=funding)
    case = dossier(game.call, at=game.at)
    of_first = LedgerAccount.objects.filter(stage=game.stage(), source__key="groningen").select_related("source")
    accounts = {Account(pot.kind): pot for pot in of_first if pot.kind in Account.values}
    rows, facts = [], [json.dumps(event) for event in announced()]
    for row, told in lines(accounts, case.pk):
        if row:
            rows.append(row if connection.vendor == "postgresql" else (*row[:6], row[6].hex))
        else:
            facts.append(told)
    names = "account_id, seq, amount, balance_after, funded, application_id, event_id"
    print(f"\n{GRANTS} grants, {len(rows)} lines, {len(facts)} events; load {os.getloadavg()[0]:.1f}, {connection.vendor}")
    with connection.cursor() as cursor:
        insert = f"INSERT INTO tender_ledgerentry ({names}) VALUES (%s, %s, %s, %s, %s, %s, %s)"
        seconds("written, each line looked at by the database", lambda: cursor.executemany(insert, rows))
    balances = seconds("rebuilt by the sum of the lines", rebuilt)
    told = seconds("replayed from the facts of the events, as JSON", lambda: replay(json.loads(each) for each in facts))
    assert balances == told
    assert seconds("every line against the one before it", lambda: list(broken_lines())) == []
    assert seconds("every event adds up", lambda: list(unbalanced())) == []
    paid = LedgerEntry.objects.balance(game.stage(), Account.PAID)
    assert paid == AMOUNT * sum(number < 0.9 * GRANTS for number in range(GRANTS))


def announced():
    from workflows.models import Event

    return Event.objects.filter(kind="stage.announce").values_list("data", flat=True)
