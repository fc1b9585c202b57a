"""Pages of the applicant's room: my dossiers, starting one, checking and handing in, the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tender.commands.drafting import may_sign, may_write
from tender.enums import ApplicationState, JoiningState, Role
from tender.forms import StartApplication
from tender.http import private
from tender.ladder import dossier_ladder, told
from tender.models import Application, Joining, Organisation, Receipt
from tender.pages.drafting import asked_gaps, dossier, tasks_of, trail, until
from tender.pages.fitting import said_before, said_to_be_a_person
from tender.queries import entrance, public_calls
from tender.readout import readout
from tender.schemes.answers import Gap, by_field, gaps, unmet_eligibility
from tender.schemes.wording import in_words
from tender.together import without_consent
from workflows.agenda import my_applications, todos
from workflows.casefile import JURY, viewer
from workflows.commands import Refused
from workflows.commands.joining import KnownAlready, found_organisation
from workflows.commands.starting import start_application
from workflows.flows.taking import take_step
from workflows.models import ApplicationMachine, Letter
from workflows.pages import dossier as case_page
from workflows.pages import pitching, reporting
from workflows.pages.consenting import consent_gaps
from workflows.rules.corresponding import other_account
from workflows.rules.deadlines import promised
from workflows.steps import as_machine, open_steps

if TYPE_CHECKING:
    from django.http import QueryDict

    from tender.http import SignedIn
    from tender.models import Call, User

HANDING_IN = {
    ApplicationState.DRAFT: "submit",
    ApplicationState.INCOMPLETE: "complete",
    ApplicationState.IN_REVIEW: "revise",
}
"""Which arrow hands the form in, by the state of the dossier."""
REFUSED, UNPROCESSABLE = 409, 422


@require_safe
@login_required
def my_dossiers(request: SignedIn) -> HttpResponse:
    """My dossiers, with what I have to do by when."""
    rows: list[dict[str, Any]] = []
    every: list[dict[str, Any]] = []
    for application in my_applications(request.user):
        waiting = todos(application, request.user, request.at)
        state, label = told(application, inside=False)
        every += [{"todo": todo, "application": application} for todo in waiting]
        rows.append({"application": application, "state": state, "label": label, "todos": waiting})
    every.sort(key=lambda each: str(each["todo"].until or each["todo"].day or "9"))
    own = Organisation.objects.filter(memberships__user=request.user).distinct().order_by("name")
    asked = Joining.objects.filter(user=request.user, state=JoiningState.ASKED).select_related("organisation").order_by("at")
    context = {"rows": rows, "todos": every, "now": request.at, "organisations": own, "asked": asked}
    return render(request, "workflows/applicant/dossiers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def start(request: SignedIn, reference: str) -> HttpResponse:
    """For whom to apply; then a dossier with its number."""
    call = public_calls().filter(reference=reference).first()
    if call is None:
        raise Http404
    if request.user.roles:
        raise PermissionDenied("start")
    if not request.user.name.strip():
        return redirect(f"{reverse('tender:profile')}?{urlencode({'next': request.get_full_path()})}")
    form = start_form(request, call)
    if request.method != "POST":
        return show_start(request, call, form)
    if not form.is_valid():
        return show_start(request, call, form, status=UNPROCESSABLE)
    return started(request, call, form)


def my_organisations(user: User) -> Any:
    """The organisations somebody may write or sign for."""
    mine = Organisation.objects.filter(memberships__user=user, memberships__role__in=[Role.EDITOR, Role.SIGNER])
    return mine.distinct().order_by("name")


def start_form(request: SignedIn, call: Call) -> StartApplication:
    """The form with this person's organisations."""
    return StartApplication(
        request.POST or None, organisations=my_organisations(request.user), natural_persons=call.definition.natural_persons,
        initial={"who": "myself"} if said_to_be_a_person(request.GET) else None,
    )  # fmt: skip


