"""Whether a file is what it says, opens for everybody, and does nothing by itself; in words for who sent it."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy

from tender import confined, opening
from tender.films import FILMS, is_whole
from tender.opening import Fault
from tender.schemes.figures import AnswerFault

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SAID: Final[dict[str, _StrPromise]] = {
    Fault.DAMAGED: gettext_lazy("This file does not open: it is damaged, or not finished. Save it once more, and send it again."),
    Fault.LOCKED: gettext_lazy("This PDF is locked with a password or a limit. Save it without, for example by printing it to a new PDF."),
    Fault.PROGRAM: gettext_lazy(
        "This PDF holds a program (JavaScript, or a form that calculates), which we cannot take. Print it to a new PDF, and send that."
    ),
    Fault.ATTACHED: gettext_lazy("There are other files inside this PDF. Take them out, or print it to a new PDF, and send that."),
    Fault.MEDIA: gettext_lazy("There is film, sound or 3D inside this PDF. Take it out, or print it to a new PDF, and send that."),
    Fault.NO_PAGES: gettext_lazy("There are no pages in this PDF. Choose another file."),
    Fault.MANY_PAGES: gettext_lazy("This PDF has too many pages: at most %(most)d. Send only what is asked for."),
    Fault.PIXELS: gettext_lazy("This picture is too large: at most %(most)d million pixels. Make it smaller, and send it again."),
    Fault.BOMB: gettext_lazy("This file unpacks to far more than it is, so we cannot take it. Print it to a new PDF, and send that."),
    Fault.SLOW: gettext_lazy("It takes too long to look through this file. Make it simpler, for example by printing it to a new PDF."),
}


def inspect(kind: str, file: IO[bytes]) -> None:
    """Look into a file of this kind. Errors: `AnswerFault`, with how to mend it. The file stands at its beginning again."""
    file.seek(0)
    fault = _film(file) if kind in FILMS else confined.fault_in(kind, file.read())
    file.seek(0)
    if fault:
        most = opening.MOST_PAGES if fault == Fault.MANY_PAGES else opening.MOST_PIXELS // 1_000_000
        raise AnswerFault(str(SAID[fault]) % {"most": most})


def _film(file: IO[bytes]) -> str:
    """A film is never opened here: only whether it has all its parts."""
    return "" if is_whole(file) else Fault.DAMAGED
