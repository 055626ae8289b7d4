"""Databases for the tests, on a server of their own; and the SQL test files as pytest tests.

It is at the top of the checkout because pytest asks it about `tests/` and `sql/tests/` alike.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from dbtool import server, sqltests
from dbtool.database import shown
from dbtool.errors import FileError

PROJECT = Path(__file__).parent
SQL_TESTS = PROJECT / "sql/tests"
NAME = "test-pg"
OPTIONS = {
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_preload_libraries": "pg_stat_statements",
}


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The maintenance database of the test server, as its superuser."""
    with open(server.home(PROJECT) / f"{NAME}.sessions", "a") as sessions:
        # Several pytest sessions may share the server; the last one out stops it.
        fcntl.flock(sessions, fcntl.LOCK_SH)
        yield server.start(PROJECT, NAME, OPTIONS).dsn
        try:
            fcntl.flock(sessions, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        for stopped in server.stop(PROJECT, NAME):
            # Out of the way first: half of a data folder would stop every later session.
            gone = stopped.with_name(f"{stopped.name}.gone")
            shutil.rmtree(gone, ignore_errors=True)
            stopped.rename(gone)
            shutil.rmtree(gone)


def create_database(server_url: str, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:16]}"
    create = sql.SQL("create database {} template {}")
    drop = sql.SQL("drop database if exists {} with (force)")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        yield server_url.replace("dbname=postgres", f"dbname={name}")
        connection.execute(drop.format(sql.Identifier(name)))


@pytest.fixture
def empty_database(server_url: str) -> Iterator[str]:
    """A new, empty database."""
    yield from create_database(server_url, "template0")


@pytest.fixture(scope="session")
def shop_template(server_url: str) -> Iterator[str]:
    """The name of a database with every migration and function; nobody may stay connected to it."""
    for url in create_database(server_url, "template0"):
        migrate = [sys.executable, "-m", "dbtool", "migrate", "--database-url", url]
        done = subprocess.run(migrate, capture_output=True, text=True, cwd=PROJECT)
        assert done.returncode == 0, done.stdout + done.stderr
        yield url.rpartition("=")[2]


@pytest.fixture
def shop(server_url: str, shop_template: str) -> Iterator[str]:
    """A new database with every migration and function applied."""
    yield from create_database(server_url, shop_template)


@pytest.fixture
def connect() -> Iterator[Callable[..., psycopg.Connection[Any]]]:
    """Connect; the connections are closed when the test ends."""
    connections: list[psycopg.Connection[Any]] = []

    def connect(url: str, **options: Any) -> psycopg.Connection[Any]:
        connections.append(psycopg.connect(url, **options))
        return connections[-1]

    yield connect
    for connection in connections:
        connection.close()


@pytest.fixture(scope="session")
def sql_database(server_url: str, shop_template: str) -> Iterator[str]:
    """The database of the SQL tests, which undo what they do, with their assertions."""
    for url in create_database(server_url, shop_template):
        with psycopg.connect(url) as connection:
            connection.execute((SQL_TESTS / "_assert.sql").read_text())
        yield url


class SqlFile(pytest.File):
    """A file of SQL tests."""

    def collect(self) -> Iterator[pytest.Item]:
        try:
            file = sqltests.parse(self.path)
        except FileError as error:
            raise self.CollectError(str(error)) from error
        for case in file.cases:
            test = sql_test(replace(file, cases=(case,)))
            yield SqlCase.from_parent(self, name=case.title, callobj=test)


def sql_test(file: sqltests.TestFile) -> Callable[[str], None]:
    def run(sql_database: str) -> None:
        with psycopg.connect(sql_database, autocommit=True) as connection:
            for result in sqltests.run_file(connection, file):
                if not result.is_ok:
                    raise SqlCaseError(result)

    return run


class SqlCaseError(Exception):
    """A case failed."""

    def __init__(self, result: sqltests.CaseResult) -> None:
        lines = [
            f"{shown(result.path)}:{failed.line}: {failed.title}\n{failed.diagnostics}"
            for failed in result.assertions
            if not failed.is_ok
        ]
        super().__init__("\n".join([*lines, result.failure]).strip())


class SqlCase(pytest.Function):
    """A case of a file of SQL tests."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override]
        """Show what the case says; where in Python it was raised helps nobody."""
        failure = isinstance(excinfo.value, SqlCaseError)
        return str(excinfo.value) if failure else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.path.stem}: {self.name}"


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take the files of SQL tests for what they are."""
    is_test = file_path.is_relative_to(SQL_TESTS) and file_path.name not in sqltests.NO_TESTS
    if not is_test or file_path.suffix != ".sql":
        return None
    return SqlFile.from_parent(parent, path=file_path)
