"""Ways about the juror's room."""

from django.urls import reverse

from scoring.models import Scoresheet

TITLES = ("Het Kwartier", "De Loods", "Havenhub")


def signed_in(client, user):
    client.force_login(user)
    return client


def at(game, name, *more):
    return reverse(f"workflows:{name}", args=[game.call.reference, game.stage().key, *more])


def sheet_of(game, juror, number=0):
    return Scoresheet.objects.get(application=game.cases[number], juror=juror)


def filled(sheet, mark="4", **said):
    names = [f"q{number}" for number, _each in enumerate(keys(sheet), start=1)]
    return {**dict.fromkeys(names, mark), "comment": "Mooi.", **said}


def keys(sheet):
    return [f"{c.key}.{q.key}" for c in sheet.stage.rules.rubric.criteria for q in c.questions]
