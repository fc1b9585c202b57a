"""What must hold between the parts of a scheme that were each read well. One module per part of a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tender.schemes.checks import forms, grants, judging, ladder, letters
from tender.schemes.faults import labels

if TYPE_CHECKING:
    from tender.schemes.definition import Scheme
    from tender.schemes.faults import Report

PARTS = (forms.check, judging.check, grants.check, letters.check)


def check(scheme: Scheme, report: Report) -> None:
    """Note everything in ``scheme`` that does not agree with the rest of it."""
    ladder.check(scheme, report)
    paths = labels("stages", [stage.key for stage in scheme.stages])
    for stage, path in zip(scheme.stages, paths, strict=True):
        for part in PARTS:
            part(stage, path, report)
