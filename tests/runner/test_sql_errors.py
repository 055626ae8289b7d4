"""What PostgreSQL refuses is told with file, line, column, statement, SQLSTATE, DETAIL and HINT."""

from __future__ import annotations

import pytest
from runner_project import Project, Result


def failing(project: Project, text: str) -> Result:
    project.file(1, text)
    result = project.run("migrate")
    assert result.code == 1
    assert project.query("select to_regclass('early')") == [(None,)]
    assert project.versions() == []
    return result


def test_a_syntax_error_has_its_line_and_column(project: Project) -> None:
    result = failing(project, "create table early ();\n\nselect 'é', 1\n  form early;\nselect 1;\n")
    assert "wish/migrations/V0001__Step_1.sql:4:8: syntax error" in result.err
    assert "[SQLSTATE 42601]" in result.err
    assert "     4 |   form early\n       |        ^\n" in result.err.replace(";", "")


def test_a_missing_column_has_its_line_column_and_hint(project: Project) -> None:
    result = failing(
        project, "create table early (amount int);\nselect\n    e.amuont\nfrom early e;"
    )
    assert "V0001__Step_1.sql:3:5: column e.amuont does not exist [SQLSTATE 42703]" in result.err
    assert "     3 |     e.amuont\n       |     ^" in result.err
    assert 'hint: Perhaps you meant to reference the column "e.amount".' in result.err


def test_an_error_at_run_time_names_its_statement(project: Project) -> None:
    result = failing(
        project,
        "create table early (a int); -- first; still first\n"
        "insert into early values (1), (2);\n"
        "/* ; */ update early\nset a = 1 / (a - 2);\n"
        "select 1;\n",
    )
    assert "V0001__Step_1.sql:3:9: division by zero [SQLSTATE 22012]" in result.err
    assert "     3 | /* ; */ update early\n       |         ^\n     4 | set a = 1 / (a - 2);" in (
        result.err
    )


def test_detail_and_constraint_are_shown(project: Project) -> None:
    result = failing(
        project, "create table early (a int primary key);\ninsert into early values (1), (1);"
    )
    assert "V0001__Step_1.sql:2:1: duplicate key value" in result.err
    assert "DETAIL: Key (a)=(1) already exists." in result.err


def test_an_error_inside_a_function_shows_its_context(project: Project) -> None:
    result = failing(
        project,
        "create table early ();\n"
        "create function boom() returns void language plpgsql as $$\n"
        "begin\n    perform 1 / 0;\nend $$;\n"
        "select boom();\n",
    )
    assert "V0001__Step_1.sql:6:1: division by zero" in result.err
    assert "CONTEXT: " in result.err
    assert "PL/pgSQL function boom() line 3 at PERFORM" in result.err


def test_an_error_inside_a_do_block_has_the_line_of_the_file(project: Project) -> None:
    result = failing(
        project,
        "create table early ();\n\ndo $$\nbegin\n    -- why\n"
        "    raise exception 'no %', 'way' using errcode = 'SHX01', detail = 'the detail',"
        " hint = 'the hint';\nend $$;\n",
    )
    assert "V0001__Step_1.sql:6:1: no way [SQLSTATE SHX01]" in result.err
    assert "DETAIL: the detail" in result.err
    assert "hint: the hint" in result.err


def test_a_query_inside_a_function_that_fails_is_shown(project: Project) -> None:
    result = failing(
        project, "create table early ();\ndo $$\nbegin\n    execute 'select nope';\nend $$;\n"
    )
    assert 'V0001__Step_1.sql:4:1: column "nope" does not exist' in result.err
    assert "QUERY: select nope" in result.err


def test_an_error_past_the_end_points_at_the_end(project: Project) -> None:
    result = failing(project, "create table early ();\ncreate table late (a int")
    assert "V0001__Step_1.sql:2:25: syntax error at end of input" in result.err


@pytest.mark.parametrize(
    ("state", "advice"),
    [
        ("53100", "The server's disk is full. Free space there, then run this again."),
        ("42501", "Connect as a member of the role"),
        ("57P01", "An administrator ended the connection."),
    ],
)
def test_what_to_do_is_said_where_the_sqlstate_tells_enough(
    project: Project, state: str, advice: str
) -> None:
    result = failing(
        project,
        "create table early ();\ndo $$ begin raise exception 'could not extend file'"
        f" using errcode = '{state}'; end $$;",
    )
    assert f"[SQLSTATE {state}]" in result.err
    assert advice in result.err


def test_a_statement_that_needs_to_stand_alone_is_told_how(project: Project) -> None:
    result = failing(project, "create table early ();\nvacuum;")
    assert "V0001__Step_1.sql:2:1: VACUUM cannot run inside a transaction block" in result.err
    assert "-- dbtool: no-transaction" in result.err


def test_a_new_enum_value_used_too_early_is_told_how(project: Project) -> None:
    project.file(1, "create type mood as enum ('sad');")
    project.migrate()
    project.file(2, "alter type mood add value 'glad' after 'sad';\nselect 'glad'::mood;")
    result = project.run("migrate")
    assert result.code == 1
    assert "V0002__Step_2.sql:2:8: unsafe use of new value" in result.err
    assert "Use the new value in a later file" in result.err


def test_a_statement_timeout_is_told_how_to_be_raised(project: Project) -> None:
    text = "-- dbtool: statement_timeout=500ms\nselect 1;\nselect pg_sleep(30);"
    result = failing(project, text)
    assert "V0001__Step_1.sql:3:1: canceling statement due to statement timeout" in result.err
    assert "`-- dbtool: statement_timeout=2h`" in result.err


def test_the_usual_statement_timeout_is_that_of_the_settings(project: Project) -> None:
    # The statements that prepare the ledger are under it as well, and must get by.
    project.configure('statement_timeout = "2s"')
    result = failing(project, "select pg_sleep(30);")
    assert "canceling statement due to statement timeout" in result.err


def test_notices_and_warnings_of_a_file_are_shown(project: Project) -> None:
    project.file(
        1,
        "drop table if exists nothing;\ndo $$ begin raise notice 'so far'; raise warning 'so good';"
        " end $$;",
    )
    result = project.migrate()
    assert "NOTICE: so far" in result.err
    assert "WARNING: so good" in result.err
    assert "nothing" not in result.err


def test_of_a_very_long_line_only_the_place_is_shown(project: Project) -> None:
    rows = ",".join(f"({number}, 'x')" for number in range(10_000))
    result = failing(project, f"create table t (a int, b text); insert into t values {rows}, (b);")
    lines = result.err.splitlines()
    assert max(map(len, lines)) < 250
    (mark,) = (number for number, line in enumerate(lines) if line.endswith("^"))
    assert lines[mark - 1][len(lines[mark]) - 1 :] == "b);"


def test_a_server_that_goes_away_is_no_traceback(project: Project) -> None:
    result = failing(
        project, "create table early ();\nselect pg_terminate_backend(pg_backend_pid());"
    )
    assert "terminating connection due to administrator command" in result.err
