"""In earnest. Starts only when every secret is given; see docs/operating.md."""

from pathlib import Path

from reports.certificates import certificate_in, in_earnest
from settings.base import *
from tender.keyring import keyring_of

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
RECEIPT_KEY = env.str("RECEIPT_KEY")
keyring_of(RECEIPT_KEY, tuple(RECEIPT_OLD_KEYS))  # a key that cannot sign is found now, not at the first submission
SEAL_FILE = env.str("SEAL_FILE")
in_earnest(certificate_in(Path(SEAL_FILE), SEAL_PASSPHRASE))  # and one that cannot seal, or proves nothing, not at the first letter
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS")
SITE_URL = env.str("SITE_URL", f"https://{ALLOWED_HOSTS[0]}")
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in ALLOWED_HOSTS]

CACHES = {"default": env.dj_cache_url("CACHE_URL", "locmem://")}
vars().update({f"EMAIL_{key.removeprefix('EMAIL_')}": value for key, value in env.dj_email_url("EMAIL_URL").items()})

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 365 * 24 * 60 * 60)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
if env.bool("BEHIND_PROXY", default=False):
    # Only where the proxy always sets or strips this header, or a visitor could pretend to be on TLS.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Only where the proxy always sets this header itself, or a visitor could pretend to have been in time.
PROXY_STAMPS = env.bool("PROXY_STAMPS", default=False)
