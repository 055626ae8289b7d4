"""Order: numbers and files, checked offline and against the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from runner_project import Project

from dbtool.config import Source
from dbtool.errors import FileError
from dbtool.migrations import check, create, discover

NOWHERE = "host=/nonexistent user=nobody"


@pytest.fixture
def source(tmp_path: Path) -> Source:
    (tmp_path / "migrations").mkdir()
    return Source("wish", tmp_path, ("wish",))


def write(source: Source, name: str, text: str = "select 1;") -> Path:
    path = source.folder("migrations") / name
    path.write_text(text)
    return path


def test_files_are_sorted_by_number_and_know_their_undo(source: Source) -> None:
    for name in ("V10__Ten.sql", "V2__Two_words.sql", "V1__One.sql", "U2__Two_words.sql"):
        write(source, name)
    for number in range(3, 10):
        write(source, f"V{number:04}__N.sql")
    write(source, "README.md")
    found = discover(source)
    assert [migration.version for migration in found] == list(range(1, 11))
    assert found[1].description == "Two words"
    assert found[1].undo == source.folder("migrations") / "U2__Two_words.sql"
    assert found[0].undo is None


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (("V1__A.sql", "V2__B.sql", "V0002__C.sql"), "number 2 is already taken by V0002__C.sql"),
        (("V1__A.sql", "V3__B.sql"), r"V3__B\.sql: number 2 is missing"),
        (("V2__A.sql",), "number 1 is missing"),
        (("V0__A.sql",), r"V0__A\.sql: number 1 is missing"),
        (("V1__A.sql", "v2__B.sql"), r"v2__B\.sql: not a name"),
        (("V1__A.sql", "V2_B.sql"), "not a name"),
        (("V1__A.sql", "V2__B.SQL"), "not a name"),
        (("V1__A.sql", "V1.1__B.sql"), "not a name"),
        (("V1__A.sql", "R__functions.sql"), "not a name"),
        (("V1__A.sql", "U1__A.sql", "U2__B.sql"), r"U2__B\.sql: there is no V file"),
        ((), "holds no V files"),
    ],
)
def test_bad_names_and_numbers_are_refused(
    source: Source, names: tuple[str, ...], problem: str
) -> None:
    for name in names:
        write(source, name)
    with pytest.raises(FileError, match=problem):
        discover(source)


@pytest.mark.parametrize(
    "statement",
    ["begin", "BEGIN WORK", "start transaction", "commit", "end", "rollback", "abort",
     "savepoint a", "release savepoint a", "rollback to a", "prepare transaction 'x'",
     "rollback prepared 'x'", "commit and chain",
     "set session characteristics as transaction read only"],
)  # fmt: skip
def test_transaction_control_is_refused_with_its_line(source: Source, statement: str) -> None:
    write(source, "V1__A.sql", f"select 1;\n/* {statement}; */\n{statement};\n")
    with pytest.raises(FileError, match=r"V1__A\.sql:3: .* transaction of this file"):
        check(discover(source)[0])


@pytest.mark.parametrize(
    "text",
    [
        "do $$ begin commit; end $$",
        "select 'begin; commit'",
        "create function f() returns int begin atomic select 1; end",
        "alter table begin_table rename to commit",
        "set local role x; select 1",
        "set transaction read only; select 1",
    ],
)
def test_what_only_looks_like_transaction_control_passes(source: Source, text: str) -> None:
    write(source, "V1__A.sql", text)
    assert check(discover(source)[0]).transactional


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "does nothing yet"),
        ("-- only this", "does nothing yet"),
        ("set local role shop_owner;", "does nothing yet"),
        ("select 1;\n\\i other.sql\n", ":2: commands of psql"),
        ("select 1;\ncopy t from stdin;\n", ":2: COPY cannot"),
        ("-- dbtool: no-transaction\nselect 1;\nselect 2;", ":3: .*one statement"),
        ("-- dbtool: no-transaction\ncreate index concurrently if not exists i on t (a)",
         ":2: IF NOT EXISTS"),
        ("-- dbtool: no-transaction\ncreate index concurrently on t (a)", ":2: .*needs a name"),
    ],
)  # fmt: skip
def test_what_could_not_be_undone_or_resumed_is_refused(
    source: Source, text: str, problem: str
) -> None:
    write(source, "V1__A.sql", text)
    with pytest.raises(FileError, match=problem):
        check(discover(source)[0])


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("create index concurrently i on t (a)", ("t", "i")),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY s.t USING btree (a)", ("s.t", "i")),
        ('create index concurrently "I ""x""" on "S p"."T" (a)', ('"S p"."T"', '"I ""x"""')),
        ("create /* why */ index concurrently -- or\n i on\n s . t(a)", ("s.t", "i")),
        ("drop index concurrently s.i", None),
        ("reindex index concurrently s.i", None),
        ("alter type s.mood add value 'x'", None),
        ("vacuum s.t", None),
    ],
)
def test_the_concurrent_index_of_a_file_is_known(
    source: Source, statement: str, expected: tuple[str, str] | None
) -> None:
    write(source, "V1__A.sql", f"-- dbtool: no-transaction\n{statement};")
    assert check(discover(source)[0]).index == expected


