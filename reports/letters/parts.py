"""The sections that letters share: why, on whose advice, on which law, and what to do if one does not agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.letters import words
from reports.letters.document import Figures, Paragraph, Table, section

if TYPE_CHECKING:
    from reports.letters.document import Section
    from reports.letters.facts import DecisionFacts, LetterFacts, Objection


def own_words(f: LetterFacts) -> list[Paragraph]:
    """The scheme's own paragraphs."""
    return [Paragraph(text, lines=bool(f.wording_id)) for text in f.own]


def reason_of(f: LetterFacts) -> Paragraph | None:
    """The reason that was written for this very letter, unless the scheme's own words hold it already."""
    return Paragraph(f.reason, lines=True) if f.reason and not f.says_reason else None


def heard(f: DecisionFacts) -> str | None:
    """That the party was heard before this was decided, and whether it said anything."""
    if f.intent_on is None:
        return None
    told = f.day(f.intent_on)
    if f.responded_on is None:
        return f.t(f"Op {told} schreven wij u wat wij van plan waren. U hebt daar niet op gereageerd.",
                   f"On {told} we wrote you what we intended. You did not respond to it.")  # fmt: skip
    said = f.day(f.responded_on)
    return f.t(f"Op {told} schreven wij u wat wij van plan waren. Uw reactie van {said} hebben wij meegewogen.",
               f"On {told} we wrote you what we intended. We took your response of {said} into account.")  # fmt: skip


def motivation(f: DecisionFacts, *said: str | None, table: bool = True) -> Section:
    """Why: what this kind of letter says, the scheme's own words, the written reason, and the figures."""
    return section(
        f.t("Waarom dit besluit", "Why this decision"),
        *said,
        *departure(f),
        f.made or None,
        *own_words(f),
        reason_of(f),
        figures(f),
        criteria(f) if table else None,
    )


def departure(f: DecisionFacts) -> list[Paragraph]:
    """That this departs from what was advised, what that was, and why (Awb 3:50); or what was advised and state-aid law does not cover, of
    which the figures follow in the reasons."""
    if not f.advised:
        return []
    if f.adviser and not f.readers:
        from_what = f.t(f"het advies van {f.adviser}", f"the advice of {f.adviser}")
        was = f.t("Het advies was om", "The advice was to")
    elif f.passes_needed:
        from_what, was = (
            f.t("het oordeel van de beoordelaars", "the verdict of the assessors"),
            f.t("De uitkomst was om", "The outcome was to"),
        )
    else:
        from_what, was = f.t("de rangschikking", "the ranking"), f.t("De uitkomst was om", "The outcome was to")
    if not f.departure:
        says = f.t(f"Op basis van {from_what} was het plan om {advised(f)}.", f"Going by {from_what}, the plan was to {advised(f)}.")
        return [Paragraph(f.t(f"{says} De regels voor staatssteun laten dat niet toe.", f"{says} The rules on state aid do not allow it."))]
    return [
        Paragraph(f.t(f"Wij besluiten in afwijking van {from_what}.", f"We decide otherwise than {from_what} says."), strong=True),
        Paragraph(f.t(f"{was} {advised(f)}. Wij wijken daarvan af om de volgende reden.",
                      f"{was} {advised(f)}. We depart from that for the following reason.")),
        Paragraph(f.departure, lines=True),
    ]  # fmt: skip


def advised(f: DecisionFacts) -> str:
    """What was advised, as it stands in a sentence."""
    money = f.money(f.advised_amount)
    return {
        "admit": f.t("u uit te nodigen voor de volgende ronde", "invite you to the next round"),
        "award": f.t(f"u {money} te verlenen", f"award you {money}"),
        "reserve": f.t("u op de reservelijst te zetten", "put you on the reserve list"),
    }.get(f.advised, f.t("uw aanvraag af te wijzen", "refuse your application"))


def figures(f: DecisionFacts) -> Figures | None:
    """Score, rank, line, verdict and ceiling, as far as they count here."""
    rows = (*standing(f), *money_limits(f))
    return Figures(rows) if rows else None


def standing(f: DecisionFacts) -> tuple[tuple[str, str], ...]:
    """How the application stands among the others, or with its assessors."""
    rows: list[tuple[str, str]] = []
    if f.score is not None:
        score = f.number(f.score)
        rows.append((f.t("Uw score", "Your score"), f.t(f"{score} van 100", f"{score} out of 100")))
    if f.rank is not None:
        rows.append((f.t("Uw rang", "Your rank"), f.t(f"{f.rank} van {f.ranked}", f"{f.rank} of {f.ranked}")))
    if f.line is not None:
        rows.append((f.t("Laagste score die is gekozen", "Lowest score that was selected"), f.number(f.line)))
    if f.passes is not None:
        label = f.t("Beoordelaars met een voldoende op alle vragen", "Assessors with a pass on every question")
        rows.append((label, f.t(f"{f.passes} ({f.passes_needed} nodig)", f"{f.passes} ({f.passes_needed} needed)")))
    return tuple(rows)


