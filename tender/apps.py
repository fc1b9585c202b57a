from django.apps import AppConfig


class TenderConfig(AppConfig):
    name = "tender"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of everybody who signs in, and check what is deployed."""
        from tender import accounts, deploying  # noqa: F401
