"""What each kind of letter is called, for people of the house, and when it goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise

NAMES: Final[dict[str, str | Promise]] = {
    "receipt": _("Receipt"),
    "completion": _("Something is missing"),
    "set_aside": _("Not processed: what was missing did not come"),
    "invitation": _("Invitation to the next stage"),
    "nomination": _("Nomination by the panel"),
    "award": _("Award"),
    "reserve": _("On the reserve list"),
    "refusal_rank": _("Refusal by rank"),
    "refusal_minimum": _("Refusal below a minimum"),
    "refusal_ceiling": _("Refusal on the ceiling"),
    "refusal_receipt_order": _("Refusal in order of receipt"),
    "refusal_condition": _("Refusal on a condition"),
    "settlement": _("Settlement"),
    "cancellation": _("The round is cancelled"),
    "report_due": _("Reminder of a report"),
    "intent": _("What we intend to decide"),
    "postponement": _("More time to decide"),
    "withdrawn": _("The applicant withdrew"),
    "default_noted": _("We were told that we are late"),
    "advance": _("An advance is paid"),
    "suspension": _("Payment rests"),
    "resumption": _("Payment goes on"),
    "report_approved": _("A report is approved"),
    "report_returned": _("A report is to be completed"),
    "report_rejected": _("A report is not approved"),
    "penalty": _("What being late costs us"),
    "objection_received": _("We have an objection"),
    "objection_completion": _("Something is missing from an objection"),
    "objection_decided": _("What we decide on an objection"),
    "withdrawal": _("A grant is withdrawn or lowered"),
    "recovery": _("What was paid too much is claimed back"),
    "recovery_reminder": _("A reminder to pay back"),
    "recovery_change": _("What becomes of a claim"),
    "correction": _("A letter that mends another"),
}
LANGUAGE_NAMES: Final[dict[str, str | Promise]] = {"nl": _("Dutch"), "en": _("English")}
PART_NAMES: Final[dict[str, str | Promise]] = {
    "subject": _("Subject"),
    "opening": _("Opening, before the decision"),
    "body": _("Among the reasons"),
    "closing": _("Closing, at the end"),
}
