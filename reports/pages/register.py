"""The register of grants for everybody: as a page to look in, as CSV and JSON to reckon with."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from reports.exports.columns import Scope, Table
from reports.exports.register import REGISTER, rows_of
from reports.exports.writing import write_csv
from tender.models import Call
from tender.register import granted, lines, years

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from tender.models import Grant

PAGE = 50
LANGUAGES = ("nl", "en")
HOUR = 3600


def asked(request: HttpRequest) -> tuple[dict[str, Any], QuerySet[Grant]]:
    """What was looked for, and the grants that fit; what makes no sense is not looked for."""
    year, call = request.GET.get("year", ""), request.GET.get("call", "").replace("\0", "").strip()[:12]
    said: dict[str, Any] = {
        "year": int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,  # noqa: PLR2004  as years are written
        "call": call,
        "words": request.GET.get("q", "").replace("\0", "").strip()[:100],
    }
    return said, granted(**said)


@require_safe
@cache_control(private=True, no_cache=True)
def register(request: HttpRequest) -> HttpResponse:
    """The page, fifty at a time. It holds who is signed in, so nobody on the way keeps it."""
    said, found = asked(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        **said, "page": page, "rows": list(lines(page)), "years": years(), "query": query.urlencode(),
        "calls": Call.objects.filter(pk__in=granted().order_by().values("stage__call")).order_by("-year", "reference"),
    }  # fmt: skip
    return render(request, "reports/register.html", context)


@require_safe
@cache_control(public=True, max_age=HOUR)
def register_file(request: HttpRequest, language: str, form: str) -> HttpResponse:
    """All that fits as one file, in the language of the address; the same for everybody, so it may be kept for an hour."""
    if language not in LANGUAGES or form not in {"csv", "json"}:
        raise Http404
    _said, found = asked(request)
    with override(language):
        if form == "json":
            return named(JsonResponse({"grants": [asdict(line) for line in lines(found)]}), "json")
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response.write("\ufeff")
        write_csv(Table(REGISTER.key, REGISTER.name, REGISTER.columns, lambda _scope: rows_of(found), lambda _scope: 0), Scope(), response)  # type: ignore[arg-type]
        return named(response, "csv")


def named(response: HttpResponse, ending: str) -> HttpResponse:
    """As a file with a name, not guessed at."""
    response["Content-Disposition"] = f'attachment; filename="register.{ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
