#!/usr/bin/env python3
"""The demo from nothing: a fresh house under var/demo, the story, then open doors (`--no-serve`: they stay shut)."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import serve  # beside this file

ROOT = Path(__file__).resolve().parents[1]
STEPS = {
    "translations": ["make", "--no-print-directory", "messages"],
    "database": [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
    "static files": [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"],
    "the story": [sys.executable, "manage.py", "demo", "--no-serve"],
}
FULL = """\
The database is not empty, and the demo throws nothing away that it did not make.
Is DATABASE_URL set, here or in .env? Point it to an empty database, or unset it."""
EMPTY = "import sys; from tender.models import User; sys.exit(User.objects.exists())"


def run(number: int, name: str, command: list[str], env: dict[str, str]) -> None:
    """One step, with its number before it and its time after it."""
    print(f"demo: {number}/{len(STEPS)} {name}", flush=True)
    began = time.monotonic()
    if subprocess.run(command, cwd=ROOT, env=env, check=False).returncode:
        sys.exit(f"\nThe demo stopped at step {number}, {name}; what went wrong is said above.")
    print(f"demo: {number}/{len(STEPS)} {name}: {time.monotonic() - began:.1f} s", flush=True)


def require_empty(env: dict[str, str]) -> None:
    """Stop before the story is told on top of someone's dossiers."""
    check = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", EMPTY]
    if subprocess.run(check, cwd=ROOT, env=env, check=False).returncode:
        sys.exit(FULL)


def main() -> None:
    """Make it, tell it, serve it."""
    serving = "--no-serve" not in sys.argv[1:]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "settings.demo"}
    with serve.alone():
        if serving:
            serve.require_free_port()  # before the old demo is gone
        shutil.rmtree(serve.var() / "demo", ignore_errors=True)
        for number, (name, command) in enumerate(STEPS.items(), start=1):
            if name == "the story":
                require_empty(env)
            run(number, name, command, env)
    if serving:
        os.execve(sys.executable, [sys.executable, str(ROOT / "bin" / "serve.py")], env)


if __name__ == "__main__":
    main()
