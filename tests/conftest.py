"""What every test has: files of its own, a clean queue, Chromium where asked for, and a word on what is lacking."""

import gc
import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.signals import class_prepared
from django.test import override_settings
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import expect

# Playwright keeps an event loop running in the test's thread; Django would then refuse every query.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# No deadline: a busy machine is no fault of the code. In CI always the same examples, so that red means changed.
hypothesis_settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ)
hypothesis_settings.load_profile("house")

expect.set_options(timeout=15_000)  # a busy machine is no fault of the page

HERE = Path(__file__).parent
UNTRACED = (
    "browser/", "workflows/test_four_eyes", "workflows/test_recusal_walk", "workflows/test_blind_walk", "workflows/test_inbox_links",
    "workflows/test_links",
)  # fmt: skip
"""Tests that go by every page or every path. Tracing doubles their time, and what they come by others prove branch by branch."""

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    on_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    needs_postgres = pytest.mark.skip(reason="SQLite has one writer at a time; DATABASE_URL runs this on PostgreSQL")
    needs_chromium = pytest.mark.skip(reason="Chromium is missing; `make test` or `apt-get install chromium` mends it")
    for item in items:
        if on_sqlite and item.get_closest_marker("postgres"):
            item.add_marker(needs_postgres)
        if not CHROMIUM and item.get_closest_marker("browser"):
            item.add_marker(needs_chromium)
        if item.path.relative_to(HERE).as_posix().startswith(UNTRACED):
            item.add_marker(pytest.mark.no_cover)


def pytest_collection_finish():
    """What was imported stays until the end: to look through it for rubbish again and again took a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def asked_by(item):
    """The fixtures that a test and the fixtures of ours under it ask for; what plugins ask for themselves is not counted."""
    known = getattr(item, "_fixtureinfo", None)
    if known is None:
        return set()
    ours = [defined[-1] for defined in known.name2fixturedefs.values() if defined[-1].baseid.startswith("tests")]
    used = {name for mark in item.iter_markers("usefixtures") for name in mark.args}
    return {*known.argnames, *used, *(name for each in ours for name in each.argnames)}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Worlds are laid down in tests that are rolled back, alone, and change nothing of how a world is made."""
    from tests.factories.laying import PLAYED_BY, TAPE

    asked = asked_by(item)
    mark = item.get_closest_marker("django_db")
    commits = bool(mark and mark.kwargs.get("transaction")) or not asked.isdisjoint({"transactional_db", "live_server"})
    TAPE.begin(on=not commits and asked.isdisjoint(PLAYED_BY) and os.environ.get("LAID_DOWN") != "0")
    answer = yield
    TAPE.end(committed=commits)
    return answer


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "nl-NL", "timezone_id": "Europe/Amsterdam"}


@pytest.fixture
def complaints(page):
    """What the browser complains of: refused by the policy, or broken."""
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture(scope="session")
def quick_migrations():
    """Every state field of every model that a migration draws up for itself would listen to all models after it, to find arrows there:
    half of the time that a new database takes, and nothing in a migration has arrows. Returns what undoes it.
    """
    connect, patch = class_prepared.connect, pytest.MonkeyPatch()

    def unless_for_arrows(receiver, *args, **kwargs):
        if receiver.__name__ != "_collect_transitions":
            connect(receiver, *args, **kwargs)

    patch.setattr(class_prepared, "connect", unless_for_arrows)
    return patch.undo


@pytest.fixture(scope="session")
def django_db_setup(quick_migrations, django_db_setup, django_db_blocker):
    """As ever, with the models of migrations unheard. On SQLite a test that commits is followed by a DELETE of every row, which the ledger
    refuses (on PostgreSQL it is a TRUNCATE): that one refusal is taken away here, and put back where it is proven (`test_ledger`).
    """
    quick_migrations()
    with django_db_blocker.unblock():
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("DROP TRIGGER IF EXISTS ledger_is_kept")


@pytest.fixture(scope="session", autouse=True)
def files_of_its_own(tmp_path_factory):
    """No run finds another's uploads or letters."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture(autouse=True)
def in_the_first_language():
    """A request leaves its language active in the thread; no test inherits another's."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def press_of_its_own(request):
    """Only a test that reads what was printed has letters laid out; the mark `prints` says which those are."""
    from reports.commands.posting import PRESS
    from tests.factories.press import quick_press

    if request.node.get_closest_marker("prints"):
        yield
        return
    lent = PRESS.set(quick_press)
    yield
    PRESS.reset(lent)


@pytest.fixture(scope="session", autouse=True)
def clean_queue():
    """A real broker outlives the tests: begin and end with nothing in the queue."""
    from settings.celery import app

    def purge():
        if not app.conf.broker_url.startswith("memory"):
            with app.connection_for_write() as connection:
                app.control.purge(connection=connection)

    purge()
    yield
    purge()
