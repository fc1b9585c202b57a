"""What letters that give money share: amount, period, payments, reports, obligations, and the blocks the law asks
for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.letters import words
from reports.letters.document import Figures, Listing, Table, section

if TYPE_CHECKING:
    from reports.letters.document import Section
    from reports.letters.facts import GrantFacts, Payment


def what_you_get(f: GrantFacts) -> Section:
    """Activities, amount, period (Awb 4:30 to 4:32)."""
    rows = [(f.t("Bedrag", "Amount") if f.directly_settled else f.t("Maximaal bedrag", "Maximum amount"), f.money(f.amount))]
    if f.asked is not None:
        rows.append((f.t("U vroeg", "You asked for"), f.money(f.asked)))
    if f.starts_on and f.ends_on:
        rows.append((
            f.t("Periode", "Period"),
            f.t(f"{f.day(f.starts_on)} tot en met {f.day(f.ends_on)}", f"{f.day(f.starts_on)} to {f.day(f.ends_on)}"),
        ))  # fmt: skip
    if f.iban_end:
        rows.append((
            f.t("Rekening", "Account"),
            f.t(f"IBAN eindigend op {f.iban_end}", f"IBAN ending in {f.iban_end}"),
        ))  # fmt: skip
    return section(
        f.t("Wat u krijgt", "What you get"),
        f.t(
            f"De subsidie is voor “{f.title}”.{' ' + f.activities if f.activities else ''}",
            f"The grant is for “{f.title}”.{' ' + f.activities if f.activities else ''}",
        ),
        Figures(tuple(rows)),
        partial(f),
    )


def partial(f: GrantFacts) -> str | None:
    """That less is given than was asked: what the ceiling left (Awb 4:25, second paragraph), or what a departure from the advice says."""
    if f.asked is None or f.amount >= f.asked or f.ceiling <= 0:
        return None
    choice = ""
    if f.accept_until is not None:
        choice = f.t(" U kunt uw plan aan het bedrag aanpassen, of de subsidie niet aanvaarden.",
                     " You may fit your plan to the amount, or not accept the grant.")  # fmt: skip
    if f.departure:  # the ceiling is not why: the reason stands with the departure
        return f.t(
            f"Dit is minder dan u vroeg; waarom, leest u hierboven. Voor de rest wijzen wij uw aanvraag af.{choice}",
            f"This is less than you asked for; the reason is given above. We refuse your application for the rest.{choice}",
        )
    return f.t(
        f"Het hele bedrag dat u vroeg, past niet onder het subsidieplafond van {f.money(f.ceiling)}. Voor de rest wijzen wij uw aanvraag af "
        f"(artikel 4:25 van de Awb).{choice}",
        f"The whole amount that you asked for does not fit under the ceiling of {f.money(f.ceiling)}. We refuse your application for the rest "
        f"(article 4:25 of the Awb).{choice}",
    )


def due_words(f: GrantFacts, payment: Payment) -> str:
    """When an instalment is paid."""
    if payment.due == "report":
        return f.t(
            f"binnen zes weken nadat wij uw verslag “{payment.report}” goedkeuren",
            f"within six weeks after we approve your report “{payment.report}”",
        )
    if payment.due == "settlement":
        return f.t("na de vaststelling", "after the settlement")
    if payment.due == "year" and payment.on is not None and not (f.accept_until and payment.on <= f.accept_until):
        return f.t(f"binnen zes weken na {f.day(payment.on)}", f"within six weeks after {f.day(payment.on)}")
    if payment.due in {"acceptance", "year"}:  # the first year has begun before the party can accept
        return f.t("binnen zes weken nadat u de subsidie aanvaardt", "within six weeks after you accept the grant")
    return f.t("binnen zes weken na bekendmaking", "within six weeks after it is made known") + (
        f.t(f", uiterlijk op {f.day(f.paid_by)}", f", by {f.day(f.paid_by)} at the latest") if f.paid_by else ""
    )


def paying(f: GrantFacts) -> list[Section]:
    """Advances or the one payment, with their terms (Awb 4:86, 4:87, 4:95)."""
    if not f.payments:
        return []
    account = (
        f.t(f"op de IBAN eindigend op {f.iban_end}", f"into the IBAN ending in {f.iban_end}")
        if f.iban_end
        else f.t("op de rekening die u in het portaal opgeeft", "into the account that you give in the portal")
    )
    if f.directly_settled and len(f.payments) == 1:
        when = f.t(f", uiterlijk op {f.day(f.paid_by)}", f" by {f.day(f.paid_by)}") if f.paid_by else ""
        said = f.t(
            f"Wij betalen {f.money(f.amount)} ineens{when}, {account}.",
            f"We pay {f.money(f.amount)} in one sum{when}, {account}.",
        )
        return [section(f.t("Betaling", "Payment"), said)]
    rows = tuple((p.label, due_words(f, p), f.money(p.amount)) for p in f.payments)
    table = Table(
        f.t("Wanneer wij betalen", "When we pay"),
        (f.t("Voorschot", "Advance"), f.t("Wij betalen", "We pay"), f.t("Bedrag", "Amount")),
        rows,
        numbers=(2,),
        foot=(f.t("Samen", "Together"), "", f.money(sum((p.amount for p in f.payments), start=f.amount * 0))),
    )
    said = f.t(f"Wij betalen in voorschotten, {account}.", f"We pay in advances, {account}.")
    return [section(f.t("Voorschotten en betaling", "Advances and payment"), said, table)]


def accepting(f: GrantFacts) -> list[Section]:
    """That the party must accept, and until when."""
    if f.accept_until is None:
        return []
    return [
        section(
            f.t("Wat u nu moet doen", "What you must do now"),
            f.t(
                f"Aanvaard de subsidie in het portaal, vóór {f.day(f.accept_until)}. Doet u dat niet, dan vervalt de "
                f"subsidie en gaat het "
                "geld terug naar het subsidieplafond.",
                f"Accept the grant in the portal, before {f.day(f.accept_until)}. If you do not, the grant lapses "
                f"and the money goes back "
                "under the ceiling.",
            ),
        )
    ]


def owing(f: GrantFacts) -> list[Section]:
    """Obligations and reports (Awb 4:37 to 4:39)."""
    sections = []
    if f.obligations:
        said = f.t("Aan deze subsidie zitten verplichtingen:", "This grant comes with obligations:")
        sections.append(section(f.t("Verplichtingen", "Obligations"), said, Listing(f.obligations)))
    if f.reports:
        rows = tuple((words.capital(r.label), f.t("uiterlijk op ", "by ") + f.day(r.on)) for r in f.reports)
        table = Table(
            f.t("Uw verslagen", "Your reports"),
            (f.t("Verslag", "Report"), f.t("Wij ontvangen het", "We receive it")),
            rows,
        )
        sections.append(section(f.t("Verslag doen", "Reporting"), table))
    return sections


def state_aid(f: GrantFacts) -> tuple[str | Figures, ...]:
    """Under which regulation the grant is given, what the undertaking had before, and what is left of what it may have."""
    aid, most = f.aid, f.money(f.aid.threshold) if f.aid else f.t(f"€{words.NO_BREAK}300.000", "€300,000")
    regulation = aid.regulation if aid else "(EU) 2023/2831"
    said = f.t(
        f"Deze subsidie is de-minimissteun volgens Verordening {regulation}. Een onderneming mag in drie jaar niet meer dan {most} aan zulke "
        "steun krijgen; organisaties die met elkaar verbonden zijn, tellen samen als één. U hebt verklaard dat u met deze subsidie "
        "daaronder blijft. Wij melden de steun in het centrale register, binnen twintig werkdagen na dit besluit.",
        f"This grant is de-minimis aid under Regulation {regulation}. An undertaking may get at most {most} of such aid in three years; "
        "organisations that are linked count as one. You declared that you stay below that with this grant. We report the aid in the "
        "central register, within twenty working days after this decision.",
    )
    if aid is None:
        return (said,)
    rows = [
        (f.t("U had al, in drie jaar", "You already had, in three years"), f.money(aid.prior)),
        (f.t("Deze subsidie", "This grant"), f.money(aid.new)),
        (f.t("Daarna over", "Left after it"), f.money(aid.left)),
    ]
    if aid.pending:
        rows.insert(1, (f.t("Andere aanvragen, nog in behandeling", "Other applications, still under way"), f.money(aid.pending)))
    return said, Figures(tuple(rows))


def reservations(f: GrantFacts) -> list[Section]:
    """The blocks the law asks for: state aid, and money of budgets still to be adopted (Awb 4:34)."""
    sections = []
    if f.state_aid:
        sections.append(section(f.t("Staatssteun", "State aid"), *state_aid(f)))
    if f.multi_year:
        sections.append(
            section(
                f.t("Voorbehoud voor latere jaren", "Later years"),
                f.t(
                    "Voor zover de subsidie ten laste komt van een begroting die nog niet is vastgesteld, geldt zij "
                    "onder de voorwaarde dat "
                    "daarvoor genoeg geld beschikbaar komt (artikel 4:34 van de Awb).",
                    "As far as the grant is charged to a budget that has not been adopted yet, it holds on the "
                    "condition that enough money "
                    "becomes available for it (article 4:34 of the Awb).",
                ),
            )
        )
    return sections


def dates_note(f: GrantFacts) -> str | None:
    """That the days in this letter are reckoned from the day it is made known."""
    if f.objection is None:
        return None
    return f.t(
        f"De data in deze brief gaan uit van bekendmaking op {f.day(f.objection.known_on)}. Wordt het een andere dag, dan schuiven zij mee.",
        f"The dates in this letter assume that it is made known on {f.day(f.objection.known_on)}. If it is another day, they move with it.",
    )
