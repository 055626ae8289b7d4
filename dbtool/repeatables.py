"""Functions, views and triggers: one set a source, applied whole whenever its digest changed."""

from __future__ import annotations

import contextlib
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dbtool import sqltext
from dbtool.config import Source
from dbtool.errors import FileError, RefusedError, SqlError
from dbtool.ledger import SQL

if TYPE_CHECKING:
    import psycopg

    from dbtool.database import Connection

# Patterns for the tokens of a statement, with a blank between two of them.
NAME = r'("(?:[^"]|"")*"|[^\W\d][\w$]*)'
MENTION = re.compile(rf"{NAME} \. {NAME}")
OBJECT = re.compile(rf"create or replace (?:recursive )?(function|procedure|view) {NAME} \. {NAME}")
TRIGGER = re.compile(
    rf"create (or replace )?(?:constraint )?trigger {NAME} .*? on {NAME} \. {NAME}"
)

DROP = {"function": "routine", "view": "view", "trigger": "trigger"}
CHECKS = {
    "health": "level text, object text, figure numeric, threshold text, meaning text, remedy text",
    "invariants": "object text, detail jsonb",
}
OBJECTS = (SQL / "functions_objects.sql").read_bytes()
DEPENDENTS = (SQL / "functions_dependents.sql").read_bytes()
PRIVILEGES = (SQL / "functions_privileges.sql").read_bytes()
RECORD = (SQL / "functions_record.sql").read_bytes()
CHECK = (SQL / "functions_check.sql").read_text()
FLYWAY = (SQL / "functions_flyway.sql").read_text()
# An object that a statement names is not there: a later one of the set may make it.
MISSING = {"42P01", "42883", "42704", "42703"}
# What is there cannot be replaced: parameter names, result, kind, or columns of a view.
IRREPLACEABLE = {"42P13", "42P16", "42809", "42710"}

ENTER = "set local search_path = pg_catalog, pg_temp; set local client_min_messages = warning"
LEAVE = "reset role; reset search_path; reset check_function_bodies; reset client_min_messages"
DIGEST = "select digest from dbtool.function_sets where source = %s"
RECORDED = "select source, kind, object, checksum from dbtool.function_objects"

Id = tuple[str, str]


class Key(NamedTuple):
    """What a file declares. Overloads share a key; `on_table` is a trigger's."""

    kind: str
    schema: str
    name: str
    on_table: str

    def __str__(self) -> str:
        on = f"{self.name} on {self.schema}.{self.on_table}"
        return on if self.on_table else f"{self.schema}.{self.name}"


class Live(NamedTuple):
    """One routine, view or trigger in the database."""

    kind: str
    schema: str
    name: str
    on_table: str
    object: str
    oid: int
    version: str
    needed: bool

    @property
    def key(self) -> Key:
        return Key(*self[:4])

    @property
    def id(self) -> Id:
        return self.kind, self.object


@dataclass(frozen=True)
class Unit:
    """One statement of a file; without a key it is a comment or a grant.

    `offset` is where `sql` starts in `text`: before it, when something was put in front.
    """

    key: Key | None
    sql: str
    path: Path
    text: str
    offset: int
    mentions: frozenset[tuple[str, str]] = frozenset()

    @property
    def kind(self) -> str:
        return self.key.kind if self.key else ""


