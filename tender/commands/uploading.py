"""Files of a draft or of a report: added and taken away. What was handed in stays."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tender.commands.drafting import may_write, save_draft, writable
from tender.commands.reporting import may_report, save_report
from tender.models import Application, Document, ProgressReport
from tender.models.application import document_path
from tender.reporting import form_of
from tender.schemes.answers import AnswerFault
from tender.schemes.definition import FieldKind
from tender.uploads import MEGABYTE, MOST_FILES, MOST_TOGETHER, check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

    from tender.models import User
    from tender.schemes.definition import Field
    from tender.uploads import Checked


def attach(*, pk: int, key: str, upload: UploadedFile[Any], actor: User, at: datetime, seen: str | None = None) -> Document:
    """Put a file in a draft in the place of an earlier one; raises `AnswerFault` where the question does not take it.

    ``seen``: the number of the file that the page showed here, empty for none; where another lies there by now, that one stays.
    """
    checked = check(_writable(pk, key, actor, lock=False).rules.form.field(key), upload)  # unlocked, for it may take a while
    with _stored(checked, upload) as name, transaction.atomic():
        application = _writable(pk, key, actor)
        _take_away(application, key, at=at, seen=seen, by=checked)
        document = _row(application, key, checked, name, actor=actor, at=at)
        save_draft(pk=pk, actor=actor, at=at, typed={key: str(document.pk)})
    return document


@transaction.atomic
def detach(*, pk: int, key: str, actor: User, at: datetime, seen: str | None = None) -> None:
    """Take a file out of a draft, where it is the one that the page showed; a submission that holds it keeps it."""
    application = _writable(pk, key, actor)
    _take_away(application, key, at=at, seen=seen)
    save_draft(pk=pk, actor=actor, at=at, typed={key: None})


def _writable(pk: int, key: str, actor: User, *, lock: bool = True) -> Application:
    drafts = Application.objects.with_rules()
    application = (drafts.select_for_update(of=("self",)) if lock else drafts).get(pk=pk)
    keys = {field.key for field in application.rules.form.fields() if field.kind == FieldKind.FILE}
    if not may_write(application, actor) or key not in keys & writable(application):
        raise PermissionDenied("write")
    return application


def place_of(report: ProgressReport, key: str) -> str:
    """Where a file of a report is kept among those of its dossier."""
    return f"report.{report.pk}.{key}"[:60]


def attach_to_report(*, pk: int, key: str, upload: UploadedFile[Any], actor: User, at: datetime, seen: str | None = None) -> Document:
    """Put a file in a report, as `attach` does in a draft."""
    checked = check(_reportable(pk, key, actor, lock=False)[1], upload)
    with _stored(checked, upload) as name, transaction.atomic():
        report, _field = _reportable(pk, key, actor)
        _take_away(report.grant.application, place_of(report, key), at=at, seen=seen, by=checked)
        document = _row(report.grant.application, place_of(report, key), checked, name, actor=actor, at=at)
        save_report(pk=pk, actor=actor, at=at, typed={key: str(document.pk)})
    return document


@transaction.atomic
def detach_from_report(*, pk: int, key: str, actor: User, at: datetime, seen: str | None = None) -> None:
    """Take a file out of a report that is not handed in, where it is the one that the page showed."""
    report, _field = _reportable(pk, key, actor)
    _take_away(report.grant.application, place_of(report, key), at=at, seen=seen)
    save_report(pk=pk, actor=actor, at=at, typed={key: None})


def _reportable(pk: int, key: str, actor: User, *, lock: bool = True) -> tuple[ProgressReport, Field]:
    reports = ProgressReport.objects.all()
    report = (reports.select_for_update(of=("self",)) if lock else reports).get(pk=pk)
    field = next((each for each in form_of(report).fields() if each.key == key and each.kind == FieldKind.FILE), None)
    if field is None or not may_report(report, actor):
        raise PermissionDenied("write")
    return report, field


@contextmanager
def _stored(checked: Checked, upload: UploadedFile[Any]) -> Iterator[str]:
    """The content under a name of its own; it goes again where in the end nothing points at it."""
    name = default_storage.save(document_path(None, checked.name), upload)
    try:
        yield name
    except BaseException:
        default_storage.delete(name)
        raise


def _row(application: Application, place: str, checked: Checked, name: str, *, actor: User, at: datetime) -> Document:
    """The row of a file, where there is room for it."""
    _room(application, checked)
    return Document.objects.create(
        application=application, field=place, name=checked.name, file=name, content_type=checked.content_type, size=checked.size,
        sha256=checked.sha256, uploaded_by=actor, uploaded_at=at, scanned_at=at if checked.scanned else None,
    )  # fmt: skip


def _take_away(application: Application, place: str, *, at: datetime, seen: str | None, by: Checked | None = None) -> None:
    """Close the file that lies there, where it is the one that was seen. The same file once more (sent again over a bad line) is none."""
    here = application.documents.filter(field=place, removed_at=None).select_related("uploaded_by").first()
    if seen is not None and seen != (str(here.pk) if here else "") and not (here and by and here.sha256 == by.sha256):
        raise AnswerFault(_overtaken(here))
    application.documents.filter(field=place, removed_at=None).update(removed_at=at)


def _overtaken(here: Document | None) -> str:
    """What happened here while the page was open; files have no two texts to show side by side, so it is told."""
    if here is None:
        return _("The file that stood here was taken away while this page was open. If yours must stand here, send it again.")
    said = _(
        "While this page was open, %(who)s put “%(name)s” here (%(when)s). Your file is not kept. Look at that one first; if yours must take"
        " its place, send it again."
    )
    when = date_format(localtime(here.uploaded_at), "H:i")
    return said % {"who": here.uploaded_by, "name": here.name, "when": when}


def _room(application: Application, checked: Checked) -> None:
    """Refuse what no dossier may hold together; what was replaced is still there."""
    held = application.documents.aggregate(many=Count("pk"), size=Sum("size"))
    if held["many"] >= MOST_FILES or (held["size"] or 0) + checked.size > MOST_TOGETHER * MEGABYTE:
        said = _("This dossier has taken %(many)d files, and can take no more (at most %(most)d, or %(size)d MB together). Ask us for help.")
        raise AnswerFault(said % {"many": held["many"], "most": MOST_FILES, "size": MOST_TOGETHER})
