"""A dossier goes from one case officer to another: who gives, who takes. Nobody takes what an interest keeps them from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.models import Conflict
from scoring.rules import kept_out
from tender.enums import LegalForm, Role
from tender.models import people_of_their_own
from tender.rules import has_stake

if TYPE_CHECKING:
    from tender.models import Application, User
    from tender.step import Step


def officer_named(step: Step, word: str) -> User | None:
    """The case officer whose number the data holds under this word; None where there is no such officer at work."""
    return people_of_their_own([Role.OFFICER]).filter(is_active=True, pk=step.data.get(word) or 0).first()


def giver_has_it(application: Application, step: Step) -> bool:
    """This person does not look after the dossier as a case officer now."""
    return application.case_roles.open().filter(user=step.data.get("source") or 0, role=Role.OFFICER).exists()


def taker_is_officer(application: Application, step: Step) -> bool:
    """Choose another case officer, who works here now."""
    return step.data.get("target") != step.data.get("source") and officer_named(step, "target") is not None


def taker_is_clear(application: Application, step: Step) -> bool:
    """This colleague cannot take the dossier over: they must have declared to have no interest in it, and have none in its round."""
    target = officer_named(step, "target")
    if target is None or has_stake(application, target) or kept_out(application.stage, target):
        return False
    return Conflict.objects.clear_for(application, target)


def has_organisation(application: Application, step: Step) -> bool:
    """A person applies here, not an organisation."""
    return application.organisation is not None


def legal_form_known(application: Application, step: Step) -> bool:
    """Choose the legal form as it stands in the Business Register."""
    return step.data.get("legal_form") in LegalForm.values
