"""Run one health check as `dbtool health` does, or its query with other figures."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from typing import Any

import pytest
from health_support import PACKAGED, Check, Connect, Connection, MakeRole

from dbtool import checks

NUMBERS = itertools.count(1)


@pytest.fixture
def connect(connect: Connect) -> Connect:
    """Return a function that connects with autocommit, as `dbtool health` does."""

    def run(url: str, **options: Any) -> Connection:
        return connect(url, **{"autocommit": True, **options})

    return run


@pytest.fixture
def check() -> Check:
    """Return a function that runs one check: the installed one where it may be called."""

    def run(connection: Connection, name: str) -> list[checks.Finding]:
        return checks.run(connection, [PACKAGED], (name,), 10_000)

    return run


@pytest.fixture
def check_with() -> Check:
    """Return a function that runs the query of one check with some of its text replaced.

    That is how a test reaches what takes weeks or a broken disk: the rest of the query is as it is.
    """

    def run(connection: Connection, name: str, figures: dict[str, str]) -> list[checks.Finding]:
        text = checks.files([PACKAGED])[name].read_text()
        for old, new in figures.items():
            assert old in text, f"{name}: there is no {old!r}"
            text = text.replace(old, new)
        return [checks.Finding(name, *row) for row in connection.execute(text.encode())]

    return run


@pytest.fixture
def make_role(server_url: str, connect: Connect) -> Iterator[MakeRole]:
    """Return a function that makes a login role, with statements that use it as {role}."""
    connection = connect(server_url)
    made = []

    def make(*statements: str) -> str:
        role = f"health_test_{os.getpid()}_{next(NUMBERS)}"
        connection.execute(f"create role {role} login".encode())
        made.append(role)
        for statement in statements:
            connection.execute(statement.format(role=role).encode())
        return role

    yield make
    for role in made:
        connection.execute(f"drop role {role}".encode())
