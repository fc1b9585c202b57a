"""A press for tests that read no letter: the letter is written, and not laid out."""

import hashlib

from reports.letters.printing import Printed, html, read, subject_of, template_sha256
from tests.factories.files import pdf_file

UNREAD = b"% not laid out: "


def quick_press(kind, data):
    """A page with the digest of the letter behind it, so that two letters differ. Laying them out took an eighth of the suite.

    The words are put on the page as always: a fact or a word that is missing fails here too.
    """
    page = html(kind, data)
    digest = hashlib.sha256(page.encode()).hexdigest()
    return Printed(pdf_file() + UNREAD + digest.encode(), 1, subject_of(*read(kind, data)), template_sha256())
