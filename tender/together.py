"""Who stands in a draft beside its writers: what a co-signature is bound to, what each partner is named for, and the tokens of links."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.crypto import salted_hmac

from tender.canonical import digest
from tender.enums import ConsentState, Role
from tender.schemes.conditions import asked, cleaned
from tender.schemes.partners import partner_key
from tender.schemes.rows import unnamed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from tender.models import Application

EMPTY: tuple[Any, ...] = (None, "", [])
LINK = "drietrap.together.link"


# ── links by mail ─────────────────────────────────────────────────────────────────────────────────────────────
def link_token(event_id: UUID) -> str:
    """The token of the link that an event sends: from its number and the secret of this house, so that it is kept nowhere."""
    return salted_hmac(LINK, str(event_id), algorithm="sha256").hexdigest()


def link_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


# ── the draft as a whole ──────────────────────────────────────────────────────────────────────────────────────
def draft_digest(application: Application) -> str:
    """The fingerprint of everything that is answered at this stage; a file counts by its number, for its content never changes."""
    keys = {field.key for field in application.rules.form.fields()}
    answers = {key: unnamed(answer) for key, answer in application.draft.items() if key in keys and answer not in EMPTY}
    return digest({"reference": application.reference, "stage": application.stage.key, "answers": answers})


def cosigned_by(application: Application) -> set[int]:
    """Who signed exactly what stands in the form now, and may still sign."""
    held = application.cosignatures.filter(stage=application.stage, sha256=draft_digest(application))
    signers = application.case_roles.open().filter(role=Role.SIGNER).values("user")
    return set(held.filter(user__in=signers).values_list("user_id", flat=True))


# ── the partners ──────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class Named:
    """A partner as the form names it, and the fingerprint of all that its consent is about."""

    key: str
    name: str
    kvk: str
    helix: str
    sector: str
    contribution: str
    contact: str
    email: str
    sha256: str


def partners_named(application: Application) -> list[Named]:
    """The partners in the form, each once; the applicant's own row, wherever it stands, need not be asked.

    A row that is not right yet names nobody: who is listed twice, or wrongly, is a gap in the form, so nothing is handed in before.
    """
    form = application.rules.form
    found: dict[str, Named] = {}
    for field in (field for _section, field in asked(form, application.draft) if field.key == form.partners):
        rows = application.draft.get(field.key)
        for row in filter(None, (cleaned(field, {field.key: [row]}) for row in (rows if isinstance(rows, list) else []))):
            if not is_own(application, row[0]):
                found.setdefault(partner_key(row[0]), _named(application, row[0]))
    return list(found.values())


def is_own(application: Application, row: Mapping[str, Any]) -> bool:
    """Whether a row of the partners is the applicant itself: by KvK number where both have one, else by name."""
    kvk = application.organisation.kvk if application.organisation else ""
    if kvk and row["kvk"]:
        return bool(kvk == row["kvk"])
    return bool(row["name"].casefold() == " ".join(application.party.split()).casefold())


def _named(application: Application, row: Mapping[str, Any]) -> Named:
    said = {name: row[name] or "" for name in ("name", "kvk", "helix", "sector", "contribution")}
    about = {"reference": application.reference, "stage": application.stage.key, "party": application.party,
             "title": application.draft.get(application.rules.form.title) or ""}  # fmt: skip
    return Named(partner_key(row), **said, contact=row["contact"], email=row["email"], sha256=digest({**about, "partner": said}))


def without_consent(application: Application) -> list[Named]:
    """The partners whose consent to what stands in the form now is still missing; none where the scheme does not ask it."""
    if not application.rules.partner_consent:
        return []
    given = set(application.consents.filter(stage=application.stage, state=ConsentState.GIVEN).values_list("partner", "sha256"))
    return [each for each in partners_named(application) if (each.key, each.sha256) not in given]
