"""The room of letter texts over HTTP: who comes in, what is told and kept, the letter beside the form, and who changed what."""

import re
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils.html import escape
from pypdf import PdfReader

from tender.models import Wording
from tests.factories import deliver, open_call, person, publish, submitted
from tests.factories.wording import PARTS, in_force, place_of, seen_now, written
from tests.reading import words_of
from tests.workflows.pages.house import sign_in
from workflows.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def game():
    return open_call(publish("minifund"))


def at(name, game, kind="receipt", language="nl"):
    return reverse(f"reports:{name}", args=["minifund", game.stage().key, kind, language])


def typed(game, **more):
    return {**PARTS, "reason": "Vriendelijker.", "seen": seen_now(place_of(game)), "do": "save", **more}


def test_who_comes_in_and_who_may_what(client, game):
    draft, url = written(game), at("wording", game)
    before = Event.objects.count()
    step = {"do": "discard", "pk": draft.pk, "seen": draft.sha256}
    for user, sees, does in [
        (game.house.manager, 200, None), (game.house.head, 200, 403), (game.house.auditor, 200, 403),
        (game.house.officer, 403, 403), (game.house.signatory, 403, 403), (person("buiten"), 403, 403),
    ]:  # fmt: skip
        sign_in(client, user)
        assert {client.get(address).status_code for address in (reverse("reports:wordings"), url, at("wording_history", game))} == {sees}
        if does:
            for data in (typed(game), typed(game, do="pdf"), typed(game, do="preview"), step):
                assert client.post(url, data).status_code == does, (user, data["do"])
    assert Event.objects.count() == before
    sign_in(client, game.house.manager)
    for args in (["minifund", "nergens", "receipt", "nl"], ["geen", "support", "receipt", "nl"], ["minifund", "support", "reserve", "nl"],
                 ["minifund", "support", "receipt", "fy"]):  # fmt: skip
        assert client.get(reverse("reports:wording", args=args)).status_code == 404
    assert client.get(url + "?terug=999").status_code == 404
    assert client.post(url, {**step, "pk": "9" * 30}).status_code == 404
    client.logout()
    assert client.get(url).status_code == 302


def test_from_a_first_text_to_letters_and_back(client, game):
    url, history = at("wording", game), at("wording_history", game)
    manager = sign_in(client, game.house.manager)
    page = manager.get(url)
    first = page.context["form"].initial
    assert first["subject"] == "Wij hebben uw aanvraag voor {title} ontvangen", "one begins with what the scheme says itself"
    assert "{decide_by}" in first["body"]
    kept = manager.post(url, typed(game, closing="Eigen slot."), follow=True)
    draft = Wording.objects.get()
    assert (draft.state, draft.closing, draft.reason, draft.written_by) == ("drafted", "Eigen slot.", "Vriendelijker.", game.house.manager)
    assert kept.context["changes"]
    manager.post(url, {"do": "ask_adopt", "pk": draft.pk, "seen": draft.sha256})
    assert manager.get(url).context["steps"]["adopt"]["unmet"]
    manager.post(url, {"do": "adopt", "pk": draft.pk, "seen": draft.sha256})
    assert Wording.objects.get().state == "drafted", "nobody puts their own words in force"
    head = sign_in(client, game.house.head)
    assert not head.get(url).context["steps"]["adopt"]["unmet"]
    assert head.get(url).context["writes"] is False
    head.post(url, {"do": "adopt", "pk": draft.pk, "seen": draft.sha256})
    assert Wording.objects.get().state == "in_force"
    manager = sign_in(client, game.house.manager)
    listed = manager.get(reverse("reports:wordings")).context["listed"][0]["stages"][0]["rows"][0]
    assert [cell["used"] for cell in listed["cells"]] == [draft, None]
    used = Wording.objects.get()
    manager.post(url, {"do": "ask_end", "pk": used.pk, "seen": used.sha256, "reason": "Toch niet."})
    head = sign_in(client, game.house.head)
    assert "Toch niet." in head.get(url).content.decode()
    head.post(url, {"do": "end", "pk": used.pk, "seen": used.sha256})
    assert Wording.objects.get().state == "ended"
    # Who changed what; and an earlier text is the beginning of a new draft.
    manager = sign_in(client, game.house.manager)
    rows = manager.get(history).context["page"].object_list
    assert [row["event"].kind.split(".")[1] for row in rows] == ["end", "ask_end", "adopt", "ask_adopt", "write"]
    assert [row["why"] for row in rows] == ["Toch niet.", "Toch niet.", "", "", "Vriendelijker."]
    assert [piece["name"] for piece in rows[-1]["changes"]]
    again = manager.get(rows[-1]["back"]).context["form"].initial
    assert (again["closing"], again["seen"]) == ("Eigen slot.", "")


