"""Texts of letters that an administrator words, through the door."""

from tender.enums import WordingState
from tender.models import Wording
from tender.models.wording import Place
from workflows.commands import perform
from workflows.commands.wording import write_wording
from workflows.models import WordingMachine

PARTS = {"subject": "Eigen onderwerp: {title}", "opening": "Dag {applicant},", "body": "Eigen reden. {reason}", "closing": "Veel succes."}


def place_of(game, kind="receipt", *, language="nl", stage=None):
    """Where the text of a kind belongs, at the first stage."""
    stage = stage or game.stage()
    return Place(game.call.version.scheme_id, stage.key, kind, language)


def seen_now(place):
    """The hash of what somebody who opens the text finds."""
    now = Wording.objects.at(place).standing().first()
    return now.sha256 if now else ""


def written(game, kind="receipt", *, at=None, by=None, language="nl", stage=None, **parts):
    """A draft by the scheme manager."""
    place = place_of(game, kind, language=language, stage=stage)
    said = {**PARTS, **parts, "reason": "Vriendelijker.", "seen": seen_now(place)}
    return write_wording(place=place, actor=by or game.house.manager, at=at or game.at, **said)


def adopted(draft, *, by, at, asked_by=None):
    """The draft in force: asked by who wrote it, put in force by somebody else."""
    seen = draft.sha256
    perform(WordingMachine, "ask_adopt", pk=draft.pk, actor=asked_by or draft.written_by, at=at, seen=seen)
    perform(WordingMachine, "adopt", pk=draft.pk, actor=by, at=at, seen=seen)
    found = Wording.objects.get(pk=draft.pk)
    assert found.state == WordingState.IN_FORCE
    return found


def in_force(game, kind="receipt", *, at=None, language="nl", stage=None, **parts):
    """A text in force, read by the head."""
    at = at or game.at
    return adopted(written(game, kind, at=at, language=language, stage=stage, **parts), by=game.house.head, at=at)
