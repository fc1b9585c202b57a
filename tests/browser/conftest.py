"""What the browser journeys share."""

import pytest
from playwright.sync_api import expect

expect.set_options(timeout=15_000)  # a busy machine is no fault of the page


@pytest.fixture
def complaints(page):
    """What the browser complains of: refused by the policy, or broken."""
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