@dataclass(frozen=True)
class FunctionSet:
    """All files of a source."""

    source: Source
    files: tuple[tuple[Path, str], ...]
    digest: str

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Return the statements, in an order in which they find what they mention."""
        units: list[Unit] = []
        for path, text in self.files:
            is_check = path.is_relative_to(self.source.folder("checks"))
            units += _wrapped(path, text) if is_check else _units(self.source, path, text)
        paths: dict[Key, Path] = {}
        for unit in units:
            if unit.key and paths.setdefault(unit.key, unit.path) != unit.path:
                raise FileError(
                    f"{unit.path}: {unit.key} is in {paths[unit.key]} too",
                    "An object has one file; overloads of one name stand in the same file.",
                )
        return tuple(_ordered(units))

    @cached_property
    def objects(self) -> dict[Key, str]:
        """Return what the files declare, each with a checksum."""
        texts: dict[Key, str] = {}
        for unit in self.units:
            if unit.key:
                texts[unit.key] = texts.get(unit.key, "") + unit.sql
        return {key: sqltext.checksum(text) for key, text in texts.items()}

    def flyway(self) -> str:
        """Return the whole set as one repeatable migration of Flyway."""
        for unit in self.units:
            if "${" in unit.sql:
                raise FileError(f"{unit.path}: Flyway would replace the ${{ in it")
        owner = [f'set local role "{self.source.owner}"'] if self.source.owner else []
        settings = [*owner, ENTER, "set local check_function_bodies = off"]
        statements = [*settings, *(unit.sql for unit in self.units)]
        return FLYWAY.format(name=self.source.name) + "".join(f"\n{sql};\n" for sql in statements)


@dataclass(frozen=True)
class Report:
    """What applying a set did; `changed` leaves out what was as it is now."""

    applied: int
    changed: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def discover(source: Source, applied: str | None = None) -> FunctionSet:
    """Read the files; refuse what has state, cannot be replaced, or stands twice.

    Files with the digest `applied` were good when they were applied, so they are not parsed again.
    """
    kinds = ["functions", *(f"checks/{kind}" for kind in CHECKS if "ops" in source.schemas)]
    paths = [path for kind in kinds for path in sorted(source.folder(kind).rglob("*.sql"))]
    files = tuple((path, sqltext.read_sql(path)) for path in paths)
    names = [path.relative_to(source.root).as_posix() for path in paths]
    parts = [str(source.owner), CHECK, *names, *(text for _, text in files)]
    found = FunctionSet(source, files, sqltext.checksum("\0".join(parts)))
    if found.digest != applied:
        _ = found.units
    return found


def _units(source: Source, path: Path, text: str) -> list[Unit]:
    units: list[Unit] = []
    for statement in sqltext.split_statements(text):
        offset, sql, place = statement.offset, statement.text, f"{path}:{statement.line}"
        # Without strings, so without the bodies of functions.
        outline = " ".join(
            token.lower() if kind == "word" else token
            for kind, token, _, _ in sqltext.tokens(sql)
            if kind in ("word", "quoted", "sign")
        )
        key = None
        if found := OBJECT.match(outline):
            kind, schema, name = found[1], *map(_identifier, found.group(2, 3))
            key = Key(kind.replace("procedure", "function"), schema, name, "")
        elif found := TRIGGER.match(outline):
            name, schema, table = map(_identifier, found.group(2, 3, 4))
            key = Key("trigger", schema, name, table)
            if not found[1]:
                drop = f"drop trigger if exists {found[2]} on {found[3]}.{found[4]};\n"
                offset, sql = offset - len(drop), drop + sql
        elif outline.startswith("comment on trigger ") and units and units[-1].kind:
            # Such a comment locks the table, so it goes with its trigger.
            units[-1] = replace(units[-1], sql=f"{units[-1].sql};\n{sql}")
            continue
        elif not outline.startswith(("comment ", "grant ", "revoke ")):
            raise FileError(
                f"{place}: `{' '.join(outline.split()[:5])}` does not belong here",
                "Here stand create or replace function, procedure and view, and create trigger,"
                " with their schemas; comment, grant and revoke. A migration makes the rest.",
            )
        if key and key.schema not in source.schemas:
            raise FileError(
                f"{place}: {key.schema} is not a schema of {source.name}",
                f"Its dbtool.toml names {', '.join(source.schemas)}.",
            )
        mentions = frozenset((_identifier(a), _identifier(b)) for a, b in MENTION.findall(outline))
        units.append(Unit(key, sql, path, text, offset, mentions))
    return units


def _identifier(token: str) -> str:
    return token[1:-1].replace('""', '"') if token[0] == '"' else token


def _wrapped(path: Path, text: str) -> list[Unit]:
    """Make a function of a check's query, so that the database can be asked without its files."""
    statements = sqltext.split_statements(text)
    kind = path.parent.name
    name = f"{kind.removesuffix('s')}_{path.stem}"
    if len(statements) != 1 or "$check$" in text or not re.fullmatch(r"[a-z0-9_]{1,63}", name):
        raise FileError(
            f"{path}: a check is one query, in a file named like a function",
            "The name has a-z, 0-9 and _ alone, and $check$ does not occur in the query.",
        )
    query = statements[0]
    head, tail = CHECK.format(name=name, columns=CHECKS[kind], query="\0").split("\0")
    header = re.findall(r"^-- ?(.*)", text[: query.offset], re.MULTILINE)
    comment = "\n".join(header).strip().replace("'", "''")
    key, sql = Key("function", "ops", name, ""), f"{head}{query.text}{tail}"
    return [
        Unit(key, sql, path, text, query.offset - len(head)),
        Unit(None, f"comment on function ops.{name}() is '{comment}'", path, text, 0),
    ]


