"""What is written where a dossier gets another case officer, or its organisation a legal form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tender.enums import Role
from tender.models import CaseRole, Organisation

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import Application
    from tender.step import Facts


def hand_over(application: Application, *, source: int, target: int, at: datetime) -> None:
    """The one officer's part ends and the other's begins, if they had none yet; both by number."""
    application.case_roles.filter(user=source, role=Role.OFFICER).close(at=at)
    CaseRole.objects.get_or_create(application=application, user_id=target, role=Role.OFFICER, until=None, defaults={"since": at})


def note_legal_form(application: Application, legal_form: str) -> Facts:
    """What the organisation of a dossier is in law, for all its dossiers; the facts say what stood there before."""
    row = Organisation.objects.select_for_update(no_key=True).get(applications=application.pk)
    before, row.legal_form = row.legal_form, legal_form
    row.save(update_fields=["legal_form"])
    return {"organisation": row.pk, "before": before, "legal_form": legal_form}
