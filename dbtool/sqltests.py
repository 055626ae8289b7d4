"""Run SQL tests: a setup, then cases, each in a savepoint that is undone.

What the setups of a folder share is in its `_setup.sql`, which runs before each of them.

A test must not pass because it is broken. So the runner counts: an assertion that ran without its
result being selected, a selected one that returned no row, a case that asserts nothing and a file
without cases are all failures.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import psycopg
from psycopg import conninfo, sql

from dbtool import ledger, migrations, runner, sqltext
from dbtool.config import Settings, Source, packaged_sql
from dbtool.database import Connection, connect, describe, explain
from dbtool.errors import ConnectError, FileError
from dbtool.migrations import shown

MARKER = re.compile(r"^-- case: *(.*?) *$", re.MULTILINE)
# Read as a comment, a misspelt marker would hand its case to the one before it.
NEAR_MISS = re.compile(r"^[ \t]*(?:--|/\*)[ \t]*cases?\b.*", re.MULTILINE | re.IGNORECASE)
RESULT = re.compile(r"^(not )?ok \d+(?: - (.*)| #.*)?$((?:\n#.*)*)", re.MULTILINE)
ASSERTION = re.compile(r"create function tap\.(\w+)\([^)]*p_title\b")
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
ASSERTIONS = "_assert.sql"
SHARED = "_setup.sql"
NO_TESTS = {ASSERTIONS, SHARED}
TEXT_OID = 25

SESSION = """
    set local search_path = tap, pg_catalog;
    set local timezone = 'UTC';
    set local lock_timeout = '10s';
    set local statement_timeout = '60s';
    create temporary sequence tap_assertions;
    grant all on sequence pg_temp.tap_assertions to public;
