"""What the files tell without a database."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dbtool import repeatables
from dbtool.config import Source, packaged_sql, read_source
from dbtool.errors import FileError

FUNCTION = "create or replace function app.one() returns int language sql as $$ select 1 $$;\n"
VIEW = "create or replace view app.ones as select app.one() as one;\n"


def write(root: Path, **files: str) -> Source:
    for name, text in files.items():
        path = root / f"functions/app/{name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return Source("team", root, ("app", "ops"))


def test_finds_every_object_of_the_packaged_files() -> None:
    source = read_source(packaged_sql())
    found = repeatables.discover(source)
    files = {path for kind in ("functions", "checks/health", "checks/invariants")
             for path in source.folder(kind).rglob("*.sql")}  # fmt: skip
    assert {unit.path for unit in found.units} == files


def test_digest_does_not_depend_on_line_ends(tmp_path: Path) -> None:
    first = repeatables.discover(write(tmp_path / "a", one=FUNCTION, ones=VIEW))
    windows = "\ufeff" + FUNCTION.replace("\n", "\r\n")
    second = repeatables.discover(write(tmp_path / "b", one=windows, ones=VIEW))
    assert first.digest == second.digest
    assert first.objects == second.objects


def test_does_not_parse_what_was_applied(tmp_path: Path) -> None:
    source = write(tmp_path, one="create table app.t ();")
    with pytest.raises(FileError):
        repeatables.discover(source, "0123")
    write(tmp_path, one=FUNCTION)
    digest = repeatables.discover(source).digest
    found = repeatables.discover(source, digest)
    assert "units" not in vars(found)
    assert [str(key) for key in found.objects] == ["app.one"]


def test_digest_changes_with_a_body_and_a_grant(tmp_path: Path) -> None:
    texts = [
        FUNCTION,
        FUNCTION.replace("select 1", "select 2"),
        FUNCTION + "grant execute on function app.one() to public;",
    ]
    found = {
        repeatables.discover(write(tmp_path / str(number), one=text)).digest
        for number, text in enumerate(texts)
    }
    assert len(found) == 3


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\n\ncreate table app.t ();", 3, "create table"),
        ("create function app.f() returns int language sql as '1';", 1, "create function"),
        ("create view app.v as select 1;", 1, "create view"),
        ("do $$ begin end $$;", 1, "does not belong here"),
        ("create or replace view v as select 1;", 1, "does not belong here"),
        (
            "create or replace function f(a app.t) returns int language sql as '1';",
            1,
            "does not belong here",
        ),
        (
            "create trigger t after insert on items execute function app.f();",
            1,
            "does not belong here",
        ),
        ("create or replace view core.v as select 1;", 1, "core is not a schema of team"),
        (FUNCTION + "drop view app.v;", 2, "drop"),
    ],
)
def test_refuses_what_is_no_function(tmp_path: Path, text: str, line: int, words: str) -> None:
    source = write(tmp_path, f=text)
    with pytest.raises(FileError, match=re.escape(words)) as caught:
        repeatables.discover(source)
    assert str(caught.value).startswith(f"{tmp_path}/functions/app/f.sql:{line}: ")


def test_refuses_an_object_in_two_files(tmp_path: Path) -> None:
    source = write(tmp_path, a=FUNCTION, b=FUNCTION.replace("one()", "ONE(p_a int)"))
    with pytest.raises(FileError, match=r"b\.sql: app\.one is in .*a\.sql too"):
        repeatables.discover(source)


def test_names_are_read_as_the_server_reads_them(tmp_path: Path) -> None:
    text = """
    CREATE OR REPLACE /* why */ FUNCTION App . "Odd ""name"(p_a int default 1)
    returns int language sql as $x$ create table app.t (); $x$;
    create constraint trigger T after insert on app."Items"
    deferrable for each row execute function app."Odd ""name"();
    """
    keys = repeatables.discover(write(tmp_path, f=text)).objects
    assert set(keys) == {
        repeatables.Key("function", "app", 'Odd "name', ""),
        repeatables.Key("trigger", "app", "t", "Items"),
    }


def test_wraps_checks_where_the_schema_ops_is_managed(tmp_path: Path) -> None:
    source = write(tmp_path)
    for kind, query in (("health", "select 'it''s' -- end"), ("invariants", "select '%'")):
        path = source.folder(f"checks/{kind}") / "disk.sql"
        path.parent.mkdir(parents=True)
        path.write_text(f"-- It's full.\n--\n-- Why.\n{query};\n")
    found = repeatables.discover(source)
    assert [str(key) for key in found.objects] == ["ops.health_disk", "ops.invariant_disk"]
    sql = [unit.sql for unit in found.units]
    assert "security definer" in sql[0]
    assert "comment on function ops.health_disk() is 'It''s full.\n\nWhy.'" in sql
    assert not repeatables.discover(Source("team", tmp_path, ("app",))).units


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a", "select 1; select 2;"),
        ("a", "-- none"),
        ("A-b", "select 1"),
        ("a", "select $check$x$check$"),
    ],
)
def test_refuses_a_check_that_is_not_one_query(tmp_path: Path, name: str, text: str) -> None:
    source = Source("team", tmp_path, ("ops",))
    source.folder("checks/health").mkdir(parents=True)
    (source.folder("checks/health") / f"{name}.sql").write_text(text)
    with pytest.raises(FileError, match="a check is one query"):
        repeatables.discover(source)


def test_flyway_text_has_no_placeholder(tmp_path: Path) -> None:
    source = write(tmp_path, f=FUNCTION.replace("1 $$", "1 -- ${x}\n$$"))
    with pytest.raises(FileError, match=r"f\.sql: Flyway would replace"):
        repeatables.discover(source).flyway()
