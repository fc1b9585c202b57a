"""No one is shown a link they may not follow: everybody walks every page that they can reach from their own."""

from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve, reverse

from tests.factories import assign, declare, open_call, publish, score, screen, submitted
from tests.factories.awarded import award
from workflows.commands import perform
from workflows.models import GrantMachine

pytestmark = pytest.mark.django_db
ENOUGH = 2
"""So many pages of one kind per person: the tenth dossier has the links of the first."""


class Links(HTMLParser):
    """The addresses that a page offers to go to."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        href = dict(attrs).get("href")
        if tag == "a" and href and not href.startswith(("#", "mailto:")):
            self.found.append(href)


@pytest.fixture
def played():
    """A round of a jury up to a running grant, and one of a fund that is open all year, half assessed."""
    it = award(1)
    perform(GrantMachine, "accept", pk=it.grants[0].pk, actor=it.cast["signer"], at=it.at)
    small = open_call(publish("minifund"), house=it.cast.house, at=it.at)
    at = small.at + timedelta(days=1)
    case = submitted(small.call, at=at)
    screen(case, it.cast.house, at)
    declare(case, *it.cast.house.assessors, at=at)
    assign(case, it.cast.house.assessors, it.cast.house, at)
    score(case, it.cast.house.assessors[1], at)
    return it


def walk(client, start):
    """Every page within reach, and what each answered: address → (status, the page that led there)."""
    waiting, answers, kinds = [(start, "")], {}, {}
    while waiting:
        url, before = waiting.pop(0)
        path = urlsplit(url)
        if url in answers or path.netloc or path.scheme:
            continue
        try:
            kind = resolve(path.path).view_name
        except Resolver404:
            answers[url] = (404, before)
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > ENOUGH or kind.startswith("account"):
            continue
        response = client.get(url)
        answers[url] = (response.status_code, before)
        if response.status_code in {301, 302}:
            waiting.append((response.url, url))
        elif response.streaming:
            response.getvalue()  # read to its end, so that the file is closed
        elif response.headers.get("Content-Type", "").startswith("text/html"):
            page = Links()
            page.feed(response.content.decode())
            waiting += [(urljoin(url, href).partition("#")[0], url) for href in page.found]
    return answers


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")


def test_nobody_is_shown_a_link_they_may_not_follow(client, played):
    seen, closed = {}, []
    for role in sorted(set(played.cast.people) - {"clock"}):
        sign_in(client, played.cast[role])
        answers = walk(client, reverse("tender:home"))
        seen[role] = len(answers)
        closed += [(role, status, url, before) for url, (status, before) in answers.items() if status not in {200, 301, 302}]
        client.logout()
    assert closed == [], "\n".join(map(str, closed))
    assert seen["officer"] > seen["outsider"] > 1
    ranking = reverse("workflows:ranking", args=[played.game.call.reference, played.game.stage().key])
    sign_in(client, played.cast["juror"])
    assert ranking in walk(client, reverse("workflows:reading")), "the juror sees the ranking, and was led there"
