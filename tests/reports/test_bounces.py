"""What came back is noted on the mail it was, shown to the house and to its owner, and put on paper where it must arrive."""

import mailbox
import re
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from reports.bounces import MOST_BYTES, MOST_PARTS, NoReport, read_report
from reports.commands.notifying import Notice, notify
from reports.mails import mail_of
from tender.accounts import know_address
from tests.factories import deliver, open_call, person, publish, screen, submitted
from tests.reports.post_office import report
from tests.workflows.pages.house import sign_in
from workflows.models import Event, Notification

pytestmark = pytest.mark.django_db


@pytest.fixture
def handed_in(django_capture_on_commit_callbacks):
    """A dossier that was handed in and screened, with its house, and the mail of its receipt."""
    game = open_call(publish("minifund"))
    with django_capture_on_commit_callbacks(execute=True):
        case = submitted(game.call, at=game.at)
        deliver()
    screen(case, game.house, game.at)
    (sent,) = mail.outbox
    return game, case, sent


def read(raw, monkeypatch, **options):
    out = StringIO()
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(raw)))
    call_command("bounces", stdout=out, **options)
    return out.getvalue()


def the_row():
    return Notification.objects.get(event__kind="application.submit")


@pytest.mark.parametrize(
    ("said", "bounce", "words"),
    [
        ({}, "hard", "1 came back for good"),
        ({"status": "5.2.2", "why": "smtp; 552 mailbox full"}, "soft", "1 came back this time"),
        ({"status": "4.4.7", "why": "smtp; 451 expired"}, "soft", "1 came back this time"),
        ({"status": "nonsense"}, "soft", "1 came back this time"),
        ({"action": "delayed", "status": "4.4.1"}, "", "1 still on its way, or arrived"),
        ({"action": "delivered", "status": "2.0.0"}, "", "1 still on its way, or arrived"),
    ],
)
def test_a_report_is_noted_on_the_mail_that_it_quotes(handed_in, monkeypatch, said, bounce, words):
    _game, _case, sent = handed_in
    for _twice in range(2):
        assert read(report(sent, **said), monkeypatch).strip() == words
    row = the_row()
    assert (row.bounce, row.bounced_at is not None) == (bounce, bool(bounce))
    assert "@" not in row.bounce_note


def test_a_milder_report_after_one_for_good_changes_nothing(handed_in, monkeypatch):
    _game, _case, sent = handed_in
    read(report(sent, status="4.4.7"), monkeypatch)
    read(report(sent), monkeypatch)
    read(report(sent, status="4.4.7"), monkeypatch)
    assert the_row().bounce == "hard"


def test_the_address_it_came_back_to_names_the_mail(handed_in, monkeypatch, settings):
    settings.BOUNCE_ADDRESS = "bounces@drietrap.example"
    _game, _case, sent = handed_in
    verp = mail_of([the_row()])
    assert verp.from_email == f"bounces+{the_row().mail_id.hex}@drietrap.example"
    assert verp.message()["From"] == settings.DEFAULT_FROM_EMAIL
    sent.extra_headers = {}  # this server quotes nothing that we know
    assert read(report(sent, to=verp.from_email), monkeypatch).strip() == "1 came back for good"
    kind, mark = b"text/rfc822-headers", the_row().mail_id.hex.encode()
    headers_only = report(sent, to=verp.from_email).replace(b"message/rfc822", kind).replace(b"+", b"-")
    with pytest.raises(NoReport, match="not of a mail of ours"):
        read_report(headers_only)
    quoted = headers_only.replace(kind + b"\n\n", kind + b"\n\nMessage-ID: <" + mark + b"@d.example>\n")
    assert read_report(quoted).mail_id == the_row().mail_id


HOSTILE = {
    "too large": b"Subject: x\n\n" + b"x" * MOST_BYTES,
    "too many parts": b'Content-Type: multipart/report; boundary="b"\n\n'
    + b"--b\nContent-Type: text/plain\n\nx\n" * (MOST_PARTS + 1)
    + b"--b--",
    "no delivery report": b"Subject: I am on holiday\n\nback on Monday",
    "empty": b"",
    "nothing but noise": bytes(range(256)) * 40,
    "deep": b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000)),
    "says nothing": b'Content-Type: multipart/report; boundary="b"\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: x\n\n--b\n'
    b"Content-Type: text/rfc822-headers\n\nMessage-ID: <" + b"a" * 32 + b"@d.example>\n\n--b--",
    "broken status": b'Content-Type: multipart/report; boundary="b"\nTo: <b+' + b"a" * 32 + b"@d.example>\n\n--b\n"
    b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n\xff\xff\xff\n\n--b--",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_anything_else_is_passed_over_and_changes_nothing(handed_in, monkeypatch, name):
    before = list(Notification.objects.values())
    assert read(HOSTILE[name], monkeypatch).startswith("1 passed over: ")
    assert list(Notification.objects.values()) == before


