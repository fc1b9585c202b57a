"""A flow as a drawing that our content policy lets through, and the same in words."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from viewflow.workflow.chart import calc_layout_data, grid_to_bpmn, grid_to_svg
from viewflow.workflow.models import Task
from viewflow.workflow.status import STATUS

from tender.calendar import amsterdam_day
from tender.enums import Role
from tender.templatetags.drietrap import day as in_full
from workflows.models import CaseProcess, WorkItem
from workflows.nodes import Term

if TYPE_CHECKING:
    from tender.models import Application
    from workflows.flows.base import CaseFlow

SMALL, NARROW, SHORT = 11, 14, 60
"""The size of small letters, how many of them fit beneath a circle, and how long an edge must be to bear a word (pixels)."""
GATEWAY = "GATEWAY"
TOLD = ("START", "HUMAN", "WAIT", "JOB", "END")
"""The kinds of node that the list in words has; gateways and warnings are only drawn."""
PENDING = (STATUS.NEW, STATUS.ASSIGNED, STATUS.STARTED, STATUS.SCHEDULED)


class Told(NamedTuple):
    """One node in words. ``status`` is a tone of the house's status words; ``who`` names roles, never people."""

    name: str
    label: str
    status: str
    status_label: str
    who: str = ""


class Chart(NamedTuple):
    """A drawing without any style of its own, and what it says."""

    svg: SafeString
    nodes: list[Told]
    title: str

    @property
    def now(self) -> list[Told]:
        """The nodes where it waits."""
        return [node for node in self.nodes if node.status in {"current", "error"}]


def chart(flow_class: type[CaseFlow], process: CaseProcess | None = None) -> Chart:
    """A flow drawn; of a process, with what is done, what waits (lit by the class ``new``) and what was called off."""
    grid = calc_layout_data(flow_class)
    latest = latest_tasks(process) if process is not None else {}
    for cell in grid.cells:
        task = latest.get(cell.node.name)
        cell.status = status_of(cell.node, task) if task is not None else ""
    place_words(grid)
    whose = waiting_for(process) if process is not None else {}
    told = sorted((cell for cell in grid.cells if cell.node.task_type in TOLD), key=lambda cell: (cell.col, cell.row))
    nodes = [in_words(cell.node, latest.get(cell.node.name), whose) for cell in told]
    svg = mark_safe(render_to_string("workflows/flow.svg", {"grid": grid}))  # noqa: S308  our own template, escaped there
    return Chart(svg, nodes, str(flow_class.process_title))


def chart_of(noun: str, pk: int) -> Chart | None:
    """The chart of a case's newest process, if it has one yet."""
    process = CaseProcess.objects.filter(noun=noun, key=pk).order_by("-pk").first()
    return chart(process.flow_class, process) if process is not None else None


def charts_of(application: Application) -> list[Chart]:
    """The charts of everything that runs in a dossier: this stage, the open decision, the grants."""
    going = CaseProcess.objects.filter(application=application, finished=None).order_by("pk")
    return [chart(process.flow_class, process) for process in going]


def place_words(grid: Any) -> None:  # noqa: C901  three cases of one layout
    """Say beside each circle and diamond what it is; keep the words at the edges off each other and off the shapes."""
    for cell in grid.cells:
        if cell.title and not isinstance(cell.node, Term):
            name_shape(cell)
    taken: set[tuple[int, int]] = set()
    for edge in grid.edges:
        if edge.label_pos is None:
            continue
        (x1, y1), (x2, y2) = edge.segments[0], edge.segments[1]
        if y1 == y2 and abs(x2 - x1) < SHORT:
            edge.label_pos = None  # the plain way on, between two neighbours
            continue
        x, y = edge.label_pos
        while (x, y) in taken:
            y += SMALL
        taken.add((x, y))
        edge.label_pos = (x, y)
        edge.label = {"yes": _("yes"), "no": _("no")}.get(edge.label, edge.label)


def name_shape(cell: Any) -> None:
    """A circle's name goes beneath it; a diamond's to the right of the edge that leaves it downwards."""
    parts = wrap(str(cell.title), NARROW)
    x, y = cell.shape.width // 2, cell.shape.height + SMALL
    if GATEWAY in cell.node.task_type or cell.node.task_type == "SWITCH":
        x, y = x + 8 + 3 * max(map(len, parts)), y + 2 * SMALL
    for number, part in enumerate(parts):
        cell.shape.text.append((part, "align-middle", SMALL, x, y + number * SMALL))


def latest_tasks(process: CaseProcess) -> dict[str, Any]:
    """Per node the task that was there last."""
    return {task.flow_task.name: task for task in Task.objects.filter(process=process).order_by("pk")}


def status_of(node: Any, task: Any) -> str:
    """The class of a node; a warning that was never needed is not shown as called off."""
    return "" if isinstance(node, Term) and task.status == STATUS.CANCELED else str(task.status)


def waiting_for(process: CaseProcess) -> dict[int, list[str]]:
    """Per task whose turn it is: roles; several people with one task each are counted by what they judge as."""
    found: dict[int, list[str]] = {}
    for task, role in WorkItem.objects.filter(process=process, escalated=False).order_by("pk").values_list("task_id", "role"):
        word = str(Role(role).label) if role in Role.values else _("those who judge")
        if word not in found.setdefault(task, []):
            found[task].append(word)
    return found


def in_words(node: Any, task: Any, whose: dict[int, list[str]]) -> Told:
    """What the drawing says of one node."""
    label = str(node.task_title)
    if task is None:
        return Told(node.name, label, "next", _("not yet"))
    if task.status in {STATUS.DONE, STATUS.REVIVED}:
        day = amsterdam_day(task.finished) if task.finished else None
        return Told(node.name, label, "done", _("done on %(day)s") % {"day": in_full(day)} if day else _("done"))
    if task.status == STATUS.CANCELED:
        return Told(node.name, label, "stopped", _("called off"))
    if task.status == STATUS.ERROR:
        return Told(node.name, label, "error", _("failed, will be tried again"))
    return Told(node.name, label, "current", _("now"), ", ".join(whose.get(task.pk, [])))


# ── for the documents ─────────────────────────────────────────────────────────────────────────────────────────
def standalone_svg(flow_class: type[CaseFlow]) -> str:
    """A flow drawn with viewflow's own style inside: for a file, which no content policy guards."""
    return str(grid_to_svg(calc_layout_data(flow_class)))


def bpmn(flow_class: type[CaseFlow]) -> str:
    """A flow as BPMN 2.0."""
    return str(grid_to_bpmn(calc_layout_data(flow_class, edge_start_gap_size=0, edge_end_gap_size=0)))
