"""What stands beside a report on every page of it: its period, what waits for it, and its money held against the budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tender.enums import AccountClass, ReportOutcome, ReportState
from tender.reporting import OWED, basis_of, comparison, holds, is_late, opens_on, sums, waits_for
from workflows.rules.reporting import GOES_ON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tender.models import Grant, Instalment, ProgressReport, User


@dataclass(frozen=True, slots=True)
class Waiting:
    """Which payments wait for a report, and why it holds them up; in words."""

    payments: Sequence[Instalment]
    why: str
    late: bool

    @property
    def amount(self) -> Any:
        """What they come to."""
        return sum(part.amount for part in self.payments)


def waiting_for(grant: Grant, day: date) -> dict[int, Waiting]:
    """By report of a grant: what waits for it. No queries beyond the grant with its payments and reports."""
    parts = waits_for(grant, day)
    return {report.pk: Waiting(parts[report.pk], why_held(report, day), is_late(report, day)) for report in grant.reports.all()}


def why_held(report: ProgressReport, day: date) -> str:
    """Why a report keeps all payments of its grant waiting; empty where it does not."""
    if not holds(report, day):
        return ""
    if report.outcome == ReportOutcome.NO_GO:
        return _("The review was a no-go. Nothing more is paid; the case officer decides what becomes of the grant.")
    if report.state == ReportState.REJECTED:
        return _("The report was not approved. Nothing is paid until the case officer has decided what follows.")
    if report.state in OWED:
        return _("The report did not come in time. Nothing is paid until it is here and approved.")
    return _("The report came late. Nothing is paid until it is approved.")


def facts_of(report: ProgressReport, day: date) -> dict[str, Any]:
    """The period a report is about, its class, from when it can be handed in, and its tables."""
    basis, opens = basis_of(report), opens_on(report)
    return {
        "period": (date.fromisoformat(basis["from"]), date.fromisoformat(basis["until"])),
        "account_class": AccountClass(basis["class"]).label if report.terms.final else "",
        "opens": opens if opens is not None and day < opens else None,
        "tables": tables_of(report),
        "threshold": basis["threshold"],
    }  # fmt: skip


def tables_of(report: ProgressReport) -> list[dict[str, Any]]:
    """Budget against actual: the costs, and the money for them."""
    titles = {"lines": _("Costs: budget and actual"), "income": _("Money: budget and actual")}
    return [{"title": titles[which], "lines": lines, "sums": sums(lines), "key": which} for which, lines in comparison(report).items()]


def offered(report: ProgressReport, name: str, user: User, day: date) -> bool:
    """Whether a step of a report is offered now: its form cannot tell what the report itself does."""
    by_another = bool(report.proposal) and report.proposal["by"] != user.pk
    return {
        "extend": report.wished_until is not None,
        "keep_day": report.wished_until is not None,
        "ask_more_time": report.wished_until is None,
        "weigh_as_it_is": report.complete_by is not None and day > report.complete_by,
        "disagree": by_another,
        "approve": by_another and report.proposal["outcome"] in GOES_ON,
        "reject": by_another and report.proposal["outcome"] not in GOES_ON,
    }.get(name, True)
