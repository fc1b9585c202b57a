"""From a frozen ranking, or an assessors' verdict, to a proposed decision with its facts."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext, gettext_noop, override
from django.utils.translation import gettext_lazy as _

from scoring.models import Advice, DecisionBasis
from scoring.verdict import passes
from tender.calendar import amsterdam_day
from tender.canonical import plain
from tender.commands.granting import spoken_for
from tender.enums import GIVES, TAKES, Account, DecisionKind, Ground
from tender.models import Application, LedgerEntry, iban_of
from tender.taking import is_settled
from tender.templatetags.drietrap import euro
from workflows.commands.door import Refused, create
from workflows.models import DecisionMachine
from workflows.outcomes import kind_of
from workflows.queue import gives_money, offer
from workflows.rules.state_aid import uncovered
from workflows.rules.taking import comes_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from scoring.models import Placing
    from tender.models import Decision, Grant, Stage, User
    from tender.schemes.definition import Text
    from tender.step import Facts

UNCOVERED = gettext_noop(
    "You and who is linked with you had %(prior)s of de minimis aid in the past three years, and %(pending)s is under way. With this "
    "grant of %(new)s it would be more than the %(threshold)s that Regulation (EU) 2023/2831 allows. Then none of this grant is covered."
)
WAITS = _("The money is used up: this application waits in order of receipt until money is freed.")


def propose_from(placing: Placing, *, stage: Stage, actor: User, at: datetime) -> Decision:
    """The decision that follows from one line of a frozen ranking."""
    kind, ground = kind_of(placing.outcome, stage)
    facts = {**placing.facts, **case_facts(placing.application, stage)}
    if kind == DecisionKind.RESERVE and stage.rules.selection.reserve is not None:
        facts["reserve_until"] = amsterdam_day(at) + timedelta(weeks=stage.rules.selection.reserve.weeks)
    amount = placing.amount if kind in GIVES else Decimal(0)
    said = as_covered(placing.application, stage, (kind, ground), amount, facts, at=at)
    decision = create(
        DecisionMachine, "propose", of={"application": placing.application, "stage": stage}, actor=actor, at=at, **said,
    )  # fmt: skip
    DecisionBasis.objects.create(decision=decision, ranking=placing.ranking, advice=advice_on(placing))
    return decision  # type: ignore[no-any-return]


def advice_on(placing: Placing) -> Advice | None:
    """The advice that a line of a ranking rests on: the last one, which after publication may be of the ranking before."""
    return Advice.objects.filter(application=placing.application, stage=placing.ranking.stage_id).order_by("-ranking__version").first()


def case_facts(application: Application, stage: Stage) -> Facts:
    """What every letter says of the case, fixed at the moment of proposing."""
    sent = application.submission(stage)
    return {
        "reference": application.reference,
        "title": application.title,
        "applicant": application.party,
        "asked": application.amount_asked,
        "received_at": sent.at if sent else None,
        "submission_sha256": sent.sha256 if sent else "",
        "ceiling": stage.ceiling,
        "iban_end": iban_of(application)[-4:],
    }


def propose_in_turn(*, pk: int, actor: User, at: datetime) -> Decision:
    """The decision on one application of a stage that is open all year: refused if the assessors did not pass it, else admitted to the next
    stage, or awarded at the last, with what was asked or what is left (Awb 4:25, second paragraph). `Refused` while nothing is left: the
    application waits in the queue."""
    application = Application.objects.with_rules().get(pk=pk)
    stage = application.stage
    verdict = passes(application)
    facts = case_facts(application, stage)
    if verdict.needed:
        facts |= {"passes": verdict.passes, "passes_needed": verdict.needed, "criteria": verdict.criteria}
    (kind, ground), amount = kind_of("selected" if verdict.passed else "below_floor", stage), Decimal(0)
    if verdict.passed and gives_money(stage):
        amount = offer(application, LedgerEntry.objects.balance(stage, Account.FREE))
        if amount <= 0:
            raise Refused(str(WAITS))
    said = as_covered(application, stage, (kind, ground), amount, facts, at=at)
    return create(  # type: ignore[no-any-return]
        DecisionMachine, "propose", of={"application": application, "stage": stage}, actor=actor, at=at, **said,
    )  # fmt: skip


def as_covered(
    application: Application, stage: Stage, kinds: tuple[str, str], amount: Decimal, facts: Facts, *, at: datetime
) -> dict[str, Any]:
    """What is proposed: kind, ground and amount of what would be given, without reasons; or where state-aid law covers none of it, a
    refusal on that condition, with its figures as the reasons. Nobody advised that: what was advised is kept beside it."""
    balance = uncovered(application, stage, amount, amsterdam_day(at))
    if balance is None:
        return {"kind": kinds[0], "ground": kinds[1], "amount": amount, "facts": plain({**facts, "amount": amount}), "reasons": ""}
    with override(application.language):
        reasons = gettext(UNCOVERED) % {name: euro(getattr(balance, name)) for name in ("prior", "pending", "new", "threshold")}
    advised = {"kind": kinds[0], "ground": kinds[1], "amount": amount}
    return {
        "kind": DecisionKind.REFUSE, "ground": Ground.CONDITION, "amount": Decimal(0),
        "facts": plain({**facts, "amount": Decimal(0), "advised": advised}), "reasons": reasons,
    }  # fmt: skip


def propose_for(  # noqa: PLR0913
    *, pk: int, kind: str, ground: str, reasons: str, actor: User, at: datetime, amount: Decimal = Decimal(0),
    grounds: Sequence[Text] = (), weighing: str = "", ends_on: date | None = None, grant: Grant | None = None,
) -> Decision:  # fmt: skip
    """A decision outside a ranking: set aside, not eligible, refused on the ceiling after waiting, from the reserve list, or on a grant: a
    settlement, a withdrawal, or a change to the party's disadvantage, with the ``weighing`` of interests and perhaps a new last day.

    ``grounds``: the conditions of the scheme that are not met, as the letter names them.
    """
    application = Application.objects.with_rules().get(pk=pk)
    stage = application.stage
    if kind == DecisionKind.SETTLE:
        grant = application.grants.filter(state="accounted").first()
    if grant is not None:
        stage = grant.stage
    facts = {**case_facts(application, stage), "reason": reasons, "amount": amount}
    if grounds:
        facts["grounds"] = [{"nl": each.nl, "en": each.en} for each in grounds]
    if grant is not None:
        advances = spoken_for(grant)
        facts |= {"awarded": grant.amount, "advances": advances, "to_pay": amount - advances, "weighing": weighing}
        if kind in TAKES:
            facts |= {"came_to": comes_to(grant), "settled": is_settled(grant), "ends_on": ends_on}
    return create(  # type: ignore[no-any-return]
        DecisionMachine, "propose", of={"application": application, "stage": stage}, actor=actor, at=at,
        kind=kind, ground=ground, amount=amount, facts=plain(facts), reasons=reasons,
    )  # fmt: skip
