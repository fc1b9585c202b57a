"""At a developer's desk: `DJANGO_SETTINGS_MODULE=settings.dev python manage.py runserver`."""

from reports.certificates import kept_certificate
from settings.base import *
from tender.keyring import kept_key

DEBUG = True
SECRET_KEY = env.str("SECRET_KEY", "dev-only-and-therefore-not-a-secret")
RECEIPT_KEY = RECEIPT_KEY or kept_key(VAR / "receipt.key")
SEAL_FILE = SEAL_FILE or kept_certificate(VAR / "seal.pem")
PAY_BACK_IBAN = PAY_BACK_IBAN or "NL91 ABNA 0417 1643 00"  # of nobody
PAY_BACK_NAME = PAY_BACK_NAME or "Samenwerking Creatief Noord"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys on http://localhost
