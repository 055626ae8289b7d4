"""Fixtures for the runner: a project of a team with its own SQL, and the command itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from runner_project import Project

NOWHERE = "host=/nonexistent dbname=nowhere"
LIBPQ = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE", "PGPASSFILE")


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """An empty folder of a team's own SQL, with the packaged SQL left out, and no database."""
    for name in (*LIBPQ, "DBTOOL_ENV", "PGCONNECT_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", NOWHERE)
    monkeypatch.chdir(tmp_path)
    made = Project(tmp_path, NOWHERE)
    made.configure()
    yield made
    made.end_processes()


@pytest.fixture
def project(offline: Project, empty_database: str, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The same with an empty database."""
    monkeypatch.setenv("DATABASE_URL", empty_database)
    offline.url = empty_database
    return offline


@pytest.fixture
def a_role(server_url: str) -> Iterator[Callable[[str, str], str]]:
    """Create login roles, named for the database under test; drop them and what they own."""
    made: list[tuple[str, str]] = []

    def create(url: str, options: str = "") -> str:
        database = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
        name = f"{database}_role{len(made)}"
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"create role {name} {options}".encode())
        made.append((name, url))
        return name

    yield create
    with psycopg.connect(server_url, autocommit=True) as server:
        for name, url in made:
            database = psycopg.conninfo.conninfo_to_dict(url)["dbname"]
            exists = server.execute(
                "select from pg_database where datname = %s", (database,)
            ).fetchone()
            if exists is not None:
                with psycopg.connect(make_conninfo(server_url, dbname=database)) as inside:
                    inside.execute(f"reassign owned by {name} to postgres".encode())
                    inside.execute(f"drop owned by {name}".encode())
        for name, _ in reversed(made):
            server.execute(f"drop role if exists {name}".encode())
