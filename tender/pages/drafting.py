"""Writing an application: the list of sections, and one section a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tender.commands.drafting import may_write, save_draft, writable
from tender.commands.uploading import attach, detach
from tender.enums import ApplicationState
from tender.models import Application
from tender.onward import onward
from tender.pages.answering import AnswerPage, Sheet
from tender.schemes.answers import asked, gaps

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

    from tender.http import SignedIn
    from tender.models import Document
    from tender.schemes.answers import Gap
    from tender.schemes.definition import Section


def dossier(request: SignedIn, reference: str) -> Application:
    """A dossier this person may know of; else 404."""
    found = Application.objects.visible_to(request.user).with_rules().filter(reference=reference).first()
    if found is None:
        raise Http404
    return found


def elsewhere(request: SignedIn, application: Application) -> HttpResponse | None:
    """To the dossier itself, where this person cannot write in it now."""
    if may_write(application, request.user):
        return None
    return redirect(onward("dossier", application.reference) or "/")


def until(application: Application) -> datetime | None:
    """The last instant at which this draft can be handed in, as far as there is one."""
    if application.state == ApplicationState.INCOMPLETE:
        return application.repair_until
    if application.state != ApplicationState.DRAFT:
        return None
    return application.personal_until or application.stage.closes_at


def open_sections(application: Application) -> list[Section]:
    """The sections with at least one question that is asked and may be answered now."""
    keys = writable(application)
    here = {section.key for section, field in asked(application.rules.form, application.draft) if field.key in keys}
    return [section for section in application.rules.form.sections if section.key in here]


def tasks_of(application: Application) -> list[dict[str, Any]]:
    """The sections as tasks: where each is, and how much of it is to be mended."""
    rules = application.rules
    open_gaps: dict[str, list[Gap]] = {}
    for gap in gaps(rules.form, application.draft, rules.consortium):
        open_gaps.setdefault(gap.section, []).append(gap)
    return [_task(application, section, open_gaps.get(section.key, [])) for section in open_sections(application)]


def _task(application: Application, section: Section, missing: list[Gap]) -> dict[str, Any]:
    said = {"label": str(section.label), "url": reverse("tender:section", args=[application.reference, section.key])}
    if not missing:
        return {**said, "status": "ok", "status_label": _("Complete")}
    begun = any(application.draft.get(field.key) not in (None, "", []) for field in section.fields)
    if not begun:
        return {**said, "status": "neutral", "status_label": _("Not started")}
    many = len(missing)
    return {**said, "status": "busy", "status_label": ngettext("%(many)d to do", "%(many)d to do", many) % {"many": many}}


@require_safe
@login_required
def draft(request: SignedIn, reference: str) -> HttpResponse:
    """The sections of the form, with what is done and what is not."""
    application = dossier(request, reference)
    if (away := elsewhere(request, application)) is not None:
        return away
    tasks = tasks_of(application)
    done = sum(task["status"] == "ok" for task in tasks)
    context = {
        "application": application, "stage": application.stage, "tasks": tasks, "done": done, "all_done": done == len(tasks),
        "check_url": onward("check", reference), "dossier_url": onward("dossier", reference),
        "together_url": onward("together", reference), "until": until(application),
        "now": request.at, "trail": trail(application, with_form=False), "asked": asked_gaps(application),
        "revision": application.revision_asked if application.state == ApplicationState.IN_REVIEW else "",
    }  # fmt: skip
    return render(request, "tender/draft.html", context)


def asked_gaps(application: Application) -> list[dict[str, str]]:
    """The formal points that we asked to mend, in words."""
    if application.state != ApplicationState.INCOMPLETE:
        return []
    form = application.rules.form
    return [{"label": str(form.field(gap["field"]).label), "words": gap["words"]} for gap in application.gaps]


def trail(application: Application, *, with_form: bool) -> list[tuple[str, str]]:
    """Where this page hangs."""
    steps = [(_("My dossiers"), onward("dossiers")), (application.reference, onward("dossier", application.reference))]
    if with_form:
        steps.append((_("Form"), reverse("tender:draft", args=[application.reference])))
    return [(label, url) for label, url in steps if url]


class DraftSheet(Sheet):
    """One section of a draft."""

    def __init__(self, application: Application, section: Section, request: SignedIn) -> None:
        self.application, self.section, self.request = application, section, request
        self.form, self.fields = application.rules.form, section.fields
        self.answers, self.editable = application.draft, writable(application)
        self.saved_at = application.draft_saved_at if application.draft_version else None
        self.place = (application.pk, application.stage.key, str(section.label))

    def save(self, typed: dict[str, Any], seen: dict[str, Any]) -> dict[str, str]:
        """Keep what was typed in the draft."""
        saved, faults = save_draft(pk=self.application.pk, actor=self.request.user, at=self.request.at, typed=typed, seen=seen)
        self.application, self.answers, self.saved_at = saved, saved.draft, saved.draft_saved_at
        return faults

    def attach(self, key: str, upload: UploadedFile[Any], seen: str | None) -> None:
        """Keep a file of the draft."""
        attach(pk=self.application.pk, key=key, upload=upload, actor=self.request.user, at=self.request.at, seen=seen)

    def detach(self, key: str, seen: str | None) -> None:
        """Take a file out of the draft."""
        detach(pk=self.application.pk, key=key, actor=self.request.user, at=self.request.at, seen=seen)

    def files(self) -> Mapping[str, Document]:
        """The files of the draft by question."""
        return {document.field: document for document in self.application.documents.filter(removed_at=None)}


def place_among(keys: list[str], key: str) -> int:
    """The how manieth section this is; the last, where another writer's answer just took it out of the form."""
    return keys.index(key) + 1 if key in keys else len(keys)


class SectionPage(AnswerPage):
    """One section of the form of an application."""

    template = "tender/section.html"

    def sheet(self, request: SignedIn, **kwargs: Any) -> Sheet | HttpResponse:
        """The section, where this person may write in it now."""
        application = dossier(request, kwargs["reference"])
        if (away := elsewhere(request, application)) is not None:
            return away
        section = next((each for each in open_sections(application) if each.key == kwargs["section"]), None)
        if section is None:
            raise Http404
        return DraftSheet(application, section, request)

    def onward(self, request: SignedIn, sheet: DraftSheet) -> str:
        """The next section; after the last, the list."""
        keys = [section.key for section in open_sections(sheet.application)]
        reference = sheet.application.reference
        place = place_among(keys, sheet.section.key)
        if "close" in request.POST or place >= len(keys):
            return reverse("tender:draft", args=[reference])
        return reverse("tender:section", args=[reference, keys[place]])

    def context(self, request: SignedIn, sheet: DraftSheet) -> dict[str, Any]:  # noqa: ARG002
        """Which section of how many."""
        sections = open_sections(sheet.application)
        keys = [section.key for section in sections]
        return {
            "application": sheet.application, "section": sheet.section, "place": place_among(keys, sheet.section.key),
            "total": len(sections), "until": until(sheet.application), "trail": trail(sheet.application, with_form=True),
            "keep": f"{sheet.application.reference}-{sheet.application.stage.key}-{sheet.section.key}",
        }  # fmt: skip
