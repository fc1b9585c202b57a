"""The house's seal on a file: a digital signature in an invisible field (PAdES B-B), so that whoever changes a byte is found out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache, partial
from io import BytesIO
from typing import TYPE_CHECKING, Final

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate as Asn1Certificate
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from reports.certificates import holding, house_certificate

if TYPE_CHECKING:
    from cryptography import x509
    from pyhanko.pdf_utils.extensions import DeveloperExtension

    from reports.certificates import Certificate

FIELD: Final = "Seal"
SPOKEN: Final = {"nl": "Digitaal zegel van de afzender", "en": "Digital seal of the sender"}
ROOM: Final = 2048


class Behind(IncrementalPdfFileWriter):
    """Puts a signature behind a file and leaves the rest as it is: PDF/A-3, which is PDF 1.7, with its metadata."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """It stays 1.7: for a signature on an elliptic curve pyHanko would call it 2.0."""

    def register_extension(self, ext: DeveloperExtension) -> None:
        """That of the European signatures is of 1.7; what is of 2.0 has no place here."""
        if ext.base_version == "/1.7":
            super().register_extension(ext)

    def _update_meta(self) -> None:
        """Nothing: pyHanko would write the metadata anew, and not as PDF/A wants them (what describes the mark of PDF/UA, the producer)."""


def seal(pdf: bytes, language: str) -> bytes:
    """The file with the seal of this house behind it; ``language`` is that of what a screen reader says of the field. The moment in it is
    that of sealing. `SealFault` where the certificate does not hold at that moment.
    """
    said = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES
    )
    # The default stamp would bring a font that is not embedded. Out of bounds: PDF/UA wants a field on the page tagged, PDF/A none hidden.
    field = SigFieldSpec(FIELD, readable_field_name=SPOKEN[language[:2]], invis_sig_settings=InvisSigSettings(box_out_of_bounds=True))
    certificate, out = holding(house_certificate(), datetime.now(UTC)), BytesIO()
    signing = partial(sign_pdf, Behind(BytesIO(pdf)), said, signer_of(certificate), new_field_spec=field, output=out)
    with ThreadPoolExecutor(1) as apart:  # pyHanko runs a loop of its own, which a thread that has one already does not bear
        apart.submit(signing, bytes_reserved=room_for(certificate)).result()
    return out.getvalue()


def room_for(certificate: Certificate) -> int:
    """How many hexadecimal digits the signature may take: the certificates, and what is signed beside them. Left to itself, pyHanko signs
    twice to find out. If it were too little, signing would fail.
    """
    return 2 * (ROOM + sum(len(each.public_bytes(Encoding.DER)) for each in (certificate.own, *certificate.chain)))


@lru_cache(maxsize=4)
def signer_of(certificate: Certificate) -> SimpleSigner:
    """What signs with this certificate, in pyHanko's own kind of key."""
    private = certificate.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=in_asn1(certificate.own),
        signing_key=PrivateKeyInfo.load(private),
        cert_registry=above(certificate),
    )


def above(certificate: Certificate) -> SimpleCertificateStore:
    """The certificates above it, which go into the file."""
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    for each in certificate.chain:
        store.register(in_asn1(each))
    return store


def in_asn1(certificate: x509.Certificate) -> Asn1Certificate:
    """A certificate as pyHanko takes it."""
    return Asn1Certificate.load(certificate.public_bytes(Encoding.DER))
