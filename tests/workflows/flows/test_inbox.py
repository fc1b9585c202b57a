"""The inbox: by role, by seat and by part; never what one may not do; never a query more for a row more."""

from datetime import timedelta

import pytest

from tender.enums import Role
from tender.models import CaseRole
from tests.factories import dossier, submitted
from tests.factories.people import applicant, person
from tests.factories.rounds import declare
from tests.workflows.flows.looking import deliver, process_of
from workflows.commands import create, perform
from workflows.models import ConflictMachine, WorkItem
from workflows.queries import inbox, processes_of, processes_of_dossier, work_on

QUERIES = 6


def recuse(case, user, at, part=Role.COACH):
    asked = create(ConflictMachine, "ask", of={"application": case, "user": user, "part": part}, actor=user, at=at)
    perform(ConflictMachine, "declare_interest", pk=asked.pk, actor=user, at=at, kind="family", explanation="Mijn broer.")


def test_declare_first(fund):
    """Who has said nothing yet sees the item, and that the dossier does not open yet."""
    case = submitted(fund.call, at=fund.at)
    deliver()
    (item,) = inbox(fund.house.coach)
    assert (item.kind, item.declared, item.application, item.reference) == ("application.intake", False, case, case.reference)
    assert item.label
    declare(case, fund.house.coach, at=fund.at)
    assert [item.declared for item in inbox(fund.house.coach)] == [True]


def test_an_interest_hides_it(fund):
    case = submitted(fund.call, at=fund.at)
    deliver()
    recuse(case, fund.house.coach, fund.at)
    assert list(inbox(fund.house.coach)) == []
    assert list(inbox(person("coach", Role.COACH))) != []


def test_an_interest_in_one_dossier_keeps_out_of_the_round(tender):
    """Where the scheme says so, the round's own steps are not theirs either."""
    people, case = tender.house, submitted(tender.call, at=tender.at)
    from tests.factories import close

    at = close(tender.stage(1))
    deliver()
    assert inbox(people.officer).filter(noun="stage").exists()
    recuse(case, people.officer, at, part=Role.OFFICER)
    assert not inbox(people.officer).filter(noun="stage").exists()


def test_the_applicants_side(fund):
    user, organisation = applicant()
    other, _ = applicant()
    case = dossier(fund.call, user=user, organisation=organisation, at=fund.at)
    deliver()
    assert [item.kind for item in inbox(user)] == ["application.submit"]
    assert list(inbox(other)) == []
    assert list(inbox(fund.house.officer)) == []
    CaseRole.objects.filter(application=case, user=user, role=Role.SIGNER).update(until=fund.at)
    assert list(inbox(user)) == [], "who writes may not hand in"


def test_a_former_role_opens_nothing(fund):
    submitted(fund.call, at=fund.at)
    deliver()
    fund.house.coach.staff_roles.update(until=fund.at)
    assert list(inbox(type(fund.house.coach).objects.get(pk=fund.house.coach.pk))) == []


def test_an_auditor_has_nothing_to_do(fund):
    submitted(fund.call, at=fund.at)
    deliver()
    assert list(inbox(fund.house.auditor)) == []


def test_seats_count_on_the_day(tender):
    people, at = tender.house, tender.at
    from tests.factories import close, screen
    from workflows.models import ScoresheetMachine  # noqa: F401

    case = submitted(tender.call, at=at)
    at = close(tender.stage(1))
    screen(case, people, at)
    doubting = people.jurors[4]
    conflict = case.conflicts.get(user=doubting)
    perform(ConflictMachine, "declare_doubt", pk=conflict.pk, actor=doubting, at=at, kind="work", explanation="Ooit collega's.")
    deliver()
    about = {"noun": "conflict", "arrow": "clear"}
    assert inbox(people.chair, at=at).filter(**about).exists()
    assert not inbox(people.deputy, at=at).filter(**about).exists()
    people.chair.seats.update(until=(at - timedelta(days=1)).date())
    assert not inbox(people.chair, at=at).filter(**about).exists()
    people.chair.seats.update(until=None)
    perform(
        ConflictMachine, "declare_interest", pk=case.conflicts.get(user=people.chair).pk, actor=people.chair, at=at, kind="family",
        explanation="Mijn zus.",
    )  # fmt: skip
    assert not inbox(people.chair, at=at).filter(**about).exists()
    assert inbox(people.deputy, at=at).filter(**about).exists(), "the deputy acts where the chair has an interest"


def test_most_urgent_first(fund):
    late, soon = (submitted(fund.call, at=fund.at + timedelta(days=days)) for days in (3, 1))
    deliver()
    assert [item.application for item in inbox(fund.house.coach)] == [soon, late]
    assert [item.deadline for item in inbox(fund.house.coach)] == sorted(item.deadline for item in inbox(fund.house.coach))


def multiply(case, times):
    """Many rows like the one there is."""
    item = WorkItem.objects.get(application=case)
    task = item.task
    WorkItem.objects.bulk_create(
        [
            WorkItem(
                process=item.process, task=task, noun=item.noun, key=item.key + n, arrow=item.arrow, role=item.role,
                application=item.application, stage=item.stage, deadline=item.deadline, since=item.since,
            )
            for n in range(1, times + 1)
        ],
        batch_size=5000,
    )  # fmt: skip


def shown(page):
    return [(item.label, item.reference, item.application.party, item.stage.call.title, item.declared) for item in page]


@pytest.mark.parametrize("rows", [10, 5000])
def test_no_query_more_for_a_row_more(fund, rows, django_assert_max_num_queries):
    case = submitted(fund.call, at=fund.at)
    deliver()
    multiply(case, rows)
    user = type(fund.house.coach).objects.get(pk=fund.house.coach.pk)
    with django_assert_max_num_queries(QUERIES):
        found = inbox(user, at=fund.at)
        assert len(shown(found[:50])) == min(50, rows + 1)
    assert found.count() == rows + 1


def test_what_a_dossier_has(fund):
    case = submitted(fund.call, at=fund.at)
    deliver()
    process = process_of("application", case.pk)
    assert list(processes_of("application", case.pk)) == [process]
    assert list(processes_of_dossier(case)) == [process]
    assert [item.kind for item in work_on(case)] == ["application.intake"]
