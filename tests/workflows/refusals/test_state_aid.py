"""What stops a grant for state aid, who may link parties, and the register."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext

from reports.letters.composing import compose
from reports.letters.facts import to_plain
from reports.letters.printing import html
from tender.calendar import amsterdam_day
from tender.enums import DecisionKind, Ground
from tender.models import Decision, Organisation, UndertakingLink
from tender.step import Step
from tender.templatetags.drietrap import euro
from tender.undertakings import balance_of, linked_with
from tests.factories import applicant, decide, declare, open_call, publish, score, screen, submitted, variant
from tests.factories.awarded import award
from tests.factories.cast import cast
from tests.workflows.pages.house import ranked_round, sign_in
from tests.workflows.refusals.saying import refused, refused_new, words
from workflows.commands import Refused, perform
from workflows.commands.linking import link_parties, note_aid
from workflows.commands.proposing import propose_for, propose_in_turn
from workflows.commands.rounds import propose_everyone
from workflows.departing import advice_in_words
from workflows.models import AidNoteMachine, ApplicationMachine, DecisionMachine, Event, GrantMachine, LinkMachine, StageMachine
from workflows.rules.publishing import proposals, proposals_sha256

pytestmark = pytest.mark.django_db
WHY = "Dezelfde bestuurder, blijkt uit het handelsregister."


def ticked(case):
    return {check.key: True for check in case.rules.checklist}


def linked(one, other, game, **said):
    return link_parties(one, other, since=game.at.date(), reason=WHY, actor=game.house.officer, at=game.at, **said)


def had(party, amount, game, on=None):
    return note_aid(
        party, body="Gemeente Assen", amount=Decimal(amount), granted_on=on or game.at.date(), reason="Hun opgave.",
        actor=game.house.officer, at=game.at,
    )  # fmt: skip


@pytest.fixture
def game():
    """A call of which each grant is € 10,000 flat, with two parties that handed in."""
    it = open_call(publish("pressure_cooker"), ceiling=Decimal(400000))
    it.cases = [submitted(it.call, at=it.at) for _ in range(2)]
    for case in it.cases:
        declare(case, *it.house.staff, at=it.at)
    return it


def test_what_another_body_gave_to_a_linked_party_counts(game):
    one, other = game.cases
    had(other.organisation, "290000.01", game)
    perform(ApplicationMachine, "find_eligible", pk=one.pk, actor=game.house.officer, at=game.at, checklist=ticked(one))
    one, third = submitted(game.call, at=game.at), applicant()[1]
    declare(one, *game.house.staff, at=game.at)
    linked(one.organisation, third, game)
    linked(other.organisation, one.organisation, game)
    refused("within_state_aid", ApplicationMachine, "find_eligible", one, game.house.officer, game.at, checklist=ticked(one))
    with pytest.raises(Refused) as said:
        perform(ApplicationMachine, "find_eligible", pk=one.pk, actor=game.house.officer, at=game.at, checklist=ticked(one))
    assert [figure in str(said.value) for figure in ("290.000,01", "10.000,00", "300.000,01", "300.000,00", "9.999,99")] == [True] * 5
    link = UndertakingLink.objects.get(organisation=one.organisation)
    perform(LinkMachine, "end", pk=link.pk, actor=game.house.officer, at=game.at, reason="Verkocht.", until=game.at.date())
    later = game.at + timedelta(days=1)
    perform(ApplicationMachine, "find_eligible", pk=one.pk, actor=game.house.officer, at=later, checklist=ticked(one))


def test_it_is_reckoned_again_at_signing_and_when_it_is_made_known():
    """What came between counts: aid noted after the chain agreed, and a link noted after the signature."""
    fund = open_call(publish("minifund"))
    house, at = fund.house, fund.at
    case = submitted(fund.call, at=at)
    screen(case, house, at)
    made = proposed(case, house, at)
    perform(DecisionMachine, "submit_for_check", pk=made.pk, actor=house.officer, at=at, seen=fresh(made).seen_sha256)
    assert fresh(made).link == "signatory"
    note = had(case.applicant, "299000", fund)
    refused("within_state_aid", DecisionMachine, "sign", made, house.signatory, at, seen=fresh(made).seen_sha256)
    perform(AidNoteMachine, "strike", pk=note.pk, actor=house.officer, at=at, reason="Vergissing.")
    signed = decide(fresh(made), house, at, publish=False)
    figures = Event.objects.get(kind="decision.sign").data["state_aid"]
    assert (figures["prior"], figures["threshold"]) == ("0", "300000")
    other = applicant()[1]
    had(other, "299000", fund)
    linked(case.applicant, other, fund)
    refused("within_state_aid", DecisionMachine, "publish", signed, house.signatory, at)
    parties = linked_with(other, at.date())
    assert balance_of(parties, at.date(), new=Decimal(0)).pending == signed.amount > 0
    assert balance_of(parties, at.date(), new=Decimal(0), without=signed.pk).pending == 0


def fresh(decision):
    return Decision.objects.get(pk=decision.pk)


def proposed(case, house, at):
    declare(case, *house.assessors, at=at)
    for juror in house.assessors[: case.rules.assessors]:
        score(case, juror, at, officer=house.officer)
    return propose_in_turn(pk=case.pk, actor=house.officer, at=at)


def test_where_nothing_is_covered_the_refusal_is_what_is_proposed():
    """On excess none of the aid is covered: the proposal refuses on that condition, with its figures, and the party is heard."""
    fund = open_call(publish("minifund"))
    case = submitted(fund.call, at=fund.at)
    screen(case, fund.house, fund.at)
    had(case.applicant, "299999", fund)
    made = proposed(case, fund.house, fund.at)
    assert (made.kind, made.ground, made.amount) == (DecisionKind.REFUSE, Ground.CONDITION, 0)
    assert "299.999,00" in made.reasons
    refused("heard_first", DecisionMachine, "submit_for_check", made, fund.house.officer, fund.at, seen=fresh(made).seen_sha256)


def test_what_state_aid_law_refuses_is_no_departure_and_what_was_advised_stays_what_the_ranking_said(client):
    """The panel advised an award: neither page, nor a departure from it, nor the letter says that it advised to refuse."""
    it, cases, at = ranked_round(3)
    house, stage = it.house, it.stage()
    placing = stage.rankings.latest().placings.order_by("order").first()
    had(placing.application.organisation, "299999.99", it)
    perform(StageMachine, "propose", pk=stage.pk, actor=house.officer, at=at)
    made = Decision.objects.get(application=placing.application)
    assert (made.kind, made.ground, made.amount, made.departure) == (DecisionKind.REFUSE, Ground.CONDITION, 0, "")
    assert made.advised == {"kind": "admit", "ground": "", "amount": str(placing.amount)}
    assert made.at_stake == placing.amount, "who is asked above an amount is asked for what is refused"
    page = sign_in(client, house.officer).get(reverse("workflows:decision", args=[made.pk])).content.decode()
    assert gettext("This departs from the advice") not in page
    assert client.get(reverse("workflows:decision", args=[made.pk])).context["advised"] == advice_in_words(made)
    form = client.get(reverse("workflows:step", args=["decision", made.pk, "depart"])).context["form"]
    assert form.about == gettext("The advice: %(advice)s.") % {"advice": advice_in_words(made)}
    assert advice_in_words(made) == f"{DecisionKind.ADMIT.label}, {euro(placing.amount)}"
    why = {"departure": "Het panel woog een bijlage mee die er niet bij hoorde; het ligt anders."}
    again = {"kind": DecisionKind.REFUSE, "ground": "condition", "amount": Decimal(0)}
    refused("departs", DecisionMachine, "depart", made, house.officer, at, **again, **why)
    advised = {"kind": DecisionKind.ADMIT, "ground": "", "amount": placing.amount}
    refused("departs", DecisionMachine, "depart", made, house.officer, at, **advised, **why)
    perform(DecisionMachine, "edit", pk=made.pk, actor=house.officer, at=at, amount=Decimal(0), reasons=made.reasons)
    assert fresh(made).advised == made.advised
    decide(fresh(made), house, at, publish=False)
    facts = compose(Event.objects.get(kind="decision.sign", key=made.pk))
    assert (facts.departure, facts.advised, facts.advised_amount) == ("", "admit", placing.amount)
    said = " ".join(html("refusal_condition", to_plain(facts)).split())
    assert "De regels voor staatssteun laten dat niet toe" in said
    assert "in afwijking van" not in said
    assert not [words for words in ("nemen het over", "nemen de punten over") if words in said]
    others = Decision.objects.filter(application__in=cases).exclude(pk=made.pk)
    assert [each.advised for each in others] == [{}, {}], "where it is followed nothing is said of it"


def test_a_verdict_of_assessors_stays_what_it_was_where_state_aid_law_refuses():
    fund = open_call(publish("minifund"))
    case = submitted(fund.call, at=fund.at)
    screen(case, fund.house, fund.at)
    had(case.applicant, "299999", fund)
    made = proposed(case, fund.house, fund.at)
    assert (made.advised["kind"], Decimal(made.advised["amount"])) == ("award", case.amount_asked)


def test_what_we_gave_counts_for_three_years():
    it = award(1)
    case, at = it.grants[0].application, it.at
    parties = linked_with(case.organisation, at.date())
    assert balance_of(parties, at.date(), new=Decimal(0)).prior == it.grants[0].amount
    assert balance_of(parties, at.date().replace(year=at.year + 3), new=Decimal(0)).prior == 0
    assert balance_of(parties, date(2023, 5, 1), new=Decimal(0)).threshold == 200000, "the regulation of before"
    assert balance_of(parties, date(2013, 5, 1), new=Decimal(0)) is None, "none that we know"


def test_in_a_ranked_round_who_is_not_covered_is_refused_on_that_condition():
    """Three applications of one organisation, € 150,000 each where the ceiling has it: the third would be too much, and gets nothing."""
    years = [{"year": str(year), "item": "Makers", "amount": "50000.00"} for year in (1, 2, 3)]
    it = award(3, amount="150000", years="3", per_year=years)
    assert [grant.amount for grant in it.grants] == [Decimal(150000)] * 2
    refusal = Decision.objects.get(kind=DecisionKind.REFUSE)
    assert (refusal.ground, refusal.amount, refusal.application.state) == (Ground.CONDITION, 0, "refused")
    assert "300.000,00" in refusal.reasons


def test_what_is_foreseen_for_a_round_is_what_is_proposed():
    """The preview, its hash and the deed reckon alike; what changes between looking and pressing stops all of it."""
    it, cases, at = ranked_round(3)
    stage, officer = StageMachine.objects.get(pk=it.stage().pk), it.house.officer
    day = amsterdam_day(at)
    before = proposals_sha256(stage, proposals(stage, day))
    best = stage.rankings.latest().placings.order_by("order").first().application
    had(best.organisation, "299999.99", it)
    refused("proposals_as_seen", StageMachine, "propose", stage, officer, at, seen=before)
    with pytest.raises(Refused):
        propose_everyone(stage, Step(officer, at, {"seen": before}))
    foreseen = {each.placing.application_id: (each.kind, each.ground, each.amount) for each in proposals(stage, day)}
    assert foreseen[best.pk] == (DecisionKind.REFUSE, Ground.CONDITION, Decimal(0))
    perform(StageMachine, "propose", pk=stage.pk, actor=officer, at=at, seen=proposals_sha256(stage, proposals(stage, day)))
    assert {each.application_id: (each.kind, each.ground, each.amount) for each in Decision.objects.all()} == foreseen
    assert len(cases) == 3


def test_the_basis_must_hold_still():
    """Nothing is announced of which the money is given when its regulation holds no more."""
    scheme = publish("pressure_cooker")
    assert scheme.definition.stages[0].aid == "de_minimis"
    with pytest.raises(Refused) as said:
        open_call(scheme, at=datetime(2031, 1, 5, 9, tzinfo=UTC), opened=False)
    assert words("basis_in_force", StageMachine, "announce") in said.value.reasons


def test_who_links_and_when():
    everybody = cast()
    game = open_call(publish("pressure_cooker"), house=everybody.house)
    case = everybody.dossier(game.call, at=game.at)
    other = Organisation.objects.create(name="Zuster", kvk="12345678")
    game.house = everybody.house
    with pytest.raises(Refused):
        linked(other, other, game)
    whole = linked(case.organisation, other, game, stated_in=case)
    assert Event.objects.filter(chain=f"undertaking:{whole.pk}", kind="link.link").count() == 2
    of = {"undertaking": whole, "organisation": other, "since": game.at.date()}
    officer = everybody["officer"]
    refused_new("not_linked_yet", LinkMachine, "link", of, officer, game.at, reason=WHY)
    third = Organisation.objects.create(name="Derde", kvk="12345679")
    later = {**of, "organisation": third, "since": game.at.date() + timedelta(days=1)}
    refused_new("linked_by_today", LinkMachine, "link", later, officer, game.at, reason=WHY)
    refused_new("reason_given", LinkMachine, "link", {**of, "organisation": third}, officer, game.at, reason=" ")
    linked(Organisation.objects.create(name="Vierde", kvk="12345670"), third, game)
    with pytest.raises(Refused):
        linked(other, third, game)
    link = UndertakingLink.objects.get(organisation=other)
    for until in (None, game.at.date() - timedelta(days=1), game.at.date() + timedelta(days=1)):
        refused("ends_in_order", LinkMachine, "end", link, officer, game.at, reason=WHY, until=until)
    for who in ("recused", "head", "signer", "auditor", "coach"):
        with pytest.raises(PermissionDenied):
            perform(LinkMachine, "end", pk=link.pk, actor=everybody[who], at=game.at, reason=WHY, until=game.at.date())
    for wrong in ({"body": " "}, {"amount": Decimal(0)}, {"amount": Decimal(20_000_000)}, {"granted_on": game.at.date() + timedelta(days=1)}):
        note = {"organisation": other, "body": "RVO", "amount": Decimal(5), "granted_on": game.at.date(), **wrong}
        refused_new("aid_is_right", AidNoteMachine, "note", note, officer, game.at, reason=WHY)


def test_a_grant_is_put_into_the_register_once():
    it = award(1)
    grant, today = it.grants[0], it.at.date()
    for on in (None, today - timedelta(days=1), today + timedelta(days=1)):
        refused("reported_by_now", GrantMachine, "report_aid", grant, it.cast["officer"], it.at, on=on)
    perform(GrantMachine, "report_aid", pk=grant.pk, actor=it.cast["controller"], at=it.at, on=today)
    refused("not_reported_yet", GrantMachine, "report_aid", grant, it.cast["officer"], it.at, on=today)


def test_only_de_minimis_aid_goes_into_the_register():
    it = award(1, version=variant("hub_support", ("state_aid = true\n", 'aid_basis = "gber"\n'), ('state_aid = "aid_declaration"\n', "")))
    refused("is_minimis", GrantMachine, "report_aid", it.grants[0], it.cast["officer"], it.at, on=it.at.date())


def test_what_is_noted_of_the_screening(game):
    case = game.cases[0]
    formal = next(field.key for field in case.rules.form.fields() if field.formal)
    good = {"checklist": {"days": True}, "notes": {"days": "Drie dagen."}, "gaps": [{"field": formal, "words": "Vul dit in."}]}
    judged = next(field.key for field in case.rules.form.fields() if not field.formal)
    for wrong in (
        {"checklist": {"nothing": True}}, {"notes": {"nothing": "x"}}, {"notes": {"days": "x" * 2001}},
        {"gaps": [{"field": judged, "words": "x"}]}, {"gaps": [{"field": formal, "words": " "}]}, {"gaps": good["gaps"] * 2},
    ):  # fmt: skip
        refused("screening_fits", ApplicationMachine, "screen", case, game.house.officer, game.at, **{**good, **wrong})
    perform(ApplicationMachine, "screen", pk=case.pk, actor=game.house.officer, at=game.at, **good)
    case.refresh_from_db()
    assert (case.checklist, case.checklist_notes, case.gaps_found) == (good["checklist"], good["notes"], good["gaps"])


def test_setting_aside_has_four_weeks_and_else_it_is_judged(game):
    case, house = game.cases[0], game.house
    formal = next(field.key for field in case.rules.form.fields() if field.formal)
    gaps = [{"field": formal, "words": "Leeg."}]
    perform(ApplicationMachine, "request_completion", pk=case.pk, actor=house.officer, at=game.at, gaps=gaps)
    case.refresh_from_db()
    refused("repair_term_over", ApplicationMachine, "judge_anyway", case, house.officer, game.at, reason="Het kan zonder.")
    ended = case.repair_until
    late = ended + timedelta(weeks=4, days=4)
    made = propose_for(pk=case.pk, kind=DecisionKind.SET_ASIDE, ground=Ground.NONE, reasons="Niets gekregen.", actor=house.officer, at=ended)
    perform(DecisionMachine, "submit_for_check", pk=made.pk, actor=house.officer, at=ended, seen=fresh(made).seen_sha256)
    refused("set_aside_in_time", DecisionMachine, "sign", made, house.signatory, late, seen=fresh(made).seen_sha256)
    refused("no_open_decision", ApplicationMachine, "judge_anyway", case, house.officer, late, reason="Te laat.")
    perform(DecisionMachine, "discard", pk=made.pk, actor=house.officer, at=late, reason="Te laat.")
    perform(ApplicationMachine, "judge_anyway", pk=case.pk, actor=house.officer, at=late, reason="Te laat.")
    case.refresh_from_db()
    assert (case.state, case.gaps) == ("submitted", [])
    assert case.suspended_days > 0, "the term stood still while it could be mended"
