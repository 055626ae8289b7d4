"""A team's own SQL beside the packaged one, and how it is configured."""

from __future__ import annotations

from pathlib import Path

import pytest
from runner_project import Project

from dbtool import config
from dbtool.errors import ConfigError, FileError


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*config.LIBPQ_VARIABLES, "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def settings_file(folder: Path, text: str, name: str = "dbtool.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def a_source(folder: Path, text: str = 'name = "wish"\nschemas = ["wish"]') -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return settings_file(folder, text)


def test_without_settings_the_packaged_sql_and_the_embedded_server() -> None:
    settings = config.load()
    assert [source.name for source in settings.sources] == ["shop"]
    assert (settings.sources[0].owner, settings.database_url) == ("shop_owner", None)


def test_a_team_adds_its_folder_after_the_packaged_one(tmp_path: Path) -> None:
    a_source(tmp_path / "db/sql", 'name = "wish"\nschemas = ["wish", "list"]\nowner = "w"')
    settings_file(tmp_path, '[[sources]]\npath = "db/sql"')
    shop, wish = config.load().sources
    assert shop.name == "shop"
    assert wish == config.Source("wish", tmp_path / "db/sql", ("wish", "list"), "w")


def test_pyproject_serves_as_well(tmp_path: Path) -> None:
    a_source(tmp_path / "db")
    settings_file(tmp_path, '[tool.dbtool]\n[[tool.dbtool.sources]]\npath = "db"', "pyproject.toml")
    assert [source.name for source in config.load().sources] == ["shop", "wish"]


def test_settings_are_found_from_a_folder_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_source(tmp_path / "db/sql")
    settings_file(tmp_path, 'packaged = false\n[[sources]]\npath = "db/sql"')
    monkeypatch.chdir(tmp_path / "db/sql")
    found = config.load()
    assert [source.name for source in found.sources] == ["wish"]
    assert found.project == tmp_path


def test_the_order_of_connections(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings_file(
        tmp_path, '[environments.live]\ndatabase_url = "dbname=named"\n[environments.other]'
    )
    monkeypatch.setenv("PGHOST", "h")
    assert config.load().database_url == ""
    monkeypatch.setenv("DATABASE_URL", "dbname=variable")
    assert config.load().database_url == "dbname=variable"
    assert config.load(environment="live").database_url == "dbname=named"
    assert config.load("dbname=option", "live").database_url == "dbname=option"
    assert config.load(environment="other").database_url == "dbname=variable"


def test_the_limits_can_be_set(tmp_path: Path) -> None:
    settings_file(
        tmp_path,
        'lock_timeout = "1s"\nlock_retry = "10min"\nlock_wait = "5s"\nstatement_timeout = "0"',
    )
    found = config.load()
    assert (found.lock_timeout_ms, found.lock_retry_s, found.lock_wait_s) == (1000, 600, 5)
    assert found.statement_timeout_ms == 0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sources = [", r"dbtool\.toml: not TOML"),
        ("unknown = 1", "unknown key 'unknown'"),
        ('sources = "db"', "sources must be a list"),
        ("[[sources]]\n", "needs a path"),
        ('[[sources]]\npath = "nowhere"', "needs a dbtool.toml"),
        ("packaged = false", "leaves no source"),
        ('[[sources]]\npath = "s"\n[[sources]]\npath = "s"', "same name"),
        ('lock_timeout = "5 days"', "lock_timeout needs a value"),
        ('[environments.live]\nurl = "x"', "unknown key 'url'"),
        ("environments = 3", "environments must be a dict"),
    ],
)
def test_malformed_settings_are_named(tmp_path: Path, text: str, problem: str) -> None:
    a_source(tmp_path / "s")
    settings_file(tmp_path, text)
    with pytest.raises(ConfigError, match=problem):
        config.load(environment="live")


@pytest.mark.parametrize(
    "text",
    ["", 'name = "Wish"\nschemas = ["a"]', 'name = "wish"\nschemas = [1]', 'name = "w"\nx = 1'],
)
def test_a_malformed_source_is_named(tmp_path: Path, text: str) -> None:
    a_source(tmp_path / "s", text)
    settings_file(tmp_path, '[[sources]]\npath = "s"')
    with pytest.raises(ConfigError, match=r"s/dbtool\.toml"):
        config.load()


def test_settings_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"none\.toml: cannot be read"):
        config.load(config=tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="there is no source 'x'"):
        config.load().source("x")


def test_sources_are_migrated_in_order_and_may_build_on_each_other(project: Project) -> None:
    project.configure(sources="base wish")
    project.file(1, "create schema base; create table base.t (id int primary key);", source="base")
    functions = project.root / "base/functions/base"
    functions.mkdir(parents=True)
    (functions / "one.sql").write_text(
        "create or replace function base.one() returns int language sql"
        " set search_path = pg_catalog, pg_temp as $$ select 1 $$;"
    )
    project.file(
        1,
        "create schema wish; create table wish.t (id int references base.t, n int"
        " generated always as identity); insert into wish.t (id) select null where base.one() = 1;",
    )
    project.migrate("--database-url", project.url)
    assert project.versions("base") == project.versions("wish") == [1]
    assert project.value("select count(*) from wish.t") == 1
    digests = project.query("select source from dbtool.function_sets order by 1")
    assert digests == [("base",)]


def test_the_packaged_sql_and_a_team_s_own_in_one_database(project: Project) -> None:
    project.configure(packaged=True)
    project.file(1, "create schema wish; create table wish.lists ();")
    project.migrate("--database-url", project.url)
    rows = project.query("select distinct source from dbtool.migrations order by 1")
    assert rows == [("shop",), ("wish",)]
    assert project.migrate("--database-url", project.url).out == "nothing to apply: up to date\n"


def test_a_source_with_functions_alone_needs_no_migrations(project: Project) -> None:
    project.configure(sources="base wish")
    project.file(1, "create schema base; create schema wish;", source="base")
    functions = project.root / "wish/functions/wish"
    functions.mkdir(parents=True)
    (functions / "one.sql").write_text(
        "create or replace function wish.one() returns int language sql"
        " set search_path = pg_catalog, pg_temp as $$ select 1 $$;"
    )
    project.migrate("--database-url", project.url)
    assert project.value("select wish.one()") == 1
