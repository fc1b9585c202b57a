"""The machines and the flows as documents, written from the code so that they cannot lie."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from tender.enums import NOTHING, Role
from workflows.charts import TOLD, bpmn, standalone_svg
from workflows.flows.following import FLOWS
from workflows.machines import MACHINES
from workflows.machines.arrow import arrows
from workflows.nodes import Turn

if TYPE_CHECKING:
    from workflows.flows.base import CaseFlow

GENERATED = "<!-- Written by `manage.py diagrams`; do not edit. -->"


@dataclass(slots=True)
class Line:
    """One arrow, from all the states it leaves."""

    name: str
    sources: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    stays: bool = False
    taken: Any = None


def documents() -> dict[str, str]:
    """Every generated document, by its path below the root of the project."""
    with override("en"):
        found = {"docs/states.md": states(), "docs/flows.md": flows()}
        for flow_class in FLOWS:
            found[f"docs/flows/{slug(flow_class)}.bpmn"] = tidy(bpmn(flow_class))
            found[f"docs/flows/{slug(flow_class)}.svg"] = tidy(standalone_svg(flow_class))
    return found


def tidy(text: str) -> str:
    """Without the blank lines and trailing spaces that templates leave."""
    return re.sub(r"[ \t]+\n", "\n", re.sub(r"\n\s*\n", "\n", text)).strip() + "\n"


def slug(flow_class: type[CaseFlow]) -> str:
    """A flow's name in a path."""
    return flow_class.__name__.removesuffix("Flow").lower()


# ── the machines ──────────────────────────────────────────────────────────────────────────────────────────────
def states() -> str:
    """Every machine: its states drawn, and each arrow with who, when, and what it writes."""
    parts = [
        GENERATED,
        "# The machines\n",
        "Every arrow of every noun. *Who* is checked first (403), then every *refused when* (in these words, translated).",
        "An arrow that stays where it is (an `ask_…`, or a correction) is in the table only.\n",
    ]
    for noun, machine in MACHINES.items():
        found = lines(machine)
        parts += [f"## {noun.capitalize()}\n", first_line(machine), "", mermaid(found), table(machine, found)]
    return "\n".join(parts).rstrip() + "\n"


def lines(machine: Any) -> list[Line]:
    """The arrows of a machine in the order in which they are written."""
    found: dict[str, Line] = {}
    for taken in arrows(machine):
        line = found.setdefault(taken.name, Line(taken.name, taken=taken))
        line.sources.append(taken.source)
        targets = [taken.target] if isinstance(taken.target, str) else [str(state) for state in taken.target.allowed_states]
        line.targets += [target for target in targets if target not in line.targets]
    for line in found.values():
        # A function of the case that may answer any of its own sources only says: stay.
        line.stays = not isinstance(line.taken.target, str) and set(map(str, line.sources)) == set(map(str, line.targets))
    order = list(machine.__dict__)
    return sorted(found.values(), key=lambda line: order.index(line.name))


def mermaid(found: list[Line]) -> str:
    """The states and the arrows between them."""
    rows = ["```mermaid", "stateDiagram-v2"]
    for line in found:
        for source in line.sources:
            rows += [
                f"    {node(source)} --> {node(target)}: {line.name}" for target in ([] if line.stays else line.targets) if target != source
            ]
    return "\n".join([*dict.fromkeys(rows), "```", ""])


def node(state: str) -> str:
    """A state in a diagram."""
    return "[*]" if str(state) == NOTHING else str(state)


def table(machine: Any, found: list[Line]) -> str:
    """Each arrow in words."""
    rows = ["| arrow | from → to | who | refused when | writes | what |", "| --- | --- | --- | --- | --- | --- |"]
    for line in found:
        custom = line.taken.custom
        target = "the same" if line.stays else " / ".join(map(node, line.targets))
        cells = [
            f"`{line.name}`",
            f"{', '.join(map(node, line.sources))} → {target}",
            first_line(custom["who"]),
            "<br>".join(first_line(rule) for rule in custom["when"]) or "–",
            ", ".join(f"`{name}`" for name in custom["writes"] if name != "state") or "–",
            first_line(machine.__dict__[line.name]),
        ]
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*rows, ""])


def first_line(thing: Any) -> str:
    """What a thing says of itself, up to the first empty line."""
    return " ".join((thing.__doc__ or "").strip().split("\n\n")[0].split())


# ── the flows ─────────────────────────────────────────────────────────────────────────────────────────────────
def flows() -> str:
    """Every flow: its drawing, and its nodes in words."""
    parts = [
        GENERATED,
        "# The flows\n",
        "A flow says whose turn it is and follows its machine; see `docs/states.md` for what may happen. The `.bpmn` beside each",
        "drawing opens in any BPMN 2.0 editor.\n",
    ]
    for flow_class in FLOWS:
        name, says = slug(flow_class), flow_class.process_description
        parts += [
            f"## {flow_class.process_title}\n",
            f"{says}\n",
            f"![{flow_class.process_title}](flows/{name}.svg)\n",
            f"[BPMN](flows/{name}.bpmn)\n",
            "| node | says | whose turn | leads on at |",
            "| --- | --- | --- | --- |",
            *(node_row(waiting) for waiting in told(flow_class)),
            "",
        ]
    return "\n".join(parts).rstrip() + "\n"


def told(flow_class: type[CaseFlow]) -> list[Any]:
    """The nodes that wait or do a job, in the order in which they are written."""
    order = list(vars(flow_class))
    nodes = [found for found in flow_class.instance.nodes() if found.task_type in TOLD[1:4]]
    return sorted(nodes, key=lambda found: order.index(found.name))


def node_row(waiting: Any) -> str:
    """One node that waits, or does a job."""
    whose = "a worker" if waiting.task_type == "JOB" else "–"
    if isinstance(waiting, Turn):
        whose = str(Role(waiting.role).label) if isinstance(waiting.role, str) and waiting.role else "as the scheme or the case says"
    led = [f"`{kind}` → {target.name}" for kind, target in getattr(waiting, "targets", {}).items()]
    return f"| `{waiting.name}` | {waiting.task_title} | {whose} | {'<br>'.join(led) or 'done'} |"
