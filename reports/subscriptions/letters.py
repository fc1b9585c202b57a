"""Which event prints a letter, or another file that is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.commands.boarding import keep_printed_list
from reports.commands.minuting import keep_minutes
from reports.commands.posting import post
from reports.letters.afterwards import RECOVERING
from workflows.outbox import on

if TYPE_CHECKING:
    from workflows.models import Event


@on("application.submit", "application.complete", "application.revise")
def receipt(event: Event) -> None:
    """Every time something is handed in, its receipt with a copy."""
    post(event=event)


@on("decision.sign")
def letter_of_decision(event: Event) -> None:
    """Once a decision is signed, its letter; publication waits for it."""
    post(event=event)


@on("application.request_completion")
def letter_of_request(event: Event) -> None:
    """What is missing, and until when."""
    post(event=event)


@on("application.postpone")
def letter_of_postponement(event: Event) -> None:
    """We need more time: why, and until when."""
    post(event=event)


@on("notice.fix")
def letter_of_penalty(event: Event) -> None:
    """What being late cost us."""
    post(event=event)


@on("correction.sign")
def letter_that_mends(event: Event) -> None:
    """A letter was wrong: the one that says so, and what it must be."""
    post(event=event)


@on("decision.announce_intent")
def letter_of_intent(event: Event) -> None:
    """Before a decision on which the party is heard: what we intend, and until when it may respond."""
    post(event=event)


@on("objection.acknowledge", "objection.ask_completion", "objection.decide")
def letter_of_objection(event: Event) -> None:
    """That we have the objection, what is missing from it, and what we decide on it."""
    post(event=event)


@on("application.cancel")
def letter_of_cancellation(event: Event) -> None:
    """The round was cancelled: each open case hears why."""
    post(event=event)


@on("report.remind")
def letter_of_reminder(event: Event) -> None:
    """A report is due soon: which, and by when."""
    post(event=event)


@on("stage.draw_up")
def file_of_board_list(event: Event) -> None:
    """Once a list is drawn up for the board, its file."""
    keep_printed_list(event=event)


@on("application.withdraw", "notice.note")
def letter_of_dossier(event: Event) -> None:
    """The applicant withdrew, or told us that we are late: we confirm it, with what follows from it."""
    post(event=event)


@on("grant.suspend", "grant.resume", "grant.run_out", "instalment.order")
def letter_of_payment(event: Event) -> None:
    """Payment rests or goes on, or an advance is paid."""
    post(event=event)


@on("report.approve", "report.request_completion", "report.reject")
def letter_of_report(event: Event) -> None:
    """What became of a report."""
    post(event=event)


@on(*(f"recovery.{name}" for name in RECOVERING))
def letter_of_recovery(event: Event) -> None:
    """What was paid too much is claimed, or what became of that."""
    post(event=event)


@on("stage.sign_minutes")
def file_of_minutes(event: Event) -> None:
    """Once the chair signs the minutes, their file."""
    keep_minutes(event=event)
