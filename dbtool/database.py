"""Connect as libpq would, refuse what cannot work, and put PostgreSQL's errors into words."""

from __future__ import annotations

import contextlib
import re
import select
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from dbtool import libpq, sqltext
from dbtool.config import Settings
from dbtool.errors import ConnectError, SqlError
from dbtool.migrations import shown

Connection = psycopg.Connection[Any]

OLDEST_SERVER = 150000
EXCERPT_LINES, EXCERPT_COLUMNS = 4, 200
POOLER_PROBES = 3
POOLER_PROBE_WAIT_S = 3.0
BACKEND_PID = "select pg_backend_pid()"
SQL_HINTS = {
    "08006": "The connection was lost. `dbtool status` tells how far it came.",
    "22P05": "The encoding of the database lacks this character: make it with encoding 'UTF8'.",
    "25001": "Put it alone into a file whose header says `-- dbtool: no-transaction`.",
    "25006": "Connect to the primary: this server or session only reads.",
    "42501": "Connect as a member of the role that owns the object, or have it granted.",
    "53100": "The server's disk is full. Free space there, then run this again.",
    "53200": "The server ran out of memory. Lower its load or work_mem, then run this again.",
    "55P04": "Use the new value in a later file: it becomes usable when this one has committed.",
    "57014": "A statement took too long. `-- dbtool: statement_timeout=2h` at its top allows more.",
    "57P01": "An administrator ended the connection. Run this again.",
}
POOLER_HINT = (
    "A transaction pooler (PgBouncer, ...) hands each transaction to another session, so the lock"
    " that keeps two runners apart would guard nothing. Connect to the server itself, or to a pool"
    " in session mode."
)


def connect(
    settings: Settings, *, purpose: str = "migrate", autocommit: bool = True, writable: bool = True
) -> Connection:
    """Connect, or say why that cannot be; starts the embedded server when nothing else is named."""
    url = settings.dsn()
    connection = _open(url, f"dbtool {purpose}")
    try:
        _refuse_unusable(connection, url, writable=writable)
    except BaseException:
        connection.close()
        raise
    connection.autocommit = autocommit
    return connection


def _open(url: str, application: str) -> Connection:
    options: dict[str, Any] = libpq.parameters(url, application)
    try:
        # In this order: what the connection string says overrides what stands before it.
        timeout = {"connect_timeout": options.get("connect_timeout")}
        given = {**timeout, **conninfo.conninfo_to_dict(options["dbname"])}
        given |= {key: options[key] for key in ("application_name", "client_encoding")}
        # Prepared statements gain nothing here, and a pooler could not keep them.
        return psycopg.connect(
            conninfo.make_conninfo("", **given), autocommit=True, prepare_threshold=None
        )
    except (psycopg.ProgrammingError, psycopg.OperationalError) as error:
        raise libpq.refused(str(error)) from error


def _refuse_unusable(connection: Connection, url: str, *, writable: bool) -> None:
    info = connection.info
    if info.server_version < OLDEST_SERVER:
        raise ConnectError(
            f"the server is PostgreSQL {info.server_version // 10000}", "15 or later."
        )
    if writable and info.parameter_status("in_hot_standby") == "on":
        raise ConnectError(
            "the server is a read-only replica",
            "Connect to the primary; with several hosts add target_session_attrs=read-write.",
        )
    if writable and info.parameter_status("default_transaction_read_only") == "on":
        raise ConnectError(
            "transactions are read-only here (default_transaction_read_only = on)",
            "Set for this user, database or server; some services set it when the disk fills up.",
        )
    # A pooler answers the handshake itself, so the process it names is not the one that works.
    row = connection.execute(BACKEND_PID).fetchone()
    if row and row[0] != info.backend_pid and _shares_sessions(connection, url):
        raise ConnectError("connected through a pooler that shares sessions", POOLER_HINT)


