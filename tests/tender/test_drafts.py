"""The history of a draft: one row per person, stage and about ten minutes; readable; and one answer put back."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.urls import reverse

from tender.clock import database_now
from tender.commands.drafting import Overtaken, save_draft
from tender.commands.restoring import put_back
from tender.commands.uploading import attach, detach
from tender.enums import Part, Role
from tender.forms.posted import mark
from tender.models import Application, DraftChange
from tests.factories import declare, dossier, open_call, person, publish, submitted
from tests.factories.beside import joined, write
from tests.tender.pages.test_drafting import PDF

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def case():
    """A draft of today, so that pages can write in it."""
    game = open_call(publish("crossover"), at=database_now() - timedelta(days=2))
    return dossier(game.call, at=game.at)


def rows(case):
    return list(DraftChange.objects.filter(application=case).order_by("pk").values_list("by", "changes"))


def start_of(case):
    return case.stage.opens_at


def test_ten_minutes_of_one_persons_writing_are_one_row(case):
    at, owner = start_of(case), case.applicant
    for number, text in enumerate(("L", "Li", "Licht")):
        write(case, at + number * MINUTE, title=text)
    write(case, at + 3 * MINUTE, title="Licht")  # the same again is no change
    assert rows(case) == [(owner.pk, {"title": [None, "Licht"]})]
    write(case, at + 10 * MINUTE, summary="Kort")
    write(case, at + 11 * MINUTE, title="Donker")
    assert rows(case) == [(owner.pk, {"title": [None, "Licht"], "summary": [None, "Kort"]}), (owner.pk, {"title": ["Licht", "Donker"]})]
    change = DraftChange.objects.order_by("pk").first()
    assert (change.since, change.at, change.version, change.stage) == (at, at + 10 * MINUTE, 4, case.stage)


def test_two_who_write_have_each_their_rows_and_no_change_hides_in_anothers(case):
    at, owner = start_of(case), case.applicant
    other = joined(case, at)
    write(case, at, title="Een")
    write(case, at + MINUTE, other, title="Twee")
    write(case, at + 2 * MINUTE, summary="Van mij")  # goes on in the own row: nobody else touched it
    write(case, at + 3 * MINUTE, title="Drie")  # somebody else did: a row of its own
    assert rows(case) == [
        (owner.pk, {"title": [None, "Een"], "summary": [None, "Van mij"]}),
        (other.pk, {"title": ["Een", "Twee"]}),
        (owner.pk, {"title": ["Twee", "Drie"]}),
    ]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_by_one_person_the_history_holds_both(case):
    """The second waits for the draft; what it then reads of the history must hold what the first wrote meanwhile."""
    at = start_of(case)
    write(case, at, title="Eerst")
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            write(case, at + MINUTE, summary="Van hier")
            other = pool.submit(elsewhere, case, at + MINUTE)
            with pytest.raises(TimeoutError):
                other.result(timeout=1)
        other.result(timeout=30)
    assert rows(case) == [(case.applicant.pk, {"title": [None, "Daar"], "summary": [None, "Van hier"]})]


def elsewhere(case, at):
    try:
        write(case, at, title="Daar")
    finally:
        connections.close_all()


def test_what_is_undone_at_once_is_no_news(client, case):
    at = start_of(case)
    write(case, at, title="Weg")
    write(case, at + MINUTE, title=None)
    assert rows(case) == [(case.applicant.pk, {})]
    client.force_login(case.applicant)
    assert client.get(reverse("tender:history", args=[case.reference])).context["rows"] == []


def test_the_history_costs_saving_two_queries_more(case, django_assert_num_queries):
    """Locked draft, right to write, save; and where something changed, the last row (only once the lock is held) and the row."""
    at = start_of(case)
    said = {"pk": case.pk, "actor": case.applicant}
    save_draft(**said, at=at, typed={"title": "Eerst"})
    for typed, queries in (({"title": "Eerst"}, 5), ({"title": "Dan"}, 7), ({"summary": "Ook"}, 7)):
        with django_assert_num_queries(queries):
            save_draft(**said, at=at + MINUTE, typed=typed)
    with django_assert_num_queries(7):
        save_draft(**said, at=at + 20 * MINUTE, typed={"title": "Later"})


def test_the_page_tells_who_changed_what_and_puts_one_answer_back(client, case):
    at = start_of(case)
    write(case, at, title="Een klein licht")
    other = joined(case, at)
    case = write(case, at + MINUTE, other, title="Een groot licht", partners=[{"name": "Zomaar", "kvk": "12"}])
    client.force_login(case.applicant)
    url = reverse("tender:history", args=[case.reference])
    page = client.get(url)
    newest = page.context["rows"][0]
    assert newest["change"].by == other
    assert [(line["told"].key, line["back"]) for line in newest["lines"]] == [("title", True), ("partners", True)]
    assert newest["lines"][1]["told"].after == "Zomaar · 12"
    text = page.content.decode()
    assert re.search(r"<del>[^]]*klein ", text)
    assert re.search(r"<ins>[^]]*groot ", text)
    back = reverse("tender:put_back", args=[case.reference, newest["change"].pk, "title"])
    assert client.post(back, {"seen": mark("Een groot licht")}).url == url
    case.refresh_from_db()
    assert case.draft["title"] == "Een klein licht"
    assert rows(case)[-1] == (case.applicant.pk, {"title": ["Een groot licht", "Een klein licht"]})


def test_nothing_is_put_back_over_what_somebody_just_wrote(client, case):
    at = start_of(case)
    write(case, at, title="Eerst")
    case = write(case, at + 20 * MINUTE, title="Toen")
    change = DraftChange.objects.latest("pk")
    case = write(case, at + 21 * MINUTE, joined(case, at), title="Net getypt")
    with pytest.raises(Overtaken):
        put_back(pk=change.pk, key="title", actor=case.applicant, at=at, seen="Toen")
    client.force_login(case.applicant)
    url = reverse("tender:put_back", args=[case.reference, change.pk, "title"])
    assert client.post(url, {"seen": mark("Toen")}).status_code == 302
    assert Application.objects.get(pk=case.pk).draft == case.draft


def test_a_file_comes_back_with_its_answer(case):
    at, said = start_of(case), {"pk": case.pk, "key": "sketch", "actor": case.applicant}
    first = attach(**said, upload=SimpleUploadedFile("een.pdf", PDF), at=at)
    second = attach(**said, upload=SimpleUploadedFile("twee.pdf", PDF + b"2"), at=at + 20 * MINUTE)
    change = DraftChange.objects.latest("pk")
    put_back(pk=change.pk, key="sketch", actor=case.applicant, at=at + 40 * MINUTE, seen=str(second.pk))
    case.refresh_from_db()
    assert case.draft["sketch"] == str(first.pk)
    assert list(case.documents.filter(removed_at=None)) == [first]
    detach(**said, at=at + 60 * MINUTE)
    change = DraftChange.objects.latest("pk")
    put_back(pk=change.pk, key="sketch", actor=case.applicant, at=at + 80 * MINUTE, seen=None)
    assert list(case.documents.filter(removed_at=None)) == [first]


def test_only_who_writes_puts_back_and_only_what_was_changed_there(client, case):
    case = write(case, start_of(case), title="Eerst")
    change = DraftChange.objects.get()
    viewer = joined(case, start_of(case), Part.VIEW)
    for actor, key in ((viewer, "title"), (case.applicant, "summary"), (person("stranger"), "title")):
        with pytest.raises(PermissionDenied):
            put_back(pk=change.pk, key=key, actor=actor, at=start_of(case), seen="Eerst")
    client.force_login(viewer)
    page = client.get(reverse("tender:history", args=[case.reference]))
    assert [line["back"] for line in page.context["rows"][0]["lines"]] == [False]
    assert client.post(reverse("tender:put_back", args=[case.reference, change.pk, "title"])).status_code == 403
    client.force_login(case.applicant)
    assert client.post(reverse("tender:put_back", args=[case.reference, change.pk + 1, "title"])).status_code == 404
    assert client.post(reverse("tender:put_back", args=[case.reference, change.pk, "summary"])).status_code == 403
    assert Application.objects.get(pk=case.pk).draft == case.draft


def test_the_history_is_closed_to_the_house_and_the_jury(client, case):
    sent = submitted(case.call, at=case.stage.opens_at, case=case)
    game_officer = declared_officer(sent)
    url = reverse("tender:history", args=[case.reference])
    for user in (game_officer, person("auditor", Role.AUDITOR), person("stranger")):
        client.force_login(user)
        assert client.get(url).status_code == 404
    client.force_login(case.applicant)
    assert client.get(url).status_code == 200


def declared_officer(case):
    officer = person("officer", Role.OFFICER)
    declare(case, officer, at=case.stage.opens_at)
    assert Application.objects.visible_to(officer).filter(pk=case.pk).exists()
    return officer


def test_the_history_costs_the_same_for_many(client, case, django_assert_max_num_queries):
    at = start_of(case)
    client.force_login(case.applicant)
    url = reverse("tender:history", args=[case.reference])
    counts = []
    for _round in range(2):
        for _each in range(4):
            at += 20 * MINUTE
            write(case, at, title=f"Om {at:%H:%M}")
        with django_assert_max_num_queries(20) as asked:
            client.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1]
