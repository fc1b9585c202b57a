from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.commands.freezing import freeze_ranking
from scoring.commands.meeting import convene_meeting, note_room, sign_minutes, write_minutes
from scoring.commands.seating import seat_panel
from scoring.rules import everybody_declared, everything_assigned, is_chair, is_secretary, minutes_signed, quorum_reached
from tender.canonical import plain
from tender.commands.funding import fund_stage
from tender.commands.listing import draw_up
from tender.enums import NOTHING
from tender.enums import StageState as S
from tender.models import Stage
from tender.rules import any_of, is_clock, reason_given
from workflows.machines.arrow import Machine, arrow
from workflows.rules import (
    advice_signed,
    asked_by_another,
    at_the_moment,
    basis_in_force,
    ceiling_set,
    every_letter_ready,
    everything_decided,
    has_closed,
    has_opened,
    has_panel,
    is_board,
    is_continuous,
    is_head,
    is_house_secretary,
    is_officer,
    is_reader,
    is_signatory,
    lacks_proposals,
    later_and_told,
    lottery_committed,
    meets_if_due,
    minutes_written,
    moment_ahead,
    moment_is_void,
    moment_set,
    money_freed,
    money_used_up,
    nothing_unscreened,
    number_in_bounds,
    on_the_agenda,
    panel_seated,
    people_suffice,
    proposals_as_seen,
    publication_as_seen,
    publication_sha256,
    quorum_present,
    ranking_stands,
    reads_whole_list,
    room_explained,
    room_is_free,
    rooms_explained,
    sheets_suffice,
    terms_over,
    waits_for_board,
    windows_in_order,
    without_panel,
)
from workflows.rules.funding import funding_adds_up, funding_complete, funding_named_once
from workflows.rules.objecting import brought_back_here, objections_over

if TYPE_CHECKING:
    from tender.step import Facts, Step

BEFORE_SCORING = [S.DRAFT, S.PLANNED, S.OPEN, S.CLOSED]
RANKED = [S.RANKED, S.DECIDING]
KNOWN = [S.PUBLISHED, S.FINISHED]
"""Ranked and not published; and published, when only a founded objection leads to another ranking."""
HAS_DECISIONS = [S.OPEN, S.PAUSED, S.CLOSED, S.RANKED, S.DECIDING, S.PUBLISHED, S.FINISHED]
"""Where a decision may wait for the board: of a round, of a stage that is open all year, and a settlement afterwards."""
BEFORE_PUBLICATION = [S.DRAFT, S.PLANNED, S.OPEN, S.PAUSED, S.CLOSED, S.SCORING, S.MEETING, S.RANKED, S.DECIDING]


def asked(step: Step) -> Facts:
    """What an ask writes down: the hash of exactly what is asked, and the data to show."""
    return {"asked_sha256": step.data_hash, "asked": step.data}


