"""What there is already is the house's own, of the year of its call; each ceiling gets its other side."""

from django.db import migrations

KINDS = ("free", "reserved", "committed", "ordered", "paid", "recovered", "funded")


def split(apps, schema_editor):
    accounts, entries = apps.get_model("tender", "LedgerAccount"), apps.get_model("tender", "LedgerEntry")
    if not accounts.objects.exists():
        return
    house, _made = apps.get_model("tender", "FundingSource").objects.get_or_create(key="own", defaults={"kind": "own"})
    for free in accounts.objects.filter(kind="free").select_related("stage__call").order_by("pk"):
        of = {"source": house, "year": free.stage.call.year}
        accounts.objects.filter(stage=free.stage).update(**of)
        there = set(accounts.objects.filter(stage=free.stage).values_list("kind", flat=True))
        accounts.objects.bulk_create([accounts(stage=free.stage, kind=kind, **of) for kind in KINDS if kind not in there])
        funded, balance = accounts.objects.get(stage=free.stage, kind="funded"), 0
        ceilings = entries.objects.filter(account=free, application=None).order_by("seq")
        for seq, line in enumerate(ceilings, start=1):
            balance -= line.amount
            entries.objects.create(account=funded, seq=seq, amount=-line.amount, balance_after=balance, funded=True, event_id=line.event_id)


class Migration(migrations.Migration):
    dependencies = [("tender", "0021_ledger")]
    operations = [migrations.RunPython(split, migrations.RunPython.noop)]
