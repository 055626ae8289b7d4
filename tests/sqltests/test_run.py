"""How cases run, and that a broken one cannot pass."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dbtool import sqltests
from dbtool.errors import SqlError

Connect = Callable[..., psycopg.Connection[Any]]
Run = Callable[[str], list[sqltests.CaseResult]]


@pytest.fixture
def run(connect: Connect, server_url: str, tmp_path: Path) -> Run:
    """Run the text of a test file, which leaves nothing behind."""

    def run(text: str) -> list[sqltests.CaseResult]:
        path = tmp_path / "example.sql"
        path.write_text(text)
        connection = connect(server_url, autocommit=True, prepare_threshold=None)
        return list(sqltests.run_paths(connection, [path]))

    return run


def failures(results: list[sqltests.CaseResult]) -> dict[str, str]:
    return {result.title: result.failure for result in results if not result.is_ok}


def test_each_case_starts_from_the_setup(run: Run) -> None:
    results = run("""
create table public.things (id int);
insert into public.things values (1);

-- case: adds a row
insert into public.things values (2);
create role sqltests_visitor;
set local role sqltests_visitor;
select is(current_user::text, 'sqltests_visitor', 'the role');

-- case: sees one row, as before
select is((select count(*) from public.things), 1, 'one row');
select isnt(current_user::text, 'sqltests_visitor', 'the role is back');
select hasnt.n from (select count(*) as n from pg_roles where rolname ~ 'sqltests') as hasnt;
""")
    assert failures(results) == {}
    assert [len(result.assertions) for result in results] == [1, 2]
    assert all(result.seconds > 0 for result in results)


def test_a_failing_assertion_says_where_and_what(run: Run) -> None:
    (result,) = run("""-- case: counts
select pass('first');

-- said before the statement
select
    is(1 + 1, 3, 'adds up');
select pass('goes on');
""")
    assert not result.is_ok
    assert not result.failure
    assert [one.is_ok for one in result.assertions] == [True, False, True]
    failed = result.assertions[1]
    assert (failed.title, failed.line) == ("adds up", 5)
    assert failed.diagnostics.split("\n") == [
        '# Failed test 2: "adds up"',
        "#         have: 2",
        "#         want: 3",
    ]


def test_an_error_fails_the_case_and_no_other(run: Run) -> None:
    results = run("""
-- case: divides
select pass('first');
select
    1 / 0;

-- case: goes on
select pass('second');
""")
    failure = failures(results)["divides"]
    assert "example.sql:4:" in failure
    assert "division by zero [SQLSTATE 22012]" in failure
    assert len(results) == 2


def test_detail_and_hint_are_shown(run: Run) -> None:
    (result,) = run("""-- case: a
do $$ begin raise 'no' using errcode = 'SHI01', detail = '{"sku": "A"}', hint = 'ask'; end $$;
""")
    for part in ("SQLSTATE SHI01", 'DETAIL: {"sku": "A"}', "HINT: ask"):
        assert part in result.failure


def test_deferred_constraints_are_checked_at_the_end(run: Run) -> None:
    results = run("""
create table public.a (id int primary key);
create table public.b (id int references public.a deferrable initially deferred);

-- case: leaves an orphan
insert into public.b values (1);
select pass('inserted');

-- case: brings the parent along
insert into public.b values (1);
insert into public.a values (1);
select pass('inserted');
""")
    failure = failures(results)["leaves an orphan"]
    assert failure.startswith("at the end of the case: ")
    assert "SQLSTATE 23503" in failure
    assert results[1].is_ok


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        ("do $$ begin perform tap.is(1, 2); end $$; select pass();", "2 assertions ran, but 1"),
        ("do $$ begin perform tap.is(1, 2); end $$;", "1 assertions ran, but 0"),
        (
            "do $$ begin perform tap.is(1, 2); raise 'x'; exception when others then null; end $$;"
            " select pass();",
            "2 assertions ran, but 1",
        ),
        ("select length(is(1, 2)); select pass();", "2 assertions ran, but 1"),
        ("create table public.kept as select is(1, 2); select pass();", "2 assertions ran, but 1"),
        ("select 'ok 1 - forged';", "0 assertions ran, but 1"),
        ("select pass(); select 'ok 2 - forged'::text;", "1 assertions ran, but 2"),
        ("select is(1, 2) where false; select pass();", "returned no row"),
        ("select  tap.throws_ok('select 1') limit 0; select pass();", "returned no row"),
        ("with x as (select 1 as a) select is(a, 2) from x where false;", "returned no row"),
        ("select 1;", "asserts nothing"),
        ("select is(null::int, 1), ok(null);", ""),
        ("select nothing_like_it(1);", "SQLSTATE 42883"),
        ("copy (select 1) to stdout; select pass();", "COPY cannot talk"),
    ],
)
def test_a_broken_case_fails(run: Run, case: str, problem: str) -> None:
    (result,) = run(f"-- case: broken\n{case}\n")
    assert not result.is_ok
    assert problem in result.failure


def test_a_failing_setup_fails_every_case(run: Run) -> None:
    results = run("select 1 / 0;\n-- case: a\nselect pass();\n-- case: b\nselect pass();\n")
    assert list(failures(results)) == ["a", "b"]
    assert all("22012" in failure for failure in failures(results).values())


@pytest.mark.parametrize("call", ["select tap.pass();", "do $$ begin perform tap.fail(); end $$;"])
def test_the_setup_may_not_assert(run: Run, call: str) -> None:
    (result,) = run(f"{call}\n-- case: a\nselect pass();\n")
    assert "only a case may" in result.failure


def test_what_a_folder_shares_runs_before_each_setup(run: Run, tmp_path: Path) -> None:
    (tmp_path / "_setup.sql").write_text("""