def _ordered(units: Sequence[Unit]) -> Iterator[Unit]:
    """Yield functions, views, triggers and the rest, each after what it mentions."""
    by_name: dict[tuple[str, str], list[Unit]] = {}
    for unit in units:
        if unit.key and not unit.key.on_table:
            by_name.setdefault((unit.key.schema, unit.key.name), []).append(unit)
    seen: set[int] = set()

    def visit(unit: Unit) -> Iterator[Unit]:
        if id(unit) not in seen:
            seen.add(id(unit))
            for name in sorted(unit.mentions & by_name.keys()):
                yield from chain.from_iterable(map(visit, by_name[name]))
            yield unit

    for unit in sorted(units, key=lambda u: [*DROP, ""].index(u.kind)):
        yield from visit(unit)


def live_objects(connection: Connection, source: Source) -> list[Live]:
    """Return the routines, views and triggers in the schemas of the source."""
    rows = connection.execute(OBJECTS, {"schemas": list(source.schemas)})
    return [Live(*row) for row in rows]


def recorded_objects(connection: Connection, source: Source) -> tuple[dict[Id, str], set[Id]]:
    """Return what the set made, with the checksums, and what the sets of other sources made."""
    rows = connection.execute(RECORDED).fetchall()
    mine = {(kind, name): checksum for of, kind, name, checksum in rows if of == source.name}
    return mine, {(kind, name) for of, kind, name, _ in rows if of != source.name}


def _without_file(live: Iterable[Live], known: Collection[Id]) -> list[Live]:
    """Return what no set made, and what no table, default, index or policy needs either."""
    return [o for o in live if o.kind != "trigger" and not o.needed and o.id not in known]


def compare(connection: Connection, function_set: FunctionSet) -> dict[Id, str]:
    """Return each object of the files or without one: applied, pending, missing or no file."""
    source, declared = function_set.source, function_set.objects
    mine, others = recorded_objects(connection, source)
    live = live_objects(connection, source)
    states = {o.id: "no file" for o in _without_file(live, {*mine, *others})}
    for o in live:
        if o.id in mine:
            is_same = declared.get(o.key) == mine[o.id]
            states[o.id] = "applied" if is_same else "pending" if o.key in declared else "no file"
    digest = connection.execute(DIGEST, (source.name,)).fetchone()
    for key in declared.keys() - {o.key for o in live}:
        is_applied = digest == (function_set.digest,)
        states[key.kind, str(key)] = "missing" if is_applied else "pending"
    return states


def listing(connection: Connection, function_set: FunctionSet) -> list[dict[str, str]]:
    """Return the comparison as lines, for `functions` and `verify`."""
    name, found = function_set.source.name, sorted(compare(connection, function_set).items())
    return [
        {"source": name, "state": state, "kind": kind, "object": object_}
        for (kind, object_), state in found
    ]


