"""Where anybody checks a receipt, and where the keys are published. What is shown comes from the receipt alone: no dossier is looked up,
so the page cannot tell whether there is one, nor whose. Nothing that is checked is kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from tender.forms.receipts import CheckReceipt
from tender.http import private
from tender.keyring import as_pem, as_text, house_keys

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tender.receipts import Proven

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def check_receipt(request: HttpRequest) -> HttpResponse:
    """Whether a receipt is genuine, and what it then proves."""
    form = CheckReceipt(request.POST, request.FILES) if request.method == "POST" else CheckReceipt()
    refused = form.is_bound and not form.is_valid()
    proven = shown(form.proven) if form.proven else None
    context = {"form": CheckReceipt() if proven else form, "proven": proven, "keys": listed()}
    return private(render(request, "tender/check_receipt.html", context, status=UNPROCESSABLE if refused else 200))


def shown(proven: Proven) -> dict[str, Any]:
    """What the page says of a genuine receipt."""
    head = proven.head
    return {**head, "at": datetime.fromisoformat(head["received_at"]), "files": proven.content["files"]}


def listed() -> list[dict[str, Any]]:
    """Every key we ever signed with, the one that signs now first."""
    keys = house_keys()
    rows = [
        {"id": name, "algorithm": "Ed25519", "public": as_text(key), "pem": as_pem(key), "signs_now": name == keys.current}
        for name, key in keys.public.items()
    ]
    return sorted(rows, key=lambda row: not row["signs_now"])


@require_safe
def receipt_keys(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The public keys, for other programs."""
    return JsonResponse({"keys": listed()}, json_dumps_params={"indent": 2})
