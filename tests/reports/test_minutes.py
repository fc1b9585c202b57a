"""The minutes as a file: what was signed, once per signature, for nobody whom an interest keeps out."""

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from reports.commands.minuting import keep_minutes
from reports.minutes import facts_of, print_minutes
from scoring.models import Scoresheet
from tender.models import Document
from tests.factories import assign, close, declare, deliver, open_call, person, score, screen, submitted, variant
from tests.reading import content_of, text_of, words_of
from workflows.commands import create, perform
from workflows.models import ConflictMachine, Event, ScoresheetMachine, StageMachine

pytestmark = pytest.mark.django_db
WHY = "Ik had de begroting verkeerd gelezen."
NARROW = ("recuse_whole_round = true", "recuse_whole_round = false")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


class Sitting:
    """A meeting on two hubs, in which one mark changed and one member left the room."""

    def __init__(self, *changes, recused=()):
        self.game = open_call(variant("hub_support", *changes))
        self.house, game = self.game.house, self.game
        self.cases = [submitted(game.call, at=game.at, **{game.stage().rules.form.title: name}) for name in ("De Loods", "Havenhub")]
        self.at = close(game.stage())
        for case in self.cases:
            screen(case, self.house, self.at)
        for juror in recused:
            self.recuse(juror, self.cases[0])
        for case in self.cases:
            declare(case, *[juror for juror in self.house.jurors if juror not in recused], at=self.at)
            assign(case, self.house.jurors[:3], self.house, self.at)
        self.take("start_scoring", self.house.officer)
        for case in self.cases:
            for juror in self.house.jurors[:3]:
                score(case, juror, self.at, mark="4")
        there = [juror.pk for juror in self.house.jurors if juror not in recused]
        self.take("convene", self.house.chair, present=there)
        room = [pk for pk in there if pk != self.house.jurors[3].pk]
        self.take("discuss", self.house.secretary, application=self.cases[0].pk, present=room, note="Even naar buiten.")
        sheet = Scoresheet.objects.get(application=self.cases[0], juror=self.house.jurors[2])
        question = sheet.marks.order_by("pk").first().question
        said = {"question": question, "before": Decimal(4), "value": Decimal("2.5"), "reason": WHY}
        perform(ScoresheetMachine, "amend", pk=sheet.pk, actor=sheet.juror, at=self.at, **said)

    def take(self, name, actor, after=timedelta(0), **data):
        return perform(StageMachine, name, pk=self.game.stage().pk, actor=actor, at=self.at + after, **data)

    def sign(self, text="Wij waren het eens.", after=timedelta(0)):
        self.take("minute", self.house.secretary, after, minutes=text)
        return self.take("sign_minutes", self.house.chair, after)

    def recuse(self, user, case):
        asked = case.conflicts.filter(user=user).first()
        if asked is None:
            asked = create(ConflictMachine, "ask", of={"application": case, "user": user, "part": min(user.roles)}, actor=user, at=self.at)
        words = {"kind": "family", "explanation": "Mijn broer."}
        perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=user, at=self.at, **words)

    @property
    def url(self):
        return reverse("workflows:minutes", args=[self.game.call.reference, self.game.stage().key])

    @property
    def page(self):
        return reverse("workflows:meeting", args=[self.game.call.reference, self.game.stage().key])


def status(client, url):
    response = client.get(url)
    if response.streaming:
        assert b"".join(response.streaming_content).startswith(b"%PDF-")
    return response.status_code


def files(sitting):
    return list(Document.objects.filter(stage=sitting.game.stage(), field="minutes").order_by("pk"))


def test_a_signature_becomes_a_file_with_all_that_is_on_record():
    sitting = Sitting()
    sitting.sign("Wij waren het eens.\r\n\r\nOp één punt na.")
    deliver()
    (document,) = files(sitting)
    pdf = content_of(document)
    text, house = words_of(pdf), sitting.house
    assert document.sha256 == hashlib.sha256(pdf).hexdigest()
    assert (document.size, document.uploaded_by) == (len(pdf), house.chair)
    for said in (
        "Notulen van de vergadering van de Creative Council", sitting.game.call.reference, "Wij waren het eens.", "Op één punt na.", WHY,
        "Even naar buiten.", str(house.chair), "Verliet de zaal", sitting.cases[1].reference, "Havenhub", "2,5", "Digitaal ondertekend",
    ):  # fmt: skip
        assert said in text


def test_the_same_signature_prints_the_same_bytes_and_makes_one_file():
    sitting = Sitting()
    sitting.sign()
    deliver()
    event, (document,) = Event.objects.get(kind="stage.sign_minutes"), files(sitting)
    assert keep_minutes(event=event) == document
    assert files(sitting) == [document]
    sealed = content_of(document)
    assert sealed.startswith(print_minutes(facts_of(event, sitting.game.stage()))), "the seal stands behind it"
    assert hashlib.sha256(sealed).hexdigest() == document.sha256


