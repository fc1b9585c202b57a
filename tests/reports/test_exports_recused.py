"""An interest reaches every export: what is closed to who asks is not in the file, whoever they are in the house."""

import pytest

from reports.commands.exporting import ask_export, make_export
from reports.exports.columns import Scope
from reports.exports.kinds import KINDS, WORKBOOK
from reports.models import Export
from scoring.models import Conflict
from tests.factories import open_call, submitted, variant
from workflows.commands import create, perform
from workflows.models import ConflictMachine

pytestmark = pytest.mark.django_db
TABLES = [kind for kind in KINDS if kind != WORKBOOK]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def told(user, kind, at):
    """The text of an export as this person gets it."""
    made = make_export(pk=ask_export(kind=kind, form="csv", scope=Scope(), actor=user, at=at).pk)
    with made.file.open("rb") as file:
        return file.read().decode("utf-8-sig")


@pytest.mark.parametrize("whole", [True, False])
def test_an_export_leaves_out_what_an_interest_closes(client, whole):
    game = open_call(variant("minifund", ("recuse_whole_round = false", f"recuse_whole_round = {str(whole).lower()}")))
    head, auditor = game.house.head, game.house.auditor
    known, other = (submitted(game.call, at=game.at) for _ in range(2))
    of = {"application": known, "user": head, "part": "head"}
    asked = create(ConflictMachine, "ask", of=of, actor=game.house.officer, at=game.at)
    perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=head, at=game.at, kind="family", explanation="Mijn broer.")
    assert Conflict.objects.get(pk=asked.pk).state == "recused"
    for kind in TABLES:
        assert known.reference not in told(head, kind, game.at), kind
    assert (other.reference in told(head, "applications", game.at)) is not whole
    seen = told(auditor, "applications", game.at)
    assert known.reference in seen
    assert other.reference in seen
    client.force_login(head)
    assert client.get("/audit/exports/").context["left_out"] == (2 if whole else 1)
    theirs, own = Export.objects.filter(requested_by=auditor).first(), Export.objects.filter(requested_by=head).first()
    assert client.get(f"/audit/exports/{theirs.pk}/").status_code == 404, "another's file may hold what is closed"
    assert client.get(f"/audit/exports/{own.pk}/").getvalue()
