from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tender", "0010_question_token"),
    ]

    operations = [
        migrations.AddField("consent", "mail_id", models.UUIDField(blank=True, db_index=True, null=True)),
        migrations.AddField("consent", "undelivered_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("invitation", "mail_id", models.UUIDField(blank=True, db_index=True, null=True)),
        migrations.AddField("invitation", "undelivered_at", models.DateTimeField(blank=True, null=True)),
    ]
