"""The signed receipt: how it is made, and how anybody finds out whether it is genuine. Knows no database.

A receipt is JSON of three members. ``receipt`` is the head, which is signed; ``signature`` is the Ed25519 signature (base64) over the
canonical bytes of the head; ``content`` is what was handed in, to which the head is bound by ``sha256``. See docs/receipts.md.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from cryptography.exceptions import InvalidSignature
from django.utils.translation import gettext as _

from tender.canonical import canonical, digest

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

    from tender.step import Facts

KIND = "drietrap.receipt.1"
MEMBERS = ("receipt", "content", "signature")
HEAD: dict[str, type] = {
    "kind": str, "issuer": str, "key": str, "reference": str, "stage": str, "version": int, "received_at": str, "sha256": str,
    "frozen_sha256": str, "formal": list, "scheme_sha256": str,
}  # fmt: skip
"""The members of the head and what each is."""
KEY_ID = r"[0-9a-f]{16}"
SHARED = ("reference", "stage", "version")
"""What head and content both say."""
MOST_BYTES = 8 * 1024 * 1024
"""The largest receipt that is looked at: far above what a form can hold."""


class ReceiptFault(Exception):
    """Why a receipt is not genuine, in words for who holds it."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A receipt that is genuine: its head and what was handed in."""

    head: Facts
    content: Facts


def frozen_digest(content: Facts, formal: Collection[str]) -> str:
    """The hash over what is judged: all answers and files but the formal ones, so the same before and after a formal completion."""
    answers = {key: answer for key, answer in content["answers"].items() if key not in formal}
    files = [file for file in content["files"] if file["field"] not in formal]
    return digest({"reference": content["reference"], "stage": content["stage"], "answers": answers, "files": files})


def sign(head: Facts, key: Ed25519PrivateKey) -> str:
    """The signature over a head, in base64."""
    return base64.b64encode(key.sign(canonical(head))).decode()


def written(head: Facts, content: Facts, signature: str) -> str:
    """A receipt as it is given out: JSON that a person can read too."""
    return json.dumps({"receipt": head, "content": content, "signature": signature}, ensure_ascii=False, indent=2) + "\n"


def verify(given: bytes, keys: Mapping[str, Ed25519PublicKey]) -> Proven:
    """What a genuine receipt proves; `ReceiptFault` with what is wrong with any other."""
    head, content, signature = members(read(given))
    key = keys.get(head["key"])
    if key is None:
        said = _("This receipt is signed with the key %(key)s, which is not one of the keys we know.")
        raise ReceiptFault(said % {"key": head["key"]})
    try:
        key.verify(signature, canonical(head))
    except (InvalidSignature, ValueError, RecursionError) as fault:
        raise ReceiptFault(_("The signature does not fit: the receipt was changed, or it was not made by us.")) from fault
    match(head, content)
    return Proven(head, content)


def read(given: bytes) -> Any:
    """The JSON of a file, if it has one meaning only."""
    if len(given) > MOST_BYTES:
        raise ReceiptFault(_("This file is too large to be a receipt: more than %(many)d MB.") % {"many": MOST_BYTES // 2**20})
    try:
        text = given.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        said = _("This is not the text of a receipt: it cannot be read as JSON. Is the file whole, and is it the JSON file, not the PDF?")
        raise ReceiptFault(said) from fault


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ReceiptFault(_("The receipt says the same thing twice. We give out no such receipt."))
    return dict(pairs)


def _no_number(_text: str) -> NoReturn:
    raise ReceiptFault(_("The receipt holds a number that no receipt has."))


def members(found: Any) -> tuple[Facts, Facts, bytes]:
    """Head, content and signature, each of the right shape; nothing may stand beside them, for it would not be signed."""
    if not isinstance(found, dict) or set(found) != set(MEMBERS):
        raise ReceiptFault(_("This is not a receipt of ours: it must hold “receipt”, “content” and “signature”, and nothing else."))
    head, content = found["receipt"], found["content"]
    shaped = isinstance(head, dict) and set(head) == set(HEAD) and all(type(head[name]) is kind for name, kind in HEAD.items())
    if not shaped or head["kind"] != KIND or not re.fullmatch(KEY_ID, head["key"]):
        raise ReceiptFault(_("The part “receipt” is not one that we made: something in it is missing, added, or of another kind."))
    return head, content, signature_bytes(found["signature"])


def signature_bytes(text: Any) -> bytes:
    """The signature, if it is written in the one way we write it."""
    try:
        found = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (binascii.Error, ValueError):
        found = b""
    if not found or base64.b64encode(found).decode() != text:
        raise ReceiptFault(_("The signature cannot be read: it was cut off or changed."))
    return found


def match(head: Facts, content: Any) -> None:
    """The content must be what the head was made of."""
    try:
        same = isinstance(content, dict) and digest(content) == head["sha256"]
    except (ValueError, RecursionError):
        same = False
    if not same:
        raise ReceiptFault(_("The content was changed: it does not have the fingerprint that was signed."))
    if any(content.get(name) != head[name] for name in SHARED) or frozen_digest(content, head["formal"]) != head["frozen_sha256"]:
        raise ReceiptFault(_("The receipt contradicts itself: head and content do not belong together."))
