"""What is written when a dossier begins, is handed in, and goes on to its next stage."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tender.calendar import amsterdam_day, days_later, decision_deadline, suspension_days
from tender.canonical import canonical, digest, plain
from tender.enums import ApplicationState
from tender.keyring import HOW, house_keys
from tender.models import Call, Partner, Receipt, Submission, iban_of
from tender.receipts import KIND, sign
from tender.schemes.answers import canonical as canonical_answers
from tender.schemes.answers import project
from tender.schemes.definition import Intake

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from tender.models import Application, Document, User
    from tender.step import Facts


def open_dossier(application: Application, *, by: User, at: datetime) -> Facts:
    """Give a new dossier its reference: the call's, and the next number. The caller holds the call's lock."""
    call = Call.objects.get(pk=application.call_id)
    call.issued += 1
    call.save(update_fields=["issued"])
    application.reference = f"{call.reference}-{call.issued:04d}"
    application.applicant, application.language = by, by.language
    application.draft_saved_at = at
    return {"reference": application.reference, "stage": application.stage.key, "organisation": application.organisation_id}


def hand_in(application: Application, *, by: User, at: datetime, event_id: UUID, completing: bool = False) -> Facts:
    """Freeze the draft as a `Submission` with its hash, and show on the dossier what the form says about it.

    ``completing``: an earlier submission was complete in time; the clock of receipt then stands at completion, and the days it was
    suspended are added to the term of decision.
    """
    answers = canonical_answers(application.rules.form, application.draft)
    # A file stays in the draft where its question is asked no more; only what answers a question goes along.
    files = [describe(document) for document in current_documents(application) if answers.get(document.field) == str(document.pk)]
    version = application.submissions.filter(stage=application.stage).count() + 1
    submission = Submission(
        application=application, stage=application.stage, version=version, at=at, by=by, answers=answers, documents=files, event_id=event_id
    )
    submission.sha256 = digest(submission.content)
    submission.save()
    receipt = give_receipt(submission)
    show(application)
    run_clock(application, at=at, completing=completing)
    signed = {"key": receipt.key_id, "signature": receipt.signature}
    return {**submission.content, "sha256": submission.sha256, "frozen_sha256": submission.frozen_sha256, "receipt": signed}


def give_receipt(submission: Submission) -> Receipt:
    """Sign that this came in, and when."""
    keys, stage = house_keys(), submission.stage
    if keys.signer is None:
        raise ImproperlyConfigured(f"RECEIPT_KEY is not set, so nothing can be received. {HOW}")
    head = {
        "kind": KIND, "issuer": settings.SITE_URL, "key": keys.current, "reference": submission.application.reference, "stage": stage.key,
        "version": submission.version, "received_at": plain(submission.at), "sha256": submission.sha256,
        "frozen_sha256": submission.frozen_sha256, "formal": sorted(stage.rules.form.formal_keys),
        "scheme_sha256": stage.call.version.sha256,
    }  # fmt: skip
    text = canonical(head).decode()
    return Receipt.objects.create(submission=submission, head=text, key_id=keys.current, signature=sign(head, keys.signer))


def current_documents(application: Application) -> list[Document]:
    """The files that belong to the draft now, in a fixed order."""
    keys = {field.key for field in application.rules.form.fields() if field.kind == "file"}
    return list(application.documents.filter(removed_at=None, field__in=keys).order_by("field", "pk"))


def describe(document: Document) -> Facts:
    """What a submission says of a file."""
    names = ("field", "name", "size", "content_type", "sha256")
    return {"document": document.pk, **{name: getattr(document, name) for name in names}}


def show(application: Application) -> None:
    """Copy from the form to the dossier what lists and letters need: title, theme, amount, partners."""
    said = project(application.rules.form, application.draft)
    for name in ("title", "summary", "theme", "province", "iban"):
        if said[name]:
            setattr(application, name, said[name])
    application.amount_asked = said["amount"]
    if application.rules.form.partners:
        application.partners.all().delete()
        Partner.objects.bulk_create(Partner(application=application, **partner) for partner in said["partners"])


def run_clock(application: Application, *, at: datetime, completing: bool) -> None:
    """Start the term of decision, or go on with it after a suspension (Awb 4:13, 4:15)."""
    if completing and application.gaps:
        application.suspended_days += standstill(application, ended=amsterdam_day(at))
    if not completing:
        application.submitted_at = at
    if not completing or application.gaps:
        application.completed_at = at
    application.gaps = []
    application.decide_by = last_day(application, suspended=application.suspended_days)


def last_day(application: Application, *, suspended: int) -> date | None:
    """The last day to decide as the applicant was told it, if the term stood still for so many days.

    A day that we named ourselves (Awb 4:14) moves with the days for which the term stood still after we named it, and does not roll.
    """
    if application.postponed_to is None:
        return due_day(application, suspended=suspended)
    return application.postponed_to + timedelta(days=suspended - application.postponed_after)


def due_day(application: Application, *, suspended: int) -> date | None:
    """The last day of the term itself, if it stood still for so many days; None while nothing was handed in. After a founded objection:
    the last day to decide on that."""
    stage, first = application.stage, application.submitted_at
    if first is None or application.reconsider_by is not None:
        return application.reconsider_by
    counted_from = first if stage.rules.intake == Intake.CONTINUOUS else (stage.closes_at or first)
    return decision_deadline(amsterdam_day(counted_from), application.rules.terms.decision_weeks, suspended)


def term_by_law(application: Application, *, suspended: int) -> date | None:
    """The last day of the term, if it stood still for so many days; a day that we named moves it only where the scheme says so."""
    day = last_day if application.rules.terms.postponing_extends else due_day
    return day(application, suspended=suspended)


def was_over(application: Application) -> bool:
    """Whether the term was over when we asked for what is missing, and so does not stand still (Awb 4:15)."""
    asked, last = application.repair_asked_at, term_by_law(application, suspended=application.suspended_days)
    return asked is None or last is None or amsterdam_day(asked) > last


def standstill(application: Application, *, ended: date) -> int:
    """For how many days the term stands still if what is missing comes on ``ended``."""
    if was_over(application):
        return 0
    return suspension_days(amsterdam_day(cast("datetime", application.repair_asked_at)), ended)


def lawful_day(application: Application) -> date | None:
    """The last day before we can be put in default (Awb 4:17); where what was missing never came, the whole term for mending it is
    counted in."""
    suspended, until = application.suspended_days, application.repair_until
    if application.state in {ApplicationState.INCOMPLETE, ApplicationState.SET_ASIDE} and until is not None:
        suspended += standstill(application, ended=amsterdam_day(until))
    return term_by_law(application, suspended=suspended)


def postpone_term(application: Application, *, until: date, reason: str) -> Facts:
    """Name another last day to decide, and say why (Awb 4:14)."""
    before = application.decide_by
    application.postponed_to = application.decide_by = until
    application.postponed_after, application.postponed_because = application.suspended_days, reason
    return {"from": before, "until": until, "reason": reason, "late_after": lawful_day(application)}


def suspend_term(application: Application, *, at: datetime) -> datetime:
    """Until when formal gaps may be mended: in a round, where the first request set it, the same instant for everyone."""
    return application.stage.common_term or days_later(at, application.rules.terms.repair_days)


def begin_next_stage(application: Application, *, at: datetime, personal_until: datetime | None) -> Facts:
    """Move a dossier on: the new form starts from what was handed in last."""
    before, last = application.stage, application.submissions.filter(stage=application.stage).latest("version")
    application.stage = following = before.call.stages.get(key=before.rules.then)
    keys = {field.key for field in following.rules.form.fields()}
    application.draft = {key: answer for key, answer in last.answers.items() if key in keys}
    known = iban_of(application)
    if known and following.rules.form.iban:  # it may be another than was handed in, or be handed in stages ago
        application.draft[following.rules.form.iban] = known
    application.draft_version, application.draft_saved_at = application.draft_version + 1, at
    application.submitted_at = application.completed_at = application.decide_by = application.awarded = application.reconsider_by = None
    application.postponed_to, application.postponed_after, application.postponed_because = None, 0, ""
    application.personal_until, application.repair_asked_at, application.repair_until = personal_until, None, None
    application.checklist, application.gaps, application.suspended_days = {}, [], 0
    application.checklist_notes, application.gaps_found = {}, []
    return {"from": before.key, "to": following.key, "started_from": last.sha256, "personal_until": personal_until}
