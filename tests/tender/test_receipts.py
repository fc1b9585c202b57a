"""A receipt proves what it says, whatever is in it; and no change of it stays unseen."""

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tender.canonical import canonical
from tender.keyring import as_pem, as_text, kept_key, key_id, keyring_of, new_seed
from tender.receipts import MOST_BYTES, ReceiptFault, sign, verify, written
from tests.tender.receipts import ANSWERS, KEY, KEYS, content_of, head_of, receipt_of, seed

WHOLE = receipt_of()
OTHER = Ed25519PrivateKey.from_private_bytes(b"another key, of another house...")
DOCS = Path(__file__).parents[2] / "docs" / "receipts.md"
TEXT = st.text(st.characters(codec="utf-8"), max_size=40)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def refused(receipt, match, keys=KEYS):
    with pytest.raises(ReceiptFault, match=match):
        verify(receipt, keys)


def changed(part, **said):
    """The receipt with something else in its head or its content."""
    found = json.loads(WHOLE)
    found[part] = {**found[part], **said}
    return json.dumps(found).encode()


def test_a_receipt_proves_what_it_says():
    proven = verify(WHOLE, KEYS)
    assert proven.head["received_at"] == "2026-09-01T08:30:00.123456+00:00"
    assert proven.content["answers"] == ANSWERS


@pytest.mark.parametrize("again", [
    lambda text: json.dumps(json.loads(text), indent=8),
    lambda text: json.dumps(json.loads(text), ensure_ascii=True, separators=(",", ":")),
    lambda text: "\ufeff" + text.replace("\n", "\r\n"),
])  # fmt: skip
def test_white_space_and_the_way_of_writing_a_letter_prove_the_same(again):
    assert verify(again(WHOLE.decode()).encode(), KEYS) == verify(WHOLE, KEYS)


@given(st.data())
def test_no_change_of_a_byte_stays_unseen(data):
    """What still verifies says the very same; everything else is refused, in words."""
    place = data.draw(st.integers(0, len(WHOLE) - 1))
    bit = data.draw(st.integers(1, 255))
    given_back = WHOLE[:place] + bytes([WHOLE[place] ^ bit]) + WHOLE[place + 1 :]
    try:
        proven = verify(given_back, KEYS)
    except ReceiptFault:
        return
    assert canonical(json.loads(given_back)) == canonical(json.loads(WHOLE))
    assert proven == verify(WHOLE, KEYS)


@given(st.integers(0, len(WHOLE) - 3))
def test_a_receipt_that_was_cut_off_is_none(length):
    refused(WHOLE[:length], "cannot be read as JSON")


