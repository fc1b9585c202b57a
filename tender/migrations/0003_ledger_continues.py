"""On PostgreSQL the database itself refuses a ledger line that does not continue the one before it, or that changes or vanishes."""

from django.db import migrations

CREATE = """
CREATE FUNCTION ledger_continues() RETURNS trigger AS $$
DECLARE
    last_seq integer;
    last_balance numeric(12, 2);
BEGIN
    SELECT seq, balance_after INTO last_seq, last_balance
        FROM tender_ledgerentry WHERE account_id = NEW.account_id ORDER BY seq DESC LIMIT 1;
    IF NEW.seq <> COALESCE(last_seq, 0) + 1 OR NEW.balance_after <> COALESCE(last_balance, 0) + NEW.amount THEN
        RAISE EXCEPTION 'ledger line % of account % does not continue the line before it', NEW.seq, NEW.account_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$ LANGUAGE plpgsql;
CREATE TRIGGER ledger_continues BEFORE INSERT ON tender_ledgerentry FOR EACH ROW EXECUTE FUNCTION ledger_continues();

CREATE FUNCTION ledger_is_written_once() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER ledger_is_written_once BEFORE UPDATE OR DELETE ON tender_ledgerentry
    FOR EACH ROW EXECUTE FUNCTION ledger_is_written_once();
"""
DROP = """
DROP TRIGGER ledger_is_written_once ON tender_ledgerentry;
DROP FUNCTION ledger_is_written_once();
DROP TRIGGER ledger_continues ON tender_ledgerentry;
DROP FUNCTION ledger_continues();
"""


def on_postgresql(sql):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("tender", "0002_initial")]
    operations = [migrations.RunPython(on_postgresql(CREATE), on_postgresql(DROP))]
