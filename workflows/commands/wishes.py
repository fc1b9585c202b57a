"""What an officer changes in a proposed assignment: pairs that must be, pairs that may not, and demands given up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tender.models import Application, User

Pair = tuple[int, int]
"""An application and a person, by primary key."""

MUST, BAR = "must", "bar"
THEME, NETWORK = "theme", "network"
PARTS = 3


@dataclass(slots=True)
class Wishes:
    """Changes to a proposal: ``musts`` and ``bars`` hold pairs, ``waived`` demands (kind, application). ``before``: the pairs of the
    proposal that is changed, to keep where nothing is better."""

    musts: frozenset[Pair] = frozenset()
    bars: frozenset[Pair] = frozenset()
    waived: frozenset[tuple[str, int]] = frozenset()
    before: frozenset[Pair] = frozenset()

    @classmethod
    def read(cls, said: Iterable[str]) -> Wishes:
        """From the words of an address: ``must-12-4``, ``bar-12-4``, ``theme-12``, ``network-12``; anything else says nothing."""
        parts = [one.split("-") for one in said]
        pairs = [each for each in parts if len(each) == PARTS and each[0] in {MUST, BAR} and whole(each[1:])]
        return cls(
            frozenset((int(case), int(user)) for kind, case, user in pairs if kind == MUST),
            frozenset((int(case), int(user)) for kind, case, user in pairs if kind == BAR),
            frozenset((each[0], int(each[1])) for each in parts if each[0] in {THEME, NETWORK} and whole(each[1:]) and len(each) < PARTS),
        )

    @property
    def pairs(self) -> frozenset[Pair]:
        """Every pair that is fixed or barred."""
        return self.musts | self.bars

    def words(self) -> list[str]:
        """As an address has them, in order."""
        return sorted([
            *(f"{MUST}-{case}-{user}" for case, user in self.musts),
            *(f"{BAR}-{case}-{user}" for case, user in self.bars),
            *(f"{kind}-{case}" for kind, case in self.waived),
        ])  # fmt: skip

    def contradictions(self, people: Sequence[User], cases: Sequence[Application], can: set[Pair], number: int) -> list[str]:
        """What cannot be, in words: somebody must who cannot, or more must than a case takes."""
        names, references = {user.pk: user for user in people}, {case.pk: case.reference for case in cases}
        ours = sorted((case, user) for case, user in self.musts if case in references and user in names)
        impossible = [pair for pair in ours if pair not in can]
        found = [
            _("%(reference)s: %(name)s must score it, and may not.") % {"reference": references[case], "name": names[user]}
            for case, user in impossible
        ]
        many = Counter(case for case, _user in ours)
        words = _("%(reference)s: %(count)s must score it; it takes %(number)s.")
        return found + [
            words % {"reference": references[case], "count": count, "number": number} for case, count in many.items() if count > number
        ]


def whole(parts: Sequence[str]) -> bool:
    """Whether these are keys."""
    return bool(parts) and all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts)  # noqa: PLR2004  of 64 bits


def theme_label(case: Application) -> str:
    """The theme of an application as its form calls it."""
    return next((str(option.label) for option in case.rules.form.themes if option.value == case.theme), case.theme)
