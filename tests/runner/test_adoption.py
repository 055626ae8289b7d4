"""Existing databases, libpq's own settings, and roles without superuser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from runner_project import Project

ARole = Callable[[str, str], str]


@pytest.fixture
def adopted(project: Project) -> Project:
    """Three files, and a database in which the first two were run by something else."""
    for number in (1, 2, 3):
        project.file(number, f"create table t{number} ();")
    project.query("create table t1 (); create table t2 ();")
    return project


def test_a_baseline_takes_all_up_to_it_as_applied(adopted: Project) -> None:
    result = adopted.run("baseline", "--version", "2", "--env", "production")
    assert result.code == 0, result.err
    assert adopted.query(
        "select version, kind, state, file_name, script, checksum from dbtool.migrations"
    ) == [(2, "baseline", "applied", None, None, None)]
    assert adopted.value("select value from dbtool.settings where key = 'environment'") == (
        "production"
    )
    states = adopted.run("status", "--json").json["migrations"]
    assert [line["state"] for line in states] == ["baseline", "baseline", "pending"]
    adopted.migrate("--env", "production")
    assert adopted.versions() == [2, 3]
    assert adopted.migrate("--env", "production").out == "nothing to apply: up to date\n"


def test_files_below_a_baseline_may_change(adopted: Project) -> None:
    adopted.run("baseline", "--version", "2")
    adopted.file(1, "select 'rewritten';")
    adopted.migrate()
    assert adopted.run("repair", "2", "--show").code == 7


def test_a_baseline_stores_a_fingerprint(adopted: Project) -> None:
    adopted.query("create schema wish; create table wish.old (a int)")
    adopted.run("baseline", "--version", "2")
    assert adopted.run("verify").code == 0
    adopted.query("alter table wish.old add b int")
    assert adopted.run("verify").code == 4


def test_a_baseline_refuses_a_database_with_migrations(adopted: Project) -> None:
    assert adopted.run("baseline", "--version", "2").code == 0
    again = adopted.run("baseline", "--version", "3")
    assert again.code == 7
    assert "has migrations in the ledger already" in again.err


@pytest.mark.parametrize("version", ["9", "0", "x"])
def test_a_baseline_needs_a_version_that_there_is(adopted: Project, version: str) -> None:
    assert adopted.run("baseline", "--version", version).code == 2
    assert adopted.query("select from pg_namespace where nspname = 'dbtool'") == []


@pytest.fixture
def elsewhere(project: Project, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What libpq needs to find the test database, which nothing else names."""
    monkeypatch.delenv("DATABASE_URL")
    project.file(1, "create table one ();")
    found = conninfo_to_dict(project.url)
    return {key: str(value) for key, value in found.items()}


def test_libpq_environment(project: Project, elsewhere: dict[str, str]) -> None:
    result = project.run(
        "migrate",
        PGHOST=elsewhere["host"],
        PGPORT=elsewhere.get("port", "5432"),
        PGUSER=elsewhere["user"],
        PGDATABASE=elsewhere["dbname"],
    )
    assert result.code == 0, result.err
    assert project.versions() == [1]


@pytest.mark.parametrize("how", ["environment", "option"])
def test_libpq_service_file(
    project: Project, elsewhere: dict[str, str], tmp_path: Path, how: str
) -> None:
    lines = "\n".join(f"{key}={value}" for key, value in elsewhere.items())
    (tmp_path / "services").write_text(f"[shop]\n{lines}\n")
    options = ("--database-url", "service=shop") if how == "option" else ()
    service = {"PGSERVICE": "shop"} if how == "environment" else {}
    files = {"PGSERVICEFILE": str(tmp_path / "services")}
    result = project.run("migrate", *options, **files, **service)
    assert result.code == 0, result.err
    assert project.versions() == [1]


def test_an_unknown_service_is_told(project: Project, elsewhere: dict[str, str]) -> None:
    result = project.run("migrate", PGSERVICE="nope")
    assert result.code == 6
    assert 'definition of service "nope" not found' in result.err


def test_the_option_wins_over_the_environment(project: Project) -> None:
    project.file(1, "create table one ();")
    result = project.run("migrate", "--database-url", project.url, DATABASE_URL="host=/nonexistent")
    assert result.code == 0, result.err


