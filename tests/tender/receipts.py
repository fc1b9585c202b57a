"""Receipts for tests, made without a database by a key of their own."""

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tender.canonical import digest
from tender.keyring import key_id
from tender.receipts import KIND, frozen_digest, sign, written

KEY = Ed25519PrivateKey.from_private_bytes(b"a key that the tests sign with..")
KEYS = {key_id(KEY.public_key()): KEY.public_key()}
FILE = {"document": 7, "field": "plan", "name": "plan ✍.pdf", "size": 4096, "content_type": "application/pdf", "sha256": "ab" * 32}
ANSWERS = {"title": "Licht op Lauwersoog", "amount": "5000.00", "iban": "NL91ABNA0417164300", "partners": [{"name": "Zorggroep", "kvk": ""}]}
FORMAL = ["iban"]


def content_of(answers=None, files=(FILE,)):
    return {"reference": "CX26-0001", "stage": "idea", "version": 1, "answers": ANSWERS if answers is None else answers, "files": list(files)}


def head_of(content, key=KEY, **said):
    """The head that belongs to this content."""
    return {
        "kind": KIND, "issuer": "https://drietrap.example", "key": key_id(key.public_key()), "reference": content["reference"],
        "stage": content["stage"], "version": content["version"], "received_at": "2026-09-01T08:30:00.123456+00:00",
        "sha256": digest(content), "frozen_sha256": frozen_digest(content, FORMAL), "formal": FORMAL, "scheme_sha256": "cd" * 32, **said,
    }  # fmt: skip


def receipt_of(answers=None, key=KEY, **said):
    """A receipt as it is given out, in bytes."""
    content = content_of(answers)
    head = head_of(content, key, **said)
    return written(head, content, sign(head, key)).encode()


def seed(text):
    """A private key as a setting has it."""
    return base64.b64encode(text.encode()).decode()
