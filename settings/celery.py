"""The Celery application: workers, beat and the web server all speak through it."""

from celery import Celery

import settings.queue_of_files  # noqa: F401  whole messages only

app = Celery("drietrap")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
