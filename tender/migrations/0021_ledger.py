"""The pots of a stage are split by who made the money available and by budget year; what was made available is a pot of its own."""

import django.db.models.deletion
from django.db import migrations, models

KINDS = [
    ("free", "free"),
    ("reserved", "reserved"),
    ("committed", "committed"),
    ("ordered", "ordered"),
    ("paid", "paid"),
    ("recovered", "recovered"),
    ("funded", "made available"),
]
SOURCES = [("own", "own means"), ("province", "province"), ("municipality", "municipality"), ("eu", "European Union")]


class Migration(migrations.Migration):
    dependencies = [("tender", "0020_desk")]
    operations = [
        migrations.CreateModel(
            name="FundingSource",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(unique=True)),
                ("kind", models.CharField(choices=SOURCES, max_length=12)),
                ("name", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(kind__in=[key for key, _ in SOURCES]), name="funding_source_known")
                ],
            },
        ),
        migrations.AddField(model_name="stage", name="funding", field=models.JSONField(blank=True, default=list)),
        migrations.RemoveConstraint(model_name="ledgeraccount", name="ledger_account_once"),
        migrations.RemoveConstraint(model_name="ledgeraccount", name="ledger_account_known"),
        migrations.RemoveConstraint(model_name="ledgerentry", name="ledger_never_overdrawn"),
        migrations.AlterField(model_name="ledgeraccount", name="kind", field=models.CharField(choices=KINDS, max_length=12)),
        migrations.AddField(model_name="ledgeraccount", name="year", field=models.PositiveSmallIntegerField(null=True)),
        migrations.AddField(
            model_name="ledgeraccount",
            name="source",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="tender.fundingsource"
            ),
        ),
        migrations.AddField(model_name="ledgerentry", name="funded", field=models.BooleanField(default=False)),
        migrations.AlterField(model_name="ledgerentry", name="event_id", field=models.UUIDField(db_index=True)),
    ]
