"""One page of questions, whatever it belongs to: shown, saved as typed, told what is wrong. Drafts and reports share it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View
from django_htmx.http import reswap

from tender.commands.drafting import Overtaken, TooLate
from tender.forms import Beside, posted, questions, seen_of, seen_token
from tender.presence import arrive, others
from tender.schemes.answers import AnswerFault, clean_partial, shown, unmet_eligibility
from tender.schemes.balancing import length, standings
from tender.schemes.cowriting import mark
from tender.schemes.definition import FieldKind
from tender.schemes.wording import in_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

    from tender.http import SignedIn
    from tender.models import Document
    from tender.schemes.definition import Field, Form

AUTOSAVED = "answers"
"""The id of the form that saves itself."""
CONFLICT, UNPROCESSABLE, UNCHANGED = 409, 422, 204
PULSE = "wie"
"""The parameter of an address that asks who else is here."""


class Sheet(ABC):
    """What a page of questions is about: which questions, what was answered, and how it is kept."""

    form: Form
    fields: tuple[Field, ...]
    answers: dict[str, Any]
    editable: frozenset[str] | None = None
    saved_at: datetime | None = None
    too_late: bool = False
    """Whether what was typed came after the closing."""
    place: tuple[int, str, str]
    """Where this page is: the dossier, which form of it, and the part in words."""

    @abstractmethod
    def save(self, typed: dict[str, Any], seen: dict[str, Any]) -> dict[str, str]:
        """Keep what was typed; returns what is wrong, by question. Raises `Overtaken`."""

    @abstractmethod
    def attach(self, key: str, upload: UploadedFile[Any], seen: str | None) -> None:
        """Keep a file; raises `AnswerFault`. ``seen``: the number of the file that the page showed, empty for none."""

    @abstractmethod
    def detach(self, key: str, seen: str | None) -> None:
        """Take a file away; raises `AnswerFault` where it is not the one that was seen."""

    @abstractmethod
    def files(self) -> Mapping[str, Document]:
        """The files there are, by question."""

    def untouched(self, key: str) -> bool:  # noqa: ARG002
        """Whether nobody answered a question yet that is not empty all the same: nothing is told to be wrong there at first."""
        return False

    @property
    def open_fields(self) -> list[Field]:
        """The questions of this page that may be answered now."""
        return [field for field in self.fields if self.editable is None or field.key in self.editable]


class AnswerPage(LoginRequiredMixin, View):
    """``GET`` shows the questions; ``POST`` keeps what was typed and goes on, or says what is wrong."""

    template = ""

    def sheet(self, request: SignedIn, **kwargs: Any) -> Sheet | HttpResponse:
        """The sheet this page is about, or where to go instead; 404 for what one may not know of."""
        raise NotImplementedError

    def onward(self, request: SignedIn, sheet: Any) -> str:
        """Where to go once everything on this page is right."""
        raise NotImplementedError

    def context(self, request: SignedIn, sheet: Any) -> dict[str, Any]:
        """What this page shows beside the questions."""
        raise NotImplementedError

    def get(self, request: SignedIn, **kwargs: Any) -> HttpResponse:
        """The questions as they were answered so far."""
        sheet = self.sheet(request, **kwargs)
        if isinstance(sheet, HttpResponse):
            return sheet
        if PULSE in request.GET:
            return self.pulse(request, sheet)
        _kept, faults = clean_partial(sheet.form, {field.key: sheet.answers.get(field.key) for field in sheet.fields})
        return self.show(request, sheet, {key: fault for key, fault in faults.items() if not sheet.untouched(key)})

    def post(self, request: SignedIn, **kwargs: Any) -> HttpResponse:
        """Keep what was typed, right or wrong."""
        sheet = self.sheet(request, **kwargs)
        if isinstance(sheet, HttpResponse):
            return sheet
        by_itself = bool(request.htmx) and request.htmx.trigger == AUTOSAVED
        typed, seen = posted(sheet.open_fields, request.POST), seen_of(request.POST.get("seen", ""), sheet.answers)
        try:
            faults = {} if by_itself else self.take_files(request, sheet)
            faults |= sheet.save(typed, seen)
        except Overtaken as overtaken:
            return self.overtaken(request, sheet, typed, overtaken)
        except TooLate:
            return self.too_late(request, sheet, typed)
        if by_itself:
            return self.saved(request, sheet, typed)
        return self.after(request, sheet, faults)

    def after(self, request: SignedIn, sheet: Sheet, faults: dict[str, str]) -> HttpResponse:
        """The same page again where something is wrong or more is to come, else the next."""
        staying = {"remove", "stay"} & set(request.POST)
        if faults or request.htmx:
            return self.show(request, sheet, faults, status=UNPROCESSABLE if faults else 200)
        if staying or self.newly_asked(request, sheet):
            return redirect(f"{request.path}#{request.POST.get('stay') or AUTOSAVED}")
        return redirect(self.onward(request, sheet))

    def newly_asked(self, request: SignedIn, sheet: Sheet) -> bool:
        """Whether an answer on this page brought up a question here that the page did not show (without a script)."""
        hidden = set(request.POST.get("hidden", "").split())
        asked = [field for field in sheet.open_fields if field.key in hidden and shown(field, sheet.answers)]
        return any(field.required and sheet.answers.get(field.key) in (None, "", []) for field in asked)

    def take_files(self, request: SignedIn, sheet: Sheet) -> dict[str, str]:
        """Keep the files that came along, and take away the one that was asked; returns what is wrong."""
        faults = {}
        for key in [field.key for field in sheet.open_fields if field.kind == FieldKind.FILE]:
            try:
                self.take_file(request, sheet, key)
            except AnswerFault as fault:
                faults[key] = fault.message
        return faults

    def take_file(self, request: SignedIn, sheet: Sheet, key: str) -> None:
        """Keep the file that came along for this question, or take away the one that is there. Errors: `AnswerFault`."""
        uploads, seen = request.FILES.getlist(f"q-{key}"), request.POST.get(f"was-{key}")
        if len(uploads) > 1:
            raise AnswerFault(_("Only one file can be kept here; you sent %(many)d. Put them together in one file.") % {"many": len(uploads)})
        if request.POST.get("remove") == key:
            sheet.detach(key, seen)
        elif uploads:
            sheet.attach(key, uploads[0], seen)

    def saved(self, request: SignedIn, sheet: Sheet, typed: dict[str, Any]) -> HttpResponse:
        """The answer to a page that saves itself: what it has now seen (its own text, not what others wrote), and what stands beside it."""
        here = {**sheet.answers, **clean_partial(sheet.form, typed)[0]}
        now = sheet.answers
        theirs = [field.label for field in sheet.open_fields if field.key in typed and mark(here[field.key]) != mark(now.get(field.key))]
        _form, asked = questions(sheet.fields, sheet.answers, self.beside(sheet, {}))
        context = {"seen": seen_token(sheet.open_fields, here), "questions": asked, "theirs": theirs, **self.company(request, sheet)}
        return render(request, "tender/answering/saved.html", context)

    def pulse(self, request: SignedIn, sheet: Sheet) -> HttpResponse:
        """Who else is here; nothing, where that is what the page shows."""
        company = self.company(request, sheet)
        if company["company"] == request.GET[PULSE]:
            return HttpResponse(status=UNCHANGED)
        return render(request, "tender/answering/writers.html", company)

    def company(self, request: SignedIn, sheet: Sheet) -> dict[str, Any]:
        """Who else has this form open, and a mark of it."""
        application, form, part = sheet.place
        arrive(application, form, request.user, part)
        writers = others(application, form, request.user)
        return {"writers": writers, "company": mark([[each.name, each.part] for each in writers])}

    def beside(self, sheet: Sheet, faults: Mapping[str, str], **more: Any) -> Beside:
        """What stands beside the questions."""
        return Beside(
            faults=faults, editable=sheet.editable, files=sheet.files(), standings=standings(sheet.form, sheet.answers),
            unmet={unmet.field: unmet.eligibility for unmet in unmet_eligibility(sheet.form, sheet.answers)},
            lasts=length(sheet.form, sheet.answers), **more,
        )  # fmt: skip

    def overtaken(self, request: SignedIn, sheet: Sheet, typed: dict[str, Any], overtaken: Overtaken) -> HttpResponse:
        """Somebody else wrote in the same questions: nothing is saved, both are shown."""
        if request.htmx:  # in its words alone: a part of the page, with what the whole has now seen, would hide the other text
            return reswap(render(request, "tender/answering/overtaken.html", status=CONFLICT), "none")
        said = _("Somebody else changed this answer while you were writing. Your own text is below, and is not saved yet.")
        seen = {**sheet.answers, **overtaken.theirs}
        sheet.answers = {**sheet.answers, **typed, **{key: merged.rows for key, merged in overtaken.rows.items()}}
        return self.show(request, sheet, dict.fromkeys(overtaken.theirs, said), overtaken=overtaken, seen=seen, status=CONFLICT)

    def too_late(self, request: SignedIn, sheet: Sheet, typed: dict[str, Any]) -> HttpResponse:
        """The closing came while the page was open: nothing is saved, and what was typed stays on the page."""
        if request.htmx:
            return reswap(render(request, "tender/answering/too_late.html", status=CONFLICT), "none")
        sheet.answers = {**sheet.answers, **typed}
        sheet.too_late = True
        return self.show(request, sheet, {}, status=CONFLICT)

    def show(
        self, request: SignedIn, sheet: Sheet, faults: Mapping[str, str], *, overtaken: Overtaken | None = None,
        seen: Mapping[str, Any] | None = None, status: int | None = None,
    ) -> HttpResponse:  # fmt: skip
        """The page. Without a ``status`` it was only asked for, and what is wrong stands beside its question only."""
        met = overtaken.rows if overtaken else {}
        whole = {key: answer for key, answer in overtaken.theirs.items() if key not in met} if overtaken else {}
        beside = self.beside(sheet, faults, theirs=in_words_of(sheet.fields, whole), met=met)
        form, asked = questions(sheet.fields, sheet.answers, beside)
        context = {
            **self.context(request, sheet), "form": form, "questions": asked, "quiet": status is None, "saved_at": sheet.saved_at,
            "hidden": " ".join(question.field.key for question in asked if not question.shown),
            "seen": seen_token(sheet.open_fields, seen or sheet.answers), "now": request.at, "overtaken": overtaken is not None,
            "too_late": sheet.too_late,
            "wide": any(field.years for field in sheet.fields), **self.company(request, sheet),
        }  # fmt: skip
        return render(request, self.template, context, status=status or 200)


def in_words_of(fields: tuple[Field, ...], answers: Mapping[str, Any]) -> dict[str, str]:
    """Answers of these questions for a reader; nothing is said to be nothing."""
    language = get_language() or "nl"
    return {field.key: in_words(field, answers[field.key], language) or _("(nothing)") for field in fields if field.key in answers}