def _shares_sessions(connection: Connection, url: str) -> bool:
    """Tell whether a second connection, held in a transaction, takes our session away."""
    with contextlib.closing(_open(url, "dbtool pooler probe")) as other:
        for _ in range(POOLER_PROBES):
            mine = connection.execute(BACKEND_PID).fetchone()
            other.pgconn.send_query(f"begin; {BACKEND_PID}".encode())
            try:
                answers = _answers(other.pgconn)
            except psycopg.OperationalError:
                # Statement pooling does not even let a transaction begin.
                return True
            # In session mode with a pool of one the answer never comes, and that is an answer.
            if answers is None:
                return False
            if any(answer.status == ExecStatus.FATAL_ERROR for answer in answers):
                return True
            if mine and answers[-1].get_value(0, 0) == str(mine[0]).encode():
                return True
            if connection.execute(BACKEND_PID).fetchone() != mine:
                return True
            other.execute("rollback")
    return False


def _answers(pgconn: PGconn) -> list[PGresult] | None:
    """Return the results of what was sent, or None when they do not come in time."""
    answers: list[PGresult] = []
    while True:
        while pgconn.is_busy():
            if not select.select([pgconn.socket], [], [], POOLER_PROBE_WAIT_S)[0]:
                return None
            pgconn.consume_input()
        answer = pgconn.get_result()
        if answer is None:
            return answers
        answers.append(answer)


def describe(error: psycopg.Error, path: Path, text: str, statement_offset: int) -> SqlError:
    """Say where in the file, which statement, and all that PostgreSQL said.

    `statement_offset` is where in `text` the SQL starts that was sent; for an error that carries no
    position it should be where the failing statement starts.
    """
    diagnosis = error.diag
    offset = statement_offset
    if diagnosis.statement_position:
        offset += int(diagnosis.statement_position) - 1
    elif line := re.search(r"inline_code_block line (\d+)", diagnosis.context or ""):
        offset = _line_of_block(text, offset, int(line[1]))
    row, column = sqltext.line_column(text, offset)
    message = f"{shown(path)}:{row}:{column}: {explain(error)}"
    return SqlError(
        message + _excerpt(text, offset, row, column), hint(error), error.sqlstate or ""
    )


def explain(error: psycopg.Error) -> str:
    """Return PostgreSQL's message with its SQLSTATE, DETAIL and CONTEXT."""
    diagnosis = error.diag
    text = diagnosis.message_primary or str(error).strip() or "the connection was lost"
    text += f" [SQLSTATE {error.sqlstate}]" if error.sqlstate else ""
    inside = diagnosis.internal_query
    for label, value in (("DETAIL", diagnosis.message_detail), ("QUERY", inside)):
        text += f"\n{label}: {value.strip()}" if value else ""
    return text + (f"\nCONTEXT: {diagnosis.context}" if diagnosis.context else "")


def hint(error: psycopg.Error) -> str:
    """Return what to do next: PostgreSQL's own hint, and ours where the SQLSTATE tells enough."""
    ours = SQL_HINTS.get(error.sqlstate or "08006", "")
    if error.sqlstate == "57014" and "statement timeout" not in str(error):
        ours = "Somebody cancelled the statement. Run this again."
    return " ".join(filter(None, (error.diag.message_hint, ours)))


def _excerpt(text: str, offset: int, row: int, column: int) -> str:
    """Return the lines of the statement around the offset, with a mark under the column."""
    statement = sqltext.Statement("", offset, row)
    for statement in sqltext.split_statements(text):
        if statement.offset + len(statement.text) >= offset:
            break
    first = max(statement.line, row - EXCERPT_LINES)
    last = min(statement.line + statement.text.count("\n"), row + EXCERPT_LINES)
    left = max(0, column - EXCERPT_COLUMNS // 2) if column > EXCERPT_COLUMNS else 0
    lines = []
    for number, line in enumerate(text.split("\n")[first - 1 : max(last, row)], start=first):
        lines.append(f"\n{number:>6} | {line[left : left + EXCERPT_COLUMNS]}".rstrip())
        if number == row:
            lines.append("\n       | " + " " * (column - 1 - left) + "^")
    return "".join(lines)


def _line_of_block(text: str, offset: int, line: int) -> int:
    """Return where the given line of a DO block starts; PL/pgSQL counts from the opening quote."""
    for kind, _, start, _ in sqltext.tokens(text[offset:]):
        if kind == "dollar":
            position = offset + start
            for _ in range(line - 1):
                position = text.find("\n", position) + 1
            return position
    return offset
