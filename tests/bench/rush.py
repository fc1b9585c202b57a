#!/usr/bin/env python3
"""A rush at the deadline: 500 applicants, most of them in the last minute, some too late, against gunicorn on PostgreSQL.

    make bench-rush          or:  python tests/bench/rush.py --applicants 500

Makes a database of its own (DATABASE_URL, whose name must end in _rush; it is thrown away first), prepares a draft for every applicant
through the front door, serves with two processes of four threads under the settings of production, and lets everybody press. Then it
counts: who came in, who was refused, who was lost, who was misjudged; and whether every submission has one receipt that is genuine and
one event, and whoever was late has none. Exit code 1 if anything was lost or misjudged.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import IO
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
DATABASE = "postgres://postgres@127.0.0.1:5432/drietrap_rush"
WORKERS, THREADS = 2, 4
LATE, TWICE = 10, 10
"""One in so many comes too late, and one in so many presses twice."""
EDGE = 0.02
"""Seconds around the deadline in which the clocks of the two programs cannot tell who was first: the kernel counts in ticks."""
TOKEN = "t" * 32
TIMEOUT = 280.0  # under the grace


@dataclass
class Press:
    """One press of the button: who, when it is to be sent, and what came of it (moments in seconds since 1970)."""

    reference: str
    session: str
    at: float
    sent: float = 0.0
    left: float = 0.0
    answered: float = 0.0
    status: int = 0
    location: str = ""
    fault: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the answer leads to the receipt."""
        return self.status == 302 and self.location.endswith("/ontvangst/")

    def in_time(self, deadline: float) -> bool | None:
        """Whether it had left before the deadline; None where that cannot be told."""
        if self.left < deadline - EDGE:
            return True
        return False if self.sent > deadline + EDGE else None


@dataclass
class Tally:
    """What came of it all."""

    faults: list[str] = field(default_factory=list)
    came_in: int = 0
    refused: int = 0
    lost: int = 0
    misjudged: int = 0
    open: int = 0

    def wrong(self, kind: str, reference: str, why: str) -> None:
        """One more that is lost or misjudged."""
        setattr(self, kind, getattr(self, kind) + 1)
        self.faults.append(f"{kind}: {reference}: {why}")


# ------------------------------------------------------------------------------------------------------------ before it
def environment(folder: str) -> dict[str, str]:
    """As in production, but over plain HTTP on this machine."""
    url = os.environ.get("DATABASE_URL", DATABASE)
    if not urlsplit(url).scheme.startswith("postgres") or not urlsplit(url).path.endswith("_rush"):
        sys.exit(f"DATABASE_URL must be a PostgreSQL database whose name ends in _rush, for it is thrown away: {url}")
    from tests.reports.test_certificates import real_certificate

    return {
        "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "settings.production", "DRIETRAP_VAR": folder, "SECRET_KEY": secrets.token_urlsafe(64),
        "RECEIPT_KEY": base64.b64encode(secrets.token_bytes(32)).decode(), "ALLOWED_HOSTS": "127.0.0.1", "EMAIL_URL": "smtp://localhost:25",
        "SEAL_FILE": str(real_certificate(Path(folder))), "SECURE_SSL_REDIRECT": "false", "LOG_LEVEL": "ERROR",
    }  # fmt: skip


def fresh_database(url: str) -> None:
    """Throw the bench's own database away and make it anew."""
    import psycopg
    from psycopg import sql

    parts = urlsplit(url)
    name = sql.Identifier(parts.path.removeprefix("/"))
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))


def prepare(applicants: int) -> tuple[dict[str, str], int]:
    """A draft with nothing missing for everybody, each signed in: session by reference; and the stage."""
    from django.core.management import call_command
    from django.test import Client

    from tender.clock import database_now
    from tender.commands.drafting import save_draft
    from tests.factories import answers_for, dossier, open_call, publish

    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--no-input", verbosity=0)
    game = open_call(publish("crossover"), at=database_now() - timedelta(days=2))
    answers = answers_for(game.stage().rules.form)
    sessions = {}
    for _ in range(applicants):
        case = dossier(game.call, at=game.at)
        save_draft(pk=case.pk, actor=case.applicant, at=game.at, typed=answers)
        client = Client()
        client.force_login(case.applicant, backend="allauth.account.auth_backends.AuthenticationBackend")
        sessions[case.reference] = client.cookies["sessionid"].value
    return sessions, game.stage().pk