def snapshot_objects(connection: Connection, source: Source) -> frozenset[Id]:
    """Return which objects of the set are there."""
    mine, _ = recorded_objects(connection, source)
    return frozenset(o.id for o in live_objects(connection, source) if o.id in mine)


def lost_objects(connection: Connection, source: Source, before: frozenset[Id]) -> list[str]:
    """Return what has gone since the snapshot: callers would miss it until the set is applied."""
    return sorted(name for _, name in before - snapshot_objects(connection, source))


def apply(connection: Connection, source: Source, function_set: FunctionSet) -> Report:
    """Apply the set inside the open transaction, mend what is in its way, and record it."""
    declared, before = function_set.objects, live_objects(connection, source)
    mine, others = recorded_objects(connection, source)
    oids, versions = {o.id: o.oid for o in before}, {(o.id, o.version) for o in before}
    # Replacing a function stops nobody; a view or a trigger takes a strong lock.
    same = {o.key for o in before if o.kind != "function" and mine.get(o.id) == declared.get(o.key)}
    units = [unit for unit in function_set.units if unit.key]
    with _session(connection, source):
        connection.execute("set local check_function_bodies = off")
        mended = _run(connection, [u for u in units if u.key not in same], function_set)
        # Once more, now that everything is there: the validators see what the bodies lack, each
        # under the search_path of its function, and the server says where in the statement.
        connection.execute("set local check_function_bodies = on")
        _run(connection, [unit for unit in units if unit.kind == "function"])
        after = live_objects(connection, source)
        # A routine with the name of a file's that was not written just now has other arguments.
        made = {
            o.id: o
            for o in after
            if o.key in declared and (o.kind != "function" or (o.id, o.version) not in versions)
        }
        stale = [
            o
            for o in after
            if o.id not in made and (o.key in declared or (o.id in mine and o.id not in others))
        ]
        kept = _drop(connection, stale)
        fresh = {kind: [o.oid for o in made.values() if o.kind == kind] for kind in DROP}
        resets = connection.execute(PRIVILEGES, fresh).fetchall()
        connection.execute("".join(reset for (reset,) in resets).encode() or b";")
        _run(connection, [unit for unit in function_set.units if not unit.key])
    # What could not be dropped is tried again next time.
    records = {o.id: "" for o in kept if o.id in mine}
    records |= {o.id: declared[o.key] for o in made.values()}
    _record(connection, source, function_set.digest, records)
    strangers = _without_file(after, {*records, *others, *(o.id for o in stale)})
    return Report(
        applied=len(units),
        changed=tuple(
            o.object
            for o in made.values()
            if mine.get(o.id) != records[o.id] or oids.get(o.id) != o.oid
        ),
        mended=tuple(mended),
        dropped=tuple(o.object for o in stale if o not in kept),
        warnings=(
            *(f"{o.object} has no file any more, but stays: {why}" for o, why in kept.items()),
            *(f"{o.object} has no file" for o in strangers),
        ),
    )


def remove(connection: Connection, source: Source) -> None:
    """Drop what the set made, inside the open transaction, and forget it."""
    mine, _ = recorded_objects(connection, source)
    live = live_objects(connection, source)
    with _session(connection, source):
        kept = _drop(connection, [o for o in live if o.id in mine])
    if kept:
        raise RefusedError("; ".join(f"{o.object} stays: {why}" for o, why in kept.items()))
    _record(connection, source, "", {})


def _record(connection: Connection, source: Source, digest: str, records: Mapping[Id, str]) -> None:
    values = {
        "source": source.name,
        "digest": digest,
        "kinds": [kind for kind, _ in records],
        "objects": [name for _, name in records],
        "checksums": [*records.values()],
    }
    connection.execute(RECORD, values)


