"""What was written, read back: the text of a letter as its reader sees it."""

from io import BytesIO

from django.core.files.storage import default_storage
from pypdf import PdfReader

from tests.factories.press import UNREAD


def words_of(pdf):
    """The words of a PDF, with single spaces (pypdf reads a font with missing glyphs, such as of emoji, byte by byte)."""
    pages = PdfReader(BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\0", "").split())


def content_of(letter):
    """The bytes of a letter as they are stored; of one that was laid out, or "it does not say that" would prove nothing."""
    with default_storage.open(letter.file.name) as stored:
        content = stored.read()
    assert UNREAD not in content, "who reads letters carries the mark `prints`"
    return content


def text_of(letter):
    """The words of a letter as it is stored."""
    return words_of(content_of(letter))
