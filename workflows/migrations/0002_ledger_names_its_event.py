"""The ledger and the submissions lie below the trail and only know an event's number; here the database learns that it must exist."""

from django.db import migrations

KEYS = {"ledger_event": "tender_ledgerentry", "submission_event": "tender_submission", "ranking_event": "scoring_ranking"}


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, table in KEYS.items():
            schema_editor.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (event_id)"
                " REFERENCES workflows_event (id) DEFERRABLE INITIALLY DEFERRED"
            )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, table in KEYS.items():
            schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0001_initial"),
        ("tender", "0003_ledger_continues"),
        ("scoring", "0001_initial"),
    ]
    operations = [migrations.RunPython(add, drop)]
