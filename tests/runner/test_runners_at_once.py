"""Several runners at once, and runners that are killed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from runner_project import Project

from dbtool import locks
from dbtool.errors import LockBusyError

Connect = Callable[..., psycopg.Connection[Any]]
RUNNERS = 20


def test_twenty_runners_apply_everything_exactly_once(project: Project) -> None:
    project.file(1, "create table log (n int);")
    for number in range(2, 12):
        project.file(number, f"insert into log values ({number});")
    project.file(12, "-- dbtool: no-transaction\ncreate index concurrently log_idx on log (n);")
    functions = project.root / "wish/functions/wish"
    functions.mkdir(parents=True)
    project.file(13, "create schema wish;")
    (functions / "answer.sql").write_text(
        "create or replace function wish.answer() returns int language sql"
        " set search_path = pg_catalog, pg_temp as $$ select 42 $$;"
    )
    processes = [project.start("migrate", "--wait", "2min") for _ in range(RUNNERS)]
    outcomes = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * RUNNERS, outcomes
    assert sorted(out for out, _ in outcomes) == ["13 applied\n"] + [
        "nothing to apply: up to date\n"
    ] * (RUNNERS - 1)
    assert [n for (n,) in project.query("select n from log order by n")] == list(range(2, 12))
    assert project.versions() == list(range(1, 14))
    assert project.value("select wish.answer()") == 42


def test_a_busy_lock_names_its_holder_after_the_deadline(
    project: Project, connect: Connect
) -> None:
    project.file(1, "select 1;")
    holder = connect(project.url, autocommit=True, application_name="the other one")
    holder.execute("select pg_advisory_lock(%s)", (locks.LOCK_KEY,))
    result = project.run("migrate", "--wait", "300ms")
    assert result.code == 5
    assert "waited 0.3 s for it: pid" in result.err
    assert f'pid {holder.info.backend_pid} (user postgres, application "the other one"' in (
        result.err
    )
    assert "connected since 20" in result.err
    assert "idle): select pg_advisory_lock" in result.err
    assert f"select pg_terminate_backend({holder.info.backend_pid});" in result.err
    assert project.query("select from pg_namespace where nspname = 'dbtool'") == []


def test_a_busy_lock_shows_what_its_holder_runs(project: Project) -> None:
    project.file(1, "select 'slow', pg_sleep(60);")
    project.start("migrate")
    project.await_activity("a.query like '%slow%' and a.state = 'active'")
    result = project.run("migrate", "--wait", "0")
    assert result.code == 5
    assert "active): select 'slow', pg_sleep(60);" in result.err


def test_the_lock_is_of_one_database(project: Project, server_url: str, connect: Connect) -> None:
    elsewhere = connect(server_url, autocommit=True)
    elsewhere.execute("select pg_advisory_lock(%s)", (locks.LOCK_KEY,))
    project.file(1, "select 1;")
    project.migrate("--wait", "0")


def test_nothing_pending_needs_no_lock(project: Project, connect: Connect) -> None:
    project.file(1, "select 1;")
    project.migrate()
    holder = connect(project.url, autocommit=True)
    holder.execute("select pg_advisory_lock(%s)", (locks.LOCK_KEY,))
    assert project.migrate("--wait", "0").out == "nothing to apply: up to date\n"


def test_the_lock_is_free_after_an_error(project: Project, connect: Connect) -> None:
    connection = connect(project.url, autocommit=True)
    other = connect(project.url, autocommit=True)
    with pytest.raises(psycopg.errors.DivisionByZero), locks.locked(connection, 1, print):
        connection.execute("begin; select 1 / 0")
    with (
        locks.locked(other, 0, print),
        pytest.raises(LockBusyError),
        locks.locked(connection, 0, print),
    ):
        raise AssertionError("two runners inside")


def test_waiting_ends_when_the_holder_lets_go(project: Project, connect: Connect) -> None:
    first, second = (connect(project.url, autocommit=True) for _ in range(2))
    told: list[str] = []
    release = threading.Event()

    def hold() -> None:
        with locks.locked(first, 0, print):
            release.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    project.await_activity("a.query like '%try_advisory%'")

    def report(line: str) -> None:
        told.append(line)
        release.set()

    with locks.locked(second, 30, report):
        holder.join()
    assert told
    assert told[0].startswith(f"waiting for another dbtool: pid {first.info.backend_pid}")


def test_a_killed_runner_leaves_no_lock_and_no_half_file(project: Project) -> None:
    project.file(1, "create table one ();")
    # Computing, the server does not look at its client unless it is told to.
    project.file(
        2,
        "create table two ();\n"
        "do $$ declare n bigint := 0; begin\n"
        "    while not exists (select from pg_stat_activity as a"
        " where a.application_name = 'go on') loop\n"
        "        n := n + 1; perform pg_stat_clear_snapshot();\n"
        "    end loop;\n"
        "end $$;\n",
    )
    process = project.start("migrate")
    project.await_activity("a.query like '%clear_snapshot%' and a.state = 'active'")
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    # A second runner is admitted as soon as the server has noticed, with nobody's help.
    project.file(2, "select 1;")
    project.migrate("--wait", "30s")
    assert project.versions() == [1, 2]
    assert project.value("select to_regclass('two')") is None


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_cancels_rolls_back_and_exits_130(
    project: Project, how: signal.Signals
) -> None:
    project.file(1, "create table one ();")
    project.file(2, "create table two (); select pg_sleep(300);")
    process = project.start("migrate")
    pid = project.await_activity("a.query like '%pg_sleep(300)%' and a.wait_event = 'PgSleep'")
    process.send_signal(how)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted; what was running has been rolled back" in err
    assert "Traceback" not in err
    # The session ends when it notices that its client has gone, which may be a moment later.
    project.await_end(pid)
    assert project.versions() == [1]
    assert project.value("select to_regclass('two')") is None


def test_interrupted_while_it_waits_for_the_lock(project: Project, connect: Connect) -> None:
    project.file(1, "select 1;")
    holder = connect(project.url, autocommit=True)
    holder.execute("select pg_advisory_lock(%s)", (locks.LOCK_KEY,))
    process = project.start("migrate")
    assert process.stderr
    assert "waiting for another dbtool" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130


def test_two_databases_of_one_cluster_at_once(
    project: Project, server_url: str, connect: Connect
) -> None:
    name = psycopg.conninfo.conninfo_to_dict(project.url)["dbname"]
    role = f"{name}_owner"
    server = connect(server_url, autocommit=True)
    server.execute(f"create database {name}_b template template0")
    project.source(f'name = "wish"\nschemas = ["wish"]\nowner = "{role}"\n')
    # What a migration has to tolerate when a role is made twice at once.
    project.file(
        1,
        f"do $$ begin\n    create role {role};\n"
        "exception when duplicate_object or unique_violation then null;\nend $$;\n"
        f"grant {role} to current_user;\n"
        f"create schema wish authorization {role};\n",
    )
    for number in range(2, 8):
        project.file(number, f"set local role {role};\ncreate table wish.t{number} ();")
    urls = [project.url, make_conninfo(project.url, dbname=f"{name}_b")]
    try:
        processes = [project.start("migrate", "--database-url", url) for url in urls * 2]
        for process in processes:
            _, err = process.communicate(timeout=120)
            assert process.returncode == 0, err
        for url in urls:
            with psycopg.connect(url) as connection:
                row = connection.execute("select count(*) from dbtool.migrations").fetchone()
            assert row == (7,)
    finally:
        server.execute(f"drop database {name}_b with (force)")
        server.execute(f"drop database {name} with (force)")
        server.execute(f"drop role if exists {role}")
