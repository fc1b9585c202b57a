"""For the test suite: as the real thing, but quick. DATABASE_URL and CELERY_BROKER_URL choose what it runs on."""

import os

from reports.certificates import kept_certificate
from settings.base import *

SECRET_KEY = "test-only"
RECEIPT_KEY = "dGVzdHMgc2lnbiB3aXRoIHRoaXMsIG5vYm9keSBlbHM="
PAYMENT_IBAN, PAYMENT_NAME, PAYMENT_BIC = "NL02ABNA0123456789", "Fonds Noord", "ABNANL2A"
PAY_BACK_IBAN, PAY_BACK_NAME = "NL91 ABNA 0417 1643 00", "Samenwerking Creatief Noord"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True  # the live server serves what lies in the source
WHITENOISE_AUTOREFRESH = True

CLAMD_URL = ""
STORAGES["default"] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}

TEST_DIR = VAR / "test"
MEDIA_ROOT = TEST_DIR / "files"  # tests/conftest.py gives each run a folder of its own
STATIC_ROOT = TEST_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
SEAL_FILE = kept_certificate(TEST_DIR / "seal.pem")
SEAL_PASSPHRASE = ""
DATABASES = {"default": database(TEST_DIR / "unused.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, so that the live server's threads have connections of their own, as in production.
    DATABASES["default"]["TEST"] = {"NAME": TEST_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"
else:
    # Nobody pulls the plug on a test: a commit that waits for the disk takes six times as long, and is seen by others no sooner.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("options", "-c synchronous_commit=off")

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "memory://")
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options(CELERY_BROKER_URL, TEST_DIR / "queue")
CELERY_TASK_ALWAYS_EAGER = False
# On a real broker two runs beside each other must not take each other's tasks.
CELERY_TASK_DEFAULT_QUEUE = f"drietrap-test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
