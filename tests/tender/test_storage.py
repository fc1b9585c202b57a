"""Where files lie: in a private folder, and in a bucket only where one is named."""

import pytest
from django.conf import settings

from settings.base import env, file_storage

FOLDER = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
SAID = {
    "S3_BUCKET": "drietrap",
    "S3_ENDPOINT": "https://s3.example",
    "S3_REGION": "eu-noord",
    "S3_PREFIX": "proef",
    "S3_ACCESS_KEY": "sleutel",
    "S3_SECRET_KEY": "geheim",
}


@pytest.fixture
def said(monkeypatch):
    """An environment in which only what a test says of it is said."""
    for name in SAID:
        monkeypatch.delenv(name, raising=False)
    return lambda **names: [monkeypatch.setenv(*each) for each in names.items()]


def test_without_a_bucket_files_lie_in_a_folder_that_no_address_leads_to(said):
    assert file_storage() == FOLDER
    said(**{name: value for name, value in SAID.items() if name != "S3_BUCKET"})
    assert file_storage() == FOLDER
    said(S3_BUCKET="")
    assert file_storage() == FOLDER
    assert not settings.MEDIA_URL.strip("/")
    assert settings.STORAGES["default"] == FOLDER


def test_a_bucket_is_private_and_nothing_in_it_is_written_over(said):
    said(**SAID)
    told = file_storage()
    assert told["BACKEND"] == "storages.backends.s3.S3Storage"
    options = told["OPTIONS"]
    assert (options["bucket_name"], options["endpoint_url"], options["location"]) == ("drietrap", "https://s3.example", "proef")
    assert (options["default_acl"], options["querystring_auth"], options["file_overwrite"]) == (None, True, False)
    said(S3_ENDPOINT="", S3_ACCESS_KEY="", S3_SECRET_KEY="")
    options = file_storage()["OPTIONS"]
    assert (options["endpoint_url"], options["access_key"], options["secret_key"]) == (None, None, None), "the machine's own role"
    assert env.str("S3_BUCKET") == "drietrap"
