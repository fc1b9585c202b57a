"""How the house is configured. Everything comes from environment variables; `.env.example` lists them."""

from settings.celery import app as celery_app

__all__ = ["celery_app"]
