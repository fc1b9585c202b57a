"""On to the next stage: the answers and the files go along whose questions the next form asks too."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tender.commands.submitting import begin_next_stage, current_documents, due_day
from tender.commands.uploading import attach
from tender.models import Application
from tests.factories import dossier, open_call, pdf_file, submitted, variant
from tests.tender.pages.test_drafting import PDF

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("key", "goes_along"), [("extra", True), ("sketch", False)])
def test_a_file_goes_along_where_the_next_form_asks_the_same(key, goes_along):
    game = open_call(variant("crossover", ('key = "sketch"', f'key = "{key}"')))
    case = dossier(game.call, at=game.at)
    upload = SimpleUploadedFile("plan.pdf", pdf_file())
    document = attach(pk=case.pk, key=key, upload=upload, actor=case.applicant, at=game.at)
    case = submitted(game.call, case=case, at=game.at, **{key: str(document.pk)})
    assert [each["document"] for each in case.submission().documents] == [document.pk]
    case = Application.objects.with_rules().get(pk=case.pk)
    begin_next_stage(case, at=game.at, personal_until=None)
    assert case.stage.number == 2
    assert [each.pk for each in current_documents(case)] == ([document.pk] if goes_along else [])
    assert case.draft.get(key) == (str(document.pk) if goes_along else None)


def test_a_file_of_a_question_that_is_asked_no_more_is_not_handed_in():
    hidden = 'key = "sketch"\nshown_when = { field = "theme", values = ["energy"] }'
    game = open_call(variant("crossover", ('key = "sketch"', hidden)))
    case = dossier(game.call, at=game.at)
    document = attach(pk=case.pk, key="sketch", upload=SimpleUploadedFile("plan.pdf", PDF), actor=case.applicant, at=game.at)
    case = submitted(game.call, case=case, at=game.at, theme="healthy_ageing", sketch=str(document.pk))
    sent = case.submission()
    assert ("sketch" in sent.answers, sent.documents) == (False, [])


def test_no_term_runs_while_nothing_was_handed_in():
    game = open_call(variant("crossover"))
    assert due_day(dossier(game.call, at=game.at), suspended=3) is None
