"""An export: asked, made in the background with its progress, kept with its hash."""

from __future__ import annotations

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import override

from reports.exports.closed import closed_to
from reports.exports.columns import Scope
from reports.exports.kinds import size_of, tables_of, write
from reports.models import Export, ExportStatus
from tender.clock import database_now

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import User

STEP = 5
"""Progress is written down at every so many hundredths: a row in the database is not free."""


def ask_export(*, kind: str, form: str, scope: Scope, actor: User, at: datetime, language: str = "nl") -> Export:
    """Note that somebody wants an export; `NotAvailable` for one there is not."""
    tables_of(kind, form)
    return Export.objects.create(
        kind=kind,
        format=form,
        call=scope.call,
        year=scope.year,
        language=language,
        requested_by=actor,
        requested_at=at,
        touched_at=at,
    )


def make_export(*, pk: int) -> Export:
    """Make the file. One that is made already stays as it is; one that was cut off is made from the start."""
    export = Export.objects.get(pk=pk)
    if export.status in {ExportStatus.DONE, ExportStatus.FAILED}:
        return export
    _note(export, status=ExportStatus.RUNNING, progress=0, touched_at=database_now())
    try:
        return _fill(export)
    except Exception as failure:
        _note(export, status=ExportStatus.FAILED, error=type(failure).__name__, finished_at=database_now())
        raise


def _fill(export: Export) -> Export:
    scope = Scope(export.call, export.year, closed_to(export.requested_by))
    total = max(1, size_of(export.kind, export.format, scope))
    seen = 0

    def tick(rows: int) -> None:
        nonlocal seen
        seen += rows
        progress = min(99, seen * 100 // total)
        if progress >= export.progress + STEP:
            _note(export, progress=progress, touched_at=database_now())

    with TemporaryDirectory() as folder, override(export.language):
        path = Path(folder) / f"export.{export.format}"
        rows = write(export.kind, export.format, scope, path, tick)
        with path.open("rb") as made:
            sha256 = hashlib.file_digest(made, "sha256").hexdigest()
            _keep(export, File(made, name=path.name), rows=rows, sha256=sha256)
    return export


@transaction.atomic
def _keep(export: Export, made: File[bytes], *, rows: int, sha256: str) -> None:
    """Keep the file, unless another worker did so first."""
    if Export.objects.select_for_update().get(pk=export.pk).status == ExportStatus.DONE:
        export.refresh_from_db()
        return
    made.seek(0)
    export.file.save(made.name or "export", made, save=False)
    now = database_now()
    export.rows, export.sha256 = rows, sha256
    export.status, export.progress, export.finished_at, export.touched_at = ExportStatus.DONE, 100, now, now
    export.save()


def _note(export: Export, **fields: Any) -> None:
    """Write down how far it is; an export that another worker finished meanwhile stays as it is."""
    for name, value in fields.items():
        setattr(export, name, value)
    Export.objects.filter(pk=export.pk).exclude(status=ExportStatus.DONE).update(**fields)
