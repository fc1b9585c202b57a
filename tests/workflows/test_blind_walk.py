"""Who judges blind walks every address of the jury's room, and nowhere reads who applied."""

from io import BytesIO

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from pypdf import PdfReader, PdfWriter

from scoring.models import Conflict
from tender.models import Document, Organisation, Partner
from tests.factories import applicant, assign, close, declare, deliver, open_call, score, screen, submitted, variant
from tests.workflows.pages.house import sign_in
from tests.workflows.test_recusal_walk import PUBLISHED, TYPED, addresses, filled
from workflows.commands import perform
from workflows.models import ConflictMachine, StageMachine

pytestmark = pytest.mark.django_db
BLIND = ('assess = "jury"', 'assess = "jury"\nblind = true\nmeeting = true')
WHO = ("Geheimhuis", "87654321", "Geheim Persoon", "geheim@huis.example", "Geheimpartner", "Geheimstuk", "Geheime Auteur")


def blind_round(settings, tmp_path):
    """A round judged blind, of two who may not be known, closed and screened; a PDF hangs on the first."""
    settings.MEDIA_ROOT = tmp_path
    game = open_call(variant("hub_support", BLIND))
    user, organisation = applicant()
    type(user).objects.filter(pk=user.pk).update(name="Geheim Persoon", email="geheim@huis.example")
    Organisation.objects.filter(pk=organisation.pk).update(name="Geheimhuis", kvk="87654321")
    user.refresh_from_db()
    case = submitted(game.call, at=game.at, user=user, organisation=Organisation.objects.get(pk=organisation.pk))
    other = submitted(game.call, at=game.at)
    Partner.objects.create(
        application=case, name="Geheimpartner", helix="business", sector="creative", contact="Geheim Persoon", contribution=0
    )
    writer, out = PdfWriter(), BytesIO()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Author": "Geheime Auteur"})
    writer.write(out)
    document = Document(
        application=case, field="approach", name="Geheimstuk.pdf", content_type="application/pdf", size=len(out.getvalue()), sha256="0" * 64,
        uploaded_by=user, uploaded_at=game.at,
    )  # fmt: skip
    document.file.save("Geheimstuk.pdf", ContentFile(out.getvalue()), save=False)
    document.save()
    sent = case.submission()
    sent.documents = [{"document": document.pk, "field": "approach", "name": document.name}]
    type(sent).objects.filter(pk=sent.pk).update(documents=sent.documents)
    game.document, game.cases, game.at = document, [case, other], close(game.stage())
    for each in game.cases:
        screen(each, game.house, game.at)
    return game


def read(client, user, case):
    """What an address tells of who applied; and how many were walked."""
    sign_in(client, user)
    told, seen = [], 0
    for name, keys in addresses().items():
        for args in [] if name in PUBLISHED else filled(name, keys, case):
            response = client.get(reverse(name, args=args) + TYPED.get(name, ""))
            body = response.getvalue() if response.streaming else response.content
            seen += response.status_code == 200
            found = [word for word in WHO if word in str(response.headers.items()) + body.decode("utf-8", "replace")]
            if found:
                told.append((name, args, response.status_code, found))
    return told, seen


def test_from_the_declaration_to_the_ranking_nothing_tells_who_applied(client, settings, tmp_path):
    game = blind_round(settings, tmp_path)
    house, case, stage = game.house, game.cases[0], game.stage()
    juror, take = house.jurors[2], lambda name, actor, **data: perform(StageMachine, name, pk=stage.pk, actor=actor, at=game.at, **data)
    assert read(client, juror, case)[0] == [], "covers, to declare on"
    doubted = Conflict.objects.get(application=case, user=house.jurors[3])
    doubt = {"kind": "rival", "explanation": "Misschien."}
    perform(ConflictMachine, "declare_doubt", pk=doubted.pk, actor=doubted.user, at=game.at, **doubt)
    assert read(client, house.chair, case)[0] == [], "a doubt for the chair"
    for each in game.cases:
        declare(each, *(user for user in house.jurors if user != house.jurors[3]), at=game.at)
    perform(ConflictMachine, "clear", pk=doubted.pk, actor=house.chair, at=game.at, reason="Te lang geleden.")
    declare(game.cases[1], house.jurors[3], at=game.at)
    for each in game.cases:
        assign(each, house.jurors[:3], house, game.at)
    take("start_scoring", house.officer)
    assert read(client, juror, case)[0] == [], "the form and the files"
    for each in game.cases:
        for user in house.jurors[:3]:
            score(each, user, game.at, mark="4")
    take("convene", house.chair, present=[user.pk for user in house.jurors])
    told, seen = read(client, juror, case)
    assert told == [], "the meeting"
    assert seen > 8
    take("minute", house.secretary, minutes="Wij waren het eens.")
    take("sign_minutes", house.chair)
    take("ask_rank", house.secretary)
    take("rank", house.chair)
    deliver()
    for user in (juror, house.chair):
        assert read(client, user, case)[0] == [], "the ranking, the minutes and the advice"
    people = {user.email for user in house.jurors}
    letters = " ".join(f"{one.subject} {one.body}" for one in mail.outbox if people & set(one.to))
    assert [word for word in WHO if word in letters] == []


def test_a_file_comes_without_its_name_and_its_author_and_staff_get_what_was_sent(client, settings, tmp_path):
    game = blind_round(settings, tmp_path)
    case, juror = game.cases[0], game.house.jurors[2]
    declare(case, *game.house.jurors, at=game.at)
    assign(case, [juror], game.house, game.at)
    url = reverse("tender:document", args=[game.document.pk])
    response = sign_in(client, juror).get(url)
    assert "Geheimstuk" not in response["Content-Disposition"]
    assert not PdfReader(BytesIO(response.getvalue())).metadata
    small, kept = reverse("tender:document_preview", args=[game.document.pk]), lambda: default_storage.listdir("previews")[1]
    assert client.get(small).content.startswith(b"\x89PNG")
    assert [name.endswith("-blind") for name in kept()] == [True], "made of the file without its author"
    response = sign_in(client, game.house.officer).get(url)
    assert client.get(small).content.startswith(b"\x89PNG")
    assert len(kept()) == 2
    assert "Geheimstuk" in response["Content-Disposition"]
    assert PdfReader(BytesIO(response.getvalue())).metadata.author == "Geheime Auteur"
    game.document.file.save("x.pdf", ContentFile(b"%PDF-1.7 stuk"))
    response = sign_in(client, juror).get(url)
    assert response.status_code == 409
    assert "Geheimstuk" not in response.content.decode()
    assert client.get(small).url.endswith("no-preview.svg")
    identifying = next(field.key for field in case.rules.form.fields() if field.identifying)
    Document.objects.filter(pk=game.document.pk).update(field=identifying)
    assert (client.get(url).status_code, client.get(small).status_code) == (404, 404)
