"""Show the main job: a database from nothing, a catalogue, stock that is reserved and refused."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import psycopg

from dbtool import database, ledger, runner, server, sqltext
from dbtool.config import Settings

DATABASE = "shop_demo"


def prepare(settings: Settings) -> Settings:
    """Return the settings of the demo's own database, made anew on the embedded server."""
    running = server.start(settings.project)
    maintenance = replace(settings, database_url=running.dsn)
    with database.connect(maintenance, purpose="demo") as connection:
        connection.execute(f"drop database if exists {DATABASE} with (force)")
        connection.execute(f"create database {DATABASE}")
    return replace(settings, database_url=running.url(DATABASE))


def play(settings: Settings, show: Callable[[str], None]) -> None:
    """Migrate, then run the script, statement by statement, each with its result."""
    started = time.monotonic()
    with database.connect(settings, purpose="demo") as connection:
        ledger.guard_not_production(connection, "the demo")
        applied = runner.migrate(connection, settings, report=lambda line: None)
        made = f"{len(applied)} migrations and all functions in {time.monotonic() - started:.1f} s"
        version = connection.info.parameter_status("server_version")
        place = f"database {connection.info.dbname} on {connection.info.host}"
        show(f"{made}: PostgreSQL {version}, {place}")
        text = sqltext.read_sql(ledger.SQL / "demo.sql")
        end = 0
        for statement in sqltext.split_statements(text):
            comment = text[end : statement.offset].strip(";\n")
            show(f"\n{comment}\n{statement.text};")
            end = statement.offset + len(statement.text)
            show("\n".join(f"    {line}" for line in answer(connection, statement.text)))


def answer(connection: database.Connection, query: str) -> list[str]:
    """Return the result as a table, or the refusal."""
    try:
        cursor = connection.execute(query.encode())
    except psycopg.Error as error:
        if not (error.sqlstate or "").startswith("SH"):
            raise
        name = json.loads(error.diag.message_detail or "")["error"]
        return [
            f"{error.sqlstate} {name}: {error.diag.message_primary}",
            f"DETAIL: {error.diag.message_detail}",
            f"HINT: {error.diag.message_hint}",
        ]
    return table([[column.name for column in cursor.description or ()], *cursor])


def table(rows: Sequence[Sequence[object]]) -> list[str]:
    """Return the lines of a table."""
    cells = [
        [json.dumps(cell) if cell is None or isinstance(cell, bool) else str(cell) for cell in row]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]
