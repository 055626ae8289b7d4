"""Write to the ledger without running a migration: adopt a database, or accept an edited file."""

from __future__ import annotations

import difflib
from functools import partial

from dbtool import ledger
from dbtool.config import Settings, Source
from dbtool.database import Connection
from dbtool.errors import ConfigError, RefusedError
from dbtool.locks import Report, locked
from dbtool.migrations import Migration, discover
from dbtool.runner import Run, finish, prepare_ledger, retrying


def baseline(
    connection: Connection, settings: Settings, source: Source, version: int, report: Report
) -> None:
    """Take every migration up to `version` as applied, without running any."""
    migration = _numbered(source, str(version))
    with locked(connection, settings.lock_wait_s, report):
        state = ledger.read(connection)
        ledger.refuse_environment(state, settings.environment)
        if any(name == source.name for name, _ in state.entries):
            raise RefusedError(
                f"{source.name} has migrations in the ledger already",
                "A baseline is for a database that dbtool has not migrated; see dbtool status.",
            )
        run = Run(connection, settings, report)
        prepare_ledger(run, state)

        def work() -> None:
            ledger.record(connection, migration, kind="baseline", owner=run.owner)
            finish(run, complete=False)

        retrying(run, work)


def find(source: Source, file: str) -> Migration:
    """Return the migration of that name, path or number."""
    name = file.replace("\\", "/").rpartition("/")[2]
    for migration in discover(source):
        if migration.path.name == name:
            return migration
    return _numbered(source, name)


def _numbered(source: Source, number: str) -> Migration:
    for migration in discover(source):
        if number.isdecimal() and migration.version == int(number):
            return migration
    raise ConfigError(
        f"there is no migration {number} in {source.folder('migrations')}",
        "Give its number or the name of its file.",
    )


def difference(connection: Connection, migration: Migration) -> str:
    """Return the unified diff from the text that was applied to the file; "" when equal."""
    row = connection.execute(ledger.SCRIPT, (migration.source, migration.version)).fetchone()
    if not row or row[0] is None:
        raise RefusedError(
            f"{migration.path.name} was not applied here, so there is nothing to compare with",
            "A pending file may be edited freely; a baseline vouches for no text.",
        )
    lines = difflib.unified_diff(
        row[0].splitlines(keepends=True),
        migration.text.splitlines(keepends=True),
        f"{migration.path.name} (applied)",
        f"{migration.path.name} (file)",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def repair(
    connection: Connection,
    settings: Settings,
    migration: Migration,
    *,
    reason: str,
    mark_applied: bool,
    report: Report,
) -> bool:
    """Record the file's text as the one that was applied; return False when it is already."""
    with locked(connection, settings.lock_wait_s, report):
        state = ledger.read(connection)
        ledger.refuse_environment(state, settings.environment)
        entry = state.entries[migration.source, migration.version]
        if entry.state == "started" and not mark_applied:
            raise RefusedError(
                f"{migration.path.name} was started and has not ended",
                "The next migrate runs it again. If it had its effect: --mark-applied.",
            )
        if entry.state == "applied" and entry.checksum == migration.checksum:
            return False
        if not reason.strip():
            raise RefusedError(
                f"{migration.path.name}: a repair needs a reason",
                'Say why the new text may stand for the old: --reason "..."; it is kept.',
            )
        row = {**ledger.values(migration), "reason": reason}
        work = partial(ledger.execute_all, connection, "ledger_repair.sql", row)
        retrying(Run(connection, settings, report), work)
        return True
