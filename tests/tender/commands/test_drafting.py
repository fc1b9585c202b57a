"""Writing a draft: by who may, while they may; and the same text again is no new version."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tender.commands.drafting import Overtaken, save_draft
from tender.enums import Role
from tender.models import Application, Membership
from tests.factories import applicant, dossier, open_call, person, publish, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def game(db):
    return open_call(publish("pressure_cooker"))


def stored(case):
    return Application.objects.filter(pk=case.pk).values("draft", "draft_version", "draft_saved_at", "state").get()


def test_the_same_text_again_is_no_new_version(game):
    case, later = dossier(game.call, at=game.at), game.at + timedelta(minutes=1)
    for at in (game.at, later):
        save_draft(pk=case.pk, actor=case.applicant, at=at, typed={"title": "Licht"})
    assert stored(case) == {"draft": {"title": "Licht"}, "draft_version": 1, "draft_saved_at": later, "state": "draft"}


def test_who_may_not_write_changes_nothing(game):
    user, organisation = applicant()
    viewer = person("viewer")
    Membership.objects.create(organisation=organisation, user=viewer, role=Role.VIEWER)
    case = dossier(game.call, user=user, organisation=organisation, at=game.at)
    sent = submitted(game.call, at=game.at)
    for draft, actor in ((case, viewer), (case, sent.applicant), (case, game.house.officer), (sent, sent.applicant)):
        before = stored(draft)
        with pytest.raises(PermissionDenied):
            save_draft(pk=draft.pk, actor=actor, at=game.at, typed={"title": "Van mij"})
        assert stored(draft) == before


def test_who_was_overtaken_sees_what_the_other_wrote(game):
    case = dossier(game.call, at=game.at)
    save_draft(pk=case.pk, actor=case.applicant, at=game.at, typed={"title": "Van haar"}, seen={"title": None})
    before = stored(case)
    with pytest.raises(Overtaken) as said:
        save_draft(pk=case.pk, actor=case.applicant, at=game.at, typed={"title": "Van hem"}, seen={"title": None})
    assert said.value.theirs == {"title": "Van haar"}
    assert stored(case) == before
    save_draft(pk=case.pk, actor=case.applicant, at=game.at, typed={"title": "Van hem"}, seen={"title": "Van haar"})
    assert stored(case)["draft"] == {"title": "Van hem"}
