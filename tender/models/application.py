from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin

from tender.enums import JURY_ROLES, NOTHING, ApplicationState, Role
from tender.models.call import Call, Stage
from tender.models.people import CaseRole, Organisation, User
from tender.receipts import frozen_digest, written

if TYPE_CHECKING:
    from tender.schemes import definition


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Dossiers."""

    def visible_to(self, user: User) -> Self:
        """The dossiers whose content this person may read: those they have a part in; for an auditor, all."""
        if user.has_role(Role.AUDITOR):
            return self
        return self.filter(pk__in=CaseRole.objects.held_now_by(user).values("application_id"))

    def not_only_judged_by(self, user: User) -> Self:
        """The dossiers whose decisions, letters and money this person may see: those they read in another part than a judge's."""
        if user.has_role(Role.AUDITOR):
            return self
        return self.filter(pk__in=CaseRole.objects.held_now_by(user).exclude(role=Role.JUROR).values("application_id"))

    def held_by(self, user: User, *roles: str) -> Self:
        """The dossiers in which this person now has one of these parts."""
        return self.filter(pk__in=CaseRole.objects.open().filter(user=user, role__in=roles).values("application_id"))

    def corresponding_with(self, user: User) -> Self:
        """The dossiers whose messages this person may read: those they have another part in than a judge's."""
        if user.has_role(Role.AUDITOR):
            return self
        return self.filter(pk__in=CaseRole.objects.held_now_by(user).exclude(role__in=JURY_ROLES).values("application_id"))

    def with_rules(self) -> Self:
        """Along with what the rules of a dossier are read from, in one query."""
        return self.select_related("stage__call__version", "call__version", "organisation", "applicant")


class Application(FSMModelMixin, models.Model):
    """The case: one reference and one row through all stages. Inert; its arrows are in ``workflows``."""

    reference = models.CharField(max_length=20, unique=True)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="applications")
    state = FSMField(choices=ApplicationState.choices, default=NOTHING, protected=True)
    applicant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="applications")
    language = models.CharField(max_length=5, default="nl")

    title = models.CharField(_("title"), max_length=200, blank=True)
    summary = models.TextField(blank=True)
    theme = models.CharField(max_length=60, blank=True)
    province = models.CharField(max_length=60, blank=True)
    amount_asked = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    iban = models.CharField(max_length=34, blank=True)

    draft = models.JSONField(default=dict, blank=True)
    """The answers as typed in the current stage, also those that are not (yet) right."""
    draft_version = models.PositiveIntegerField(default=0)
    draft_saved_at = models.DateTimeField(null=True, blank=True)

    submitted_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    """When the application was *completely* received: the day that counts in order of receipt."""
    personal_until = models.DateTimeField(null=True, blank=True)
    """A personal window that a decision gave, where the stage itself takes no more."""
    gaps = models.JSONField(default=list, blank=True)
    """The formal gaps the officer asked to mend: keys of form fields, with the words."""
    repair_asked_at = models.DateTimeField(null=True, blank=True)
    repair_until = models.DateTimeField(null=True, blank=True)
    suspended_days = models.PositiveIntegerField(default=0)
    decide_by = models.DateField(null=True, blank=True)
    postponed_to = models.DateField(null=True, blank=True)
    """The day that we named instead of the last one of the term (Awb 4:14)."""
    postponed_after = models.PositiveIntegerField(default=0)
    """How many days the term had stood still when we named it: what comes after moves that day too."""
    postponed_because = models.TextField(blank=True)
    reconsider_by = models.DateField(null=True, blank=True)
    """The last day to decide anew, once a founded objection brought the application back (Awb 7:10, 7:11)."""
    checklist = models.JSONField(default=dict, blank=True)
    checklist_notes = models.JSONField(default=dict, blank=True)
    """What the officer wrote with a point of the checklist."""
    gaps_found = models.JSONField(default=list, blank=True)
    """The formal gaps that the screening found, each with its words; asked for in one round for all."""
    intake_note = models.TextField(blank=True)
    intake_missing = models.JSONField(default=list, blank=True)
    """The questions of the form that the coach found lacking."""
    intake_called_at = models.DateTimeField(null=True, blank=True)
    intake_called_with = models.CharField(max_length=120, blank=True)
    intake_serious = models.BooleanField(null=True, blank=True)
    revision_asked = models.TextField(blank=True)
    """The officer's written request to revise the plan; empty when nothing is asked."""

    awarded = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    reserve_place = models.PositiveSmallIntegerField(null=True, blank=True)
    reserve_until = models.DateField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ApplicationState.values), name="application_state_known"),
            models.CheckConstraint(condition=Q(awarded__gte=0) | Q(awarded=None), name="application_awarded_not_negative"),
        ]
        indexes = [models.Index(fields=["stage", "state"]), models.Index(fields=["state", "decide_by"])]

    def __str__(self) -> str:
        return self.reference

    @property
    def rules(self) -> definition.Stage:
        """What the scheme says about the stage this dossier stands in."""
        return self.stage.rules

    @property
    def party(self) -> str:
        """Who applies: the organisation, or the person where there is none."""
        return self.organisation.name if self.organisation else str(self.applicant)

    @property
    def working_title(self) -> str:
        """What its makers call it: as handed in, or before that as it stands in the draft."""
        return self.title or str(self.draft.get(self.rules.form.title) or "")

    def submission(self, stage: Stage | None = None) -> Submission | None:
        """What was last handed in at ``stage`` (the current one unless told)."""
        return self.submissions.filter(stage=stage or self.stage).order_by("-version").first()


