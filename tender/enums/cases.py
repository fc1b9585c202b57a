"""Where a round, a dossier, a sheet, a pitch or a question is."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

NOTHING = ""
"""The state of a case that does not exist yet: creation is an arrow from here, and no stored row may be in it."""


class StageState(TextChoices):
    """Where a stage of a call is in its round."""

    DRAFT = "draft", _("in preparation")
    PLANNED = "planned", _("announced")
    OPEN = "open", _("open")
    PAUSED = "paused", _("paused")
    CLOSED = "closed", _("closed")
    SCORING = "scoring", _("being scored")
    MEETING = "meeting", _("in the meeting")
    RANKED = "ranked", _("ranked")
    DECIDING = "deciding", _("being decided")
    PUBLISHED = "published", _("published")
    FINISHED = "finished", _("finished")
    CANCELLED = "cancelled", _("cancelled")


class ApplicationState(TextChoices):
    """Where an application is, in the stage it stands in."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    INCOMPLETE = "incomplete", _("to be completed")
    ELIGIBLE = "eligible", _("eligible")
    SET_ASIDE = "set_aside", _("set aside")
    INELIGIBLE = "ineligible", _("not eligible")
    IN_REVIEW = "in_review", _("being assessed")
    RANKED = "ranked", _("assessed")
    RESERVED = "reserved", _("on the reserve list")
    ADMITTED = "admitted", _("invited to the next stage")
    AWARDED = "awarded", _("awarded")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("lapsed")
    CANCELLED = "cancelled", _("cancelled")
    CLOSED = "closed", _("closed")


class ConflictState(TextChoices):
    """What a person said about their interest in one application."""

    ASKED = "asked", _("to be declared")
    NONE = "none", _("no interest")
    DOUBTFUL = "doubtful", _("doubtful")
    CLEARED = "cleared", _("cleared")
    RECUSED = "recused", _("recused")


class SheetState(TextChoices):
    """Where one juror's form is."""

    ASSIGNED = "assigned", _("assigned")
    STARTED = "started", _("started")
    SEALED = "sealed", _("submitted")
    CONFIRMED = "confirmed", _("confirmed")
    VOID = "void", _("void")


class SeatState(TextChoices):
    """Where a member of a panel is between invitation and seat."""

    INVITED = "invited", _("invited")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


class AdviceState(TextChoices):
    """Where the panel's advice on one application is."""

    DRAFTED = "drafted", _("drafted")
    EDITED = "edited", _("edited")
    SIGNED = "signed", _("signed")


class SlotState(TextChoices):
    """Whether a moment to present can be booked."""

    OFFERED = "offered", _("offered")
    CANCELLED = "cancelled", _("cancelled")


class PitchState(TextChoices):
    """Where the pitch of one dossier is."""

    ASKED = "asked", _("to be booked")
    BOOKED = "booked", _("booked")
    HELD = "held", _("held")
    MISSED = "missed", _("not come")
    DROPPED = "dropped", _("no longer needed")


class QuestionState(TextChoices):
    """Where a question about a call is."""

    ASKED = "asked", _("asked")
    ANSWERED = "answered", _("answered")
    DECLINED = "declined", _("not answered")
    WITHDRAWN = "withdrawn", _("withdrawn")
