"""Every kind of letter, in both languages: what it says, what it is, and what it never does."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from reports.letters.facts import AdvicePart, Objection, from_plain, to_plain
from reports.letters.printing import LetterFault, html, press, print_letter
from reports.letters.registry import KINDS
from tender.calendar import objection_deadline
from tender.canonical import digest
from tender.schemes.checks.letters import KINDS as SCHEME_KINDS
from tender.schemes.checks.letters import NO_DECISION
from tests.reading import words_of
from tests.reports.samples import TEXTS, facts_of, sample

LANGUAGES = ("nl", "en")
EVERY = [(kind, language) for kind in KINDS for language in LANGUAGES]
DICTUM = {
    "receipt": (
        "Wij ontvingen uw aanvraag op 1 september 2026 om 10:30 uur",
        "We received your application on 1 September 2026 at 10:30",
    ),
    "completion": ("Uw aanvraag is onvolledig. Lever uiterlijk 8 december 2026 om 17:00 uur aan", "Your application is incomplete"),
    "set_aside": ("Wij behandelen uw aanvraag niet", "We do not process your application"),
    "invitation": ("Wij nodigen u uit voor Meerjarenfinanciering", "We invite you to Multi-year funding"),
    "nomination": ("De Creative Council draagt uw voorstel voor", "The Creative Council nominates your proposal"),
    "award": ("Wij verlenen u maximaal € 180.000,00", "We award you up to €180,000.00"),
    "reserve": (
        "U staat op plaats 1 van de reservelijst, geldig tot en met 31 mei 2027",
        "place 1 on the reserve list, valid up to and including 31 May 2027",
    ),
    "refusal_rank": ("Met een score van 68,25 staat u op rang 14 van 22", "With a score of 68.25 you are at rank 14 of 22"),
    "refusal_minimum": ("Op het totaal scoorde u 68,25; vereist is 70", "On the total you scored 68.25; 70 is required"),
    "refusal_ceiling": ("€ 250.000,00 is bereikt bij rang 12", "€250,000.00 is reached at rank 12"),
    "refusal_receipt_order": (
        "was het subsidieplafond van € 200.000,00 al bereikt",
        "had been reached when your complete application arrived",
    ),
    "refusal_condition": ("artikel 4, eerste lid", "article 4(1)"),
    "settlement": ("Wij stellen de subsidie vast op € 178.500,00", "We settle the grant at €178,500.00"),
    "penalty": ("Wij zijn u een dwangsom schuldig", "We owe you a penalty"),
    "cancellation": ("Wij trekken de openstelling", "We cancel the call"),
    "intent": (
        "Wij zijn van plan uw subsidie lager vast te stellen, op € 178.500,00",
        "We intend to settle your grant lower, at €178,500.00",
    ),
    "postponement": ("U ontvangt uiterlijk op 12 januari 2027 een besluit", "You will have a decision by 12 January 2027"),
    "objection_received": ("Wij beslissen uiterlijk op 4 januari 2027", "We decide by 4 January 2027"),
    "objection_completion": ("Stuur ons uiterlijk op 8 december 2026 wat ontbreekt", "Send us what is missing by 8 December 2026"),
    "objection_decided": ("Wij verklaren uw bezwaar gegrond", "We declare your objection founded"),
    "correction": ("In onze brief van 20 november 2026 staat een fout", "Our letter of 20 November 2026 has a mistake in it"),
    "withdrawal": ("Wij trekken uw subsidie helemaal in", "We withdraw your whole grant"),
    "recovery": (
        "U ontving € 90.000,00, maar hebt recht op € 0,00. Wij vorderen € 90.000,00 terug",
        "You received €90,000.00, but are entitled to €0.00. We claim back €90,000.00",
    ),
    "recovery_reminder": ("Betaal alsnog binnen twee weken", "Pay within two weeks"),
    "recovery_change": ("U mag in delen betalen", "You may pay in instalments"),
    "withdrawn": ("Op 24 november 2026 hebt u uw aanvraag “Zilte Dromen", "On 24 November 2026 you withdrew your application “Salty Dreams"),
    "default_noted": ("Voor elke dag vanaf 5 december 2026", "For each day from 5 December 2026"),
    "advance": (
        "Wij betalen u een voorschot van € 90.000,00, uiterlijk op 6 januari 2027, op de IBAN eindigend op 4300",
        "We pay you an advance of €90,000.00, by 6 January 2027, into the IBAN ending in 4300",
    ),
    "suspension": ("tot en met 22 februari 2027", "up to and including 22 February 2027"),
    "resumption": ("Vanaf 24 november 2026 betalen wij uw subsidie weer", "From 24 November 2026 we pay your grant again"),
    "report_approved": ("Wij hebben uw verslag “eindverslag” goedgekeurd", "We approved your report “final report”"),
    "report_returned": ("Het verslag had er op 1 november 2026 moeten zijn", "The report was due by 1 November 2026"),
    "report_rejected": ("Wij keuren uw verslag “eindverslag” niet goed", "We do not approve your report “final report”"),
    "report_due": ("uiterlijk op 24 november 2028", "by 24 November 2028"),
}  # fmt: skip


@pytest.fixture(scope="module")
def printed():
    """Every letter, printed once."""
    return {(kind, language): print_letter(kind, sample(kind, language)) for kind, language in EVERY}


def test_there_is_a_letter_for_every_kind_a_scheme_knows():
    assert set(KINDS) == set(SCHEME_KINDS)
    assert {kind for kind, found in KINDS.items() if not found.decides} == NO_DECISION


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_the_facts_survive_being_stored(kind, language):
    facts = facts_of(kind, language)
    assert from_plain(type(facts), to_plain(facts)) == facts


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_letter_says_what_it_must(printed, kind, language):
    t, text = TEXTS[language], words_of(printed[kind, language].pdf)
    for needed in ("CX26-0007", "Stichting Zout & Wind", t["sender"].address, t["sender"].signed_by, t["own"][0], t["call"]):
        assert needed in text
    assert DICTUM[kind][language == "en"] in text
    pages = printed[kind, language].pages
    assert (f"Page 1 of {pages}" if language == "en" else f"Pagina 1 van {pages}") in text


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_only_a_decision_carries_the_objection_clause(printed, kind, language):
    text = words_of(printed[kind, language].pdf)
    words = ("5 januari 2027", "bezwaar") if language == "nl" else ("5 January 2027", "object")
    decides = KINDS[kind].decides
    assert all(word in text for word in words) is (decides or kind == "correction"), "a mended letter says what becomes of its term"
    if decides:
        # What is decided on an objection goes to the court, and never to us again.
        assert (TEXTS[language]["objection"] in text) is (kind != "objection_decided")
        assert TEXTS[language]["legal_basis"] in text
        assert "Mr. A. de Vries" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_award_lays_out_the_money(printed, language):
    text = words_of(printed["award", language].pdf)
    t = TEXTS[language]
    for needed in (
        *t["payments"],
        *t["obligations"],
        "4300",
        t["activities"],
        "2023/2831",
        "4:34",
        t["adviser"],
        t["advice"].splitlines()[1],
    ):
        assert needed in text
    amounts = ("€ 90.000,00", "€ 89.000,00", "€ 1.000,00") if language == "nl" else ("€90,000.00", "€89,000.00", "€1,000.00")
    assert all(amount in text for amount in amounts)


@pytest.mark.parametrize(
    ("language", "more", "said", "annex"),
    [
        ("nl", {"readers": 2}, "Twee leden van de Creative Council hebben los van elkaar uw aanvraag gelezen", "opmerkingen bij uw aanvraag"),
        ("en", {"readers": 1}, "One member of the Creative Council read your application and scored it.", "remarks on your application"),
        ("nl", {"readers": 1, "adviser": ""}, "Eén beoordelaar heeft uw aanvraag gelezen", "opmerkingen bij uw aanvraag"),
        ("en", {"readers": 12, "adviser": ""}, "12 assessors read your application and scored it, apart", "remarks on your application"),
    ],
)  # fmt: skip
def test_who_only_read_apart_is_no_adviser(language, more, said, annex):
    """A panel advises when it meets; what some of its members score by themselves is not its advice."""
    text = words_of(print_letter("refusal_rank", sample("refusal_rank", language, **more)).pdf)
    assert said in text
    assert annex in text
    assert "Wij hebben advies gevraagd" not in text
    assert "for advice" not in text
    assert ("held no meeting" in text or "niet over vergaderd" in text) is ("adviser" not in more)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_gives_its_figures(printed, language):
    text = words_of(printed["refusal_minimum", language].pdf)
    assert ("Uw rang 14 van 22" if language == "nl" else "Your rank 14 of 22") in text
    assert all(criterion in text for criterion in TEXTS[language]["criteria"])


@pytest.mark.parametrize(("published", "until"), [(date(2026, 11, 13), "28 december 2026"), (date(2026, 2, 20), "7 april 2026")])
def test_the_last_day_is_computed(published, until):
    clause = Objection("het bestuur", published, objection_deadline(published))
    assert until in words_of(print_letter("refusal_rank", sample("refusal_rank", "nl", objection=clause)).pdf)


@pytest.mark.parametrize(("kind", "language"), EVERY)
def test_a_letter_is_an_accessible_pdf(printed, kind, language):
    reader = PdfReader(BytesIO(printed[kind, language].pdf))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == language
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "/StructTreeRoot" in root
    assert "CX26-0007" in reader.metadata.title
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    tags = set(tags_under(root["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/P", "/Figure"} <= tags


def tags_under(node):
    """Every tag of the structure tree."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from tags_under(child)
    elif hasattr(node, "get"):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from tags_under(node["/K"])


