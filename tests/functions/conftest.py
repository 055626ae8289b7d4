from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from functions_support import RESET, TABLES, Team

from dbtool import ledger
from dbtool.config import Source


@pytest.fixture(scope="session")
def team_connection(server_url: str) -> Iterator[psycopg.Connection[Any]]:
    """One database for all teams: making one takes longer than most tests."""
    name = f"functions_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as maintenance:
        maintenance.execute(f"create database {name} template template0".encode())
        url = server_url.replace("dbname=postgres", f"dbname={name}")
        with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
            with connection.transaction():
                ledger.bootstrap(connection, None)
            yield connection
        maintenance.execute(f"drop database {name} with (force)".encode())


@pytest.fixture
def team(team_connection: psycopg.Connection[Any], tmp_path: Path) -> Iterator[Team]:
    team_connection.execute(TABLES)
    yield Team(Source("team", tmp_path, ("app",)), team_connection)
    team_connection.execute(RESET)
