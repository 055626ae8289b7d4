"""Show the main job: a database from nothing, a catalogue, an order that is paid and sent."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

import psycopg

from dbtool import database, ledger, runner, server, sqltext
from dbtool.config import Settings
from dbtool.demo_provider import Provider

DATABASE = "shop_demo"
# What an earlier row has said, as psql's \gset keeps it.
REMEMBERED = re.compile(r":'([a-z_]+)'")
STEP = re.compile(r"payment[.]begin_(\w+)")


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
        provider = Provider(["decline:insufficient_funds"])
        known: dict[str, object] = {}
        for statement in sqltext.split_statements(text):
            comment = text[end : statement.offset].strip(";\n")
            show("\n".join(["", *filter(None, [comment]), f"{statement.text};"]))
            end = statement.offset + len(statement.text)
            show("\n".join(f"    {line}" for line in answer(connection, statement.text, known)))
            if step := STEP.search(statement.text):
                said = provider.ask(
                    step[1], str(known["transaction"]), known["amount"], str(known["currency"])
                )
                known |= asdict(said)
                show(f"    The provider says: {said.outcome} {said.error_code or ''}".rstrip())


def answer(connection: database.Connection, query: str, known: dict[str, object]) -> list[str]:
    """Return the result as a table, or the refusal; remember a single row."""
    try:
        cursor = connection.execute(
            REMEMBERED.sub(r"%(\1)s", query.replace("%", "%%")).encode(), known
        )
    except psycopg.Error as error:
        if not (error.sqlstate or "").startswith("SH"):
            raise
        name = json.loads(error.diag.message_detail or "")["error"]
        return [
            f"{error.sqlstate} {name}: {error.diag.message_primary}",
            f"DETAIL: {error.diag.message_detail}",
            f"HINT: {error.diag.message_hint}",
        ]
    names, rows = [column.name for column in cursor.description or ()], cursor.fetchall()
    if len(rows) == 1:
        known |= dict(zip(names, rows[0], strict=True))
    return table([names, *rows])


def table(rows: Sequence[Sequence[object]]) -> list[str]:
    """Return the lines of a table."""
    cells = [
        [json.dumps(cell) if cell is None or isinstance(cell, bool) else str(cell) for cell in row]
        for row in rows
    ]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in cells]
