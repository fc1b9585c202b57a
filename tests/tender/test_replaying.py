"""The balances rebuilt from what events say: pure."""

from uuid import UUID

from tender.replaying import Pot, differences, in_cents, replay

FREE, PAID = Pot(1, "own", 2026, "free"), Pot(1, "own", 2026, "paid")
EVENT = UUID(int=7)


def moved(*lines):
    return {"moved": [{"stage": p.stage, "source": p.source, "year": p.year, "pot": p.kind, "amount": amount} for p, amount in lines]}


def test_what_comes_back_leaves_nothing():
    there, back = moved((FREE, "-3.10"), (PAID, "3.10")), moved((FREE, "3.10"), (PAID, "-3.10"))
    assert replay([there]) == {FREE: -310, PAID: 310}
    assert replay([there, back, {"reason": "no money"}]) == {}


def test_cents_are_whole():
    assert in_cents("0.01") == 1
    assert in_cents("9999999999.99") == 999999999999


def test_the_ledger_and_the_trail_differ_by_event_and_pot():
    told = [(EVENT, moved((FREE, "-3.10"), (PAID, "3.10")))]
    assert differences(told, [(EVENT, FREE, -310), (EVENT, PAID, 310)]) == []
    assert differences(told, [(EVENT, FREE, -310)]) == [(EVENT, PAID, -310)]
    assert differences([], [(EVENT, PAID, 1)]) == [(EVENT, PAID, 1)]
    assert str(PAID) == "1:paid:own:2026"
