"""The paper queue, the way of post, an address that works again, and asking for a letter that mends: as people press it."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils.translation import gettext
from pypdf import PdfReader

from reports.commands.notifying import send_waiting
from tender.clock import database_now
from tender.enums import MailKind
from tender.models import Application
from tests.factories import deliver, person
from tests.workflows.machines.test_posting import HOME, asked, bounced, posted, routed, signed
from tests.workflows.pages.house import sign_in
from workflows.commands.posting import note_on_paper
from workflows.models import Correction, Event, Letter, Notification, PaperPost, PostRoute
from workflows.paper import UNPRINTABLE, deliveries, queue
from workflows.undelivered import count_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return posted()


def see(client, user, name, *args):
    return sign_in(client, user).get(reverse(f"workflows:{name}", args=args))


def test_what_came_back_waits_for_paper_until_it_went_and_the_address_is_written_down_on_the_way(house, client):
    everybody, case, at, letter = house
    officer = everybody["officer"]
    assert queue(officer, at) == []
    row = bounced(case)
    before = count_of(officer, at)
    (piece,) = queue(officer, at)
    assert (piece.letter, piece.lines, piece.user) == (letter, (), row.user_id)
    page = see(client, officer, "undelivered")
    assert page.context["back_number"] == 1
    assert not page.context["printable"]
    route = reverse("workflows:post_route", args=[case.reference])
    assert route in page.content.decode()
    assert client.get(reverse("reports:paper_pdf")).status_code == 404, "nothing has an address"
    sent = client.post(route, {"on_paper": "portal", "address": HOME, "next": "mail"})
    assert sent.headers["Location"] == reverse("workflows:undelivered")
    here = reverse("workflows:on_paper", args=[piece.event])
    assert "Noorderhaven 12" in client.get(here).content.decode()
    assert client.post(here, {"posted_on": ""}).status_code == 422
    wrong = client.post(here, {"posted_on": "2031-01-01"})
    assert wrong.status_code == 409
    assert "2031-01-01" in wrong.content.decode(), "what was typed is kept"
    today = client.get(here).context["form"].initial["posted_on"]
    assert client.post(here, {"posted_on": today}).status_code == 302
    post = PaperPost.objects.get()
    assert (post.letter, post.address, post.by) == (letter, HOME, officer)
    assert queue(officer, at) == []
    assert client.get(here).status_code == 404
    assert count_of(officer, at) == before - 1
    (told,) = deliveries([letter])
    assert (told.posted, told.came_back) == (post.posted_on, True)


def test_what_the_party_opened_in_the_portal_needs_no_paper_after_all(house):
    everybody, case, at, letter = house
    bounced(case)
    Letter.objects.filter(pk=letter.pk).update(read_at=at)
    assert queue(everybody["officer"], at) == []


def test_who_asked_for_paper_gets_every_letter_from_then_on(house, client):
    everybody, case, _at, letter = house
    page = see(client, everybody["signer"], "post_route", case.reference)
    assert page.context["may"]
    short = client.post(reverse("workflows:post_route", args=[case.reference]), {"on_paper": "paper", "address": "Noorderhaven 12"})
    assert short.status_code == 409
    assert "Noorderhaven 12" in short.content.decode()
    sent = client.post(reverse("workflows:post_route", args=[case.reference]), {"on_paper": "paper", "address": HOME})
    assert sent.headers["Location"] == reverse("workflows:dossier", args=[case.reference])
    chosen = PostRoute.objects.get()
    assert (chosen.on_paper, chosen.lines, chosen.by) == (True, ("Noorderhaven 12", "9712 VG Groningen"), everybody["signer"])
    late = chosen.at
    assert queue(everybody["officer"], late) == [], "what was sent before stands in the portal"
    before = count_of(everybody["officer"], late)
    new = signed(asked(letter, everybody["officer"], late), everybody["signatory"], late)
    (piece,) = queue(everybody["officer"], late)
    assert (piece.letter, piece.late) == (new, False)
    assert queue(everybody["officer"], late + timedelta(hours=49))[0].late
    assert count_of(everybody["officer"], late) == before + 1
    assert new.facts["to"]["lines"] == ["Noorderhaven 12", "9712 VG Groningen"]


def test_who_only_reads_sees_the_way_of_post_and_changes_nothing(house, client):
    everybody, case, at, _letter = house
    routed(case, everybody["signer"], at)
    page = see(client, everybody["viewer"], "post_route", case.reference)
    assert not page.context["may"]
    assert "Noorderhaven 12" in page.content.decode()
    assert client.post(reverse("workflows:post_route", args=[case.reference]), {"on_paper": "portal"}).status_code == 403
    assert see(client, everybody["outsider"], "post_route", case.reference).status_code == 404
    assert see(client, everybody["newcomer"], "post_route", case.reference).status_code == 302, "declares first"


@pytest.mark.prints
def test_the_print_holds_each_letter_behind_a_sheet_with_its_address(house, client):
    everybody, case, at, letter = house
    routed(case, everybody["signer"], at)
    bounced(case)
    sign_in(client, everybody["officer"])
    one = client.get(reverse("reports:paper_pdf_one", args=[letter.event_id]))
    every = client.get(reverse("reports:paper_pdf"))
    assert (one.headers["Content-Type"], every.status_code) == ("application/pdf", 200)
    pages = [page.extract_text() for page in PdfReader(BytesIO(one.content)).pages]
    assert "Noorderhaven 12" in pages[0]
    assert case.reference in pages[0]
    assert pages[1].strip() == ""
    assert len(pages) % 2 == 0
    assert len([page for page in pages if page.strip()]) == 1 + letter.pages
    assert client.get(reverse("reports:paper_pdf_one", args=[uuid4()])).status_code == 404
    assert see(client, everybody["viewer"], "undelivered").status_code == 403
    assert client.get(reverse("reports:paper_pdf")).status_code == 403
    assert client.get(reverse("workflows:on_paper", args=[letter.event_id])).status_code == 403


def lost(letter):
    default_storage.delete(letter.file.name)
    return "is missing or unreadable"


def altered(letter):
    with default_storage.open(letter.file.name, "ab") as file:
        file.write(b"\n% a line too many")
    return "is not what was sealed"


def no_pdf(letter):
    with default_storage.open(letter.file.name, "wb") as file:
        file.write(b"not a letter")
    Letter.objects.filter(pk=letter.pk).update(sha256=sha256(b"not a letter").hexdigest())
    return "is no PDF that can be read"


@pytest.mark.prints
@pytest.mark.parametrize("fault", [lost, altered, no_pdf])
def test_one_letter_that_cannot_be_printed_holds_up_no_other_and_is_told(house, client, caplog, fault):
    """In its place is a sheet for who prints; the queue says which it was; nothing of it counts as sent."""
    everybody, case, at, letter = house
    routed(case, everybody["signer"], at)
    bounced(case)
    new = signed(asked(letter, everybody["officer"], at), everybody["signatory"], at)
    sign_in(client, everybody["officer"])
    assert {piece.letter for piece in queue(everybody["officer"], database_now())} == {letter, new}
    why = fault(letter)
    file = client.get(reverse("reports:paper_pdf"))
    assert file.status_code == 200
    assert [why in record.getMessage() and letter.file.name in record.getMessage() for record in caplog.records if record.name in LOGS] == [
        True
    ]
    pages = [page.extract_text() for page in PdfReader(BytesIO(file.content)).pages]
    assert len(pages) % 2 == 0
    (sheet,) = [page for page in pages if letter.file.name in page]
    for words in (gettext("Do not post this sheet"), case.reference, letter.subject):
        assert words in " ".join(sheet.split())
    assert "Noorderhaven 12" not in sheet, "it cannot end up in an envelope by its window"
    assert "Noorderhaven 12" in pages[2], "the sheet of the other"
    assert len([page for page in pages if page.strip()]) == 1 + 1 + new.pages
    page = client.get(reverse("workflows:undelivered")).content.decode()
    words = gettext("Not in the file for printing: %(subject)s (%(reference)s). %(what)s")
    assert words % {"subject": letter.subject, "reference": case.reference, "what": UNPRINTABLE} in page
    assert not PaperPost.objects.exists()
    assert len(queue(everybody["officer"], database_now())) == 2


@pytest.mark.prints
def test_the_page_of_a_letter_that_cannot_be_printed_says_what_to_do(house, client):
    everybody, case, at, letter = house
    routed(case, everybody["signer"], at)
    bounced(case)
    here, print_url = reverse("workflows:on_paper", args=[letter.event_id]), reverse("reports:paper_pdf_one", args=[letter.event_id])
    page = see(client, everybody["officer"], "on_paper", letter.event_id).content.decode()
    assert print_url in page
    assert str(UNPRINTABLE) not in page
    lost(letter)
    page = client.get(here).content.decode()
    assert print_url not in page
    assert str(UNPRINTABLE) in page
    alone = PdfReader(BytesIO(client.get(print_url).content))
    assert gettext("Do not post this sheet") in alone.pages[0].extract_text()
    assert len(alone.pages) == 2


LOGS = {"reports.paper", "workflows.paper"}


def test_mail_without_a_letter_goes_as_a_sheet_alone(house, client):
    everybody, case, at, _letter = house
    routed(case, everybody["signer"], at)
    event = Event.objects.filter(chain=f"dossier:{case.reference}", kind="application.open").get()
    Notification.objects.create(event=event, user=everybody["signer"], subject="Er wacht iets", kind=MailKind.GAPS, bounce="hard")
    (piece,) = queue(everybody["officer"], at)
    assert (piece.letter, piece.subject) == (None, "Er wacht iets")
    sign_in(client, everybody["officer"])
    file = client.get(reverse("reports:paper_pdf_one", args=[event.pk]))
    assert "Er wacht iets" in PdfReader(BytesIO(file.content)).pages[0].extract_text()


def test_who_looks_on_notes_nothing(house, client):
    everybody, case, at, letter = house
    routed(case, everybody["signer"], at)
    bounced(case)
    for who in ("signatory", "auditor"):
        here = reverse("workflows:on_paper", args=[letter.event_id])
        assert see(client, everybody[who], "on_paper", letter.event_id).status_code == 200
        assert client.post(here, {"posted_on": "2026-01-05"}).status_code == 403


def test_the_queue_costs_the_same_for_one_and_for_many(house, django_assert_num_queries):
    everybody, case, at, letter = house
    routed(case, everybody["signer"], at)
    bounced(case)
    officer = everybody["officer"]
    with django_assert_num_queries(QUERIES):
        assert len(queue(officer, at)) == 1
    for number in range(8):
        event = Event.objects.filter(chain=f"dossier:{case.reference}").order_by("seq")[number]
        user = person("other")
        if event != letter.event:
            Notification.objects.create(event=event, user=user, subject="Er wacht iets", kind=MailKind.GAPS, bounce="hard")
    with django_assert_num_queries(QUERIES):
        assert len(queue(officer, at)) > 5


QUERIES = 8


# ── an address that works again ───────────────────────────────────────────────────────────────────────────────
def test_the_house_says_that_an_address_works_and_what_came_back_goes_again(house, client, mailoutbox):
    everybody, case, at, _letter = house
    row = bounced(case, everybody["signer"])
    send_waiting()
    mailoutbox.clear()
    here = reverse("workflows:address_works", args=[case.reference, row.user_id])
    assert see(client, everybody["signatory"], "address_works", case.reference, row.user_id).status_code == 403
    assert see(client, everybody["signer"], "address_works", case.reference, row.user_id).status_code == 404
    assert see(client, everybody["officer"], "address_works", case.reference, everybody["outsider"].pk).status_code == 404
    assert client.post(here, {"reason": " "}).status_code == 422
    assert client.post(here, {"reason": "Gebeld: de bus was vol."}).status_code == 302
    assert client.post(here, {"reason": "Nog eens."}).status_code in {302, 409}
    deliver()
    assert send_waiting()[1] == 0
    row.refresh_from_db()
    assert (row.bounce, row.sent_at is not None) == ("", True)
    assert row.bounced_at is not None, "that it came back stays on record"
    assert [mail.to for mail in mailoutbox if mail.subject == row.subject] == [[row.user.email]]
    assert queue(everybody["officer"], at) == []


def test_what_went_by_post_is_not_mailed_again(house):
    everybody, case, at, letter = house
    routed(case, everybody["signer"], at)
    row = bounced(case, everybody["signer"])
    day = letter.event.at.date()
    note_on_paper(application=case, event=letter.event, actor=everybody["officer"], at=at, posted_on=day)
    from reports.commands.preferring import trust_address

    trust_address(user=row.user, at=at)
    row.refresh_from_db()
    assert row.bounce == "hard"


# ── a letter that mends ───────────────────────────────────────────────────────────────────────────────────────
def test_a_letter_is_mended_by_one_who_asks_and_one_who_signs(house, client):
    everybody, case, _at, letter = house
    here = reverse("workflows:correct_letter", args=[letter.pk])
    assert see(client, everybody["signer"], "correct_letter", letter.pk).status_code == 404
    assert see(client, everybody["signatory"], "correct_letter", letter.pk).status_code == 403
    sign_in(client, everybody["officer"])
    assert here in client.get(reverse("workflows:dossier", args=[case.reference])).content.decode()
    assert client.post(here, {"reason": "", "text": "Zo."}).status_code == 422
    assert client.post(here, {"reason": "Het bedrag klopt niet.", "text": "U vroeg € 5.000,00."}).status_code == 302
    again = client.post(here, {"reason": "Nog iets.", "text": "Dit."})
    assert again.status_code == 409
    assert "Nog iets." in again.content.decode()
    made = Correction.objects.get()
    assert [each.pk for each in see(client, everybody["signatory"], "inbox").context["to_mend"]] == [made.pk]
    assert see(client, everybody["officer"], "inbox").context["to_mend"] == []
    step = reverse("workflows:step", args=["correction", made.pk, "sign"])
    sign_in(client, everybody["signatory"])
    assert "Het bedrag klopt niet." in client.get(step).content.decode()
    assert client.post(step, {"seen": made.seen_sha256}).status_code == 302
    deliver()
    new = Letter.objects.get(mends=letter)
    page = see(client, everybody["signer"], "dossier", case.reference).content.decode()
    assert reverse("workflows:letter", args=[new.pk]) in page
    assert see(client, everybody["signatory"], "inbox").context["to_mend"] == []
    told = Notification.objects.filter(event=new.event)
    assert {row.user for row in told} == {everybody["signer"], everybody["editor"]}
    assert {row.kind for row in told} == {MailKind.DECISION}


def test_a_dossier_page_costs_the_same_for_one_letter_and_for_many(house, client, django_assert_num_queries):
    everybody, case, at, letter = house
    one = deliveries([letter])
    assert one[0].mended_by is None
    for number in range(4):
        signed_one(letter, everybody, at, number)
    letters = list(Letter.objects.filter(application=case).select_related("event"))
    with django_assert_num_queries(4):
        found = deliveries(letters)
    assert len(found) == 5
    assert found[0].mended_by == letters[-1], "by the last of them"


def signed_one(letter, everybody, at, number):
    from workflows.commands import perform
    from workflows.models import CorrectionMachine

    made = asked(letter, everybody["officer"], at, text=f"Zo moet het: {number}.")
    perform(CorrectionMachine, "sign", pk=made.pk, actor=everybody["signatory"], at=at, seen=made.seen_sha256)
    deliver()
    assert Application.objects.filter(letters__mends=letter).exists()
