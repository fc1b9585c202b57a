"""What every environment shares. The defaults need no server: SQLite, and a queue of files."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from environs import Env

from settings.navigation import ENTRIES, FOOTER, ONWARD  # noqa: F401  # ONWARD is read by tender.onward

BASE_DIR = Path(__file__).resolve().parents[1]
env = Env()
env.read_env(str(BASE_DIR / ".env"), recurse=False)

# Everything the running system writes: database, queue, files, collected static files. Never inside the source.
VAR = Path(env.str("DRIETRAP_VAR", str(BASE_DIR / "var"))).absolute()

# ------------------------------------------------------------------------------------------------------ the application
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "settings.static.StaticFiles",
    "django.contrib.humanize",
    "django_htmx",
    # Our own templates come before those of the libraries they dress.
    "reports",
    "workflows",
    "scoring",
    "tender",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "viewflow",
    "viewflow.workflow",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tender.clock.StampMiddleware",  # before sessions and sign-in: the moment of arrival, not of being served
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "settings.urls"
WSGI_APPLICATION = "settings.wsgi.application"
ASGI_APPLICATION = "settings.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tender.navigation.navigation",
            ],
        },
    },
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
NAVIGATION = ENTRIES  # read by tender.navigation
# What a mail links to.
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000")
# Only the demo offers one-click sign-in per role.
DEMO = False
FOOTER_NAVIGATION = FOOTER  # read by tender.navigation
# What signs receipts, and the public halves of what signed them before (tender.keyring).
RECEIPT_KEY = env.str("RECEIPT_KEY", "")
RECEIPT_OLD_KEYS: list[str] = env.list("RECEIPT_OLD_KEYS", [])
# What letters are sealed with (reports.certificates).
SEAL_FILE = env.str("SEAL_FILE", "")
SEAL_PASSPHRASE = env.str("SEAL_PASSPHRASE", "")
# The account that the house pays from, as the payment file and the statements of the bank name it; without one nothing is drawn up.
PAYMENT_IBAN = env.str("PAYMENT_IBAN", "")
PAYMENT_NAME = env.str("PAYMENT_NAME", "")
PAYMENT_BIC = env.str("PAYMENT_BIC", "")
# Whether a proxy in front says in X-Request-Start when a request reached it (tender.clock).
PROXY_STAMPS = False

# ---------------------------------------------------------------------------------------------------- language and time
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]  # each in its own words
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "settings" / "locale"]  # the navigation's words; an app has its own locale/
USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

# ------------------------------------------------------------------------------------------------------------- database
_SQLITE_OPTIONS = {
    # Writers queue at BEGIN instead of failing halfway; readers never wait (measured: no "database is locked").
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
}


def database(default_file: Path) -> dict[str, Any]:
    """The database of DATABASE_URL, or an SQLite file."""
    default_file.parent.mkdir(parents=True, exist_ok=True)
    config: dict[str, Any] = dict(env.dj_db_url("DATABASE_URL", f"sqlite:///{default_file}"))
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = {**_SQLITE_OPTIONS, **config.get("OPTIONS", {})}
    else:
        config.setdefault("CONN_MAX_AGE", 60)
        config["CONN_HEALTH_CHECKS"] = True
    return config


DATABASES = {"default": database(VAR / "drietrap.sqlite3")}


# ---------------------------------------------------------------------------------------------------------------- queue
def transport_options(broker_url: str, folder: Path) -> dict[str, Any]:
    """What the broker needs to be told: folders for a queue of files, quick redelivery for Redis."""
    if broker_url.startswith("filesystem"):
        for name in ("messages", "control"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        return {
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.1,
        }
    if broker_url.startswith("redis"):
        # Without these three a task whose worker was killed is not seen again for an hour.
        return {"visibility_timeout": 900, "unacked_restore_interval": 2, "unacked_restore_throttle": 1}
    return {}


CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "filesystem://")
CELERY_BROKER_TRANSPORT_OPTIONS = transport_options(CELERY_BROKER_URL, VAR / "queue")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_RESULT_BACKEND = None  # a result belongs in the database, where the case is
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_TASK_TIME_LIMIT = 600  # below Redis' visibility_timeout, or a long task would run twice
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    # `expires`: after a pause the worker does not have to work off every beat it missed.
    "tick": {"task": "workflows.tasks.tick", "schedule": timedelta(seconds=5), "options": {"expires": 5}},
    "sweep": {"task": "workflows.tasks.sweep", "schedule": timedelta(seconds=60), "options": {"expires": 60}},
    "mail": {"task": "reports.tasks.sweep", "schedule": timedelta(seconds=60), "options": {"expires": 60}},
}

# ----------------------------------------------------------------------------------------------------- files and static
MEDIA_ROOT = VAR / "files"  # private: there is no MEDIA_URL, a view hands a file to who may see it
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
FILE_UPLOAD_HANDLERS = [
    "tender.receiving.Limit",  # first: before anything of a request that is too large is read
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# Rows of partners and tables have many inputs; one row too many is told beside its question, not by refusing the page.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# A virus scanner that each file goes past; empty: files are not scanned, and the form says so.
CLAMD_URL = env.str("CLAMD_URL", "")
CLAMD_SECONDS = env.int("CLAMD_SECONDS", 60)


def file_storage() -> dict[str, Any]:
    """Where files lie: in a private folder, or in a private bucket where one is named (requirements/s3.lock)."""
    bucket = env.str("S3_BUCKET", "")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    options = {
        "bucket_name": bucket,
        "endpoint_url": env.str("S3_ENDPOINT", "") or None,
        "region_name": env.str("S3_REGION", "") or None,
        "access_key": env.str("S3_ACCESS_KEY", "") or None,
        "secret_key": env.str("S3_SECRET_KEY", "") or None,
        "location": env.str("S3_PREFIX", ""),
        "default_acl": None,  # the bucket's own rule: private
        "querystring_auth": True,
        "file_overwrite": False,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


STORAGES: dict[str, dict[str, Any]] = {
    "default": file_storage(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# ----------------------------------------------------------------------------------------------------------------- mail
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Drietrap <noreply@drietrap.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where mail that cannot be delivered comes back, for `manage.py bounces`: name@domain, sent as name+<mail>@domain. Empty: to the sender.
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", "")

# Into which account, in whose name, money of grants is paid back; the letter that claims it names them. Empty: nothing is claimed.
PAY_BACK_IBAN = env.str("PAY_BACK_IBAN", "")
PAY_BACK_NAME = env.str("PAY_BACK_NAME", "")
EMAIL_TIMEOUT = 10  # a mail server that does not answer must not hold a worker, nor (on SQLite) the one writer

# -------------------------------------------------------------------------------------------------------------- sign-in
AUTH_USER_MODEL = "tender.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "tender:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "tender.adapter.AccountAdapter"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]  # applicants sign up themselves, with a code by e-mail and no password
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Drietrap"
MFA_ADAPTER = "tender.adapter.SecondStepAdapter"
MFA_FORMS = {
    "add_webauthn": "tender.forms.passkey.AddPasskey",
    "edit_webauthn": "tender.forms.passkey.RenamePasskey",
    "activate_totp": "tender.forms.passkey.SetUpApp",
}

# ------------------------------------------------------------------------------------------------------------- security
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would sign a person out who follows the link in a mail
CSRF_COOKIE_HTTPONLY = True  # htmx reads the token from the page
CSRF_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# -------------------------------------------------------------------------------------------------------------- logging
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"weasyprint": {"level": "ERROR"}, "fontTools": {"level": "WARNING"}},
}