def money_limits(f: DecisionFacts) -> tuple[tuple[str, str], ...]:
    """The ceiling, and where it was reached."""
    if f.ceiling <= 0:
        return ()
    ceiling = (f.t("Subsidieplafond", "Ceiling"), f.money(f.ceiling))
    if f.ceiling_rank is None:
        return (ceiling,)
    at = f.t(f"rang {f.ceiling_rank}", f"rank {f.ceiling_rank}")
    return (ceiling, (f.t("Plafond bereikt bij", "Ceiling reached at"), at))


def criteria(f: DecisionFacts) -> Table | None:
    """The score per criterion, with its weight and its minimum."""
    if not any(each.score is not None for each in f.criteria):
        return None
    floors = any(each.floor is not None for each in f.criteria)
    head = [f.t("Criterium", "Criterion"), f.t("Weging", "Weight"), f.t("Uw score", "Your score")]
    rows = []
    for each in f.criteria:
        row = [each.label, words.percent(each.weight, f.language), "–" if each.score is None else f.number(each.score)]
        rows.append((*row, "–" if each.floor is None else f.number(each.floor)) if floors else tuple(row))
    if floors:
        head.append(f.t("Minimum", "Minimum"))
    caption = f.t("Uw score per criterium, van 0 tot 100", "Your score per criterion, from 0 to 100")
    return Table(caption, tuple(head), tuple(rows), numbers=tuple(range(1, len(head))))


def adviser(f: DecisionFacts) -> list[Section]:
    """Who advised, and that the advice holds the reasons (Awb 3:49, 3:50); members who only scored apart are no adviser."""
    if f.readers:
        return [readers(f)]
    if not f.adviser:
        return []
    followed = f.t("Dat is zo, en wij nemen het over.", "It was and it does, and we follow it.")
    if f.departure:
        followed = f.t("Dat is zo. Toch wijken wij ervan af; waarom, leest u hierboven.",
                       "It was and it does. Still we depart from it; the reason is given above.")  # fmt: skip
    elif f.advised:
        followed = f.t("Dat is zo. Toch kunnen wij het niet volgen; waarom, leest u hierboven.",
                       "It was and it does. Still we cannot follow it; the reason is given above.")  # fmt: skip
    if f.advice:  # in the same paragraph: on its own it would be the one line that slips to the next page
        followed += f.t(" Het advies vindt u in de bijlage. Het maakt deel uit van dit besluit.",
                        " The advice is in the annex. It forms part of this decision.")  # fmt: skip
    return [
        section(
            f.t("Advies", "Advice"),
            f.t(
                f"Wij hebben advies gevraagd aan {f.adviser}. Wij hebben gekeken of het advies zorgvuldig tot stand is gekomen en of het is "
                f"gemotiveerd. {followed}",
                f"We asked {f.adviser} for advice. We looked at whether the advice was prepared with care and gives its reasons. {followed}",
            ),
        )
    ]


def readers(f: DecisionFacts) -> Section:
    """Who scored it apart from each other, without a meeting: members of a panel, or assessors."""
    one = f.readers == 1
    if f.adviser:
        who = f.t(f"{'lid' if one else 'leden'} van {f.adviser}", f"{'member' if one else 'members'} of {f.adviser}")
        apart = f.t(f" {words.capital(f.adviser)} heeft er niet over vergaderd.", f" {words.capital(f.adviser)} held no meeting on it.")
    else:
        who, apart = f.t("beoordelaar" if one else "beoordelaars", "assessor" if one else "assessors"), ""
    number = words.capital(words.count(f.readers, f.language))
    followed = f.t("Dat is zo, en wij nemen de punten over.", "It was, and we follow the scores.")
    if f.advised:
        followed = f.t("Dat is zo. Toch besluiten wij anders; waarom, leest u hierboven.",
                       "It was. Still we decide otherwise; the reason is given above.")  # fmt: skip
    return section(
        f.t("Wie uw aanvraag beoordeelden", "Who judged your application"),
        f.t(
            f"{number} {who} {'heeft' if one else 'hebben los van elkaar'} uw aanvraag gelezen en punten gegeven.{apart} Wij hebben gekeken "
            f"of dat zorgvuldig is gebeurd. {followed}",
            f"{number} {who} read your application and scored it{'' if one else ', apart from each other'}.{apart} We looked at whether that "
            f"was done with care. {followed}",
        ),
        f.t(
            "Wat daarbij is opgemerkt, vindt u in de bijlage. Het maakt deel uit van dit besluit.",
            "The remarks are in the annex. They form part of this decision.",
        )
        if f.advice
        else None,
    )


