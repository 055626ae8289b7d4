"""`dbtool dump`: the same text for the same schema, and it can be restored."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from drift_support import Team, dbtool, fingerprint

Connect = Callable[..., psycopg.Connection[Any]]


def test_two_dumps_are_equal_and_the_second_migrate_changes_nothing(
    shop: str, tmp_path: Path
) -> None:
    first = dbtool("dump", "--database-url", shop)
    dbtool("migrate", "--database-url", shop)
    dbtool("dump", "--database-url", shop, "--output", tmp_path / "schema.sql")
    assert (tmp_path / "schema.sql").read_text() == first
    for noise in ("restrict", "Dumped", "\nSET ", "dbtool.migrations", "COPY "):
        assert noise not in first


def test_it_can_be_restored(team: Team, connect: Connect, tmp_path: Path) -> None:
    team.write(
        {
            "db/functions/app/noisy.sql": "create or replace function app.noisy() returns void"
            " language plpgsql as $$\nbegin\n\n\nupdate app.items\nSET name = name;\nend $$;"
        }
    )
    team.dbtool("migrate")
    before = team.fingerprint()
    text = team.dbtool("dump")
    team.execute("drop schema app cascade")
    team.execute(text)
    assert fingerprint(connect(team.url), "app") == before


def test_says_what_is_wrong(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "has none of the schemas app" in team.dbtool("dump", code=1)
    team.execute("create schema app")
    shown = team.dbtool("dump", "--output", team.folder / "no/such/folder", code=2)
    assert "cannot be written: No such file or directory" in shown
    # An old pg_dump on PATH, and no server's binaries.
    old = team.folder / "bin"
    old.mkdir()
    (old / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 11.2'\n")
    (old / "pg_dump").chmod(0o755)
    (old / "pg_config").write_text(f"#!/bin/sh\necho {old}\n")
    (old / "pg_config").chmod(0o755)
    monkeypatch.setenv("PATH", str(old))
    monkeypatch.setenv("DBTOOL_PG_CONFIG", str(old / "pg_config"))
    shown = team.dbtool("dump", code=2)
    assert "or later is needed for this server; found: 11" in shown
    (old / "pg_dump").unlink()
    assert "found: none" in team.dbtool("dump", code=2)
