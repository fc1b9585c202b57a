"""What the winner of a stage gets, how it is paid and accounted for, the terms of the stage, and who approves."""

from __future__ import annotations

from dataclasses import fields as members_of
from typing import TYPE_CHECKING

from tender.schemes.checks import accounts, fields, forms
from tender.schemes.definition import WARNED_AT_MOST, Amount, Due, Link
from tender.schemes.faults import labels, within

if TYPE_CHECKING:
    from tender.schemes.definition import GrantTerms, InstalmentTerm, ReportTerm, Stage, Terms
    from tender.schemes.faults import Report

FEWEST_LINKS = 2
MONTHS = 12


def check(stage: Stage, path: str, report: Report) -> None:
    """Note what is wrong with the money, the reports, the terms and the chain of a stage."""
    at = within(path, "grant")
    _amount(stage.grant, at, report)
    if stage.grant.amount is Amount.NONE:
        _no_money(stage.grant, at, report)
    else:
        _years(stage, path, report)
        _shares(stage.grant, at, report)
        _instalments(stage.grant, at, report)
    _settled(stage.grant, at, report)
    _reports(stage.grant, at, report)
    accounts.check(stage, at, report)
    _terms(stage, path, report)
    _chain(stage, within(path, "chain"), report)
    _chain_above(stage, path, report)


def _amount(grant: GrantTerms, path: str, report: Report) -> None:
    about = [within(path, "amount")]
    for name, kind in (("flat", Amount.FLAT), ("maximum", Amount.REQUESTED)):
        value, at = getattr(grant, name), within(path, name)
        if grant.amount is kind and not value:
            report.add(at, f"is missing: amount = {kind} needs it, above 0", about)
        elif grant.amount is not kind and value is not None:
            report.add(at, f"is only for amount = {kind}; this is {grant.amount}", about)
        fields.cents(value, at, report)


def _no_money(grant: GrantTerms, path: str, report: Report) -> None:
    for name in ("years", "directly_settled", "instalments", "reports", "budget", "indicators", "classes"):
        if getattr(grant, name) not in (None, False, ()):
            report.add(within(path, name), "says nothing where no money is given", [within(path, "amount")])


def _years(stage: Stage, path: str, report: Report) -> None:
    years, at = stage.grant.years, within(path, "grant.years")
    if years is None:
        return
    if not 1 <= years[0] <= years[1]:
        report.add(at, "must be two numbers from the shortest to the longest period, the shortest 1 or more")
    elif years[0] < years[1] and stage.form.years is None:
        said = "leaves the period open, but form.years names no number field that asks for it"
        report.add(at, said, [within(path, "form.years")])


def longest(grant: GrantTerms) -> int:
    """The longest period of a grant, in years."""
    return grant.years[1] if grant.years else 1


def _shares(grant: GrantTerms, path: str, report: Report) -> None:
    at = within(path, "instalments")
    if not grant.instalments:
        report.add(at, "is empty: money that is granted must be paid", [within(path, "amount")])
        return
    paths = labels(at, [term.key for term in grant.instalments])
    for term, place in zip(grant.instalments, paths, strict=True):
        if not 0 < term.share <= 1:
            report.add(within(place, "share"), "must be above 0 and at most 1")
    total = sum(term.share for term in grant.instalments)
    if total != 1:
        shares = [within(each, "share") for each in paths]
        report.add(at, f"the shares add up to {total}; they must add up to 1", shares)


def _instalments(grant: GrantTerms, path: str, report: Report) -> None:
    at = within(path, "instalments")
    for term, place in zip(grant.instalments, labels(at, [each.key for each in grant.instalments]), strict=True):
        _year(term, grant, place, report)
        _report(term, grant, path, place, report)
    _within_the_shortest(grant, at, report)


def _within_the_shortest(grant: GrantTerms, path: str, report: Report) -> None:
    """What falls after the end of a shorter grant is divided over its years, so there must be a year to divide it over."""
    yearly = [term.year or 0 for term in grant.instalments if term.due is Due.YEAR]
    shortest = grant.years[0] if grant.years else 1
    # a year that is missing or out of bounds has its own fault
    if yearly and 1 <= shortest < min(yearly) and max(yearly) <= longest(grant):
        report.add(path, f"a grant of {shortest} years gets none of the yearly payments; one must fall within it", [path])


def _year(term: InstalmentTerm, grant: GrantTerms, path: str, report: Report) -> None:
    at, due = within(path, "year"), [within(path, "due")]
    if term.due is not Due.YEAR:
        if term.year is not None:
            report.add(at, f"is only for due = {Due.YEAR}; this is {term.due}", due)
    elif term.year is None:
        report.add(at, "is missing: due = year needs the year of the grant, from 1", due)
    elif not 1 <= term.year <= longest(grant):
        report.add(at, f"must be from 1 to {longest(grant)}, the longest period", due)