def started(request: SignedIn, call: Call, form: StartApplication) -> HttpResponse:
    """Make the dossier, or say why not."""
    try:
        organisation = chosen(request, form)
        stage = entrance(call.known_stages)  # type: ignore[attr-defined]
        along = said_before(call, request.GET)
        made = start_application(stage=stage, organisation=organisation, actor=request.user, at=request.at, said=along)
    except KnownAlready:
        form.add_error("kvk", _("This organisation is known here already. Ask to be let in, or check the number."))
        return show_start(request, call, form, status=UNPROCESSABLE, known=form.data["kvk"].strip())
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
        return show_start(request, call, form, status=REFUSED)
    messages.success(request, _("Your application has begun. Its number is %(reference)s.") % {"reference": made.reference})
    return redirect("tender:draft", made.reference)


def chosen(request: SignedIn, form: StartApplication) -> Organisation | None:
    """The organisation that was chosen or named; None for a person."""
    data = form.cleaned_data
    if data["who"] == "myself":
        return None
    if data["who"] == "other":
        said = {key: data[key] for key in ("kvk", "city", "legal_form")}
        return found_organisation(actor=request.user, at=request.at, name=data["name"].strip(), **said)
    mine: Organisation = my_organisations(request.user).get(pk=data["who"])
    return mine


def said_in_words(call: Call, data: QueryDict) -> list[dict[str, str]]:
    """The answers that go along into the form, as somebody reads them."""
    form, language = call.definition.stages[0].form, get_language() or "nl"
    said = said_before(call, data)
    return [{"label": str(form.field(key).label), "value": in_words(form.field(key), value, language)} for key, value in said.items()]


