"""No one is shown a link they may not follow, or a word of another language: everybody walks every page that they can reach."""

import re
from datetime import timedelta
from gettext import GNUTranslations
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve, reverse

from scoring.models import Panel
from tender.models import User
from tests.factories import assign, declare, open_call, publish, score, screen, submitted
from tests.factories.awarded import award
from workflows.commands import perform
from workflows.models import GrantMachine

pytestmark = pytest.mark.django_db
ENOUGH = 2
"""So many pages of one kind per person: the tenth dossier has the links of the first."""


SAID = ("aria-label", "title", "placeholder", "alt")
"""Attributes that are read out."""


class Page(HTMLParser):
    """The addresses that a page offers to go to, and what it says."""

    def __init__(self):
        super().__init__()
        self.links, self.said = [], set()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        href = attrs.get("href")
        if tag == "a" and href and not href.startswith(("#", "mailto:")):
            self.links.append(href)
        self.said |= {attrs[name] for name in SAID if attrs.get(name)}

    def handle_data(self, data):
        self.said.add(" ".join(data.split()))


def only_dutch():
    """What our catalogues say in Dutch, and nothing says in English."""
    dutch, english = set(), set()
    for app in ("tender", "scoring", "workflows", "reports", "settings"):
        with (settings.BASE_DIR / app / "locale" / "nl" / "LC_MESSAGES" / "django.mo").open("rb") as file:
            texts = GNUTranslations(file)._catalog  # gettext has no other way to list what a catalogue holds
        english |= {source[0] if isinstance(source, tuple) else source for source in texts}
        dutch |= set(texts.values())
    return {" ".join(text.split()) for text in dutch - english} - {""}


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


def walk(client, start, said=None):
    """Every page within reach, and what each answered: address → (status, the page that led there).

    ``said`` collects what is read there: text → the first page that says it.
    """
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
            page = Page()
            page.feed(response.content.decode())
            waiting += [(urljoin(url, href).partition("#")[0], url) for href in page.links]
            if said is not None:
                said |= dict.fromkeys(page.said - said.keys(), url)
    return answers


def sign_in(client, user):
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")


def test_nobody_is_shown_a_link_they_may_not_follow_or_a_text_in_another_language(client, played):
    User.objects.update(language="en")
    seen, closed, said = {}, [], {}
    for role in sorted(set(played.cast.people) - {"clock"}):
        sign_in(client, played.cast[role])
        answers = walk(client, reverse("tender:home"), said)
        seen[role] = len(answers)
        closed += [(role, status, url, before) for url, (status, before) in answers.items() if status not in {200, 301, 302}]
        client.logout()
    assert closed == [], "\n".join(map(str, closed))
    dutch = only_dutch() - set(Panel.objects.values_list("name", flat=True)) - {"Nederlands"}  # as a language calls itself
    # Beside the words of a Dutch letter stands that letter.
    assert {text: said[text] for text in said.keys() & dutch if not re.match(r"/werk/brieven/.+/nl/", said[text])} == {}
    assert seen["officer"] > seen["outsider"] > 1
    ranking = reverse("workflows:ranking", args=[played.game.call.reference, played.game.stage().key])
    User.objects.update(language="nl")
    sign_in(client, played.cast["juror"])
    assert ranking in walk(client, reverse("tender:home"), said), "the juror sees the ranking, and was led there"
    assert said.keys() & dutch, "who reads Dutch is told in Dutch, so the look at the English pages could fail"
