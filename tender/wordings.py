"""The texts of letters that an administrator writes: for which rules they must be good, and what is said where nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tender.enums import StageState
from tender.models import SchemeVersion, Stage
from tender.models.wording import PARTS
from tender.schemes.own_texts import faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tender.models.wording import Place
    from tender.schemes import definition
    from tender.schemes.own_texts import TextFault

OVER = (StageState.FINISHED, StageState.CANCELLED)


def versions_in_use(scheme_id: int) -> list[SchemeVersion]:
    """The newest version of a scheme, then those that a call rests on that is not over, newest first."""
    versions = list(SchemeVersion.objects.filter(scheme=scheme_id).order_by("-number"))
    calls = Stage.objects.exclude(state__in=OVER).filter(call__version__scheme=scheme_id)
    used = set(calls.values_list("call__version", flat=True))
    return [each for each in versions if each is versions[0] or each.pk in used]


def stages_in_use(scheme_id: int) -> dict[str, list[definition.Stage]]:
    """Per key of a stage its rules in every version in use, the newest first."""
    found: dict[str, list[definition.Stage]] = {}
    for version in versions_in_use(scheme_id):
        for stage in version.definition.stages:
            found.setdefault(stage.key, []).append(stage)
    return found


def faults_at(place: Place, parts: Mapping[str, str]) -> list[TextFault]:
    """What stops these parts from being the text at a place, in any version of the scheme that is in use; each fault once."""
    rules = stages_in_use(place.scheme_id).get(place.stage, [])
    return list(dict.fromkeys(fault for stage in rules for fault in faults(stage, place.kind, parts)))


def first_words(rules: definition.Stage, place: Place) -> dict[str, str]:
    """What the scheme itself says there, as the beginning of a text of one's own."""
    written = rules.letter(place.kind)
    parts = dict.fromkeys(PARTS, "")
    if written is not None:
        parts["subject"] = written.subject.in_language(place.language)
        parts["body"] = "\n\n".join(each.in_language(place.language) for each in written.paragraphs)
    return parts


def own_words_of(version: SchemeVersion) -> set[tuple[str, str]]:
    """The stage and kind of every text that a version of a scheme brings itself."""
    return {(stage.key, text.kind) for stage in version.definition.stages for text in stage.letters}
