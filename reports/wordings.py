"""What the pages of letter texts show: the form, the cases a text can be tried on, and the letter as it would be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.letters.composing import draft
from reports.letters.facts import to_plain
from reports.letters.merging import answers_of, left_out, said_by, values_of
from reports.letters.names import PART_NAMES
from reports.letters.printing import blocks_of, read
from reports.letters.sampling import sample_answers, sample_facts
from tender.calendar import amsterdam_day
from tender.enums import CASE_STAFF_ROLES, Role
from tender.models import Decision
from tender.models.wording import PARTS
from tender.schemes.letter_kinds import letter_of
from tender.schemes.merge import harmless
from tender.schemes.own_texts import MOST, tidied
from tender.wordings import faults_at
from workflows.models import Event, Letter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from reports.letters.facts import LetterFacts
    from tender.models import User
    from tender.models.wording import Place
    from tender.schemes import definition

LOOKERS = (*CASE_STAFF_ROLES, Role.AUDITOR)
"""Who may see the letter of a decision before it is signed."""
NEWEST = 10
"""So many cases of each sort are offered to try a text on."""
ROWS = {"opening": 4, "body": 10, "closing": 4}
HELP = {
    "subject": gettext_lazy("Leave it empty for the house's own subject."),
    "opening": gettext_lazy("Stands before the decision itself. Leave a line blank to begin a new paragraph."),
    "body": gettext_lazy("Stands among the reasons, between what the law asks us to say."),
    "closing": gettext_lazy("Stands at the end, before the signature."),
}


class WordingForm(forms.Form):
    """The parts of a text, and why it is written. What cannot stand in a letter is told beside its part, by its line."""

    use_required_attribute = False
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    case = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, place: Place, cases: list[tuple[str, str]], tries: bool = False, **kwargs: Any) -> None:
        """``tries``: only to look at the letter, so that no reason is asked yet."""
        super().__init__(*args, **kwargs)
        self.place, self.tries = place, tries
        for part in PARTS:
            widget: forms.Widget = forms.TextInput() if part == "subject" else forms.Textarea(attrs={"rows": ROWS[part]})
            widget.attrs |= {"maxlength": MOST[part], "lang": place.language, "spellcheck": "true"}
            self.fields[part] = forms.CharField(label=str(PART_NAMES[part]), help_text=HELP[part], required=False, strip=False, widget=widget)
        self.fields["reason"] = forms.CharField(
            label=_("Why do you change this?"),
            max_length=500,
            help_text=_("For your colleagues; it stands in the history."),
        )
        self.fields["case"] = forms.ChoiceField(label=_("Try it on"), choices=cases, required=False)
        self.order_fields(["seen", *PARTS, "reason", "case"])

    def clean(self) -> dict[str, Any]:
        """The parts tidied, and every fault beside its part."""
        said = super().clean() or {}
        if self.tries:
            self.errors.pop("reason", None)
        parts = {name: tidied(said.get(name) or "") for name in PARTS}
        for fault in faults_at(self.place, parts):
            self.add_error(fault.part, str(fault))
        return {**said, **parts}

    @property
    def parts(self) -> dict[str, str]:
        """The parts as they were typed, tidied: of a form that holds faults too."""
        if not self.is_bound:
            return {name: str(self.get_initial_for_field(self.fields[name], name) or "") for name in PARTS}
        return {name: tidied(str(self.data.get(name) or "")) for name in PARTS}


@dataclass(frozen=True, slots=True)
class Tried:
    """A letter with a text in it: its subject, sections and language; what it had no value for; its facts as they would be stored."""

    subject: str
    sections: list[Any]
    language: str
    missing: list[str]
    facts: dict[str, Any]


def cases_for(place: Place, user: User) -> list[tuple[str, str]]:
    """The cases that this person may read and that have, or would get, this letter; always one that is made up."""
    sent = letters_at(place, user).values_list("pk", "application__reference", "rendered_at")
    letters = [(f"letter-{pk}", _("%(reference)s, as it was sent") % {"reference": reference}) for pk, reference, _at in sent[:NEWEST]]
    open_ones = [
        (f"decision-{each.pk}", _("%(reference)s, not signed yet") % {"reference": each.application.reference})
        for each in decisions_at(place, user)
    ]
    return [("", str(_("a case that is made up"))), *open_ones, *letters]


def letters_at(place: Place, user: User) -> Any:
    """The letters of this kind, newest first, that this person may read."""
    of = {"kind": place.kind, "language": place.language, "facts__stage_key": place.stage}
    found = Letter.objects.visible_to(user).filter(application__call__version__scheme=place.scheme_id, **of)
    return found.select_related("application__call").order_by("-rendered_at")


def decisions_at(place: Place, user: User) -> list[Decision]:
    """The decisions on a desk whose letter would be of this kind, for who may see one before it is signed."""
    if not user.has_role(*LOOKERS):
        return []
    found = Decision.objects.visible_to(user).open().filter(
        stage__key=place.stage, stage__call__version__scheme=place.scheme_id, application__language__startswith=place.language
    )  # fmt: skip
    rows = found.select_related("application__organisation", "application__applicant", "stage__call__version").order_by("-pk")[: 5 * NEWEST]
    return [each for each in rows if letter_of(each.stage.rules, each.kind, each.ground) == place.kind][:NEWEST]


def try_on(place: Place, parts: Mapping[str, str], case: str, *, scheme: definition.Scheme, user: User, at: datetime) -> Tried:
    """The letter of a case with these parts in it, nothing stored. A case that is not there, or not for this person, is the made-up one."""
    rules = scheme.stage(place.stage)
    facts, answers = case_facts(place, case, user=user, at=at) or (
        sample_facts(scheme, rules, place.kind, place.language, amsterdam_day(at)), sample_answers(rules, place.language),
    )  # fmt: skip
    values = {name: harmless(value) for name, value in {**values_of(facts), **answers}.items()}
    said = replace(facts, wording_id=-1, event_hash="", proof_at="", **said_by(parts, values))
    record = to_plain(said)
    blocks = blocks_of(place.kind, record)
    return Tried(blocks["subject"], blocks["sections"], blocks["language"], left_out(parts, values), record)


def case_facts(place: Place, case: str, *, user: User, at: datetime) -> tuple[LetterFacts, dict[str, str]] | None:
    """The facts of a real case with its answers, if this person may read it."""
    sort, _dash, number = case.partition("-")
    pk = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0  # noqa: PLR2004
    if sort == "letter" and (letter := letters_at(place, user).filter(pk=pk).first()):
        application, stage = letter.application, letter.application.call.stages.get(key=place.stage)
        _kind, facts = read(letter.kind, letter.facts)
    elif sort == "decision" and (decision := next((each for each in decisions_at(place, user) if each.pk == pk), None)):
        application, stage = decision.application, decision.stage
        said = {name: getattr(decision, name) for name in ("kind", "ground", "amount", "facts", "reasons")}
        facts = draft(decision, Event(noun="decision", key=pk, kind="decision.sign", actor=user, at=at), said, signed=False)
    else:
        return None
    sent = application.submission(stage)
    return facts, answers_of(stage.rules, sent.answers if sent else {}, place.language)


def sample_values(place: Place, scheme: definition.Scheme, at: datetime) -> dict[str, str]:
    """What each merge field would say in the made-up case."""
    rules = scheme.stage(place.stage)
    facts = sample_facts(scheme, rules, place.kind, place.language, amsterdam_day(at))
    return {**values_of(facts), **sample_answers(rules, place.language)}
