"""Files of a draft or of a report: added and taken away. What was handed in stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from tender.commands.drafting import may_write, save_draft, writable
from tender.commands.reporting import may_report, save_report
from tender.models import Application, Document, ProgressReport
from tender.schemes.definition import FieldKind
from tender.uploads import check

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

    from tender.models import User
    from tender.schemes.definition import Field


@transaction.atomic
def attach(*, pk: int, key: str, upload: UploadedFile[Any], actor: User, at: datetime) -> Document:
    """Put a file in a draft in the place of an earlier one; raises `AnswerFault` where the question does not take it."""
    application = _writable(pk, key, actor)
    document = _store(application, key, application.rules.form.field(key), upload, actor=actor, at=at)
    save_draft(pk=pk, actor=actor, at=at, typed={key: str(document.pk)})
    return document


@transaction.atomic
def detach(*, pk: int, key: str, actor: User, at: datetime) -> None:
    """Take a file out of a draft; a submission that holds it keeps it."""
    application = _writable(pk, key, actor)
    application.documents.filter(field=key, removed_at=None).update(removed_at=at)
    save_draft(pk=pk, actor=actor, at=at, typed={key: None})


def _writable(pk: int, key: str, actor: User) -> Application:
    application = Application.objects.select_for_update(of=("self",)).with_rules().get(pk=pk)
    keys = {field.key for field in application.rules.form.fields() if field.kind == FieldKind.FILE}
    if not may_write(application, actor) or key not in keys & writable(application):
        raise PermissionDenied("write")
    return application


def place_of(report: ProgressReport, key: str) -> str:
    """Where a file of a report is kept among those of its dossier."""
    return f"report.{report.pk}.{key}"[:60]


@transaction.atomic
def attach_to_report(*, pk: int, key: str, upload: UploadedFile[Any], actor: User, at: datetime) -> Document:
    """Put a file in a report in the place of an earlier one; raises `AnswerFault` where the question does not take it."""
    report, field = _reportable(pk, key, actor)
    document = _store(report.grant.application, place_of(report, key), field, upload, actor=actor, at=at)
    save_report(pk=pk, actor=actor, at=at, typed={key: str(document.pk)})
    return document


@transaction.atomic
def detach_from_report(*, pk: int, key: str, actor: User, at: datetime) -> None:
    """Take a file out of a report that is not handed in."""
    report, _field = _reportable(pk, key, actor)
    report.grant.application.documents.filter(field=place_of(report, key), removed_at=None).update(removed_at=at)
    save_report(pk=pk, actor=actor, at=at, typed={key: None})


def _reportable(pk: int, key: str, actor: User) -> tuple[ProgressReport, Field]:
    report = ProgressReport.objects.select_for_update(of=("self",)).get(pk=pk)
    field = next((each for each in report.terms.form if each.key == key and each.kind == FieldKind.FILE), None)
    if field is None or not may_report(report, actor):
        raise PermissionDenied("write")
    return report, field


def _store(application: Application, place: str, field: Field, upload: UploadedFile[Any], *, actor: User, at: datetime) -> Document:
    checked = check(field, upload)
    application.documents.filter(field=place, removed_at=None).update(removed_at=at)
    document = Document(
        application=application, field=place, name=checked.name, content_type=checked.content_type, size=checked.size,
        sha256=checked.sha256, uploaded_by=actor, uploaded_at=at,
    )  # fmt: skip
    document.file.save(checked.name, upload, save=False)
    document.save()
    return document
