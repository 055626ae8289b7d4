"""`dbtool functions`, and the file that it writes for Flyway."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from dbtool import drift, ledger
from dbtool.config import packaged_sql, read_source

Connect = Callable[..., psycopg.Connection[Any]]
ROWS = "select kind, object, definition from dbtool.fingerprint(%s)"


def run(*arguments: str | Path, code: int = 0) -> str:
    command = [sys.executable, "-m", "dbtool", "functions", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=packaged_sql().parent)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_flyway_gets_the_whole_set_in_one_file(
    empty_database: str, shop: str, connect: Connect, tmp_path: Path
) -> None:
    source = read_source(packaged_sql())
    file = tmp_path / "R__Functions.sql"
    assert f"objects written to {file}" in run("--flyway", file)
    text = file.read_text()
    assert "${" not in text
    run("--flyway", file)
    assert file.read_text() == text

    # As Flyway does: each file in a transaction of its own, sent as it is.
    connection = connect(empty_database, autocommit=True)
    versions = sorted(
        source.folder("migrations").glob("V*.sql"),
        key=lambda path: int(path.name[1:].split("_")[0]),
    )
    for path in [*versions, file, file]:
        connection.execute("begin")
        connection.execute(path.read_bytes())
        connection.execute("commit")
    with connection.transaction():
        ledger.bootstrap(connection, source.owner)
    schemas = (list(source.schemas),)
    assert set(connection.execute(ROWS, schemas)) == set(connect(shop).execute(ROWS, schemas))
    assert connection.execute("select count(*) from ops.check_database_health()").fetchone()
    drift.record(connection, [source])


def test_flyway_file_that_cannot_be_written(tmp_path: Path) -> None:
    assert "cannot be written" in run("--flyway", tmp_path / "no/R__F.sql", code=2)


def test_shows_the_set(shop: str, empty_database: str, connect: Connect) -> None:
    url = ("--database-url", shop)
    lines = json.loads(run("--json", "--exit-code", *url))
    assert {line["state"] for line in lines} == {"applied"}
    assert {
        "source": "shop",
        "state": "applied",
        "kind": "view",
        "object": "core.error_codes",
    } in lines
    connection = connect(shop, autocommit=True)
    connection.execute(
        "update dbtool.function_objects set checksum = '' where object = 'core.error_codes'"
    )
    connection.execute("create function ops.by_hand() returns int language sql as 'select 1'")
    shown = run("--source", "shop", "--exit-code", *url, code=3)
    assert "shop  pending view     core.error_codes\n" in shown
    assert "shop  no file function ops.by_hand()\n" in shown
    assert "nothing was migrated here" in run("--database-url", empty_database, code=4)
