"""The entries of the shell's navigation. Only here may a lower page lead to a higher one.

Each entry: `label`, `url` (a URL name without arguments), `roles` (who sees it; empty: everyone, signed in or not;
`*`: whoever is signed in; `-`: whoever is signed in and has no role in the house). Where a role does not tell, `only` is
the dotted name of a function of the user that does.
`ONWARD`: the few links that a lower page itself makes to a higher one, by name (`tender.onward`).
"""

from typing import NotRequired, TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Entry(TypedDict):
    """One link of the navigation."""

    label: str | Promise
    url: str
    roles: tuple[str, ...]
    only: NotRequired[str]


HOUSE = ("coach", "officer", "reader", "controller", "board", "signatory", "head", "secretary", "assessor", "objection_handler",
         "scheme_manager", "auditor")  # fmt: skip
MONEY = ("officer", "reader", "controller", "signatory", "head", "auditor")
OBJECTIONS = ("objection_handler", "signatory", "head")

ENTRIES: list[Entry] = [
    {"label": _("Calls"), "url": "tender:calls", "roles": ()},
    {"label": _("Awarded"), "url": "tender:showcase", "roles": ()},
    {"label": _("Jury"), "url": "workflows:reading", "roles": ("-", "assessor", "secretary"), "only": "scoring.queries.judges"},
    {"label": _("My dossiers"), "url": "workflows:my_dossiers", "roles": ("-",)},
    {"label": _("Work"), "url": "workflows:inbox", "roles": HOUSE},
    {"label": _("Rounds"), "url": "workflows:calls", "roles": HOUSE},
    {"label": _("Objections"), "url": "workflows:objections", "roles": OBJECTIONS},
    {"label": _("Payments"), "url": "workflows:payments", "roles": MONEY},
    {"label": _("Grants"), "url": "workflows:grants", "roles": MONEY},
    {"label": _("Letter texts"), "url": "reports:wordings", "roles": ("scheme_manager", "head", "auditor")},
    {"label": _("Audit"), "url": "reports:dashboard", "roles": ("auditor",)},
    {"label": _("Exports"), "url": "reports:exports", "roles": ("controller", "head", "auditor")},
]

FOOTER: list[Entry] = [
    {"label": _("Register of grants"), "url": "reports:register", "roles": ()},
    {"label": _("Check a receipt"), "url": "tender:check_receipt", "roles": ()},
    {"label": _("Check a letter"), "url": "reports:check_letter", "roles": ()},
]

ONWARD = {
    "start": "workflows:start",
    "ask": "workflows:ask",
    "step": "workflows:step",
    "check": "workflows:check",
    "dossier": "workflows:dossier",
    "dossiers": "workflows:my_dossiers",
    "together": "workflows:together",
    "letter": "workflows:letter",
    "mail": "reports:mail",
    "letter_preview": "reports:letter_preview",
}
"""What a page of `tender` calls it, and the page higher up that it leads to."""