OWNER_FILE = """
do $block$
begin
    create role {role};
exception when duplicate_object or unique_violation then
    null;
end;
$block$;
grant {role} to current_user;
set local role {role};
create schema wish;
"""


def as_user(project: Project, user: str, **more: str) -> str:
    return make_conninfo(project.url, user=user, **more)


def own_database(project: Project, user: str) -> None:
    database = conninfo_to_dict(project.url)["dbname"]
    project.query(f"alter database {database} owner to {user}")


def test_an_owner_of_the_database_with_createrole(
    project: Project, a_role: ARole, server_url: str
) -> None:
    deployer = a_role(project.url, "login createrole")
    owner = f"{deployer}_owner"
    own_database(project, deployer)
    project.source(f'name = "wish"\nschemas = ["wish"]\nowner = "{owner}"\n')
    database = conninfo_to_dict(project.url)["dbname"]
    project.file(
        1,
        OWNER_FILE.format(role=owner).replace(
            f"set local role {owner};",
            f"grant create on database {database} to {owner}; set local role {owner};",
        ),
    )
    project.file(2, f"set local role {owner};\ncreate table wish.t (a int);")
    project.file(3, "-- dbtool: no-transaction\ncreate index concurrently t_idx on wish.t (a);")
    try:
        project.migrate("--database-url", as_user(project, deployer))
        assert project.versions() == [1, 2, 3]
        # From then on every member of the owner can migrate, and finds the ledger readable.
        colleague = a_role(project.url, f"login in role {owner}")
        project.file(4, f"set local role {owner};\ncreate table wish.u ();")
        project.migrate("--database-url", as_user(project, colleague))
        project.file(4, f"set local role {owner};\ncreate table wish.u (); -- edited")
        repaired = project.run(
            "repair", "4", "--reason", "r", "--database-url", as_user(project, colleague)
        )
        assert repaired.code == 0, repaired.err
        assert project.query("select version, applied_by from dbtool.migrations order by 1") == [
            (1, deployer), (2, deployer), (3, deployer), (4, colleague),
        ]  # fmt: skip
        owners = """
        select nspowner::regrole::text from pg_namespace where nspname = 'dbtool'
        union select relowner::regrole::text from pg_class
        where relnamespace = 'dbtool'::regnamespace and relkind = 'r'
        union select proowner::regrole::text from pg_proc
        where pronamespace = 'dbtool'::regnamespace
        """
        assert project.query(owners) == [(owner,)]
        stranger = a_role(project.url, "login")
        refused = project.run("status", "--database-url", as_user(project, stranger))
        assert refused.code == 1
        assert "permission denied for schema dbtool" in refused.err
        assert "Connect as a member of the role" in refused.err
    finally:
        with psycopg.connect(project.url, autocommit=True) as connection:
            connection.execute(f"reassign owned by {owner} to postgres".encode())
            connection.execute(f"drop owned by {owner}".encode())
            connection.execute(f"drop role {owner}".encode())


def test_an_owner_of_the_database_without_createrole(project: Project, a_role: ARole) -> None:
    owner = a_role(project.url, "")
    deployer = a_role(project.url, f"login in role {owner}")
    own_database(project, deployer)
    database = conninfo_to_dict(project.url)["dbname"]
    project.query(f"grant create on database {database} to {owner}")
    project.source(f'name = "wish"\nschemas = ["wish"]\nowner = "{owner}"\n')
    project.file(1, f"set local role {owner};\ncreate schema wish; create table wish.t ();")
    project.migrate("--database-url", as_user(project, deployer))
    assert project.versions() == [1]
    assert project.value("select nspowner::regrole::text from pg_namespace"
                         " where nspname = 'dbtool'") == owner  # fmt: skip


def test_without_create_on_the_database_the_statement_to_run_is_named(
    project: Project, a_role: ARole
) -> None:
    user = a_role(project.url, "login")
    project.file(1, "select 1;")
    url = as_user(project, user)
    database = conninfo_to_dict(project.url)["dbname"]
    plan = project.run("plan", "--exit-code", "--database-url", url)
    assert (plan.code, plan.err) == (3, "")
    assert project.run("status", "--database-url", url).code == 0
    refused = project.run("migrate", "--database-url", url)
    assert refused.code == 7
    assert "the ledger cannot be created: permission denied for database" in refused.err
    assert f'grant create on database "{database}" to "{user}";' in refused.err
