"""Payments of a small fund on their way to the bank, and statements as a bank writes them."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from tender.calendar import amsterdam_day
from tender.models import Instalment, PaymentBatch
from tender.sepa import next_target_day
from tests.factories.laying import laid_down
from tests.factories.people import applicant
from tests.factories.rounds import Round, decide, open_call, publish, score, screen, submitted
from workflows.commands import perform
from workflows.commands.paying import draw_up, read_statements
from workflows.commands.proposing import propose_in_turn
from workflows.models import BatchMachine, InstalmentMachine, StatementMachine
from workflows.statements import foreseen, plan_sha256

OURS = "NL02ABNA0123456789"


@dataclass
class Paying:
    """A house, its fund, and the moment; each payment is due, and approved by the officer where asked."""

    game: Round
    at: object

    @property
    def house(self):
        return self.game.house

    @property
    def parts(self):
        return list(Instalment.objects.filter(grant__stage__call=self.game.call).order_by("pk"))

    @property
    def day(self):
        return next_target_day(amsterdam_day(self.at))

    def drawn(self, *parts, by=None):
        """A batch, drawn up by the officer unless told otherwise."""
        keys = [part.pk for part in parts or self.parts]
        return draw_up(keys, execute_on=self.day, actor=by or self.house.officer, at=self.at)

    def take(self, name, batch, by=None, **data):
        """A step on a batch, by the controller unless told otherwise; the batch as it is then."""
        perform(BatchMachine, name, pk=batch.pk, actor=by or self.house.controller, at=self.at, **data)
        return PaymentBatch.objects.get(pk=batch.pk)

    def approved(self, *parts):
        batch = self.drawn(*parts)
        return self.take("approve", batch, seen=batch.sha256)

    def made(self, *parts):
        return self.take("make_file", self.approved(*parts))

    def sent(self, *parts):
        return self.take("send", self.made(*parts))

    def read(self, *entries, by=None, **said):
        """The statement of a file that tells these lines."""
        (statement,) = read_statements(camt(*entries, **said), actor=by or self.house.controller, at=self.at)
        return statement

    def booked(self, *entries, **said):
        """A statement, read in and booked."""
        statement = self.read(*entries, **said)
        seen = plan_sha256(foreseen(statement, self.at))
        perform(StatementMachine, "apply", pk=statement.pk, actor=self.house.controller, at=self.at, seen=seen)
        return statement


@laid_down
def paying(number=2, *, approve=True, at=None):
    """A small fund that gave so many grants of 4,000 euros; the payment of each is due, and approved unless told not."""
    game = open_call(publish("minifund"), ceiling=Decimal("500000.00"), **({"at": at} if at else {}))
    house, stage = game.house, game.stage()
    for _ in range(number):
        user, _org = applicant(organisation=False)
        case = submitted(game.call, at=game.at, user=user, **{stage.rules.form.amount: "4000"})
        screen(case, house, game.at)
        for assessor in house.assessors:
            score(case, assessor, game.at, officer=house.officer)
        decide(propose_in_turn(pk=case.pk, actor=house.officer, at=game.at), house, game.at)
    made = Paying(game, game.at + timedelta(days=1))
    for part in made.parts if approve else []:
        perform(InstalmentMachine, "approve", pk=part.pk, actor=house.officer, at=made.at)
    return made


def entry(line, **said):
    """A line of a statement about a payment of ours: paid, unless told otherwise."""
    return {"id": str(line), "amount": str(line.amount), "credit": False, "currency": "EUR", "status": "<Cd>BOOK</Cd>", "day": "2026-01-07",
            "reason": "", "reference": f"BANK{line.pk}", **said}  # fmt: skip


def returned(line, reason="AC04", **said):
    """The bank gave it back."""
    return entry(line, credit=True, reason=reason, **said)


def camt(*entries, iban=OURS, number="ST-1", version="08", balance=None, head=""):
    """A statement of the bank, camt.053."""
    total = sum((1 if each["credit"] else -1) * Decimal(each["amount"]) for each in entries)
    closing = Decimal(100000) + total if balance is None else Decimal(balance)
    told = "".join(
        f"""<Ntry><Amt Ccy="{each["currency"]}">{each["amount"]}</Amt><CdtDbtInd>{"CRDT" if each["credit"] else "DBIT"}</CdtDbtInd>
        <Sts>{each["status"]}</Sts><BookgDt><Dt>{each["day"]}</Dt></BookgDt><AcctSvcrRef>{each["reference"]}</AcctSvcrRef>
        <NtryDtls><TxDtls><Refs><EndToEndId>{each["id"]}</EndToEndId></Refs>
        {f"<RtrInf><Rsn><Cd>{each['reason']}</Cd></Rsn></RtrInf>" if each["reason"] else ""}</TxDtls></NtryDtls></Ntry>"""
        for each in entries
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>{head}
    <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
    <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-02T18:00:00</CreDtTm></GrpHdr>
    <Stmt><Id>{number}</Id><CreDtTm>2026-03-02T18:00:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>
    <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
    <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
    {told}</Stmt></BkToCstmrStmt></Document>""".encode()
