"""What programs follow: new calls and new answers as RSS and Atom, and the dates of calls as iCalendar. Open to everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.syndication.views import Feed
from django.db.models import Min
from django.http import Http404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from tender.dates import absolute, dates_of_call
from tender.ical import as_download, as_feed
from tender.models import Question
from tender.queries import public_calls
from tender.templatetags.drietrap import moment

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from tender.models import Call

LANGUAGES = ("nl", "en")
NEWEST, TITLE = 50, 120
YEARS_BACK = 2
"""A calendar has no use for the calls of years ago."""


class Followed(Feed):  # type: ignore[type-arg]
    """What our feeds share: the language of the address, and addresses that hold elsewhere."""

    name: str
    feed_type: type[SyndicationFeed] = Rss201rev2Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The feed in the language that its address says."""
        if kwargs["language"] not in LANGUAGES:
            raise Http404
        with override(kwargs["language"]):
            return super().__call__(request, *args, **kwargs)

    def get_object(self, request: HttpRequest, *, language: str) -> str:  # noqa: ARG002
        """The language is all that an address says."""
        return language

    def link(self, language: str) -> str:  # noqa: ARG002
        """The page that it follows."""
        return absolute(reverse("tender:calls"))

    def feed_url(self, language: str) -> str:
        """Its own address."""
        kind = "atom" if self.feed_type is Atom1Feed else "rss"
        return absolute(reverse(f"tender:{self.name}_{kind}", args=[language]))


class CallsFeed(Followed):
    """The calls, the newest first."""

    name = "calls"

    def title(self, language: str) -> str:  # noqa: ARG002
        """What it is called."""
        return _("Calls for grants")

    def description(self, language: str) -> str:  # noqa: ARG002
        """What it is."""
        return _("Every call that was announced: what it is for, and from when until when one can apply.")

    def items(self, language: str) -> QuerySet[Any]:  # noqa: ARG002
        """The latest calls by the day on which they open."""
        return public_calls().annotate(first=Min("stages__opens_at")).order_by("-first", "-pk")[:NEWEST]

    def item_title(self, item: Call) -> str:
        """What the call is called."""
        return item.title

    def item_description(self, item: Any) -> str:
        """What it is for, and each window."""
        windows = [
            _("%(stage)s: from %(opens)s until %(closes)s.") % {
                "stage": stage.label, "opens": moment(stage.opens_at), "closes": moment(stage.closes_at),
            }
            if stage.closes_at else _("%(stage)s: from %(opens)s.") % {"stage": stage.label, "opens": moment(stage.opens_at)}
            for stage in item.known_stages
        ]  # fmt: skip
        return " ".join([str(item.definition.summary), *windows])

    def item_link(self, item: Call) -> str:
        """Its page."""
        return absolute(reverse("tender:call", args=[item.reference]))

    def item_updateddate(self, item: Any) -> datetime:
        """When it opens: what a reader sorts by."""
        first: datetime = item.first
        return first


class AnswersFeed(Followed):
    """What was asked and answered about calls, the newest first. Nobody is named."""

    name = "answers"

    def title(self, language: str) -> str:  # noqa: ARG002
        """What it is called."""
        return _("Questions and answers about calls")

    def description(self, language: str) -> str:  # noqa: ARG002
        """What it is."""
        return _("What was asked about a call, and what everybody is answered.")

    def items(self, language: str) -> QuerySet[Any]:  # noqa: ARG002
        """The latest answers about calls of the public."""
        return Question.objects.answered().about(public_calls()).select_related("stage__call")[:NEWEST]

    def item_title(self, item: Question) -> str:
        """The call and the question."""
        return f"{item.stage.call.title}: {Truncator(item.public_body).chars(TITLE)}"

    def item_description(self, item: Question) -> str:
        """The answer."""
        return item.answer

    def item_link(self, item: Question) -> str:
        """Where it stands."""
        return absolute(f"{reverse('tender:answers', args=[item.stage.call.reference])}#answer-{item.pk}")

    def item_pubdate(self, item: Question) -> datetime | None:
        """When it was answered."""
        return item.answered_at

    def item_updateddate(self, item: Question) -> datetime | None:
        """When it was last put right."""
        return item.changed_at or item.answered_at


class CallsAtom(CallsFeed):
    """The calls as Atom."""

    feed_type = Atom1Feed

    def subtitle(self, language: str) -> str:
        """What it is."""
        return self.description(language)


class AnswersAtom(AnswersFeed):
    """The answers as Atom."""

    feed_type = Atom1Feed

    def subtitle(self, language: str) -> str:
        """What it is."""
        return self.description(language)


@require_safe
def calendar(request: HttpRequest, language: str) -> HttpResponse:
    """The dates of all calls, for a calendar program to follow."""
    if language not in LANGUAGES:
        raise Http404
    at: datetime = request.at  # type: ignore[attr-defined]
    with override(language):
        found = public_calls().filter(year__gte=at.year - YEARS_BACK)
        entries = [entry for call in found for entry in dates_of_call(call, call.known_stages, at)]  # type: ignore[attr-defined]
        return as_feed(_("Calls for grants"), entries)


@require_safe
def call_dates(request: HttpRequest, reference: str) -> HttpResponse:
    """The dates of one call, as a file."""
    call = public_calls().filter(reference=reference).first()
    if call is None:
        raise Http404
    at: datetime = request.at  # type: ignore[attr-defined]
    return as_download(call.title, dates_of_call(call, call.known_stages, at), filename=call.reference)  # type: ignore[attr-defined]
