"""Undo migrations, in development: never on production, never where rows would be lost."""

from __future__ import annotations

from dataclasses import replace

import psycopg

from dbtool import drift, ledger, repeatables, sqltext
from dbtool.config import Settings, Source
from dbtool.database import Connection
from dbtool.errors import RefusedError, SqlError
from dbtool.locks import Report, locked
from dbtool.migrations import Migration, Step, check, discover, shown
from dbtool.runner import Run, retrying, run_script

TABLES = (ledger.SQL / "drift_tables.sql").read_bytes()
FORGET = "delete from dbtool.migrations where source = %s and version = any (%s)"
DISCARD = "Say --discard-data if rows may go."
# What a file has set is not for the next one.
RESET = "reset session authorization; reset role; reset search_path; "
# A table with checks still to come cannot be altered by the next file.
CHECK_NOW = "set constraints all immediate; set constraints all deferred"

Pair = tuple[Step, Migration]
Rows = dict[str, tuple[int, int]]


def undo(
    connection: Connection,
    settings: Settings,
    source: Source,
    *,
    steps: int,
    target: int | None,
    discard_data: bool,
    report: Report,
) -> list[Migration]:
    """Undo the last steps, or all above the target, and the functions; return what was undone."""
    with locked(connection, settings.lock_wait_s, report):
        ledger.guard_not_production(connection, "undo")
        state = ledger.read(connection)
        ledger.refuse_environment(state, settings.environment)
        pairs = plan(source, state, steps, target)
        drifted = drift.compare(connection) if pairs else []

        def work() -> None:
            repeatables.remove(connection, source)
            before = _rows(connection, source)
            for _, down in pairs:
                run_script(connection, down.path, down.text)
                connection.execute(RESET)
            connection.execute(CHECK_NOW)
            if before and not discard_data:
                _refuse_loss(before, _rows_again(connection, source, pairs))
            versions = [down.version for _, down in pairs]
            connection.execute(FORGET, (source.name, versions))
            drift.record(connection, settings.sources, keep=drifted)

        if pairs:
            retrying(Run(connection, settings, report), work)
    for _, down in pairs:
        report(f"undone by {shown(down.path)}")
    return [down for _, down in pairs]


def plan(source: Source, state: ledger.Ledger, steps: int, target: int | None) -> list[Pair]:
    """Return what is to be undone, last first, each with its U file; refuse what cannot be."""
    files = {migration.version: migration for migration in discover(source)}
    rows = [
        row for key, row in sorted(state.entries.items(), reverse=True) if key[0] == source.name
    ]
    pairs: list[Pair] = []
    for row in rows[:steps] if target is None else (r for r in rows if r.version > target):
        if row.kind == "baseline":
            raise RefusedError(
                f"{source.name} began here at a baseline of {row.version}",
                "What lies below it was not made by its files.",
            )
        migration = files.get(row.version)
        if not migration or not migration.undo:
            name = (row.file_name or "").replace("V", "U", 1)
            raise RefusedError(f"{name}: there is no such file, so nothing was undone")
        text = sqltext.read_sql(migration.undo)
        down = replace(migration, path=migration.undo, text=text)
        if not check(down).transactional:
            raise RefusedError(
                f"{shown(down.path)}: undo is one transaction, so nothing was undone",
                "Without `concurrently`, an index can be dropped there.",
            )
        pairs.append((check(migration), down))
    return pairs


def _rows(connection: Connection, source: Source) -> Rows:
    """Return for each table how many rows it has, and a digest of them."""
    queries = connection.execute(TABLES, {"schemas": list(source.schemas)}).fetchall()
    union = " union all ".join(query for _, query in queries)
    found = connection.execute(union.encode()).fetchall() if union else []
    return {table: (count, digest) for table, count, digest in found}


def _rows_again(connection: Connection, source: Source, pairs: list[Pair]) -> Rows:
    """Return what the tables hold when the files have run again, and take that back."""
    found: Rows = {}
    try:
        with connection.transaction() as savepoint:
            for up, _ in reversed(pairs):
                # What no transaction can hold, such as an index, brings no rows back.
                if up.transactional:
                    run_script(connection, up.migration.path, up.migration.text)
                    connection.execute(RESET + CHECK_NOW)
            found = _rows(connection, source)
            raise psycopg.Rollback(savepoint)
    except SqlError as error:
        message = f"what would come back cannot be told, so nothing was undone: {error}"
        raise SqlError(message, f"{error.hint} {DISCARD}".strip(), error.sqlstate) from error
    return found


def _refuse_loss(before: Rows, after: Rows) -> None:
    lost = []
    for table, (count, digest) in before.items():
        again, digest_again = after.get(table, (0, 0))
        if count > again:
            lost.append(f"{table}: {count - again} of {count} rows")
        elif count and (count, digest) != (again, digest_again):
            lost.append(f"{table}: what is in its {count} rows")
    if lost:
        raise RefusedError(
            f"undo would lose data, so nothing was undone: {'; '.join(lost)}", DISCARD
        )
