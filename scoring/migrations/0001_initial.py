import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("tender", "0002_initial"),
        ("tender", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Panel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Ranking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField()),
                ("method", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("inputs", models.JSONField()),
                ("inputs_sha256", models.CharField(max_length=64)),
                ("seed", models.CharField(blank=True, max_length=64)),
                ("cut", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True)),
                ("event_id", models.UUIDField()),
                ("stage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="rankings", to="tender.stage")),
            ],
            options={
                "get_latest_by": "version",
                "constraints": [models.UniqueConstraint(fields=("stage", "version"), name="ranking_version_once")],
            },
        ),
        migrations.CreateModel(
            name="Advice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="advices", to="tender.application"),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("stage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="advices", to="tender.stage")),
                ("ranking", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="advices", to="scoring.ranking")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("application", "ranking"), name="advice_once")],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("convened_at", models.DateTimeField()),
                ("missing_sheets", models.JSONField(default=list)),
                ("number", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("minutes", models.TextField(blank=True)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("present", models.ManyToManyField(blank=True, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("stage", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="meeting", to="tender.stage")),
            ],
        ),
        migrations.CreateModel(
            name="Placing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("rank", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("total", models.DecimalField(blank=True, decimal_places=4, max_digits=7, null=True)),
                ("criteria", models.JSONField(default=dict)),
                ("sheets", models.PositiveSmallIntegerField(default=0)),
                ("spread", models.FloatField(blank=True, null=True)),
                ("chance", models.FloatField(blank=True, null=True)),
                ("outcome", models.CharField(max_length=20)),
                ("amount", models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ("facts", models.JSONField(default=dict)),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="placings", to="tender.application"),
                ),
                ("ranking", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="placings", to="scoring.ranking")),
            ],
            options={
                "ordering": ["ranking_id", "order"],
                "constraints": [models.UniqueConstraint(fields=("ranking", "application"), name="placing_once")],
            },
        ),
        migrations.CreateModel(
            name="DecisionBasis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "advice",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="bases", to="scoring.advice"
                    ),
                ),
                ("decision", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="basis", to="tender.decision")),
                ("ranking", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="bases", to="scoring.ranking")),
            ],
        ),
        migrations.CreateModel(
            name="Scoresheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("assigned", "assigned"),
                            ("started", "started"),
                            ("sealed", "submitted"),
                            ("confirmed", "confirmed"),
                            ("void", "void"),
                        ],
                        default="",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("comment", models.TextField(blank=True)),
                ("saved_at", models.DateTimeField(blank=True, null=True)),
                ("sealed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="tender.application"),
                ),
                ("juror", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to=settings.AUTH_USER_MODEL)),
                ("stage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="tender.stage")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("application", "stage", "juror"), name="scoresheet_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["assigned", "started", "sealed", "confirmed", "void"])),
                        name="scoresheet_state_known",
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("question", models.CharField(max_length=80)),
                ("value", models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                ("unable", models.BooleanField(default=False)),
                ("comment", models.TextField(blank=True)),
                ("sheet", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="marks", to="scoring.scoresheet")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("sheet", "question"), name="mark_once"),
                    models.CheckConstraint(
                        condition=models.Q(("unable", False), ("value", None), _connector="OR"), name="mark_unable_has_no_value"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Seating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("panel", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="seatings", to="scoring.panel")),
                ("stage", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="seating", to="tender.stage")),
            ],
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
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
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("asked", "to be declared"),
                            ("none", "no interest"),
                            ("doubtful", "doubtful"),
                            ("cleared", "cleared"),
                            ("recused", "recused"),
                        ],
                        default="",
                        max_length=50,
                        protected=True,
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("explanation", models.TextField(blank=True)),
                ("declared_at", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="conflicts", to="tender.application"),
                ),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="conflicts", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("application", "user"), name="conflict_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["asked", "none", "doubtful", "cleared", "recused"])), name="conflict_state_known"
                    ),
                ],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name="PanelMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[("juror", "juror"), ("chair", "chair"), ("deputy", "deputy chair"), ("secretary", "secretary")],
                        default="juror",
                        max_length=20,
                    ),
                ),
                ("network", models.CharField(blank=True, max_length=80)),
                ("themes", models.JSONField(blank=True, default=list)),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                ("panel", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="members", to="scoring.panel")),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="seats", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("panel", "user"), name="panel_member_once")],
            },
        ),
    ]
