"""Letters about an objection, out of the very steps they follow from: what may be done before a hearing, and in which role somebody signs."""

from datetime import date, timedelta

import pytest

from reports.letters.composing import compose
from reports.letters.facts import from_plain
from reports.letters.printing import print_letter
from reports.letters.registry import KINDS
from reports.letters.words import day
from tender.calendar import amsterdam_day
from tender.clock import database_now
from tender.enums import Role
from tender.models import ProgressReport, User
from tests.factories import approve_report, declare, deliver, person
from tests.factories.objecting import advised, filed, published, take
from tests.reading import words_of
from tests.reports.samples import facts_of, sample
from tests.reports.test_afterwards import hand_in, running  # noqa: F401  a fixture
from workflows.commands import perform
from workflows.models import Event, Letter, Notification, ReportMachine

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def in_english(user):
    User.objects.filter(pk=user.pk).update(language="en")


# ── the hearing ───────────────────────────────────────────────────────────────────────────────────────────────
def test_the_letter_says_until_when_papers_can_be_sent_and_from_when_the_file_can_be_read():
    made = published()
    case, at = filed(made), made.at + 8 * DAY
    take(case, "acknowledge", made.handler, at, hearing_at=at + 20 * DAY)
    deliver()
    letter = Letter.objects.get(kind="objection_received")
    said, hearing = from_plain(KINDS[letter.kind].facts, letter.facts), amsterdam_day(at + 20 * DAY)
    assert (said.papers_until, said.file_from) == (hearing - 10 * DAY, hearing - 7 * DAY)


def test_of_a_sooner_hearing_that_the_party_agreed_to_no_day_is_named_that_is_over():
    made = published()
    case, at = filed(made), made.at + 8 * DAY
    take(case, "acknowledge", made.handler, at, hearing_at=at + 5 * DAY, agreed="Zij vroeg erom.")
    said = compose(Event.objects.get(kind="objection.acknowledge"))
    assert (said.papers_until, said.file_from) == (None, amsterdam_day(at))
    in_english(made.case().applicant)
    take(case, "plan_hearing", made.handler, at, hearing_at=at + 6 * DAY, agreed="Zij vroeg erom.")
    deliver()
    assert "send papers until then," in Notification.objects.get(event__kind="objection.plan_hearing").subject


def test_who_is_invited_by_mail_reads_the_same_days_there():
    made = published()
    case, at = filed(made), made.at + 8 * DAY
    take(case, "acknowledge", made.handler, at)
    in_english(made.case().applicant)
    take(case, "plan_hearing", made.handler, at, hearing_at=at + 20 * DAY)
    deliver()
    (mail,) = Notification.objects.filter(event__kind="objection.plan_hearing")
    last = amsterdam_day(at + 20 * DAY) - 10 * DAY
    assert mail.user == made.case().applicant
    assert f"send papers until {day(last, 'en')}," in mail.subject
    assert mail.subject.endswith("read the file in the week before")


@pytest.mark.prints
@pytest.mark.parametrize(
    ("language", "until", "soon", "read"),
    [
        ("nl", "tot en met 28 november 2026 nog stukken", "vond het goed dat wij u snel horen", "Van 1 december 2026 tot aan de hoorzitting"),
        ("en", "up to and including 28 November 2026", "agreed that we hear you soon", "From 1 December 2026 until the hearing"),
    ],
)
def test_in_plain_words(language, until, soon, read):
    days = {"papers_until": date(2026, 11, 28), "file_from": date(2026, 12, 1)}
    text = words_of(print_letter("objection_received", sample("objection_received", language, **days)).pdf)
    sender = facts_of("objection_received", language).sender
    assert all(words in text for words in (until, read, sender.address))
    days["papers_until"] = None
    assert soon in words_of(print_letter("objection_received", sample("objection_received", language, **days)).pdf)


# ── who signs, as what ────────────────────────────────────────────────────────────────────────────────────────
def now_only(user, role):
    """From today on they have this house role alone."""
    user.staff_roles.filter(until=None).update(until=database_now())
    user.staff_roles.create(role=role)
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("held", "later", "function"),
    [
        ([Role.HEAD], Role.SIGNATORY, "hoofd subsidies"),
        ([Role.SIGNATORY], Role.HEAD, "tekenbevoegd onder mandaat"),
        ([Role.SIGNATORY, Role.HEAD], Role.HEAD, "tekenbevoegd onder mandaat"),
    ],
)
def test_a_decision_on_an_objection_is_signed_in_the_role_of_that_moment(held, later, function):
    made = published()
    decider = person("beslisser", *held)
    declare(made.case(), decider, at=made.at)
    after = advised(made, filed(made), made.at + 8 * DAY)
    take(made.case().objections.get(), "decide", decider, after, outcome="unfounded", reasons="Het klopt.")
    now_only(decider, later)
    assert compose(Event.objects.get(kind="objection.decide")).signer.function == function


def test_a_letter_on_a_report_is_signed_in_the_role_of_that_moment(running):  # noqa: F811
    made, grant, at = running
    report = ProgressReport.objects.filter(grant=grant).order_by("due_on").first()
    house = made.cast.house
    hand_in(report, at)
    perform(ReportMachine, "request_completion", pk=report.pk, actor=house.officer, at=at, reason="Te mager.")
    now_only(house.officer, Role.READER)
    assert compose(Event.objects.get(kind="report.request_completion")).signer.function == "behandelend medewerker"
    now_only(house.officer, Role.OFFICER)
    hand_in(report, at)
    approve_report(report, house, at, outcome="no_go" if report.terms.review else "reject", reason="Te mager.")
    now_only(house.reader, Role.OFFICER)
    assert compose(Event.objects.get(kind="report.reject")).signer.function == "tweede lezer"


def test_the_letter_of_a_decision_is_signed_under_mandate_whatever_its_signatory_is_by_now():
    made = published()
    now_only(made.house.signatory, Role.OFFICER)
    signed = Event.objects.filter(kind="decision.sign", key=made.decision().pk).get()
    assert compose(signed).signer.function == "tekenbevoegd onder mandaat"
