"""Everybody who could want something of one dossier: one person per part, and one for every way of being kept out."""

from dataclasses import dataclass

from tender.enums import CASE_STAFF_ROLES, Role
from tender.models import Membership, Organisation
from tests.factories.laying import laid_down
from tests.factories.people import house, numbers, person
from tests.factories.rounds import clock, declare, dossier
from workflows.commands import create, perform
from workflows.models import ConflictMachine

ALL_OF_THE_HOUSE = [*CASE_STAFF_ROLES, Role.ASSESSOR, Role.SCHEME_MANAGER, Role.OBJECTION_HANDLER, Role.PRIVACY_OFFICER]


@dataclass
class Cast:
    """People by the name that a table of steps calls them."""

    house: object
    people: dict
    organisation: Organisation

    def __getitem__(self, name):
        return self.people[name]

    def dossier(self, call, *, at, settled=True):
        """A dossier of the signer's; everybody declares, unless told not."""
        case = dossier(call, user=self["signer"], organisation=self.organisation, at=at)
        if settled:
            self.settle_in(case, at=at)
        return case

    def settle_in(self, case, *, at):
        """The house declares to have no interest; *recused* declares one; *newcomer* has said nothing."""
        declare(case, *self.house.staff, *self.house.assessors, at=at)
        recused = self["recused"]
        of = {"application": case, "user": recused, "part": Role.OFFICER}
        asked = create(ConflictMachine, "ask", of=of, actor=self["officer"], at=at)
        perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=recused, at=at, kind="family", explanation="Mijn zus.")


@laid_down
def cast():
    """A house, an applicant's organisation, and those who stay outside.

    *recused* holds every role of the house and has an interest; *newcomer* holds every role and has not declared; *auditor* holds
    every role beside the auditor's own.
    """
    home = house()
    number = next(numbers)
    organisation = Organisation.objects.create(name=f"Studio {number}", kvk=f"{20000000 + number}", city="Assen", legal_form="foundation")
    inside = {name: person(name) for name in ("signer", "editor", "viewer", "partner")}
    parts = [("signer", Role.EDITOR), ("signer", Role.SIGNER), ("editor", Role.EDITOR), ("viewer", Role.VIEWER), ("partner", Role.PARTNER)]
    for name, role in parts:
        Membership.objects.create(organisation=organisation, user=inside[name], role=role)
    home.auditor = person("auditor", Role.AUDITOR, *ALL_OF_THE_HOUSE)
    staff = ("coach", "officer", "reader", "controller", "board", "signatory", "head", "manager", "auditor", "secretary")
    people = {
        **inside,
        "outsider": person("outsider"),
        **{name: getattr(home, name) for name in staff},
        "objection handler": person("handler", Role.OBJECTION_HANDLER),
        "privacy officer": person("privacy", Role.PRIVACY_OFFICER),
        "assessor": home.assessors[0],
        "chair": home.chair,
        "deputy": home.deputy,
        "juror": home.jurors[2],
        "fellow": home.jurors[3],
        "recused": person("recused", *ALL_OF_THE_HOUSE),
        "newcomer": person("newcomer", *ALL_OF_THE_HOUSE),
        "clock": clock(),
    }
    return Cast(home, people, organisation)
