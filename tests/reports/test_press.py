"""The press of the tests that read no letter: it stands in for the real one only there, and refuses what that refuses."""

from contextvars import Context

import pytest

from reports.commands.posting import PRESS
from reports.letters.printing import print_letter
from tests.factories import deliver, open_call, publish, submitted
from tests.factories.press import quick_press
from tests.reading import content_of, text_of, words_of
from tests.reports.samples import sample
from workflows.models import Letter


def test_whoever_lends_no_press_has_letters_laid_out():
    assert Context().run(PRESS.get) is print_letter
    assert PRESS.get() is quick_press, "lent to this test"


@pytest.mark.prints
def test_who_reads_letters_has_them_laid_out():
    assert PRESS.get() is print_letter


@pytest.mark.parametrize("press", [quick_press, print_letter])
def test_a_letter_that_lacks_a_fact_or_has_one_too_many_is_refused(press):
    whole = sample("award", "nl")
    with pytest.raises(TypeError, match="surprise"):
        press("award", {**whole, "surprise": 1})
    with pytest.raises(TypeError, match="reference"):
        press("award", {name: fact for name, fact in whole.items() if name != "reference"})


def test_only_the_laying_out_differs():
    quick, real = quick_press("award", sample("award", "nl")), print_letter("award", sample("award", "nl"))
    assert (quick.subject, quick.template_sha256) == (real.subject, real.template_sha256)
    assert words_of(quick.pdf) == "Licht op Lauwersoog", "a PDF that opens"
    again = quick_press("award", sample("award", "nl"))
    assert quick.sha256 == again.sha256 != quick_press("award", sample("award", "en")).sha256


@pytest.mark.django_db
def test_what_was_not_laid_out_is_not_read():
    game = open_call(publish("minifund"))
    case = submitted(game.call, at=game.at)
    deliver()
    for read in (content_of, text_of):
        with pytest.raises(AssertionError, match="prints"):
            read(Letter.objects.get(application=case))