class StageMachine(Machine, Stage):
    """The round of one stage."""

    noun = "stage"
    above = ("call",)
    above_new = ("call",)
    along = ("call__version",)
    looks_back = True

    class Meta:
        proxy = True

    @property
    def chain(self) -> str:
        """The call."""
        return f"call:{self.call.reference}"

    @arrow(source=NOTHING, target=S.DRAFT, who=is_officer, when=[funding_complete, funding_named_once, funding_adds_up])
    def plan(self, step: Step) -> Facts:
        """Lay out a stage of a call: its window, its ceiling, and the committed lottery."""
        for name in ("opens_at", "closes_at", "ceiling", "lottery_seed", "lottery_commitment"):
            setattr(self, name, step.data[name])
        self.funding = plain(step.data.get("funding", []))
        told = {"funding": self.funding} if self.funding else {}
        return {name: step.data[name] for name in ("opens_at", "closes_at", "ceiling", "lottery_commitment")} | told

    @arrow(source=BEFORE_SCORING, target=lambda stage, step: stage.state, targets=BEFORE_SCORING,
           who=any_of(is_officer, is_house_secretary), when=[has_panel])  # fmt: skip
    def seat(self, step: Step) -> Facts:
        """Seat a panel, in the place of the one that sat there."""
        return seat_panel(self, panel=step.data["panel"])

    @arrow(source=S.DRAFT, target=S.DRAFT, who=is_officer)
    def ask_announce(self, step: Step) -> Facts:
        """Ask the head to announce the stage."""
        return asked(step)

    @arrow(
        source=S.DRAFT, target=S.PLANNED, who=is_head,
        when=[asked_by_another, ceiling_set, windows_in_order, lottery_committed, people_suffice, basis_in_force],
    )  # fmt: skip
    def announce(self, step: Step) -> Facts:
        """Make the stage, its ceiling and its rules public."""
        if self.ceiling:
            fund_stage(self, event_id=step.event_id)
        return {"version": self.call.version.sha256, "ceiling": self.ceiling, "commitment": self.lottery_commitment}

    @arrow(source=S.PLANNED, target=S.OPEN, who=is_clock, when=[has_opened])
    def open(self, step: Step) -> Facts:
        """The opening instant has come."""
        return {"opens_at": self.opens_at}

    @arrow(source=S.OPEN, target=S.CLOSED, who=is_clock, when=[has_closed])
    def close(self, step: Step) -> Facts:
        """The closing instant has come."""
        return {"closes_at": self.closes_at}

    @arrow(source=S.OPEN, target=S.OPEN, who=is_head, when=[later_and_told, reason_given], writes=["closes_at"])
    def extend(self, step: Step) -> Facts:
        """Give everyone more time."""
        before, self.closes_at = self.closes_at, step.data["closes_at"]
        return {"from": before, "to": self.closes_at, "reason": step.data["reason"]}

    @arrow(source=S.OPEN, target=S.PAUSED, who=is_clock, when=[is_continuous, money_used_up], writes=["paused_at"])
    def pause(self, step: Step) -> Facts:
        """The ceiling is used up: take in nothing until money is freed."""
        self.paused_at = step.at
        return {}

    @arrow(source=S.PAUSED, target=S.OPEN, who=is_clock, when=[is_continuous, money_freed], writes=["paused_at"])
    def resume(self, step: Step) -> Facts:
        """Money was freed: take in applications again."""
        self.paused_at = None
        return {}

    @arrow(source=S.CLOSED, target=S.SCORING, who=is_officer,
           when=[nothing_unscreened, panel_seated, everybody_declared, everything_assigned])  # fmt: skip
    def start_scoring(self, step: Step) -> Facts:
        """Open the content to those who judge."""
        return {"eligible": self.applications.filter(state="eligible").count()}

    @arrow(source=S.SCORING, target=S.MEETING, who=is_chair, when=[quorum_reached, quorum_present])
    def convene(self, step: Step) -> Facts:
        """Freeze the independent sheets and open the meeting."""
        return convene_meeting(self, at=step.at, present=step.data.get("present", []), reason=step.data.get("reason", ""))

    @arrow(source=S.MEETING, target=S.MEETING, who=any_of(is_secretary, is_chair), when=[on_the_agenda, room_is_free, room_explained])
    def discuss(self, step: Step) -> Facts:
        """Note who is in the room for one application; who leaves it is minuted."""
        return note_room(self, step=step)

    @arrow(source=S.MEETING, target=S.MEETING, who=is_secretary, when=[number_in_bounds])
    def minute(self, step: Step) -> Facts:
        """Write the minutes: what was said, and how many the panel will nominate."""
        return write_minutes(self, number=step.data.get("number"), text=step.data["minutes"])

    @arrow(source=S.MEETING, target=S.MEETING, who=is_chair, when=[minutes_written, rooms_explained], writes=["number_to_select"])
    def sign_minutes(self, step: Step) -> Facts:
        """Sign the minutes; the number to nominate is fixed before anything is ranked."""
        self.number_to_select = self.meeting.number
        return sign_minutes(self, by=step.actor, at=step.at)

    @arrow(source=[S.SCORING, S.MEETING], target=lambda stage, step: stage.state, targets=[S.SCORING, S.MEETING],
           who=any_of(is_secretary, without_panel(is_officer)))  # fmt: skip
    def ask_rank(self, step: Step) -> Facts:
        """Ask for the ranking to be fixed."""
        return asked(step)

    @arrow(source=[S.SCORING, S.MEETING], target=S.RANKED, who=any_of(is_chair, without_panel(is_reader)),
           when=[asked_by_another, meets_if_due, minutes_signed, sheets_suffice])  # fmt: skip
    def rank(self, step: Step) -> Facts:
        """Freeze the ranking by the scheme's method, and reveal the lottery seed."""
        return freeze_ranking(self, at=step.at, event_id=step.event_id)

    @arrow(source=[*RANKED, *KNOWN], target=lambda stage, step: stage.state, targets=[*RANKED, *KNOWN],
           who=is_officer, when=[reason_given, brought_back_here])  # fmt: skip
    def ask_rerank(self, step: Step) -> Facts:
        """Ask for a new ranking, because of an error, a late recusal or a founded objection."""
        return asked(step)

    @arrow(source=[*RANKED, *KNOWN], target=lambda stage, step: stage.state if stage.state in KNOWN else S.RANKED,
           targets=[S.RANKED, *KNOWN], who=is_head, when=[asked_by_another, reason_given, brought_back_here],
           writes=["publish_at", "publish_seen"])  # fmt: skip
    def rerank(self, step: Step) -> Facts:
        """Freeze a new version beside the old one; open decisions fall, and with them a moment that was set to publish them. What was
        published stays as it is."""
        self.publish_at, self.publish_seen = None, ""
        return freeze_ranking(self, at=step.at, event_id=step.event_id, reason=step.data["reason"])

    @arrow(source=[S.RANKED, S.DECIDING], target=S.DECIDING, who=is_officer,
           when=[ranking_stands, lacks_proposals, advice_signed, proposals_as_seen])  # fmt: skip
    def propose(self, step: Step) -> Facts:
        """Make the proposed decisions from the frozen ranking; again, where one was dropped."""
        return {"ranking": self.rankings.latest().inputs_sha256}

    @arrow(source=HAS_DECISIONS, target=lambda stage, step: stage.state, targets=HAS_DECISIONS, who=any_of(is_officer, is_board),
           when=[waits_for_board, reads_whole_list])  # fmt: skip
    def draw_up(self, step: Step) -> Facts:
        """Draw up the list for the board: every decision that waits for it, as it is now."""
        return draw_up(self, by=step.actor, at=step.at)

    @arrow(source=S.DECIDING, target=S.DECIDING, who=is_signatory,
           when=[ranking_stands, everything_decided, publication_as_seen, moment_ahead], writes=["publish_at", "publish_seen"])  # fmt: skip
    def schedule(self, step: Step) -> Facts:
        """Set the moment at which every decision of the round is published; the clock does it then."""
        self.publish_at, self.publish_seen = step.data["publish_at"], publication_sha256(self)
        return {"publish_at": self.publish_at, "seen": self.publish_seen}

    @arrow(source=S.DECIDING, target=S.DECIDING, who=any_of(is_signatory, is_officer), when=[moment_set],
           writes=["publish_at", "publish_seen"])  # fmt: skip
    def unschedule(self, step: Step) -> Facts:
        """Take back the moment that was set: nothing is published by itself any more."""
        was, self.publish_at, self.publish_seen = self.publish_at, None, ""
        return {"publish_at": was}

    @arrow(source=S.DECIDING, target=S.DECIDING, who=is_clock, when=[moment_is_void], writes=["publish_at", "publish_seen"])
    def lapse_moment(self, step: Step) -> Facts:
        """The moment that was set has come, and what it was set for had changed: nothing was published, and who set it is told."""
        was, self.publish_at, self.publish_seen = self.publish_at, None, ""
        return {"publish_at": was}

    @arrow(source=S.DECIDING, target=S.PUBLISHED, who=any_of(is_signatory, is_clock),
           when=[at_the_moment, ranking_stands, everything_decided, every_letter_ready, publication_as_seen],
           writes=["published_at"])  # fmt: skip
    def publish(self, step: Step) -> Facts:
        """Publish every decision of the round at one moment."""
        self.published_at = step.at
        return {"decisions": self.decisions.filter(state="signed").count()}

    @arrow(source=S.PUBLISHED, target=S.FINISHED, who=is_clock, when=[terms_over, objections_over])
    def finish(self, step: Step) -> Facts:
        """The terms for objecting are over."""
        return {}

    @arrow(source=[S.CLOSED, S.PAUSED, S.OPEN], target=S.FINISHED, who=is_clock,
           when=[is_continuous, has_closed, terms_over, objections_over])  # fmt: skip
    def wind_up(self, step: Step) -> Facts:
        """The year is over and no case is open."""
        return {}

    @arrow(source=BEFORE_PUBLICATION, target=lambda stage, step: stage.state, targets=BEFORE_PUBLICATION, who=is_head,
           when=[reason_given])  # fmt: skip
    def ask_cancel(self, step: Step) -> Facts:
        """Ask to cancel the round."""
        return asked(step)

    @arrow(source=BEFORE_PUBLICATION, target=S.CANCELLED, who=is_signatory, when=[asked_by_another, reason_given])
    def cancel(self, step: Step) -> Facts:
        """Cancel the round; every open case is cancelled with it and hears why."""
        return {"reason": step.data["reason"]}