def test_a_report_of_a_mail_that_we_never_sent_is_passed_over(handed_in, monkeypatch):
    _game, _case, sent = handed_in
    forged = report(sent).replace(the_row().mail_id.hex.encode(), b"0" * 32)
    assert read(forged, monkeypatch) == "1 passed over: not of a mail of ours\n"
    assert the_row().bounce == ""


def test_mailboxes_are_read_and_left_as_they_are(handed_in, monkeypatch, tmp_path):
    _game, _case, sent = handed_in
    box = mailbox.mbox(tmp_path / "box")
    folder = mailbox.Maildir(tmp_path / "dir")
    for each in (box, folder):
        each.add(report(sent))
        each.add(HOSTILE["too large"])
        each.close()
    size = (tmp_path / "box").stat().st_size
    for options in ({"mbox": str(tmp_path / "box")}, {"maildir": str(tmp_path / "dir")}):
        assert read(b"", monkeypatch, **options) == "1 came back for good\n1 passed over: too large\n"
    assert (tmp_path / "box").stat().st_size == size
    (tmp_path / "none").touch()
    assert read(b"", monkeypatch, mbox=str(tmp_path / "none")) == "nothing to read\n"
    for options in ({"mbox": str(tmp_path / "not there")}, {"maildir": str(tmp_path)}):
        with pytest.raises(CommandError, match=r"There is no file|is no maildir"):
            read(b"", monkeypatch, **options)


def test_the_house_sees_it_on_the_dossier_and_on_the_list_for_paper(handed_in, monkeypatch, client):
    game, case, sent = handed_in
    page, paper = reverse("workflows:dossier", args=[case.reference]), reverse("workflows:undelivered")
    officer = sign_in(client, game.house.officer)
    assert officer.get(page).context["mail"] == []
    assert officer.get(paper).context["back"] == []
    read(report(sent), monkeypatch)
    (shown,) = officer.get(page).context["mail"]
    assert (shown.reference, case.applicant.email in shown.who, shown.on_paper) == (case.reference, True, True)
    (row,) = officer.get(paper).context["back"]
    assert row.reference == case.reference
    assert case.reference in officer.get(paper).content.decode()
    assert officer.get(reverse("workflows:inbox")).context["undelivered"] == 1
    assert sign_in(client, case.applicant).get(page).context["mail"] == [], "the applicant hears it elsewhere"
    assert client.get(paper).status_code == 403


def by_code(client, user):
    """Sign in as people do; what they are told on the first page."""
    client.logout()
    know_address(user)
    asked = client.post(reverse("account_request_login_code"), {"email": user.email})
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[-1].body, re.MULTILINE)[1]
    page = client.post(asked.url, {"code": code}, follow=True)
    return [str(message) for message in page.context["messages"]]


def test_its_owner_hears_it_after_signing_in_and_can_say_that_it_works_again(handed_in, monkeypatch, client):
    _game, case, sent = handed_in
    url, user = reverse("reports:mail"), case.applicant
    assert sign_in(client, user).get(url).context["back"] is None
    read(report(sent), monkeypatch)
    with monkeypatch.context() as otherwise:  # with a passkey, say
        otherwise.setattr("reports.signing_in.by_mailed_code", lambda request, user: False)
        (warning,) = by_code(client, user)
    assert user.email in warning
    assert client.get(url).context["back"] == the_row()
    assert client.get(reverse("reports:mail_works")).status_code == 405
    client.post(reverse("reports:mail_works"))
    assert client.get(url).context["back"] is None
    assert by_code(client, user) == []
    assert by_code(client, person("other")) == []


def test_who_signs_in_with_a_code_that_we_mailed_has_our_mail(handed_in, monkeypatch, client):
    _game, case, sent = handed_in
    read(report(sent), monkeypatch)
    assert by_code(client, case.applicant) == []
    assert client.get(reverse("reports:mail")).context["back"] is None
    assert not Notification.objects.filter(user=case.applicant, bounce="hard").exists()


def test_an_address_that_does_not_work_gets_only_what_must_be_sent(handed_in, monkeypatch):
    _game, case, sent = handed_in
    read(report(sent), monkeypatch)
    event = Event.objects.filter(chain=f"dossier:{case.reference}").exclude(kind="application.submit").first()
    notice = Notice("%(reference)s", {"reference": case.reference})
    for kind, number in (("application.remind", 0), ("decision.publish", 1)):
        event.kind = kind
        assert len(notify(event=event, users=[case.applicant], notice=notice)) == number
    type(case.applicant).objects.filter(pk=case.applicant.pk).update(email="new@drietrap.example")
    case.applicant.refresh_from_db()
    Notification.objects.filter(event=event).delete()
    event.kind = "application.remind"
    assert len(notify(event=event, users=[case.applicant], notice=notice)) == 1, "a new address is a new beginning"
