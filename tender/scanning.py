"""Asks ClamAV whether a file holds a virus, over its socket (`CLAMD_URL`). Without that setting nothing is asked, and the form says so."""

from __future__ import annotations

import socket
import struct
import time
from typing import IO, TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

CHUNK: Final = 64 * 1024
LONGEST_ANSWER: Final = 4096
PORT: Final = 3310
CLEAN, FOUND = "OK", " FOUND"


class NoAnswer(Exception):
    """The scanner does not answer, or does not answer this: then nobody knows, and the file is not taken."""


def is_on() -> bool:
    """Whether files are scanned here."""
    return bool(settings.CLAMD_URL)


def virus_in(file: IO[bytes]) -> str:
    """The name of the virus in this file; nothing where it is clean. Errors: `NoAnswer`. The file stands at its beginning again."""
    file.seek(0)
    until = time.monotonic() + settings.CLAMD_SECONDS
    try:
        with _connected(until) as clamd:
            clamd.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                _in_time(clamd, until).sendall(struct.pack("!I", len(chunk)) + chunk)
            clamd.sendall(struct.pack("!I", 0))
            answer = b"".join(_answer(clamd, until)).decode(errors="replace")
    except OSError as fault:
        raise NoAnswer(str(fault)) from fault
    finally:
        file.seek(0)
    said = answer.partition("\0")[0].partition(": ")[2]
    if said == CLEAN:
        return ""
    if said.endswith(FOUND):
        return said.removesuffix(FOUND)
    raise NoAnswer(answer)


def _connected(until: float) -> socket.socket:
    """``unix:///run/clamav/clamd.ctl`` or ``tcp://127.0.0.1:3310``."""
    place = urlsplit(settings.CLAMD_URL)
    if place.scheme == "tcp":
        return socket.create_connection((place.hostname or "127.0.0.1", place.port or PORT), timeout=_left(until))
    clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _in_time(clamd, until).connect(place.path)
    except OSError:
        clamd.close()
        raise
    return clamd


def _answer(clamd: socket.socket, until: float) -> Iterator[bytes]:
    """What it says, up to its end."""
    room = LONGEST_ANSWER
    while room > 0 and (part := _in_time(clamd, until).recv(room)):
        yield part
        room -= len(part)
        if part.endswith(b"\0"):
            return


def _in_time(clamd: socket.socket, until: float) -> socket.socket:
    clamd.settimeout(_left(until))
    return clamd


def _left(until: float) -> float:
    """The seconds that are left: for all of it together, however slowly it answers."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the scanner takes too long")
    return left