def show_start(request: SignedIn, call: Call, form: StartApplication, status: int = 200, known: str = "") -> HttpResponse:
    """The page on which an application begins; ``known``: the number of an organisation that others act for."""
    context = {
        "call": call, "form": form, "said": said_in_words(call, request.GET),
        "trail": [(_("Calls"), reverse("tender:calls")), (call.title, reverse("tender:call", args=[call.reference]))],
        "ask_url": f"{reverse('workflows:join')}?{urlencode({'kvk': known})}" if known else "",
    }  # fmt: skip
    return render(request, "workflows/applicant/start.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def check(request: SignedIn, reference: str) -> HttpResponse:
    """Every gap with a link, everything that was answered, and the button to hand in."""
    application = dossier(request, reference)
    name = HANDING_IN.get(application.state) if may_write(application, request.user) or may_sign(application, request.user) else None
    if name is None:
        return redirect(handed_in_already(application))
    if request.method != "POST":
        return show_check(request, application, name)
    try:
        take_step(ApplicationMachine, name, pk=application.pk, actor=request.user, at=request.at)
    except Refused as refused:
        now = Application.objects.with_rules().get(pk=application.pk)
        if HANDING_IN.get(now.state) != name or (name == "revise" and not now.revision_asked):
            return redirect(handed_in_already(now))
        return show_check(request, now, name, refused=refused.reasons, status=REFUSED)
    return redirect("workflows:receipt", reference)


def handed_in_already(application: Application) -> str:
    """Where a second press on the button ends: the receipt of the first, if there is one."""
    page = "workflows:receipt" if application.submission() else "workflows:dossier"
    return reverse(page, args=[application.reference])


def show_check(request: SignedIn, application: Application, name: str, *, refused: tuple[str, ...] = (), status: int = 200) -> HttpResponse:
    """What is missing, what stands in the way, and what was answered."""
    rules = application.rules
    missing = gaps(rules.form, application.draft, rules.consortium)
    lacking = [*consent_gaps(application, without_consent(application)), *account_gap(application)]
    steps = open_steps(as_machine("application", application.pk), actor=request.user, at=request.at)
    step = next((each for each in steps if each.name == name), None)
    files = [{"document": each.pk, "field": each.field, "name": each.name, "size": each.size}
             for each in application.documents.filter(removed_at=None)]  # fmt: skip
    context = {
        "application": application, "gaps": [*(gap_row(application, gap) for gap in missing), *lacking], "step": step, "name": name,
        "refused": refused, "unmet": [] if missing or lacking or step is None else step.unmet, "now": request.at, "until": until(application),
        **grounds(application), "asked": asked_gaps(application),
        "blocks": readout(rules.form, application.draft, files=files, errors=by_field(missing)),
        "tasks": tasks_of(application) if may_write(application, request.user) else [],
        "signers": signers(application) if step is None else [],
        "trail": trail(application, with_form=True),
    }  # fmt: skip
    return render(request, "workflows/applicant/check.html", context, status=status)


def gap_row(application: Application, gap: Gap) -> dict[str, str]:
    """One gap with the address of its question."""
    form = application.rules.form
    section = reverse("tender:section", args=[application.reference, gap.section])
    return {"label": str(form.field(gap.field).label), "message": gap.message, "url": f"{section}#question-q-{gap.field}"}


def account_gap(application: Application) -> list[dict[str, str]]:
    """That the form names another account than the one we know, as a gap with the address of its question; empty where it does not."""
    known = other_account(application)
    if not known or application.state == ApplicationState.INCOMPLETE:
        return []
    form = application.rules.form
    place = next(section.key for section in form.sections for field in section.fields if field.key == form.iban)
    message = _("We know another account for this application, which ends in %(end)s. Write that one here, or change it first on the page "
                "“Account and contact”.") % {"end": known[-4:]}  # fmt: skip
    return [gap_row(application, Gap(place, str(form.iban), message))]


def grounds(application: Application) -> dict[str, Any]:
    """The conditions that are not met, with the way to their question: those that can be mended, and those that cannot."""
    form = application.rules.form
    places = {field.key: section.key for section in form.sections for field in section.fields}
    rows: list[dict[str, Any]] = [
        {"unmet": unmet, "label": str(form.field(unmet.field).label),
         "url": gap_row(application, Gap(places[unmet.field], unmet.field, ""))["url"]}
        for unmet in unmet_eligibility(form, application.draft)
    ]  # fmt: skip
    can = [row for row in rows if row["unmet"].eligibility.can_be_mended]
    return {"grounds": rows, "mendable": can, "final": [row for row in rows if row not in can]}


def signers(application: Application) -> list[str]:
    """Who may hand in, for somebody who may not."""
    parts = application.case_roles.open().filter(role=Role.SIGNER).select_related("user").order_by("user__name")
    return [str(part.user) for part in parts]


@require_safe
@login_required
def receipt(request: SignedIn, reference: str) -> HttpResponse:
    """What was received when, its fingerprint, and what happens next."""
    application = dossier(request, reference)
    if viewer(application, request.user) == JURY:
        raise Http404
    sent = application.submission()
    if sent is None:
        raise Http404
    letter = Letter.objects.visible_to(request.user).filter(event_id=sent.event_id).first()
    signed = Receipt.objects.filter(submission=sent).first()
    context = {"application": application, "sent": sent, "letter": letter, "signed": signed, "now": request.at}
    if request.htmx:
        return render(request, "workflows/applicant/receipt_letter.html", context)
    stages = application.call.stages.select_related("call__version").order_by("number")
    ladder = dossier_ladder(application, stages, inside=False)
    more = {"ladder": ladder, "rules": application.rules, "promised": promised(application)}
    return render(request, "workflows/applicant/receipt.html", {**context, **more})


@require_safe
@login_required
def receipt_file(request: SignedIn, pk: int) -> HttpResponse:
    """The signed receipt of one submission, to keep; of any stage and version. Made before receipts were signed: there is none."""
    found = Receipt.objects.select_related("submission__application", "submission__stage").filter(submission=pk)
    receipt = found.filter(submission__application__in=Application.objects.visible_to(request.user)).first()
    if receipt is None or viewer(receipt.submission.application, request.user) == JURY:
        raise Http404
    sent = receipt.submission
    response = HttpResponse(receipt.as_file(), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{sent.application.reference}-{sent.stage.key}-{sent.version}.json"'
    return private(response)


urlpatterns = [
    path("mijn/", my_dossiers, name="my_dossiers"),
    path("openstelling/<slug:reference>/aanvragen/", start, name="start"),
    path("dossier/<slug:reference>/controleren/", check, name="check"),
    path("dossier/<slug:reference>/ontvangst/", receipt, name="receipt"),
    path("ontvangst/<int:pk>/", receipt_file, name="receipt_file"),
    *case_page.urlpatterns,
    *reporting.urlpatterns,
    *pitching.urlpatterns,
]
