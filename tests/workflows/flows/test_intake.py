"""A dossier of a stage that is open all year, from its first answer to its end."""

from datetime import timedelta

from tender.enums import ApplicationState
from tender.models import Application, Grant
from tests.factories import assign, decide, dossier, fill_report, pay, score, screen, submitted
from tests.factories.pitching import offer, pitch_of
from tests.factories.rounds import clock, declare
from tests.workflows.flows.looking import came_by, deliver, process_of, waits, work
from workflows.commands import perform
from workflows.commands.proposing import propose_for, propose_in_turn
from workflows.flows import terms
from workflows.flows.taking import take_step
from workflows.models import ApplicationMachine, DecisionMachine, PitchMachine, SlotMachine, WorkItem
from workflows.tasks import fire_timers


def begun(game):
    case = dossier(game.call, at=game.at)
    deliver()
    return case


def judged(game):
    case = submitted(game.call, at=game.at)
    screen(case, game.house, game.at)
    for assessor in game.house.assessors:
        score(case, assessor, game.at, officer=game.house.officer)
    deliver()
    return case


def test_from_first_answer_to_the_end(fund):
    house, at = fund.house, fund.at
    case = begun(fund)
    assert work(application=case) == [("application.submit", "signer")]
    submitted(fund.call, at=at, case=case)
    deliver()
    assert work(application=case) == [("application.intake", "coach")]
    screen(case, house, at)
    deliver()
    assert work(application=case) == [("pitch.book", "editor"), ("scoresheet.assign", "officer")]
    first, second = house.assessors
    score(case, first, at, officer=house.officer)
    deliver()
    assert waits("application", case.pk) == ["assign"]
    score(case, second, at, officer=house.officer)
    deliver()
    assert work(application=case) == [("decision.propose", "officer")]
    decision = propose_in_turn(pk=case.pk, actor=house.officer, at=at)
    deliver()
    assert waits("application", case.pk) == ["decided"]
    decide(decision, house, at)
    deliver()
    assert waits("application", case.pk) == ["paid"]
    grant = Grant.objects.get(application=case)
    pay(grant, house, at)
    deliver()
    assert waits("application", case.pk) == ["reported"]
    for report in grant.reports.all():
        fill_report(report, house, at)
    deliver()
    assert Application.objects.get(pk=case.pk).state == ApplicationState.CLOSED
    assert waits("application", case.pk) == []
    process = process_of("application", case.pk)
    assert process.status == "DONE"
    assert process.finished == at, "stamped with the moment of the event, not of the machine"
    assert came_by("application", case.pk) == [
        "begin", "submit", "coach", "intake", "find_eligible", "assign", "heard", "score", "decide", "decided", "paid", "reported",
        "close", "closed",
    ]  # fmt: skip
    assert work(application=case) == []


def test_what_happened_all_at_once_is_told_in_its_order(fund):
    """Nothing is delivered until the end: the story, or a night without workers."""
    case = judged(fund)
    assert waits("application", case.pk) == ["decide"]
    done = came_by("application", case.pk)
    assert done[:2] == ["begin", "submit"]
    assert done[-3:] == ["assign", "heard", "score"]


def test_who_assesses_finds_a_sheet(fund):
    case = submitted(fund.call, at=fund.at)
    screen(case, fund.house, fund.at)
    juror = fund.house.assessors[0]
    declare(case, juror, at=fund.at)
    from workflows.commands import create
    from workflows.models import ScoresheetMachine

    of = {"application": case, "stage": case.stage, "juror": juror}
    create(ScoresheetMachine, "assign", of=of, actor=fund.house.officer, at=fund.at)
    deliver()
    assert ("scoresheet.seal", juror.name) in work(application=case)


def test_completing_leads_back_to_the_officer(fund):
    house, at = fund.house, fund.at
    case = submitted(fund.call, at=at)
    declare(case, *house.staff, at=at)
    perform(ApplicationMachine, "intake", pk=case.pk, actor=house.coach, at=at, serious=True, note="Helder.")
    formal = next(field.key for field in case.rules.form.fields() if field.formal)
    gaps = [{"field": formal, "says": "ontbreekt"}]
    take_step(ApplicationMachine, "request_completion", pk=case.pk, actor=house.officer, at=at, gaps=gaps)
    assert work(application=case) == [("application.complete", "signer")]
    take_step(ApplicationMachine, "complete", pk=case.pk, actor=case.applicant, at=at + timedelta(days=1))
    assert work(application=case) == [("application.find_eligible", "officer")]