def test_only_files_whose_waiting_stops_nobody_wait_long(source: Source) -> None:
    texts = {
        1: "alter table t validate constraint c;",
        2: "set local role o; alter table t validate constraint c; "
        "alter table t validate constraint d;",
        3: "alter table t add a int; alter table t validate constraint c;",
        4: "-- dbtool: no-transaction\ncreate index concurrently i on t (a);",
    }
    for number, text in texts.items():
        write(source, f"V{number}__A.sql", text)
    assert [check(migration).slow_locks for migration in discover(source)] == [
        True, True, False, True,
    ]  # fmt: skip


def test_new_takes_the_next_number_and_never_overwrites(source: Source) -> None:
    write(source, "V0001__A.sql")
    up, down = create(source, "Add wishlists, für Ü!")
    assert (up.name, down.name) == (
        "V0002__Add_wishlists_fur_U.sql",
        "U0002__Add_wishlists_fur_U.sql",
    )
    assert create(source, "more")[0].name == "V0003__more.sql"
    with pytest.raises(FileError, match="does nothing yet"):
        check(discover(source)[1])
    with pytest.raises(FileError, match="leaves nothing"):
        create(source, "…")


def test_new_writes_numbers_as_wide_as_those_that_are_there(source: Source) -> None:
    for number in range(1, 10):
        write(source, f"V{number}__A.sql")
    assert create(source, "b")[0].name == "V10__b.sql"


def test_new_writes_the_owner_of_the_source(tmp_path: Path) -> None:
    up, _ = create(Source("wish", tmp_path, (), "wish_owner"), "a")
    assert "set local role wish_owner;" in up.read_text()


def test_new_does_not_write_into_the_installed_package(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="installed package"):
        create(Source("shop", tmp_path / "_packaged", ()), "a")


def test_numbers_are_refused_offline_without_psycopg(offline: Project) -> None:
    offline.file(1, "select 1;")
    offline.file(3, "select 1;")
    script = (
        "import sys; sys.argv = ['dbtool', 'plan', '--offline', '--database-url', 'x'];"
        "from dbtool.cli import main\n"
        "try: main()\n"
        "finally: print('psycopg' in sys.modules)"
    )
    result = offline.python(script)
    assert (result.code, result.out.strip()) == (2, "False")
    assert "V0003__Step_3.sql: number 2 is missing" in result.err


def test_plan_offline_lists_every_file(offline: Project) -> None:
    offline.file(1, "select 1;")
    offline.file(2, "-- dbtool: no-transaction\n-- dbtool: lock_timeout=1h\nvacuum;")
    result = offline.run("plan", "--offline", "--json", "--database-url", NOWHERE)
    assert [(f["version"], f["kind"], f["options"]) for f in result.json["pending"]] == [
        (1, "transaction", []),
        (2, "no-transaction", ["lock_timeout=1h"]),
    ]


def test_out_of_order_needs_the_flag(project: Project) -> None:
    for number in (1, 2, 3):
        project.file(number, f"create table t{number} ();")
    project.migrate("--target", "1")
    # As if version 3 had come from another branch and been applied first.
    project.query(
        "insert into dbtool.migrations (source, version, description, file_name, script, checksum,"
        " kind, state) select source, 3, 'Step 3', 'V0003__Step_3.sql', script,"
        f" '{discover(Source('wish', project.root / 'wish', ()))[2].checksum}', kind, state"
        " from dbtool.migrations"
    )
    project.query("create table t3 ()")
    refused = project.run("migrate")
    assert refused.code == 7
    assert "V0002__Step_2.sql: is pending, and number 3 is applied already" in refused.err
    assert project.versions() == [1, 3]
    assert project.run("plan").code == 7
    project.migrate("--out-of-order")
    assert project.versions() == [1, 2, 3]


def test_a_target_stops_there_and_must_exist(project: Project) -> None:
    for number in (1, 2, 3):
        project.file(number, f"create table t{number} ();")
    assert project.run("migrate", "--target", "9").code == 2
    assert project.run("migrate", "--target", "0").code == 2
    assert project.run("migrate", "--target", "two").code == 2
    project.migrate("--target", "wish:2")
    assert project.versions() == [1, 2]
    assert project.run("plan", "--exit-code").code == 3
    project.migrate()
    assert project.versions() == [1, 2, 3]
