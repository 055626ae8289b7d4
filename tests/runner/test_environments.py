"""A database knows which environment it is."""

from __future__ import annotations

import psycopg
import pytest
from runner_project import Project

from dbtool import ledger
from dbtool.errors import RefusedError


@pytest.fixture
def marked(project: Project) -> Project:
    project.file(1, "select 1;")
    project.migrate("--env", "production")
    project.file(2, "select 2;")
    return project


def mark(project: Project) -> list[tuple[str, ...]]:
    return project.query("select value from dbtool.settings where key = 'environment'")


def test_migrate_marks_an_unmarked_database(project: Project) -> None:
    project.file(1, "select 1;")
    project.migrate()
    assert mark(project) == []
    project.migrate("--env", "staging")
    assert mark(project) == [("staging",)]
    assert "staging" in project.run("status").out


def test_production_must_be_said(marked: Project) -> None:
    result = marked.run("migrate")
    assert result.code == 7
    assert "marked production" in result.err
    assert "Say --env production." in result.err
    assert marked.versions() == [1]
    assert marked.run("migrate", DBTOOL_ENV="production").code == 0
    assert marked.versions() == [1, 2]


def test_production_must_be_said_even_with_nothing_to_do(marked: Project) -> None:
    marked.migrate("--env", "production")
    assert marked.run("migrate").code == 7


def test_another_environment_is_refused(marked: Project) -> None:
    result = marked.run("migrate", "--env", "staging")
    assert result.code == 7
    assert "marked 'production', not 'staging'" in result.err
    assert mark(marked) == [("production",)]


def test_a_database_marked_otherwise_may_be_migrated_without_saying(project: Project) -> None:
    project.file(1, "select 1;")
    project.migrate("--env", "dev")
    project.file(2, "select 2;")
    project.migrate()
    assert project.versions() == [1, 2]


@pytest.mark.parametrize(
    "command", [("repair", "1", "--reason", "x"), ("baseline", "--version", "1")]
)
def test_every_writer_is_guarded(marked: Project, command: tuple[str, ...]) -> None:
    marked.file(1, "select 'edited';")
    assert marked.run(*command).code == 7


@pytest.mark.parametrize("command", ["status", "plan"])
def test_readers_are_not(marked: Project, command: str) -> None:
    assert marked.run(command).code == 0


def test_development_commands_refuse_production(marked: Project) -> None:
    with psycopg.connect(marked.url, autocommit=True) as connection:
        with pytest.raises(RefusedError, match="undo is refused"):
            ledger.guard_not_production(connection, "undo")
        connection.execute("update dbtool.settings set value = 'dev' where key = 'environment'")
        ledger.guard_not_production(connection, "undo")


def test_a_named_environment_brings_its_url(project: Project, empty_database: str) -> None:
    project.file(1, "select 1;")
    project.configure(f'[environments.dev]\ndatabase_url = "{empty_database}"')
    result = project.run("migrate", "--env", "dev", DATABASE_URL="host=/nonexistent")
    assert result.code == 0, result.err
    assert mark(project) == [("dev",)]


def test_a_misspelt_environment_is_not_taken_for_a_new_one(project: Project) -> None:
    project.file(1, "select 1;")
    project.configure("[environments.staging]")
    result = project.run("migrate", "--env", "stagin")
    assert result.code == 2
    assert "there is no environment 'stagin'" in result.err
    assert "hint: There are: staging." in result.err
    project.migrate("--env", "")
    assert mark(project) == []
    assert project.run("plan", "--env", "", "--exit-code").code == 0
