"""Fingerprints as text, and dbtool as a user calls it."""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dbtool import cli
from dbtool.config import packaged_sql, read_source

PROJECT = packaged_sql().parent
FINGERPRINT = "select kind, object, definition from dbtool.fingerprint(%s)"


def fingerprint(connection: psycopg.Connection[Any], *schemas: str) -> str:
    """Return one paragraph an object, in the order of bytes."""
    rows = connection.execute(FINGERPRINT, (list(schemas or read_source(packaged_sql()).schemas),))
    paragraphs = sorted(f"{kind} {name}\n{definition}\n" for kind, name, definition in rows)
    return "\n".join(paragraphs).replace(f"owner {connection.info.user}", "owner OWNER")


def dbtool(*arguments: str | Path, cwd: Path = PROJECT, code: int = 0) -> str:
    """Run dbtool, expect the exit code, and return what it printed.

    In this process: starting another takes longer than what most commands do.
    """
    printed = io.StringIO()
    with (
        contextlib.chdir(cwd),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sys, "argv", ["dbtool", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    assert (ended.value.code or 0) == code, printed.getvalue()
    return printed.getvalue()


@dataclass
class Team:
    """A folder with a `dbtool.toml`, and a connection to its database in autocommit mode."""

    folder: Path
    url: str
    connection: psycopg.Connection[Any]

    def write(self, files: dict[str, str]) -> None:
        for name, text in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def dbtool(self, *arguments: str | Path, code: int = 0) -> str:
        return dbtool(*arguments, "--database-url", self.url, cwd=self.folder, code=code)

    def execute(self, statement: str) -> None:
        self.connection.execute(statement.encode())

    def fingerprint(self) -> str:
        return fingerprint(self.connection, "app")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(query.encode()).fetchall()

    def versions(self) -> list[int]:
        return [row[0] for row in self.rows("select version from dbtool.migrations order by 1")]
