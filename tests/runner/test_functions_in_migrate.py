"""How `migrate` fits the functions between the migrations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from runner_project import Project

Connect = Callable[..., psycopg.Connection[Any]]


def function(project: Project, name: str, body: str) -> Path:
    folder = project.root / "wish/functions/wish"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.sql"
    path.write_text(
        f"create or replace function wish.{name}() returns int language sql"
        f" set search_path = pg_catalog, pg_temp as $$ {body} $$;"
    )
    return path


def view(project: Project, columns: str) -> None:
    folder = project.root / "wish/functions/wish"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "all_lists.sql").write_text(
        f"create or replace view wish.all_lists as select {columns} from wish.lists as l;"
    )


@pytest.fixture
def lists(project: Project) -> Project:
    """A table, a view and a function on it, all applied."""
    project.file(1, "create schema wish; create table wish.lists (id int, name text);")
    view(project, "l.id, l.name")
    function(project, "how_many", "select count(*)::int from wish.all_lists")
    project.migrate()
    return project


def test_functions_are_applied_when_their_digest_changed(lists: Project) -> None:
    assert lists.value("select wish.how_many()") == 0
    function(lists, "how_many", "select 7")
    assert lists.run("plan", "--exit-code", "--json").json["functions"] == {"wish": True}
    assert "wish  functions, views and triggers" in lists.run("plan").out
    assert lists.run("status", "--exit-code").code == 3
    lists.migrate()
    assert lists.value("select wish.how_many()") == 7
    assert lists.run("plan", "--exit-code", "--json").json["functions"] == {"wish": False}


def test_functions_are_applied_again_after_every_migration(lists: Project) -> None:
    lists.query("drop function wish.how_many()")
    assert lists.migrate().out == "nothing to apply: up to date\n"
    lists.file(2, "create table wish.other ();")
    lists.migrate()
    assert lists.value("select wish.how_many()") == 0


def test_a_failing_set_changes_nothing_and_the_next_run_finishes(lists: Project) -> None:
    function(lists, "how_many", "select 7")
    broken = function(lists, "broken", "select nothing from nowhere")
    lists.file(2, "create table wish.other ();")
    result = lists.run("migrate")
    assert result.code == 1
    assert "broken.sql" in result.err
    assert lists.versions() == [1, 2]
    assert lists.value("select wish.how_many()") == 0
    assert "are still to follow" in lists.run("status").out
    broken.unlink()
    lists.migrate()
    assert lists.value("select wish.how_many()") == 7


def test_what_a_migration_drops_is_missing_at_no_moment(lists: Project, connect: Connect) -> None:
    lists.file(2, "drop view wish.all_lists; alter table wish.lists alter id type bigint;")
    lists.file(
        3,
        "do $$ begin\n"
        "    while not exists (select from pg_stat_activity as a"
        " where a.application_name = 'go on') loop\n"
        "        perform pg_sleep(0.01); perform pg_stat_clear_snapshot();\n"
        "    end loop;\nend $$;",
    )
    process = lists.start("migrate")
    lists.await_activity("a.query like '%go on%' and a.wait_event = 'PgSleep'")
    # Nothing of it is committed while the third file runs.
    assert lists.versions() == [1]
    seen = "select count(*) from pg_class where oid = 'wish.all_lists'::regclass"
    assert lists.value(seen) == 1
    connect(lists.url, application_name="go on")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert lists.versions() == [1, 2, 3]
    one_transaction = "select count(distinct xmin::text) from dbtool.migrations where version > 1"
    assert lists.value(one_transaction) == 1
    assert lists.value(
        "select pg_typeof(id)::text from wish.all_lists union all select 'none'"
    ) == ("none")
    assert lists.value("select wish.how_many()") == 0
    assert lists.value(
        "select atttypid::regtype::text from pg_attribute"
        " where attrelid = 'wish.all_lists'::regclass and attname = 'id'"
    ) == "bigint"  # fmt: skip


def test_a_file_without_a_transaction_cannot_stand_between(lists: Project) -> None:
    lists.file(2, "drop function wish.how_many();")
    lists.file(3, "-- dbtool: no-transaction\nvacuum wish.lists;")
    result = lists.run("migrate")
    assert result.code == 7
    assert "V0002__Step_2.sql: drops wish.how_many()" in result.err
    assert "V0003__Step_3.sql cannot be in the same transaction" in result.err
    assert lists.versions() == [1]
    assert lists.value("select wish.how_many()") == 0


def test_a_target_leaves_the_functions_for_the_whole(lists: Project) -> None:
    lists.file(2, "alter table wish.lists add price int;")
    lists.file(3, "alter table wish.lists add colour int;")
    view(lists, "l.id, l.name, l.price, l.colour")
    lists.migrate("--target", "2")
    assert lists.versions() == [1, 2]
    assert lists.run("status", "--exit-code").code == 3
    lists.migrate()
    assert lists.query("select price, colour from wish.all_lists") == []


def test_drift_from_before_is_still_drift_after_a_migrate(lists: Project) -> None:
    lists.query("alter table wish.lists add by_hand int")
    assert lists.run("verify").code == 4
    lists.file(2, "create table wish.other ();")
    lists.migrate()
    result = lists.run("verify")
    assert result.code == 4
    assert "by_hand" in result.out
    assert "other" not in result.out
