"""The database itself refuses a line that does not continue the one before it in its pot, that changes, or that goes; on PostgreSQL also a
transaction that does not add up to nothing.

SQLite drops the triggers of a table with every migration that changes it (it makes the table anew): such a migration ends with
``KEEP["sqlite"]`` of this one. They name no other table, for then no migration could change that one.
"""

import django.db.models.deletion
from django.db import migrations, models

KEEP = {
    "postgresql": [
        """
CREATE OR REPLACE FUNCTION ledger_continues() RETURNS trigger AS $$
DECLARE
    last_seq integer;
    last_balance numeric(12, 2);
    other_side boolean;
BEGIN
    SELECT kind = 'funded' INTO other_side FROM tender_ledgeraccount WHERE id = NEW.account_id;
    SELECT seq, balance_after INTO last_seq, last_balance
        FROM tender_ledgerentry WHERE account_id = NEW.account_id ORDER BY seq DESC LIMIT 1;
    IF NEW.seq <> COALESCE(last_seq, 0) + 1 OR NEW.balance_after <> COALESCE(last_balance, 0) + NEW.amount
        OR NEW.funded <> other_side THEN
        RAISE EXCEPTION 'ledger line % of account % does not continue the line before it', NEW.seq, NEW.account_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;

CREATE FUNCTION ledger_adds_up() RETURNS trigger AS $$
BEGIN
    IF (SELECT SUM(amount) FROM tender_ledgerentry WHERE event_id = NEW.event_id) <> 0 THEN
        RAISE EXCEPTION 'the ledger lines of event % do not add up to nothing', NEW.event_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;
CREATE CONSTRAINT TRIGGER ledger_adds_up AFTER INSERT ON tender_ledgerentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_adds_up();
"""
    ],
    "sqlite": [
        """
CREATE TRIGGER ledger_continues BEFORE INSERT ON tender_ledgerentry
WHEN NEW.seq <> 1 + COALESCE((SELECT MAX(seq) FROM tender_ledgerentry WHERE account_id = NEW.account_id), 0)
    OR CAST(ROUND(NEW.balance_after * 100) AS INTEGER) <> CAST(ROUND(NEW.amount * 100) AS INTEGER) + COALESCE((
        SELECT CAST(ROUND(balance_after * 100) AS INTEGER) FROM tender_ledgerentry
        WHERE account_id = NEW.account_id ORDER BY seq DESC LIMIT 1), 0)
BEGIN SELECT RAISE(ABORT, 'a ledger line does not continue the line before it'); END""",
        """
CREATE TRIGGER ledger_is_written_once BEFORE UPDATE ON tender_ledgerentry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
        """
CREATE TRIGGER ledger_is_kept BEFORE DELETE ON tender_ledgerentry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    ],
}
DROP = {
    "postgresql": ["DROP TRIGGER ledger_adds_up ON tender_ledgerentry", "DROP FUNCTION ledger_adds_up()"],
    "sqlite": ["DROP TRIGGER ledger_continues", "DROP TRIGGER ledger_is_written_once", "DROP TRIGGER IF EXISTS ledger_is_kept"],
}


def keep(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in KEEP[vendor]:
        schema_editor.execute(statement, params=None)


def let_go(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in DROP[vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("tender", "0021b_ledger_other_side")]
    operations = [
        migrations.AlterField(model_name="ledgeraccount", name="year", field=models.PositiveSmallIntegerField()),
        migrations.AlterField(
            model_name="ledgeraccount",
            name="source",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="accounts", to="tender.fundingsource"),
        ),
        migrations.AddConstraint(
            model_name="ledgeraccount",
            constraint=models.UniqueConstraint(fields=["stage", "source", "year", "kind"], name="ledger_account_once"),
        ),
        migrations.AddConstraint(
            model_name="ledgeraccount",
            constraint=models.CheckConstraint(
                condition=models.Q(kind__in=["free", "reserved", "committed", "ordered", "paid", "recovered", "funded"]),
                name="ledger_account_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(funded=False, balance_after__gte=0) | models.Q(funded=True, balance_after__lte=0),
                name="ledger_never_overdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(condition=~models.Q(amount=0), name="ledger_moves_something"),
        ),
        migrations.RunPython(keep, let_go),
    ]
