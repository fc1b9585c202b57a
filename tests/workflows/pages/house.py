"""Ways about the administrator's room, and rounds to find there."""

import re

from django.urls import reverse

from tests.factories import close, declare, open_call, publish, score, screen, submitted
from tests.factories.laying import laid_down
from workflows.commands import perform
from workflows.commands.assigning import assign_round
from workflows.models import StageMachine


def where(name, stage):
    return reverse(f"workflows:{name}", args=[stage.call.reference, stage.key])


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def confirm(client, url, **data):
    """Preview, then confirm with exactly what the preview bound: as the page does."""
    preview = client.post(url, data)
    assert preview.status_code == 200, preview.content.decode()[:400]
    hidden = dict(re.findall(r'name="(seen-\d+)" value="([0-9a-f]*)"', preview.content.decode()))
    return preview, client.post(url, {**data, **hidden, "confirm": "1"})


def press_whole(client, url, step, **said):
    """Look at what will happen to the round, then press with exactly what was shown."""
    page = client.get(url)
    assert page.status_code == 200
    return client.post(url, {"step": step, "seen": page.context["seen"], **said})


@laid_down
def closed_round(number=3, scheme="crossover"):
    """A first stage that has closed with so many applications, nobody declared yet."""
    game = open_call(publish(scheme))
    cases = [submitted(game.call, at=game.at) for _ in range(number)]
    return game, cases, close(game.stage())


@laid_down
def ranked(game, cases):
    """The ranking of a first stage, fixed, with the first application below the floor where there is more than one; the moment."""
    house, stage = game.house, game.stage()
    at = close(stage)
    for case in cases:
        screen(case, house, at)
        declare(case, *house.jurors, at=at)
    assign_round(stage=stage, actor=house.officer, at=at)
    perform(StageMachine, "start_scoring", pk=stage.pk, actor=house.officer, at=at)
    for index, case in enumerate(cases):
        for sheet in case.sheets.all():
            score(case, sheet.juror, at, mark=2 if index == 0 and len(cases) > 1 else 5)
    perform(StageMachine, "ask_rank", pk=stage.pk, actor=house.secretary, at=at)
    perform(StageMachine, "rank", pk=stage.pk, actor=house.chair, at=at)
    return at


@laid_down
def ranked_round(number=4):
    """A first stage whose ranking is fixed: one below the floor."""
    game = open_call(publish("crossover"))
    cases = [submitted(game.call, at=game.at) for _ in range(number)]
    return game, cases, ranked(game, cases)
