"""A folder of SQL that a test fills, and the `dbtool` command run on it."""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import signal
import subprocess
import sys
import time
import unittest.mock
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dbtool import cli

DBTOOL = (sys.executable, "-m", "dbtool")
PATIENCE_S = 60


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Project:
    """A team's project: `dbtool.toml`, and one or more sources of SQL below it."""

    root: Path
    url: str
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def configure(self, more: str = "", *, packaged: bool = False, sources: str = "wish") -> None:
        """Write the settings; each named source becomes a folder with a schema of its name."""
        lines = [] if packaged else ["packaged = false"]
        lines.append(more)
        for name in sources.split():
            lines.append(f'[[sources]]\npath = "{name}"')
            (self.root / name / "migrations").mkdir(parents=True, exist_ok=True)
            self.source(f'name = "{name}"\nschemas = ["{name}"]\n', name)
        (self.root / "dbtool.toml").write_text("\n".join(lines))

    def source(self, text: str, name: str = "wish") -> None:
        (self.root / name / "dbtool.toml").write_text(text)

    def file(self, number: int, text: str, *, source: str = "wish", kind: str = "V") -> Path:
        """Write a migration."""
        path = self.root / source / "migrations" / f"{kind}{number:04}__Step_{number}.sql"
        path.write_text(text)
        return path

    def run(self, *arguments: str, **environment: str) -> Result:
        """Run the command to its end, in this process unless it needs an environment."""
        if environment:
            result = self._run((*DBTOOL, *arguments), environment)
            assert "Traceback" not in result.err, result.err
            return result
        out, err = io.StringIO(), io.StringIO()
        term = signal.getsignal(signal.SIGTERM)
        threshold = gc.get_threshold()
        try:
            with (
                unittest.mock.patch.object(sys, "argv", ["dbtool", *arguments]),
                contextlib.redirect_stdout(out),
                contextlib.redirect_stderr(err),
                pytest.raises(SystemExit) as ended,
            ):
                cli.main()
        finally:
            signal.signal(signal.SIGTERM, term)
            gc.set_threshold(*threshold)
        code = ended.value.code
        assert isinstance(code, int)
        return Result(code, out.getvalue(), err.getvalue())

    def python(self, script: str) -> Result:
        return self._run((sys.executable, "-c", script), {})

    def _run(self, command: tuple[str, ...], environment: dict[str, str]) -> Result:
        ended = subprocess.run(
            command,
            cwd=self.root,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        return Result(ended.returncode, ended.stdout, ended.stderr)

    def migrate(self, *arguments: str) -> Result:
        """Run `dbtool migrate` and expect it to succeed."""
        result = self.run("migrate", *arguments)
        assert result.code == 0, result.err
        return result

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the command and leave it running."""
        process = subprocess.Popen(
            [*DBTOOL, *arguments],
            cwd=self.root,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process

    def end_processes(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def query(self, query: str) -> list[tuple[Any, ...]]:
        """Run a statement in a session of its own and return its rows."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def value(self, query: str) -> Any:
        return self.query(query)[0][0]

    def versions(self, source: str = "wish") -> list[int]:
        """Return the versions that the ledger calls applied."""
        rows = self.query(
            "select version from dbtool.migrations"
            f" where source = '{source}' and state = 'applied' order by version"
        )
        return [version for (version,) in rows]

    def await_row(self, query: str) -> tuple[Any, ...]:
        """Ask until there is a row: what another session is doing can only be asked."""
        deadline = time.monotonic() + PATIENCE_S
        with psycopg.connect(self.url, autocommit=True) as connection:
            while not (row := connection.execute(query.encode()).fetchone()):
                assert time.monotonic() < deadline, query
                connection.execute("select pg_sleep(0.01)")
        return row

    def await_activity(self, condition: str) -> int:
        """Wait until a session of this database fulfils a condition on pg_stat_activity."""
        # It may fulfil it for a moment only, so what is seen is not asked for again.
        (pid,) = self.await_row(
            "select a.pid from pg_stat_activity as a where a.datname = current_database()"
            f" and a.pid <> pg_backend_pid() and ({condition})"
        )
        return int(pid)

    def await_end(self, pid: int) -> None:
        """Wait until a session has ended."""
        self.await_row(
            f"select 1 where not exists (select from pg_stat_activity where pid = {pid})"
        )
