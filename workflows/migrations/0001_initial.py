import django.db.models.deletion
import uuid
import workflows.machines.arrow
import workflows.models.letter
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("scoring", "0001_initial"),
        ("tender", "0002_initial"),
        ("tender", "__first__"),
        ("viewflow", "0015_task_scheduled"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApplicationMachine",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=(workflows.machines.arrow.Machine, "tender.application"),
        ),
        migrations.CreateModel(
            name="ConflictMachine",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=(workflows.machines.arrow.DossierMachine, "scoring.conflict"),
        ),
        migrations.CreateModel(
            name="DecisionMachine",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=(workflows.machines.arrow.DossierMachine, "tender.decision"),
        ),
        migrations.CreateModel(
            name="GrantMachine",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=(workflows.machines.arrow.DossierMachine, "tender.grant"),
        ),
        migrations.CreateModel(
            name="InstalmentMachine",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=(workflows.machines.arrow.GrantPartMachine, "tender.instalment"),
        ),
        migrations.CreateModel(
            name="ReportMachine",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=(workflows.machines.arrow.GrantPartMachine, "tender.progressreport"),
        ),
        migrations.CreateModel(
            name="ScoresheetMachine",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=(workflows.machines.arrow.DossierMachine, "scoring.scoresheet"),
        ),
        migrations.CreateModel(
            name="StageMachine",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=(workflows.machines.arrow.Machine, "tender.stage"),
        ),
        migrations.CreateModel(
            name="CaseProcess",
            fields=[
                (
                    "process_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="viewflow.process",
                    ),
                ),
                ("noun", models.CharField(max_length=20)),
                ("key", models.BigIntegerField()),
                ("seen", models.PositiveIntegerField(default=0)),
                (
                    "application",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="processes", to="tender.application"
                    ),
                ),
                ("stage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="processes", to="tender.stage")),
            ],
            options={
                "default_permissions": ("manage",),
                "indexes": [models.Index(fields=["application"], name="workflows_c_applica_77d03e_idx")],
                "constraints": [models.UniqueConstraint(fields=("noun", "key", "stage"), name="process_once_per_case_and_stage")],
            },
            bases=("viewflow.process",),
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("chain", models.CharField(max_length=60)),
                ("seq", models.PositiveIntegerField()),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                ("noun", models.CharField(max_length=20)),
                ("key", models.BigIntegerField()),
                ("kind", models.CharField(max_length=60)),
                ("at", models.DateTimeField()),
                ("before", models.CharField(blank=True, max_length=20)),
                ("after", models.CharField(max_length=20)),
                ("data", models.JSONField(default=dict)),
                ("actor", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="events", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["chain", "seq"],
                "indexes": [
                    models.Index(fields=["noun", "key"], name="workflows_e_noun_c29d1c_idx"),
                    models.Index(fields=["kind", "at"], name="workflows_e_kind_edeed7_idx"),
                ],
                "constraints": [models.UniqueConstraint(fields=("chain", "seq"), name="event_seq_once")],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("language", models.CharField(max_length=5)),
                ("subject", models.CharField(max_length=200)),
                ("facts", models.JSONField()),
                ("facts_sha256", models.CharField(max_length=64)),
                ("template_sha256", models.CharField(max_length=64)),
                ("file", models.FileField(upload_to=workflows.models.letter.letter_path)),
                ("sha256", models.CharField(max_length=64)),
                ("pages", models.PositiveSmallIntegerField()),
                ("rendered_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="tender.application"),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="tender.decision"
                    ),
                ),
                ("event", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="workflows.event")),
            ],
            options={
                "ordering": ["rendered_at", "pk"],
                "constraints": [models.UniqueConstraint(fields=("event", "kind"), name="letter_once_per_event")],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=200)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("event", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="notifications", to="workflows.event")),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="notifications", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("event", "user"), name="notification_once")],
            },
        ),
        migrations.CreateModel(
            name="Outbox",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("handler", models.CharField(max_length=120)),
                ("queued_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("error", models.CharField(blank=True, max_length=200)),
                ("event", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="outbox", to="workflows.event")),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("done_at", None)), fields=["queued_at"], name="outbox_waiting")],
                "constraints": [models.UniqueConstraint(fields=("event", "handler"), name="one_delivery_per_handler")],
            },
        ),
        migrations.CreateModel(
            name="WorkItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("noun", models.CharField(max_length=20)),
                ("key", models.BigIntegerField()),
                ("arrow", models.CharField(max_length=40)),
                ("role", models.CharField(blank=True, max_length=20)),
                ("deadline", models.DateField(blank=True, null=True)),
                ("since", models.DateTimeField()),
                ("escalated", models.BooleanField(default=False)),
                (
                    "application",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="work", to="tender.application"
                    ),
                ),
                ("process", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="items", to="workflows.caseprocess")),
                ("stage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="work", to="tender.stage")),
                ("task", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="items", to="viewflow.task")),
                (
                    "user",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="work", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": [models.OrderBy(models.F("deadline"), nulls_last=True), "since", "pk"],
                "indexes": [
                    models.Index(fields=["role", "deadline", "since"], name="workflows_w_role_7f3b89_idx"),
                    models.Index(fields=["user", "deadline", "since"], name="workflows_w_user_id_67adca_idx"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("user", None)),
                        fields=("task", "noun", "key", "arrow", "role", "escalated"),
                        name="work_once_per_role",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("user", None), _negated=True),
                        fields=("task", "noun", "key", "arrow", "user", "escalated"),
                        name="work_once_per_person",
                    ),
                ],
            },
        ),
    ]
