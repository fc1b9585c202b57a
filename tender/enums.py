"""The words a case may be in, and the parts people may have. States are read by name, never parsed."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

NOTHING = ""
"""The state of a case that does not exist yet: creation is an arrow from here, and no stored row may be in it."""


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


class LinkState(TextChoices):
    """Whether a party belongs to a single undertaking."""

    LINKED = "linked", _("linked")
    ENDED = "ended", _("ended")


class AidNoteState(TextChoices):
    """Whether aid of another body counts."""

    NOTED = "noted", _("noted")
    STRUCK = "struck", _("struck out")


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


class DecisionKind(TextChoices):
    """What a decision does to the case."""

    ADMIT = "admit", _("invitation")
    AWARD = "award", _("award")
    RESERVE = "reserve", _("reserve")
    REFUSE = "refuse", _("refusal")
    SET_ASIDE = "set_aside", _("set aside")
    INELIGIBLE = "ineligible", _("not eligible")
    SETTLE = "settle", _("settlement")


class Ground(TextChoices):
    """Why a refusal refuses."""

    NONE = "", _("none")
    RANK = "rank", _("rank")
    MINIMUM = "minimum", _("below the minimum")
    CEILING = "ceiling", _("the ceiling has been reached")
    RECEIPT_ORDER = "receipt_order", _("the ceiling had been reached on receipt")
    CONDITION = "condition", _("a condition is not met")


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


class GrantState(TextChoices):
    """Where a grant is between award and last euro."""

    OFFERED = "offered", _("offered")
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    LAPSED = "lapsed", _("lapsed")
    ACCOUNTED = "accounted", _("accounted for")
    SETTLED = "settled", _("settled")
    WITHDRAWN = "withdrawn", _("withdrawn")
    CLOSED = "closed", _("closed")


class InstalmentState(TextChoices):
    """Where one payment is."""

    PLANNED = "planned", _("planned")
    DUE = "due", _("due")
    APPROVED = "approved", _("approved")
    ORDERED = "ordered", _("ordered")
    PAID = "paid", _("paid")
    CANCELLED = "cancelled", _("cancelled")


class ReportState(TextChoices):
    """Where one report of a grantee is."""

    ASKED = "asked", _("asked")
    DRAFT = "draft", _("draft")
    HANDED_IN = "handed_in", _("handed in")
    INCOMPLETE = "incomplete", _("to be completed")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")


class StandInState(TextChoices):
    """Where it is that somebody stands in for a colleague."""

    PLANNED = "planned", _("to begin")
    RUNNING = "running", _("stands in")
    ENDED = "ended", _("over")
    CALLED_OFF = "called_off", _("called off")


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


class MailKind(TextChoices):
    """What a mail is about; what may be turned off is in `MAY_BE_OFF`."""

    RECEIPT = "receipt", _("receipts of what you hand in")
    GAPS = "gaps", _("something is missing, or has to be changed")
    HEARING = "hearing", _("what we intend to decide, so that you can respond")
    DECISION = "decision", _("decisions, and terms that run from them")
    OTHER = "other", _("other mail about an application of yours")
    REMINDER = "reminder", _("reminders before a term ends")
    NEWS = "news", _("news of an application, such as more time")
    JURY = "jury", _("work that waits for you as a juror or assessor")


class Bounce(TextChoices):
    """How a mail came back."""

    HARD = "hard", _("the address does not work")
    SOFT = "soft", _("it could not be delivered this time")


MAY_BE_OFF = (MailKind.REMINDER, MailKind.NEWS, MailKind.JURY)
"""Everything else the law has us send (Awb 2:10, 3:41, 4:5, 4:7), or may have: it goes at once, and nobody can turn it off."""
MAY_WAIT = (MailKind.NEWS, MailKind.JURY)
"""What can be gathered in one mail a day. A reminder cannot: a day later it may be too late."""


class MessageState(TextChoices):
    """Whether the other side has opened a message."""

    SENT = "sent", _("sent")
    READ = "read", _("read")


class ChangeState(TextChoices):
    """Where a change is that two moments must agree on: of the account, or of the contact."""

    PROPOSED = "proposed", _("proposed")
    CONFIRMED = "confirmed", _("confirmed")
    REPLACED = "replaced", _("replaced")
    DROPPED = "dropped", _("dropped")


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


class CorrectionState(TextChoices):
    """Where a letter is that mends another."""

    ASKED = "asked", _("asked for")
    SIGNED = "signed", _("signed")
    DECLINED = "declined", _("not agreed")
    DROPPED = "dropped", _("dropped")


class ObjectionTerm(TextChoices):
    """What a letter that mends a decision does to the term for objecting."""

    RUNS = "runs", _("runs as before")
    ANEW = "anew", _("begins anew")


class RouteState(TextChoices):
    """Whether what a party said of its post still holds."""

    CHOSEN = "chosen", _("holds")
    REPLACED = "replaced", _("replaced")


class PaperState(TextChoices):
    """Whether something went by post."""

    SENT = "sent", _("sent on paper")
    UNDONE = "undone", _("noted by mistake")


class TrustState(TextChoices):
    """That an address works again."""

    NOTED = "noted", _("noted")


class QuestionState(TextChoices):
    """Where a question about a call is."""

    ASKED = "asked", _("asked")
    ANSWERED = "answered", _("answered")
    DECLINED = "declined", _("not answered")
    WITHDRAWN = "withdrawn", _("withdrawn")


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


class Route(TextChoices):
    """How something reached us."""

    PORTAL = "portal", _("in the portal")
    POST = "post", _("by post")


class WordingState(TextChoices):
    """Where a text is that an administrator wrote for a kind of letter."""

    DRAFTED = "drafted", _("draft")
    IN_FORCE = "in_force", _("in force")
    REPLACED = "replaced", _("replaced")
    ENDED = "ended", _("no longer used")
    DISCARDED = "discarded", _("draft thrown away")


class Account(TextChoices):
    """The four pots of a stage's money; every euro of the ceiling is in exactly one."""

    FREE = "free", _("free")
    RESERVED = "reserved", _("reserved")
    COMMITTED = "committed", _("committed")
    PAID = "paid", _("paid")
