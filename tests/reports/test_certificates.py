"""The certificate that letters are sealed with: which files hold one, what is said where they do not, what is warned of before it runs."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured

from reports.certificates import DEMO, SealFault, certificate_in, demo_certificate, house_certificate, kept_certificate
from reports.deploying import seal_is_real
from reports.letters.sealing import seal
from tests.factories.files import pdf_file

DAY = timedelta(days=1)
LONG = timedelta(days=400)


def named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certified(key, name="A real fund", by="An authority", first=-DAY, last=LONG, issuer=None):
    now = datetime.now(UTC)
    number = x509.random_serial_number()
    return x509.CertificateBuilder(named(by), named(name), key.public_key(), number, now + first, now + last).sign(
        issuer or key, None if isinstance(issuer or key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    )


@pytest.fixture
def key():
    return ec.generate_private_key(ec.SECP256R1())


def pem(key, *certificates, secret=None):
    how = BestAvailableEncryption(secret) if secret else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how) + b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def written(folder, data):
    file = folder / "seal"
    file.write_bytes(data)
    return file


def real_certificate(folder, first=-DAY, last=LONG):
    """A file with a certificate that is not the demo's, and holds (unless told otherwise) now."""
    key = ec.generate_private_key(ec.SECP256R1())
    return written(folder, pem(key, certified(key, first=first, last=last)))


# ── which files hold one ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("kind", ["pem", "pkcs12"])
@pytest.mark.parametrize("secret", [None, b"open sesame"])
def test_both_kinds_of_file_are_read_locked_or_not(tmp_path, key, kind, secret):
    own, above = certified(key), certified(ec.generate_private_key(ec.SECP256R1()), "An authority")
    how = BestAvailableEncryption(secret) if secret else NoEncryption()
    data = pem(key, above, own, secret=secret) if kind == "pem" else pkcs12.serialize_key_and_certificates(b"x", key, own, [above], how)
    read = certificate_in(written(tmp_path, data), secret.decode() if secret else "")
    assert read.key.private_numbers() == key.private_numbers()
    assert (read.own, read.chain) == (own, (above,))
    assert not read.demo


def test_the_demo_makes_one_that_says_so_for_its_owner_alone(tmp_path):
    file = tmp_path / "made" / "seal.pem"
    name = kept_certificate(file)
    made = file.read_bytes()
    assert kept_certificate(file) == name == str(file)
    assert file.read_bytes() == made, "made once"
    assert file.stat().st_mode & 0o077 == 0
    assert list(file.parent.iterdir()) == [file]
    read = certificate_in(file, "")
    assert read.demo
    assert DEMO in read.own.subject.rfc4514_string().replace("\\", "")
    assert isinstance(read.key.curve, ec.SECP256R1)


def test_of_two_that_begin_at_once_one_makes_it(tmp_path, monkeypatch):
    file = tmp_path / "seal.pem"

    def other_was_first():
        file.write_bytes(demo_certificate())
        return demo_certificate()

    monkeypatch.setattr("reports.certificates.demo_certificate", other_was_first)
    kept_certificate(file)
    assert certificate_in(file, "").demo
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_wrong_with_a_file_is_said_and_never_what_is_in_it(tmp_path, key, settings):
    other = ec.generate_private_key(ec.SECP256R1())
    empty = pkcs12.serialize_key_and_certificates(b"x", None, certified(key), None, NoEncryption())
    lone = pkcs12.serialize_key_and_certificates(b"x", key, None, [certified(other)], NoEncryption())
    edwards = ed25519.Ed25519PrivateKey.generate()
    wrong = {
        b"rubbish": "cannot be read",
        pem(key, certified(key), secret=b"shut"): "cannot be read",
        pem(key): "cannot be read",
        pem(key, certified(other)): "no private key with a certificate of its own",
        empty: "no private key with a certificate of its own",
        pem(edwards, certified(edwards)): "a key of this kind",
        lone: "no private key with a certificate of its own",
    }
    for number, (data, said) in enumerate(wrong.items()):
        file = tmp_path / str(number)
        file.write_bytes(data)
        with pytest.raises(ImproperlyConfigured, match=said) as fault:
            certificate_in(file, "")
        assert "SEAL_FILE names" in str(fault.value)
        assert fault.value.__context__ is None or fault.value.__suppress_context__, "nor what the library said"
    with pytest.raises(ImproperlyConfigured, match="FileNotFoundError"):
        certificate_in(tmp_path / "nowhere", "")
    settings.SEAL_FILE = ""
    with pytest.raises(ImproperlyConfigured, match="SEAL_FILE is not set"):
        house_certificate()


