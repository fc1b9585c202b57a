"""The trail is proof: any change to any column of any line is found, and named."""

import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command

from reports.queries import verify
from tests.factories import decide, person
from tests.reports.conftest import Case
from tests.reports.ranked import ranked_round
from workflows.models import Event, Outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(assessed):
    return f"dossier:{assessed.application.reference}"


def run(*options):
    out = io.StringIO()
    try:
        call_command("audit", "verify", *options, stdout=out)
    except SystemExit as stop:
        return stop.code, out.getvalue()
    return 0, out.getvalue()


def test_an_untouched_trail_holds(chain):
    verdict = verify()
    assert verdict.holds
    assert verdict.chains == 2, "the dossier and the call"
    assert verdict.events == Event.objects.count()
    code, said = run()
    assert (code, f"{verdict.events} events in 2 chains hold" in said) == (0, True)


TAMPERING = {
    "chain": lambda _event: "dossier:ZZ99-0001",
    "seq": lambda event: event.seq + 1000,
    "previous": lambda _event: "0" * 64,
    "hash": lambda _event: "f" * 64,
    "noun": lambda _event: "grant",
    "key": lambda event: event.key + 1,
    "kind": lambda _event: "application.withdraw",
    "actor_id": lambda _event: person("somebody").pk,
    "at": lambda event: event.at + timedelta(microseconds=1),
    "before": lambda _event: "ranked",
    "after": lambda _event: "awarded",
    "data": lambda event: {**event.data, "extra": 1},
}


def test_every_column_of_an_event_is_watched():
    watched = set(TAMPERING) | {"id"}
    assert watched == {field.attname for field in Event._meta.concrete_fields}


@pytest.mark.parametrize("column", TAMPERING)
def test_a_change_of_any_column_is_found_at_its_place(chain, column):
    events = list(Event.objects.filter(chain=chain).order_by("seq"))
    victim = events[len(events) // 2]
    Event.objects.filter(pk=victim.pk).update(**{column: TAMPERING[column](victim)})
    verdict = verify()
    assert not verdict.holds
    first = next(each for each in verdict.breaks if each.chain == chain)
    assert first.seq in {victim.seq, victim.seq + 1}
    code, said = run()
    assert code == 1
    assert f"BROKEN {chain} #{first.seq}" in said


def test_another_number_for_the_event_itself_is_found(chain):
    victim = Event.objects.filter(chain=chain).order_by("-seq").first()
    Outbox.objects.filter(event=victim).delete()
    Event.objects.filter(pk=victim.pk).update(id=uuid4())
    assert verify(chain).breaks[0].seq == victim.seq


def test_a_line_taken_out_is_found(chain):
    victim = Event.objects.filter(chain=chain).order_by("seq")[2]
    Outbox.objects.filter(event=victim).delete()
    Event.objects.filter(pk=victim.pk).delete()
    code, said = run("--dossier", chain.removeprefix("dossier:"))
    assert code == 1
    assert "number 3 is missing" in said


def test_one_broken_chain_leaves_the_others_proven(chain, assessed):
    other = Case(assessed.game, day=2).application.reference
    Event.objects.filter(chain=chain, seq=1).update(after="awarded")
    assert run("--dossier", other)[0] == 0
    assert run("--dossier", chain.removeprefix("dossier:"))[0] == 1


def test_a_dossier_that_there_is_not_is_no_proof(db):
    with pytest.raises(CommandError, match="no trail"):
        run("--dossier", "ZZ99-0001")


# ── the ranking, printed ──────────────────────────────────────────────────────────────────────────────────────
def test_a_ranking_that_there_is_not_is_said(minifund):
    call = minifund.call.reference
    with pytest.raises(CommandError, match="not ranked yet"):
        call_command("ranking", call, "1", stdout=io.StringIO())
    with pytest.raises(CommandError, match="no stage"):
        call_command("ranking", call, "nowhere", stdout=io.StringIO())


def test_a_frozen_ranking_is_printed(db):
    stage = ranked_round()
    out = io.StringIO()
    call_command("ranking", stage.call.reference, stage.key, "--json", stdout=out)
    said = json.loads(out.getvalue())
    placings = list(stage.rankings.get().placings.order_by("order"))
    assert [row["reference"] for row in said["rows"]] == [line.application.reference for line in placings]
    assert [row["order"] for row in said["rows"]] == [1, 2, 3]
    assert said["cut"] == stage.rankings.get().cut
    assert {"rank", "total", "criteria", "tied_with", "outcome", "chance"} <= set(said["rows"][0])
    out = io.StringIO()
    call_command("ranking", stage.call.reference, str(stage.number), stdout=out)
    assert all(line.application.reference in out.getvalue() for line in placings)


def test_a_decided_dossier_still_holds(assessed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    decide(assessed.propose(), assessed.house, assessed.at)
    assert verify().holds