create role sqltests_shopper;
create table public.things as select 1 as id;
grant all on public.things to sqltests_shopper;
set local role sqltests_shopper;
""")
    results = run("""
insert into public.things values (2);

-- case: has both
select is((select count(*) from public.things), 2, 'two rows');
select is(current_user::text, 'sqltests_shopper', 'the role');
delete from public.things;

-- case: again
select is((select count(*) from public.things), 2, 'two rows');
""")
    assert failures(results) == {}
    assert len(results) == 2


def test_a_folder_shares_nothing_with_those_in_it(run: Run, tmp_path: Path) -> None:
    (tmp_path.parent / "_setup.sql").write_text("select 1 / 0;\n")
    try:
        (result,) = run("-- case: a\nselect pass();\n")
    finally:
        (tmp_path.parent / "_setup.sql").unlink()
    assert result.is_ok


@pytest.mark.parametrize(
    ("shared", "problem"),
    [
        ("select 1;\nselect 1 / 0;\n", "_setup.sql:2:1: division by zero"),
        ("select 1;\nselect tap.pass();\n", "_setup.sql:1: it asserts something; only a case may"),
        ("select 1;\n-- case: b\nselect pass();\n", "_setup.sql:2: a case in what every setup"),
        ("select 1;\n-- Case b\nselect pass();\n", "_setup.sql:2: a case in what every setup"),
        ("select 1;\nrollback;\n", "_setup.sql:2: rollback would end the savepoint"),
        ("select 1;\nselect 2\n", "_setup.sql:2: a statement has no semicolon"),
    ],
)
def test_what_a_folder_shares_is_held_to_the_rules_of_a_setup(
    run: Run, tmp_path: Path, shared: str, problem: str
) -> None:
    (tmp_path / "_setup.sql").write_text(shared)
    (result,) = run("select 1;\n-- case: a\nselect pass();\n")
    assert problem in result.failure


def test_what_a_folder_shares_is_no_test(tmp_path: Path) -> None:
    for name in ("_setup.sql", "_assert.sql", "example.sql"):
        (tmp_path / name).touch()
    assert sqltests.discover([], [tmp_path]) == [tmp_path / "example.sql"]
    assert sqltests.discover([], [tmp_path / "_setup.sql"]) == []


def test_a_malformed_file_is_a_failed_case(run: Run) -> None:
    (result,) = run("select 1;\n")
    assert not result.is_ok
    assert "no case" in result.failure


def test_several_results_in_one_statement_are_all_read(run: Run) -> None:
    (result,) = run("""-- case: many
select ok(g.n > 1, 'row ' || g.n), pass('beside'), g.n, null::text
from generate_series(1, 2) as g (n);
select skip('not here', 2);
""")
    assert [one.is_ok for one in result.assertions] == [False, True, True, True, True, True]


def test_assertions_work_for_any_role_and_where_nothing_can_be_written(run: Run) -> None:
    results = run("""
-- case: a role without rights
create role sqltests_nobody;
set local role sqltests_nobody;
select throws_ok('create schema x', '42501', null, 'it may not');
select results_eq('select 1', array[1], 'it may read');

-- case: a read-only transaction
set local transaction_read_only = on;
select throws_ok('create schema x', '25006', null, 'it may not');
select is_empty('select 1 where false', 'it may read');
""")
    assert failures(results) == {}


def test_nothing_stays(run: Run, connect: Connect, server_url: str) -> None:
    run("create table public.a ();\n-- case: a\ncreate table public.b ();\nselect pass();\n")
    with connect(server_url) as connection:
        found = connection.execute(
            "select count(*) from pg_class where relname in ('a', 'b')"
            " union all select count(*) from pg_namespace where nspname = 'tap'"
        ).fetchall()
    assert found == [(0,), (0,)]


def test_a_lost_connection_ends_the_run(run: Run) -> None:
    with pytest.raises(SqlError, match=r"example\.sql:2:"):
        run("-- case: a\nselect pg_terminate_backend(pg_backend_pid());\n")
