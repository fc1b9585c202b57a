from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "workflows"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what must happen together with an arrow, and what follows from it."""
        import workflows.commands
        import workflows.subscriptions  # noqa: F401  the apps below must be ready first
