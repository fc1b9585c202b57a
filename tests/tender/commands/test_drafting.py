"""Writing a draft: by who may, while they may; and the same text again is no new version."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tender.commands.drafting import Overtaken, TooLate, save_draft
from tender.enums import ApplicationState, Role
from tender.models import Application, DraftChange, Membership, Stage
from tender.rules import written_too_late
from tender.together import draft_digest
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


SECOND = timedelta(seconds=1)


def test_nothing_is_written_at_or_after_the_closing(game):
    case = dossier(game.call, at=game.at)
    write = {"pk": case.pk, "actor": case.applicant, "typed": {"title": "Licht"}}
    closes = case.stage.closes_at
    before = stored(case)
    for at in (closes, closes + SECOND):
        with pytest.raises(TooLate):
            save_draft(**write, at=at)
    assert stored(case) == before
    assert not DraftChange.objects.exists()
    save_draft(**write, at=closes - SECOND)
    Application.objects.filter(pk=case.pk).update(personal_until=closes + SECOND)
    save_draft(**{**write, "typed": {"title": "Toch nog"}}, at=closes)
    with pytest.raises(TooLate):
        save_draft(**write, at=closes + SECOND)
    assert stored(case)["draft"] == {"title": "Toch nog"}


def test_until_when_may_be_written_hangs_on_what_is_waited_for(game):
    case = dossier(game.call, at=game.at)
    closes = case.stage.closes_at

    def late(at, **said):
        Application.objects.filter(pk=case.pk).update(**said)
        return written_too_late(Application.objects.get(pk=case.pk), at)

    assert not late(closes - SECOND, personal_until=closes - 2 * SECOND), "the window of the stage is open still"
    repairing = {"state": ApplicationState.INCOMPLETE, "repair_until": closes + SECOND}
    assert [late(at, **repairing) for at in (closes, closes + SECOND)] == [False, True]
    assert not late(closes + SECOND, state=ApplicationState.IN_REVIEW), "a revision has no term"
    Stage.objects.filter(pk=case.stage_id).update(closes_at=None)
    assert not late(closes + SECOND, state=ApplicationState.DRAFT)


def test_rows_that_only_got_a_name_are_no_change():
    game = open_call(publish("crossover"))
    case = dossier(game.call, at=game.at)
    write = {"pk": case.pk, "actor": case.applicant, "at": game.at}
    rows = [{"name": "Studio", "kvk": "12"}, {"name": "School", "kvk": "13"}]
    save_draft(**write, typed={"partners": rows})
    before, signed = stored(case)["draft_version"], draft_digest(Application.objects.get(pk=case.pk))
    save_draft(**write, typed={"partners": [{**row, "_row": f"r{place}"} for place, row in enumerate(rows)]})
    case = Application.objects.get(pk=case.pk)
    assert [row["_row"] for row in case.draft["partners"]] == ["r0", "r1"], "kept, so that two writers meet only in the same cell"
    assert (case.draft_version, draft_digest(case), DraftChange.objects.count()) == (before, signed, 1)
    save_draft(**write, typed={"partners": [{**rows[0], "_row": "r0"}]})
    save_draft(**write, typed={"partners": rows})
    assert DraftChange.objects.get().changes == {"partners": [None, rows]}, "what was undone with other names is undone"
