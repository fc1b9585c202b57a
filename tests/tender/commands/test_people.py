"""What somebody is called."""

import pytest

from tender.commands.people import introduce
from tests.factories import person

pytestmark = pytest.mark.django_db


def test_somebody_says_what_they_are_called():
    user = person("x")
    introduce(pk=user.pk, name="Fenna de Jong", language="en")
    user.refresh_from_db()
    assert (user.name, user.language) == ("Fenna de Jong", "en")