def leaves(value, path=()):
    """Every value in a receipt, by the way to it."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in rows:
        yield (*path, key)
        yield from leaves(item, (*path, key))


@pytest.mark.parametrize("path", list(leaves(json.loads(WHOLE))), ids=lambda path: ".".join(map(str, path)))
def test_no_member_can_be_changed_added_or_left_out(path):
    for change, new in product(("put", "drop", "add"), ("x", 2, None, [], {}, True)):
        found = json.loads(WHOLE)
        owner = found
        for key in path[:-1]:
            owner = owner[key]
        if change == "put" and owner[path[-1]] != new:
            owner[path[-1]] = new
        elif change == "drop":
            del owner[path[-1]]
        elif change == "add" and isinstance(owner, dict):
            owner["surprise"] = new
        if found != json.loads(WHOLE):
            refused(json.dumps(found).encode(), ".")


@given(st.dictionaries(TEXT, st.one_of(TEXT, st.none(), st.lists(st.dictionaries(TEXT, TEXT, max_size=3), max_size=3)), max_size=4))
def test_whatever_was_typed_can_be_proven(answers):
    assert verify(receipt_of(answers), KEYS).content["answers"] == answers


@pytest.mark.parametrize("text", ["\ufffd", "👩🏽‍🎨 𝌆", "שלום \u202e exe.fdp", "\u0000\u001f\u007f\u2028", 'a"\\b/', "e\u0301 é", "٣ % _"])
def test_strange_signs_prove_like_others(text):
    assert verify(receipt_of({"title": text}), KEYS).content["answers"]["title"] == text


def test_the_key_must_be_known_and_the_right_one():
    refused(receipt_of(key=OTHER), key_id(OTHER.public_key()))
    content = content_of()
    head = head_of(content)
    refused(written(head, content, sign(head, OTHER)).encode(), "signature does not fit")
    refused(WHOLE, key_id(KEY.public_key()), {})


def test_a_signature_has_one_way_to_be_written():
    found = json.loads(WHOLE)
    same_bytes = found["signature"][:-3] + chr(ord(found["signature"][-3]) + 1) + "=="
    for signature in (same_bytes, found["signature"] + "\n", found["signature"][:-4], "", "é", None, 12):
        refused(json.dumps({**found, "signature": signature}).encode(), "signature cannot be read|signature does not fit")


@pytest.mark.parametrize(("receipt", "match"), [
    (b"", "JSON"), (b"\xff\xfe", "JSON"), (b"%PDF-1.7", "JSON"), (b"[" * 100_000, "JSON"), (b'{"a": ' * 100_000, "JSON"),
    (b"9" * 5000, "JSON"), (b"[]", "receipt"), (b"null", "receipt"), (b"{}", "receipt"), (b" " * (MOST_BYTES + 1), "MB"),
    (b'{"receipt": 1.5}', "number"), (b'{"receipt": NaN}', "number"), (b'{"a": 1, "a": 2}', "twice"),
    (changed("receipt", kind="drietrap.receipt.2"), "receipt"), (changed("receipt", key="\ud800"), "receipt"),
    (changed("receipt", version=True), "receipt"), (changed("receipt", issuer="\ud800"), "signature"),
    (changed("receipt", formal=[["deep"]]), "signature"), (changed("content", answers={"title": "\ud800"}), "content"),
    (WHOLE.replace(b'"content": {', b'"content": {"reference": "CX26-0002",'), "twice"),
])  # fmt: skip
def test_what_is_no_receipt_is_refused_in_words(receipt, match):
    refused(receipt, match)


def test_head_and_content_must_belong_together():
    content = content_of()
    for said in ({"reference": "CX26-0002"}, {"version": 2}, {"stage": "plan"}, {"frozen_sha256": "00" * 32}, {"formal": []}):
        head = head_of(content, **said)
        refused(written(head, content, sign(head, KEY)).encode(), "contradicts")
    head = head_of(content)
    refused(written(head, [], sign(head, KEY)).encode(), "content")


# ------------------------------------------------------------------------------------------------------------- the keys
def test_a_key_that_was_replaced_still_proves():
    before, now = seed("the key of the first year ......"), seed("the key of the second year .....")
    old = keyring_of(before, ())
    receipt = receipt_of(key=old.signer)
    ring = keyring_of(now, (as_text(old.signer.public_key()),))
    assert verify(receipt, ring.public).head["key"] == old.current != ring.current
    refused(receipt, old.current, keyring_of(now, ()).public)
    assert keyring_of("", ()).current == ""


@pytest.mark.parametrize(("private", "old", "name"), [("kort", (), "RECEIPT_KEY"), ("é" * 44, (), "RECEIPT_KEY"),
                                                     (seed("x" * 32), ("kort",), "RECEIPT_OLD_KEYS")])  # fmt: skip
def test_a_key_that_cannot_be_one_names_its_setting_and_keeps_its_secret(private, old, name):
    with pytest.raises(ImproperlyConfigured, match=name) as fault:
        keyring_of(private, old)
    assert private not in str(fault.value)


def test_a_desk_makes_its_key_once(tmp_path):
    file = tmp_path / "made" / "receipt.key"
    first = kept_key(file)
    assert kept_key(file) == first != new_seed()
    assert keyring_of(first, ()).signer
    assert file.stat().st_mode & 0o077 == 0
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(("given_key", "said"), [(None, "RECEIPT_KEY"), ("kort", "RECEIPT_KEY must be 32 bytes")])
def test_production_does_not_start_without_a_key(given_key, said):
    env = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "drietrap.example", "EMAIL_URL": "smtp://localhost:25"}
    env |= {"RECEIPT_KEY": given_key} if given_key else {}
    run = subprocess.run([sys.executable, "-c", "import settings.production"], env=env, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert said in run.stderr.splitlines()[-1]


# ---------------------------------------------------------------------------------------------------------- the command
@pytest.fixture
def ours(settings):
    """The house signs with the tests' own key."""
    settings.RECEIPT_KEY = seed("a key that the tests sign with..")