def close_at(stage: int, deadline: float) -> None:
    """Let the window end soon: nobody waits a month for a measurement."""
    from tender.models import Stage

    Stage.objects.filter(pk=stage).update(closes_at=datetime.fromtimestamp(deadline, UTC))


def serve(env: dict[str, str], port: int, worker: str, said: IO[str]) -> subprocess.Popen[bytes]:
    """The web server, as `bin/serve.py` starts it."""
    command = [sys.executable, "-m", "gunicorn", "settings.wsgi:application", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    command += ["--worker-class", worker, "--workers", str(WORKERS), "--threads", str(THREADS)]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=said)


# ------------------------------------------------------------------------------------------------------------ the rush
def presses(sessions: dict[str, str], deadline: float, last: float) -> list[Press]:
    """When everybody presses: ever more as the deadline comes nearer; some too late; some twice."""
    chance = random.Random(4)
    rows = []
    for number, (reference, session) in enumerate(sessions.items()):
        late = number % LATE == 0
        at = deadline + 0.05 + 5 * chance.random() ** 2 if late else deadline - 0.05 - last * chance.random() ** 2
        rows.append(Press(reference, session, at))
        if number % TWICE == 1:
            rows.append(Press(reference, session, at + 0.15))
    return sorted(rows, key=lambda press: press.at)


async def warm_up(port: int, session: str) -> None:
    """A few pages, so that what is measured is not the first of its kind."""
    for turn in range(4 * WORKERS * THREADS):
        while True:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                break
            except OSError:
                if turn:
                    raise
                await asyncio.sleep(0.2)  # it is starting
        writer.write(request("GET", "/mijn/", session))
        await reader.read()
        writer.close()


