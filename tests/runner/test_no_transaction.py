"""Files that no transaction can hold: one statement, resumed, never half accepted."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from runner_project import Project

Connect = Callable[..., psycopg.Connection[Any]]

INDEX = (
    "-- dbtool: no-transaction\ncreate unique index concurrently pets_name_idx on wish.pets (name);"
)
STATE = """
select i.indisvalid, c.oid
from pg_class as c inner join pg_index as i on c.oid = i.indexrelid
where c.relname = 'pets_name_idx'
"""


@pytest.fixture
def pets(project: Project) -> Project:
    """A table with two rows of one name, and the file of an index that they violate."""
    project.file(
        1,
        "create schema wish; create table wish.pets (pet_id int, name text);"
        " insert into wish.pets values (1, 'Rex'), (2, 'Rex');",
    )
    project.migrate()
    project.file(2, INDEX)
    return project


def entry(project: Project, version: int = 2) -> str | None:
    rows = project.query(f"select state from dbtool.migrations where version = {version}")
    return rows[0][0] if rows else None


def test_a_failed_build_is_dropped_and_built_again_by_the_next_run(pets: Project) -> None:
    failed = pets.run("migrate")
    assert failed.code == 1
    assert "V0002__Step_2.sql:2:1: could not create unique index" in failed.err
    assert "DETAIL: Key (name)=(Rex) is duplicated." in failed.err
    assert "The next migrate drops the INVALID index" in failed.err
    assert entry(pets) == "started"
    [(valid, remains)] = pets.query(STATE)
    assert not valid
    assert "wish  started      2" in pets.run("status").out

    pets.query("delete from wish.pets where pet_id = 2")
    result = pets.migrate()
    assert "dropping wish.pets_name_idx: a failed build left it INVALID" in result.err
    [(valid, built)] = pets.query(STATE)
    assert valid
    assert built != remains
    assert entry(pets) == "applied"


def test_only_the_invalid_index_of_that_name_and_table_is_dropped(pets: Project) -> None:
    pets.query("create schema other; create table other.pets (name text)")
    pets.query("insert into other.pets values ('Rex'), ('Rex')")
    for table, index in (("other.pets", "pets_name_idx"), ("wish.pets", "pets_name_idx_2")):
        with pytest.raises(psycopg.errors.UniqueViolation):
            pets.query(f"create unique index concurrently {index} on {table} (name)")
    pets.run("migrate")
    pets.query("delete from wish.pets where pet_id = 2")
    pets.migrate()
    assert pets.query(
        "select i.indexrelid::regclass::text, i.indisvalid from pg_index as i"
        " where i.indrelid in ('wish.pets'::regclass, 'other.pets'::regclass) order by 1"
    ) == [
        ("other.pets_name_idx", False),
        ("wish.pets_name_idx", True),
        ("wish.pets_name_idx_2", False),
    ]


def test_a_valid_index_that_somebody_else_made_is_not_taken_for_ours(pets: Project) -> None:
    pets.query("create index pets_name_idx on wish.pets (pet_id)")
    [(_, theirs)] = pets.query(STATE)
    for _ in range(2):
        result = pets.run("migrate")
        assert result.code == 1
        assert "already exists" in result.err
        assert "--mark-applied" in result.err
        assert entry(pets) == "started"
    assert pets.query(STATE) == [(True, theirs)]
    assert pets.run("repair", "2", "--mark-applied", "--reason", "it is the same").code == 0
    assert pets.migrate().out == "nothing to apply: up to date\n"


def test_an_index_that_was_ready_when_the_runner_died_is_accepted(pets: Project) -> None:
    pets.query("delete from wish.pets where pet_id = 2")
    pets.migrate()
    [(_, oid)] = pets.query(STATE)
    pets.query(
        "update dbtool.migrations set state = 'started', execution_ms = null where version = 2"
    )
    pets.migrate()
    assert pets.query(STATE) == [(True, oid)]
    assert entry(pets) == "applied"


def test_an_index_that_is_being_built_right_now_is_not_dropped(
    pets: Project, connect: Connect
) -> None:
    pets.query("delete from wish.pets where pet_id = 2")
    older = connect(pets.url)
    older.execute("insert into wish.pets values (9, 'Tom')")
    builder = connect(pets.url, autocommit=True)
    builder.pgconn.send_query(b"create unique index concurrently pets_name_idx on wish.pets (name)")
    pets.await_activity("a.query like 'create unique%' and a.wait_event_type = 'Lock'")
    result = pets.run("migrate")
    assert result.code == 5
    assert f"is being built by pid {builder.info.backend_pid}" in result.err
    older.rollback()
    assert builder.pgconn.get_result()
    assert pets.query(STATE)[0][0]


def test_the_file_may_be_corrected_before_it_is_resumed(pets: Project) -> None:
    pets.run("migrate")
    pets.file(2, INDEX.replace("unique ", ""))
    pets.migrate()
    assert "unique" not in pets.value("select script from dbtool.migrations where version = 2")
    assert pets.query(STATE)[0][0]


@pytest.mark.parametrize(
    ("before", "statement", "proof"),
    [
        ("create index i on wish.pets (name)", "drop index concurrently wish.i",
         "select to_regclass('wish.i') is null"),
        ("create index i on wish.pets (name)", "reindex index concurrently wish.i",
         "select to_regclass('wish.i') is not null"),
        ("create type wish.mood as enum ('sad')", "alter type wish.mood add value 'glad'",
         "select enum_range(null::wish.mood)::text = '{sad,glad}'"),
        ("select 1", "vacuum (analyze) wish.pets",
         "select reltuples = 2 from pg_class where oid = 'wish.pets'::regclass"),
        ("create table wish.log (at int) partition by list (at);"
         "create table wish.log_1 partition of wish.log for values in (1)",
         "alter table wish.log detach partition wish.log_1 concurrently",
         "select not relispartition from pg_class where oid = 'wish.log_1'::regclass"),
        ("select 1", 'create index concurrently "Odd Name" on wish."pets" (name)',
         "select to_regclass('wish.\"Odd Name\"') is not null"),
    ],
)  # fmt: skip
def test_every_statement_that_needs_it_works(
    pets: Project, before: str, statement: str, proof: str
) -> None:
    pets.query(before)
    pets.file(2, f"-- dbtool: no-transaction\n\n{statement} -- done\n;")
    pets.migrate()
    assert pets.value(proof)
    assert entry(pets) == "applied"


def test_a_build_waits_long_and_says_for_whom(pets: Project, connect: Connect) -> None:
    pets.query("delete from wish.pets where pet_id = 2")
    older = connect(pets.url, application_name="old report")
    older.execute("insert into wish.pets values (9, 'Tom')")
    # Far longer than the lock_timeout that other files get.
    process = pets.start("migrate", "--lock-timeout", "50ms")
    assert process.stderr
    for line in process.stderr:
        if "is held up by" in line:
            break
    assert 'application "old report"' in line
    assert entry(pets) == "started"
    pets.await_activity(
        "a.wait_event_type = 'Lock' and clock_timestamp() - a.query_start > interval '1 second'"
    )
    older.commit()
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert pets.query(STATE)[0][0]


def test_a_header_limits_the_wait_of_a_build(pets: Project, connect: Connect) -> None:
    pets.query("delete from wish.pets where pet_id = 2")
    older = connect(pets.url)
    older.execute("insert into wish.pets values (9, 'Tom')")
    pets.file(2, f"-- dbtool: lock_timeout=300ms\n{INDEX}")
    result = pets.run("migrate")
    assert result.code == 1
    assert "canceling statement due to lock timeout" in result.err
    older.commit()
    pets.migrate()
    assert pets.query(STATE)[0][0]


def test_other_runners_that_wait_do_not_stop_a_build(pets: Project, connect: Connect) -> None:
    pets.query("delete from wish.pets where pet_id = 2")
    older = connect(pets.url)
    older.execute("insert into wish.pets values (9, 'Tom')")
    first = pets.start("migrate")
    pets.await_activity("a.query like '%concurrently%' and a.wait_event_type = 'Lock'")
    others = [pets.start("migrate") for _ in range(3)]
    for other in others:
        assert other.stderr
        assert "waiting for another dbtool" in other.stderr.readline()
    older.commit()
    for process in (first, *others):
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    assert pets.query(STATE)[0][0]


def test_interrupted_in_the_middle_it_is_resumed(pets: Project, connect: Connect) -> None:
    pets.query("delete from wish.pets where pet_id = 2")
    older = connect(pets.url)
    older.execute("insert into wish.pets values (9, 'Tom')")
    process = pets.start("migrate")
    pets.await_activity("a.query like '%concurrently%' and a.wait_event_type = 'Lock'")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert entry(pets) == "started"
    older.commit()
    pets.migrate()
    assert pets.query(STATE)[0][0]


def test_what_cannot_be_run_twice_can_be_marked_as_applied(pets: Project) -> None:
    pets.query("create type wish.mood as enum ('sad')")
    pets.file(2, "-- dbtool: no-transaction\nalter type wish.mood add value 'glad';")
    # As if the runner had died between the statement and the ledger.
    pets.migrate()
    pets.query("update dbtool.migrations set state = 'started' where version = 2")
    failed = pets.run("migrate")
    assert failed.code == 1
    assert "--mark-applied" in failed.err
    assert pets.run("repair", "2", "--reason", "it is there").code == 7
    assert pets.run("repair", "2", "--mark-applied").code == 7
    assert pets.run("repair", "2", "--mark-applied", "--reason", "it is there").code == 0
    assert entry(pets) == "applied"
    assert pets.value("select reason from dbtool.repairs") == "it is there"
    assert pets.migrate().out == "nothing to apply: up to date\n"