class Partner(models.Model):
    """A member of the consortium, as handed in."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="partners")
    name = models.CharField(max_length=160)
    kvk = models.CharField(max_length=8, blank=True)
    helix = models.CharField(max_length=20, blank=True)
    sector = models.CharField(max_length=20, blank=True)
    contribution = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    contact = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)

    def __str__(self) -> str:
        return self.name


def document_path(document: Document | None, name: str) -> str:  # noqa: ARG001
    """Files lie under a random name; the name people see is a column."""
    from uuid import uuid4

    return f"documents/{uuid4().hex}"


class Document(models.Model):
    """An uploaded file: of a dossier, or of a stage (a signed board list). Its content never changes."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, null=True, blank=True, related_name="documents")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, null=True, blank=True, related_name="documents")
    field = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to=document_path)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    scanned_at = models.DateTimeField(null=True, blank=True)
    """When a virus scanner found nothing in it; empty where none was asked."""
    signs = models.ForeignKey("tender.BoardList", on_delete=models.PROTECT, null=True, blank=True, related_name="signed")
    """The list for the board that this is the signed copy of."""

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """What was handed in at one stage: versioned, immutable, hashed, receipted."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="submissions")
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answers = models.JSONField()
    documents = models.JSONField(default=list)
    """Per file: field, name, size, sha256, and the number of the `Document`."""
    sha256 = models.CharField(max_length=64)
    """Over canonical JSON of reference, stage, version, answers and the files' hashes."""
    event_id = models.UUIDField(unique=True)

    class Meta:
        ordering = ["application_id", "stage_id", "version"]
        constraints = [models.UniqueConstraint(fields=["application", "stage", "version"], name="submission_version_once")]

    def __str__(self) -> str:
        return f"{self.application.reference} {self.stage.key} v{self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new submission; an existing one is refused."""
        if self.pk is not None:
            raise TypeError("A submission never changes; hand in a new version.")
        super().save(*args, **kwargs)

    @property
    def content(self) -> dict[str, Any]:
        """What `sha256` is over."""
        return {
            "reference": self.application.reference, "stage": self.stage.key, "version": self.version,
            "answers": self.answers, "files": self.documents,
        }  # fmt: skip

    @property
    def frozen_sha256(self) -> str:
        """The hash over what is judged; a formal completion leaves it as it was. Reckoned, since neither answers nor form ever change."""
        return frozen_digest(self.content, self.stage.rules.form.formal_keys)


class Receipt(models.Model):
    """The signed proof of a submission, made in the transaction that handed it in. What came in before receipts were signed has none."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="receipt")
    head = models.TextField()
    """The very text that was signed: canonical JSON."""
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=88)
    """Ed25519, in base64."""

    def __str__(self) -> str:
        return str(self.submission)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new receipt; an existing one is refused."""
        if self.pk is not None:
            raise TypeError("A receipt never changes.")
        super().save(*args, **kwargs)

    def as_file(self) -> str:
        """The receipt as it is given out."""
        return written(json.loads(self.head), self.submission.content, self.signature)
