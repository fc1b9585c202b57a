"""What stops a dossier."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tender.commands.drafting import save_draft
from tender.enums import DecisionKind
from tender.models import Application, Grant
from tests.factories import (
    answers_for,
    applicant,
    clock,
    close,
    decide,
    declare,
    dossier,
    open_call,
    publish,
    score,
    screen,
    submitted,
    variant,
)
from tests.factories.cast import cast
from tests.workflows.refusals.saying import refused, refused_new
from workflows.commands import perform
from workflows.commands.proposing import propose_for, propose_in_turn
from workflows.models import ApplicationMachine, StageMachine

pytestmark = pytest.mark.django_db

MOMENT = timedelta(milliseconds=1)


def take(name, case, actor, at, **data):
    perform(ApplicationMachine, name, pk=case.pk, actor=actor, at=at, **data)


def of(game, number=1, organisation=None):
    return {"call": game.call, "stage": game.stage(number), "organisation": organisation}


def saved(case, at, **said):
    save_draft(pk=case.pk, actor=case.applicant, at=at, typed=said)


def test_where_and_when_an_application_may_begin():
    game = open_call(publish("crossover"))
    user, organisation = applicant()
    refused_new("is_first_stage", ApplicationMachine, "open", of(game, 2, organisation), user, game.stage(2).opens_at)
    refused_new("has_applicant_kind", ApplicationMachine, "open", of(game), user, game.at)
    stage = game.stage()
    for at in (stage.opens_at - MOMENT, stage.closes_at):
        refused_new("in_window", ApplicationMachine, "open", of(game, 1, organisation), user, at)


def test_one_application_per_applicant_where_the_scheme_says_so():
    game = open_call(variant("minifund", ("natural_persons = true", "natural_persons = true\none_per_applicant = true")))
    alone, _ = applicant(organisation=False)
    member, organisation = applicant()
    for user, whom in ((alone, None), (member, organisation)):
        case = dossier(game.call, user=user, organisation=whom, at=game.at)
        refused_new("none_yet", ApplicationMachine, "open", of(game, 1, whom), user, game.at)
        take("withdraw", case, user, game.at)
        dossier(game.call, user=user, organisation=whom, at=game.at)


@pytest.mark.parametrize("closed", [False, True])
def test_the_closing_instant(closed):
    """16:59:59.999 is in and 17:00:00 is out, whether the effects of closing came or not."""
    game = open_call(publish("pressure_cooker"))
    stage = game.stage()
    early, late = (dossier(game.call, at=game.at) for _ in range(2))
    for case in (early, late):
        saved(case, game.at, **answers_for(stage.rules.form))
    if closed:
        perform(StageMachine, "close", pk=stage.pk, actor=clock(), at=stage.closes_at)
    refused("in_window", ApplicationMachine, "submit", late, late.applicant, stage.closes_at)
    refused("in_window", ApplicationMachine, "submit", late, late.applicant, stage.opens_at - MOMENT)
    take("submit", early, early.applicant, stage.closes_at - MOMENT)
    assert Application.objects.get(pk=early.pk).submitted_at == stage.closes_at - MOMENT


def test_a_personal_window():
    game = open_call(publish("pressure_cooker"))
    stage = game.stage()
    case = dossier(game.call, at=game.at)
    saved(case, game.at, **answers_for(stage.rules.form))
    until = stage.closes_at + timedelta(days=3)
    Application.objects.filter(pk=case.pk).update(personal_until=until)
    refused("stage_takes_no_more", ApplicationMachine, "lapse", case, clock(), close(stage))
    refused("in_window", ApplicationMachine, "submit", case, case.applicant, until)
    take("submit", case, case.applicant, until - MOMENT)


def test_gaps_keep_a_form_out():
    game = open_call(publish("pressure_cooker"))
    case = dossier(game.call, at=game.at)
    refused("form_complete", ApplicationMachine, "submit", case, case.applicant, game.at)
    refused("stage_takes_no_more", ApplicationMachine, "lapse", case, clock(), game.at)


def test_only_formal_gaps_are_mended_and_in_time():
    everybody = cast()
    game = open_call(publish("pressure_cooker"), house=everybody.house)
    case = submitted(game.call, at=game.at, case=everybody.dossier(game.call, at=game.at))
    officer, signer, form = everybody["officer"], everybody["signer"], case.rules.form
    at = close(game.stage())
    refused("gaps_are_formal", ApplicationMachine, "request_completion", case, officer, at)
    judged = [{"field": form.title, "words": "Een beter idee."}]
    refused("gaps_are_formal", ApplicationMachine, "request_completion", case, officer, at, gaps=judged)
    take("request_completion", case, officer, at, gaps=[{"field": "iban", "words": "Welke rekening?"}])
    until = Application.objects.get(pk=case.pk).repair_until
    refused("repair_term_over", ApplicationMachine, "set_aside", case, clock(), until - MOMENT, decision=0)
    refused("repair_in_time", ApplicationMachine, "complete", case, signer, until)
    draft = Application.objects.get(pk=case.pk).draft
    number = next(field.key for field in form.fields() if field.kind == "number")
    tried = (
        ({form.title: "Iets heel anders"}, "scored_content_unchanged"),
        ({number: "heel veel"}, "scored_content_unchanged"),
        ({"iban": ""}, "form_complete"),
    )
    for typed, rule in tried:
        Application.objects.filter(pk=case.pk).update(draft={**draft, **typed})
        refused(rule, ApplicationMachine, "complete", case, signer, at)
    Application.objects.filter(pk=case.pk).update(draft={**draft, "iban": "NL20INGB0001234567"})
    take("complete", case, signer, until - MOMENT)


def test_the_first_request_sets_the_term_for_all_in_a_round():
    """Also for who is asked later, and after the first has completed already; once its last day has come nothing more is asked."""
    game = open_call(publish("pressure_cooker"))
    first, second, third = (submitted(game.call, at=game.at) for _ in range(3))
    officer, at, gaps = game.house.officer, close(game.stage()), [{"field": "iban", "words": "Welke rekening?"}]
    for case in (first, second, third):
        declare(case, officer, at=at)
    take("request_completion", first, officer, at, gaps=gaps)
    until = Application.objects.get(pk=first.pk).repair_until
    take("complete", first, first.applicant, at + timedelta(days=2))
    take("request_completion", second, officer, at + timedelta(days=5), gaps=gaps)
    assert Application.objects.get(pk=second.pk).repair_until == until
    assert until == at + timedelta(days=third.rules.terms.repair_days)
    for late in (until.replace(hour=0), until, until + timedelta(days=1)):
        refused("repair_term_left", ApplicationMachine, "request_completion", third, officer, late, gaps=gaps)
    refused("repair_term_left", ApplicationMachine, "request_completion", first, officer, until, gaps=gaps)
    take("request_completion", third, officer, until.replace(hour=0) - timedelta(days=1), gaps=gaps)


def test_where_intake_never_closes_each_has_a_term_of_its_own():
    game = open_call(publish("minifund"))
    cases = [submitted(game.call, at=game.at) for _ in range(2)]
    formal = next(field.key for field in cases[0].rules.form.fields() if field.formal)
    for day, case in enumerate(cases):
        declare(case, game.house.officer, at=game.at)
        gaps = [{"field": formal, "words": "Leeg."}]
        take("request_completion", case, game.house.officer, game.at + timedelta(days=5 * day), gaps=gaps)
    early, late = (Application.objects.get(pk=case.pk).repair_until for case in cases)
    assert late - early == timedelta(days=5)


def test_screening():
    everybody = cast()
    game = open_call(publish("minifund"), house=everybody.house)
    case = submitted(game.call, at=game.at, case=everybody.dossier(game.call, at=game.at))
    officer, coach = everybody["officer"], everybody["coach"]
    ticked = {check.key: True for check in case.rules.checklist}
    refused("intake_done", ApplicationMachine, "find_eligible", case, officer, game.at, checklist=ticked)
    called = {"called_at": game.at - timedelta(hours=1), "called_with": "Bo de Vries"}
    refused("intake_fits", ApplicationMachine, "intake", case, coach, game.at, serious=True, note="", missing=["nothing"])
    for wrong in ({"called_at": game.at + timedelta(hours=1)}, {"called_with": " "}):
        refused("intake_fits", ApplicationMachine, "intake", case, coach, game.at, serious=True, note="", **{**called, **wrong})
    take("intake", case, coach, game.at, serious=False, note="Nog niet.", missing=["aid_before"], **called)
    refused("coach_weighed", ApplicationMachine, "find_eligible", case, officer, game.at, checklist=ticked)
    take("intake", case, coach, game.at, serious=True, note="Nu wel.")
    refused("checklist_done", ApplicationMachine, "find_eligible", case, officer, game.at, checklist={})
    take("find_eligible", case, officer, game.at, checklist=ticked)
    refused("is_judged_in_turn", ApplicationMachine, "place", case, clock(), game.at)


def test_a_stage_without_a_coach_has_no_intake():
    everybody = cast()
    game = open_call(publish("pressure_cooker"), house=everybody.house)
    case = submitted(game.call, at=game.at, case=everybody.dossier(game.call, at=game.at))
    refused("has_coach_intake", ApplicationMachine, "intake", case, everybody["coach"], game.at, serious=True, note="")


def test_state_aid_declared_and_given_before():
    everybody = cast()
    game = open_call(publish("pressure_cooker"), house=everybody.house, ceiling=Decimal(400000))
    said = {"aid_before": "yes", "aid_received": "290000.01"}
    case = submitted(game.call, at=game.at, case=everybody.dossier(game.call, at=game.at), **said)
    ticked = {check.key: True for check in case.rules.checklist}
    refused("within_state_aid", ApplicationMachine, "find_eligible", case, everybody["officer"], game.at, checklist=ticked)
    said["aid_received"] = "290000"
    case = submitted(game.call, at=game.at, case=everybody.dossier(game.call, at=game.at), **said)
    take("find_eligible", case, everybody["officer"], game.at, checklist=ticked)


def test_an_award_counts_earlier_ones_but_not_itself():
    """€ 150,000 twice is € 300,000 and passes; one euro more does not. The grant of the award itself is not counted as earlier."""
    from tests.factories.awarded import award

    years = [{"year": str(year), "item": "Makers", "amount": "50000.00"} for year in (1, 2, 3)]
    it = award(2, amount="150000", years="3", per_year=years)
    assert [grant.amount for grant in it.grants] == [Decimal(150000)] * 2
    new = submitted(it.game.call, at=it.game.at, case=it.cast.dossier(it.game.call, at=it.game.at, settled=False))
    declare(new, it.cast["officer"], at=it.at)
    ticked = {check.key: True for check in new.rules.checklist}
    refused("within_state_aid", ApplicationMachine, "find_eligible", new, it.cast["officer"], it.at, checklist=ticked)
    later = it.at.replace(year=it.at.year + 3) + timedelta(days=1)
    take("find_eligible", new, it.cast["officer"], later, checklist=ticked)


def test_what_follows_from_a_decision_follows_from_nothing_else():
    game = open_call(publish("minifund"))
    case = submitted(game.call, at=game.at)
    refused("carried", ApplicationMachine, "find_ineligible", case, clock(), game.at, decision=0)
    screen(case, game.house, game.at)
    for assessor in game.house.assessors:
        score(case, assessor, game.at, officer=game.house.officer)
    decision = propose_in_turn(pk=case.pk, actor=game.house.officer, at=game.at)
    for name in ("admit", "award", "reserve", "refuse"):
        refused("carried", ApplicationMachine, name, case, clock(), game.at, decision=decision.pk, amount=Decimal(1))
    decide(decision, game.house, game.at)
    refused("nothing_due", ApplicationMachine, "close", case, clock(), game.at)
    assert Grant.objects.get().state == "settled"


def test_a_plan_is_revised_on_request():
    game = open_call(publish("pressure_cooker"))
    case = submitted(game.call, at=game.at)
    at = close(game.stage())
    screen(case, game.house, at)
    declare(case, *game.house.assessors, at=at)
    for assessor in game.house.assessors:
        of_sheet = {"application": case, "stage": game.stage(), "juror": assessor}
        from workflows.commands import create
        from workflows.models import ScoresheetMachine

        create(ScoresheetMachine, "assign", of=of_sheet, actor=game.house.officer, at=at)
    perform(StageMachine, "start_scoring", pk=game.stage().pk, actor=game.house.officer, at=at)
    refused("revision_was_asked", ApplicationMachine, "revise", case, case.applicant, at)
    refused("reason_given", ApplicationMachine, "ask_revision", case, game.house.officer, at)
    take("ask_revision", case, game.house.officer, at, reason="Het budget klopt niet.")
    refused("revision_was_asked", ApplicationMachine, "revise", case, case.applicant, at)


def test_the_next_stage_and_the_reserve_list():
    """Decisions a ranking did not make, on a case that was judged: what follows waits for its day."""
    game = open_call(publish("minifund"))
    house, at = game.house, game.at
    cases = [submitted(game.call, at=at) for _ in range(2)]
    for case in cases:
        screen(case, house, at)
        for assessor in house.assessors:
            score(case, assessor, at, officer=house.officer)
    admitted, reserved = cases
    decide(propose_for(pk=admitted.pk, kind=DecisionKind.ADMIT, ground="", reasons="", actor=house.officer, at=at), house, at)
    refused("next_stage_takes", ApplicationMachine, "start_next", admitted, clock(), at)
    made = propose_for(pk=reserved.pk, kind=DecisionKind.RESERVE, ground="ceiling", reasons="", actor=house.officer, at=at)
    last = (at + timedelta(weeks=1)).date()
    type(made).objects.filter(pk=made.pk).update(facts={**made.facts, "reserve_place": 1, "reserve_until": str(last)})
    decide(type(made).objects.get(pk=made.pk), house, at)
    refused("reserve_expired", ApplicationMachine, "expire", reserved, clock(), at + timedelta(weeks=1))
    take("expire", reserved, clock(), at + timedelta(weeks=1, days=1))


def test_the_next_stage_opens_later():
    from tests.workflows.machines.test_stage import first_stage

    everybody = cast()
    game, case = first_stage(everybody)
    before = game.stage(2).opens_at - MOMENT
    refused("next_stage_takes", ApplicationMachine, "start_next", case, clock(), before)
    take("start_next", case, clock(), before, personal_until=before + timedelta(days=90))
    assert Application.objects.get(pk=case.pk).state == "draft"


def test_a_reminder_comes_at_its_moment_and_once():
    game = open_call(publish("crossover"))
    stage, case, late = game.stage(), dossier(game.call, at=game.at), dossier(game.call, at=game.stage().closes_at - timedelta(days=3))
    week = stage.closes_at - timedelta(days=7)
    for each, at in ((case, week - MOMENT), (case, stage.closes_at), (late, stage.closes_at - timedelta(days=2))):
        refused("reminder_due", ApplicationMachine, "remind", each, clock(), at)
    take("remind", case, clock(), week)
    refused("not_reminded_yet", ApplicationMachine, "remind", case, clock(), week + timedelta(days=1))
    take("remind", case, clock(), stage.closes_at - timedelta(days=1))
