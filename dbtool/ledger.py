"""What the database says was applied, compared with what the files say; and how to record it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dbtool.config import Source
from dbtool.errors import DriftError, RefusedError
from dbtool.migrations import Migration
from dbtool.sqltext import CHECKSUM_ALGORITHM

if TYPE_CHECKING:
    from dbtool.database import Connection

# Raised when a file of BOOTSTRAP changes: the next migrate then runs them all again.
LEDGER_VERSION = 1
BOOTSTRAP = ("ledger.sql", "fingerprint.sql")
SQL = Path(__file__).parent / "sql"
PRODUCTION = "production"

READ = (SQL / "ledger_read.sql").read_text()
SCRIPT = "select m.script from dbtool.migrations as m where m.source = %s and m.version = %s"
SET = """
insert into dbtool.settings as s (key, value) values (%s, %s)
on conflict (key) do update set value = excluded.value where s.value <> excluded.value
"""
FINISHED = "delete from dbtool.settings as s where s.key = 'unfinished'"
UNFINISHED = "update dbtool.settings as s set value = 'yes' where s.key = 'unfinished'"


@dataclass(frozen=True)
class Entry:
    """One row of `dbtool.migrations`, without the script."""

    source: str
    version: int
    description: str
    file_name: str | None
    checksum: str | None
    kind: str
    state: str
    applied_at: str
    applied_by: str
    execution_ms: int | None

    @property
    def interrupted(self) -> bool:
        """Tell whether it was started, and nobody knows how it ended."""
        return self.state == "started" and self.execution_ms is None


@dataclass(frozen=True)
class Ledger:
    """What one look at the database tells; all empty without a ledger."""

    entries: dict[tuple[str, int], Entry]
    settings: dict[str, str]
    digests: dict[str, str]
    server: str = ""
    database: str = ""
    writable: bool = True

    @property
    def version(self) -> int:
        """Return the version of the ledger's tables; 0 without any."""
        return int(self.settings.get("ledger_version", 0))

    @property
    def environment(self) -> str | None:
        return self.settings.get("environment")

    @property
    def unfinished(self) -> bool:
        """Tell whether migrations were applied and the functions after them were not."""
        return "unfinished" in self.settings


@dataclass(frozen=True)
class Comparison:
    """The files of one source beside its rows in the ledger."""

    source: Source
    migrations: tuple[Migration, ...]
    baseline: int
    highest: int
    pending: tuple[Migration, ...]
    edited: tuple[Migration, ...]
    missing: tuple[Entry, ...]

    @property
    def out_of_order(self) -> tuple[Migration, ...]:
        return tuple(file for file in self.pending if file.version < self.highest)


def parse(text: str) -> Ledger:
    """Return what the answer to READ says."""
    found = json.loads(text)
    entries = [Entry(*row) for row in found.pop("entries") or ()]
    return Ledger(
        entries={(entry.source, entry.version): entry for entry in entries},
        settings=found.pop("settings") or {},
        digests=found.pop("digests") or {},
        **found,
    )


def read(connection: Connection) -> Ledger:
    """Read the ledger; a database without one has applied nothing."""
    import psycopg

    try:
        row = connection.execute(READ).fetchone()
    except psycopg.errors.UndefinedTable:
        info = connection.info
        server = info.parameter_status("server_version") or ""
        return Ledger({}, {}, {}, server, info.dbname)
    return parse(row[0] if row else "")


def compare(source: Source, migrations: tuple[Migration, ...], ledger: Ledger) -> Comparison:
    """Sort the files of a source into pending, edited and the rest."""
    rows = {number: row for (name, number), row in ledger.entries.items() if name == source.name}
    baseline = max((n for n, row in rows.items() if row.kind == "baseline"), default=0)
    # A started file has no effect to protect: it may be corrected, and is run again.
    done = {n: row for n, row in rows.items() if row.state == "applied"}
    numbers = {file.version for file in migrations}
    return Comparison(
        source=source,
        migrations=migrations,
        baseline=baseline,
        highest=max(done, default=0),
        pending=tuple(f for f in migrations if f.version not in done and f.version > baseline),
        edited=tuple(
            file
            for file in migrations
            if file.version in done and done[file.version].checksum not in (file.checksum, None)
        ),
        missing=tuple(row for n, row in done.items() if n not in numbers and n > baseline),
    )


