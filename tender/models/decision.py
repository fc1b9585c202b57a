from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django_fsm import FSMField, FSMModelMixin

from tender.canonical import digest
from tender.enums import AFTER_AWARD, NOTHING, DecisionKind, DecisionState, GrantGround, Ground
from tender.models.application import Application, Document
from tender.models.call import Stage
from tender.models.people import User
from tender.models.wording import Place, Wording
from tender.schemes.letter_kinds import letter_of

if TYPE_CHECKING:
    from tender.schemes.definition import Link

CENT = Decimal("0.01")
OPEN_DECISIONS = (DecisionState.DRAFTED, DecisionState.HEARING, DecisionState.IN_CHECK, DecisionState.APPROVED, DecisionState.SIGNED)


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Decisions."""

    def visible_to(self, user: User) -> Self:
        """The decisions of the dossiers this person may read; the applicant's side sees them once published, and while it may respond."""
        from tender.enums import APPLICANT_ROLES

        cases = Application.objects.not_only_judged_by(user)
        mine = Application.objects.held_by(user, *APPLICANT_ROLES)
        published = Q(state__in=[DecisionState.HEARING, DecisionState.PUBLISHED, DecisionState.FINAL, DecisionState.SUPERSEDED])
        return self.filter(application__in=cases).exclude(Q(application__in=mine) & ~published)

    def open(self) -> Self:
        """Those that are still on a desk."""
        return self.filter(state__in=OPEN_DECISIONS)


