"""The language of the messages in these tests is English, their source."""

import pytest
from django.utils.translation import override


@pytest.fixture
def en():
    with override("en"):
        yield