def advice_annex(f: DecisionFacts) -> list[Section]:
    """The advice itself, or the remarks of those who scored: criterion by criterion, then on the whole. The decision gives its reasons by
    it, so it is enclosed in full (Awb 3:49, 3:50); it names no member.
    """
    if not f.advice:
        return []
    heading = f.t(f"Bijlage: advies van {f.adviser}", f"Annex: advice of {f.adviser}")
    if f.readers:
        heading = f.t("Bijlage: opmerkingen bij uw aanvraag", "Annex: remarks on your application")
    if not f.advice_parts:
        return [section(heading, *lines_of(f.advice), annex=True)]
    whole = f.t("In het geheel", "On the whole")
    blocks = [block for part in f.advice_parts for block in (Paragraph(part.label or whole, strong=True), *lines_of(part.text))]
    return [section(heading, *blocks, annex=True)]


def ranking_annex(f: DecisionFacts) -> list[Section]:
    """The extract of the ranking: ranks and scores, the own row marked in words, and of the others no name."""
    if not f.extract:
        return []
    yes, no, own = f.t("gekozen", "selected"), f.t("niet gekozen", "not selected"), f.t("uw aanvraag", "your application")
    rows = tuple(
        (str(row.rank), own if row.own else "", yes if row.inside else no, "–" if row.score is None else f.number(row.score))
        for row in f.extract
    )
    left_out = None
    if any(row.score is None for row in f.extract):
        left_out = f.t(
            "Een streepje betekent: deze score noemen wij niet, omdat u anders kunt raden van wie zij is.",
            "A dash means: we do not tell this score, because you could otherwise guess whose it is.",
        )
    head = (f.t("Rang", "Rank"), f.t("Aanvraag", "Application"), f.t("Uitkomst", "Outcome"), f.t("Score", "Score"))
    return [
        section(
            f.t("Bijlage: uittreksel van de rangschikking", "Annex: extract of the ranking"),
            f.t(
                "Hier ziet u waar uw aanvraag staat tussen de andere. Namen en titels van anderen staan er niet in. Een gelijke score geeft een "
                "gelijke rang.",
                "Here you see where your application stands among the others. It holds no names or titles of others. An equal score gives an "
                "equal rank.",
            ),
            left_out,
            Table(
                f.t("Rang en score, van 0 tot 100", "Rank and score, from 0 to 100"),
                head,
                rows,
                numbers=(3,),
                marked=next((place for place, row in enumerate(f.extract) if row.own), None),
            ),
            annex=True,
        )
    ]


def lines_of(text: str) -> list[Paragraph]:
    """A paragraph a line, as it was written."""
    return [Paragraph(line) for line in text.splitlines() if line.strip()]


def legal(f: LetterFacts, articles: tuple[str, ...]) -> Section:
    """The law it rests on: the scheme, and the articles of the general act that carry this kind of decision."""
    named = words.listed(articles, f.language)
    return section(
        f.t("Wettelijke grondslag", "Legal basis"),
        f.t(
            f"Dit besluit is gebaseerd op: {f.legal_basis}. Van de Algemene wet bestuursrecht (Awb) "
            f"{_gelden(articles)} vooral "
            f"{_article(articles, 'artikel', 'de artikelen')} {named}.",
            f"This decision rests on: {f.legal_basis}. Of the General Administrative Law Act (Awb), "
            f"{_article(articles, 'article', 'articles')} {named} {'applies' if len(articles) == 1 else 'apply'} in "
            f"particular.",
        ),
    )


def _gelden(articles: tuple[str, ...]) -> str:
    return "geldt" if len(articles) == 1 else "gelden"


def _article(articles: tuple[str, ...], one: str, more: str) -> str:
    return one if len(articles) == 1 else more


