from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tender", "0011_undelivered_links"),
    ]

    operations = [
        migrations.AddField(
            model_name="decision",
            name="heard_sha256",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
    ]
