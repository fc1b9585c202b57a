"""What stops a declaration or a sheet."""

import pytest

from scoring.commands.marking import save_marks
from scoring.models import Conflict, Panel
from scoring.queries import question_keys
from tender.enums import Role
from tests.factories import applicant, clock, house, open_call, publish, screen, submitted
from tests.workflows.machines.test_jury import WHY, Round
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import create, perform
from workflows.models import ConflictMachine, Event, ScoresheetMachine, SeatMachine, StageMachine

pytestmark = pytest.mark.django_db


def test_an_interest_is_explained():
    game = Round()
    juror, chair = game.cast["juror"], game.cast["chair"]
    asked = Conflict.objects.get(pk=game.declaration_of("juror"))
    for name in ("declare_doubt", "declare_interest"):
        refused("interest_explained", ConflictMachine, name, asked, juror, game.at)
        refused("interest_explained", ConflictMachine, name, asked, juror, game.at, kind="rival", explanation=" ")
    game.take(ConflictMachine, "declare_doubt", asked.pk, "juror", **WHY)
    for name in ("clear", "recuse"):
        refused("reason_given", ConflictMachine, name, asked, chair, game.at)


def test_after_publication_nobody_finds_an_interest():
    from tests.factories.awarded import award

    it = award(1)
    said = it.grants[0].application.conflicts.get(user=it.cast["juror"])
    refused("still_interesting", ConflictMachine, "declare_interest", said, it.cast["juror"], it.at, **WHY)


def test_who_may_be_assigned():
    game = Round()
    stage, officer = game.game.stage(), game.cast["officer"]
    of = {"application": game.case, "stage": stage}
    refused_new("may_be_assigned", ScoresheetMachine, "assign", {**of, "juror": game.cast["juror"]}, officer, game.at)
    for stranger in ("secretary", "officer"):
        refused_new("may_score", ScoresheetMachine, "assign", {**of, "juror": game.cast[stranger]}, officer, game.at)
    fund = open_call(publish("minifund"), house=game.cast.house)
    case = submitted(fund.call, at=fund.at)
    screen(case, fund.house, fund.at)
    user, _ = applicant(organisation=False)
    refused_new("may_score", ScoresheetMachine, "assign", {"application": case, "stage": fund.stage(), "juror": user}, officer, fund.at)


def test_a_sheet_is_whole_and_in_time():
    game = Round()
    stage, juror, chair = game.game.stage(), game.cast["juror"], game.cast["chair"]
    for name in ("juror", "chair", "fellow", "deputy"):
        game.take(ConflictMachine, "declare_none", game.declaration_of(name), name)
    rest = list(game.case.conflicts.filter(state="asked", part=Role.JUROR).values_list("pk", flat=True))
    for pk in rest:
        perform(ConflictMachine, "recuse", pk=pk, actor=chair, at=game.at, reason="Niet bereikbaar.")
    sheets = [
        create(
            ScoresheetMachine, "assign", of={"application": game.case, "stage": stage, "juror": who}, actor=game.cast["officer"], at=game.at
        )
        for who in (juror, game.cast["fellow"], game.cast["deputy"])
    ]  # fmt: skip
    sheet = sheets[0]
    game.take(StageMachine, "start_scoring", stage.pk, "officer")
    game.take(ScoresheetMachine, "start", sheet.pk, "juror")
    refused("is_complete", ScoresheetMachine, "seal", sheet, juror, game.at)
    first, *others = question_keys(stage)
    save_marks(pk=sheet.pk, actor=juror, at=game.at, marks={key: {"value": 4} for key in others})
    refused("is_complete", ScoresheetMachine, "seal", sheet, juror, game.at)
    save_marks(pk=sheet.pk, actor=juror, at=game.at, marks={first: {"unable": True}})
    for end in (stage.rules.rubric.minimum, stage.rules.rubric.maximum):
        for remark in ("", " \n"):
            save_marks(pk=sheet.pk, actor=juror, at=game.at, marks={others[-1]: {"value": end, "comment": remark}})
            refused("extremes_explained", ScoresheetMachine, "seal", sheet, juror, game.at)
    save_marks(pk=sheet.pk, actor=juror, at=game.at, marks={others[-1]: {"value": end, "comment": "Beter kan niet."}})
    game.take(ScoresheetMachine, "seal", sheet.pk, "juror")
    refused("reason_given", ScoresheetMachine, "reopen", sheet, chair, game.at)
    refused("reason_given", ScoresheetMachine, "void", sheet, clock(), game.at)
    said = {"pk": stage.pk, "at": game.at, "reason": "De anderen zijn ziek."}
    perform(StageMachine, "ask_rank", actor=game.cast["secretary"], **said)
    perform(StageMachine, "rank", actor=chair, **said)
    refused("sheet_of_open_round", ScoresheetMachine, "reopen", sheet, chair, game.at, reason="Toch.")
    refused("sheet_of_open_round", ScoresheetMachine, "start", sheets[1], game.cast["fellow"], game.at)


def test_a_seat_is_accepted_on_the_terms_as_they_are():
    home = house()
    panel, at = Panel.objects.create(name="Raad", since=home.officer.date_joined.date()), home.officer.date_joined
    of = {"panel": panel, "user": home.jurors[0], "part": Role.JUROR, "since": panel.since}
    seat = create(SeatMachine, "invite", of=of, actor=home.officer, at=at)
    refused("terms_as_read", SeatMachine, "accept", seat, home.jurors[0], at)
    refused("terms_as_read", SeatMachine, "accept", seat, home.jurors[0], at, terms="0" * 64)


def test_what_the_system_found_is_explained_before_no_interest_is_declared():
    game = Round()
    juror = game.cast["juror"]
    type(juror).objects.filter(pk=juror.pk).update(organisation_name=game.case.organisation.name)
    asked = Conflict.objects.get(pk=game.declaration_of("juror"))
    for said in ({}, {"explanation": " "}):
        refused("links_explained", ConflictMachine, "declare_none", asked, juror, game.at, **said)
    game.take(ConflictMachine, "declare_none", asked.pk, "juror", explanation="Toevallig dezelfde naam.")
    asked.refresh_from_db()
    assert (asked.state, asked.explanation) == ("none", "Toevallig dezelfde naam.")
    event = Event.objects.get(kind="conflict.declare_none", key=asked.pk)
    assert event.data["links"] == [{"kind": "organisation", "what": game.case.organisation.name}]
    assert event.data["explanation"] == "Toevallig dezelfde naam."
