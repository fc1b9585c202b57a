"""The signed receipts. What was handed in before has none, and gets none: a signature of today proves nothing about then."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tender", "0005_document_scan")]
    operations = [
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("head", models.TextField()),
                ("key_id", models.CharField(max_length=16)),
                ("signature", models.CharField(max_length=88)),
                (
                    "submission",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="receipt", to="tender.submission"),
                ),
            ],
        ),
    ]
