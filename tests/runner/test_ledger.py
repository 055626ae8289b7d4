"""The ledger: written with the file, compared with it, repaired only with a reason."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import psycopg
import pytest
from runner_project import Project

from dbtool.sqltext import checksum


def test_a_file_and_its_row_are_one_transaction(project: Project) -> None:
    project.file(1, "create table one ();")
    project.file(2, "create table two ();\nselect 1 / 0;\n")
    assert project.run("migrate").code == 1
    assert project.versions() == [1]
    assert project.value("select to_regclass('two')") is None
    project.file(2, "create table two ();")
    project.migrate()
    assert project.versions() == [1, 2]


def test_the_row_holds_what_was_applied(project: Project) -> None:
    path = project.file(1, "")
    path.write_bytes(b"\xef\xbb\xbfselect '%s %% \\ \xc3\xa9';\r\n-- ''\r\n")
    project.migrate()
    applied = "select '%s %% \\ é';\n-- ''\n"
    row = project.query(
        "select source, version, description, file_name, script, checksum, checksum_algorithm,"
        " kind, state, applied_by, execution_ms >= 0 from dbtool.migrations"
    )
    assert row == [
        ("wish", 1, "Step 1", "V0001__Step_1.sql", applied, checksum(applied), "sha256-lf",
         "migration", "applied", "postgres", True),
    ]  # fmt: skip


def test_the_key_is_source_and_version(project: Project) -> None:
    project.configure(sources="wish gift")
    project.file(1, "create table wish_one ();")
    project.file(1, "create table gift_one ();", source="gift")
    project.migrate()
    assert project.versions("wish") == project.versions("gift") == [1]


def test_line_ends_do_not_count_as_an_edit(project: Project) -> None:
    path = project.file(1, "select 1;\nselect 2;\n")
    project.migrate()
    path.write_bytes(b"\xef\xbb\xbfselect 1;\r\nselect 2;\r\n")
    assert project.migrate().out == "nothing to apply: up to date\n"


@pytest.mark.parametrize("command", ["migrate", "plan"])
def test_an_edited_file_refuses_and_is_named(project: Project, command: str) -> None:
    project.file(1, "select 1;")
    project.migrate()
    project.file(1, "select 2;")
    project.file(2, "create table two ();")
    result = project.run(command)
    assert result.code == 4
    assert "wish/migrations/V0001__Step_1.sql: was edited after it had been applied" in result.err
    assert "dbtool repair V0001__Step_1.sql --show" in result.err
    assert project.versions() == [1]


def test_a_missing_file_of_an_applied_migration_refuses(project: Project) -> None:
    project.file(1, "select 1;")
    last = project.file(2, "select 2;")
    project.migrate()
    last.unlink()
    result = project.run("migrate")
    assert result.code == 4
    assert "V0002__Step_2.sql: was applied, but the file is not in" in result.err


def test_repair_shows_the_difference_and_demands_a_reason(project: Project) -> None:
    project.file(1, "select 1;\nselect 'old';\n")
    project.migrate()
    project.file(1, "select 1;\nselect 'new';\n")
    difference = (
        "--- V0001__Step_1.sql (applied)\n+++ V0001__Step_1.sql (file)\n@@ -1,2 +1,2 @@\n"
        " select 1;\n-select 'old';\n+select 'new';\n"
    )
    shown = project.run("repair", "V0001__Step_1.sql", "--show")
    assert (shown.code, shown.out) == (0, difference)
    for reason in ((), ("--reason", " ")):
        refused = project.run("repair", "1", *reason)
        assert (refused.code, refused.out) == (7, difference)
        assert "needs a reason" in refused.err
    assert project.run("migrate").code == 4

    repaired = project.run("repair", "wish/migrations/V0001__Step_1.sql", "--reason", "a typo")
    assert repaired.code == 0
    assert project.query(
        "select source, version, checksum_before, checksum_after, reason, repaired_by,"
        " repaired_at <= now() from dbtool.repairs"
    ) == [
        ("wish", 1, checksum("select 1;\nselect 'old';\n"), checksum("select 1;\nselect 'new';\n"),
         "a typo", "postgres", True),
    ]  # fmt: skip
    assert project.migrate().out == "nothing to apply: up to date\n"
    again = project.run("repair", "1", "--reason", "again")
    assert (again.code, again.out) == (0, "V0001__Step_1.sql: nothing to repair\n")


def test_repair_names_what_it_cannot_repair(project: Project) -> None:
    project.file(1, "select 1;")
    project.migrate()
    project.file(2, "select 2;")
    assert "was not applied here" in project.run("repair", "2", "--reason", "x").err
    unknown = project.run("repair", "V7__No.sql", "--reason", "x")
    assert unknown.code == 2
    assert "there is no migration V7__No.sql" in unknown.err


def test_every_table_and_column_of_the_ledger_has_a_comment(project: Project) -> None:
    project.file(1, "select 1;")
    project.migrate()
    assert project.query(
        """
        select c.oid::regclass::text, a.attname
        from pg_class as c
        left join pg_attribute as a on c.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
        where
            c.relnamespace = 'dbtool'::regnamespace and c.relkind = 'r'
            and (
                obj_description(c.oid, 'pg_class') is null
                or col_description(c.oid, a.attnum) is null
            )
        """
    ) == []  # fmt: skip


def test_nothing_of_the_ledger_is_open_to_everybody(project: Project) -> None:
    project.file(1, "select 1;")
    project.migrate()
    assert not project.value("select has_schema_privilege('public', 'dbtool', 'usage')")


def test_status_tells_every_state(project: Project) -> None:
    for number in (1, 2, 3):
        project.file(number, f"select {number};")
    assert {line["state"] for line in project.run("status", "--json").json["migrations"]} == {
        "pending"
    }
    project.migrate()
    assert project.run("status", "--exit-code").code == 0
    project.file(2, "select 'edited';")
    project.root.joinpath("wish/migrations/V0003__Step_3.sql").unlink()
    result = project.run("status", "--json", "--exit-code")
    assert result.code == 4
    assert [(line["version"], line["state"]) for line in result.json["migrations"]] == [
        (1, "applied"),
        (2, "edited"),
        (3, "missing"),
    ]
    project.file(2, "select 2;")
    project.file(3, "select 3;")
    project.file(4, "select 4;")
    assert project.run("status", "--exit-code").code == 3
    text = project.run("status").out
    assert "wish  pending      4  Step 4" in text
    assert "by postgres" in text


def test_a_ledger_of_a_newer_dbtool_is_left_alone(project: Project) -> None:
    project.file(1, "select 1;")
    project.migrate()
    project.query("update dbtool.settings set value = '99' where key = 'ledger_version'")
    project.file(2, "select 2;")
    result = project.run("migrate")
    assert result.code == 7
    assert "Upgrade dbtool" in result.err


def test_an_older_ledger_is_upgraded_in_place(project: Project) -> None:
    project.file(1, "select 1;")
    project.migrate()
    project.query("update dbtool.settings set value = '0' where key = 'ledger_version'")
    project.query("drop table dbtool.repairs")
    project.migrate()
    assert project.value("select count(*) from dbtool.repairs") == 0
    assert project.versions() == [1]


def test_what_a_file_sets_for_its_session_does_not_reach_the_next(project: Project) -> None:
    project.file(1, "create schema nowhere; set search_path = nowhere; set datestyle = 'German';"
                    " set check_function_bodies = off; set role pg_monitor;")  # fmt: skip
    project.file(
        2,
        "create table seen as select current_user::text as role,"
        " current_setting('datestyle') as datestyle, current_setting('lock_timeout') as lock,"
        " current_setting('check_function_bodies') as bodies;",
    )
    project.migrate()
    assert project.query("select * from public.seen") == [("postgres", "ISO, MDY", "500ms", "on")]


def test_what_the_database_sets_for_its_sessions_is_not_for_the_files(project: Project) -> None:
    project.file(1, "create schema wish;")
    project.file(2, r"select pg_sleep(2.5); create table seen as select '\'::text as sign,"
                    " current_setting('transaction_isolation') as isolation;")  # fmt: skip
    name = project.value("select current_database()")
    # Less than the file takes, and more than a busy machine takes to begin.
    for setting in ("default_transaction_isolation = 'serializable'", "transaction_timeout = '2s'",
                    "statement_timeout = '2s'", "standard_conforming_strings = off",
                    "idle_session_timeout = '2s'"):  # fmt: skip
        # transaction_timeout is of 17 and later.
        with contextlib.suppress(psycopg.errors.UndefinedObject):
            project.query(f"alter database {name} set {setting}")
    project.migrate()
    assert project.query("select * from public.seen") == [("\\", "read committed")]


def test_a_file_that_becomes_somebody_else_is_recorded_all_the_same(
    project: Project, a_role: Callable[[str, str], str]
) -> None:
    role = a_role(project.url, "")
    project.file(1, f"create schema wish authorization {role}; set session authorization {role};"
                    " create table wish.theirs ();")  # fmt: skip
    project.file(2, "create table wish.ours ();")
    project.migrate()
    assert project.versions() == [1, 2]
    assert project.value("select tableowner from pg_tables where tablename = 'ours'") == "postgres"


def test_a_run_that_died_after_the_files_is_finished_by_the_next(project: Project) -> None:
    project.file(1, "select 1;")
    project.migrate()
    project.query("insert into dbtool.settings values ('unfinished', 'yes')")
    project.query("delete from dbtool.fingerprints")
    project.query("create table stray ()")
    assert project.run("plan", "--exit-code").code == 3
    assert "are still to follow" in project.run("status").out
    project.migrate()
    assert project.query("select from dbtool.settings where key = 'unfinished'") == []
    assert project.run("plan", "--exit-code").code == 0


def test_what_was_applied_before_a_failure_is_no_drift(project: Project) -> None:
    project.file(1, "create schema wish;")
    project.migrate()
    project.file(2, "create table wish.two ();")
    project.file(3, "create table wish.three (); select 1 / 0;")
    assert project.run("migrate").code == 1
    assert project.versions() == [1, 2]
    assert "wish.two" not in project.run("verify").out


def test_a_deferred_constraint_is_reported_with_its_file(project: Project) -> None:
    project.file(
        1,
        "create table parent (id int primary key);\n"
        "create table child (id int references parent deferrable initially deferred);\n"
        "insert into child values (7);\n",
    )
    result = project.run("migrate")
    assert result.code == 1
    assert "V0001__Step_1.sql:3:1: insert or update" in result.err
    assert "SQLSTATE 23503" in result.err
    assert "Key (id)=(7) is not present" in result.err


def test_the_ledger_can_be_read_on_a_server_without_one(project: Project) -> None:
    project.file(1, "select 1;")
    with psycopg.connect(project.url, autocommit=True) as connection:
        connection.execute("alter database " + connection.info.dbname + " set search_path = ''")
    assert project.run("status", "--exit-code").code == 3
