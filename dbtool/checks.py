"""Run the health checks, each in a read-only transaction of its own and within a time limit.

What is installed runs through `ops.check_database_health()`, with the rights of its owner; any
other file runs directly, so that every PostgreSQL can be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.types.numeric import FloatLoader

from dbtool import sqltext
from dbtool.config import Source, packaged_sql
from dbtool.database import Connection
from dbtool.errors import ConfigError, ConnectError
from dbtool.ledger import SQL

# Worst first. A check that could not tell stands before those that found nothing.
LEVELS = ("critical", "warning", "skipped", "ok")
COLUMNS = ["level", "object", "figure", "threshold", "meaning", "remedy"]
INSTALLED, PREPARE, CALL = (
    (SQL / f"health_{name}.sql").read_bytes() for name in ("installed", "prepare", "call")
)
MIGRATE = "-- dbtool migrate installs what it looks at"
REMEDIES = {
    **dict.fromkeys(("42P01", "42883", "3F000"), MIGRATE),
    "42501": 'grant ops_service to "{user}"; -- or pg_read_all_data, for tables of your own',
    "57014": "dbtool health --only {check} --timeout 600",
}


@dataclass(frozen=True)
class Finding:
    """One row of a check, in the unit that its threshold names."""

    check: str
    level: str
    object: str
    figure: float | None
    threshold: str | None
    meaning: str
    remedy: str | None


def files(sources: Iterable[Source]) -> dict[str, Path]:
    """Return the files of all sources by the name of the check: a team's own is `source.check`."""
    return {
        ("" if source.root == packaged_sql() else f"{source.name}.") + path.stem: path
        for source in sources
        for path in source.folder("checks/health").glob("*.sql")
    }


def run(
    connection: Connection, sources: Iterable[Source], only: tuple[str, ...], timeout_ms: int
) -> list[Finding]:
    """Run all checks, or those named, and return what they found, worst first."""
    checks: dict[str, Path | None] = {**files(sources)}
    checks |= {name: None for (name,) in connection.execute(INSTALLED)}
    if unknown := sorted(set(only).difference(checks)):
        known = ", ".join(sorted(checks))
        raise ConfigError(f"no health check {unknown[0]!r}", f"There are: {known}.")
    findings: list[Finding] = []
    for name in sorted(only or checks):
        findings += _run_one(connection, name, checks[name], timeout_ms)
    return sorted(findings, key=lambda finding: LEVELS.index(finding.level))


def _run_one(
    connection: Connection, name: str, file: Path | None, timeout_ms: int
) -> list[Finding]:
    query, arguments = (sqltext.read_sql(file).encode(), None) if file else (CALL, [name])
    remedy = None
    try:
        with connection.transaction():
            connection.execute(PREPARE, [str(timeout_ms)])
            cursor = connection.cursor()
            cursor.adapters.register_loader("numeric", FloatLoader)
            cursor.execute(query, arguments)
            columns = [column.name for column in cursor.description or ()]
            rows = cursor.fetchall()
    except psycopg.Error as error:
        if connection.closed:
            raise ConnectError(f"the connection was lost in {name}: {error}") from error
        wrong = f"it could not run: {error.diag.message_primary} (SQLSTATE {error.sqlstate})"
        remedy = REMEDIES.get(error.sqlstate or "", error.diag.message_hint or "")
        remedy = remedy.format(user=connection.info.user, check=name)
    else:
        if columns == COLUMNS and rows and {row[0] for row in rows}.issubset(LEVELS):
            return [Finding(name, *row) for row in rows]
        wrong = f"it must return {', '.join(COLUMNS)}: at least one row, each {' or '.join(LEVELS)}"
    return [Finding(name, "skipped", "", None, None, wrong, remedy)]


def status(findings: list[Finding]) -> str:
    """Return the worst level; `unknown` where no check could tell."""
    levels = {finding.level for finding in findings} - {"skipped"}
    return min(levels, key=LEVELS.index, default="unknown")