def test_every_font_is_embedded(printed):
    reader = PdfReader(BytesIO(printed["award", "nl"].pdf))
    fonts = {}
    for page in reader.pages:
        fonts |= page["/Resources"].get("/Font", {})
    files = [font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts.values()]
    assert files
    assert all({"/FontFile3", "/FontFile2"} & set(each) for each in files)
    assert all("Source-Sans" in each["/FontName"] for each in files)


@pytest.mark.parametrize(
    "address",
    ["https://evil.example/x.css", "file:///etc/passwd", "asset:///../../letters/words.py", "asset:///letter.css/../../../x.svg"],
)
def test_nothing_is_fetched_but_what_is_bundled(address):
    with pytest.raises(LetterFault):
        press(f'<html lang="nl"><head><title>x</title><link rel="stylesheet" href="{address}"></head><body>x</body></html>')
    with pytest.raises(LetterFault):
        press(f'<html lang="nl"><head><title>x</title></head><body><img alt="x" src="{address}"></body></html>')


HOSTILE = (
    '<script>alert(1)</script><img src="https://evil.example/p.png"><style>*{display:none}</style> {title} {% now "Y" %} 🎭 שלום مرحبا =cmd|x'
)


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_typed_stays_text(kind):
    page = html(kind, sample(kind, "nl", title=HOSTILE, own=(HOSTILE,), reason=HOSTILE))
    assert "<script" not in page
    assert "evil.example/p.png&quot;" in page
    pdf, _pages = press(page)
    text = words_of(pdf)
    assert "<script>alert(1)</script>" in text
    assert '{% now "Y" %}' in text


