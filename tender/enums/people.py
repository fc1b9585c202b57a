"""Who people are: their roles, their parts, and where an invitation, a consent or a stand-in is."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """The part a person has: in a dossier (`CaseRole`) or in the house (`StaffRole`)."""

    EDITOR = "editor", _("editor")
    SIGNER = "signer", _("signer")
    VIEWER = "viewer", _("viewer")
    PARTNER = "partner", _("partner")
    SCHEME_MANAGER = "scheme_manager", _("scheme manager")
    COACH = "coach", _("innovation coach")
    OFFICER = "officer", _("case officer")
    READER = "reader", _("second reader")
    CONTROLLER = "controller", _("controller")
    BOARD = "board", _("board")
    SIGNATORY = "signatory", _("signatory")
    HEAD = "head", _("head")
    ASSESSOR = "assessor", _("assessor")
    JUROR = "juror", _("juror")
    CHAIR = "chair", _("chair")
    DEPUTY = "deputy", _("deputy chair")
    SECRETARY = "secretary", _("secretary")
    OBJECTION_HANDLER = "objection_handler", _("objection handler")
    PRIVACY_OFFICER = "privacy_officer", _("privacy officer")
    AUDITOR = "auditor", _("auditor")
    CLOCK = "clock", _("clock")


APPLICANT_ROLES = (Role.EDITOR, Role.SIGNER, Role.VIEWER, Role.PARTNER)
CASE_STAFF_ROLES = (Role.COACH, Role.OFFICER, Role.READER, Role.CONTROLLER, Role.BOARD, Role.SIGNATORY, Role.HEAD, Role.SECRETARY)
LENT_ROLES = (Role.OFFICER, Role.READER, Role.CONTROLLER, Role.SIGNATORY)
"""The house roles in which a colleague can stand in."""
JURY_ROLES = (Role.JUROR, Role.CHAIR, Role.DEPUTY, Role.ASSESSOR)


class LegalForm(TextChoices):
    """What an organisation is in law, as the Business Register has it."""

    FOUNDATION = "foundation", _("foundation (stichting)")
    ASSOCIATION = "association", _("association (vereniging)")
    COMPANY = "company", _("company (bv or nv)")
    COOPERATIVE = "cooperative", _("cooperative (coöperatie)")
    PUBLIC = "public", _("public body or school")
    OTHER = "other", _("another legal person")
    SOLE_TRADER = "sole_trader", _("sole trader (eenmanszaak)")
    PARTNERSHIP = "partnership", _("partnership (vof, maatschap, cv)")


LEGAL_PERSONS = (
    LegalForm.FOUNDATION, LegalForm.ASSOCIATION, LegalForm.COMPANY, LegalForm.COOPERATIVE, LegalForm.PUBLIC, LegalForm.OTHER,
)  # fmt: skip
"""Who is named in public (Woo 3.3). A sole trader and a partnership are their owners, so natural persons; and so is, as far as we know, an
organisation whose legal form nobody noted yet."""


class Part(TextChoices):
    """What somebody is let in for: to a dossier, or to an organisation."""

    VIEW = "view", _("read along")
    WRITE = "write", _("write")
    SIGN = "sign", _("sign")
    WRITE_SIGN = "write_sign", _("write and sign")


ROLES_OF: dict[str, tuple[Role, ...]] = {
    Part.VIEW: (Role.VIEWER,), Part.WRITE: (Role.EDITOR,), Part.SIGN: (Role.SIGNER,), Part.WRITE_SIGN: (Role.EDITOR, Role.SIGNER),
}  # fmt: skip
"""The roles that each part stands for."""


class InvitationState(TextChoices):
    """Where an invitation to a dossier is."""

    INVITED = "invited", _("invited")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ConsentState(TextChoices):
    """What a partner said about being named in an application."""

    ASKED = "asked", _("asked")
    GIVEN = "given", _("consented")
    DECLINED = "declined", _("declined")


class JoiningState(TextChoices):
    """Where somebody is who wants to act for an organisation."""

    ASKED = "asked", _("asked")
    LET_IN = "let_in", _("let in")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    ENDED = "ended", _("ended")


class StandInState(TextChoices):
    """Where it is that somebody stands in for a colleague."""

    PLANNED = "planned", _("to begin")
    RUNNING = "running", _("stands in")
    ENDED = "ended", _("over")
    CALLED_OFF = "called_off", _("called off")
