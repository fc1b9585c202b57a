"""Drawings without a style of their own, with what waits lit, and the same in words; documents that cannot go stale."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from tests.factories import dossier, score, screen, submitted
from tests.workflows.flows.looking import deliver, process_of
from workflows import diagrams
from workflows.charts import bpmn, chart, chart_of, charts_of
from workflows.commands.proposing import propose_in_turn
from workflows.flows.following import FLOWS, IntakeFlow
from workflows.machines import MACHINES
from workflows.machines.arrow import arrows


@pytest.mark.parametrize("flow_class", FLOWS)
def test_the_content_policy_has_nothing_to_refuse(flow_class):
    svg = chart(flow_class).svg
    ET.fromstring(svg)
    assert not re.search(r"<style|style=|<script|\bon\w+=|javascript:", svg)
    assert len(set(re.findall(r'\bid="([^"]+)"', svg))) == 2, "only the arrow head has a name, lest two charts share theirs"


@pytest.mark.parametrize("flow_class", FLOWS)
def test_every_flow_is_bpmn(flow_class):
    root = ET.fromstring(bpmn(flow_class))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    known = set(ids)
    for flow in root.iter("{http://www.omg.org/spec/BPMN/20100524/MODEL}sequenceFlow"):
        assert {flow.get("sourceRef"), flow.get("targetRef")} <= known


def test_what_waits_is_lit(fund):
    case = submitted(fund.call, at=fund.at)
    deliver()
    drawn = chart(IntakeFlow, process_of("application", case.pk))
    lit = re.findall(r'data-node="(\w+)"[^>]*class="new"', drawn.svg)
    assert lit == ["intake"]
    with translation.override("en"):
        words = {node.name: (node.status, node.who) for node in chart(IntakeFlow, process_of("application", case.pk)).nodes}
    assert words["submit"][0] == "done"
    assert words["intake"] == ("current", "innovation coach")
    assert words["closed"] == ("next", "")


def test_no_names_of_people(fund):
    case = submitted(fund.call, at=fund.at)
    screen(case, fund.house, fund.at)
    for assessor in fund.house.assessors:
        score(case, assessor, fund.at, officer=fund.house.officer)
    deliver()
    told = str(charts_of(case))
    assert not [user.name for user in (*fund.house.staff, *fund.house.assessors) if f" {user.name}" in told]


def test_charts_of_a_dossier(fund):
    case = submitted(fund.call, at=fund.at)
    screen(case, fund.house, fund.at)
    for assessor in fund.house.assessors:
        score(case, assessor, fund.at, officer=fund.house.officer)
    propose_in_turn(pk=case.pk, actor=fund.house.officer, at=fund.at)
    assert charts_of(case) == []
    deliver()
    assert len(charts_of(case)) == 2
    assert chart_of("application", case.pk) is not None
    assert chart_of("grant", 1) is None


def test_broken_off_is_said(fund):
    from workflows.flows.taking import take_step
    from workflows.models import ApplicationMachine

    case = dossier(fund.call, at=fund.at)
    deliver()
    take_step(ApplicationMachine, "withdraw", pk=case.pk, actor=case.applicant, at=fund.at)
    words = {node.name: node.status for node in chart_of("application", case.pk).nodes}
    assert words["submit"] == "stopped"


def test_every_arrow_is_in_the_document():
    text = diagrams.documents()["docs/states.md"]
    missing = [f"{noun}.{arrow.name}" for noun, machine in MACHINES.items() for arrow in arrows(machine) if f"`{arrow.name}`" not in text]
    assert missing == []


def test_the_documents_are_up_to_date():
    call_command("diagrams", "--check")


def test_stale_documents_are_named(tmp_path, settings, capsys):
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"docs/states\.md"):
        call_command("diagrams", "--check")
    assert not (tmp_path / "docs").exists()
    call_command("diagrams")
    call_command("diagrams", "--check")
    assert "up to date" in capsys.readouterr().out
