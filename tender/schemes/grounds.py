"""The conditions of a scheme on which an application can be found not eligible, in the words of the scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tender.schemes.definition import Text

if TYPE_CHECKING:
    from tender.schemes.definition import Check, Stage


def in_words(check: Check) -> Text:
    """A point of the checklist as a ground: its article in front, where the scheme names it."""
    if check.article is None:
        return check.label
    return Text(f"{check.article.nl}: {check.label.nl}", f"{check.article.en}: {check.label.en}")


def grounds_of(rules: Stage) -> dict[str, Text]:
    """Every ground by a key of its own, each text once: the conditions of entry that the form asks about, then the checklist."""
    found = {f"field-{field.key}": field.eligibility.ground for field in rules.form.fields() if field.eligibility is not None}
    found |= {f"check-{check.key}": in_words(check) for check in rules.checklist}
    return {key: text for key, text in found.items() if text not in [found[other] for other in list(found)[: list(found).index(key)]]}
