"""A world is made through the front door once, and laid down again from its rows when a later test asks for the very same.

Four fifths of the suite's time went into the same rounds, made over and over. So a factory that is marked `laid_down` is *played* the first
time: through the door, with every rule, event and letter. What it wrote is kept: rows, mails, files, what it returned and what it left in
the objects it was given. When it is called again with the same arguments on a database in the same state, those rows are written at once.

**The same state** is a digest of everything written since the test began, statement by statement with its parameters; who rolls back to a
savepoint goes back to the digest of then. A test that writes something of its own before it calls a factory has a state of its own, so
the factory is played. Nothing is ever laid down on a database that differs.

A test gets none of this when it may change how a factory works or when what happens besides matters to it (`PLAYED_BY`), or when
others write at the same time (transactions of its own, a live server). ``LAID_DOWN=0`` turns it off for a whole run.
"""

import hashlib
import io
import os
import pickle
import re
import sys
from collections import OrderedDict
from dataclasses import is_dataclass
from functools import wraps
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.core import mail
from django.core.files.storage import default_storage
from django.db import connection, models
from django.utils import translation

from tests.factories.rows import changed, files_in, model_of, packed, rows_of, sequences, written

PLAYED_BY = {
    "monkeypatch",
    "settings",
    "django_capture_on_commit_callbacks",
    "live_server",
    "transactional_db",
    "django_db_serialized_rollback",
}
"""A test with one of these fixtures has all its factories played."""
AT_MOST = 400_000_000
"""How many bytes of rows a process keeps; what was not asked for longest goes first."""
WRITE = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.IGNORECASE)
READ = re.compile(r"\s*(?:SELECT|BEGIN|PRAGMA|SET|SHOW|EXPLAIN|RELEASE|DECLARE|FETCH|CLOSE|WITH)\b", re.IGNORECASE)
SAVEPOINT, BACK = re.compile(r"SAVEPOINT (\S+)"), re.compile(r"ROLLBACK TO SAVEPOINT (\S+)")


class Unlike(Exception):
    """Something that cannot be told to be the same another time."""


class Numbers:
    """What tells apart the people and organisations of one test: 1, 2, 3 …, from the start in every test."""

    def __init__(self):
        self.last = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.last += 1
        return self.last


numbers = Numbers()


class Seen(pickle.Pickler):
    """Arguments as bytes, with what they hold that can change, in order."""

    def __init__(self, file):
        super().__init__(file, protocol=5)
        self.held = []

    def persistent_id(self, it):
        ours = is_dataclass(it) or type(it).__module__.startswith("tests.")
        if isinstance(it, models.Model | SimpleNamespace) or (ours and not isinstance(it, type) and hasattr(it, "__dict__")):
            self.held.append(it)


class Left(pickle.Pickler):
    """What was left behind as bytes, where something held before is told by its place."""

    def __init__(self, file, held):
        super().__init__(file, protocol=5)
        self.places = {id(each): place for place, each in enumerate(held)}

    def persistent_id(self, it):
        return self.places.get(id(it))


class Found(pickle.Unpickler):
    """Reads what `Left` wrote."""

    def __init__(self, file, held):
        super().__init__(file)
        self.held = held

    def persistent_load(self, place):
        return self.held[place]


class Recorder:
    """The tables that are written to, as they were before."""

    def __init__(self):
        self.before = {}

    def note(self, table):
        """This table is about to be written to."""
        if table not in self.before:
            self.before[table] = rows_of(table)


class Tape:
    """What one process knows: the state its database is in, and what it has kept."""

    def __init__(self):
        self.kept, self.size = OrderedDict(), 0
        self.on, self.state, self.base = False, b"", 0
        self.points, self.recorders, self.around = {}, [], {}
        self.advanced = set()
        self.played = self.laid = 0

    def begin(self, *, on):
        """A test begins, on the database as all tests find it.

        Every statement must pass here, on this connection too: once Playwright's loop runs in the thread, that is another than before.
        """
        if self.heard not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.heard)
        self.on, self.state, self.points = on, f"base {self.base}".encode(), {}
        if on:
            numbers.last = 0
            self.rewind()

    def end(self, *, committed):
        """It ends. After one that committed, later tests may find something else."""
        self.on = False
        self.base += committed

    def rewind(self):
        """PostgreSQL hands out every number once, also to what was rolled back; here, the same to every test."""
        if connection.vendor != "postgresql" or not self.advanced or connection.connection is None:
            return
        with connection.connection.cursor() as cursor:
            for table in self.advanced & sequences().keys():
                pk = model_of(table)._meta.pk.column
                cursor.execute(f"""SELECT setval('{sequences()[table]}', (SELECT COALESCE(MAX("{pk}"), 0) + 1 FROM "{table}"), false)""")
        self.advanced.clear()

    def heard(self, execute, sql, params, many, context):
        """Every statement of the main thread passes here."""
        if READ.match(sql):
            return execute(sql, params, many, context)
        if point := SAVEPOINT.match(sql):
            self.points[point[1]] = self.state
        elif point := BACK.match(sql):
            self.back(self.points.get(point[1], os.urandom(16)))
        else:
            self.write(sql, params)
        return execute(sql, params, many, context)

    def back(self, then):
        """What was written since a savepoint is taken back; but for the numbers that PostgreSQL handed out."""
        kept = connection.vendor == "postgresql" and then != self.state
        self.state = digest(then, b"and back from", self.state) if kept else then

    def write(self, sql, params):
        """Something is about to be written."""
        if not connection.in_atomic_block:
            self.base += 1
        if written := WRITE.match(sql):
            self.advanced.add(written[1])
            for recorder in self.recorders:
                recorder.note(written[1])
        try:
            self.state = digest(self.state, sql.encode(), plain(params))
        except Unlike:
            self.state = os.urandom(16)
        if not written:
            self.state = os.urandom(16)
            for recorder in self.recorders:
                recorder.before = None

    def call(self, make, args, kwargs):
        """Lay down what ``make`` made before of the same, or have it made."""
        if not self.on or not connection.in_atomic_block:
            return make(*args, **kwargs)
        try:
            key, held = self.key(make, args, kwargs)
        except Exception:  # what cannot be told to be the same is made anew
            return make(*args, **kwargs)
        if key in self.kept:
            self.kept.move_to_end(key)
            self.laid += 1
            return self.lay(key, held)
        self.played += 1
        return self.play(key, held, make, args, kwargs)

    def key(self, make, args, kwargs):
        """What this call has in common with one that ends the same, and the objects in its arguments."""
        from reports.commands.posting import PRESS

        file = io.BytesIO()
        seen = Seen(file)
        seen.dump((args, kwargs))
        wrapped = settings._wrapped
        self.around[id(wrapped)] = wrapped  # kept, so that no other gets its number
        press = getattr(PRESS.get(), "__qualname__", "")
        around = (make.__module__, make.__qualname__, press, translation.get_language(), id(wrapped), numbers.last, sys.gettrace() is None)
        return digest(self.state, repr(around).encode(), file.getvalue()), seen.held

    def play(self, key, held, make, args, kwargs):
        """Make it, and keep what came of it."""
        recorder, sent = Recorder(), len(mail.outbox)
        self.recorders.append(recorder)
        try:
            result = make(*args, **kwargs)
        finally:
            self.recorders.remove(recorder)
        if recorder.before is None:
            return result
        try:
            file = io.BytesIO()
            Left(file, held).dump((result, [vars(each) for each in held], mail.outbox[sent:], numbers.last))
        except Exception:  # a generator, a lambda: not kept
            return result
        changes = [(table, changed(table, before)) for table, before in recorder.before.items()]
        self.keep(key, (file.getvalue(), packed(changes), files_in(changes), [table for table, _ in changes]))
        self.state = key
        return self.returned(file.getvalue(), held)[0]

    def keep(self, key, kept):
        """Under the limit."""
        self.kept[key] = kept
        self.size += len(kept[0]) + len(kept[1])
        while self.size > AT_MOST:
            _, gone = self.kept.popitem(last=False)
            self.size -= len(gone[0]) + len(gone[1])

    def lay(self, key, held):
        """Write the rows, the files and the mails, and return what was returned."""
        left, rows, files, tables = self.kept[key]
        for recorder in self.recorders:
            for table in tables:
                recorder.note(table)
        self.advanced.update(tables)
        written(rows)
        for name, content in files.items():
            path = Path(default_storage.path(name))
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        self.state = key
        result, mails, numbers.last = self.returned(left, held)
        mail.outbox.extend(mails)
        return result

    def returned(self, left, held):
        """What was returned, sent and counted, with what was given left as it was left.

        Who has it played gets a copy too, so that the next factory sees the very same arguments either way.
        """
        result, states, mails, last = Found(io.BytesIO(left), held).load()
        for each, state in zip(held, states, strict=True):
            vars(each).clear()
            vars(each).update(state)
        return result, mails, last


TAPE = Tape()


def laid_down(make):
    """Mark a factory: it is played once for the same arguments on the same database, and laid down from then on.

    What it does must depend on its arguments and the database alone, and show in its answer, the database, the mail and the files alone.
    """

    @wraps(make)
    def call(*args, **kwargs):
        return TAPE.call(make, args, kwargs)

    return call


def digest(*parts):
    """One key of some bytes."""
    said = hashlib.blake2b(digest_size=16)
    for part in parts:
        said.update(len(part).to_bytes(8, "big"))
        said.update(part)
    return said.digest()


def plain(params):
    """Parameters as bytes that are the same for the same."""
    said = repr(params if isinstance(params, dict) else [simple(each) for each in params or ()])
    if " at 0x" in said:
        raise Unlike
    return said.encode()


def simple(it):
    """A parameter as what it holds: what wraps JSON for PostgreSQL shows its first words only."""
    if isinstance(it, list | tuple):
        return [simple(each) for each in it]
    if isinstance(it, memoryview | bytearray):
        return bytes(it)
    return it.obj if hasattr(it, "obj") else it
