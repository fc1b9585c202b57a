"""``manage.py receipt verify FILE.json`` and ``manage.py receipt key``. Neither asks a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, no_translations

from tender.keyring import as_text, house_keys, key_id, new_seed, private_key, public_keys
from tender.receipts import MOST_BYTES, ReceiptFault, verify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Find out whether a receipt is genuine, or make a key to sign with."""

    help = "verify FILE.json: whether a receipt of a submission is genuine (exit 0) or what is wrong with it (exit 1). key: a new key."
    requires_system_checks = ()  # offline, without a database

    def add_arguments(self, parser: CommandParser) -> None:
        """What to do, with which receipt, trusting whose keys."""
        kinds = parser.add_subparsers(dest="what", required=True)
        checking = kinds.add_parser("verify", help="check the signature and the content of a receipt")
        checking.add_argument("file", metavar="FILE.json")
        checking.add_argument("--keys", metavar="KEYS.json", help="the keys another house publishes, instead of our own")
        kinds.add_parser("key", help="print a new RECEIPT_KEY, and the public half to keep when it is replaced")

    @no_translations
    def handle(self, *_args: Any, **options: Any) -> None:
        """The exit code is 1 for a receipt that is not genuine."""
        if options["what"] == "key":
            self.stdout.write(new_key())
            return
        name = options["file"]
        try:
            keys = published(options["keys"]) if options["keys"] else house_keys().public
            proven = verify(content_of(name), keys)
        except (ReceiptFault, ImproperlyConfigured) as fault:
            raise CommandError(f"{name}: NOT genuine: {fault}", returncode=1) from fault
        except OSError as fault:
            raise CommandError(f"{name}: cannot be read: {fault.strerror or fault}", returncode=1) from fault
        self.stdout.write(told(name, proven.head, len(proven.content["files"])))


def told(name: str, head: Mapping[str, Any], files: int) -> str:
    """What a genuine receipt proves."""
    return (
        f"{name}: genuine: {head['reference']}, stage {head['stage']}, version {head['version']}, received {head['received_at']}\n"
        f"  content {head['sha256']} ({files} file(s)); judged content {head['frozen_sha256']}\n"
        f"  signed by {head['issuer']} with key {head['key']}"
    )


def content_of(name: str) -> bytes:
    """The bytes of a file, and no more of it than a receipt can have."""
    with Path(name).open("rb") as file:
        return file.read(MOST_BYTES + 1)


def published(name: str) -> dict[str, Ed25519PublicKey]:
    """The public keys in a file as ``ontvangst/sleutels.json`` gives it."""
    try:
        texts = [str(each["public"]) for each in json.loads(content_of(name))["keys"]]
    except (ValueError, KeyError, TypeError) as fault:
        raise CommandError(f"{name}: not a list of keys as a house publishes it", returncode=1) from fault
    return public_keys(texts, name)


def new_key() -> str:
    """A key, its public half, and what to do with both."""
    seed = new_seed()
    public = private_key(seed).public_key()
    return (
        f"RECEIPT_KEY={seed}\n"
        f"# Key {key_id(public)}. Its public half, for RECEIPT_OLD_KEYS as soon as another key takes its place:\n"
        f"# {as_text(public)}"
    )
