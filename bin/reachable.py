#!/usr/bin/env python3
"""Say at once, and plainly, when the database or the broker of DATABASE_URL and CELERY_BROKER_URL does not answer."""

import os
import sys
from urllib.parse import urlsplit

import psycopg
from kombu import Connection


def database_fault(url: str) -> str:
    """Why the database server does not answer; empty if it does. Asks for `postgres`, as the test runner will."""
    try:
        server = urlsplit(url)._replace(path="/postgres", scheme="postgresql").geturl()
        psycopg.connect(server, connect_timeout=5).close()
    except psycopg.Error as why:
        return str(why).strip()
    return ""


def broker_fault(url: str) -> str:
    """Why the broker does not answer; empty if it does."""
    try:
        with Connection(url, connect_timeout=5) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0.2, timeout=5)
    except Exception as why:  # noqa: BLE001 - each transport has errors of its own
        return str(why) or type(why).__name__
    return ""


def main() -> int:
    """Name each that does not answer."""
    faults = {
        "PostgreSQL (DATABASE_URL)": database_fault(os.environ["DATABASE_URL"]),
        "the broker (CELERY_BROKER_URL)": broker_fault(os.environ["CELERY_BROKER_URL"]),
    }
    for what, why in faults.items():
        if why:
            print(f"Cannot reach {what}: {why}\nStart it, or set the variable to where it is.", file=sys.stderr)
    return int(any(faults.values()))


if __name__ == "__main__":
    sys.exit(main())
