"""Where the SQL is, which database is meant, and which environment it is said to be."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from dbtool.errors import ConfigError, FileError
from dbtool.sqltext import duration_ms

# Any of these means that libpq has been told where to go.
LIBPQ_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE")
FILE_NAME = "dbtool.toml"
NAME = re.compile(r"[a-z][a-z0-9_]*")
SOURCE_KEYS = {"name", "owner", "schemas"}
DURATIONS = ("lock_timeout", "lock_retry", "lock_wait", "statement_timeout")
PROJECT_KEYS = {"sources", "environments", "packaged", *DURATIONS}
T = TypeVar("T")


@dataclass(frozen=True)
class Source:
    """One folder of SQL with its own numbering: the packaged one, or a team's beside it."""

    name: str
    root: Path
    schemas: tuple[str, ...]
    owner: str | None = None

    def folder(self, kind: str) -> Path:
        """Return the folder of `migrations`, `functions`, `checks/health`, `tests`, ..."""
        return self.root / kind


@dataclass(frozen=True)
class Settings:
    """What the options, the environment and the settings file add up to.

    `database_url` is "" when libpq's own environment decides, None for the embedded server.
    """

    sources: tuple[Source, ...]
    database_url: str | None
    environment: str | None
    project: Path
    lock_timeout_ms: int = 500
    lock_retry_s: float = 300.0
    lock_wait_s: float = 60.0
    statement_timeout_ms: int = 900_000

    def dsn(self) -> str:
        """Return what to connect to; starts the embedded server when nothing else is named."""
        if self.database_url is not None:
            return self.database_url
        from dbtool import server

        return server.start(self.project).dsn

    def source(self, name: str | None) -> Source:
        """Return the source of that name, or the first one."""
        for source in self.sources:
            if name in (source.name, None):
                return source
        known = ", ".join(source.name for source in self.sources)
        raise ConfigError(f"there is no source {name!r}", f"The sources are: {known}.")


def packaged_sql() -> Path:
    """Return the SQL folder of the installed wheel, or of the checkout."""
    inside = Path(__file__).parent / "_packaged"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "sql"


def load(
    database_url: str | None = None, environment: str | None = None, config: Path | None = None
) -> Settings:
    """Add up options, environment variables and the settings file, in this order."""
    file, values = (config, _table(config)) if config else _find()
    project = file.parent.resolve() if file else Path.cwd()
    where = str(file)
    _only(values, PROJECT_KEYS, where)
    roots = [packaged_sql()] if values.get("packaged", True) else []
    for entry in _typed(values, "sources", list, where, []):
        if not isinstance(entry, dict) or not isinstance(entry.get("path"), str):
            raise ConfigError(f"{where}: each [[sources]] needs a path", 'Say path = "db/sql".')
        roots.append(project / entry["path"])
    sources = tuple(read_source(root) for root in roots)
    if not sources:
        raise ConfigError(f"{where}: packaged = false leaves no source", "Add a [[sources]].")
    if len({source.name for source in sources}) < len(sources):
        raise ConfigError(f"{where}: two sources have the same name", "The ledger needs it unique.")
    environments = _typed(values, "environments", dict, where, {})
    named = _typed(environments, environment or "", dict, f"{where} [environments]", {})
    _only(named, {"database_url"}, f"{where} [environments.{environment}]")
    if environment and environments and environment not in environments:
        known = ", ".join(environments)
        raise ConfigError(
            f"{where}: there is no environment {environment!r}", f"There are: {known}."
        )
    times = {key: duration_ms(str(values[key])) for key in DURATIONS if key in values}
    for key, value in times.items():
        if value is None:
            raise ConfigError(f"{where}: {key} needs a value such as 500ms, 5s or 10min")
    limits = {key: value for key, value in times.items() if value is not None}
    url = database_url or named.get("database_url") or os.environ.get("DATABASE_URL")
    if not url:
        url = "" if any(os.environ.get(name) for name in LIBPQ_VARIABLES) else None
    return Settings(
        sources=sources,
        database_url=url,
        environment=environment or None,
        project=project,
        lock_timeout_ms=limits.get("lock_timeout", Settings.lock_timeout_ms),
        lock_retry_s=limits.get("lock_retry", Settings.lock_retry_s * 1000) / 1000,
        lock_wait_s=limits.get("lock_wait", Settings.lock_wait_s * 1000) / 1000,
        statement_timeout_ms=limits.get("statement_timeout", Settings.statement_timeout_ms),
    )


def read_source(root: Path) -> Source:
    """Read the `dbtool.toml` of one folder of SQL."""
    file = root / FILE_NAME
    hint = 'It says: name = "wishlists", schemas = ["wishlists"], and perhaps owner = "a_role".'
    if not file.is_file():
        raise ConfigError(f"{root}: a folder of SQL needs a {FILE_NAME}", hint)
    values, where = _table(file), str(file)
    _only(values, SOURCE_KEYS, where)
    name = _typed(values, "name", str, where, "")
    owner = _typed(values, "owner", str, where, "")
    schemas = _typed(values, "schemas", list, where, [])
    if not NAME.fullmatch(name) or not all(isinstance(schema, str) for schema in schemas):
        raise ConfigError(f"{where}: needs a name of a-z, 0-9, _, and schemas, a list", hint)
    return Source(name, root, tuple(schemas), owner or None)


def _find() -> tuple[Path | None, dict[str, Any]]:
    """Look for the settings in this folder and those above it; a source's own file is not it."""
    for folder in (Path.cwd(), *Path.cwd().parents):
        file = folder / FILE_NAME
        if file.is_file() and "name" not in (values := _table(file)):
            return file, values
        file = folder / "pyproject.toml"
        if file.is_file() and b"[tool.dbtool" in file.read_bytes():
            return file, _table(file)
    return None, {}


def _table(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise FileError(f"{file}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ConfigError(f"{file}: not TOML: {error}") from error
    if file.name == "pyproject.toml":
        return _typed(_typed(values, "tool", dict, str(file), {}), "dbtool", dict, str(file), {})
    return values


def _only(values: dict[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(values) - known):
        raise ConfigError(f"{where}: unknown key {unknown[0]!r}", f"Known: {sorted(known)}.")


def _typed(values: dict[str, Any], key: str, kind: type[T], where: str, default: T) -> T:
    value = values.get(key, default)
    if not isinstance(value, kind):
        raise ConfigError(f"{where}: {key} must be a {kind.__name__}")
    return value
