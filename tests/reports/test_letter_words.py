"""What a letter says must hold: days that are sure or planned, the part that is refused, when the first year is paid, whole sentences."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reports.letters.facts import Payment, to_plain
from reports.letters.merging import values_of
from reports.letters.printing import html
from reports.letters.words import closed
from tests.reports.samples import facts_of


def page_of(facts):
    """The words of a letter, with single spaces."""
    return " ".join(html(facts.kind, to_plain(facts)).replace("\N{NO-BREAK SPACE}", " ").split())


def test_a_cancellation_is_known_on_the_day_it_is_printed():
    page = page_of(facts_of("cancellation", "nl"))
    assert "De laatste dag waarop u bezwaar kunt maken, is 5 januari 2027." in page
    assert "gepland" not in page
    assert "Wordt het een andere dag" not in page
    page = page_of(facts_of("refusal_rank", "nl"))
    assert "Maken wij dit besluit bekend op 24 november 2026, dan is 5 januari 2027" in page
    assert "Bekendmaking (gepland)" in page


@pytest.mark.parametrize("more", [{}, {"directly_settled": True, "accept_until": None, "paid_by": date(2027, 1, 5)}])
def test_what_does_not_fit_under_the_ceiling_is_refused_in_so_many_words(more):
    facts = replace(facts_of("award", "nl"), **more)
    page = page_of(facts)
    assert "Voor de rest wijzen wij uw aanvraag af (artikel 4:25 van de Awb)." in page
    assert ("of de subsidie niet aanvaarden" in page) is ("accept_until" not in more)
    assert "Voor de rest" not in page_of(replace(facts, asked=facts.amount))


def test_a_part_that_a_departure_gives_is_not_put_down_to_the_ceiling():
    page = page_of(replace(facts_of("award", "nl"), departure="De begroting is te hoog.", advised="award", advised_amount=Decimal(200_000)))
    assert "Dit is minder dan u vroeg; waarom, leest u hierboven. Voor de rest wijzen wij uw aanvraag af." in page
    assert "past niet onder het subsidieplafond" not in page


@pytest.mark.parametrize(
    ("paid_by", "said"), [(date(2027, 1, 5), "ineens, uiterlijk op 5 januari 2027, op de IBAN"), (None, "ineens, op de IBAN")]
)
def test_what_is_paid_in_one_sum_says_so_with_or_without_a_day(paid_by, said):
    facts = facts_of("award", "nl")
    page = page_of(replace(facts, directly_settled=True, accept_until=None, paid_by=paid_by, payments=facts.payments[:1]))
    assert said in page


@pytest.mark.parametrize(
    ("before", "said"),
    [(date(2026, 12, 1), "De termijn loopt tot en met 1 december"), (date(2026, 11, 20), "De termijn liep tot en met 20 november")],
)
def test_a_postponement_knows_whether_the_term_is_over(before, said):
    assert said in page_of(facts_of("postponement", "nl", before=before))


def test_the_own_row_of_the_ranking_stands_out_and_no_other():
    page = page_of(facts_of("refusal_rank", "nl"))
    assert page.count('class="marked"') == 1
    assert page.index('class="marked"') < page.index("uw aanvraag</td>") < page.index("</tr>", page.index('class="marked"'))


@pytest.mark.parametrize(
    ("kind", "articles"),
    [
        ("refusal_minimum", "artikel 4:23."), ("refusal_condition", "artikel 4:23."), ("refusal_rank", "de artikelen 4:25 en 4:26."),
        ("settlement", "de artikelen 4:42, 4:46 en 4:52."),
    ],
)  # fmt: skip
def test_the_law_a_letter_names_is_the_law_it_rests_on(kind, articles):
    """The ceiling (4:25) is no ground for who falls short of the scheme; what advances leave is paid under 4:52."""
    assert f"vooral {articles}" in page_of(facts_of(kind, "nl"))


@pytest.mark.parametrize(
    ("court", "said"),
    [(False, "waarop u bezwaar kunt maken, is nu 5 januari"), (True, "waarop u in beroep kunt gaan, is nu 5 januari")],
)
def test_a_correction_names_the_new_last_day_in_proper_order(court, said):
    assert said in page_of(facts_of("correction", "nl", term="anew", court=court))


def test_a_penalty_refused_to_somebody_else_does_not_say_that_the_party_wrote():
    page = page_of(facts_of("penalty", "nl", amount=Decimal(0), because="no_party"))
    assert "Iemand schreef ons dat wij te laat waren" in page
    assert "U schreef ons" not in page
    assert "U schreef ons" in page_of(facts_of("penalty", "nl"))


def test_the_first_year_is_paid_once_the_grant_is_accepted():
    years = tuple(Payment(f"jaar {year}", Decimal(1000), "year", date(2026 + year, 11, 24)) for year in (0, 1))
    page = page_of(replace(facts_of("award", "nl"), payments=years))
    assert "binnen zes weken nadat u de subsidie aanvaardt" in page
    assert "binnen zes weken na 24 november 2027" in page
    assert "binnen zes weken na 24 november 2026" not in page


def test_an_invitation_says_when_its_money_is_settled_at_once():
    facts = facts_of("invitation", "en")
    assert "settle the grant at that amount at once" not in page_of(facts)
    assert "settle the grant at that amount at once" in page_of(replace(facts, directly_settled=True))


@pytest.mark.parametrize(
    ("written", "said"),
    [("Te weinig geld", "Te weinig geld."), (" Er is brand. ", "Er is brand."), ("Waarom?", "Waarom?"), ("", ""), ("Zie…", "Zie…")],
)
def test_a_reason_ends_where_the_next_sentence_begins(written, said):
    assert closed(written) == said
    assert values_of(facts_of("cancellation", "nl", reason=written))["reason"] == said
