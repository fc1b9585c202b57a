"""The rules of a stage in plain words, made from its data: what the public page of a call tells."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tender.schemes.definition import Amount, Assess, Cosign, Cutoff, Due, Intake, Method
from tender.schemes.figures import in_euros, written
from tender.schemes.partners import part_label
from tender.schemes.vocabulary import COMPARING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tender.schemes.definition import Rubric, Scheme, Stage

HUNDRED = Decimal(100)
LOTTERY = "lottery"


def rules_in_words(scheme: Scheme, stage: Stage) -> list[str]:
    """The rules of ``stage``, one sentence or two each, in the language of the moment; each is plain text."""
    return [
        said
        for part in (
            _who(scheme, stage),
            _intake(stage),
            _judges(stage),
            _judging(stage),
            _choosing(stage),
            _money(scheme, stage),
            _terms(stage),
        )
        for said in part
    ]


def _euros(amount: Decimal) -> str:
    return in_euros(amount, get_language() or "nl")


def _figure(value: Decimal) -> str:
    text = written(value)
    return text if (get_language() or "nl").startswith("en") else text.replace(".", ",")


def _listed(items: Iterable[str]) -> str:
    *first, last = list(items) or [""]
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def _who(scheme: Scheme, stage: Stage) -> Iterator[str]:
    yield str(scheme.audience)
    if scheme.natural_persons:
        yield _("You may also apply as a person, without an organisation.")
    if scheme.one_per_applicant:
        yield _("Each applicant may hand in one application.")
    yield from _consortium(stage)
    grounds = [field.eligibility.ground for field in stage.form.fields() if field.eligibility is not None]
    if grounds:
        yield _("Without these conditions we cannot give money: %(grounds)s.") % {"grounds": "; ".join(str(ground) for ground in grounds)}


def _consortium(stage: Stage) -> Iterator[str]:
    rule = stage.consortium
    if stage.partner_consent:
        yield _("Each partner agrees by a link in a mail to what it is named for, before you hand in.")
    if stage.cosign is Cosign.SECOND_SIGNER:
        yield _("Two people who may sign for the applicant sign the form.")
    if rule is None:
        return
    least = ngettext("There is at least %(count)d partner.", "There are at least %(count)d partners.", rule.minimum)
    yield least % {"count": rule.minimum}
    for part in rule.sectors:
        yield _("At least one partner is from: %(part)s.") % {"part": part_label(part)}
    if rule.one_of:
        parts = ", ".join(str(part_label(part)) for part in rule.one_of)
        yield _("At least one partner is from one of these: %(parts)s.") % {"parts": parts}


def _intake(stage: Stage) -> Iterator[str]:
    if stage.intake is Intake.WINDOW:
        yield _("You hand in between the opening and the closing. The closing is an instant: a second later is too late.")
    else:
        yield _("You may apply all year, as long as there is money.")
        yield _(
            "Applications go in the order of the day on which they are complete. If on the last day more come in than "
            "there is money for, lots are drawn."
        )
    if stage.coach_intake:
        yield _("An innovation coach talks to you first.")
    if stage.pitch:
        yield _("You tell the assessors about your plan yourself.")


def _judges(stage: Stage) -> Iterator[str]:
    count = stage.assessors
    if stage.assess is Assess.NONE:
        yield _("There is no jury in this stage: we talk your plan over with you.")
    elif stage.assess is Assess.ASSESSORS:
        yield ngettext("%(count)d assessor judges your application.", "%(count)d assessors judge your application.", count) % {"count": count}
    elif count:
        yield ngettext(
            "%(count)d member of the jury judges your application.",
            "%(count)d members of the jury judge your application, apart from each other.",
            count,
        ) % {"count": count}
    else:
        yield _("All members of the jury who have no interest in it judge your application, apart from each other.")
    if stage.meeting:
        yield _("Then the jury meets. What it changes, and why, is put on record.")
    if stage.blind:
        yield _("Who judges does not see who applies.")


def _judging(stage: Stage) -> Iterator[str]:
    rubric = stage.rubric
    if rubric is None:
        return
    if stage.selection.method is Method.PASS_FAIL:
        named = _listed(str(criterion.label) for criterion in rubric.criteria)
        yield _("Each assessor says pass or fail on: %(criteria)s.") % {"criteria": named}
        return
    weighed = _listed(f"{criterion.label} ({_figure(criterion.weight * HUNDRED)}%)" for criterion in rubric.criteria)
    yield _("We look at: %(criteria)s. Together they make a score from 0 to 100.") % {"criteria": weighed}
    yield from _floors(rubric)


def _floors(rubric: Rubric) -> Iterator[str]:
    floors = {criterion.floor for criterion in rubric.criteria}
    if len(rubric.criteria) > 1 and len(floors) == 1 and (floor := floors.pop()) is not None:
        yield _("On each of these at least %(floor)s out of 100 is needed.") % {"floor": _figure(floor)}
        return
    for criterion in rubric.criteria:
        if criterion.floor is not None:
            yield _("On “%(criterion)s” at least %(floor)s out of 100 is needed.") % {
                "criterion": criterion.label,
                "floor": _figure(criterion.floor),
            }


def _choosing(stage: Stage) -> Iterator[str]:
    rule = stage.selection
    if rule.passes_needed is not None:
        needed = rule.passes_needed
        yield ngettext(
            "You need a pass on every question from at least %(count)d assessor.",
            "You need a pass on every question from at least %(count)d assessors.",
            needed,
        ) % {"count": needed}
    if rule.floor is not None:
        yield _("At least %(floor)s out of 100 is needed in total.") % {"floor": _figure(rule.floor)}
    yield from _method(rule.method)
    yield from _how_many(stage)
    yield from _ties(stage)
    if rule.reserve is not None:
        yield ngettext(
            "The next in line goes on a reserve list, which is valid for %(weeks)d weeks.",
            "The next %(places)d in line go on a reserve list, which is valid for %(weeks)d weeks.",
            rule.reserve.places,
        ) % {"places": rule.reserve.places, "weeks": rule.reserve.weeks}


def _method(method: Method) -> Iterator[str]:
    if method in HOW:
        yield HOW[method]()
    if method in COMPARING:
        yield _("If the scores of this round are too few or too much alike for that, the average score decides.")


def _how_many(stage: Stage) -> Iterator[str]:
    rule = stage.selection
    if rule.aim is not None:
        yield _("The best %(aim)d are chosen. Who ties with the last of them comes in too, as long as it makes no more than %(most)d.") % {
            "aim": rule.aim,
            "most": rule.most,
        }
    if rule.meeting_fixes is not None:
        low, high = rule.meeting_fixes
        yield _(
            "The meeting fixes beforehand how many are chosen, from %(low)d to %(high)d. There are fewer only if fewer meet the minimum."
        ) % {"low": low, "high": high}
    if rule.within_ceiling and stage.grant.amount is not Amount.NONE:
        yield CUTOFFS[rule.cutoff]()


def how_ordered(method: Method, *, unfit: bool = False) -> str:
    """How the method made the order, or that the average had to decide; empty for a method that needs no explanation."""
    said = [HOW[method]()] if method in HOW else []
    if unfit:
        said.append(_("The scores of this round did not allow that. So the average score decided, as the rules said beforehand."))
    return " ".join(said)


HOW: dict[Method, Callable[[], str]] = {
    Method.CARRIED_OVER: lambda: _("The order of the stage before stays as it is."),
    Method.TRIMMED_MEAN: lambda: _("Where five or more judge, the highest and the lowest scores on each point are left out."),
    Method.SEVERITY_ADJUSTED: lambda: _("One juror is stricter than another. We correct the scores for that before we make the order."),
    Method.Z_SCORE: lambda: _(
        "For each juror we look at how far a proposal stands above or below what that juror gives on average. That makes the order."
    ),
    Method.BORDA: lambda: _("Each juror's scores make an order. What counts is how often a proposal stands above another."),
    Method.SCHULZE: lambda: _(
        "Each juror's scores make an order. We compare the proposals two by two: which do more jurors place higher? That makes the order."
    ),
    Method.BRADLEY_TERRY: lambda: _("Each juror's scores make an order. From who stands above whom we work out how strong each proposal is."),
    Method.EXPECTED_RANK: lambda: _(
        "We work out which place each proposal may expect, taking into account that jurors differ. That makes the order."
    ),
}


CUTOFFS = {
    Cutoff.PARTIAL: lambda: _("Money is given in order until the ceiling. Who stands on the edge gets what is left."),
    Cutoff.STOP: lambda: _("Money is given in order until the next amount no longer fits under the ceiling. There it stops."),
    Cutoff.SKIP_TO_FIT: lambda: _("Money is given in order. An amount that no longer fits is passed over for one that does."),
    Cutoff.PRO_RATA: lambda: _("If there is not enough money for everyone chosen, each gets an equal part of what was asked."),
}


def _ties(stage: Stage) -> Iterator[str]:
    criteria = [key for key in stage.selection.tie_break if key != LOTTERY]
    if criteria and stage.rubric is not None:
        labels = {criterion.key: str(criterion.label) for criterion in stage.rubric.criteria}
        yield _("With equal scores we look at: %(criteria)s. If they are still equal, lots are drawn.") % {
            "criteria": ", ".join(labels[key] for key in criteria)
        }
    elif stage.intake is Intake.WINDOW and stage.selection.method is not Method.CARRIED_OVER:
        yield _("With equal scores lots are drawn.")


def _money(scheme: Scheme, stage: Stage) -> Iterator[str]:
    grant = stage.grant
    if grant.amount is Amount.FLAT and grant.flat is not None:
        yield _("You get a fixed amount of %(amount)s.") % {"amount": _euros(grant.flat)}
    if grant.amount is Amount.REQUESTED and grant.maximum is not None:
        yield _("You get what you ask for, at most %(amount)s.") % {"amount": _euros(grant.maximum)}
    if grant.years is not None:
        yield _("The grant is for %(low)d to %(high)d years.") % {"low": grant.years[0], "high": grant.years[1]}
    yield from _paying(stage)
    if stage.state_aid:
        yield _("You declare which small public support (de minimis aid) you had in the past three years. Together it is at most €300,000.")
    if stage.then is not None:
        yield _("Who is chosen may hand in for: %(stage)s.") % {"stage": scheme.stage(stage.then).label}


def _paying(stage: Stage) -> Iterator[str]:
    grant = stage.grant
    if grant.amount is Amount.NONE:
        yield _("There is no money in this stage yet.")
    elif grant.directly_settled:
        yield _("The amount is final at once and is paid in one go. You need not account for the cost.")
    elif any(term.due is Due.YEAR for term in grant.instalments):
        yield _("We pay an advance each year, and the rest when we settle the grant.")
    if grant.reports:
        yield _("You report: %(reports)s.") % {"reports": "; ".join(str(term.label) for term in grant.reports)}


def _terms(stage: Stage) -> Iterator[str]:
    terms = stage.terms
    if terms.question_days:
        yield ngettext(
            "You can ask a question until %(days)d day before the closing.",
            "You can ask a question until %(days)d days before the closing.",
            terms.question_days,
        ) % {"days": terms.question_days}
    if terms.promise_working_days is not None:
        yield ngettext(
            "We promise a decision within %(days)d working day.",
            "We promise a decision within %(days)d working days.",
            terms.promise_working_days,
        ) % {"days": terms.promise_working_days}
    yield ngettext(
        "By law you have a decision within %(weeks)d week.",
        "By law you have a decision within %(weeks)d weeks.",
        terms.decision_weeks,
    ) % {"weeks": terms.decision_weeks}
    if terms.postpone_weeks:
        yield ngettext(
            "If we need more time, you hear why, and on which day you have a decision: at most %(weeks)d week later.",
            "If we need more time, you hear why, and on which day you have a decision: at most %(weeks)d weeks later.",
            terms.postpone_weeks,
        ) % {"weeks": terms.postpone_weeks}
    yield ngettext(
        "If a formal paper is missing, you get %(days)d day to send it. Your plan itself can no longer change.",
        "If a formal paper is missing, you get %(days)d days to send it. Your plan itself can no longer change.",
        terms.repair_days,
    ) % {"days": terms.repair_days}
    if terms.hearing_days:
        yield ngettext(
            "Before we refuse you on a condition, or settle a grant lower, you hear why and have %(days)d day to respond.",
            "Before we refuse you on a condition, or settle a grant lower, you hear why and have %(days)d days to respond.",
            terms.hearing_days,
        ) % {"days": terms.hearing_days}
    if stage.chain:
        yield _chain(stage)


def _chain(stage: Stage) -> str:
    """How many agree to a decision: the fewest and the most, where a link is asked only above an amount."""
    count, fewest = len(stage.chain), len(stage.chain_for(Decimal(0)))
    if fewest < count:
        said = _("Nobody decides alone: %(fewest)d people or more agree to every decision, and %(count)d to the largest amounts.")
        return said % {"fewest": fewest, "count": count}
    return _("Nobody decides alone: %(count)d people agree to every decision.") % {"count": count}
