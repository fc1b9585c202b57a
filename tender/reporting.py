"""A report and its grant: what is asked, held against what was granted; when it opens, and which payments wait for it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language

from tender.accounting import held, indicators_of, lacking, lines_of, questions, unexplained
from tender.calendar import add_months, amsterdam_day
from tender.enums import AccountClass, InstalmentState, ReportOutcome, ReportState
from tender.framework import class_of
from tender.schemes.answers import gaps, report_form
from tender.schemes.definition import Due, GivenRows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tender.accounting import Held
    from tender.models import Grant, Instalment, ProgressReport
    from tender.schemes.answers import Gap
    from tender.schemes.definition import Field, Form

MONTHS = 12
SUMMED = ("total", "planned", "before", "now", "together", "deviation")
OWED = (ReportState.ASKED, ReportState.DRAFT, ReportState.INCOMPLETE)
"""The states in which it is the grantee's turn."""
COUNTED = (ReportState.HANDED_IN, ReportState.INCOMPLETE, ReportState.APPROVED)
"""The states in which what a report says was spent counts in the next."""


def class_for(grant: Grant) -> AccountClass:
    """How a grant is accounted for in the end."""
    return class_of(Decimal(grant.amount), grant.starts_on, grant.terms.classes)


def basis_of(report: ProgressReport) -> dict[str, Any]:
    """What a report is held against, frozen once it was begun."""
    return report.basis or fresh_basis(report)


def fresh_basis(report: ProgressReport) -> dict[str, Any]:
    """What a report is held against, as the grant stands: its budget from what was handed in, its period and its class."""
    grant, term = report.grant, report.terms
    kind = class_for(grant)
    first, last = period_of(report)
    basis: dict[str, Any] = {"class": str(kind), "from": first.isoformat(), "until": last.isoformat(), "dated": True, "threshold": "0"}
    budget = grant.terms.budget
    costed = budget is not None and term.budget and (not term.final or kind == AccountClass.COST)
    if not costed and not (term.indicators and grant.terms.indicators):
        return basis
    sent = grant.application.submission(grant.stage)
    answers = sent.answers if sent else {}
    if budget is not None and costed:
        form, year = grant.stage.rules.form, ceil(months_to(grant, report.due_on) / MONTHS)
        costs = form.field(budget.costs)
        basis["lines"] = lines_of(costs, answers.get(budget.costs), [budget.line], year)
        if budget.income and budget.source:
            money = form.field(budget.income)
            basis["income"] = lines_of(money, answers.get(budget.income), _names(money, budget.source), year)
        basis |= {"dated": term.final or bool(costs.years), "threshold": str(budget.threshold)}
    if term.indicators:
        basis["indicators"] = indicators_of(grant.terms.indicators, answers)
    return basis


def _names(field: Field, source: str) -> list[str]:
    """The columns that name where money comes from: the source, and the first text beside it."""
    text = next((each.key for each in field.columns if each.key != source and each.kind == "short_text"), None)
    return [source, text] if text else [source]


def months_to(grant: Grant, day: date) -> int:
    """How many months of the grant have passed on a day, at least one."""
    months = (day.year - grant.starts_on.year) * MONTHS + day.month - grant.starts_on.month
    return max(1, months + (1 if add_months(grant.starts_on, months) < day else 0))


def period_of(report: ProgressReport) -> tuple[date, date]:
    """The first and the last day that a report is about: since the one before it, until the day before it is due."""
    grant = report.grant
    before = grant.reports.filter(due_on__lt=report.due_on).order_by("-due_on").values_list("due_on", flat=True).first()
    last = min(report.due_on - timedelta(days=1), grant.ends_on)
    return min(before or grant.starts_on, last), last


def form_of(report: ProgressReport) -> Form:
    """What a report asks: its own questions, those of its class, and what its grant is held to."""
    basis, term = basis_of(report), report.terms
    of_class = getattr(term, basis["class"]) if term.final else ()
    return report_form(term, (*of_class, *questions(basis)))


def earlier(report: ProgressReport) -> list[dict[str, Any]]:
    """What the reports of the grant before this one say, the latest last."""
    found = report.grant.reports.filter(due_on__lt=report.due_on, state__in=COUNTED).order_by("due_on")
    return list(found.values_list("answers", flat=True))


def comparison(report: ProgressReport) -> dict[str, list[Held]]:
    """Budget against actual, as tables: the costs and the money for them; nothing where none is asked."""
    basis = basis_of(report)
    if not basis.get("lines"):
        return {}
    past, language = earlier(report), get_language() or "nl"
    found = {which: held(basis, which, report.answers, past, language) for which in ("lines", "income")}
    return {which: lines for which, lines in found.items() if lines}


def sums(lines: Iterable[Held]) -> dict[str, Decimal]:
    """What the lines of a table come to."""
    rows = list(lines)
    return {name: sum((getattr(line, name) for line in rows), Decimal("0.00")) for name in SUMMED}


def gaps_of(report: ProgressReport) -> list[Gap]:
    """Everything that stands between a report and handing it in."""
    form = form_of(report)
    found = gaps(form, report.answers)
    known = {gap.field for gap in found}
    for field in form.fields():
        if isinstance(field, GivenRows) and field.key not in known:
            found += lacking(field, report.answers.get(field.key))
    return [*found, *unexplained(comparison(report).get("lines", []), Decimal(basis_of(report)["threshold"]))]


def opens_on(report: ProgressReport) -> date | None:
    """From which day on a report can be handed in; None: at any time."""
    weeks = report.terms.opens_weeks
    return None if weeks is None else report.due_on - timedelta(weeks=weeks)


def is_late(report: ProgressReport, day: date) -> bool:
    """Whether a report is (or was) not there on its day, or not completed in its term, and is not approved."""
    if report.state in {ReportState.APPROVED, ReportState.REJECTED}:
        return False
    if report.state == ReportState.INCOMPLETE and report.complete_by is not None:
        return day > report.complete_by
    came = amsterdam_day(report.handed_in_at) if report.handed_in_at else day
    return came > report.due_on


def holds(report: ProgressReport, day: date) -> bool:
    """Whether a report keeps the payments of its grant waiting: it is late, was not approved, or was a no-go."""
    return report.state == ReportState.REJECTED or report.outcome == ReportOutcome.NO_GO or is_late(report, day)


def holding(grant: Grant, day: date) -> list[ProgressReport]:
    """The reports that keep the payments of a grant waiting."""
    return [report for report in grant.reports.all() if holds(_with(grant, report), day)]


def _with(grant: Grant, report: ProgressReport) -> ProgressReport:
    report.grant = grant
    return report


def waits_for(grant: Grant, day: date) -> dict[int, list[Instalment]]:
    """By report: the planned payments that wait for it, because the scheme says so or because it holds them up."""
    planned = [part for part in grant.instalments.all() if part.state == InstalmentState.PLANNED]
    found: dict[int, list[Instalment]] = {}
    for report in grant.reports.all():
        stops = holds(_with(grant, report), day)
        found[report.pk] = [part for part in planned if stops or _named_by(grant, part, report)]
    return found


def _named_by(grant: Grant, part: Instalment, report: ProgressReport) -> bool:
    """Whether the scheme lets a payment wait for this report: it names it, or it is the last part, which waits for the final one."""
    if report.state == ReportState.APPROVED:
        return False
    part.grant = grant
    return part.terms.report == report.key or (part.terms.due == Due.SETTLEMENT and report.terms.final)
