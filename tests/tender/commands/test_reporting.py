"""Writing a report and its files: by who writes for the grantee, while it is open; and never over another's text."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from tender.commands.drafting import Overtaken
from tender.commands.reporting import save_report
from tender.commands.uploading import attach_to_report, detach_from_report
from tender.models import Document, ProgressReport
from tender.reporting import form_of
from tender.schemes.definition import FieldKind
from tests.factories import answers_for, person, png_file
from tests.workflows.refusals.test_grants import small_grant
from workflows.commands import perform
from workflows.models import ReportMachine

pytestmark = pytest.mark.django_db
PNG = png_file()


class Reporting:
    """A grant with its report asked, and what the report asks."""

    def __init__(self):
        self.game, grant = small_grant()
        self.writer, self.report = grant.application.applicant, grant.reports.get()
        fields = form_of(self.report).fields()
        self.text = next(field.key for field in fields if field.kind == FieldKind.LONG_TEXT)
        self.file = next(field.key for field in fields if field.kind == FieldKind.FILE)

    def take(self, name):
        perform(ReportMachine, name, pk=self.report.pk, actor=self.writer, at=self.game.at)

    def write(self, text, actor=None, **seen):
        said = {"pk": self.report.pk, "actor": actor or self.writer, "at": self.game.at}
        return save_report(**said, typed={self.text: text}, seen=seen.get("seen"))

    def attach(self, actor=None, key=None):
        upload = SimpleUploadedFile("foto.png", PNG)
        said = {"pk": self.report.pk, "key": key or self.file, "actor": actor or self.writer, "at": self.game.at}
        return attach_to_report(**said, upload=upload)

    def detach(self, actor=None, key=None):
        detach_from_report(pk=self.report.pk, key=key or self.file, actor=actor or self.writer, at=self.game.at)

    def answers(self):
        return ProgressReport.objects.get(pk=self.report.pk).answers


def stored():
    return list(ProgressReport.objects.values()), list(Document.objects.values())


def denied(*attempts):
    for attempt in attempts:
        before = stored()
        with pytest.raises(PermissionDenied):
            attempt()
        assert stored() == before


def test_a_report_is_written_between_its_start_and_handing_in():
    it = Reporting()
    every = (lambda: it.write("Te vroeg."), it.attach, it.detach)
    denied(*every)
    it.take("start")
    it.write("Op tijd.")
    denied(lambda: it.attach(key=it.text), lambda: it.attach(key="invented"), lambda: it.detach(key=it.text))
    for stranger in (person("stranger"), it.game.house.officer, it.game.house.auditor):
        denied(partial(it.write, "Van mij.", stranger), partial(it.attach, stranger), partial(it.detach, stranger))
    assert it.answers() == {it.text: "Op tijd."}
    ProgressReport.objects.update(answers=answers_for(form_of(it.report)))
    it.take("hand_in")
    denied(*every)


def test_a_file_of_a_report_takes_the_place_of_the_one_before_and_goes_again():
    it = Reporting()
    it.take("start")
    first, second = it.attach(), it.attach()
    assert it.answers() == {it.file: str(second.pk)}
    assert list(Document.objects.filter(removed_at=None, application=it.report.grant.application).values_list("pk", flat=True)) == [second.pk]
    it.detach()
    assert it.answers()[it.file] is None
    assert not Document.objects.filter(pk__in=[first.pk, second.pk], removed_at=None).exists()


def test_two_writers_of_a_report_do_not_write_over_each_other():
    it = Reporting()
    it.take("start")
    it.write("Van haar.", seen={it.text: None})
    before = stored()
    with pytest.raises(Overtaken) as said:
        it.write("Van hem.", seen={it.text: None})
    assert said.value.theirs == {it.text: "Van haar."}
    assert stored() == before
