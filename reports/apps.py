from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Subscribe to what happens and to who signs in, and check what is deployed."""
        import reports.signing_in
        import reports.subscriptions  # noqa: F401  the apps below must be ready first
        from reports.deploying import tell_at_start

        tell_at_start()
