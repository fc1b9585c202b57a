"""The page where anybody checks a receipt, and the keys that are published."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tender.keyring import KEY_BYTES, as_text, key_id, private_key, public_keys
from tender.receipts import MOST_BYTES, verify
from tests.tender.receipts import KEY, receipt_of, seed

pytestmark = pytest.mark.django_db
PAGE = "/ontvangst/controleren/"


@pytest.fixture(autouse=True)
def ours(settings):
    """The house signs with the tests' own key, and signed with another before."""
    settings.RECEIPT_KEY = seed("a key that the tests sign with..")
    settings.RECEIPT_OLD_KEYS = [as_text(private_key(seed("o" * KEY_BYTES)).public_key())]


def as_file(content, name="receipt.json"):
    return {"file": SimpleUploadedFile(name, content)}


@pytest.mark.parametrize("how", ["file", "text"])
def test_a_genuine_receipt_is_shown(client, how):
    receipt = receipt_of()
    page = client.post(PAGE, as_file(receipt) if how == "file" else {"text": receipt.decode().replace("\n", "\r\n")})
    assert page.status_code == 200
    assert page.context["proven"]["reference"] == "CX26-0001"
    text = page.content.decode()
    for said in ("CX26-0001", "2026-09-01T08:30:00.123456+00:00", json.loads(receipt)["receipt"]["sha256"], "plan ✍.pdf"):
        assert said in text
    for told in ("Licht op Lauwersoog", "NL91ABNA0417164300", "Zorggroep"):
        assert told not in text, "the answers are not shown"
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(("given", "field"), [
    (as_file(receipt_of().replace(b"5000.00", b"5000.01")), "file"), (as_file(b"%PDF-1.7"), "file"), (as_file(b""), "file"),
    (as_file(b" " * (MOST_BYTES + 1)), "file"), ({"text": receipt_of().decode()[:-9]}, "text"), ({"text": "a\x00b"}, "text"),
    ({}, "file"), ({"text": " "}, "file"), ({**as_file(receipt_of()), "text": "{}"}, "file"),
])  # fmt: skip
def test_what_is_not_genuine_is_told_beside_the_field(client, given, field):
    page = client.post(PAGE, given)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert page.context["proven"] is None
    assert page.context["form"]["text"].value() in {given.get("text"), None, ""}, "what was pasted stays"


def test_more_text_than_is_taken_says_so(client):
    assert client.post(PAGE, {"text": "x" * 3_000_000}).status_code == 413


def test_what_is_signed_with_a_key_of_others_is_no_receipt_of_ours(client):
    other = private_key(seed("s" * KEY_BYTES))
    page = client.post(PAGE, as_file(receipt_of(key=other)))
    assert key_id(other.public_key()) in page.context["form"].errors["file"][0]


def test_the_page_asks_the_database_nothing_of_what_is_checked(client, django_assert_num_queries):
    """The time, and that is all: so it cannot tell whether there is such a dossier, nor whose."""
    with django_assert_num_queries(1):
        client.post(PAGE, as_file(receipt_of()))
    with django_assert_num_queries(1):
        client.post(PAGE, as_file(receipt_of({"title": "Er is geen zaak met dit nummer"})))


def test_the_keys_are_published(client):
    found = client.get(reverse("tender:receipt_keys")).json()["keys"]
    assert [each["signs_now"] for each in found] == [True, False]
    assert found[0]["id"] == key_id(KEY.public_key())
    assert verify(receipt_of(), public_keys([each["public"] for each in found]))
    page = client.get(PAGE).content.decode()
    assert all(each["id"] in page and each["pem"].splitlines()[1] in page.replace("&#x2B;", "+") for each in found)
