#!/usr/bin/env python3
"""Web server, worker and clock beside each other. One Ctrl-C ends them all; if one falls, all stop, and it is named.

HOST and PORT (127.0.0.1, 8000) say where; DJANGO_SETTINGS_MODULE (settings.demo) says with what.
"""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT", "8000"))
PYTHON = sys.executable
CELERY = [PYTHON, "-m", "celery", "--app", "settings", "--quiet"]
CHILDREN = {
    "web": [
        *[PYTHON, "-m", "gunicorn", "settings.wsgi:application", "--bind", f"{HOST}:{PORT}"],
        *[
            "--worker-class",
            "settings.arrival.ThreadWorker",
            "--workers",
            "2",
            "--threads",
            "4",
            "--graceful-timeout",
            "5",
            "--log-level",
            "warning",
        ],
    ],
    "worker": [
        *[*CELERY, "worker", "--concurrency", "2", "--loglevel", "warning"],
        *["--without-gossip", "--without-mingle", "--without-heartbeat"],
    ],
    "clock": [*CELERY, "beat", "--loglevel", "warning", "--pidfile", ""],
}
GRACE = 10.0
PR_SET_PDEATHSIG = 1


def var() -> Path:
    """Where the running house writes."""
    return Path(os.environ.get("DRIETRAP_VAR", ROOT / "var"))


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock that says: this demo is being served. `bin/demo.py` will not wipe it meanwhile."""
    var().mkdir(parents=True, exist_ok=True)
    with (var() / "served.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            who = lock.read().strip() or "?"
            sys.exit(f"It is already being served, by process {who}. Stop that first (Ctrl-C there).")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def require_free_port() -> None:
    """Stop with a word on what to do if someone listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError as why:
            sys.exit(
                f"Port {PORT} on {HOST} cannot be used: {why.strerror}.\n"
                f"Stop the program that uses it (ss -ltnp 'sport = :{PORT}' shows which), or choose another:"
                f" PORT={PORT + 1} make demo"
            )


def die_with_parent() -> None:
    """Runs in the child: even if this process is killed outright, no orphan stays behind (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(name: str, command: list[str], env: dict[str, str]) -> subprocess.Popen[str]:
    """Start one child in a session of its own, so that Ctrl-C reaches it once: through us."""
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - prctl takes no lock
    )
    threading.Thread(target=relay, args=(name, child), daemon=True).start()
    return child


def relay(name: str, child: subprocess.Popen[str]) -> None:
    """Say what a child says, with its name before it."""
    for line in child.stdout or ():
        print(f"{name:<6} | {line}", end="", flush=True)


def stop(children: dict[str, subprocess.Popen[str]]) -> None:
    """Ask all to end, then insist."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + GRACE
    for child in children.values():
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def answers() -> bool:
    """Whether the web server takes connections."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, PORT)) == 0


def watch(children: dict[str, subprocess.Popen[str]], asked: threading.Event) -> str:
    """Wait for a request to stop (empty), or for a child that falls (its name)."""
    announced = False
    while not asked.wait(0.3):
        fallen = next((name for name, child in children.items() if child.poll() is not None), "")
        if fallen:
            return fallen
        if not announced and answers():
            print(f"\nDrietrap is at http://{HOST}:{PORT}  (Ctrl-C stops it)\n", flush=True)
            announced = True
    return ""


def main() -> int:
    """Serve until asked to stop."""
    env = {"DJANGO_SETTINGS_MODULE": "settings.demo", **os.environ, "PYTHONUNBUFFERED": "1"}
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    with alone():
        require_free_port()
        children = {name: start(name, command, env) for name, command in CHILDREN.items()}
        fallen = watch(children, asked)
        code = children[fallen].returncode if fallen else 0
        stop(children)
    if fallen:
        print(f"\nThe {fallen} process stopped by itself (exit {code}); see above. All stopped.", file=sys.stderr)
        return 1
    print("\nStopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
