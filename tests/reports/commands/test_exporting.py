"""Two workers on one export: the first one's file stands."""

import pytest

from reports.commands import exporting
from reports.exports.columns import Scope
from reports.models import Export, ExportStatus
from tests.factories import open_call, publish

pytestmark = pytest.mark.django_db


def test_of_two_workers_on_one_export_the_first_to_finish_stands(monkeypatch):
    game = open_call(publish("minifund"))
    asked = exporting.ask_export(kind="ledger", form="csv", scope=Scope("", None), actor=game.house.auditor, at=game.at)
    write, first = exporting.write, []

    def overtaken(*said):
        monkeypatch.setattr(exporting, "write", write)
        first.append(exporting.make_export(pk=asked.pk))
        return write(*said)

    monkeypatch.setattr(exporting, "write", overtaken)
    last = exporting.make_export(pk=asked.pk)
    assert (last.status, last.progress) == (ExportStatus.DONE, 100)
    stands = Export.objects.get()
    assert (stands.file.name, stands.sha256, stands.finished_at) == (first[0].file.name, first[0].sha256, first[0].finished_at)
    assert last.file.name == stands.file.name
