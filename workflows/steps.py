"""The steps open to a person on a case: what the buttons are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workflows.commands.door import refusals, step_for
from workflows.forms import FORMS
from workflows.labels import LABELS
from workflows.machines import MACHINES
from workflows.machines.arrow import admits, arrows_from

if TYPE_CHECKING:
    from datetime import datetime

    from tender.models import User
    from workflows.forms import Plain


@dataclass(frozen=True, slots=True)
class OpenStep:
    """One step: its arrow, its label, its form, and why it cannot be taken yet (empty: it can)."""

    noun: str
    name: str
    pk: int
    label: str
    form: type[Plain]
    unmet: tuple[str, ...]

    @property
    def needs_form(self) -> bool:
        """Whether the step asks anything beside a press of its button."""
        return bool(self.form.base_fields) or self.form.prepare.__qualname__ != "Plain.prepare"


def as_machine(noun: str, pk: int) -> Any:
    """A case through its machine; raises its ``DoesNotExist``."""
    return MACHINES[noun].objects.get(pk=pk)  # type: ignore[attr-defined]


def open_steps(case: Any, *, actor: User, at: datetime) -> list[OpenStep]:
    """The steps this person may take on a case in its state, in the order of the machine; those whose rules do not hold yet say why.

    Rules that only look at what the form will say cannot be judged before; they are when the step is taken.
    """
    found = []
    for taken in arrows_from(case):
        kind = f"{case.noun}.{taken.name}"
        if kind not in LABELS:
            continue
        step = step_for(case, taken.name, actor=actor, at=at, data={})
        if not admits(taken, case, step):
            continue
        form = FORMS[kind]
        asks = bool(form.base_fields) or form.prepare.__qualname__ != "Plain.prepare"
        unmet = () if asks else tuple(refusals(case, taken, step))
        found.append(OpenStep(case.noun, taken.name, case.pk, str(LABELS[kind]), form, unmet))
    return found
