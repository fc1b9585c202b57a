"""What every page is built of: how money and moments are written, what may be in a template, what the bundle weighs."""

import gzip
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import include, path
from django.utils import translation

from tender.icons import ICONS, STATE_TONES, TONE_ICONS
from tender.navigation import navigation
from tender.templatetags import drietrap
from tests.tender.guide import Visitor, example_form, render

ROOT = Path(__file__).parents[2]
BUNDLE = ROOT / "tender/static/tender"
LETTERS = ("reports/templates/reports/letters", "reports/templates/reports/mail/", "tender/templates/tender/mail/")  # printed or mailed
PAGES = [
    page
    for app in ("tender", "scoring", "workflows", "reports")
    for page in sorted((ROOT / app).glob("templates/**/*.html"))
    if not any(str(page.relative_to(ROOT)).startswith(folder) for folder in LETTERS)
]


def nothing(request):
    return HttpResponse()


urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("account/login/", nothing, name="account_login"),
    path("account/logout/", nothing, name="account_logout"),
    path("calls/", nothing, name="calls"),
    path("calls/closed/", nothing, name="calls_closed"),
    path("mine/", nothing, name="mine"),
    path("dossiers/", nothing, name="dossiers"),
    path("inbox/", nothing, name="inbox"),
]
pytestmark = pytest.mark.urls(__name__)


# ------------------------------------------------------------------------------------------------------------- in words
@pytest.mark.parametrize(
    ("language", "write", "value", "text"),
    [
        ("nl", "euro", Decimal(5000), "€\u00a05.000,00"),
        ("en", "euro", Decimal(5000), "€5,000.00"),
        ("nl", "euro", Decimal("-1250.5"), "€\u00a0-1.250,50"),
        ("en", "euro", Decimal("-1250.5"), "-€1,250.50"),
        ("nl", "euro", "1234567.895", "€\u00a01.234.567,90"),
        ("nl", "euro", 0, "€\u00a00,00"),
        ("nl", "as_lead", "Naam", "Naam:"),
        ("nl", "as_lead", "Wie doen er mee?", "Wie doen er mee?"),
        ("nl", "euro", None, ""),
        ("nl", "euro", "nader te bepalen", "nader te bepalen"),
        ("nl", "score", Decimal("78.25"), "78,25"),
        ("en", "score", Decimal("78.25"), "78.25"),
        ("en", "score", Decimal("78.255"), "78.26"),
        ("nl", "score", None, "–"),
        ("nl", "percent", Decimal("0.625"), "62,50%"),
        ("en", "percent", 1, "100.00%"),
        ("nl", "percent", None, "–"),
        ("nl", "moment", datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "23 november 2026, 17:00"),
        ("en", "moment", datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "2 July 2026, 00:30"),
        ("nl", "moment", None, ""),
        ("nl", "day", datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "2 juli 2026"),
        ("en", "day", date(2026, 3, 4), "4 March 2026"),
        ("nl", "day", None, ""),
        ("nl", "iso", datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "2026-11-23T17:00:00+01:00"),
        ("nl", "iso", date(2026, 3, 4), "2026-03-04"),
    ],
)
def test_writing(language, write, value, text):
    with translation.override(language):
        assert getattr(drietrap, write)(value) == text


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(1, 4, "25.00"), (5, 4, "100.00"), (-1, 4, "0.00"), (1, 0, "0"), (None, 4, "0")],
)
def test_a_share_fits_the_bar(part, whole, share):
    with translation.override("nl"):
        assert drietrap.share_of(part, whole) == share


def test_a_status_has_a_tone_and_an_icon():
    assert drietrap.status_tone("awarded") == "ok"
    assert drietrap.status_tone("warning") == "warning"
    assert drietrap.status_tone("never heard of") == "neutral"
    assert drietrap.status_icon("refused") == "cross-circle"
    assert set(STATE_TONES.values()) <= set(TONE_ICONS)
    assert set(TONE_ICONS.values()) <= set(ICONS)


def test_templates_name_icons_that_exist():
    named = {name for page in PAGES for name in re.findall(r"""{% icon ["']([\w-]+)["']""", page.read_text())}
    assert named - set(ICONS) == set()


# ---------------------------------------------------------------------------------------------------------------- forms
def part(name, **values):
    source = "{% include 'tender/parts/" + name + ".html' %}"
    with translation.override("en"):
        return Template(source).render(Context(values))


def test_the_error_summary_links_to_every_field_at_fault():
    form = example_form()
    html = part("error_summary", form=form)
    assert "There are 3 things to mend" in html
    page = part("form", form=form)
    targets = re.findall(r'href="#([\w-]+)"', html)
    assert len(targets) == 3
    assert all(f'id="{target}"' in page for target in targets)


def test_a_field_says_what_it_wants_and_what_is_wrong():
    html = part("field", field=example_form(title="")["title"])
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_title_error"' in html
    assert "utrecht-textbox--invalid" in html


def test_a_long_text_is_counted_not_cut_off():
    html = part("field", field=example_form()["question"])
    assert " maxlength=" not in html
    assert 'data-dt-limit="600"' in html
    assert "At most 600 characters" in html


