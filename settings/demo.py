"""`make demo`: a house of its own under var/demo, which may be thrown away, with one-click sign-in per role."""

from django.utils.translation import gettext_lazy as _

from reports.certificates import kept_certificate
from settings.base import *
from tender.keyring import kept_key

DEMO = True
NAVIGATION = [*NAVIGATION, {"label": _("Try it out"), "url": "tender:demo_sign_in", "roles": ()}]
DEBUG = False
SECRET_KEY = "demo-only-opens-nothing-but-fictional-dossiers"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

DEMO_DIR = VAR / "demo"
PAYMENT_IBAN = PAYMENT_IBAN or "NL02ABNA0123456789"  # of nobody
PAYMENT_NAME = PAYMENT_NAME or "Drietrap (demo)"
PAY_BACK_IBAN = PAY_BACK_IBAN or "NL91 ABNA 0417 1643 00"  # of nobody
PAY_BACK_NAME = PAY_BACK_NAME or "Samenwerking Creatief Noord"
RECEIPT_KEY = RECEIPT_KEY or kept_key(DEMO_DIR / "receipt.key")
SEAL_FILE = SEAL_FILE or kept_certificate(DEMO_DIR / "seal.pem")
DATABASES = {"default": database(DEMO_DIR / "drietrap.sqlite3")}
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options(CELERY_BROKER_URL, DEMO_DIR / "queue")
CELERY_BEAT_SCHEDULE_FILENAME = str(DEMO_DIR / "beat-schedule")
MEDIA_ROOT = DEMO_DIR / "files"
STORAGES["default"] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
CLAMD_URL = ""  # a demo asks for no other server; the form says that files are not scanned
# Two workers tell each other who has a form open.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": DEMO_DIR / "cache"}}
STATIC_ROOT = DEMO_DIR / "static"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DEMO_DIR / "mail"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
