"""Runs what reads a hostile file (`opening.py`, `camt.py`) in a process of its own: with a limit on its time and memory, and without
anything of ours in its reach.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from tender import opening
from tender.opening import Fault

PROGRAM: Final = str(Path(opening.__file__))
SECONDS: Final = 40
"""By the clock; of the processor it gets half (`SECONDS` of each program). A busy machine is no fault of the file."""
TIME_WAS_UP: Final = frozenset({-24, -9})
"""How a program ends that was stopped for its time; any other end but 0 means that it fell over the file."""
PREVIEW: Final = 640
"""Pixels of a preview, either way."""


def fault_in(kind: str, content: bytes, seconds: float = SECONDS) -> str:
    """What is wrong with this file: a `Fault`, or nothing."""
    try:
        done = run(PROGRAM, "inspect", kind, str(PREVIEW), content=content, seconds=seconds)
    except subprocess.TimeoutExpired:
        return Fault.SLOW
    if done.returncode:
        return Fault.SLOW if done.returncode in TIME_WAS_UP else Fault.DAMAGED
    return done.stdout.decode()


def preview_of(kind: str, content: bytes, seconds: float = SECONDS) -> bytes | None:
    """A small picture of this file, as PNG; nothing where there is none to make; None where that was not found out: it was stopped."""
    try:
        done = run(PROGRAM, "preview", kind, str(PREVIEW), content=content, seconds=seconds)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode < 0:
        return None
    return b"" if done.returncode else done.stdout


def run(program: str, *said: str, content: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    """Isolated from our environment, so that it holds no key and no password."""
    command = [sys.executable, "-I", program, *said]
    return subprocess.run(command, input=content, capture_output=True, timeout=seconds, check=False, env={})  # noqa: S603  our own words