def test_choices_keep_their_own_labels_and_values():
    html = part("field", field=example_form(days=["t"])["days"])
    assert re.search(r'<input[^>]*value="t"[^>]*checked', html)
    assert '<label class="utrecht-form-label utrecht-form-label--checkbox" for="id_days_1">Tuesday</label>' in html
    assert "(optional)" in html


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_style_guide_shows_every_part(language):
    html = render(language=language)
    for name in ("dt-ladder", "dt-card", "dt-timeline", "dt-tasklist", "dt-summary", "dt-empty", "dt-pagination",
                 "dt-progress", "dt-budget", "dt-error-summary", "dt-table--compact", "dt-split"):  # fmt: skip
        assert f'"{name}' in html or f" {name}" in html, name
    assert 'width="55.20"' in html, "the bar's width is not localised"


# ----------------------------------------------------------------------------------------------------------- navigation
ITEMS = [
    {"label": "Calls", "url": "calls", "roles": ()},
    {"label": "Closed", "url": "calls_closed", "roles": ()},
    {"label": "Mine", "url": "mine", "roles": ("*",)},
    {"label": "My dossiers", "url": "dossiers", "roles": ("-",)},
    {"label": "Inbox", "url": "inbox", "roles": ("officer", "reader")},
    {"label": "Not there yet", "url": "a_page_nobody_wrote", "roles": ()},
]


@pytest.mark.parametrize(
    ("visitor", "labels"),
    [
        (None, ["Calls", "Closed"]),
        (Visitor(), ["Calls", "Closed", "Mine", "My dossiers"]),
        (Visitor("reader"), ["Calls", "Closed", "Mine", "Inbox"]),
    ],
)
def test_the_menu_is_for_who_is_looking(settings, visitor, labels):
    settings.NAVIGATION, settings.FOOTER_NAVIGATION = ITEMS, ITEMS[:1]
    request = RequestFactory().get("/calls/closed/")
    if visitor:
        request.user = visitor
    menu = navigation(request)
    assert [item["label"] for item in menu["navigation"]] == labels
    assert [item["label"] for item in menu["navigation"] if item["current"]] == ["Closed"]
    assert [item["url"] for item in menu["footer_navigation"]] == ["/calls/"]


# ------------------------------------------------------------------------------------------------------- strict content
INLINE = {
    "a style element": r"<style\b",
    "a style attribute": r"""\sstyle\s*=\s*["']""",
    "an event attribute": r"""\son[a-z]+\s*=\s*["']""",
    "code in htmx": r"""hx-on\b|hx-(?:vals|headers)\s*=\s*["']js:|hx-trigger\s*=\s*"[^"]*\[""",
    "a script with code": r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)",
    "a javascript: address": r"javascript:",
    "something from another host": r"""<(?!a\b)[a-z]+\b[^>]*\s(?:src|href|action|srcset)\s*=\s*["'](?:https?:)?//""",
}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_holds(what):
    guilty = [str(page.relative_to(ROOT)) for page in PAGES if re.search(INLINE[what], page.read_text(), re.IGNORECASE)]
    assert guilty == []


@pytest.mark.parametrize("what", INLINE)
def test_no_rendered_page_holds(what):
    pages = [render(), *(render(f"{code}.html") for code in (400, 403, 404, 500, "403_csrf"))]
    assert [page for page in pages if re.search(INLINE[what], page, re.IGNORECASE)] == []


@pytest.mark.parametrize("code", ["400", "403", "404", "500", "403_csrf"])
def test_an_error_page_stands_without_request_or_context(code):
    with translation.override("en"):
        html = Template("{% extends '" + code + ".html' %}").render(Context({}))
    assert "What you can do" in html
    assert "data-dt-failed" in html


# --------------------------------------------------------------------------------------------------------------- bundle
@pytest.mark.parametrize(("suffix", "budget"), [("css", 60_000), ("js", 40_000)])
def test_the_bundle_keeps_its_budget(suffix, budget):
    files = list(BUNDLE.glob(f"*.{suffix}"))
    assert files
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) <= budget


def test_the_stylesheet_fetches_only_our_own_fonts():
    css = (BUNDLE / "app.css").read_text()
    assert "@import" not in css
    for url in re.findall(r"url\(([^)]*)\)", css):
        target = url.strip("\"'")
        assert (BUNDLE / target).is_file(), target


def test_our_script_names_no_host_and_makes_no_code():
    script = (BUNDLE / "drietrap.js").read_text()
    assert not re.search(r"https?://|\beval\(|new Function|document\.write", script)


@pytest.mark.parametrize(
    ("licence", "says"),
    [
        ("tender/static/tender/licences/nl-design-system-EUPL-1.2.md", "EUROPEAN UNION PUBLIC LICENCE"),
        ("tender/static/tender/licences/htmx-0BSD.txt", "Zero-Clause BSD"),
        ("tender/static/tender/licences/source-sans-3-OFL-1.1.txt", "SIL OPEN FONT LICENSE"),
        ("reports/static/reports/fonts/OFL-1.1.txt", "SIL OPEN FONT LICENSE"),
    ],
)
def test_what_is_vendored_has_its_licence(licence, says):
    assert says.lower() in (ROOT / licence).read_text().lower()


def test_the_lock_file_names_no_registry():
    lock = (ROOT / "design/package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert "registry" not in lock