def request(method: str, path: str, session: str, body: str = "") -> bytes:
    """The bytes of a request."""
    lines = [
        f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", f"Cookie: sessionid={session}; csrftoken={TOKEN}",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "", body,
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


async def press(one: Press, port: int) -> None:
    """Wait for the moment, connect, send, and read the answer."""
    await asyncio.sleep(max(0.0, one.at - time.time()))
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        one.sent = time.time()
        writer.write(request("POST", f"/dossier/{one.reference}/controleren/", one.session, f"csrfmiddlewaretoken={TOKEN}"))
        await writer.drain()
        one.left = time.time()
        answer = (await asyncio.wait_for(reader.read(), TIMEOUT)).decode(errors="replace")
        one.answered = time.time()
        writer.close()
        head = answer.split("\r\n\r\n")[0].split("\r\n")
        one.status = int(head[0].split()[1])
        one.location = next((line.split(": ", 1)[1] for line in head if line.lower().startswith("location: ")), "")
    except (OSError, TimeoutError, IndexError, ValueError) as fault:
        one.fault = f"{type(fault).__name__}: {fault}"


async def everybody(rows: list[Press], port: int) -> None:
    """All of them."""
    await asyncio.gather(*(press(one, port) for one in rows))


# ------------------------------------------------------------------------------------------------------------ after it
def counted(rows: list[Press], deadline: float) -> Tally:
    """Hold what everybody did against what the database says."""
    from tender.keyring import house_keys
    from tender.models import Submission
    from tender.receipts import ReceiptFault, verify
    from workflows.models import Event

    tally, keys = Tally(), house_keys().public
    kept: dict[str, list[Submission]] = {}
    for each in Submission.objects.select_related("application", "stage", "receipt"):
        kept.setdefault(each.application.reference, []).append(each)
    events = dict.fromkeys(kept, 0)
    for chain in Event.objects.filter(kind="application.submit").values_list("chain", flat=True):
        reference = chain.removeprefix("dossier:")
        events[reference] = events.get(reference, 0) + 1
    for reference in dict.fromkeys(one.reference for one in rows):
        judge(tally, [one for one in rows if one.reference == reference], kept.get(reference, []), events.get(reference, 0), deadline)
    for reference, sent in kept.items():
        try:
            head = verify(sent[0].receipt.as_file().encode(), keys).head
            if datetime.fromisoformat(head["received_at"]) != sent[0].at or sent[0].at.timestamp() >= deadline:
                tally.wrong("misjudged", reference, f"its receipt says {head['received_at']}")
        except (ReceiptFault, Submission.receipt.RelatedObjectDoesNotExist) as fault:
            tally.wrong("lost", reference, f"its receipt: {fault}")
    return tally


def judge(tally: Tally, own: list[Press], kept: list, events: int, deadline: float) -> None:
    """One applicant: in time means one submission, one event, and an answer that says so; late means none of these."""
    first, reference = own[0], own[0].reference
    for one in own:
        if one.status not in {302, 409}:
            tally.wrong("lost", reference, f"answer {one.status or one.fault}")
    if len(kept) != events or len(kept) > 1 or any(one.accepted for one in own) != bool(kept):
        tally.wrong("lost", reference, f"{len(kept)} submissions, {events} events, answers {[one.status for one in own]}")
    right = first.in_time(deadline)
    tally.came_in += bool(kept)
    tally.refused += not kept
    tally.open += right is None
    if right is not None and right is not bool(kept):
        tally.wrong("misjudged", reference, f"sent {first.sent - deadline:+.3f} s from the deadline, {'in' if kept else 'refused'}")


def told(rows: list[Press], tally: Tally, deadline: float, load: float) -> None:
    """Print the figures."""
    took = [one.answered - one.sent for one in rows if one.answered]
    cuts = quantiles(took, n=100)
    served_late = sum(1 for one in rows if one.accepted and one.answered > deadline)
    span = max(one.answered for one in rows) - deadline
    behind = [one for one in rows if one.in_time(deadline)]
    print(
        f"{len(rows)} presses of {tally.came_in + tally.refused} applicants; {WORKERS} processes x {THREADS} threads; load before: {load:.1f}"
    )
    print(f"in: {tally.came_in}; refused: {tally.refused}; lost: {tally.lost}; misjudged: {tally.misjudged}; at the very edge: {tally.open}")
    print(
        f"pressed in the last ten seconds: {sum(one.at > deadline - 10 for one in behind)}; answered after the deadline and in: {served_late}"
    )
    print(f"seconds to the answer: p50 {cuts[49]:.2f}, p95 {cuts[94]:.2f}, max {max(took):.2f}; the last {span:.1f} s after the deadline")
    for fault in tally.faults[:20]:
        print(f"  {fault}")


def main() -> int:
    """Prepare, rush, count."""
    asked = argparse.ArgumentParser(description="A rush at the deadline.")
    asked.add_argument("--applicants", type=int, default=500)
    asked.add_argument("--seconds", type=float, default=60.0, help="how long before the deadline the first may press")
    asked.add_argument("--port", type=int, default=8765)
    asked.add_argument("--worker-class", default="settings.arrival.ThreadWorker", help="gthread shows what goes wrong without ours")
    said = asked.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        env = environment(folder)
        os.environ.update(env)
        fresh_database(env["DATABASE_URL"])
        import django

        django.setup()
        began = time.time()
        sessions, stage = prepare(said.applicants)
        print(f"prepared {len(sessions)} drafts in {time.time() - began:.0f} s", flush=True)
        log = Path(folder) / "server.log"
        server = serve(env, said.port, said.worker_class, log.open("w"))
        try:
            asyncio.run(warm_up(said.port, next(iter(sessions.values()))))
            deadline = time.time() + said.seconds + 5
            close_at(stage, deadline)
            rows = presses(sessions, deadline, said.seconds)
            asyncio.run(everybody(rows, said.port))
        finally:
            server.terminate()
            server.wait(30)
        tally = counted(rows, deadline)
        told(rows, tally, deadline, load)
        broken = [line for line in log.read_text().splitlines() if "ERROR" in line or line.startswith("Traceback")]
        print(f"errors of the server: {len(broken)}", *broken[:5], sep="\n  ")
    if not tally.came_in or not tally.refused:
        print("That was no rush: nobody came in, or nobody was too late. Is the machine too busy to send in time?")
    return 0 if tally.came_in and tally.refused and not (tally.lost or tally.misjudged or broken) else 1


if __name__ == "__main__":
    sys.exit(main())
