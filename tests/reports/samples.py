"""One letter of every kind, from facts made by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

from reports.letters.extract import Ranked, extract
from reports.letters.facts import (
    Addressee,
    AidFacts,
    Answer,
    Answers,
    Criterion,
    File,
    Objection,
    Payment,
    Report,
    Rung,
    Sender,
    Shortfall,
    Signer,
    to_plain,
)
from reports.letters.recovery import PlanPart
from reports.letters.registry import KINDS
from tender.calendar import amsterdam_day, file_open_from, papers_until

TEXTS = {
    "nl": {
        "title": "Zilte Dromen: crossover tussen zorg en spel",
        "sender": Sender(
            "het bestuur van Samenwerking Creatief Noord", "Groningen", "Postbus 1226, 9700 AE Groningen",
            "crossover@creatiefnoord.example", "Namens het bestuur van Samenwerking Creatief Noord",
        ),
        "scheme": "Crossovertender", "call": "Crossovertender 2026", "stage": "Voordracht door de Creative Council",
        "legal_basis": "Regeling crossovers Noord-Nederland 2026, artikelen 3 tot en met 12",
        "ladder": ("Programmeringsfonds", "Voordracht door de Creative Council", "Meerjarenfinanciering"),
        "function": "tekenbevoegd onder mandaat", "handler": "behandelaar bezwaar",
        "objection": "het bestuur van Samenwerking Creatief Noord, commissie bezwaarschriften, Postbus 1226, 9700 AE Groningen",
        "criteria": ("Crossover en vraagstuk", "Kwaliteit van de makers", "Aanpak en leren"), "total": "het totaal",
        "adviser": "de Creative Council",
        "advice": (
            "De Council ziet een sterk team met een scherpe vraag.\n"
            "De aanpak is nog weinig uitgewerkt: wie doet wat, en wanneer?"
        ),
        "own": ("Dank u wel voor het werk dat u in dit voorstel hebt gestoken.",),
        "next": "Meerjarenfinanciering", "activities": "Makers en verpleegkundigen ontwerpen samen speelse oefeningen voor thuis.",
        "obligations": (
            "U meldt het ons meteen als u het plan wilt wijzigen.", "U noemt Samenwerking Creatief Noord in uw uitingen.",
        ),
        "payments": ("Eerste voorschot", "Tweede voorschot", "Slotbetaling"), "reports": ("voortgangsverslag", "eindverslag"),
        "gaps": ("Handtekening van de penvoerder", "Uittreksel van de KvK"),
        "said": "Het uittreksel is ouder dan een jaar. Stuur een nieuw uittreksel.",
        "ground": "artikel 4, eerste lid: de aanvrager is starter of hooguit twee jaar geleden afgestudeerd",
        "reason": "U hebt € 1.500,00 minder uitgegeven dan begroot.",
        "section": "Over uw plan", "question": "Wat wilt u onderzoeken?",
        "answer": "Hoe spelen helpt om thuis te oefenen.\nEn wat dat vraagt van verpleegkundigen.",
        "table": "Begroting", "head": ("Post", "Bedrag"),
        "rows": (("Makers", "€ 12.000,00"), ("Werkplaats", "€ 8.500,00")),
    },
    "en": {
        "title": "Salty Dreams: a crossover of care and play",
        "sender": Sender(
            "the board of Samenwerking Creatief Noord", "Groningen", "Postbus 1226, 9700 AE Groningen",
            "crossover@creatiefnoord.example", "On behalf of the board of Samenwerking Creatief Noord",
        ),
        "scheme": "Crossover tender", "call": "Crossover tender 2026", "stage": "Nomination by the Creative Council",
        "legal_basis": "Crossover scheme Northern Netherlands 2026, articles 3 to 12",
        "ladder": ("Programming fund", "Nomination by the Creative Council", "Multi-year funding"),
        "function": "authorised to sign under mandate", "handler": "objection handler",
        "objection": "the board of Samenwerking Creatief Noord, objections committee, Postbus 1226, 9700 AE Groningen",
        "criteria": ("Crossover and question", "Quality of the makers", "Approach and learning"), "total": "the total",
        "adviser": "the Creative Council",
        "advice": "The Council sees a strong team with a sharp question.\nThe approach is thin: who does what, and when?",
        "own": ("Thank you for the work that you put into this proposal.",),
        "next": "Multi-year funding", "activities": "Makers and nurses design playful exercises for at home.",
        "obligations": (
            "You tell us at once if you want to change the plan.", "You mention Samenwerking Creatief Noord in what you publish.",
        ),
        "payments": ("First advance", "Second advance", "Last payment"), "reports": ("progress report", "final report"),
        "gaps": ("Signature of the lead partner", "Extract from the KvK register"),
        "said": "The extract is more than a year old. Send a new one.",
        "ground": "article 4(1): the applicant is a starter or graduated at most two years ago",
        "reason": "You spent €1,500.00 less than budgeted.",
        "section": "About your plan", "question": "What do you want to find out?",
        "answer": "How play helps people to exercise at home.\nAnd what that asks of nurses.",
        "table": "Budget", "head": ("Item", "Amount"),
        "rows": (("Makers", "€12,000.00"), ("Workshop", "€8,500.00")),
    },
}  # fmt: skip
ON = date(2026, 11, 24)
UNTIL = datetime(2026, 12, 8, 16, 0, tzinfo=UTC)
RECEIVED = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)
RANKED = {
    "asked": Decimal("24999.00"), "ceiling": Decimal("250000.00"), "score": Decimal("68.25"), "rank": 14, "ranked": 22,
}  # fmt: skip


def head(kind, language):
    t = TEXTS[language]
    statuses = ("done", "current", "next")
    return {
        "kind": kind, "language": language, "reference": "CX26-0007", "title": t["title"], "on": ON, "sender": t["sender"],
        "to": Addressee("Stichting Zout & Wind", "Janna Wiersma", ("Noorderhaven 12", "9712 VG Groningen")),
        "scheme": t["scheme"], "call": t["call"], "stage": t["stage"], "legal_basis": t["legal_basis"],
        "ladder": tuple(Rung(label, status) for label, status in zip(t["ladder"], statuses, strict=True)),
        "received_at": RECEIVED, "own": t["own"],
    }  # fmt: skip


def decides(language):
    t = TEXTS[language]
    return {
        "signer": Signer("Mr. A. de Vries", t["function"]),
        "objection": Objection(t["objection"], ON, date(2027, 1, 5)),
    }


def judged(language):
    t = TEXTS[language]
    scores = (
        (Decimal("0.4"), Decimal("71.5"), Decimal(50)),
        (Decimal("0.35"), Decimal("66.67"), None),
        (Decimal("0.25"), Decimal(65), None),
    )
    criteria = tuple(Criterion(label, *each) for label, each in zip(t["criteria"], scores, strict=True))
    return {**decides(language), **RANKED, "criteria": criteria, "adviser": t["adviser"], "advice": t["advice"]}


def money(language, amount="24999.00"):
    t, total = TEXTS[language], Decimal(amount)
    half = (total / 2).quantize(Decimal("0.01"))
    dues = ("acceptance", "report", "settlement")
    parts = (half, total - half - 1000, Decimal(1000))
    return {
        "amount": total, "activities": t["activities"], "starts_on": ON, "ends_on": date(2028, 11, 23), "years": 2,
        "accept_until": date(2027, 1, 5), "iban_end": "4300", "obligations": t["obligations"],
        "state_aid": True, "multi_year": True,
        "aid": AidFacts(
            regulation="(EU) 2023/2831", threshold=Decimal(300000), prior=Decimal(60000), pending=Decimal(5000), new=total,
            left=Decimal(235000) - total,
        ),
        "payments": tuple(
            Payment(label, part, due, None, t["reports"][0])
            for label, part, due in zip(t["payments"], parts, dues, strict=True)
        ),
        "reports": tuple(
            Report(label, day, day.year == 2028)
            for label, day in zip(t["reports"], (date(2027, 11, 24), date(2028, 11, 24)), strict=True)
        ),
    }  # fmt: skip


def onward(language):
    return {"next_stage": TEXTS[language]["next"], "next_until": datetime(2027, 2, 15, 16, 0, tzinfo=UTC)}


def extras(kind, language):
    t = TEXTS[language]
    copy = (Answers(t["section"], (Answer(t["question"], t["answer"]), Answer(t["table"], head=t["head"], rows=t["rows"]))),)
    makers = {
        "receipt": lambda: {
            "decide_by": date(2026, 12, 1), "submission_sha256": "ab12" * 16, "copy": copy,
            "frozen_sha256": "ef56" * 16, "key": "0123456789abcdef", "signature": "A" * 86 + "==",
            "check_at": "https://drietrap.example/ontvangst/controleren/",
            "files": (File("begroting <definitief>.pdf", 182_044, "cd34" * 16),),
        },
        "completion": lambda: {
            "gaps": t["gaps"], "said": (t["said"],), "until": UNTIL, "signer": Signer("Bo Jansma", t["function"]),
        },
        "set_aside": lambda: {
            **decides(language), "gaps": t["gaps"], "asked_at": RECEIVED, "until": UNTIL, "reason": t["said"],
        },
        "invitation": lambda: {**judged(language), **money(language), **onward(language)},
        "nomination": lambda: {**judged(language), **onward(language), "rank": 2, "score": Decimal("84.5")},
        "award": lambda: {**judged(language), **money(language, "180000.00"), "asked": Decimal(200_000), "rank": 2},
        "reserve": lambda: {**judged(language), "place": 1, "until": date(2027, 5, 31), "line": Decimal("70.1")},
        "refusal_rank": lambda: {
            **judged(language), "line": Decimal("70.1"), "selected": 12, "drawn": True,
            "extract": extract(
                Ranked(place, Decimal("70.1") + (12 - place) * Decimal("0.925"), place <= 12, own=place == 14) for place in range(1, 23)
            ),
        },
        "refusal_minimum": lambda: {
            **judged(language),
            "shortfalls": (
                Shortfall(t["total"], Decimal("68.25"), Decimal(70)), Shortfall(f"“{t['criteria'][0]}”", Decimal(45), Decimal(50)),
            ),
        },
        "refusal_ceiling": lambda: {**judged(language), "ceiling_rank": 12, "line": Decimal("70.1")},
        "refusal_receipt_order": lambda: {**decides(language), "ceiling": Decimal(200_000), "asked": Decimal(5000), "ladder": ()},
        "refusal_condition": lambda: {**decides(language), "grounds": (t["ground"],), "ladder": ()},
        "settlement": lambda: {
            **decides(language), "amount": Decimal("178500.00"), "awarded": Decimal("180000.00"), "advances": Decimal("150000.00"),
            "to_pay": Decimal("28500.00"), "paid_by": date(2027, 1, 5), "iban_end": "4300", "reason": t["reason"],
        },
        "cancellation": lambda: {**decides(language), "reason": t["said"]},
        "intent": lambda: {
            "until": UNTIL, "reason": t["reason"], "signer": Signer("Bo Jansma", t["function"]), "amount": Decimal("178500.00"),
            "awarded": Decimal("180000.00"),
        },
        "postponement": lambda: {
            "reason": t["said"], "signer": Signer("Bo Jansma", t["function"]), "before": date(2026, 12, 1),
            "decide_by": date(2027, 1, 12), "late_after": date(2026, 12, 1),
        },
        "penalty": lambda: {
            **decides(language), "came_on": date(2026, 12, 3), "last_day": date(2026, 12, 1), "starts_on": date(2026, 12, 18),
            "ends_on": date(2027, 1, 4), "amount": Decimal(462), "paid_by": date(2027, 2, 15), "iban_end": "4300",
        },
        "correction": lambda: {
            "reason": t["said"], "text": t["reason"], "mended_subject": t["title"], "mended_on": date(2026, 11, 20),
            "mended_sha256": "ab12" * 16, "term": "runs", "until": date(2027, 1, 5), "signer": Signer("Mr. A. de Vries", t["function"]),
        },
        "objection_received": lambda: {
            "signer": Signer("Sanne Wolters", t["handler"]), "decided_on": date(2026, 10, 12), "came_on": date(2026, 11, 20),
            "last_day": date(2026, 11, 23), "decide_by": date(2027, 1, 4), "hearing_at": UNTIL,
            "hearing_place": "Gedempte Zuiderdiep 1, Groningen", "papers_until": papers_until(amsterdam_day(UNTIL)),
            "file_from": file_open_from(amsterdam_day(UNTIL)),
        },
        "objection_completion": lambda: {
            "signer": Signer("Sanne Wolters", t["handler"]), "gaps": t["said"], "until": date(2026, 12, 8),
        },
        "objection_decided": lambda: {
            "signer": Signer("Mr. A. de Vries", t["function"]), "objection": Objection(t["objection"], ON, date(2027, 1, 5), appeal=True),
            "outcome": "founded", "follows": "rank", "reason": t["said"], "decided_on": date(2026, 10, 12), "came_on": date(2026, 11, 20),
            "last_day": date(2026, 11, 23), "heard_at": UNTIL,
        },
        "withdrawal": lambda: {
            **decides(language), "decides": "withdraw", "ground": "duty", "weighing": t["said"], "awarded": Decimal(180_000),
            "came_to": Decimal(180_000), "advances": Decimal(90_000), "reason": t["reason"],
        },
        "recovery": lambda: {
            **decides(language), "what": "claim", "received": Decimal(90_000), "amount": Decimal(90_000), "paid_by": date(2027, 1, 5),
            "iban": "NL91 ABNA 0417 1643 00", "account_name": "Samenwerking Creatief Noord", "reason": t["said"],
        },
        "recovery_reminder": lambda: {
            "what": "remind", "amount": Decimal("90131.51"), "interest": Decimal("131.51"), "paid_by": date(2026, 12, 8),
            "iban": "NL91 ABNA 0417 1643 00", "account_name": "Samenwerking Creatief Noord",
            "signer": Signer("Bo Jansma", t["function"]),
        },
        "recovery_change": lambda: {
            **decides(language), "what": "agree_plan",
            "plan": (PlanPart(date(2027, 1, 5), Decimal(40_000)), PlanPart(date(2027, 2, 5), Decimal(50_000))),
        },
        "withdrawn": dict,
        "default_noted": lambda: {
            "signer": Signer("Bo Jansma", t["function"]), "noted_for": date(2026, 11, 20), "last_day": date(2026, 11, 16),
            "penalty_from": date(2026, 12, 5),
        },
        "advance": lambda: {
            "instalment": t["payments"][0], "amount": Decimal("90000.00"), "paid_by": date(2027, 1, 6), "iban_end": "4300",
            "awarded": Decimal("180000.00"), "awarded_on": ON,
        },
        "suspension": lambda: {**decides(language), "reason": t["said"], "rests_until": date(2027, 2, 22)},
        "resumption": lambda: {"reason": t["said"], "signer": Signer("Bo Jansma", t["function"])},
        **{
            kind: lambda: {
                "report": t["reports"][1], "report_by": date(2026, 11, 1), "handed_in_on": date(2026, 10, 30), "final": True,
                "reason": t["said"], "signer": Signer("Bo Jansma", t["function"]),
            }
            for kind in ("report_approved", "report_returned", "report_rejected")
        },
        "report_due": lambda: {"report": t["reports"][1], "report_by": date(2028, 11, 24)},
    }  # fmt: skip
    return makers[kind]()


def facts_of(kind, language, **more):
    """The facts of a letter of ``kind``."""
    return KINDS[kind].facts(**{**head(kind, language), **extras(kind, language), **more})


def sample(kind, language, **more):
    """The same as they are stored."""
    return to_plain(facts_of(kind, language, **more))