# ── before it runs in earnest ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("first", "last", "said"),
    [(-DAY, LONG, []), (-DAY, 30 * DAY, ["drietrap.W005"]), (-LONG, -DAY, ["drietrap.E004"]), (DAY, LONG, ["drietrap.E004"])],
)
def test_a_certificate_that_does_not_hold_is_told(settings, tmp_path, key, first, last, said):
    settings.SEAL_FILE = str(written(tmp_path, pem(key, certified(key, first=first, last=last))))
    assert [each.id for each in seal_is_real()] == said


def test_the_demo_seals_nothing_in_earnest(settings, tmp_path):
    settings.SEAL_FILE = kept_certificate(tmp_path / "seal.pem")
    assert [each.id for each in seal_is_real()] == ["drietrap.E003"]
    settings.SEAL_FILE = ""
    assert [each.id for each in seal_is_real()] == ["drietrap.E002"]


def start_in_earnest(file):
    env = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "drietrap.example", "EMAIL_URL": "smtp://localhost:25",
           "RECEIPT_KEY": "dGVzdHMgc2lnbiB3aXRoIHRoaXMsIG5vYm9keSBlbHM="}  # fmt: skip
    env |= {"SEAL_FILE": file} if file else {}
    return subprocess.run([sys.executable, "-c", "import settings.production"], env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("file", "said"), [(None, "SEAL_FILE"), ("/nowhere/seal.pem", "/nowhere/seal.pem: cannot be read")])
def test_production_does_not_start_without_one(file, said):
    run = start_in_earnest(file)
    assert run.returncode == 1
    assert said in run.stderr.splitlines()[-1]


def test_production_does_not_start_with_the_certificate_of_a_demonstration(tmp_path):
    run = start_in_earnest(kept_certificate(tmp_path / "demo.pem"))
    assert run.returncode == 1
    assert "SEAL_FILE holds the certificate of a demonstration" in run.stderr.splitlines()[-1]
    assert start_in_earnest(str(real_certificate(tmp_path))).returncode == 0


# ── one that does not hold any more ───────────────────────────────────────────────────────────────────────────
ENDED, NOT_YET = {"first": -LONG, "last": -DAY}, {"first": DAY, "last": LONG}


@pytest.mark.parametrize("holds", [ENDED, NOT_YET])
def test_one_that_does_not_hold_stops_no_process_but_each_says_so_when_it_starts(settings, tmp_path, caplog, holds):
    """People must get in before a closing, and the clock must go on."""
    settings.SEAL_FILE = str(real_certificate(tmp_path, **holds))
    assert start_in_earnest(settings.SEAL_FILE).returncode == 0
    apps.get_app_config("reports").ready()
    (said,) = [record for record in caplog.records if record.name == "reports.deploying"]
    assert said.levelname == "ERROR"
    assert "restart the workers" in said.getMessage()


def test_one_that_soon_ends_is_told_at_every_start_and_the_demos_own_at_none(settings, tmp_path, caplog):
    apps.get_app_config("reports").ready()
    assert not caplog.records
    settings.SEAL_FILE = str(real_certificate(tmp_path, last=30 * DAY))
    apps.get_app_config("reports").ready()
    assert [record.levelname for record in caplog.records] == ["WARNING"]


@pytest.mark.parametrize("holds", [ENDED, NOT_YET])
def test_nothing_is_sealed_with_one_that_does_not_hold(settings, tmp_path, holds):
    settings.SEAL_FILE = str(real_certificate(tmp_path, **holds))
    with pytest.raises(SealFault, match="restart the workers"):
        seal(pdf_file(), "en")
