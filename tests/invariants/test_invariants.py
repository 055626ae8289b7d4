"""Every invariant reports what it is there for, and keeps quiet about everything else.

A healthy shop is corrupted as nobody but a superuser can: triggers and foreign keys are off, and
checks and unique indexes that stand in the way are dropped. Each corruption is undone again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

HERE = Path(__file__).parent
HEALTHY = HERE / "healthy.sql"
INVARIANTS = """
select substr(p.proname, length('invariant_') + 1) as name
from pg_proc as p
where p.pronamespace = 'ops'::regnamespace and p.proname like 'invariant\\_%'
order by 1
"""
VIOLATIONS = "select * from ops.check_invariants()"
UNGUARDED = "set local session_replication_role = replica"
Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Corruption:
    """Statements that break one invariant, and others that follow from it with certainty."""

    invariant: str
    title: str
    also: frozenset[str]
    statements: str

    @property
    def id(self) -> str:
        return f"{self.invariant}: {self.title}"


def corruptions() -> Iterator[Corruption]:
    for path in sorted(HERE.glob("corrupt/*.sql")):
        _, *cases = re.split(r"^-- case: ", path.read_text(), flags=re.MULTILINE)
        for case in cases:
            title, _, statements = case.partition("\n")
            also = re.match(r"-- also: (.+)", statements)
            names = also[1].split(", ") if also else []
            yield Corruption(path.stem, title, frozenset(names), statements)


CORRUPTIONS = list(corruptions())


@pytest.fixture(scope="module")
def copy(sql_database: str) -> Iterator[Connection]:
    """A connection to a healthy shop that nobody commits."""
    with psycopg.connect(sql_database) as connection:
        connection.execute(HEALTHY.read_bytes())
        connection.execute("set constraints all immediate")
        yield connection
        connection.rollback()


def found(connection: Connection) -> dict[str, list[Any]]:
    rows: dict[str, list[Any]] = {}
    for invariant, thing, detail in connection.execute(VIOLATIONS):
        rows.setdefault(invariant, []).append((thing, detail))
    return rows


def test_a_healthy_shop_has_no_violations(copy: Connection) -> None:
    assert found(copy) == {}


def test_every_invariant_has_a_corruption(copy: Connection) -> None:
    names = {name for (name,) in copy.execute(INVARIANTS)}
    assert names == {corruption.invariant for corruption in CORRUPTIONS}


@pytest.mark.parametrize("corruption", CORRUPTIONS, ids=lambda corruption: corruption.id)
def test_is_reported(copy: Connection, corruption: Corruption) -> None:
    with copy.transaction(force_rollback=True):
        copy.execute(UNGUARDED)
        copy.execute(corruption.statements.encode())
        violations = found(copy)
    assert violations.keys() == {corruption.invariant, *corruption.also}
    for thing, detail in violations[corruption.invariant]:
        assert thing
        assert detail