def test_what_is_wrong_is_told_beside_its_part_and_nothing_typed_is_lost(client, game):
    manager, url = sign_in(client, game.house.manager), at("wording", game)
    wrong = typed(game, body="Goed.\nVoor {titel} & <b>u</b>", closing="a\u202eb")
    for what, status in (("save", 422), ("pdf", 422), ("preview", 200)):
        page = manager.post(url, {**wrong, "do": what})
        errors = page.context["form"].errors
        assert page.status_code == status
        assert "{titel}" in errors["body"][0]
        assert "{title}" in errors["body"][0]
        assert "2" in errors["body"][0].split(":")[0]
        assert "U+202E" in errors["closing"][0]
        assert escape("Voor {titel} & <b>u</b>") in page.content.decode()
        assert page.context["tried"] is None
    assert manager.post(url, typed(game, body="a\x00b")).status_code == 422
    page = manager.post(url, typed(game, reason=" "))
    assert (page.status_code, PARTS["closing"] in page.content.decode()) == (422, True)
    assert manager.post(url, typed(game, reason=" ", do="pdf")).status_code == 200, "who only looks need not say why yet"
    assert manager.post(url, typed(game, body="x" * 7000)).status_code == 422
    assert not Wording.objects.exists()


def test_two_who_write_at_once_the_second_is_told_and_types_on(client, game):
    url, other = at("wording", game), person("tweede", "scheme_manager")
    manager = sign_in(client, game.house.manager)
    form = typed(game, closing="Mijn slot.")
    written(game, by=other, closing="Het slot van de ander.")
    told = manager.post(url, form)
    body = told.content.decode()
    assert told.status_code == 409
    assert "Mijn slot." in body
    assert "Het slot van de ander." in "".join(piece.text for row in told.context["theirs"] for piece in row["pieces"])
    assert Wording.objects.get().closing == "Het slot van de ander."
    # Having seen it, one may go on: the form now rests on theirs.
    (seen,) = re.findall(r'<input type="hidden" name="seen" value="([0-9a-f]{64})" id', body)
    assert manager.post(url, {**form, "seen": seen}).status_code == 302
    assert Wording.objects.get().closing == "Mijn slot."
    # A step is on what was seen, too.
    page = manager.post(url, {"do": "ask_adopt", "pk": Wording.objects.get().pk, "seen": seen}, follow=True)
    assert [message.level_tag for message in page.context["messages"]] == ["success", "error"], "kept before; not asked"
    assert not Event.objects.filter(kind="wording.ask_adopt").exists()


@pytest.mark.prints
def test_the_letter_is_shown_with_what_is_typed_on_a_case_one_may_read(client, game):
    case = submitted(game.call, at=game.at)
    deliver()
    letter = case.letters.get()
    url, before = at("wording", game), Event.objects.count()
    manager = sign_in(client, game.house.manager)
    text = typed(game, closing="Tot ziens, {applicant}. <b>vet</b>", opening="Rang {title}")
    page = manager.post(url, {**text, "do": "preview", "case": f"letter-{letter.pk}"})
    assert [value for value, _label in page.context["form"].fields["case"].choices] == [""], "a manager reads no dossier"
    assert page.context["tried"] is None or case.party not in page.content.decode()
    shown = manager.post(url, {**text, "do": "preview"})
    assert "Tot ziens, Stichting Voorbeeld. &lt;b&gt;vet&lt;/b&gt;" in shown.content.decode()
    answer = manager.post(url, {**text, "do": "pdf"})
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert "Tot ziens, Stichting Voorbeeld. <b>vet</b>" in words_of(answer.content)
    reader = PdfReader(BytesIO(answer.content))
    assert "concept" in words_of(answer.content)
    assert not reader.get_fields(), "a concept is not sealed"
    # Who also looks after the dossier tries it on the real case.
    both = person("beide", "scheme_manager", "officer")
    case.case_roles.create(user=both, role="officer", since=game.at)
    both_in = sign_in(client, both)
    page = both_in.post(url, {**text, "do": "preview", "case": f"letter-{letter.pk}"})
    (closing,) = [each for each in page.context["tried"].sections if not each.heading][1:]
    assert closing.blocks[0].text == f"Tot ziens, {case.party}. <b>vet</b>"
    assert (Event.objects.count(), Wording.objects.count()) == (before, 0)


def test_a_decision_on_a_desk_is_a_case_to_try_on(client, assessed):
    game, decision = assessed.game, assessed.propose()
    both = person("beide", "scheme_manager", "officer")
    assessed.let_in(both)
    page = sign_in(client, both).post(at("wording", game, "award"), typed(game, do="preview", case=f"decision-{decision.pk}"))
    assert page.context["tried"].facts["reference"] == decision.application.reference
    for other in ("decision-0", "decision-x", "letter-1", "x"):
        page = client.post(at("wording", game, "award"), typed(game, do="preview", case=other))
        assert page.status_code == 200
        assert "case" in page.context["form"].errors


def test_the_list_costs_the_same_with_many_texts(client, game, django_assert_num_queries):
    head = sign_in(client, game.house.head)
    url = reverse("reports:wordings")
    cost = _cost(head, url)
    for kind in ("receipt", "completion", "award", "settlement", "report_due", "intent"):
        in_force(game, kind)
        written(game, kind, language="en")
    with django_assert_num_queries(cost):
        head.get(url)


def _cost(client, url):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    return len(seen)