def _report(term: InstalmentTerm, grant: GrantTerms, path: str, place: str, report: Report) -> None:
    at, due = within(place, "report"), [within(place, "due")]
    known = [each.key for each in grant.reports]
    if term.due is not Due.REPORT:
        if term.report is not None:
            report.add(at, f"is only for due = {Due.REPORT}; this is {term.due}", due)
    elif term.report is None:
        report.add(at, "is missing: due = report needs the key of a report", due)
    elif term.report not in known:
        report.add(at, f"“{term.report}” is not a report of this grant", [within(path, "reports")])
    elif grant.years is not None and grant.years[0] and term.report in _not_always_asked(grant):
        said = f"a grant of {grant.years[0]} years is not asked for “{term.report}”, so this would never be paid"
        report.add(at, said, [within(path, "reports"), within(path, "years")])


def _not_always_asked(grant: GrantTerms) -> set[str]:
    """The reports that fall at or after the end of the shortest grant, and so are not asked there; the final one always is."""
    asked_later = range((grant.years[0] if grant.years else 1) * MONTHS, longest(grant) * MONTHS + 1)
    return {term.key for term in grant.reports if not term.final and term.months in asked_later}


def _settled(grant: GrantTerms, path: str, report: Report) -> None:
    if not grant.directly_settled:
        return
    about = [within(path, "directly_settled")]
    if grant.years is not None:
        report.add(within(path, "years"), "a grant that is settled with the award has no later years", about)
    at = within(path, "instalments")
    for term, place in zip(grant.instalments, labels(at, [each.key for each in grant.instalments]), strict=True):
        if term.due is not Due.AWARD:
            report.add(within(place, "due"), "a grant that is settled with the award is paid on the award", about)


def _reports(grant: GrantTerms, path: str, report: Report) -> None:
    at = within(path, "reports")
    paths = labels(at, [term.key for term in grant.reports])
    finals = [place for term, place in zip(grant.reports, paths, strict=True) if term.final]
    if len(finals) > 1:
        report.add(within(finals[1], "final"), f"there is one final report; the first is {finals[0]}")
    if grant.amount is not Amount.NONE and not grant.directly_settled and not finals:
        report.add(at, "needs a final report: without one the grant cannot be settled", [within(path, "amount")])
    for term, place in zip(grant.reports, paths, strict=True):
        _one_report(term, grant, place, report)


def _one_report(term: ReportTerm, grant: GrantTerms, path: str, report: Report) -> None:
    if not 1 <= term.months <= longest(grant) * MONTHS:
        report.add(within(path, "months"), f"must be from 1 to {longest(grant) * MONTHS}, within the longest period")
    at = within(path, "form")
    if not term.form:
        report.add(at, "is empty: a report must ask something")
    placed = list(zip(term.form, labels(at, [field.key for field in term.form]), strict=True))
    forms.sequence(placed, report)
    for field, place in placed:
        if field.eligibility is not None:
            report.add(within(place, "eligibility"), "is for an application; a report has no conditions of entry")


def _terms(stage: Stage, path: str, report: Report) -> None:
    terms, at = stage.terms, within(path, "terms")
    for name in ("decision_weeks", "repair_days", "promise_working_days", "next_stage_weeks", "answer_working_days"):
        if getattr(terms, name) == 0:
            report.add(within(at, name), "must be 1 or more")
    _warnings(terms, at, report)
    if stage.grant.accept_weeks == 0:
        report.add(within(path, "grant.accept_weeks"), "must be 1 or more")
    if stage.window is not None and terms.question_days and terms.question_days >= stage.window.closes_day - stage.window.opens_day:
        report.add(within(at, "question_days"), "leaves no day of the window to ask a question", [within(path, "window")])
    if terms.next_stage_weeks is not None and stage.then is None:
        report.add(within(at, "next_stage_weeks"), "is set, but no stage follows", [within(path, "then")])


def _warnings(terms: Terms, at: str, report: Report) -> None:
    if not 0 < terms.warn_days <= WARNED_AT_MOST:
        report.add(within(at, "warn_days"), f"must be from 1 to {WARNED_AT_MOST}")
    if terms.alarm_days >= terms.warn_days:
        report.add(within(at, "alarm_days"), "must be fewer than warn_days: the case officer is warned first", [within(at, "warn_days")])


def _chain(stage: Stage, path: str, report: Report) -> None:
    if len(stage.chain) < FEWEST_LINKS:
        report.add(path, "needs two links or more: nobody decides alone")
    if stage.chain and stage.chain[-1] is not Link.SIGNATORY:
        report.add(path, f"must end with {Link.SIGNATORY}", [path])
    for index, link in enumerate(stage.chain):
        if link in stage.chain[:index]:
            report.add(f"{path}[{index}]", f"{link} is in the chain twice", [path])


def _chain_above(stage: Stage, path: str, report: Report) -> None:
    """Links asked only above an amount are in the chain and not its first: the first and the last are always asked."""
    chain, above = within(path, "chain"), within(path, "chain_above")
    only = {Link(each.name): getattr(stage.chain_above, each.name) for each in members_of(stage.chain_above)}
    only = {link: amount for link, amount in only.items() if amount is not None}
    for link, amount in only.items():
        fields.cents(amount, within(above, link), report)
        if amount <= 0:
            report.add(within(above, link), "must be more than 0: leave it out where the link is always asked")
        if link not in stage.chain:
            report.add(within(above, link), f"{link} is not in the chain", [chain])
        elif stage.chain[0] is link:
            report.add(within(above, link), "is the first link: it is always asked", [chain])
