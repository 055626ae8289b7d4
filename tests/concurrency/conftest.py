"""Shops in which, whatever a test did to them, every invariant holds."""

from __future__ import annotations

import os
import random
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import IsolationLevel, sql

from dbtool import server
from dbtool.server import Server

pytest.register_assert_rewrite("harness")

import harness  # noqa: E402
from harness import LONG  # noqa: E402

HERE = Path(__file__).parent
SEED = "DBTOOL_TEST_SEED"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.timeout(0 if LONG else 600))


@contextmanager
def cloned(server_url: str, template: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:16]}"
    create = sql.SQL("create database {} template {}")
    drop = sql.SQL("drop database if exists {} with (force)")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield server_url.replace("dbname=postgres", f"dbname={name}")
        finally:
            connection.execute(drop.format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def reused_shop(server_url: str, shop_template: str) -> Iterator[str]:
    with cloned(server_url, shop_template) as url:
        yield url


@pytest.fixture
def shop(reused_shop: str) -> Iterator[str]:
    """A shop without products; at the end of the test every invariant must hold.

    The tables are emptied before each test: that takes a fifth of the time of a new database.
    """
    harness.tell(reused_shop, harness.RESET)
    yield reused_shop
    harness.check(reused_shop)


@pytest.fixture
def own_shop(server_url: str, shop_template: str) -> Iterator[str]:
    """A new shop, for a test that changes its rules or functions."""
    with cloned(server_url, shop_template) as url:
        yield url


@pytest.fixture(params=harness.LEVELS, ids=lambda level: level.name.lower())
def isolation(request: pytest.FixtureRequest) -> IsolationLevel:
    """Each isolation level that the functions promise to be correct at."""
    level: IsolationLevel = request.param
    return level


@pytest.fixture
def rng() -> random.Random:
    """A generator whose seed is shown when the test fails, to be given in DBTOOL_TEST_SEED.

    Long runs look for what is new; a short one is the same each time, so that a change that fails
    is the change's fault.
    """
    seed = os.environ.get(SEED) or str(random.SystemRandom().randrange(10**9) if LONG else 1)
    print(f"{SEED}={seed}")
    return random.Random(seed)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that only this test knows, with the settings that users have."""
    started = server.start(tmp_path)
    yield started
    server.stop(tmp_path)
    for leftover in {started.socket_directory, server.home(tmp_path)}:
        shutil.rmtree(leftover, ignore_errors=True)
