"""The grounds on which a grant is taken back, as a letter says them (Awb 4:46, 4:48, 4:49, 4:50)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.letters.document import Paragraph
from tender.enums import GrantGround as G
from tender.taking import article_of

if TYPE_CHECKING:
    from reports.letters.facts import LetterFacts

WORDS = {
    G.NOT_DONE: ("de activiteiten niet of niet helemaal zijn gedaan", "the activities were not done, or not wholly"),
    G.DUTY: ("u een verplichting van de subsidie niet bent nagekomen", "you did not meet an obligation of the grant"),
    G.WRONG_DATA: (
        "u gegevens gaf die niet juist of niet volledig waren, en wij anders hadden besloten als ze juist waren geweest",
        "you gave data that were not right or not complete, and we would have decided otherwise had they been",
    ),
    G.WRONG_AWARD: (
        "de subsidie niet had mogen worden verleend en u dat wist of kon weten",
        "the grant should not have been awarded, and you knew or could have known that",
    ),
    G.BUDGET: (
        "er in de begroting niet genoeg geld voor beschikbaar is gesteld",
        "not enough money was made available for it in the budget",
    ),
    G.MISTAKE: ("de subsidie niet juist is verleend", "the grant was not awarded rightly"),
    G.CHANGED: (
        "de omstandigheden of inzichten zijn veranderd en de subsidie daarom niet zo kan doorgaan",
        "circumstances or insights have changed, so that the grant cannot go on like this",
    ),
    G.LATER_FACTS: (
        "wij feiten kennen die wij bij de vaststelling niet konden kennen",
        "we know facts that we could not know when we settled the grant",
    ),
    G.WRONG_SETTLING: (
        "de vaststelling niet juist was en u dat wist of kon weten",
        "the settlement was not right, and you knew or could have known that",
    ),
    G.LATER_DUTY: (
        "u na de vaststelling een verplichting niet bent nagekomen",
        "you did not meet an obligation after the settlement",
    ),
}  # fmt: skip
"""Each after "because", in Dutch and English."""
PARAGRAPHS = {"1": ("eerste lid", "first paragraph"), "2": ("tweede lid", "second paragraph")}


def article(f: LetterFacts, kind: str, ground: str) -> str:
    """The article of a ground in words: "artikel 4:48, eerste lid, onder b"."""
    number, paragraph, letter = article_of(kind, ground).replace(")", "").split("(")
    dutch, english = PARAGRAPHS[paragraph]
    return f.t(f"artikel {number}, {dutch}, onder {letter}", f"article {number}, {english}, under {letter}")


def because(f: LetterFacts, kind: str, ground: str) -> str | None:
    """Why, with the article; None for a letter of before grounds were kept."""
    if not ground:
        return None
    dutch, english = WORDS[G(ground)]
    where = article(f, kind, ground)
    return f.t(f"Wij doen dit omdat {dutch} ({where}, van de Algemene wet bestuursrecht).",
               f"We do this because {english} ({where}, of the General Administrative Law Act).")  # fmt: skip


def weighed(f: LetterFacts, weighing: str) -> list[Paragraph]:
    """What was weighed, word for word."""
    if not weighing:
        return []
    says = f.t("Wij hebben afgewogen wat dit voor u betekent:", "We weighed what this means for you:")
    return [Paragraph(says), Paragraph(weighing, lines=True)]