def test_the_command_needs_no_database(ours, tmp_path, capsys):
    file = tmp_path / "receipt.json"
    file.write_bytes(WHOLE)
    call_command("receipt", "verify", str(file))
    said = capsys.readouterr().out
    assert "genuine: CX26-0001, stage idea, version 1, received 2026-09-01T08:30:00.123456+00:00" in said


@pytest.mark.parametrize(("receipt", "said"), [
    (WHOLE.replace(b"5000.00", b"9000.00"), "The content was changed"), (WHOLE[:200], "cannot be read as JSON"),
    (receipt_of(key=OTHER), "not one of the keys we know"), (b" " * (MOST_BYTES + 1), "too large"),
])  # fmt: skip
def test_the_command_says_what_is_wrong(ours, tmp_path, receipt, said):
    file = tmp_path / "receipt.json"
    file.write_bytes(receipt)
    with pytest.raises(CommandError, match=said) as fault:
        call_command("receipt", "verify", str(file))
    assert fault.value.returncode == 1


def test_the_command_trusts_the_keys_it_is_told_to(ours, tmp_path):
    file, keys = tmp_path / "receipt.json", tmp_path / "keys.json"
    file.write_bytes(receipt_of(key=OTHER))
    keys.write_text(json.dumps({"keys": [{"public": as_text(OTHER.public_key())}]}))
    call_command("receipt", "verify", str(file), "--keys", str(keys))
    for text in ("{}", "x", '{"keys": [{"public": "kort"}]}'):
        keys.write_text(text)
        with pytest.raises(CommandError, match=r"keys\.json"):
            call_command("receipt", "verify", str(file), "--keys", str(keys))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("receipt", "verify", str(tmp_path / "nowhere.json"))


def test_the_command_makes_a_key(capsys):
    call_command("receipt", "key")
    line = capsys.readouterr().out.splitlines()[0]
    assert keyring_of(line.removeprefix("RECEIPT_KEY="), ()).signer


def test_from_the_shell_the_exit_code_says_it(tmp_path):
    file = tmp_path / "receipt.json"
    file.write_bytes(WHOLE)
    env = {"DJANGO_SETTINGS_MODULE": "settings.test", "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "DRIETRAP_VAR": str(tmp_path),
           "RECEIPT_KEY": ""}  # fmt: skip
    command = [sys.executable, "manage.py", "receipt", "verify", str(file)]
    run = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=DOCS.parents[1])
    assert run.returncode == 1
    assert "NOT genuine" in run.stderr
    assert "not one of the keys we know" in run.stderr


# --------------------------------------------------------------------------------------------------- without us at all
def recipe(language):
    """The lines of a recipe in the guide."""
    return DOCS.read_text().split(f"```{language}\n")[1].split("```")[0]


def published(tmp_path):
    public = KEY.public_key()
    rows = [{"id": key_id(public), "public": as_text(public), "pem": as_pem(public)}]
    (tmp_path / "sleutels.json").write_text(json.dumps({"keys": rows}))


@pytest.mark.parametrize(("language", "program"), [("python", [sys.executable, "-"]), ("sh", ["bash", "-euo", "pipefail", "-s"])])
def test_the_recipes_of_the_guide_find_out_the_same(tmp_path, language, program):
    published(tmp_path)
    for receipt, right in ((WHOLE, True), (WHOLE.replace(b"5000.00", b"9000.00"), False), (WHOLE.replace(b"08:30", b"08:29"), False)):
        (tmp_path / "receipt.json").write_bytes(receipt)
        run = subprocess.run(program, input=recipe(language), capture_output=True, text=True, check=False, cwd=tmp_path)
        assert (run.returncode == 0) is right, run.stderr
