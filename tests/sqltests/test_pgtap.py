"""Our assertions answer as pgTAP does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from dbtool import sqltext
from dbtool.config import packaged_sql

HERE = Path(__file__).parent
EXPECTED = HERE / "pgtap_expected.txt"
Connect = Callable[..., psycopg.Connection[Any]]


def answers(connection: psycopg.Connection[Any]) -> str:
    """Run the statements, and return their text without numbers, and without our function names."""
    found: list[str] = []
    for statement in sqltext.split_statements(sqltext.read_sql(HERE / "pgtap_assertions.sql")):
        cursor = connection.execute(statement.text.encode())
        if cursor.description:
            found += (str(row[0]) for row in cursor)
    text = re.sub(r"ok \d+", "ok N", "\n".join(found))
    text = re.sub(r"Failed test \d+", "Failed test N", text)
    # The call stack of lives_ok ends in the assertion itself.
    return re.sub(r"PL/pgSQL function [\w.]*lives_ok.*", "PL/pgSQL function lives_ok", text) + "\n"


def test_lines_are_those_of_pgtap(connect: Connect, empty_database: str) -> None:
    with connect(empty_database) as ours:
        ours.execute((packaged_sql() / "tests/_assert.sql").read_bytes())
        ours.execute("set local search_path = tap, pg_catalog")
        ours.execute("create temporary sequence tap_assertions")
        assert answers(ours) == EXPECTED.read_text()


def test_expected_lines_are_those_of_the_pgtap_installed(
    connect: Connect, empty_database: str
) -> None:
    available = "select version from pg_available_extension_versions where name = 'pgtap'"
    with connect(empty_database) as real:
        # PostgreSQL 15 has it in CI; the wheel of PostgreSQL 18 comes without.
        if ("1.2.0",) in real.execute(available).fetchall():
            real.execute("create schema tap; create extension pgtap version '1.2.0' schema tap")
            real.execute("set local search_path = tap, pg_catalog")
            real.execute("select no_plan()")
            assert answers(real) == EXPECTED.read_text()
