"""The page of a panel: whom it lacks, and one more member for the rest of its term."""

from datetime import timedelta

import pytest
from django.urls import reverse

from scoring.composition import composition
from scoring.models import Conflict, Seating
from scoring.terms import terms_hash
from tender.enums import Role, SeatState
from tender.models import User
from tests.factories import clock, close, deliver, open_call, publish, screen, submitted
from tests.workflows.machines.test_jury import WHY
from tests.workflows.pages.house import sign_in, where
from workflows.commands import create, perform
from workflows.models import ConflictMachine, Event, Notification, SeatMachine

pytestmark = pytest.mark.django_db


@pytest.fixture
def game():
    made = open_call(publish("crossover"))
    made.cases = [submitted(made.call, at=made.at) for _ in range(2)]
    made.at = close(made.stage())
    for case in made.cases:
        screen(case, made.house, made.at)
    return made


def invite(client, game, **said):
    row = {"more-name": "Jip", "more-email": "Jip@elders.example", "more-part": "juror", "more-network": "games", "more-themes": ["energy"]}
    sign_in(client, game.house.officer)
    return client.post(where("panel", game.stage()), {**row, **said, "invite": "1"})


def jip(game):
    return Seating.objects.members(game.stage()).get(user__email="jip@elders.example")


def accept(seat, at):
    perform(SeatMachine, "accept", pk=seat.pk, actor=seat.user, at=at, terms=terms_hash())


def test_who_is_invited_late_is_asked_about_what_is_there_once_they_accept(client, game):
    assert invite(client, game).status_code == 302
    seat = jip(game)
    assert (seat.state, seat.network, seat.themes) == (SeatState.INVITED, "games", ["energy"])
    assert seat.since > seat.panel.since, "for the rest of the term"
    assert not Conflict.objects.filter(user=seat.user).exists()
    before = Conflict.objects.count()
    later = max(game.at, game.stage().opens_at + timedelta(days=400))
    accept(seat, later)
    assert set(Conflict.objects.filter(user=seat.user).values_list("application", flat=True)) == {case.pk for case in game.cases}
    assert Conflict.objects.count() == before + 2, "nobody else is asked again"


def test_whom_an_interest_keeps_out_is_asked_nothing_when_they_accept(client, game):
    invite(client, game)
    seat, first = jip(game), game.cases[0]
    asked = create(ConflictMachine, "ask", of={"application": first, "user": seat.user, "part": Role.JUROR}, actor=clock(), at=game.at)
    perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=seat.user, at=game.at, **WHY)
    accept(seat, max(game.at, game.stage().opens_at + timedelta(days=400)))
    assert Conflict.objects.filter(user=seat.user).count() == 1


def test_who_declined_is_seen_and_somebody_else_can_be_invited_but_no_second_chair(client, game):
    invite(client, game)
    assert invite(client, game).status_code == 422, "the invitation stands"
    perform(SeatMachine, "decline", pk=jip(game).pk, actor=jip(game).user, at=game.at)
    page = sign_in(client, game.house.officer).get(where("panel", game.stage()))
    assert SeatState.DECLINED in {member.state for member, _words, _again in page.context["members"]}
    assert invite(client, game).status_code == 422, "the same person once"
    assert invite(client, game, **{"more-email": "an@elders.example", "more-network": "nowhere"}).status_code == 422
    assert invite(client, game, **{"more-email": "an@elders.example"}).status_code == 302
    assert invite(client, game, **{"more-email": "o@elders.example", "more-part": "chair"}).status_code == 422
    assert not User.objects.filter(email="o@elders.example").exists(), "an account for nobody"


def test_only_who_accepted_counts_in_what_the_panel_lacks(client, game):
    url = where("panel", game.stage())
    lacks = sign_in(client, game.house.officer).get(url).context["lacks"]
    assert (len(lacks.networks), len(lacks.themes), lacks.parts, lacks.ending) == (10, 7, [], [])
    invite(client, game)
    scheme, day = game.call.definition, game.at.date()
    assert len(composition(Seating.objects.members(game.stage()), scheme, day).networks) == 10
    accept(jip(game), game.at)
    found = composition(Seating.objects.members(game.stage()), scheme, day)
    assert (len(found.networks), len(found.themes), found.whole) == (9, 6, False)
    ends = jip(game)
    ends.until = day - timedelta(days=1)
    assert composition([ends], scheme, day).ending == [ends]
    assert composition([ends], scheme, day).parts == [Role.CHAIR, Role.DEPUTY, Role.SECRETARY]


def test_a_step_on_a_seat_has_a_page_and_is_nobody_elses(client, game):
    invite(client, game)
    step = reverse("workflows:step", args=["seat", jip(game).pk, "decline"])
    assert client.get(step).status_code == 403
    assert sign_in(client, jip(game).user).get(step).status_code == 200


def test_who_declined_can_be_invited_again_and_is_told(client, game):
    invite(client, game)
    seat, officer = jip(game), game.house.officer
    perform(SeatMachine, "decline", pk=seat.pk, actor=seat.user, at=game.at, reason="Te druk.")
    page = sign_in(client, officer).get(where("panel", game.stage()))
    [again] = [url for _member, _words, url in page.context["members"] if url]
    assert again.split("?")[0] in page.content.decode()
    assert client.post(again.split("?")[0], {"next": where("panel", game.stage())}).url == where("panel", game.stage())
    assert jip(game).state == SeatState.INVITED
    deliver()
    assert Notification.objects.filter(event__kind="seat.invite_again", user=seat.user).count() == 1
    accept(jip(game), game.at)
    said = Event.objects.filter(noun="seat", key=seat.pk).order_by("seq").values_list("kind", flat=True)
    assert list(said) == ["seat.invite", "seat.decline", "seat.invite_again", "seat.accept"]
