from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin

from tender import interest
from tender.calendar import add_months, amsterdam_day
from tender.enums import NOTHING, Insolvency, InsolvencyState, RecoveryState
from tender.models.application import Application
from tender.models.decision import Decision
from tender.models.grant import Grant, Instalment
from tender.models.people import User

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OPEN_RECOVERIES = (RecoveryState.OWED, RecoveryState.CLAIMED, RecoveryState.PLAN, RecoveryState.REMINDED, RecoveryState.SERVED)
RUNNING_RECOVERIES = OPEN_RECOVERIES[1:]
"""The states in which the party owes it and knows."""
LIMIT_MONTHS = 60
"""Five years: to claim it at all (Awb 4:57, fourth paragraph), and from its term to have it paid (4:104)."""


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    """What is to come back."""

    def visible_to(self, user: User) -> Self:
        """Those of the dossiers this person may read; the applicant's side once it was claimed, and what came of it."""
        from tender.enums import APPLICANT_ROLES

        mine = Application.objects.held_by(user, *APPLICANT_ROLES)
        cases = Application.objects.not_only_judged_by(user)
        return self.filter(grant__application__in=cases).exclude(Q(grant__application__in=mine) & Q(claimed_at=None))

    def open(self) -> Self:
        """Those that are not paid, set off or written off."""
        return self.filter(state__in=OPEN_RECOVERIES)