"""
HAS_ASSERTIONS = "select pg_catalog.to_regnamespace('tap') is not null"
RESTART_COUNT = "select pg_catalog.setval('pg_temp.tap_assertions', 1, false)"
READ_COUNT = "select last_value - 1 + is_called::integer from pg_temp.tap_assertions"
CHECK_CONSTRAINTS = "set constraints all immediate"
CREATE_DATABASE = "create database {} template template0"
DROP_DATABASE = "drop database if exists {} with (force)"


@dataclass(frozen=True)
class Case:
    title: str
    line: int
    statements: tuple[sqltext.Statement, ...]


@dataclass(frozen=True)
class TestFile:
    path: Path
    text: str
    setup: tuple[sqltext.Statement, ...]
    cases: tuple[Case, ...]
    shared: TestFile | None = None


@dataclass(frozen=True)
class Assertion:
    is_ok: bool
    title: str
    line: int
    diagnostics: str


@dataclass(frozen=True)
class CaseResult:
    """What a case asserted, and in `failure` why it failed apart from that."""

    path: Path
    title: str
    line: int
    assertions: tuple[Assertion, ...] = ()
    failure: str = ""
    seconds: float = 0.0

    @property
    def is_ok(self) -> bool:
        return not self.failure and all(assertion.is_ok for assertion in self.assertions)


@cache
def library() -> tuple[str, re.Pattern[str]]:
    """Return the packaged assertions, and what a statement that calls one looks like."""
    text = sqltext.read_sql(packaged_sql() / "tests" / ASSERTIONS)
    names = "|".join(sorted(set(ASSERTION.findall(text))))
    call = rf"(?:select|with\b.*\)\s*select)\s+(?:tap\.)?(?:{names})\s*\("
    return text, re.compile(call, re.DOTALL | re.IGNORECASE)


def discover(sources: Sequence[Source], only: Sequence[Path] = ()) -> list[Path]:
    """Return the test files of the sources, or those given and in the folders given."""
    roots = only or [source.folder("tests") for source in sources]
    files = {path for root in roots for path in ([root] if root.is_file() else root.rglob("*.sql"))}
    return sorted(path for path in files if path.name not in NO_TESTS)


def parse(path: Path) -> TestFile:
    """Read a test file; whatever would make a case vanish or never end is an error."""
    text = sqltext.read_sql(path)
    marks = list(MARKER.finditer(text))
    starts = {mark.start() for mark in marks}
    for miss in NEAR_MISS.finditer(text):
        if miss.start() not in starts:
            raise _malformed(path, text, miss.start(), "not quite a marker: `-- case: title`")
    if not marks:
        raise _malformed(path, text, 0, "no case; mark one with `-- case: what holds`")
    cases: dict[str, Case] = {}
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        statements = _statements(path, text, mark.end(), following.start() if following else None)
        if not mark[1] or not statements or mark[1] in cases:
            problem = f"a second case {mark[1]!r}" if mark[1] in cases else "an empty case"
            raise _malformed(path, text, mark.start(), problem)
        line = sqltext.line_column(text, mark.start())[0]
        cases[mark[1]] = Case(mark[1], line, statements)
    setup = _statements(path, text, 0, marks[0].start())
    return TestFile(path, text, setup, tuple(cases.values()), _shared(path.with_name(SHARED)))


@cache
def _shared(path: Path) -> TestFile | None:
    """Read what is shared by the setups of a folder, if it shares anything."""
    if not path.is_file():
        return None
    text = sqltext.read_sql(path)
    if case := NEAR_MISS.search(text):
        raise _malformed(path, text, case.start(), "a case in what every setup shares")
    return TestFile(path, text, _statements(path, text, 0, None), ())


def _statements(
    path: Path, text: str, start: int, end: int | None
) -> tuple[sqltext.Statement, ...]:
    part, line = text[start:end], text.count("\n", 0, start)
    found, after = [], 0
    for statement in sqltext.split_statements(part):
        after = statement.offset + len(statement.text)
        here = replace(statement, offset=start + statement.offset, line=line + statement.line)
        words, problem = statement.words, ""
        if any(words[: len(control)] == control for control in migrations.CONTROL):
            problem = f"{words[0]} would end the savepoint of the case"
        elif words[:1] == ("copy",) and {"stdin", "stdout"} & set(words):
            problem = "COPY cannot talk to the client here"
        if problem:
            raise _malformed(path, text, here.offset, problem)
        found.append(here)
    rest = COMMENT.sub("", part[after:]).lstrip()
    if "/*" in rest or (found and not rest.startswith(";")):
        problem = "a comment is not closed" if "/*" in rest else "a statement has no semicolon"
        raise _malformed(path, text, found[-1].offset if found else start, problem)
    return tuple(found)


def _malformed(path: Path, text: str, offset: int, problem: str) -> FileError:
    return FileError(f"{shown(path)}:{sqltext.line_column(text, offset)[0]}: {problem}")


def run_paths(
    connection: Connection, paths: Sequence[Path], pattern: str = ""
) -> Iterator[CaseResult]:
    """Run the cases whose file or title holds the pattern; a malformed file is one failed case."""
    for path in paths:
        try:
            file = parse(path)
        except FileError as error:
            yield CaseResult(path, "can be read as a test", 1, failure=str(error))
            continue
        wanted = [case for case in file.cases if pattern.lower() in f"{path}: {case.title}".lower()]
        if wanted:
            yield from run_file(connection, replace(file, cases=tuple(wanted)))


def run_file(connection: Connection, file: TestFile) -> Iterator[CaseResult]:
    """Run a file in one transaction that is rolled back."""
    with connection.transaction(force_rollback=True):
        if connection.execute(HAS_ASSERTIONS).fetchone() == (False,):
            connection.execute(library()[0].encode())
        connection.execute(SESSION)
        failure = _run_setup(connection, file.shared) if file.shared else ""
        failure = failure or _run_setup(connection, file)
        for case in file.cases:
            if failure:
                yield CaseResult(file.path, case.title, case.line, failure=f"the setup: {failure}")
            else:
                yield run_case(connection, file, case)


def _run_setup(connection: Connection, file: TestFile) -> str:
    _, failure = _run_statements(connection, file, file.setup)
    if not failure and connection.execute(READ_COUNT).fetchone() != (0,):
        failure = f"{shown(file.path)}:1: it asserts something; only a case may"
    return failure


def run_case(connection: Connection, file: TestFile, case: Case) -> CaseResult:
    """Run one case in a savepoint, with the deferred constraints checked at its end."""
    started = time.perf_counter()
    connection.execute(RESTART_COUNT)
    with connection.transaction(force_rollback=True):
        asserted, failure = _run_statements(connection, file, case.statements)
        if not failure:
            # Pointed at the last statement: the server does not say which one left it so.
            last = replace(case.statements[-1], text=CHECK_CONSTRAINTS)
            _, failure = _run_statements(connection, file, (last,))
            failure = failure and f"at the end of the case: {failure}"
    # The sequence is not rolled back, and by now the role of the case is.
    (count,) = connection.execute(READ_COUNT).fetchone() or (0,)
    where = f"{shown(file.path)}:{case.line}"
    if not failure and count != len(asserted):
        failure = (
            f"{where}: {count} assertions ran, but {len(asserted)} results were selected;"
            " assert with `select`, not `perform`"
        )
    elif not failure and not asserted:
        failure = f"{where}: the case asserts nothing"
    seconds = time.perf_counter() - started
    return CaseResult(file.path, case.title, case.line, tuple(asserted), failure, seconds)


def _run_statements(
    connection: Connection, file: TestFile, statements: Sequence[sqltext.Statement]
) -> tuple[list[Assertion], str]:
    """Run statements up to the first that fails; return what was asserted, and that failure."""
    asserted: list[Assertion] = []
    for statement in statements:
        try:
            found = list(_results(connection, statement))
        except psycopg.Error as error:
            described = describe(error, file.path, file.text, statement.offset)
            if connection.closed:
                raise described from error
            # What is said about a cancelled statement is meant for migrations.
            hint = "" if described.sqlstate == "57014" else described.hint
            return asserted, f"{described}\nHINT: {hint}".removesuffix("\nHINT: ")
        if not found and library()[1].match(statement.text):
            where = f"{shown(file.path)}:{statement.line}"
            return asserted, f"{where}: the assertion returned no row, so it asserted nothing"
        asserted += found
    return asserted, ""


def _results(connection: Connection, statement: sqltext.Statement) -> Iterator[Assertion]:
    """Execute a statement and read the TAP lines among what it returns."""
    result = connection.execute(statement.text).pgresult
    if not result or not result.ntuples:
        return
    columns = [column for column in range(result.nfields) if result.ftype(column) == TEXT_OID]
    for row in range(result.ntuples):
        for column in columns:
            text = (result.get_value(row, column) or b"").decode()
            for match in RESULT.finditer(text):
                is_ok, title, diagnostics = not match[1], match[2] or "", match[3].strip("\n")
                yield Assertion(is_ok, title, statement.line, diagnostics)


@contextlib.contextmanager
def throwaway_database(settings: Settings) -> Iterator[Connection]:
    """Make a database on the target server and migrate it; drop it whatever happens."""
    name = f"dbtool_test_{os.getpid()}_{secrets.token_hex(4)}"
    # What ends a job in CI is SIGTERM, which would leave the database behind.
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with connect(settings, purpose="test") as target:
            ledger.guard_not_production(target, "making a test database beside it")
            try:
                target.execute(sql.SQL(CREATE_DATABASE).format(sql.Identifier(name)))
            except psycopg.errors.InsufficientPrivilege as error:
                hint = f"alter role {target.info.user} createdb; or test --in-place."
                raise ConnectError(
                    f"cannot make a test database: {explain(error)}", hint
                ) from error
            try:
                info = target.info
                given = info.get_parameters() | {"password": info.password, "dbname": name}
                url = conninfo.make_conninfo(**given)
                own = replace(settings, database_url=url, environment=None)
                with connect(own, purpose="test") as connection:
                    runner.migrate(connection, own, report=lambda line: None)
                    yield connection
            finally:
                target.execute(sql.SQL(DROP_DATABASE).format(sql.Identifier(name)))
    finally:
        signal.signal(signal.SIGTERM, previous)
