"""Lint a folder of SQL: form (sqlfluff), unsafe DDL (squawk), our files, and the catalogue."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dbtool import lintrules, migrations, sqltext
from dbtool.config import Settings, Source, packaged_sql
from dbtool.errors import ConfigError, DbtoolError, FileError
from dbtool.lintrules import Finding

if TYPE_CHECKING:
    from dbtool.database import Connection

INSTALL = "pip install 'sqlfluff==4.5.0' 'squawk-cli==2.70.0'"
OLDEST_SERVER = "15.0"
# Below, sqlfluff takes longer to start its processes than to do the work in one.
FEW = 20
# What squawk asks for and we do otherwise:
NOT_OURS = (
    # the runner sets both, for every file;
    "require-lock-timeout",
    "require-statement-timeout",
    # a transactional file leaves nothing half done, and another one is resumed by the runner;
    "prefer-robust-stmts",
    # quantities are bounded by a CHECK; that keys are bigint is a rule of the catalogue.
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
)
OURS_TOO = ("require-table-schema",)
# `-- lint: allow rule: reason` holds for its paragraph, `... rule on object: reason` for an object.
ALLOW = re.compile(r"-- lint: allow ([\w/-]+)(?: on ([\w.]+))?(:?)[ \t]*(.*)")
REASON_WORDS = 3
CHECK_COLUMNS = ["level", "object", "message", "hint"]
CONTEXT = """
select
    pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false),
    pg_catalog.set_config('dbtool.schemas', %(schemas)s::text[]::text, false),
    pg_catalog.set_config('dbtool.owner', coalesce(%(owner)s, current_user::text), false)
"""


@dataclass(frozen=True)
class Allowance:
    """A comment that lets findings of one rule pass: of some lines, or of one object."""

    path: Path
    line: int
    rule: str
    object: str
    reason: str
    lines: range

    def covers(self, finding: Finding) -> bool:
        if self.rule != finding.rule or len(self.reason.split()) < REASON_WORDS:
            return False
        if self.object or finding.object:
            return self.object == finding.object
        return self.path == finding.path and finding.line in self.lines


def sources(settings: Settings) -> tuple[Source, ...]:
    """Return what is linted: a team's own sources, not what it has installed."""
    own = tuple(
        source
        for source in settings.sources
        if source.root != packaged_sql() or source.root.is_relative_to(settings.project)
    )
    return own or settings.sources


def run(settings: Settings, connection: Connection | None) -> list[Finding]:
    """Apply all rules; without a connection those that need the files only."""
    linted = sources(settings)
    files = [path for source in linted for path in sorted(source.root.rglob("*.sql"))]
    squawk, findings = _squawk(), []
    # It takes by far the longest, so it runs beside all the rest.
    with sqlfluff(settings, files) as form:
        for source in linted:
            findings += [*lintrules.check(source), *unsafe_ddl(squawk, source)]
            if connection:
                findings += catalogue(connection, source, settings.sources)
        findings += form()
    left = allow(findings, files, with_objects=connection is not None)
    return sorted(left, key=lambda found: (str(found.path), found.line, found.rule))


def allow(
    findings: Iterable[Finding], files: Iterable[Path], *, with_objects: bool
) -> Iterator[Finding]:
    """Yield what no comment allows, and the comments that allow nothing."""
    allowances = [allowance for path in files for allowance in _allowances(path)]
    used = set()
    for finding in findings:
        covering = [allowance for allowance in allowances if allowance.covers(finding)]
        used.update(covering)
        if not covering:
            yield finding
    for allowance in allowances:
        if len(allowance.reason.split()) < REASON_WORDS:
            message = f"{allowance.rule} is allowed without a reason"
            hint = "Write `-- lint: allow rule: why it is right here`."
            yield Finding(allowance.path, allowance.line, "allowance", message, hint)
        elif allowance not in used and (with_objects or not allowance.object):
            message = f"nothing here breaks {allowance.rule}"
            yield Finding(allowance.path, allowance.line, "allowance", message, "Delete the line.")


def _allowances(path: Path) -> Iterator[Allowance]:
    lines = sqltext.read_sql(path).split("\n")
    for number, line in enumerate(lines, 1):
        if match := ALLOW.search(line):
            first = next((at for at in range(number, 0, -1) if not lines[at - 1].strip()), 0)
            last = next(
                (at for at in range(number, len(lines)) if not lines[at].strip()), len(lines)
            )
            rule, on_object, _, reason = match.groups(default="")
            yield Allowance(path, number, rule, on_object, reason, range(first, last + 1))


