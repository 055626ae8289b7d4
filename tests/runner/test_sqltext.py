"""The splitter, positions, checksums and headers."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbtool import sqltext
from dbtool.errors import FileError


def texts(text: str) -> list[str]:
    return [statement.text for statement in sqltext.split_statements(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "select ';'",
        "select 'it''s; so'",
        r"select E'\';'",
        r"select e'\\', ';'",
        'select ";" from "a""b;"',
        "select $$;$$",
        "select $tag$ $$ ; $other$ ; $tag$",
        "select $été$ ; $été$",
        "select 1 /* ; /* nested ; */ ; */ + 1",
        "select 1 -- ;\n + 1",
        "create rule r as on insert to t do also (select 1; select 2)",
        "create function f() returns int language sql begin atomic select 1; select 2; end",
        "create or replace procedure p() begin atomic insert into t"
        " select case when true then 1 else case when false then 2 end end; select 3; end",
        "select a$b$, c$b$ from t",
        "select 1$1",
        "do $$ begin raise notice ';'; end $$",
        "select 'no escape \\', 1",
        "select U&'d\\0061t;' , n';', b'1', x';'",
        "update t set atomic = 1 where begin_atomic = 2",
        "select array['x']",
        "table t *",
    ],
)
def test_a_semicolon_inside_does_not_split(whole: str) -> None:
    assert texts(f"{whole}; {whole} ;") == [whole, whole]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("-- only a comment", []),
        (" ;; ; /* x */ ;", []),
        ("select 1", ["select 1"]),
        ("/* a */ select 1; -- b\n;select 2 -- c\n", ["select 1", "select 2"]),
        ("begin; select 1; end", ["begin", "select 1", "end"]),
        ("select 1; create table atomic (begin int); select 2",
         ["select 1", "create table atomic (begin int)", "select 2"]),
        ("select 'open ; \n", ["select 'open ; \n"]),
        ("select 1; /* open ;", ["select 1"]),
        ("select $x$ open ;", ["select $x$ open ;"]),
        ("select (1; 2", ["select (1; 2"]),
        ("select 1); select 2", ["select 1)", "select 2"]),
        ("create table t (a int);\r\nselect 1", ["create table t (a int)", "select 1"]),
    ],
)  # fmt: skip
def test_statements_are_separated(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_a_statement_knows_where_it_stands_and_its_words() -> None:
    text = "-- ä\n\n  select 'a b', \"C\";\n  update Δ set x = 1"
    first, second = sqltext.split_statements(text)
    assert text[first.offset :].startswith("select 'a b'")
    assert (first.line, second.line) == (3, 4)
    assert first.words == ("select",)
    assert second.words == ("update", "δ", "set", "x")


@given(st.text(alphabet="a;'\"$(/*-)\n eE\\\u00e9", max_size=60))
def test_every_statement_is_a_piece_of_the_text_in_order(text: str) -> None:
    end = 0
    for statement in sqltext.split_statements(text):
        assert statement.offset >= end
        end = statement.offset + len(statement.text)
        assert text[statement.offset : end] == statement.text
        assert statement.line == text.count("\n", 0, statement.offset) + 1


def test_positions_count_from_one() -> None:
    text = "ab\ncd\n"
    positions = [sqltext.line_column(text, offset) for offset in (0, 1, 3, 4, 6, 99)]
    assert positions == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 1)]


def test_line_ends_and_byte_order_mark_do_not_change_the_checksum() -> None:
    expected = hashlib.sha256(b"select 1;\nselect 2;\n").hexdigest()
    for text in (
        "select 1;\nselect 2;\n",
        "\ufeffselect 1;\r\nselect 2;\r\n",
        "select 1;\rselect 2;\r",
    ):
        assert sqltext.checksum(text) == expected
    assert sqltext.checksum("select 1;\nselect 2; \n") != expected


def test_a_file_is_read_normalised(tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    path.write_bytes(b"\xef\xbb\xbfselect '\xc3\xa9';\r\n")
    assert sqltext.read_sql(path) == "select 'é';\n"


def test_a_file_that_is_not_utf8_is_named_with_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "latin1.sql"
    path.write_bytes(b"select 1;\nselect 'caf\xe9';\n")
    with pytest.raises(FileError, match=r"latin1\.sql:2: not UTF-8: byte 0xe9 at offset 21"):
        sqltext.read_sql(path)


def test_a_file_that_is_not_there_or_binary_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"gone\.sql: cannot be read"):
        sqltext.read_sql(tmp_path / "gone.sql")
    (tmp_path / "nul.sql").write_bytes(b"select 1\0;")
    with pytest.raises(FileError, match=r"nul\.sql: holds a NUL byte at offset 8"):
        sqltext.read_sql(tmp_path / "nul.sql")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("500ms", 500), ("5s", 5000), ("10min", 600_000), ("2h", 7_200_000), ("0", 0), ("5", None),
     ("5 days", None), ("", None), ("-1s", None), (" 5 s ", 5000)],
)  # fmt: skip
def test_durations(value: str, expected: int | None) -> None:
    assert sqltext.duration_ms(value) == expected


def test_header_options_are_those_of_the_leading_comments() -> None:
    text = "-- Why.\n\n-- dbtool: no-transaction\n--dbtool: lock_timeout = 5s \n\nselect 1;"
    assert sqltext.header_options(text) == {"no-transaction": "", "lock_timeout": "5s"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("-- dbtool: no-transactions\nselect 1;", r"x\.sql:1: .*is unknown"),
        ("-- a\n-- dbtool: lock_timeout=5\nselect 1;", r"x\.sql:2: .*needs a value"),
        ("-- dbtool: no-transaction=yes\nselect 1;", "is unknown"),
        ("select 1;\n-- dbtool: no-transaction\n", r"x\.sql:2: .*at the top"),
    ],
)
def test_a_misspelt_or_misplaced_option_is_refused(text: str, problem: str) -> None:
    with pytest.raises(FileError, match=problem):
        sqltext.header_options(text, Path("x.sql"))


def test_the_lines_of_a_large_file_are_counted_once() -> None:
    class Text(str):
        counted = 0

        def count(self, sub: str, *within: Any) -> int:
            start, end = within
            self.counted += end - start
            return super().count(sub, start, end)

    text = Text("select 1;\n" * 1000)
    assert [found.line for found in sqltext.split_statements(text)] == [*range(1, 1001)]
    assert text.counted < len(text)
