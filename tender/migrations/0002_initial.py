"""After the libraries that point at the person: every change of theirs rebuilds all that hangs on it, and here nothing does yet."""

import django.db.models.deletion
import django_fsm
import tender.models.application
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("tender", "0001_user"),
        ("viewflow", "0015_task_scheduled"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scheme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="SchemeVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("source", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField()),
                ("scheme", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="tender.scheme")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("scheme", "number"), name="scheme_version_once")],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=12, unique=True)),
                ("year", models.PositiveSmallIntegerField()),
                ("title_nl", models.CharField(max_length=160)),
                ("title_en", models.CharField(max_length=160)),
                ("issued", models.PositiveIntegerField(default=0)),
                ("version", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="calls", to="tender.schemeversion")),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("kvk", models.CharField(blank=True, max_length=8, verbose_name="KvK number")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="address")),
                ("city", models.CharField(blank=True, max_length=80, verbose_name="city")),
                ("province", models.CharField(blank=True, max_length=40, verbose_name="province")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("kvk", ""), _negated=True), fields=("kvk",), name="organisation_kvk_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Stage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField()),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "in preparation"),
                            ("planned", "announced"),
                            ("open", "open"),
                            ("paused", "paused"),
                            ("closed", "closed"),
                            ("scoring", "being scored"),
                            ("meeting", "in the meeting"),
                            ("ranked", "ranked"),
                            ("deciding", "being decided"),
                            ("published", "published"),
                            ("finished", "finished"),
                            ("cancelled", "cancelled"),
                        ],
                        default="",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField(blank=True, null=True)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("ceiling", models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ("lottery_commitment", models.CharField(blank=True, max_length=64)),
                ("lottery_seed", models.CharField(blank=True, max_length=64)),
                ("number_to_select", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("decide_by", models.DateField(blank=True, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("call", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="stages", to="tender.call")),
            ],
            options={
                "ordering": ["call_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("call", "key"), name="stage_key_once"),
                    models.UniqueConstraint(fields=("call", "number"), name="stage_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "planned",
                                    "open",
                                    "paused",
                                    "closed",
                                    "scoring",
                                    "meeting",
                                    "ranked",
                                    "deciding",
                                    "published",
                                    "finished",
                                    "cancelled",
                                ],
                            )
                        ),
                        name="stage_state_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("ceiling__gte", 0)), name="stage_ceiling_not_negative"),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=20, unique=True)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("incomplete", "to be completed"),
                            ("eligible", "eligible"),
                            ("set_aside", "set aside"),
                            ("ineligible", "not eligible"),
                            ("in_review", "being assessed"),
                            ("ranked", "assessed"),
                            ("reserved", "on the reserve list"),
                            ("admitted", "invited to the next stage"),
                            ("awarded", "awarded"),
                            ("refused", "refused"),
                            ("withdrawn", "withdrawn"),
                            ("lapsed", "lapsed"),
                            ("cancelled", "cancelled"),
                            ("closed", "closed"),
                        ],
                        default="",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("language", models.CharField(default="nl", max_length=5)),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("summary", models.TextField(blank=True)),
                ("theme", models.CharField(blank=True, max_length=60)),
                ("province", models.CharField(blank=True, max_length=60)),
                ("amount_asked", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("iban", models.CharField(blank=True, max_length=34)),
                ("draft", models.JSONField(blank=True, default=dict)),
                ("draft_version", models.PositiveIntegerField(default=0)),
                ("draft_saved_at", models.DateTimeField(blank=True, null=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("completed_at", models.DateTimeField(blank=True, null=True)),
                ("personal_until", models.DateTimeField(blank=True, null=True)),
                ("gaps", models.JSONField(blank=True, default=list)),
                ("repair_asked_at", models.DateTimeField(blank=True, null=True)),
                ("repair_until", models.DateTimeField(blank=True, null=True)),
                ("suspended_days", models.PositiveIntegerField(default=0)),
                ("decide_by", models.DateField(blank=True, null=True)),
                ("checklist", models.JSONField(blank=True, default=dict)),
                ("intake_note", models.TextField(blank=True)),
                ("intake_serious", models.BooleanField(blank=True, null=True)),
                ("revision_asked", models.TextField(blank=True)),
                ("awarded", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("reserve_place", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("reserve_until", models.DateField(blank=True, null=True)),
                (
                    "applicant",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="applications", to=settings.AUTH_USER_MODEL),
                ),
                ("call", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="applications", to="tender.call")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="tender.organisation",
                    ),
                ),
                ("stage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="applications", to="tender.stage")),
            ],
            options={
                "ordering": ["reference"],
                "indexes": [
                    models.Index(fields=["stage", "state"], name="tender_appl_stage_i_190c94_idx"),
                    models.Index(fields=["state", "decide_by"], name="tender_appl_state_932bd2_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "draft",
                                    "submitted",
                                    "incomplete",
                                    "eligible",
                                    "set_aside",
                                    "ineligible",
                                    "in_review",
                                    "ranked",
                                    "reserved",
                                    "admitted",
                                    "awarded",
                                    "refused",
                                    "withdrawn",
                                    "lapsed",
                                    "cancelled",
                                    "closed",
                                ],
                            )
                        ),
                        name="application_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("awarded__gte", 0), ("awarded", None), _connector="OR"), name="application_awarded_not_negative"
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("admit", "invitation"),
                            ("award", "award"),
                            ("reserve", "reserve"),
                            ("refuse", "refusal"),
                            ("set_aside", "set aside"),
                            ("ineligible", "not eligible"),
                            ("settle", "settlement"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "none"),
                            ("rank", "rank"),
                            ("minimum", "below the minimum"),
                            ("ceiling", "the ceiling has been reached"),
                            ("receipt_order", "the ceiling had been reached on receipt"),
                            ("condition", "a condition is not met"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("drafted", "drafted"),
                            ("in_check", "being checked"),
                            ("approved", "approved"),
                            ("signed", "signed"),
                            ("published", "published"),
                            ("final", "final"),
                            ("superseded", "superseded"),
                            ("discarded", "discarded"),
                        ],
                        default="",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ("reserved", models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ("facts", models.JSONField(default=dict)),
                ("reasons", models.TextField(blank=True)),
                ("links_done", models.PositiveSmallIntegerField(default=0)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("objection_until", models.DateField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="tender.application"),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="superseded_by", to="tender.decision"
                    ),
                ),
                ("stage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="tender.stage")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["drafted", "in_check", "approved", "signed", "published", "final", "superseded", "discarded"])
                        ),
                        name="decision_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["admit", "award", "reserve", "refuse", "set_aside", "ineligible", "settle"])),
                        name="decision_kind_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="decision_amount_not_negative"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("drafted", "in_check", "approved", "signed"))),
                        fields=("application",),
                        name="decision_one_open_per_case",
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=160)),
                ("kvk", models.CharField(blank=True, max_length=8)),
                ("helix", models.CharField(blank=True, max_length=20)),
                ("sector", models.CharField(blank=True, max_length=20)),
                ("contribution", models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ("contact", models.CharField(blank=True, max_length=120)),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="partners", to="tender.application"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StaffRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("editor", "editor"),
                            ("signer", "signer"),
                            ("viewer", "viewer"),
                            ("partner", "partner"),
                            ("scheme_manager", "scheme manager"),
                            ("coach", "innovation coach"),
                            ("officer", "case officer"),
                            ("reader", "second reader"),
                            ("controller", "controller"),
                            ("board", "board"),
                            ("signatory", "signatory"),
                            ("head", "head"),
                            ("assessor", "assessor"),
                            ("juror", "juror"),
                            ("chair", "chair"),
                            ("deputy", "deputy chair"),
                            ("secretary", "secretary"),
                            ("objection_handler", "objection handler"),
                            ("privacy_officer", "privacy officer"),
                            ("auditor", "auditor"),
                            ("clock", "clock"),
                        ],
                        max_length=20,
                    ),
                ),
                ("since", models.DateTimeField(auto_now_add=True)),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="staff_roles", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(condition=models.Q(("until", None)), fields=("user", "role"), name="staff_role_open_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "editor",
                                    "signer",
                                    "viewer",
                                    "partner",
                                    "scheme_manager",
                                    "coach",
                                    "officer",
                                    "reader",
                                    "controller",
                                    "board",
                                    "signatory",
                                    "head",
                                    "assessor",
                                    "juror",
                                    "chair",
                                    "deputy",
                                    "secretary",
                                    "objection_handler",
                                    "privacy_officer",
                                    "auditor",
                                    "clock",
                                ],
                            )
                        ),
                        name="staff_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("free", "free"), ("reserved", "reserved"), ("committed", "committed"), ("paid", "paid")], max_length=12
                    ),
                ),
                ("stage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="tender.stage")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("stage", "kind"), name="ledger_account_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["free", "reserved", "committed", "paid"])), name="ledger_account_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("offered", "offered"),
                            ("active", "active"),
                            ("suspended", "suspended"),
                            ("lapsed", "lapsed"),
                            ("accounted", "accounted for"),
                            ("settled", "settled"),
                            ("withdrawn", "withdrawn"),
                            ("closed", "closed"),
                        ],
                        default="",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("settled_amount", models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ("iban", models.CharField(blank=True, max_length=34)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("accept_until", models.DateTimeField(blank=True, null=True)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("suspended_until", models.DateField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="tender.application"),
                ),
                ("decision", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="grant", to="tender.decision")),
                ("stage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="grants", to="tender.stage")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["offered", "active", "suspended", "lapsed", "accounted", "settled", "withdrawn", "closed"])
                        ),
                        name="grant_state_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="grant_amount_positive"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled_amount", None),
                            models.Q(("settled_amount__gte", 0), ("settled_amount__lte", models.F("amount"))),
                            _connector="OR",
                        ),
                        name="grant_settled_within_amount",
                    ),
                    models.UniqueConstraint(fields=("application", "stage"), name="grant_once_per_stage"),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("file", models.FileField(upload_to=tender.models.application.document_path)),
                ("content_type", models.CharField(max_length=80)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("uploaded_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="tender.application"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "stage",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="tender.stage"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("answers", models.JSONField()),
                ("documents", models.JSONField(default=list)),
                ("sha256", models.CharField(max_length=64)),
                ("event_id", models.UUIDField(unique=True)),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="tender.application"),
                ),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("stage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="submissions", to="tender.stage")),
            ],
            options={
                "ordering": ["application_id", "stage_id", "version"],
                "constraints": [models.UniqueConstraint(fields=("application", "stage", "version"), name="submission_version_once")],
            },
        ),
        migrations.CreateModel(
            name="CaseRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("editor", "editor"),
                            ("signer", "signer"),
                            ("viewer", "viewer"),
                            ("partner", "partner"),
                            ("scheme_manager", "scheme manager"),
                            ("coach", "innovation coach"),
                            ("officer", "case officer"),
                            ("reader", "second reader"),
                            ("controller", "controller"),
                            ("board", "board"),
                            ("signatory", "signatory"),
                            ("head", "head"),
                            ("assessor", "assessor"),
                            ("juror", "juror"),
                            ("chair", "chair"),
                            ("deputy", "deputy chair"),
                            ("secretary", "secretary"),
                            ("objection_handler", "objection handler"),
                            ("privacy_officer", "privacy officer"),
                            ("auditor", "auditor"),
                            ("clock", "clock"),
                        ],
                        max_length=20,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="case_roles", to="tender.application"),
                ),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="case_roles", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["user", "until"], name="tender_case_user_id_4eb8cd_idx")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", None)), fields=("application", "user", "role"), name="case_role_open_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "editor",
                                    "signer",
                                    "viewer",
                                    "partner",
                                    "scheme_manager",
                                    "coach",
                                    "officer",
                                    "reader",
                                    "controller",
                                    "board",
                                    "signatory",
                                    "head",
                                    "assessor",
                                    "juror",
                                    "chair",
                                    "deputy",
                                    "secretary",
                                    "objection_handler",
                                    "privacy_officer",
                                    "auditor",
                                    "clock",
                                ],
                            )
                        ),
                        name="case_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("link", models.CharField(max_length=20)),
                ("at", models.DateTimeField()),
                ("seen_sha256", models.CharField(max_length=64)),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to=settings.AUTH_USER_MODEL),
                ),
                ("decision", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="tender.decision")),
                (
                    "board_list",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tender.document"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("voided_at", None)), fields=("decision", "user"), name="approval_nobody_twice"
                    ),
                    models.UniqueConstraint(condition=models.Q(("voided_at", None)), fields=("decision", "link"), name="approval_link_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField()),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("planned", "planned"),
                            ("due", "due"),
                            ("approved", "approved"),
                            ("ordered", "ordered"),
                            ("paid", "paid"),
                            ("cancelled", "cancelled"),
                        ],
                        default="",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("pay_by", models.DateField(blank=True, null=True)),
                ("paid_on", models.DateField(blank=True, null=True)),
                ("bank_reference", models.CharField(blank=True, max_length=40)),
                ("grant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="instalments", to="tender.grant")),
            ],
            options={
                "ordering": ["grant_id", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["planned", "due", "approved", "ordered", "paid", "cancelled"])),
                        name="instalment_state_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("amount__gte", 0)), name="instalment_amount_not_negative"),
                    models.UniqueConstraint(fields=("grant", "key"), name="instalment_key_once"),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12)),
                ("balance_after", models.DecimalField(decimal_places=2, max_digits=12)),
                ("event_id", models.UUIDField()),
                (
                    "account",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="tender.ledgeraccount"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="tender.application"
                    ),
                ),
            ],
            options={
                "ordering": ["account_id", "seq"],
                "constraints": [
                    models.UniqueConstraint(fields=("account", "seq"), name="ledger_seq_once"),
                    models.CheckConstraint(condition=models.Q(("balance_after__gte", 0)), name="ledger_never_overdrawn"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=[("editor", "editor"), ("signer", "signer"), ("viewer", "viewer")], max_length=20)),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="tender.organisation"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organisation", "user", "role"), name="membership_once")],
            },
        ),
        migrations.CreateModel(
            name="ProgressReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField()),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("asked", "asked"),
                            ("draft", "draft"),
                            ("handed_in", "handed in"),
                            ("incomplete", "to be completed"),
                            ("approved", "approved"),
                            ("rejected", "rejected"),
                        ],
                        default="",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("due_on", models.DateField()),
                ("answers", models.JSONField(blank=True, default=dict)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("handed_in_at", models.DateTimeField(blank=True, null=True)),
                ("gaps", models.TextField(blank=True)),
                ("judged_at", models.DateTimeField(blank=True, null=True)),
                ("judgement", models.TextField(blank=True)),
                ("grant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="tender.grant")),
            ],
            options={
                "ordering": ["grant_id", "due_on"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "draft", "handed_in", "incomplete", "approved", "rejected"])),
                        name="report_state_known",
                    ),
                    models.UniqueConstraint(fields=("grant", "key"), name="report_key_once"),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
    ]
