"""What the parser of test files accepts, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from dbtool import sqltests
from dbtool.errors import FileError


def write(folder: Path, text: str) -> Path:
    path = folder / "example.sql"
    path.write_text(text)
    return path


def test_setup_and_cases_keep_their_lines(tmp_path: Path) -> None:
    text = """-- What the file is about.
create table pg_temp.a ();

-- case: first one
select pass();
select
    pass();

-- case:  second one
-- Why it is there.
select pass() -- said at the end
;
"""
    file = sqltests.parse(write(tmp_path, text))
    assert [statement.line for statement in file.setup] == [2]
    assert [(case.title, case.line) for case in file.cases] == [
        ("first one", 4),
        ("second one", 9),
    ]
    assert [statement.line for statement in file.cases[0].statements] == [5, 6]
    assert file.cases[1].statements[0].text == "select pass()"
    assert file.text[file.cases[1].statements[0].offset :].startswith("select pass()")


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 1, "no case"),
        ("select ok(true);\n", 1, "no case"),
        ("-- case: a\nselect ok(true);\n-- case: a\nselect ok(true);\n", 3, "second case 'a'"),
        ("-- case:\nselect ok(true);\n", 1, "empty case"),
        ("-- case: a\n-- case: b\nselect ok(true);\n", 1, "empty case"),
        ("-- case: a\nselect ok(true)\n", 2, "no semicolon"),
        (
            "-- case: a\nselect ok(true);\nselect 'x;\n-- case: b\nselect ok(true);\n",
            3,
            "semicolon",
        ),
        ("-- case: a\ndo $$ begin\n-- case: b\nselect ok(true);\n", 2, "semicolon"),
        ("-- case: a\nselect ok(true); /* select fail();\n", 2, "comment is not closed"),
        ("select 1\n-- case: a\nselect ok(true);\n", 1, "no semicolon"),
        ("-- case: a\nselect ok(true);\n--case: b\nselect fail();\n", 3, "not quite a marker"),
        ("-- case: a\nselect ok(true);\n  -- case: b\nselect fail();\n", 3, "not quite a marker"),
        ("-- case: a\nselect ok(true);\n-- Case: b\nselect fail();\n", 3, "not quite a marker"),
        ("-- case: a\nselect ok(true);\n-- cases: b\nselect fail();\n", 3, "not quite a marker"),
        ("-- case: a\nselect ok(true);\n-- case b\nselect fail();\n", 3, "not quite a marker"),
        ("-- case: a\nselect ok(true);\n/* case: b */\nselect fail();\n", 3, "not quite a marker"),
        ("-- case: a\ncommit;\nselect ok(true);\n", 2, "savepoint"),
        ("-- case: a\nrollback to savepoint x;\nselect ok(true);\n", 2, "savepoint"),
        ("begin;\n-- case: a\nselect ok(true);\n", 1, "savepoint"),
        ("-- case: a\nprepare transaction 'x';\nselect ok(true);\n", 2, "savepoint"),
    ],
)
def test_what_could_hide_a_case_is_refused(
    tmp_path: Path, text: str, line: int, problem: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(FileError) as error:
        sqltests.parse(path)
    assert f"example.sql:{line}: " in str(error.value)
    assert problem in str(error.value)


def test_a_function_body_is_no_transaction_control(tmp_path: Path) -> None:
    text = "-- case: a\ncreate function pg_temp.f() returns int begin atomic select 1; end;\n"
    file = sqltests.parse(write(tmp_path, text + "select ok(true);\n"))
    assert len(file.cases[0].statements) == 2


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "example.sql"
    path.write_bytes(b"-- case: a\nselect '\xff';\n")
    with pytest.raises(FileError, match="not UTF-8"):
        sqltests.parse(path)