@contextlib.contextmanager
def _session(connection: Connection, source: Source) -> Iterator[None]:
    """Be the owner, with names that mean the same whatever the session was set to."""
    import psycopg

    from dbtool.database import explain, hint

    try:
        connection.execute(ENTER)
        if source.owner:
            connection.execute("select set_config('role', %s, true)", (source.owner,))
        yield
        connection.execute(LEAVE)
    except psycopg.Error as error:
        message = f"functions of {source.name}: {explain(error)}"
        raise SqlError(message, hint(error), error.sqlstate or "") from error


def _attempt(connection: Connection, sql: str) -> psycopg.Error | None:
    """Run SQL in a savepoint and return its error; raise one that the next try may not meet."""
    import psycopg

    try:
        with connection.transaction():
            connection.execute(sql.encode() or b";")
    except psycopg.Error as error:
        # A lock, a deadlock; cancelled, shut down, or the connection lost.
        if (error.sqlstate or "57").startswith(("55P03", "40P01", "57")):
            raise
        return error
    return None


def _run(
    connection: Connection, units: Sequence[Unit], function_set: FunctionSet | None = None
) -> list[str]:
    """Run all units at once; after an error one by one, which finds its place or an order.

    With a set, what is in the way of its objects is mended; return what was.
    """
    if not _attempt(connection, ";\n".join(unit.sql for unit in units)):
        return []
    waiting, failed, mended = deque(units), 0, []
    while waiting:
        unit = waiting.popleft()
        if not (error := _attempt(connection, unit.sql)):
            failed = 0
        elif error.sqlstate in IRREPLACEABLE and function_set:
            waiting += _mend(connection, unit, function_set, error)
            mended.append(f"{unit.key}: {error.diag.message_primary}: dropped and made again")
            failed = 0
        elif error.sqlstate in MISSING and failed < len(waiting):
            waiting.append(unit)
            failed += 1
        else:
            raise _described(unit, error) from error
    return mended


def _described(unit: Unit, error: psycopg.Error, more: str = "") -> SqlError:
    from dbtool.database import describe

    # What was put in front of the statement is no place in the file.
    position = int(error.diag.statement_position or 1)
    found = describe(error, unit.path, unit.text, max(unit.offset, 1 - position))
    return SqlError(f"{found}{more}", found.hint, found.sqlstate)


def _mend(
    connection: Connection, unit: Unit, function_set: FunctionSet, error: psycopg.Error
) -> list[Unit]:
    """Drop what cannot be replaced, and make it anew; return those that went with it.

    Whatever stands in a file may go: the file brings it back, with its privileges.
    """
    declared, blocked = function_set.objects, ""
    for hinder in live_objects(connection, function_set.source):
        if hinder.key != unit.key:
            continue
        rows = connection.execute(DEPENDENTS, hinder._asdict()).fetchall()
        keys = [Key(*row[:4]) for row in rows]
        outside = [row[5] for row, key in zip(rows, keys, strict=True) if key not in declared]
        if outside:
            blocked += f"\n{hinder.object} cannot go: {', '.join(outside)} depends on it"
            continue
        drops = "".join(f"drop {DROP[row[0]]} {row[4]}; " for row in [*rows, hinder])
        if not _attempt(connection, drops + unit.sql):
            return [other for other in function_set.units if other.key in keys]
    raise _described(unit, error, blocked) from error


def _drop(connection: Connection, objects: Iterable[Live]) -> dict[Live, str]:
    """Drop objects in whatever order works; return those that something depends on, and what."""
    waiting = sorted(objects, key=lambda o: [*DROP].index(o.kind), reverse=True)
    while waiting:
        kept: dict[Live, str] = {}
        for o in waiting:
            if error := _attempt(connection, f"drop {DROP[o.kind]} {o.object}"):
                kept[o] = error.diag.message_detail or str(error.diag.message_primary)
        if len(kept) == len(waiting):
            return kept
        waiting = list(kept)
    return {}