def test_what_is_signed_anew_takes_the_place_of_what_was_and_that_stays_on_record(client):
    sitting = Sitting()
    sitting.sign("Eerst dit.")
    deliver()
    client.force_login(sitting.house.chair)
    assert status(client, sitting.url) == 200
    sitting.take("minute", sitting.house.secretary, HOUR, minutes="Toen dat.")
    assert status(client, sitting.url) == 404, "the signature fell with the text"
    sitting.take("sign_minutes", sitting.house.chair, HOUR)
    deliver()
    old, new = files(sitting)
    assert (old.removed_at is not None, new.removed_at) == (True, None)
    assert "Eerst dit." in text_of(old)
    assert "Toen dat." in words_of(b"".join(client.get(sitting.url).streaming_content))


def test_a_signature_that_fell_before_it_was_printed_gets_no_file():
    sitting = Sitting()
    sitting.sign("Eerst dit.")
    sitting.take("minute", sitting.house.secretary, HOUR, minutes="Toen dat.")
    deliver()
    assert files(sitting) == []


def test_the_panel_the_house_and_the_auditor_may_have_it_and_nobody_else(client):
    sitting = Sitting()
    sitting.sign()
    deliver()
    house, stranger = sitting.house, person("stranger")
    may = [house.chair, house.secretary, house.jurors[2], house.officer, person("auditor", "auditor")]
    for user, code in [*((user, 200) for user in may), (stranger, 404), (sitting.cases[0].applicant, 404)]:
        client.force_login(user)
        assert status(client, sitting.url) == code, user
    assert client.get(reverse("tender:document", args=[files(sitting)[0].pk])).status_code == 404
    client.logout()
    assert status(client, sitting.url) == 302


@pytest.mark.parametrize("narrow", [False, True])
def test_whoever_has_an_interest_in_one_application_may_not_have_it(client, narrow):
    sitting = Sitting(*[NARROW] * narrow)
    sitting.sign()
    deliver()
    house = sitting.house
    sitting.recuse(house.jurors[5], sitting.cases[1])
    client.force_login(house.jurors[5])
    assert status(client, sitting.url) == 404
    page = client.get(sitting.page)
    assert page.status_code == (200 if narrow else 404)
    assert "Wij waren het eens." not in page.content.decode()
    assert sitting.url not in page.content.decode()
    client.force_login(house.jurors[4])
    page = client.get(sitting.page).content.decode()
    assert "Wij waren het eens." in page
    assert sitting.url in page


def test_who_had_an_interest_stands_in_it_by_reference():
    sitting = Sitting()
    sitting.recuse(sitting.house.jurors[5], sitting.cases[1])
    sitting.sign()
    deliver()
    text = text_of(files(sitting)[0])
    assert f"{sitting.house.jurors[5]}: belang bij {sitting.cases[1].reference}; was niet betrokken bij de ronde." in text


def test_a_blind_stage_keeps_the_parties_out_of_it():
    sitting = Sitting(('assess = "jury"', 'assess = "jury"\nblind = true'))
    sitting.sign()
    deliver()
    text = text_of(files(sitting)[0])
    assert sitting.cases[0].reference in text
    for said in ("De Loods", "Havenhub", *(case.party for case in sitting.cases)):
        assert said not in text


def test_it_is_in_the_language_of_who_signed():
    sitting = Sitting()
    type(sitting.house.chair).objects.filter(pk=sitting.house.chair.pk).update(language="en")
    sitting.house.chair.refresh_from_db()
    sitting.sign()
    deliver()
    assert "Minutes of the meeting of the Creative Council" in text_of(files(sitting)[0])


# ── the form ──────────────────────────────────────────────────────────────────────────────────────────────────
def form_of(client, sitting, **data):
    client.force_login(sitting.house.secretary)
    url = reverse("workflows:step", args=["stage", sitting.game.stage().pk, "minute"])
    return (client.post(url, data) if data else client.get(url)), url


def test_the_secretary_finds_a_draft_and_then_what_was_written(client):
    sitting = Sitting()
    page, _url = form_of(client, sitting)
    draft = page.context["form"]["minutes"].value()
    for said in (sitting.cases[0].reference, sitting.cases[1].reference, WHY, "Even naar buiten.", str(sitting.house.chair)):
        assert said in draft
    assert sitting.game.stage().meeting.minutes == "", "looking writes nothing"
    sitting.take("minute", sitting.house.secretary, minutes="In eigen woorden.")
    page, _url = form_of(client, sitting)
    assert page.context["form"]["minutes"].value() == "In eigen woorden."


def test_what_was_typed_survives_a_refused_step(client):
    sitting = Sitting(
        ('assess = "jury"', 'assess = "jury"\nmeeting = true'),
        ('method = "weighted_mean"', 'method = "weighted_mean"\nmeeting_fixes = [1, 2]'),
    )
    page, _url = form_of(client, sitting, minutes="In eigen woorden.", number="9")
    assert page.status_code == 422
    assert page.context["form"]["minutes"].value() == "In eigen woorden."
    assert sitting.game.stage().meeting.minutes == ""


def test_a_secretary_with_an_interest_in_one_application_gets_nothing_of_it_in_the_draft(client):
    sitting = Sitting(NARROW)
    sitting.recuse(sitting.house.secretary, sitting.cases[0])
    page, _url = form_of(client, sitting)
    draft = page.context["form"]["minutes"].value()
    assert WHY not in draft
    assert "Even naar buiten." not in draft
    assert sitting.cases[1].reference in draft
