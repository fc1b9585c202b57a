"""What a member of a panel promises before anything opens: secrecy and impartiality (Awb 2:4, 2:5)."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tender.canonical import digest

TERMS: Final = (
    _("I judge every application by the published criteria alone, and without favour."),
    _("I say so when I, or somebody close to me, have or had a tie to a party in an application; also when it only looks like one."),
    _("I keep secret what I read, hear and score, also after my term. I pass nothing on, and I keep no copies."),
    _("I talk about applications in the meeting only, never with applicants or with people outside the panel."),
    _("I do not apply myself, and I do not advise an applicant, in a round that I judge."),
)
LANGUAGES: Final = ("nl", "en")


def terms_hash() -> str:
    """Hash of the terms as they are shown, in both languages."""
    shown = []
    for language in LANGUAGES:
        with override(language):
            shown.append([str(term) for term in TERMS])
    return digest(shown)
