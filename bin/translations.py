#!/usr/bin/env python3
"""Keep the translations complete: `check` names every text without a sure translation, `update` collects new ones.

Source texts are English. Users also read docstrings: what an arrow does, and why a rule refuses.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("tender", "scoring", "workflows", "reports", "settings")
LANGUAGES = ("nl",)
SPOKEN = "spoken_docstrings.py"  # made, read by gettext, and thrown away again
MAKEMESSAGES = (sys.executable, "-P", "-m", "django", "makemessages")
HOW = ("--add-location", "file", "--no-wrap", "--no-obsolete")
UNTRANSLATED = ("--untranslated",)
UNSURE = ("--only-fuzzy", "--no-obsolete")


def spoken() -> dict[str, list[str]]:
    """Per app, the docstrings that users read: what an arrow does, and why a rule refuses."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings.test"
    sys.path.insert(0, str(ROOT))
    django.setup()
    machines = import_module("workflows.machines").MACHINES
    texts: dict[str, set[str]] = {}
    for machine in machines.values():
        for arrow in machine().get_all_state_transitions():
            texts.setdefault("workflows", set()).add(getattr(machine, arrow.name).__doc__ or "")
            for rule in arrow.custom["when"]:
                texts.setdefault(rule.__module__.split(".")[0], set()).add(rule.__doc__ or "")
    return {app: sorted(found - {""}) for app, found in texts.items()}


def collect(place: Path, docstrings: list[str]) -> None:
    """Bring the .po files of one app up to date with its source."""
    (place / "locale").mkdir(exist_ok=True)
    made = place / SPOKEN
    made.write_text("".join(f"gettext_noop({text!r})\n" for text in docstrings))
    try:
        command = [*MAKEMESSAGES, *HOW]
        for language in LANGUAGES:
            command += ["--locale", language]
        env = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(command, cwd=place, env=env, check=True, stdout=subprocess.DEVNULL)
    finally:
        made.unlink()


def unfinished(catalogue: Path, which: tuple[str, ...]) -> list[str]:
    """The entries of a catalogue that gettext selects, as text."""
    command = ["msgattrib", "--no-wrap", *which, str(catalogue)]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [entry for entry in found.split("\n\n")[1:] if entry.strip()]


def check() -> int:
    """Collect in a copy, and name what has no sure translation there."""
    faults = 0
    docstrings = spoken()
    with tempfile.TemporaryDirectory() as scratch:
        for name in PLACES:
            place = Path(scratch) / name
            shutil.copytree(ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__", "static", "*.mo"))
            collect(place, docstrings.get(name, []))
            for catalogue in sorted(place.glob("locale/*/LC_MESSAGES/*.po")):
                for label, which in (("not translated", UNTRANSLATED), ("unsure (fuzzy)", UNSURE)):
                    for entry in unfinished(catalogue, which):
                        faults += 1
                        print(f"{catalogue.relative_to(scratch)}: {label}\n{entry}\n")
    if faults:
        print(f"{faults} texts to mend. `make translations` collects them into the .po files.", file=sys.stderr)
    return int(faults > 0)


def update() -> int:
    """Collect in place."""
    docstrings = spoken()
    for name in PLACES:
        collect(ROOT / name, docstrings.get(name, []))
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["check"], ["update"]):
        sys.exit("usage: bin/translations.py check | update")
    sys.exit(check() if sys.argv[1] == "check" else update())
