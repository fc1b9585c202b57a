"""A world that is laid down is the world that was made, row for row; and it is laid down only where nothing differs."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.db import connection, transaction

from tender.clock import GRACE
from tender.models import User
from tests.factories import House, applicant, close, deliver, house, open_call, person, publish, screen, submitted
from tests.factories.laying import TAPE, Unlike, laid_down, numbers, plain
from tests.factories.rows import every_model, rows_of
from workflows.models import Letter

pytestmark = pytest.mark.django_db


@contextmanager
def undone():
    """What is made in here is rolled back, and what comes after begins as another test does; so does what is made in here."""
    sent, point = len(mail.outbox), transaction.savepoint()
    TAPE.begin(on=True)
    yield
    transaction.savepoint_rollback(point)
    TAPE.begin(on=True)
    del mail.outbox[sent:]


def all_rows():
    """Everything in the database."""
    there = set(connection.introspection.table_names())
    return {table: rows_of(table) for table in every_model() if table in there}


def world():
    """A dossier that was handed in and screened, with its mails."""
    game = open_call(publish("minifund"))
    case = submitted(game.call, at=game.at)
    screen(case, game.house, game.at + timedelta(days=1))
    deliver()
    return game, case


def counted(make):
    """What ``make`` returns, how many factories were played for it, and how many laid down."""
    played, laid = TAPE.played, TAPE.laid
    made = make()
    return made, TAPE.played - played, TAPE.laid - laid


def test_it_is_the_same_row_for_row_and_mail_for_mail():
    with undone():
        world()
        rows, mails, last = all_rows(), [each.subject for each in mail.outbox], numbers.last
        subjects = [each.message().as_string().split("\n", 1)[0] for each in mail.outbox]
    with undone():
        (game, case), played, laid = counted(world)
        assert (played, laid) == (0, 5)
        assert all_rows() == rows
        assert [each.subject for each in mail.outbox] == mails
        assert [each.message().as_string().split("\n", 1)[0] for each in mail.outbox] == subjects
        assert numbers.last == last
        assert case.call == game.call


def test_what_follows_is_made_as_ever():
    for _ in range(2):
        with undone():
            game = open_call(publish("crossover"))
            case = submitted(game.call, at=game.at)
            other = submitted(game.call, at=game.at + timedelta(days=2))
            assert other.pk > case.pk
            assert other.reference != case.reference
            assert other.applicant != case.applicant
            assert close(game.stage()) == game.stage().closes_at + GRACE


def test_on_a_database_that_differs_it_is_played():
    with undone():
        world()
    with undone():
        person("somebody")
        assert counted(world)[2] == 0
    with undone():
        game, _ = world()
        User.objects.filter(pk=game.house.chair.pk).update(name="Other")
        assert counted(lambda: submitted(game.call, at=game.at + timedelta(days=2)))[1] >= 1


def test_a_step_back_goes_back_to_the_state_of_then():
    for again in range(2):
        with undone():
            point = transaction.savepoint()
            person("somebody")
            transaction.savepoint_rollback(point)
            _, played, laid = counted(world)
            assert not again or (played, laid) == (0, 5)


def test_what_was_given_is_what_comes_back():
    for _ in range(2):
        with undone():
            home = house()
            assert isinstance(home, House)
            game = open_call(publish("minifund"), house=home)
            assert game.house is home


def test_an_object_that_was_given_is_left_as_the_factory_left_it():
    for _ in range(2):
        with undone():
            user, _ = applicant()
            assert renamed(user) is user
            assert (user.name, User.objects.get(pk=user.pk).name) == ("Renamed", "Renamed")


@laid_down
def renamed(user):
    user.name = "Renamed"
    user.save(update_fields=["name"])
    return user


def test_a_file_that_went_lies_there_again():
    for _ in range(2):
        with undone():
            world()
            names = [name for name in Letter.objects.values_list("file", flat=True) if name]
            assert names
            for name in names:
                assert default_storage.exists(name)
                default_storage.delete(name)


def test_one_that_fails_fails_again_and_leaves_nothing():
    for _ in range(2):
        with undone():
            before = User.objects.count()
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                failing()
            assert User.objects.count() == before


@laid_down
def failing():
    person("nobody")
    return 1 / 0


def test_who_sets_something_aside_has_all_played(monkeypatch):
    assert not TAPE.on
    assert counted(lambda: publish("minifund"))[1:] == (0, 0)


def test_parameters_that_cannot_be_told_apart_are_never_the_same():
    with pytest.raises(Unlike):
        plain([object()])
    assert plain([b"a", None]) == plain([memoryview(b"a"), None])


def test_a_connection_that_is_new_is_heard_too():
    """As after the first journey in a browser: in a thread with a running loop Django has another connection."""
    connection.execute_wrappers.remove(TAPE.heard)
    TAPE.begin(on=True)
    state = TAPE.state
    person("somebody")
    assert TAPE.state != state
