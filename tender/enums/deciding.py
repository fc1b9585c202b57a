"""What is decided, where a decision is, and what comes of it: being late, objecting."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DecisionKind(TextChoices):
    """What a decision does to the case."""

    ADMIT = "admit", _("invitation")
    AWARD = "award", _("award")
    RESERVE = "reserve", _("reserve")
    REFUSE = "refuse", _("refusal")
    SET_ASIDE = "set_aside", _("set aside")
    INELIGIBLE = "ineligible", _("not eligible")
    SETTLE = "settle", _("settlement")
    WITHDRAW = "withdraw", _("withdrawal of the grant")
    LOWER = "lower", _("change of the grant to the party's disadvantage")


GIVES = (DecisionKind.ADMIT, DecisionKind.AWARD)
"""The kinds of decisions that can give money."""
TAKES = (DecisionKind.WITHDRAW, DecisionKind.LOWER)
"""The kinds that take a grant back, wholly or in part (Awb 4:48–4:50)."""
AFTER_AWARD = (DecisionKind.SETTLE, *TAKES)
"""The kinds that are about a grant that was given before."""


class Ground(TextChoices):
    """Why a refusal refuses."""

    NONE = "", _("none")
    RANK = "rank", _("rank")
    MINIMUM = "minimum", _("below the minimum")
    CEILING = "ceiling", _("the ceiling has been reached")
    RECEIPT_ORDER = "receipt_order", _("the ceiling had been reached on receipt")
    CONDITION = "condition", _("a condition is not met")


class GrantGround(TextChoices):
    """Why a grant is settled lower, withdrawn or changed (Awb 4:46, 4:48, 4:49, 4:50)."""

    NOT_DONE = "not_done", _("the activities did not take place, or not wholly")
    DUTY = "duty", _("an obligation of the grant was not met")
    WRONG_DATA = "wrong_data", _("wrong or incomplete data were supplied, and right ones would have led to another decision")
    WRONG_AWARD = "wrong_award", _("the award was wrong, and the party knew that or should have known it")
    BUDGET = "budget", _("the award hung on the budget, which was not made available")
    MISTAKE = "mistake", _("the award is not right")
    CHANGED = "changed", _("circumstances or insights changed, and stand in the way of going on")
    LATER_FACTS = "later_facts", _("facts that we could not know when we settled the grant")
    WRONG_SETTLING = "wrong_settling", _("the settlement was wrong, and the party knew that or should have known it")
    LATER_DUTY = "later_duty", _("an obligation was not met after the settlement")


class RecoveryState(TextChoices):
    """Where money that was paid too much is, on its way back (Awb 4:57)."""

    OWED = "owed", _("to be claimed")
    CLAIMED = "claimed", _("claimed")
    PLAN = "plan", _("paid in instalments")
    REMINDED = "reminded", _("reminded")
    SERVED = "served", _("formal notice served")
    PAID = "paid", _("paid back")
    WRITTEN_OFF = "written_off", _("written off")


class InsolvencyState(TextChoices):
    """Whether a party is known to be unable to pay."""

    NOTED = "noted", _("noted")
    ENDED = "ended", _("ended")


class Insolvency(TextChoices):
    """What was pronounced."""

    BANKRUPTCY = "bankruptcy", _("bankruptcy")
    MORATORIUM = "moratorium", _("suspension of payments")
    DEBT_RELIEF = "debt_relief", _("debt relief of a natural person")


class DecisionState(TextChoices):
    """Where a decision is on its way from desk to party."""

    DRAFTED = "drafted", _("drafted")
    HEARING = "hearing", _("before the party, to respond to")
    IN_CHECK = "in_check", _("being checked")
    APPROVED = "approved", _("approved")
    SIGNED = "signed", _("signed")
    PUBLISHED = "published", _("published")
    FINAL = "final", _("final")
    SUPERSEDED = "superseded", _("superseded")
    DISCARDED = "discarded", _("discarded")


class NoticeState(TextChoices):
    """Where a notice of default is."""

    NOTED = "noted", _("noted")
    FIXED = "fixed", _("what is owed is fixed")
    DROPPED = "dropped", _("noted by mistake")


class NoPenalty(TextChoices):
    """Why being late costs nothing all the same (Awb 4:17, sixth paragraph)."""

    TOO_LATE = "too_late", _("we were put in default unreasonably late")
    NO_PARTY = "no_party", _("who put us in default is no party to it")
    HOPELESS = "hopeless", _("the application could clearly not be processed or granted")


class ObjectionState(TextChoices):
    """Where an objection is between the party and the decision on it."""

    FILED = "filed", _("received")
    ACKNOWLEDGED = "acknowledged", _("receipt confirmed")
    INCOMPLETE = "incomplete", _("to be completed")
    ADMISSIBLE = "admissible", _("admissible")
    HEARD = "heard", _("heard")
    ADVISED = "advised", _("advised on")
    INADMISSIBLE = "inadmissible", _("decided: inadmissible")
    UNFOUNDED = "unfounded", _("decided: unfounded")
    FOUNDED = "founded", _("decided: founded")
    CLOSED = "closed", _("closed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ObjectionOutcome(TextChoices):
    """What is advised, and decided, on an objection."""

    INADMISSIBLE = "inadmissible", _("inadmissible")
    UNFOUNDED = "unfounded", _("unfounded")
    FOUNDED = "founded", _("founded")


class Inadmissible(TextChoices):
    """Why an objection cannot be looked into (Awb 6:5, 6:6, 6:7, 1:2)."""

    LATE = "late", _("it came too late")
    GAP = "gap", _("something is missing, also after we asked for it")
    NO_INTEREST = "no_interest", _("who objects is not affected by the decision")


class Follows(TextChoices):
    """What a founded objection leads to."""

    REVIEW = "review", _("the application is judged again")
    RANK = "rank", _("the round is ranked again, against the ceiling as it stood")
    OTHERWISE = "otherwise", _("it is put right in the grant")


class NoHearing(TextChoices):
    """Why nobody is heard (Awb 7:3)."""

    EVIDENT_INADMISSIBLE = "evident_inadmissible", _("it is plainly inadmissible")
    EVIDENT_UNFOUNDED = "evident_unfounded", _("it is plainly unfounded")
    DECLINED = "declined", _("the party said that it does not want to be heard")
    SILENT = "silent", _("the party did not say in time that it wants to be heard")
    MET = "met", _("the objection is met in full, and nobody else is harmed by that")