class Recovery(FSMModelMixin, models.Model):
    """What was paid of a grant beyond what it came to, until it is back (Awb 4:57)."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="recoveries")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="recoveries")
    """The settlement, withdrawal or change that it follows from."""
    state = FSMField(choices=RecoveryState.choices, default=NOTHING, protected=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    reason = models.TextField(blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    pay_by = models.DateField(null=True, blank=True)
    asked_plan = models.JSONField(default=list, blank=True)
    """The instalments that the party asked for: pairs of a day and an amount, as text."""
    plan = models.JSONField(default=list, blank=True)
    """The instalments that were agreed."""
    plan_from = models.DateField(null=True, blank=True)
    interest_before = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    """What had run before a plan was agreed."""
    reminded_on = models.DateField(null=True, blank=True)
    remind_until = models.DateField(null=True, blank=True)
    served_on = models.DateField(null=True, blank=True)
    interest_set = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    """The default interest that was fixed by decision (Awb 4:99)."""
    trustee_told_on = models.DateField(null=True, blank=True)
    """When the claim was filed with the trustee, where the party is insolvent."""

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        ordering = ["grant_id", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RecoveryState.values), name="recovery_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_amount_positive"),
            models.UniqueConstraint(fields=["grant", "decision"], name="recovery_once_per_decision"),
        ]

    def __str__(self) -> str:
        return f"{self.grant}: {self.amount}"

    @property
    def back(self) -> list[RecoveryReceipt]:
        """What came in, by the day."""
        return sorted(self.receipts.all(), key=lambda each: (each.on, each.pk or 0))

    @property
    def rest(self) -> Decimal:
        """What is still owed of the sum itself, without interest."""
        return Decimal(self.amount) - sum((each.principal for each in self.back), start=Decimal(0))

    @property
    def schedule(self) -> list[interest.Part]:
        """By when what must be paid: the plan, or all of it at once."""
        if self.plan:
            return parts_of(self.plan)
        return [interest.Part(self.pay_by, Decimal(self.amount))] if self.pay_by else []

    def interest_run(self, today: date) -> Decimal:
        """The interest that ran up to and with ``today``, also where it is too little to be owed."""
        paid = [interest.Part(each.on, each.principal) for each in self.back if self.plan_from is None or not each.before_plan]
        return Decimal(self.interest_before) + interest.run(self.schedule, paid, today)

    def interest_owed(self, today: date) -> Decimal:
        """The interest of which something is owed: as it was fixed, or as it runs; less what was paid of it."""
        run = self.interest_set if self.interest_set is not None else interest.owed(self.interest_run(today))
        return Decimal(run) - sum((each.amount - each.principal for each in self.back), start=Decimal(0))

    def owed(self, today: date) -> Decimal:
        """What the party owes today, with interest."""
        if self.state not in RUNNING_RECOVERIES:
            return self.rest if self.state == RecoveryState.OWED else Decimal("0.00")
        return self.rest + self.interest_owed(today)

    @property
    def next_part(self) -> interest.Part | None:
        """What must be paid next of the sum, and by when: the first part that is not in yet."""
        came = sum((each.principal for each in self.back if self.plan_from is None or not each.before_plan), start=Decimal(0))
        for part in self.schedule:
            if came < part.amount:
                return interest.Part(part.day, part.amount - came)
            came -= part.amount
        return None

    @property
    def reminder_until(self) -> date | None:
        """Until when the reminder of what must be paid next runs; None where it was of an earlier part, which is paid."""
        part = self.next_part
        return self.remind_until if part and self.reminded_on and self.reminded_on > part.day else None

    @property
    def claim_until(self) -> date | None:
        """The last day to claim it (Awb 4:57, fourth paragraph)."""
        made_known = self.decision.published_at
        return add_months(amsterdam_day(made_known), LIMIT_MONTHS) if made_known else None

    @property
    def barred_after(self) -> date | None:
        """The last day to remind of it, set it off or serve notice: five years after its term, or after it was last reminded of (4:104 to
        4:106, 4:110); before it is claimed, the last day to claim it."""
        if self.pay_by is None:
            return self.claim_until
        last = max([self.pay_by, *(part.day for part in self.schedule), *(day for day in (self.reminded_on, self.served_on) if day)])
        return add_months(last, LIMIT_MONTHS)


def parts_of(plan: Sequence[Any]) -> list[interest.Part]:
    """A plan as it is kept, as days and amounts, the first day in front."""
    return sorted((interest.Part(date.fromisoformat(day), Decimal(amount)) for day, amount in plan), key=lambda part: part.day)


class RecoveryReceipt(models.Model):
    """Money of a recovery that came back: by the bank, or by setting it off against a payment of another grant. Never changed."""

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="receipts")
    on = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    principal = models.DecimalField(max_digits=12, decimal_places=2)
    """How much of it is the sum itself; the rest is interest."""
    bank_reference = models.CharField(max_length=40, blank=True)
    instalment = models.ForeignKey(Instalment, on_delete=models.PROTECT, null=True, blank=True, related_name="offsets")
    """The payment it was set off against (Awb 4:93)."""
    before_plan = models.BooleanField(default=False)
    """Whether it came before the plan that holds now was agreed."""
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_receipt_positive"),
            models.CheckConstraint(condition=Q(principal__gte=0), name="recovery_receipt_principal"),
            models.CheckConstraint(condition=Q(instalment=None) ^ Q(bank_reference=""), name="recovery_receipt_from_bank_or_payment"),
            models.UniqueConstraint(
                fields=["recovery", "bank_reference"], condition=~Q(bank_reference=""), name="recovery_bank_reference_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recovery} {self.on}: {self.amount}"


class InsolvencyQuerySet(models.QuerySet["InsolvencyNote"]):
    """What is known of parties that cannot pay."""

    def of(self, application: Application) -> Self:
        """Those that stand of the party of a dossier, whichever dossier they were noted in."""
        of_house = Q(application__organisation=application.organisation_id) if application.organisation_id else Q(pk__in=[])
        of_person = Q(application__organisation=None, application__applicant=application.applicant_id)
        return self.filter(of_house if application.organisation_id else of_person, state=InsolvencyState.NOTED)

    def among(self, applications: Iterable[Application]) -> set[int]:
        """Which of these dossiers are of a party that cannot pay: one query, however many."""
        cases = list(applications)
        houses = Q(application__organisation__in={case.organisation_id for case in cases if case.organisation_id})
        persons = Q(
            application__organisation=None, application__applicant__in={case.applicant_id for case in cases if not case.organisation_id}
        )
        noted = self.filter(houses | persons, state=InsolvencyState.NOTED)
        parties = set(noted.values_list("application__organisation", "application__applicant"))
        gone, alone = {house for house, _person in parties if house}, {person for house, person in parties if not house}
        return {case.pk for case in cases if (case.organisation_id in gone if case.organisation_id else case.applicant_id in alone)}


class InsolvencyNote(FSMModelMixin, models.Model):
    """A party is bankrupt, or has a moratorium: who its trustee is, since when. It is noted in a dossier and holds for the party."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="insolvencies")
    state = FSMField(choices=InsolvencyState.choices, default=NOTHING, protected=True)
    kind = models.CharField(max_length=20, choices=Insolvency.choices)
    since = models.DateField()
    trustee = models.CharField(max_length=200)
    register_number = models.CharField(max_length=40)
    """Its number in the central insolvency register."""

    objects = InsolvencyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=InsolvencyState.values), name="insolvency_state_known"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state=InsolvencyState.NOTED), name="insolvency_noted_once_per_dossier"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.get_kind_display()}"


REMIND_DAYS = timedelta(days=14)
"""The term of a reminder (Awb 4:112)."""
