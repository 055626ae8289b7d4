"""`dbtool test`, as its user sees it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

Connect = Callable[..., psycopg.Connection[Any]]
Dbtool = Callable[..., subprocess.CompletedProcess[str]]

PASSING = """
-- case: sees what the migrations made
select is((select count(*) from acme.things), 0, 'no things yet');
"""
FAILING = """
-- case: counts wrong
select is(1, 2, 'one is two');
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a source of its own and no other."""
    files = {
        "dbtool.toml": 'packaged = false\n[[sources]]\npath = "sql"\n',
        "sql/dbtool.toml": 'name = "acme"\nschemas = ["acme"]\n',
        "sql/migrations/V1__Things.sql": "create schema acme; create table acme.things (id int);",
        "sql/tests/acme/passing.sql": PASSING,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def dbtool(project: Path, server_url: str) -> Dbtool:
    """Run dbtool in the project."""

    def run(*arguments: str, url: str = server_url) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dbtool", *arguments, "--database-url", url]
        return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)

    return run


def test_all_pass(dbtool: Dbtool) -> None:
    done = dbtool("test")
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 passed, 0 failed: 1 cases in " in done.stdout


def test_a_failure_shows_file_line_have_and_want(dbtool: Dbtool, project: Path) -> None:
    (project / "sql/tests/acme/failing.sql").write_text(FAILING)
    done = dbtool("test")
    assert done.returncode == 1
    assert "FAILED  sql/tests/acme/failing.sql:2: counts wrong" in done.stdout
    assert "    sql/tests/acme/failing.sql:3: one is two\n" in done.stdout
    assert "have: 1\n" in done.stdout
    assert "want: 2\n" in done.stdout
    assert "1 passed, 1 failed: 2 cases" in done.stdout


def test_tap(dbtool: Dbtool, project: Path) -> None:
    (project / "sql/tests/acme/failing.sql").write_text(FAILING)
    lines = dbtool("test", "--tap").stdout.splitlines()
    assert lines[0] == "TAP version 14"
    assert lines[-1] == "1..2"
    assert "    not ok 1 - one is two" in lines
    assert any(line.startswith("not ok 1 - sql/tests/acme/failing.sql: counts") for line in lines)
    assert any(line.startswith("ok 2 - sql/tests/acme/passing.sql: sees") for line in lines)


def test_json(dbtool: Dbtool, project: Path) -> None:
    (project / "sql/tests/acme/failing.sql").write_text(FAILING)
    failed, passed = json.loads(dbtool("test", "--json").stdout)
    assert (failed["title"], failed["is_ok"], passed["is_ok"]) == ("counts wrong", False, True)
    assert failed["assertions"][0]["line"] == 3


@pytest.mark.parametrize(
    ("arguments", "code", "output"),
    [
        (["sql/tests/acme/passing.sql"], 0, "1 passed"),
        (["sql/tests"], 1, "1 failed"),
        (["-k", "WHAT THE"], 0, "1 passed"),
        (["-k", "no such case"], 2, "no case was run"),
        (["no/such/file.sql"], 2, "does not exist"),
    ],
)
def test_choosing(
    dbtool: Dbtool, project: Path, arguments: list[str], code: int, output: str
) -> None:
    (project / "sql/tests/acme/failing.sql").write_text(FAILING)
    done = dbtool("test", *arguments)
    assert done.returncode == code
    assert output in done.stdout + done.stderr


def test_in_place_undoes_everything(
    dbtool: Dbtool, project: Path, connect: Connect, empty_database: str
) -> None:
    (project / "sql/tests/acme/writing.sql").write_text(
        "-- case: writes\ninsert into acme.things values (1);\nselect pass('written');\n"
    )
    assert dbtool("migrate", url=empty_database).returncode == 0
    done = dbtool("test", "--in-place", url=empty_database)
    assert done.returncode == 0, done.stdout + done.stderr
    with connect(empty_database) as connection:
        found = connection.execute(
            "select (select count(*) from acme.things), to_regnamespace('tap')"
        ).fetchone()
    assert found == (0, None)


def test_production_is_refused(dbtool: Dbtool, empty_database: str, project: Path) -> None:
    with (project / "dbtool.toml").open("a") as file:
        file.write("[environments.production]\n")
    migrated = dbtool("migrate", "--env", "production", url=empty_database)
    assert migrated.returncode == 0, migrated.stderr
    for arguments in (["test"], ["test", "--in-place"]):
        done = dbtool(*arguments, url=empty_database)
        assert done.returncode == 7, done.stdout + done.stderr
        assert "production" in done.stderr


def test_a_user_who_may_not_create_databases_is_told(
    dbtool: Dbtool, connect: Connect, server_url: str
) -> None:
    with connect(server_url, autocommit=True) as connection:
        connection.execute("create role sqltests_poor login")
        try:
            done = dbtool("test", url=server_url.replace("user=postgres", "user=sqltests_poor"))
        finally:
            connection.execute("drop role sqltests_poor")
    assert done.returncode == 6
    assert "SQLSTATE 42501" in done.stderr
    assert "alter role sqltests_poor createdb" in done.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_drops_its_database(
    project: Path, connect: Connect, server_url: str, how: signal.Signals
) -> None:
    (project / "sql/tests/acme/passing.sql").write_text(
        "-- case: first\nselect pass();\n-- case: long\nselect pg_sleep(60);\nselect pass();\n"
    )
    command = [sys.executable, "-m", "dbtool", "test", "-v", "--database-url", server_url]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("ok ")
        process.send_signal(how)
        assert process.wait(timeout=30) == 130
    with connect(server_url) as connection:
        mine = f"dbtool_test_{process.pid}_%"
        found = connection.execute("select from pg_database where datname like %s", (mine,))
        assert found.rowcount == 0
