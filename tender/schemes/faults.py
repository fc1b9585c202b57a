"""What is wrong with a scheme, and where: every fault with its exact path, all of them in one go."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (``stages[proposal].rubric.criteria``) and what, with how to mend it."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


class SchemeFaults(Exception):
    """The scheme cannot be read; ``faults`` holds everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def within(path: str, name: str) -> str:
    """The path of ``name`` (which may itself be dotted) inside ``path``."""
    return f"{path}.{name}" if path else name


def quoted(name: str) -> str:
    """A key as TOML writes it: in quotes where it is not a bare one."""
    return name if BARE.fullmatch(name) else json.dumps(name)


def labels(path: str, keys: Sequence[str]) -> list[str]:
    """The paths of the items of a list: by key where it is a good and single one, else by place (from 0)."""
    times = Counter(keys)
    return [f"{path}[{key if KEY.fullmatch(key) and times[key] == 1 else index}]" for index, key in enumerate(keys)]


class Report:
    """Collects faults. What could not be read is *broken*; a later check that leans on a broken part keeps silent."""

    def __init__(self) -> None:
        self._faults: dict[Fault, None] = {}
        self._broken: set[str] = set()

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(self._faults)

    def broken(self, path: str, message: str) -> None:
        """Note that the value at ``path`` could not be read, so that a stand-in took its place."""
        self._faults[Fault(path, message)] = None
        self._broken.add(path)

    def spoiled(self, path: str) -> None:
        """Note that what stands at ``path`` is incomplete, without saying so again."""
        self._broken.add(path)

    def add(self, path: str, message: str, about: Iterable[str] = ()) -> None:
        """Note a fault at ``path``, unless it or anything it is ``about`` could not be read."""
        if any(_inside(path, broken) for broken in self._broken):
            return
        if any(_inside(other, broken) or _inside(broken, other) for other in about for broken in self._broken):
            return
        self._faults[Fault(path, message)] = None


def _inside(path: str, outer: str) -> bool:
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))
