"""What comes in over the wire, before anybody looks at it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES: Final = 110 * 1024 * 1024
"""Of one request: the largest file that any scheme may ask for, and the answers that come along."""


class Limit(FileUploadHandler):
    """Refuses a request that says to be larger than any of ours, instead of writing it to the disk first."""

    def handle_raw_input(
        self, input_data: Any, META: Mapping[str, Any], content_length: int, boundary: str, encoding: str | None = None  # noqa: ARG002, N803  Django's
    ) -> None:  # fmt: skip
        """Only the length is read."""
        if content_length > MOST_BYTES:
            raise RequestDataTooBig("too large a request")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002  Django's
        """On to the next handler."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler keeps it."""
