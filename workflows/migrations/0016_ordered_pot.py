"""A payment that is at the bank while this is brought in has its money in the pot for that."""

from django.db import migrations


def order(apps, schema_editor):
    accounts, entries = apps.get_model("tender", "LedgerAccount"), apps.get_model("tender", "LedgerEntry")
    events = apps.get_model("workflows", "Event")
    for part in apps.get_model("tender", "Instalment").objects.filter(state="ordered", amount__gt=0).select_related("grant").order_by("pk"):
        event = events.objects.filter(noun="instalment", key=part.pk, kind="instalment.order").order_by("-seq").first()
        if event is None or entries.objects.filter(event_id=event.pk).exists():
            continue
        for kind, amount in (("committed", -part.amount), ("ordered", part.amount)):
            pot = accounts.objects.get(stage=part.grant.stage_id, kind=kind)
            last = entries.objects.filter(account=pot).order_by("-seq").first()
            seq, balance = (last.seq, last.balance_after) if last else (0, 0)
            entries.objects.create(
                account=pot, seq=seq + 1, amount=amount, balance_after=balance + amount,
                application_id=part.grant.application_id, event_id=event.pk,
            )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("workflows", "0015_standing_in"), ("tender", "0021c_ledger_kept")]
    operations = [migrations.RunPython(order, migrations.RunPython.noop)]
