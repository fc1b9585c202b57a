"""Runs `opening.py` in a process of its own: with a limit on its time and memory, and without anything of ours in its reach."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

from tender import opening
from tender.opening import Fault

PROGRAM: Final = str(Path(opening.__file__))
SECONDS: Final = 40
"""By the clock; of the processor it gets half (`opening.SECONDS`). A busy machine is no fault of the file."""
PREVIEW: Final = 640
"""Pixels of a preview, either way."""


def fault_in(kind: str, content: bytes, seconds: float = SECONDS) -> str:
    """What is wrong with this file: a `Fault`, or nothing."""
    try:
        done = _run("inspect", kind, content, seconds)
    except subprocess.TimeoutExpired:
        return Fault.SLOW
    if done.returncode:
        return Fault.SLOW if done.returncode in {-24, -9} else Fault.DAMAGED  # its time was up; or it fell over the file
    return done.stdout.decode()


def preview_of(kind: str, content: bytes, seconds: float = SECONDS) -> bytes | None:
    """A small picture of this file, as PNG; nothing where there is none to make; None where that was not found out: it was stopped."""
    try:
        done = _run("preview", kind, content, seconds)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode < 0:
        return None
    return b"" if done.returncode else done.stdout


def _run(task: str, kind: str, content: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    """Isolated from our environment, so that it holds no key and no password."""
    command = [sys.executable, "-I", PROGRAM, task, kind, str(PREVIEW)]
    return subprocess.run(command, input=content, capture_output=True, timeout=seconds, check=False, env={})  # noqa: S603  our own words
