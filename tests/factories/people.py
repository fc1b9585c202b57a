"""The people of the house, and those who come to it."""

from dataclasses import dataclass, field

from tender.enums import Role
from tender.models import Membership, Organisation, StaffRole, User
from tests.factories.laying import laid_down, numbers

__all__ = ["HOUSE", "House", "applicant", "house", "numbers", "person"]
HOUSE = {
    "officer": Role.OFFICER, "reader": Role.READER, "controller": Role.CONTROLLER, "board": Role.BOARD, "signatory": Role.SIGNATORY,
    "head": Role.HEAD, "coach": Role.COACH, "auditor": Role.AUDITOR, "manager": Role.SCHEME_MANAGER,
}  # fmt: skip


@dataclass
class House:
    """One person per role, two assessors, and a council of nine with chair, deputy and secretary."""

    officer: User = None
    reader: User = None
    controller: User = None
    board: User = None
    signatory: User = None
    head: User = None
    coach: User = None
    auditor: User = None
    manager: User = None
    assessors: list = field(default_factory=list)
    chair: User = None
    deputy: User = None
    secretary: User = None
    jurors: list = field(default_factory=list)

    @property
    def staff(self):
        """Those who act on every dossier."""
        return [self.officer, self.reader, self.controller, self.board, self.signatory, self.head, self.coach, self.secretary]


@laid_down
def person(name, *roles, language="nl"):
    user = User.objects.create_user(f"{name}{next(numbers)}@drietrap.example", name=name.title(), language=language)
    StaffRole.objects.bulk_create(StaffRole(user=user, role=role) for role in roles)
    return user


@laid_down
def house():
    """A house with everybody in it."""
    made = House(**{name: person(name, role) for name, role in HOUSE.items()})
    made.assessors = [person("assessor", Role.ASSESSOR) for _ in range(2)]
    made.chair, made.deputy, made.secretary = person("chair"), person("deputy"), person("secretary", Role.SECRETARY)
    made.jurors = [made.chair, made.deputy, *(person("juror") for _ in range(7))]
    return made


@laid_down
def applicant(*, organisation=True, name="applicant", language="nl"):
    """Someone who may sign, with an organisation unless told not."""
    user = person(name, language=language)
    if not organisation:
        return user, None
    number = next(numbers)
    org = Organisation.objects.create(name=f"Studio {number}", kvk=f"{10000000 + number}", city="Groningen", legal_form="foundation")
    for role in (Role.EDITOR, Role.SIGNER):
        Membership.objects.create(organisation=org, user=user, role=role)
    return user, org