def test_the_long_title_fits_the_index():
    made = print_letter("award", sample("award", "nl", title="x" * 300, own_subject="Ja: " + "x" * 300))
    assert len(made.subject) == 200


def test_the_preview_says_that_it_is_one():
    concept = print_letter("award", sample("award", "nl"), concept=True)
    assert "concept" in words_of(concept.pdf)
    assert "(concept)" not in words_of(print_letter("award", sample("award", "nl")).pdf)


def test_the_same_facts_have_the_same_hash():
    assert digest(sample("award", "nl")) == digest(sample("award", "nl"))
    assert digest(sample("award", "nl")) != digest(sample("award", "nl", title="Anders"))


def test_a_record_of_another_shape_is_refused():
    with pytest.raises(TypeError, match="surprise"):
        print_letter("award", {**sample("award", "nl"), "surprise": 1})


@pytest.mark.parametrize(("kind", "fact"), [("award", "received_at"), ("set_aside", "asked_at")])
def test_just_after_midnight_in_amsterdam_is_the_new_day(kind, fact):
    page = html(kind, sample(kind, "nl", **{fact: datetime(2026, 1, 20, 23, 30, tzinfo=UTC)}))
    assert "21\N{NO-BREAK SPACE}januari\N{NO-BREAK SPACE}2026" in page
    assert "20\N{NO-BREAK SPACE}januari\N{NO-BREAK SPACE}2026" not in page


