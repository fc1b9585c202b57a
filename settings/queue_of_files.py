"""The queue of files, with whole messages only.

kombu's filesystem transport opens a message's file before it writes it, so a reader may take it empty and fall over (seen: the worker
stopped with a JSON error). Here a message is written beside the queue and moved into it: a reader finds all of it or nothing.
"""

import uuid
from pathlib import Path
from typing import Any

from kombu.transport import filesystem


class Channel(filesystem.Channel):
    """Writes a message aside and moves it in."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        queue_folder = self.data_folder_out
        aside = Path(queue_folder) / f"aside-{uuid.uuid4().hex}"
        aside.mkdir()
        try:
            self.data_folder_out = str(aside)
            super()._put(queue, payload, **kwargs)
            for message in aside.iterdir():
                message.replace(Path(queue_folder) / message.name)
        finally:
            self.data_folder_out = queue_folder
            aside.rmdir()


filesystem.Transport.Channel = Channel
