from django.apps import AppConfig


class TenderConfig(AppConfig):
    name = "tender"
    default_auto_field = "django.db.models.BigAutoField"