@pytest.mark.parametrize(("language", "whole"), [("nl", "In het geheel"), ("en", "On the whole")])
def test_the_advice_is_enclosed_criterion_by_criterion(language, whole):
    parts = (AdvicePart("Impact", "Sterke vraag.\nHelder doel."), AdvicePart("", "Doen."))
    text = words_of(print_letter("refusal_rank", sample("refusal_rank", language, advice_parts=parts)).pdf)
    annex = text[text.rindex("Bijlage: advies van" if language == "nl" else "Annex: advice of") :]
    places = [annex.index(said) for said in ("Impact", "Sterke vraag.", "Helder doel.", whole, "Doen.")]
    assert places == sorted(places)
    assert TEXTS[language]["advice"].splitlines()[0] not in text, "the same once: by criterion"


def test_a_letter_of_before_the_advice_went_by_criterion_still_prints():
    old = {name: value for name, value in sample("refusal_rank", "nl").items() if name != "advice_parts"}
    assert TEXTS["nl"]["advice"].splitlines()[1] in words_of(print_letter("refusal_rank", old).pdf)


REASON = "De Council woog een begroting mee die later is ingetrokken."
DEPARTS = {
    ("award", "nl"): ("Wij besluiten in afwijking van het advies van de Creative Council", "Het advies was om uw aanvraag af te wijzen"),
    ("award", "en"): ("We decide otherwise than the advice of the Creative Council says", "The advice was to refuse your application"),
    ("refusal_condition", "nl"): ("in afwijking van de rangschikking", "De uitkomst was om u € 9.500,00 te verlenen"),
    ("refusal_condition", "en"): ("otherwise than the ranking says", "The outcome was to award you €9,500.00"),
    ("nomination", "nl"): ("Wij nodigen u uit voor Meerjarenfinanciering", "Het advies was om u op de reservelijst te zetten"),
    ("nomination", "en"): ("We invite you to Multi-year funding", "The advice was to put you on the reserve list"),
    ("invitation", "nl"): ("in afwijking van de rangschikking", "Toch besluiten wij anders"),
    ("invitation", "en"): ("otherwise than the ranking says", "Still we decide otherwise"),
    ("refusal_minimum", "nl"): ("in afwijking van het oordeel van de beoordelaars", "u uit te nodigen voor de volgende ronde"),
    ("refusal_minimum", "en"): ("otherwise than the verdict of the assessors says", "invite you to the next round"),
}
ADVISED = {"award": "refuse", "refusal_condition": "award", "nomination": "reserve", "invitation": "refuse", "refusal_minimum": "admit"}


