"""Starting an application: pressed twice, it is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from tender.commands.drafting import save_draft
from tender.enums import ApplicationState
from tender.models import Application, Call
from workflows.commands.door import create
from workflows.models import ApplicationMachine

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import Organisation, Stage, User


@transaction.atomic
def start_application(
    *, stage: Stage, organisation: Organisation | None, actor: User, at: datetime, said: dict[str, Any] | None = None
) -> Application:
    """A new dossier at the first stage; or the untouched one that this person started before for the same applicant.

    ``said``: answers given before (which fund fits me), by the keys of the form; the draft begins with them. Raises what `create` raises.
    """
    Call.objects.select_for_update(no_key=True).get(pk=stage.call_id)
    begun = Application.objects.filter(
        stage=stage, organisation=organisation, applicant=actor, state=ApplicationState.DRAFT, draft_version=0
    ).first()
    if begun is None:
        of = {"call": stage.call, "stage": stage, "organisation": organisation}
        begun = create(ApplicationMachine, "open", of=of, actor=actor, at=at)
    if said:
        save_draft(pk=begun.pk, actor=actor, at=at, typed=said)
    return begun