class Decision(FSMModelMixin, models.Model):
    """What the board decides, with its grounds and figures."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=20, choices=DecisionKind.choices)
    ground = models.CharField(max_length=20, choices=[*Ground.choices, *GrantGround.choices], blank=True)
    state = FSMField(choices=DecisionState.choices, default=NOTHING, protected=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    reserved = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    """How much of the ceiling this open decision holds back."""
    facts = models.JSONField(default=dict)
    """Everything the letter will say, frozen: score, rank, floors, ceiling, dates."""
    reasons = models.TextField(blank=True)
    intent_at = models.DateTimeField(null=True, blank=True)
    """When the party was told what we intend, where it must be heard first (Awb 4:7, 4:8)."""
    respond_until = models.DateTimeField(null=True, blank=True)
    heard_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    """The amount on which the party was heard: a lower one needs a new hearing."""
    heard_sha256 = models.CharField(max_length=64, blank=True)
    """The kind, ground and reasons on which the party was heard; empty where it was not."""
    response = models.TextField(blank=True)
    """What the party said of it, or what an officer wrote down of what was said."""
    responded_at = models.DateTimeField(null=True, blank=True)
    responded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    links_done = models.PositiveSmallIntegerField(default=0)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    objection_until = models.DateField(null=True, blank=True)
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DecisionState.values), name="decision_state_known"),
            models.CheckConstraint(condition=Q(kind__in=DecisionKind.values), name="decision_kind_known"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="decision_amount_not_negative"),
            models.UniqueConstraint(fields=["application"], condition=Q(state__in=OPEN_DECISIONS), name="decision_one_open_per_case"),
        ]

    def __str__(self) -> str:
        return f"{self.application.reference}: {self.get_kind_display()}"

    @property
    def link(self) -> str:
        """The link of the chain whose turn it is (the last stays the signatory's)."""
        chain = self.chain_of_links
        return str(chain[min(self.links_done, len(chain) - 1)])

    @property
    def chain_of_links(self) -> tuple[Link, ...]:
        """Who must agree to this decision, in turn: the scheme's chain, without the links that it asks only above an amount."""
        return self.stage.rules.chain_for(self.at_stake)

    @property
    def at_stake(self) -> Decimal:
        """The amount that says which links are asked, in euros: what is given; of a settlement or a withdrawal, what had been awarded;
        where something else was advised, that too."""
        awarded = self.facts.get("awarded") if self.kind in AFTER_AWARD else None
        return max(Decimal(self.amount), Decimal(awarded or 0), Decimal(self.advised.get("amount") or 0))

    @property
    def departure(self) -> str:
        """Why this departs from the ranking or the verdict it rests on; empty where it follows (Awb 3:50)."""
        return str(self.facts.get("departure", ""))

    @property
    def advised(self) -> dict[str, str]:
        """Kind, ground and amount as the advice had them, where the decision is another: one that departs from it, with its reasons, or that
        refuses what state-aid law does not cover, which needs none. Else empty: then the decision is what was advised."""
        return dict(self.facts.get("advised", {}))

    @property
    def weighing(self) -> str:
        """Why the interests weigh this way, of a decision that takes from a grant (Awb 3:4)."""
        return str(self.facts.get("weighing", ""))

    @property
    def why_sha256(self) -> str:
        """What the party can respond to: kind, ground and reasons, those of a departure from the advice among them."""
        return digest([self.kind, self.ground, self.reasons, *([self.departure] if self.departure else [])])

    @property
    def says_otherwise(self) -> bool:
        """Whether the party was heard, and on another ground or other reasons than these."""
        return self.heard_sha256 not in {"", self.why_sha256}

    known_wordings: dict[Place, Wording] | None = None
    """The texts in force, where a page of many decisions has looked them up once (`Wording.objects.in_force_by_place`)."""

    @property
    def wording(self) -> Wording | None:
        """The text of an administrator that the letter of this decision is made with now; None where that is the scheme's or the house's."""
        kind = letter_of(self.stage.rules, self.kind, self.ground)
        place = Place(self.stage.call.version.scheme_id, self.stage.key, kind, self.application.language[:2])
        if self.known_wordings is not None:
            return self.known_wordings.get(place)
        return Wording.objects.at(place).in_force().first()

    @property
    def seen_sha256(self) -> str:
        """What an approval binds: kind, ground, amount, facts, reasons, and the letter's text: the scheme version that holds it, and the
        text of an administrator in its place, if there is one.
        """
        says = [self.kind, self.ground, Decimal(self.amount).quantize(CENT), self.facts, self.reasons, self.stage.call.version.sha256]
        wording = self.wording
        return digest(says if wording is None else [*says, wording.sha256])

    @property
    def agreed_on_something_else(self) -> bool:
        """Whether some link agreed with what is no longer what the decision and its letter say."""
        return self.approvals.filter(voided_at=None).exclude(seen_sha256=self.seen_sha256).exists()


class BoardList(models.Model):
    """What was laid before the board: every decision that waited for it, as it was then. Drawn up again it is another one, unless nothing
    has changed."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="board_lists")
    language = models.CharField(max_length=5)
    rows = models.JSONField()
    """Per decision, by its number as text: the hash of what it said (`Decision.seen_sha256`)."""
    facts = models.JSONField()
    """What the printed list says, frozen."""
    sha256 = models.CharField(max_length=64)
    """Over rows and facts; it stands on every page of the printed list."""
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    printed = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["stage", "sha256", "language"], name="board_list_once")]

    def __str__(self) -> str:
        return f"{self.stage} {self.code}"

    @property
    def code(self) -> str:
        """The beginning of its hash, as people compare it with what stands on paper."""
        return f"{self.sha256[:4]} {self.sha256[4:8]} {self.sha256[8:12]}"

    def still_says(self, decision: Decision) -> bool:
        """Whether a decision is on the list, and is still what was laid before the board."""
        return bool(self.rows.get(str(decision.pk)) == decision.seen_sha256)


class Approval(models.Model):
    """One link of a chain, bound to what was seen."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="approvals")
    link = models.CharField(max_length=20)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="approvals")
    at = models.DateTimeField()
    seen_sha256 = models.CharField(max_length=64)
    """Over the facts, the amount and the letter's template version."""
    board_list = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "user"], condition=Q(voided_at=None), name="approval_nobody_twice"),
            models.UniqueConstraint(fields=["decision", "link"], condition=Q(voided_at=None), name="approval_link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.decision}: {self.link}"
