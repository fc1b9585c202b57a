from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tender", "0009_question"),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="token",
            field=models.UUIDField(null=True, unique=True),
        ),
    ]