@pytest.mark.parametrize(("kind", "language"), DEPARTS)
def test_a_letter_says_that_it_departs_from_the_advice_what_that_was_and_why(kind, language):
    more = {"departure": REASON, "advised": ADVISED[kind], "advised_amount": Decimal(9500)}
    if kind == "invitation":
        more["readers"] = 3
    if kind == "refusal_minimum":
        more |= {"adviser": "", "advice": "", "passes": 1, "passes_needed": 2}
    page = " ".join(html(kind, to_plain(facts_of(kind, language, **more))).split())
    for words in (*DEPARTS[kind, language], REASON):
        assert words in page, words
    followed = ("en wij nemen het over", "we follow it", "nemen die voordracht over", "We follow that nomination")
    assert not [words for words in followed if words in page]


SAYS_AID = {
    ("nl", 0): ("Op basis van het advies van de jury was het plan om u", "Toch kunnen wij het niet volgen"),
    ("en", 0): ("Going by the advice of de jury, the plan was to award you", "Still we cannot follow it"),
    ("nl", 3): ("Op basis van de rangschikking was het plan om u", "Toch besluiten wij anders"),
    ("en", 3): ("Going by the ranking, the plan was to award you", "Still we decide otherwise"),
}


@pytest.mark.parametrize(("language", "readers"), SAYS_AID)
def test_a_letter_about_what_state_aid_law_does_not_cover_says_what_was_advised_and_of_no_departure(language, readers):
    more = {"advised": "award", "advised_amount": Decimal(9500), "adviser": "de jury", "readers": readers}
    page = " ".join(html("refusal_condition", to_plain(facts_of("refusal_condition", language, **more))).split())
    for words in (*SAYS_AID[language, readers], {"nl": "De regels voor staatssteun", "en": "The rules on state aid"}[language]):
        assert words in page, words
    for words in ("in afwijking", "otherwise than", "we follow it", "nemen het over", "we follow the scores", "nemen de punten over"):
        assert words not in page, words


@pytest.mark.parametrize(
    ("more", "nl", "en"),
    [
        ({"outcome": "unfounded", "follows": "", "heard_at": None, "no_hearing": "declined", "departs": True},
         ("ongegrond", "niet gehoord wilde worden", "beslissen anders dan dat advies"),
         ("unfounded", "did not want to be heard", "otherwise")),
        ({"outcome": "inadmissible", "ground": "late", "follows": "", "heard_at": None},
         ("niet-ontvankelijk", "was 23 november 2026", "6:7, 6:9 en 6:11"), ("inadmissible", "was 23 November 2026", "6:7, 6:9 and 6:11")),
        ({"outcome": "inadmissible", "ground": "gap", "follows": "", "heard_at": None},
         ("Er ontbrak iets", "6:5 en 6:6"), ("Something was missing", "6:5 and 6:6")),
        ({"outcome": "inadmissible", "ground": "no_interest", "follows": "", "heard_at": None}, ("geen belang",), ("not affected",)),
        ({"follows": "review"}, ("beoordelen uw aanvraag opnieuw", "nieuw besluit"), ("judge your application again", "new decision")),
        ({"follows": "otherwise"}, ("recht in uw subsidie",), ("right in your grant",)),
    ],
)  # fmt: skip
def test_what_is_decided_on_an_objection(more, nl, en):
    for language, needed in (("nl", nl), ("en", en)):
        text = words_of(print_letter("objection_decided", sample("objection_decided", language, **more)).pdf)
        assert all(word in text for word in needed), [word for word in needed if word not in text]
        assert ("rechtbank" if language == "nl" else "to the court") in text


def test_a_late_objection_is_told_so_and_a_new_decision_goes_to_the_court():
    late = words_of(print_letter("objection_received", sample("objection_received", "nl", in_time=False, hearing_at=None)).pdf)
    assert "kwam na de laatste dag; dat was 23 november 2026" in late
    assert "U hoort van ons wanneer en waar" in late
    to = Objection("het bestuur", date(2026, 11, 24), date(2027, 1, 5), appeal=True)
    anew = words_of(print_letter("award", sample("award", "nl", objection=to)).pdf)
    assert "in beroep" in anew
    assert "U maakt bezwaar" not in anew
