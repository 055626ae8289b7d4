"""`dbtool health`: what it prints, and with which code it ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from health_support import Connect, Connection


def health(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dbtool", "health", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={key: value for key, value in os.environ.items() if not key.startswith("PG")},
    )


def as_json(*arguments: str, cwd: Path | None = None) -> tuple[int, dict[str, Any]]:
    done = health("--json", *arguments, cwd=cwd)
    assert not done.stderr
    return done.returncode, json.loads(done.stdout)


def overdue(connection: Connection, seconds: int) -> None:
    connection.execute(
        "insert into inventory.inventory_reservations (variant_id, location_id, owner, quantity,"
        " open_quantity, expires_at, created_at, actor) values (1, 1, 'order:1', 1, 1,"
        " clock_timestamp() - %s * interval '1 s', clock_timestamp(), 'test')",
        (seconds,),
    )


def test_ok(shop: str) -> None:
    done = health("--database-url", shop, "--only", "connections", "--only", "wraparound")
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    assert first.startswith("ok: 0 critical, 0 warning, 0 skipped, 2 ok (")
    assert rest == ["", "ok: connections, wraparound"]


def test_verbose_shows_what_is_ok_in_full(shop: str) -> None:
    done = health("--database-url", shop, "--only", "connections", "--verbose")
    assert "connections are in use" in done.stdout
    assert "warning > 75 %, critical > 90 %" in done.stdout


@pytest.mark.parametrize(
    ("seconds", "code", "level"), [(30, 0, "ok"), (90, 1, "warning"), (400, 2, "critical")]
)
def test_the_code_is_that_of_the_worst_level(
    shop: str, connect: Connect, seconds: int, code: int, level: str
) -> None:
    overdue(connect(shop), seconds)
    only = ("--only", "overdue_reservations", "--only", "connections", "--only", "unused_indexes")
    returned, report = as_json("--database-url", shop, *only)
    assert (returned, report["status"]) == (code, level)
    # One that was skipped is shown, and changes nothing.
    assert sum(f["level"] == "skipped" for f in report["findings"]) == 1
    finding = next(f for f in report["findings"] if f["check"] == "overdue_reservations")
    assert finding["level"] == level
    assert isinstance(finding["figure"], float | int)
    assert (finding["remedy"] is None) == (level == "ok")


def test_the_worst_comes_first_with_its_remedy(shop: str, connect: Connect) -> None:
    overdue(connect(shop), 400)
    done = health("--database-url", shop, "--only", "overdue_reservations", "--only", "connections")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("critical: 1 critical, 0 warning, 0 skipped, 1 ok")
    assert lines[2].startswith("critical  overdue_reservations  inventory.inventory_reservations")
    assert lines[4].strip() == "remedy: select * from inventory.cleanup_expired_reservations();"
    assert lines[-1] == "ok: connections"


def test_if_every_check_was_skipped_nothing_is_known(shop: str) -> None:
    returned, report = as_json("--database-url", shop, "--only", "unused_indexes")
    assert (returned, report["status"]) == (3, "unknown")


def test_any_database_can_be_looked_at(empty_database: str) -> None:
    returned, report = as_json("--database-url", empty_database)
    assert returned in (0, 2)
    skipped = {f["check"] for f in report["findings"] if f["level"] == "skipped"}
    assert {"invariants", "drift", "overdue_reservations"} <= skipped


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--database-url", "host=/nowhere"], "cannot connect"),
        (["--database-url", "no://t a url"], "malformed connection string"),
        (["--nonsense"], "No such option"),
        (["--timeout", "soon"], "'soon' is not a valid float"),
        (["--config", "missing.toml"], "missing.toml"),
    ],
)
def test_what_cannot_be_told_is_unknown(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = health(*arguments, cwd=tmp_path)
    assert done.returncode == 3
    assert words in done.stderr
    assert not done.stdout


def test_a_name_that_is_no_check_is_refused_with_the_names_that_are(shop: str) -> None:
    done = health("--database-url", shop, "--only", "conections")
    assert done.returncode == 3
    assert "no health check 'conections'" in done.stderr
    assert "connections" in done.stderr.split("hint:")[1]


CHECKS = {
    "stale": "select 'warning', 'a wish', 3.5, 'warning > 3', 'old', 'delete from wishes;'",
    "silent": "select 'ok', '', 0, '', '', null where false",
    "loud": "select 'disaster', 'a wish', 0, '', '', null",
    "writing": "create table public.written ()",
    "percent": "select 'ok', '50 %', 0, '%s', '%', null",
    "lost": "select * from wishlists.nowhere",
}
COLUMNS = ("level", "object", "figure", "threshold", "meaning", "remedy")


def test_a_team_s_own_checks_run_beside_ours(empty_database: str, tmp_path: Path) -> None:
    folder = tmp_path / "db/sql/checks/health"
    folder.mkdir(parents=True)
    (tmp_path / "db/sql/dbtool.toml").write_text('name = "wishlists"\nschemas = ["wishlists"]\n')
    (tmp_path / "dbtool.toml").write_text('[[sources]]\npath = "db/sql"\n')
    for name, query in CHECKS.items():
        if query.startswith("select '"):
            query = f"select * from ({query}) as f ({', '.join(COLUMNS)})"
            query = query.replace(" where false) as f", ") as f") + " where false" * (
                name == "silent"
            )
        (folder / f"{name}.sql").write_text(f"-- A wish.\n{query};\n")
    (folder / "odd.sql").write_text("select 1 as one")
    only = [f"--only=wishlists.{name}" for name in (*CHECKS, "odd")]
    returned, report = as_json("--database-url", empty_database, *only, cwd=tmp_path)
    found = {f["check"].removeprefix("wishlists."): f for f in report["findings"]}
    assert returned == 1
    assert found["stale"] == {
        "check": "wishlists.stale", "level": "warning", "object": "a wish", "figure": 3.5,
        "threshold": "warning > 3", "meaning": "old", "remedy": "delete from wishes;",
    }  # fmt: skip
    assert found["percent"]["level"] == "ok"
    for name, words in {
        "silent": "at least one row",
        "loud": "each critical or warning or skipped or ok",
        "writing": "25006",
        "lost": "42P01",
        "odd": "it must return level, object, figure, threshold, meaning, remedy",
    }.items():
        assert found[name]["level"] == "skipped"
        assert words in found[name]["meaning"]


def test_a_lost_connection_is_unknown(shop: str, connect: Connect, tmp_path: Path) -> None:
    connection = connect(shop)
    connection.execute("set role shop_owner")
    connection.execute(
        "create function ops.health_a_suicide() returns table (level text, object text,"
        " figure numeric, threshold text, meaning text, remedy text) language sql security definer"
        " as 'select null, pg_terminate_backend(pg_backend_pid())::text, 1::numeric, null, null,"
        " null'"
    )
    connection.execute("reset role")
    connection.execute("alter function ops.health_a_suicide() owner to current_user")
    connection.execute("alter function ops.check_database_health(text) owner to current_user")
    done = health("--database-url", shop, "--only", "a_suicide")
    assert done.returncode == 3
    assert "the connection was lost in a_suicide" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_shows_an_example_and_the_codes() -> None:
    done = health("--help")
    assert done.returncode == 0
    assert "dbtool health --database-url" in done.stdout
    assert "3 unknown" in done.stdout


def test_statistics_while_a_table_is_locked(shop: str, connect: Connect) -> None:
    holder, connection = connect(shop, autocommit=False), connect(shop)
    holder.execute("lock table inventory.inventory in access exclusive mode")
    sizes = connection.execute(
        "select t.table_name, t.table_bytes from ops.get_table_statistics() as t"
        " where t.schema_name = 'inventory'"
    )
    assert {name for name, size in sizes if size is None} == {"inventory"}
    sizes = connection.execute(
        "select distinct i.table_name from ops.get_index_usage_statistics() as i"
        " where i.index_bytes is null"
    )
    assert sizes.fetchall() == [("inventory",)]


def test_slow_queries(shop: str, connect: Connect) -> None:
    connection = connect(shop)
    slow = "select q.query, q.calls, q.mean_ms, q.note from ops.get_slow_queries(1000) as q"
    (row,) = connection.execute(slow).fetchall()
    assert row[:3] == (None, None, None)
    if connection.execute("select current_setting('pg_stat_statements.max', true)").fetchone() == (
        None,
    ):
        assert "shared_preload_libraries" in row[3]
        connection.execute("create extension pg_stat_statements")
        (row,) = connection.execute(slow).fetchall()
        assert "is not loaded" in row[3]
        return
    assert row[3].endswith("create extension pg_stat_statements;")
    connection.execute("create schema elsewhere")
    connection.execute("create extension pg_stat_statements schema elsewhere")
    (row,) = connection.execute(slow).fetchall()
    connection.execute(row[3].encode())
    connection.execute("select pg_sleep(0.05) as asleep")
    rows = connection.execute(slow).fetchall()
    (sleep,) = [row for row in rows if "asleep" in row[0]]
    assert sleep[1] == 1
    assert sleep[2] > 50
    assert sleep[3] is None
    shares = "select sum(q.share_percent) from ops.get_slow_queries(1000) as q"
    assert 99 < (connection.execute(shares).fetchone() or (0,))[0] < 101
    assert len(connection.execute("select from ops.get_slow_queries(1)").fetchall()) == 1
