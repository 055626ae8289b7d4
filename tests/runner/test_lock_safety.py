"""Table locks: short waits with retries, blockers named, limits in the header."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from runner_project import Project

from dbtool import locks
from dbtool.errors import LockBusyError

Connect = Callable[..., psycopg.Connection[Any]]


@pytest.fixture
def blocked(project: Project, connect: Connect) -> psycopg.Connection[Any]:
    """A session that reads the table in an open transaction, as a report would."""
    project.file(1, "create table busy (a int);")
    project.migrate()
    project.file(2, "alter table busy add b int;")
    reader = connect(project.url, application_name="nightly report")
    reader.execute("select * from busy")
    return reader


def test_a_miss_names_the_blocker_and_the_run_gives_up_in_time(
    project: Project, blocked: psycopg.Connection[Any]
) -> None:
    started = time.monotonic()
    # On a busy machine it takes a while to connect and see who the blocker is.
    result = project.run("migrate", "--lock-timeout", "1s", "--lock-retry", "4s")
    assert result.code == 5
    assert time.monotonic() - started < 40
    pid = blocked.info.backend_pid
    blocker = (
        f"AccessExclusiveLock on busy is held up by pid {pid} (user postgres, application"
        ' "nightly report", idle in transaction, transaction since '
    )
    assert f"lock not granted within 1000 ms: {blocker}" in result.err
    assert "select * from busy" in result.err
    assert "trying again in" in result.err
    assert "dbtool: gave up after 4 s, nothing was changed: lock not granted within" in result.err
    assert project.versions() == [1]


def test_the_run_succeeds_once_the_blocker_lets_go(
    project: Project, blocked: psycopg.Connection[Any]
) -> None:
    process = project.start("migrate", "--lock-timeout", "200ms")
    assert process.stderr
    for line in process.stderr:
        if "trying again" in line:
            break
    blocked.rollback()
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert project.versions() == [1, 2]


def test_between_two_tries_the_queue_drains(
    project: Project, blocked: psycopg.Connection[Any], connect: Connect
) -> None:
    process = project.start("migrate", "--lock-timeout", "200ms")
    assert process.stderr
    for line in process.stderr:
        if "lock not granted" in line:
            break
    # Behind a waiting ALTER TABLE this would hang until the report has ended.
    shopper = connect(project.url, autocommit=True)
    shopper.execute("set statement_timeout = '10s'")
    assert shopper.execute("select count(*) from busy").fetchone() == (0,)
    blocked.rollback()
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_header_overrides_the_limit(project: Project, blocked: psycopg.Connection[Any]) -> None:
    project.file(2, "-- dbtool: lock_timeout=40ms\nalter table busy add b int;")
    result = project.run("migrate", "--lock-timeout", "1h", "--lock-retry", "100ms")
    assert result.code == 5
    assert "lock not granted within 40 ms" in result.err


def test_the_settings_file_gives_the_limits(
    project: Project, blocked: psycopg.Connection[Any]
) -> None:
    project.configure('lock_timeout = "30ms"\nlock_retry = "50ms"')
    result = project.run("migrate")
    assert result.code == 5
    assert "within 30 ms" in result.err


def test_validate_may_wait_longer_than_what_blocks_others(project: Project) -> None:
    project.file(
        1,
        "create table busy (a int);\n"
        "insert into busy values (1);\n"
        "create function tell(a int) returns bool language plpgsql as $$ begin\n"
        "    raise notice 'limit %', current_setting('lock_timeout'); return true;\n"
        "end $$;\n"
        "alter table busy add constraint slow check (tell(a)) not valid;\n",
    )
    project.file(2, "select tell(1);")
    assert "limit 500ms" in project.migrate().err
    project.file(3, "set local role postgres;\nalter table busy validate constraint slow;")
    assert "limit 10min" in project.migrate().err
    project.file(4, "-- dbtool: lock_timeout=7s\nselect tell(1);")
    assert "limit 7s" in project.migrate().err


def test_a_deadlock_is_tried_again(project: Project, connect: Connect) -> None:
    project.file(1, "create table a (x int); create table b (x int);")
    project.migrate()
    other = connect(project.url)
    # A session looks for a deadlock once, so long after it began to wait: who waits last sees it.
    other.execute("set deadlock_timeout = '10min'")
    other.execute("lock table b in access exclusive mode")
    project.file(
        2,
        "-- dbtool: lock_timeout=1min\nset local deadlock_timeout = '50ms';\n"
        "alter table a add y int;\n"
        "do $$ begin\n"
        "    while exists (select from pg_locks as l where l.relation = 'b'::regclass)\n"
        "    and not exists (\n"
        "        select from pg_locks as l where l.relation = 'a'::regclass and not l.granted\n"
        "    ) loop\n"
        "        perform pg_sleep(0.01);\n"
        "    end loop;\n"
        "end $$;\n"
        "alter table b add y int;",
    )
    process = project.start("migrate")
    project.await_activity("a.application_name = 'dbtool migrate' and a.wait_event = 'PgSleep'")
    other.execute("set statement_timeout = '60s'")
    other.execute("lock table a in access exclusive mode")
    other.commit()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "trying again" in err
    assert project.versions() == [1, 2]


def test_work_is_done_once_when_a_try_missed(
    project: Project, blocked: psycopg.Connection[Any], connect: Connect
) -> None:
    connection = connect(project.url, autocommit=True)
    tries: list[int] = []
    reports: list[str] = []

    def work() -> str:
        tries.append(1)
        connection.execute("insert into busy values (1)")
        connection.execute("lock table busy in access exclusive mode")
        return "done"

    def report(line: str) -> None:
        reports.append(line)
        blocked.rollback()

    # Long enough to connect and see who the blocker is, on a busy machine too.
    result = locks.with_lock_retries(
        connection, work, lock_timeout_ms=2000, deadline_s=60, report=report
    )
    assert (result, len(tries)) == ("done", 2)
    assert project.value("select count(*) from busy") == 1
    assert "nightly report" in reports[0]


def test_other_errors_are_not_retried_and_roll_back(project: Project, connect: Connect) -> None:
    connection = connect(project.url, autocommit=True)

    def work() -> None:
        connection.execute("create table gone ()")
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        locks.with_lock_retries(
            connection, work, lock_timeout_ms=100, deadline_s=9, report=lambda line: None
        )
    assert connection.info.transaction_status == psycopg.pq.TransactionStatus.IDLE
    assert project.value("select to_regclass('gone')") is None


def test_waits_grow_and_are_spread(monkeypatch: pytest.MonkeyPatch, empty_database: str) -> None:
    naps: list[float] = []
    monkeypatch.setattr("dbtool.locks.time.sleep", naps.append)
    monkeypatch.setattr("dbtool.locks.random.uniform", lambda low, high: high)
    deadline = threading.Event()

    def work() -> None:
        if len(naps) == 8:
            deadline.set()
            return
        raise psycopg.errors.LockNotAvailable("busy")

    with psycopg.connect(empty_database, autocommit=True) as connection:
        locks.with_lock_retries(
            connection, work, lock_timeout_ms=100, deadline_s=1e9, report=lambda line: None
        )
    assert deadline.is_set()
    assert naps == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


def test_roles_made_by_two_databases_at_once_are_tried_again(empty_database: str) -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise psycopg.errors.InternalError_("tuple concurrently updated")
        if len(tries) == 2:
            raise psycopg.errors.InternalError_("something else is broken")

    with (
        psycopg.connect(empty_database, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InternalError_, match="something else"),
    ):
        locks.with_lock_retries(
            connection, work, lock_timeout_ms=100, deadline_s=9, report=lambda line: None
        )
    assert len(tries) == 2


def test_giving_up_says_nothing_was_changed(empty_database: str) -> None:
    def work() -> None:
        raise psycopg.errors.LockNotAvailable("busy")

    with (
        psycopg.connect(empty_database, autocommit=True) as connection,
        pytest.raises(LockBusyError, match="nothing was changed"),
    ):
        locks.with_lock_retries(
            connection, work, lock_timeout_ms=100, deadline_s=0, report=lambda line: None
        )


def test_what_was_sent_before_an_interruption_is_cancelled(project: Project) -> None:
    with psycopg.connect(project.url, autocommit=True) as connection:
        # A cancellation that comes before the server has begun is lost. It sees the end of the
        # connection then.
        connection.execute(locks.OWN_SESSION.encode())
        connection.execute("begin")
        connection.pgconn.send_query(b"select pg_sleep(600)")
        pid = connection.info.backend_pid
        locks.roll_back(connection)
        assert connection.closed
    project.await_end(pid)
