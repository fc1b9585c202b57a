"""The certificate that letters are sealed with: read from SEAL_FILE, or made by ourselves for a demo, which it then says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tender.keyring import made_once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes

DEMO: Final = "Drietrap, a demonstration: proves nothing about who sealed this"
FIRST: Final = datetime(2026, 1, 1, tzinfo=UTC)
YEARS: Final = timedelta(days=30 * 365)
HOW: Final = "SEAL_FILE names a PKCS#12 file, or a PEM file with the private key, its certificate and the chain; SEAL_PASSPHRASE opens it."

AGAIN: Final = "Put a certificate that holds in its place and restart the workers: what waits is sealed then."


@dataclass(frozen=True, slots=True)
class Certificate:
    """Who seals: the key, its certificate, and those above it."""

    key: PrivateKeyTypes
    own: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def demo(self) -> bool:
        """Whether it is one that we made ourselves."""
        return DEMO in [name.value for name in self.own.subject]


class SealFault(Exception):
    """No letter can be sealed now, and why. What was to be sealed waits in the outbox, and is tried again."""


def holding(certificate: Certificate, at: datetime) -> Certificate:
    """This certificate, if it holds at that moment. A seal of one that does not is believed by nobody: `SealFault` instead."""
    first, last = certificate.own.not_valid_before_utc, certificate.own.not_valid_after_utc
    if not first <= at <= last:
        raise SealFault(
            f"The certificate that letters are sealed with holds from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC. {AGAIN}"
        )
    return certificate


def in_earnest(certificate: Certificate) -> Certificate:
    """This certificate, if it is not one that we made ourselves."""
    if certificate.demo:
        raise ImproperlyConfigured(f"SEAL_FILE holds the certificate of a demonstration, whose seal proves nothing. {HOW}")
    return certificate


def house_certificate() -> Certificate:
    """The certificate of this house."""
    if not settings.SEAL_FILE:
        raise ImproperlyConfigured(f"SEAL_FILE is not set, so no letter can be sealed. {HOW}")
    return certificate_in(Path(settings.SEAL_FILE), settings.SEAL_PASSPHRASE)


@lru_cache(maxsize=4)
def certificate_in(file: Path, passphrase: str) -> Certificate:
    """The key and the certificates of a file; says what is wrong with it, and never what was in it."""
    secret = passphrase.encode() or None
    try:
        data = file.read_bytes()
        found = from_pem(data, secret) if b"-----BEGIN" in data else from_pkcs12(data, secret)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as wrong:
        raise ImproperlyConfigured(f"{file}: cannot be read as a certificate ({type(wrong).__name__}). {HOW}") from None
    if found is None:
        raise ImproperlyConfigured(f"{file}: holds no private key with a certificate of its own. {HOW}")
    if not isinstance(found.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ImproperlyConfigured(f"{file}: letters cannot be sealed with a key of this kind; take one on the curve P-256, or of RSA. {HOW}")
    return found


def from_pem(data: bytes, secret: bytes | None) -> Certificate | None:
    """What stands in a PEM file, in whatever order."""
    return matched(load_pem_private_key(data, secret), x509.load_pem_x509_certificates(data))


def from_pkcs12(data: bytes, secret: bytes | None) -> Certificate | None:
    """What stands in a PKCS#12 file."""
    found = pkcs12.load_pkcs12(data, secret)
    listed = [found.cert, *found.additional_certs] if found.cert else found.additional_certs
    return matched(found.key, [each.certificate for each in listed]) if found.key else None


def matched(key: PrivateKeyTypes, all_of_them: Sequence[x509.Certificate]) -> Certificate | None:
    """The key with the certificate that is of it; None where that is missing."""
    own = next((each for each in all_of_them if spoken(each.public_key()) == spoken(key.public_key())), None)
    return Certificate(key, own, tuple(each for each in all_of_them if each != own)) if own else None


def spoken(key: PublicKeyTypes) -> bytes:
    """A public key as bytes, to compare by."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def demo_certificate() -> bytes:
    """A new key on P-256 and a certificate it signed itself, that says it is of a demonstration; as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Demo"), x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, DEMO)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False, key_agreement=False,
        key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), FIRST, FIRST + YEARS)
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)


def kept_certificate(file: Path) -> str:
    """The demo certificate that lies in ``file``, made there the first time."""
    return str(made_once(file, demo_certificate))