def objection(f: LetterFacts, *, planned: bool = True) -> list[Section]:
    """The clause: who, how, to whom, and until when. The last day is reckoned from the day named in the letter's
    head; where that day is only planned, the letter says that it may move.
    """
    if f.objection is None:
        return []
    o = f.objection
    if o.appeal:
        return [appeal(f, o, planned=planned)]
    last_day = f.t(
        f"Maken wij dit besluit bekend op {f.day(o.known_on)}, dan is {f.day(o.until)} de laatste dag waarop u bezwaar kunt maken.",
        f"If we make this decision known on {f.day(o.known_on)}, the last day on which you can object is {f.day(o.until)}.",
    )
    moves: str | None = f.t(
        "Wordt het een andere dag, dan schuift de laatste dag mee. De datum die voor u geldt, staat in het portaal bij dit besluit en in "
        "het bericht dat u daarover krijgt.",
        "If it is another day, the last day moves with it. The date that holds for you is in the portal, beside this decision, and in the "
        "message that we send you about it.",
    )
    if not planned:
        moves = None
        last_day = f.t(f"De laatste dag waarop u bezwaar kunt maken, is {f.day(o.until)}.",
                       f"The last day on which you can object is {f.day(o.until)}.")  # fmt: skip
    return [
        section(
            f.t("Bent u het niet eens met dit besluit?", "Do you disagree with this decision?"),
            f.t(
                "Mail ons gerust eerst; vaak helpt dat al. U kunt ook bezwaar maken. Dat kan binnen zes weken. De termijn begint op de "
                "dag nadat dit besluit in uw portaal staat.",
                "Feel free to mail us first; that often helps. You can also object. You must do so within six weeks. The term starts on "
                "the day after this decision is placed in your portal.",
            ),
            Paragraph(last_day, strong=True),
            moves,
            f.t(
                f"U maakt bezwaar in het portaal, bij uw aanvraag. Per post mag ook, aan {o.to}. Zet er dan in: uw naam en adres, de datum, "
                f"het kenmerk {f.reference}, waarom u het niet eens bent met het besluit, en uw handtekening.",
                f"You object in the portal, with your application. You can also write by post, to {o.to}. Then put in your letter: your name "
                f"and address, the date, the reference {f.reference}, why you disagree with the decision, and your signature.",
            ),
        )
    ]


def appeal(f: LetterFacts, o: Objection, *, planned: bool) -> Section:
    """The clause of a decision that was taken on an objection: not another objection, but the court (Awb 8:1, 6:7)."""
    last_day = f.t(f"De laatste dag waarop u in beroep kunt gaan, is {f.day(o.until)}.",
                   f"The last day on which you can appeal is {f.day(o.until)}.")  # fmt: skip
    if planned:
        last_day = f.t(
            f"Maken wij dit besluit bekend op {f.day(o.known_on)}, dan is {f.day(o.until)} de laatste dag waarop u in beroep kunt gaan. "
            "Wordt het een andere dag, dan schuift de laatste dag mee; u vindt hem in het portaal.",
            f"If we make this decision known on {f.day(o.known_on)}, the last day on which you can appeal is {f.day(o.until)}. If it is "
            "another day, the last day moves with it; you find it in the portal.",
        )
    return section(
        f.t("Bent u het niet eens met deze beslissing?", "Do you disagree with this decision?"),
        f.t(
            "Deze beslissing is genomen na uw bezwaar. U kunt er niet nog eens bezwaar tegen maken. U kunt wel in beroep gaan bij de rechtbank "
            "(artikel 8:1 van de Algemene wet bestuursrecht). Dat kan binnen zes weken. De termijn begint op de dag nadat deze beslissing in "
            "uw portaal staat.",
            "This decision was taken after your objection. You cannot object to it again. You can appeal to the court (article 8:1 of the "
            "General Administrative Law Act). You must do so within six weeks. The term starts on the day after this decision is placed in your "
            "portal.",
        ),
        Paragraph(last_day, strong=True),
        f.t(
            "U stuurt uw beroepschrift aan de rechtbank, afdeling bestuursrecht. Welke rechtbank dat is, en hoe u digitaal beroep instelt, leest "
            f"u op www.rechtspraak.nl. Zet erin: uw naam en adres, de datum, het kenmerk {f.reference}, waarom u het niet eens bent met de "
            "beslissing, en uw handtekening. Stuur een kopie van deze brief mee. De rechtbank vraagt griffierecht.",
            "You send your notice of appeal to the court, administrative law section. At www.rechtspraak.nl you can read which court that is, and "
            f"how to appeal online. Put in it: your name and address, the date, the reference {f.reference}, why you disagree with the "
            "decision, and your signature. Enclose a copy of this letter. The court charges a fee.",
        ),
    )


def contact(f: LetterFacts) -> Section:
    """Where to ask."""
    return section(
        f.t("Hebt u vragen?", "Do you have questions?"),
        f.t(
            f"Mail naar {f.sender.email} en noem het kenmerk {f.reference}. Wij helpen u graag.",
            f"Mail {f.sender.email} and mention the reference {f.reference}. We are glad to help.",
        ),
    )


def after_decision(f: DecisionFacts, *articles: str) -> list[Section]:
    """What closes every letter of a decision."""
    return [*adviser(f), legal(f, articles), *objection(f), contact(f), *advice_annex(f), *ranking_annex(f)]
