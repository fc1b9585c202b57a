"""What a juror declares and fills in: who may do what in which state, as a whole."""

import pytest

from scoring.commands.marking import save_marks
from scoring.models import Conflict, Scoresheet
from scoring.queries import question_keys
from tender.enums import ApplicationState, Role
from tests.factories import close, declare, open_call, publish, submitted
from tests.factories.cast import cast
from tests.workflows.machines.walking import Walk, reached, states_of
from workflows.commands import create, perform
from workflows.models import ApplicationMachine, ConflictMachine, ScoresheetMachine, StageMachine

pytestmark = pytest.mark.django_db

HOUSE = (
    "coach", "officer", "reader", "controller", "board", "signatory", "head", "secretary", "objection handler", "assessor", "recused",
    "newcomer",
)  # fmt: skip

CONFLICT = {
    "": dict.fromkeys((*HOUSE, "clock"), "ask"),
    "asked": {"juror": "declare_none declare_doubt declare_interest", "chair": "recuse", "clock": "recuse"},
    "none": {"juror": "declare_interest", "chair": "recuse", "clock": "ask_again recuse"},
    "doubtful": {"juror": "declare_interest", "chair": "clear recuse", "clock": "recuse"},
    "cleared": {"juror": "declare_interest", "chair": "recuse", "clock": "ask_again recuse"},
    "recused": {},
    "doubtful, the chair's own": {"chair": "declare_interest", "deputy": "clear recuse", "clock": "recuse"},
}
SCORESHEET = {
    "": {"officer": "assign", "secretary": "assign", "clock": "assign"},
    "assigned": {"officer": "take_back", "secretary": "take_back", "juror": "start", "clock": "void"},
    "started": {"juror": "seal", "clock": "void"},
    "sealed": {"chair": "reopen confirm", "clock": "confirm void"},
    "confirmed": {"juror": "amend", "clock": "void"},
    "void": {},
    "sealed, the chair has an interest": {"deputy": "reopen confirm", "clock": "confirm void"},
}
WHY = {"kind": "rival", "explanation": "Wij dingen naar dezelfde opdracht."}


class Round:
    """A round of a jury, with one eligible application; the panel is asked to declare."""

    def __init__(self):
        self.cast = cast()
        self.game = open_call(publish("hub_support"), house=self.cast.house)
        self.case = submitted(self.game.call, at=self.game.at, case=self.cast.dossier(self.game.call, at=self.game.at))
        self.at = close(self.game.stage())
        ticked = {check.key: True for check in self.case.rules.checklist}
        self.take(ApplicationMachine, "find_eligible", self.case.pk, "officer", checklist=ticked)

    def take(self, machine, name, pk, who, **data):
        perform(machine, name, pk=pk, actor=self.cast[who], at=self.at, **data)

    def declaration_of(self, who):
        return Conflict.objects.get(application=self.case, user=self.cast[who]).pk


def test_who_may_do_what_with_a_declaration():
    game = Round()
    walk, take = Walk(ConflictMachine, game.cast), game.take
    stranger = game.cast["outsider"]
    walk.note_new(lambda user: {"application": game.case, "user": stranger, "part": Role.JUROR}, game.at)
    pk = game.declaration_of("juror")
    walk.note(pk, game.at)
    take(ConflictMachine, "declare_doubt", pk, "juror", **WHY)
    walk.note(pk, game.at)
    take(ConflictMachine, "clear", pk, "chair", reason="Te lang geleden.")
    walk.note(pk, game.at)
    take(ConflictMachine, "declare_interest", pk, "juror", **WHY)
    walk.note(pk, game.at)
    own = game.declaration_of("chair")
    take(ConflictMachine, "declare_doubt", own, "chair", **WHY)
    walk.note(own, game.at, called="doubtful, the chair's own")
    walk.cast.people["juror"] = game.cast["fellow"]
    again = Walk(ConflictMachine, game.cast, without=("fellow",))
    none = game.declaration_of("fellow")
    take(ConflictMachine, "declare_none", none, "fellow")
    again.note(none, game.at)
    assert walk.table | again.table == CONFLICT


def test_who_may_do_what_with_a_sheet():
    game = Round()
    walk, take, juror = Walk(ScoresheetMachine, game.cast), game.take, game.cast["juror"]
    stage, house = game.game.stage(), game.cast.house
    declare(game.case, *house.jurors, at=game.at)
    of = {"application": game.case, "stage": stage, "juror": juror}
    walk.note_new(lambda user: of, game.at)
    for someone in (game.cast["fellow"], house.deputy):
        create(ScoresheetMachine, "assign", of={**of, "juror": someone}, actor=house.officer, at=game.at)
    sheet = create(ScoresheetMachine, "assign", of=of, actor=house.officer, at=game.at)
    take(StageMachine, "start_scoring", stage.pk, "officer")
    walk.note(sheet.pk, game.at)
    take(ScoresheetMachine, "start", sheet.pk, "juror")
    walk.note(sheet.pk, game.at)
    marks = {key: {"value": 4} for key in question_keys(stage)}
    save_marks(pk=sheet.pk, actor=juror, at=game.at, marks=marks)
    take(ScoresheetMachine, "seal", sheet.pk, "juror")
    walk.note(sheet.pk, game.at)
    take(ConflictMachine, "declare_interest", game.declaration_of("chair"), "chair", **WHY)
    walk.note(sheet.pk, game.at, called="sealed, the chair has an interest")
    take(ScoresheetMachine, "confirm", sheet.pk, "deputy")
    walk.note(sheet.pk, game.at)
    take(ApplicationMachine, "withdraw", game.case.pk, "signer")
    assert ApplicationMachine.objects.get(pk=game.case.pk).state == ApplicationState.WITHDRAWN
    assert set(Scoresheet.objects.values_list("state", flat=True)) == {"void"}
    walk.note(sheet.pk, game.at)
    assert walk.table == SCORESHEET


@pytest.mark.parametrize(("machine", "table"), [(ConflictMachine, CONFLICT), (ScoresheetMachine, SCORESHEET)])
def test_the_tables_have_every_state(machine, table):
    assert {state.split(",")[0] for state in table} == states_of(machine) == reached(machine) | {""}
