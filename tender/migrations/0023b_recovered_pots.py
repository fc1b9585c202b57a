# The pots ORDERED and RECOVERED: nothing of its own where the ledger has opened them already.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tender", "0023_recovery"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="ledgeraccount",
            name="ledger_account_known",
        ),
        migrations.AlterField(
            model_name="ledgeraccount",
            name="kind",
            field=models.CharField(
                choices=[
                    ("free", "free"),
                    ("reserved", "reserved"),
                    ("committed", "committed"),
                    ("ordered", "ordered"),
                    ("paid", "paid"),
                    ("recovered", "recovered"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgeraccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["free", "reserved", "committed", "ordered", "paid", "recovered"])),
                name="ledger_account_known",
            ),
        ),
    ]