def refuse_edited(comparison: Comparison) -> None:
    """Refuse when the files are no longer those that the database has seen."""
    for file in comparison.edited:
        raise DriftError(
            f"{file.path}: was edited after it had been applied",
            f"Put the old text back and write a new migration. To see the difference: "
            f"dbtool repair {file.path.name} --show",
        )
    for row in comparison.missing:
        raise DriftError(
            f"{row.file_name or row.description}: was applied, but the file is not in"
            f" {comparison.source.folder('migrations')}",
            "Is this an older checkout than the one that migrated last?",
        )


def refuse_environment(ledger: Ledger, asked: str | None) -> None:
    """Refuse when the database is not what the user takes it for."""
    marked = ledger.environment
    if marked and asked and asked != marked:
        raise RefusedError(
            f"this database is marked {marked!r}, not {asked!r}",
            "If it is a copy that became something else: update dbtool.settings set value ="
            f" '{asked}' where key = 'environment';",
        )
    if marked == PRODUCTION and not asked:
        raise RefusedError("this database is marked production", "Say --env production.")


def guard_not_production(connection: Connection, action: str) -> None:
    """Refuse what may lose data, or make it up, on a database marked production."""
    if read(connection).environment == PRODUCTION:
        raise RefusedError(
            f"{action} is refused: this database is marked production",
            "Use another database; there is no option to force it.",
        )


def values(migration: Migration) -> dict[str, Any]:
    """Return what the ledger keeps of a file."""
    return {
        "source": migration.source,
        "version": migration.version,
        "description": migration.description,
        "file_name": migration.path.name,
        "script": migration.text,
        "checksum": migration.checksum,
        "algorithm": CHECKSUM_ALGORITHM,
    }


def record(
    connection: Connection,
    migration: Migration,
    *,
    state: str = "applied",
    kind: str = "migration",
    execution_ms: int | None = None,
    owner: str | None = None,
) -> None:
    """Write the row of a migration inside the caller's transaction.

    With `owner`, the ledger is handed to that role as soon as it exists.
    """
    row = {**values(migration), "kind": kind, "state": state, "execution_ms": execution_ms}
    if kind == "baseline":
        row |= dict.fromkeys(("file_name", "script", "checksum", "algorithm"))
    execute_all(connection, "ledger_record.sql", row)
    hand_over(connection, owner)


def execute_all(connection: Connection, file: str, row: dict[str, Any]) -> None:
    """Run several statements in one round trip, which takes binding their values here."""
    import psycopg

    psycopg.ClientCursor(connection).execute((SQL / file).read_bytes(), row)


def hand_over(connection: Connection, owner: str | None) -> None:
    """Make the owner of the SQL own the ledger, if that role exists and we may."""
    if owner:
        connection.execute("select set_config('dbtool.owner', %s, true)", (owner,))
        connection.execute((SQL / "ledger_owner.sql").read_bytes())


def bootstrap(connection: Connection, owner: str | None) -> None:
    """Create or upgrade the ledger inside the caller's transaction."""
    import psycopg

    files = [(SQL / name).read_text() for name in BOOTSTRAP]
    text = ";\n".join(["set local check_function_bodies = off", *files])
    try:
        connection.execute(text.encode())
    except psycopg.errors.InsufficientPrivilege as error:
        info = connection.info
        raise RefusedError(
            f"the ledger cannot be created: {error.diag.message_primary}",
            f'An owner of the database can allow it: grant create on database "{info.dbname}"'
            f' to "{info.user}";',
        ) from error
    connection.execute(SET, ("ledger_version", str(LEDGER_VERSION)))
    hand_over(connection, owner)