@contextlib.contextmanager
def sqlfluff(
    settings: Settings, files: Sequence[Path]
) -> Iterator[Callable[[], Iterator[Finding]]]:
    """Start sqlfluff on what was not clean before, and give what waits for its findings."""
    if not importlib.util.find_spec("sqlfluff"):
        raise ConfigError("sqlfluff is not installed", INSTALL)
    places = (settings.project, packaged_sql(), packaged_sql().parent)
    configs = [place / ".sqlfluff" for place in places if (place / ".sqlfluff").is_file()]
    stamp = importlib.metadata.version("sqlfluff") + "".join(c.read_text() for c in configs[:1])
    digests = {path: sqltext.checksum(stamp + sqltext.read_sql(path)) for path in files}
    cache = settings.project / ".dbtool/sqlfluff-clean"
    clean = cache.read_text().split() if cache.is_file() else []
    todo = [str(path) for path in files if digests[path] not in clean]
    command = [sys.executable, "-m", "sqlfluff", "lint", "--format", "json", "--nofail"]
    command += ["--processes", "0" if len(todo) > FEW else "1", "--disable-progress-bar"]
    command += ["--ignore-local-config", "--config", str(configs[0])] if configs else []
    # Without a path it would lint the folder that it stands in.
    command = [*command, *todo] if todo else [sys.executable, "-c", "print([])"]

    def findings() -> Iterator[Finding]:
        output, problems = process.communicate()
        for file in _json("sqlfluff", process.returncode, output, problems):
            path = Path(file["filepath"])
            for row in file["violations"]:
                digests.pop(path, None)
                rule = f"sqlfluff/{row['code']}"
                yield Finding(path, row["start_line_no"], rule, row["description"])
        with contextlib.suppress(OSError):
            cache.parent.mkdir(exist_ok=True)
            cache.write_text("\n".join(digests.values()))

    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield findings
        except BaseException:
            process.kill()
            raise


def _squawk() -> str:
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    if found := shutil.which("squawk", path=beside):
        return found
    raise ConfigError("squawk is not installed", INSTALL)


def unsafe_ddl(squawk: str, source: Source) -> Iterator[Finding]:
    """Let squawk look at the migrations, each in the mode that it is applied in."""
    steps = _steps(source)
    for transactional in (True, False):
        group = [str(step.migration.path) for step in steps if step.transactional == transactional]
        if not group:
            continue
        command = [squawk, "--reporter", "json", "--pg-version", OLDEST_SERVER]
        command += [f"--exclude={rule}" for rule in NOT_OURS]
        command += [f"--include={rule}" for rule in OURS_TOO]
        command += ["--assume-in-transaction"] if transactional else []
        done = subprocess.run([*command, *group], capture_output=True, text=True, check=False)
        for found in _json("squawk", done.returncode, done.stdout, done.stderr):
            rule = f"squawk/{found['rule_name']}"
            yield Finding(
                Path(found["file"]), found["line"] + 1, rule, found["message"], found["help"] or ""
            )


def catalogue(
    connection: Connection, source: Source, everywhere: Sequence[Source]
) -> Iterator[Finding]:
    """Apply the queries of every source's checks/lint to the schemas of one."""
    import psycopg

    from dbtool.database import describe

    connection.execute(CONTEXT, {"schemas": list(source.schemas), "owner": source.owner})
    for path in sorted(p for s in everywhere for p in s.folder("checks/lint").glob("*.sql")):
        text = sqltext.read_sql(path)
        try:
            rows = connection.execute(text.encode())
        except psycopg.Error as error:
            raise describe(error, path, text, 0) from error
        if [column.name for column in rows.description or ()] != CHECK_COLUMNS:
            raise FileError(f"{path}: its columns are not {', '.join(CHECK_COLUMNS)}")
        for level, thing, message, hint in rows:
            where, line = _definition(source, thing)
            yield Finding(where, line, path.stem, f"{thing}: {message}", hint or "", thing, level)


def _definition(source: Source, thing: str) -> tuple[Path, int]:
    """Return where an object of the database is made, as well as its name tells."""
    parts = thing.split(".")
    file = source.folder("functions") / "/".join(parts[:2])
    if file.with_suffix(".sql").is_file():
        return file.with_suffix(".sql"), 1
    for step in _steps(source):
        migration = step.migration
        named = re.compile(rf"^(?!--|comment|grant).*\b{re.escape(parts[-1])}\b", re.MULTILINE)
        if found := named.search(migration.text):
            return migration.path, sqltext.line_column(migration.text, found.start())[0]
    return source.root, 1


def _steps(source: Source) -> list[migrations.Step]:
    try:
        return [migrations.check(migration) for migration in migrations.discover(source)]
    except FileError:
        # lintrules.check has reported it.
        return []


def _json(tool: str, code: int, output: str, problems: str) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads(output)
    except ValueError as error:
        raise DbtoolError(f"{tool} ended with {code}: {problems.strip() or output}") from error
    return found