def test_when_the_term_for_completing_is_over_the_officer_proposes_to_set_aside(fund):
    house, at = fund.house, fund.at
    case = submitted(fund.call, at=at)
    declare(case, *house.staff, at=at)
    perform(ApplicationMachine, "intake", pk=case.pk, actor=house.coach, at=at, serious=True, note="Helder.")
    formal = next(field.key for field in case.rules.form.fields() if field.formal)
    gaps = [{"field": formal, "says": "ontbreekt"}]
    take_step(ApplicationMachine, "request_completion", pk=case.pk, actor=house.officer, at=at, gaps=gaps)
    over = Application.objects.get(pk=case.pk).repair_until
    fire_timers(over - timedelta(milliseconds=1))
    assert waits("application", case.pk) == ["complete"]
    fire_timers(over)
    assert waits("application", case.pk) == ["set_aside"]
    assert work(application=case) == [("decision.propose", "officer")]
    decision = propose_for(pk=case.pk, kind="set_aside", ground="", reasons="Niet aangevuld.", actor=house.officer, at=over)
    deliver()
    assert waits("application", case.pk) == ["refusing"]
    decide(decision, house, over)
    deliver()
    assert waits("application", case.pk) == []
    assert came_by("application", case.pk)[-4:] == ["complete__term", "set_aside", "refusing", "turned_away"]


def test_a_withdrawn_dossier_is_broken_off(fund):
    case = judged(fund)
    decision = propose_in_turn(pk=case.pk, actor=fund.house.officer, at=fund.at)
    deliver()
    take_step(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=fund.at)
    deliver()
    assert waits("application", case.pk) == waits("decision", decision.pk) == []
    assert {process_of("application", case.pk).status, process_of("decision", decision.pk).status} == {"CANCELED"}
    assert work(application=case) == []


def test_a_dropped_decision_is_proposed_again(fund):
    case = judged(fund)
    decision = propose_in_turn(pk=case.pk, actor=fund.house.officer, at=fund.at)
    deliver()
    take_step(DecisionMachine, "discard", pk=decision.pk, actor=fund.house.officer, at=fund.at, reason="Verkeerd bedrag.")
    assert waits("application", case.pk) == ["decide"]
    assert process_of("decision", decision.pk).status == "CANCELED"


def test_a_lapsed_draft_waits_no_more(fund):
    case = begun(fund)
    stage = fund.stage()
    perform(ApplicationMachine, "lapse", pk=case.pk, actor=clock(), at=stage.closes_at)
    deliver()
    assert waits("application", case.pk) == []
    assert process_of("application", case.pk).status == "CANCELED"


def test_money_for_one_paid_to_the_end_leaves_no_work(fund):
    case = judged(fund)
    house, at = fund.house, fund.at
    decide(propose_in_turn(pk=case.pk, actor=house.officer, at=at), house, at)
    deliver()
    assert work(application=case) == [("instalment.approve", "officer"), ("report.start", "editor")]


def assigned(fund):
    """A dossier that both assessors have on their list, delivered."""
    case = submitted(fund.call, at=fund.at)
    screen(case, fund.house, fund.at)
    declare(case, *fund.house.assessors, at=fund.at)
    assign(case, fund.house.assessors, fund.house, fund.at)
    deliver()
    return case


def test_whose_turn_it_is_to_present(fund):
    """The applicant books; the officer notes that it was held; the assessors can go on all the while."""
    case, at = assigned(fund), fund.at
    sheets = [("scoresheet.seal", user.name) for user in fund.house.assessors]
    assert waits("application", case.pk) == ["pitch"]
    assert work(application=case) == [("pitch.book", "editor"), *sheets]
    (slot,) = offer(fund)
    take_step(PitchMachine, "book", pk=pitch_of(case).pk, actor=case.applicant, at=at, slot=slot.pk)
    assert work(application=case) == [("pitch.hold", "officer"), *sheets]
    assert {item.deadline for item in WorkItem.objects.filter(noun="pitch")} == {slot.starts_at.date()}
    perform(SlotMachine, "cancel", pk=slot.pk, actor=fund.house.officer, at=at, reason="Ziek.")
    deliver()
    assert work(application=case) == [("pitch.book", "editor"), *sheets], "the applicant's turn again"
    assert {item.deadline for item in WorkItem.objects.filter(noun="pitch")} == {terms.decide_by(case)}
    (other,) = offer(fund, after=timedelta(days=4))
    take_step(PitchMachine, "book", pk=pitch_of(case).pk, actor=case.applicant, at=at, slot=other.pk)
    take_step(PitchMachine, "miss", pk=pitch_of(case).pk, actor=fund.house.officer, at=other.starts_at)
    assert waits("application", case.pk) == ["score"]
    take_step(PitchMachine, "invite_again", pk=pitch_of(case).pk, actor=fund.house.officer, at=other.starts_at)
    assert waits("application", case.pk) == ["pitch"]
    take_step(PitchMachine, "note", pk=pitch_of(case).pk, actor=fund.house.officer, at=other.starts_at, reason="Gebeld.")
    assert (waits("application", case.pk), work(application=case)) == (["score"], sheets)


def test_a_verdict_without_a_pitch_is_not_held_up(fund):
    case = assigned(fund)
    for assessor in fund.house.assessors:
        score(case, assessor, fund.at)
    deliver()
    assert (waits("application", case.pk), work(application=case)) == (["decide"], [("decision.propose", "officer")])
