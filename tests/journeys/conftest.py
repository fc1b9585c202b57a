"""Journeys are told in English: what a refusal says is a part of the story."""

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield
