"""What tables hold, what became of them, and how that is written at once."""

import marshal
import zlib
from functools import cache
from pathlib import Path

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models


@cache
def every_model():
    """All models by their table."""
    return {each._meta.db_table: each for each in apps.get_models(include_auto_created=True) if not each._meta.proxy}


@cache
def sequences():
    """On PostgreSQL: what counts the keys of each table."""
    with connection.connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.relname, s.oid::regclass::text FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') "
            "JOIN pg_class t ON t.oid = d.refobjid WHERE s.relkind = 'S' AND d.classid = 'pg_class'::regclass"
        )
        return {table: name for table, name in cursor.fetchall() if table in every_model()}


def model_of(table):
    """The model of a table."""
    return every_model()[table]


def columns_of(table):
    """The columns of a table, its key first, quoted."""
    meta = model_of(table)._meta
    return [f'"{name}"' for name in (meta.pk.column, *(field.column for field in meta.local_concrete_fields if not field.primary_key))]


def rows_of(table):
    """What a table holds, by key. A plus keeps SQLite from making dates of what it has in writing."""
    plus = "+" if connection.vendor == "sqlite" else ""
    wanted = ", ".join(plus + name for name in columns_of(table))
    cursor = connection.connection.cursor()
    cursor.execute(f'SELECT {wanted} FROM "{table}"')
    rows = cursor.fetchall()
    cursor.close()
    return {row[0]: tuple(row) for row in rows}


def changed(table, before):
    """What became of a table since: keys that went, rows that changed, rows that came."""
    after = rows_of(table)
    gone = [(key,) for key in before if key not in after]
    other = [row for key, row in after.items() if key in before and row != before[key]]
    came = [row for key, row in sorted(after.items()) if key not in before]
    return gone, other, came


def statements(changes):
    """What was changed as SQL, with the rows for each: first what went, then what changed, then what came."""
    mark = "?" if connection.vendor == "sqlite" else "%s"
    for table, (gone, _other, _came) in changes:
        yield f'DELETE FROM "{table}" WHERE {columns_of(table)[0]} = {mark}', gone
    for table, (_gone, other, _came) in changes:
        key, *rest = columns_of(table)
        values = ", ".join(f"{name} = {mark}" for name in rest)
        yield f'UPDATE "{table}" SET {values} WHERE {key} = {mark}', [(*row[1:], row[0]) for row in other]
    for table, (_gone, _other, came) in changes:
        columns = columns_of(table)
        yield f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({", ".join([mark] * len(columns))})', came


def packed(changes):
    """What was changed as bytes: SQLite gets rows, PostgreSQL one text."""
    todo = [(sql, rows) for sql, rows in statements(changes) if rows]
    if connection.vendor == "sqlite":
        return zlib.compress(marshal.dumps(todo), 1)
    with connection.connection.cursor() as cursor:
        text = [cursor.mogrify(sql, row) for sql, rows in todo for row in rows]
        for name in (sequences()[table] for table, _ in changes if table in sequences()):
            cursor.execute(f"SELECT last_value, is_called FROM {name}")
            text.append(cursor.mogrify(f"SELECT setval('{name}', %s, %s)", cursor.fetchone()))
    return zlib.compress(";".join(text).encode(), 1)


def written(rows):
    """Write what was packed."""
    todo = zlib.decompress(rows)
    if connection.vendor == "sqlite":
        for sql, each in marshal.loads(todo):
            connection.connection.executemany(sql, each).close()
    elif todo:
        with connection.connection.cursor() as cursor:
            cursor.execute(todo)


def files_in(changes):
    """What lies in the files that were named."""
    found = {}
    for table, (_gone, other, came) in changes:
        names = columns_of(table)
        for field in model_of(table)._meta.local_concrete_fields:
            if isinstance(field, models.FileField):
                place = names.index(f'"{field.column}"')
                for row in [*other, *came]:
                    if row[place] and default_storage.exists(row[place]):
                        found[row[place]] = Path(default_storage.path(row[place])).read_bytes()
    return found
