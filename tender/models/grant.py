from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, FSMModelMixin

from tender.enums import NOTHING, GrantState, InstalmentState, ReportOutcome, ReportState
from tender.models.application import Application
from tender.models.call import Stage
from tender.models.decision import Decision

if TYPE_CHECKING:
    from tender.models.people import User
    from tender.schemes import definition


class GrantQuerySet(models.QuerySet["Grant"]):
    """Grants."""

    def visible_to(self, user: User) -> Self:
        """The grants of the dossiers this person may read, but not those they only judge."""
        return self.filter(application__in=Application.objects.not_only_judged_by(user))


class Grant(FSMModelMixin, models.Model):
    """What was awarded, until the last euro is settled. A dossier may hold one per stage."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="grants")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="grants")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="grant")
    state = FSMField(choices=GrantState.choices, default=NOTHING, protected=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    settled_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    accept_until = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    suspended_until = models.DateField(null=True, blank=True)
    aid_reported_on = models.DateField(null=True, blank=True)
    """When we put it into the central register, where it is de minimis aid."""

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=GrantState.values), name="grant_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="grant_amount_positive"),
            models.CheckConstraint(
                condition=Q(settled_amount=None) | Q(settled_amount__gte=0, settled_amount__lte=F("amount")),
                name="grant_settled_within_amount",
            ),
            models.UniqueConstraint(fields=["application", "stage"], name="grant_once_per_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference}/{self.stage.key}"

    @property
    def terms(self) -> definition.GrantTerms:
        """What the scheme says about this grant."""
        return self.stage.rules.grant


class InstalmentQuerySet(models.QuerySet["Instalment"]):
    """Payments."""

    def visible_to(self, user: User) -> Self:
        """The payments of the dossiers this person may read, but not those they only judge."""
        return self.filter(grant__application__in=Application.objects.not_only_judged_by(user))


class Instalment(FSMModelMixin, models.Model):
    """One payment of a grant."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="instalments")
    key = models.SlugField()
    state = FSMField(choices=InstalmentState.choices, default=NOTHING, protected=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    due_on = models.DateField(null=True, blank=True)
    """When the schedule makes it due; empty where a report or the settlement does."""
    pay_by = models.DateField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    """The account that was approved; a payment that was ordered keeps it, whatever account comes later."""
    bank_reference = models.CharField(max_length=40, blank=True)

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        ordering = ["grant_id", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=InstalmentState.values), name="instalment_state_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="instalment_amount_not_negative"),
            models.UniqueConstraint(fields=["grant", "key"], name="instalment_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.grant} {self.key}"

    @property
    def terms(self) -> definition.InstalmentTerm:
        """What the scheme says about this payment."""
        return next(term for term in self.grant.terms.instalments if term.key == self.key)


class ReportQuerySet(models.QuerySet["ProgressReport"]):
    """Reports of grantees."""

    def visible_to(self, user: User) -> Self:
        """The reports of the dossiers this person may read, but not those they only judge."""
        return self.filter(grant__application__in=Application.objects.not_only_judged_by(user))


class ProgressReport(FSMModelMixin, models.Model):
    """What a grantee tells: a progress report, a mid-term review, or the final account."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="reports")
    key = models.SlugField()
    state = FSMField(choices=ReportState.choices, default=NOTHING, protected=True)
    due_on = models.DateField()
    answers = models.JSONField(default=dict, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    gaps = models.TextField(blank=True)
    judged_at = models.DateTimeField(null=True, blank=True)
    judgement = models.TextField(blank=True)
    basis = models.JSONField(default=dict, blank=True)
    """What it is held against: the budget and targets as granted, its period and class, frozen when it is begun (`tender.accounting`)."""
    complete_by = models.DateField(null=True, blank=True)
    proposal = models.JSONField(default=dict, blank=True)
    """What the first person proposes to do with it, bound by hash to what was weighed; empty where nothing is proposed."""
    outcome = models.CharField(max_length=12, choices=ReportOutcome.choices, blank=True)
    conditions = models.TextField(blank=True)
    wished_until = models.DateField(null=True, blank=True)
    """Until when the grantee asks to have; empty where nothing is asked."""
    wished_why = models.TextField(blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["grant_id", "due_on"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
            models.UniqueConstraint(fields=["grant", "key"], name="report_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.grant} {self.key}"

    @property
    def terms(self) -> definition.ReportTerm:
        """What the scheme asks in this report."""
        return next(term for term in self.grant.terms.reports if term.key == self.key)
