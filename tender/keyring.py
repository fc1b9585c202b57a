"""The keys that receipts are signed with: one private key that signs now, and every public key that ever did."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

KEY_BYTES = 32
HOW = "Make one with: python manage.py receipt key"


@dataclass(frozen=True, slots=True)
class Keyring:
    """Who signs now (nobody where no key was given), and by key id who may have signed."""

    signer: Ed25519PrivateKey | None
    public: Mapping[str, Ed25519PublicKey]

    @property
    def current(self) -> str:
        """The id of the key that signs now; empty where nobody does."""
        return key_id(self.signer.public_key()) if self.signer else ""


def raw(public: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return public.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(public: Ed25519PublicKey) -> str:
    """What a key is called: the beginning of its own hash, so that nobody has to hand out names."""
    return hashlib.sha256(raw(public)).hexdigest()[:16]


def as_text(public: Ed25519PublicKey) -> str:
    """A public key as it is published and set: its bytes in base64."""
    return base64.b64encode(raw(public)).decode()


def as_pem(public: Ed25519PublicKey) -> str:
    """A public key as other programs read it."""
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def new_seed() -> str:
    """A private key nobody has seen before, as RECEIPT_KEY takes it."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()


def key_bytes(text: str, name: str) -> bytes:
    """The 32 bytes of a key that was set; says which setting is wrong, and never what was in it."""
    try:
        found = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if len(found) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must be {KEY_BYTES} bytes in base64 (44 characters). {HOW}")
    return found


def private_key(text: str) -> Ed25519PrivateKey:
    """The key of RECEIPT_KEY."""
    return Ed25519PrivateKey.from_private_bytes(key_bytes(text, "RECEIPT_KEY"))


def public_keys(texts: Sequence[str], name: str = "RECEIPT_OLD_KEYS") -> dict[str, Ed25519PublicKey]:
    """Public keys by their id."""
    keys = [Ed25519PublicKey.from_public_bytes(key_bytes(text, name)) for text in texts]
    return {key_id(key): key for key in keys}


@lru_cache(maxsize=8)
def keyring_of(private: str, old: tuple[str, ...]) -> Keyring:
    """The keyring of these two settings."""
    signer = private_key(private) if private else None
    now = {key_id(signer.public_key()): signer.public_key()} if signer else {}
    return Keyring(signer, {**public_keys(old), **now})


def house_keys() -> Keyring:
    """The keyring of this house."""
    return keyring_of(settings.RECEIPT_KEY, tuple(settings.RECEIPT_OLD_KEYS))


def kept_key(file: Path) -> str:
    """The key that lies in ``file``, made there the first time: for a demo and a developer's desk."""
    return made_once(file, lambda: new_seed().encode()).read_text().strip()


def made_once(file: Path, make: Callable[[], bytes]) -> Path:
    """``file``, made the first time. Of two processes that begin at once one makes it, and both read the same."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("wb", dir=file.parent, delete=False) as made:  # readable by its owner only
            made.write(make())
        try:
            os.link(made.name, file)
        except FileExistsError:
            pass
        finally:
            Path(made.name).unlink()
    return file
