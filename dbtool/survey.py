"""Set the files beside the ledger, and say what is to be done. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dbtool import ledger, libpq
from dbtool.config import Settings, Source
from dbtool.errors import ConfigError, RefusedError
from dbtool.ledger import Comparison, Ledger
from dbtool.migrations import Migration, Step, check, discover, shown

if TYPE_CHECKING:
    from dbtool.database import Connection
    from dbtool.repeatables import FunctionSet


@dataclass(frozen=True)
class Survey:
    """What the files and the ledger say, side by side."""

    ledger: Ledger
    comparisons: tuple[Comparison, ...]
    function_sets: dict[str, FunctionSet]

    def functions_changed(self, source: Source) -> bool:
        found = self.function_sets.get(source.name)
        return bool(found and found.digest != self.ledger.digests.get(source.name))

    @property
    def pending(self) -> bool:
        """Tell whether there is anything to apply."""
        return self.ledger.unfinished or any(
            comparison.pending or self.functions_changed(comparison.source)
            for comparison in self.comparisons
        )


@dataclass(frozen=True)
class Part:
    """What is to be done for one source; `whole` unless a target cuts it short."""

    comparison: Comparison
    steps: tuple[Step, ...]
    functions: FunctionSet | None
    whole: bool
    due: bool


def read_files(settings: Settings) -> list[tuple[Source, tuple[Migration, ...]]]:
    """Return the migrations of every source."""
    return [(source, discover(source)) for source in settings.sources]


def beside(files: list[tuple[Source, tuple[Migration, ...]]], state: Ledger) -> Survey:
    """Compare the files of every source with the ledger."""
    if state.version > ledger.LEDGER_VERSION:
        raise RefusedError(
            f"a newer dbtool migrated this database (ledger {state.version})", "Upgrade dbtool."
        )
    sets: dict[str, FunctionSet] = {}
    for source, _ in files:
        folders = (source.folder("functions"), source.folder("checks"))
        if source.name in state.digests or any(folder.is_dir() for folder in folders):
            from dbtool import repeatables

            sets[source.name] = repeatables.discover(source, state.digests.get(source.name))
    comparisons = tuple(ledger.compare(source, found, state) for source, found in files)
    return Survey(state, comparisons, sets)


def glance(settings: Settings, purpose: str) -> Survey | None:
    """Look without psycopg; None when that cannot tell."""
    # What is wrong with the files shows without a server, too.
    files = read_files(settings)
    text = libpq.scalar(settings.dsn(), ledger.READ, f"dbtool {purpose}")
    return beside(files, ledger.parse(text)) if text else None


def look(settings: Settings, purpose: str) -> Survey:
    """Look at a database that is only to be read."""
    found = glance(settings, purpose)
    if found is None:
        from dbtool import database

        with database.connect(settings, purpose=purpose, writable=False) as connection:
            found = read(connection, settings)
    return found


def read(connection: Connection, settings: Settings) -> Survey:
    """Compare the files with the database; changes neither."""
    return beside(read_files(settings), ledger.read(connection))


def plan(
    found: Survey, *, target: tuple[str, int] | None = None, out_of_order: bool = False
) -> list[Part]:
    """Return what is to be done, source after source; refuse what must not begin."""
    parts: list[Part] = []
    for comparison in found.comparisons:
        source = comparison.source
        ledger.refuse_edited(comparison)
        if comparison.out_of_order and not out_of_order:
            raise RefusedError(
                f"{shown(comparison.out_of_order[0].path)}: is pending, and number"
                f" {comparison.highest} is applied already",
                "If nothing in between depends on it: dbtool migrate --out-of-order.",
            )
        limit = target[1] if target and target[0] == source.name else None
        if limit is not None and not any(file.version == limit for file in comparison.migrations):
            raise ConfigError(f"there is no migration {limit} in source {source.name}")
        pending = [file for file in comparison.pending if limit is None or file.version <= limit]
        whole = len(pending) == len(comparison.pending)
        functions = found.function_sets.get(source.name)
        due = bool(pending) or (
            whole and (found.ledger.unfinished or found.functions_changed(source))
        )
        parts.append(Part(comparison, tuple(map(check, pending)), functions, whole, due))
        if limit is not None:
            break
    return parts


def needs_work(found: Survey, parts: list[Part], settings: Settings) -> bool:
    """Tell whether `migrate` would change anything, its own tables included."""
    return any(part.due for part in parts) or unprepared(found.ledger, settings)


def unprepared(state: Ledger, settings: Settings) -> bool:
    """Tell whether the ledger is missing or old, or the environment not yet marked."""
    unmarked = settings.environment is not None and state.environment is None
    return unmarked or state.version < ledger.LEDGER_VERSION


def states(found: Survey) -> list[dict[str, Any]]:
    """Return every migration with its state, for `status` and `verify`."""
    lines: list[dict[str, Any]] = []
    for comparison in found.comparisons:
        source = comparison.source.name
        special = {file.version: "edited" for file in comparison.edited}
        special |= {row.version: "missing" for row in comparison.missing}
        names = {file.version: file.description for file in comparison.migrations}
        rows = {n: row for (name, n), row in found.ledger.entries.items() if name == source}
        for version in sorted(names.keys() | rows.keys()):
            row = rows.get(version)
            state = (
                (row.state if row else "pending") if version > comparison.baseline else "baseline"
            )
            lines.append(
                {
                    "source": source,
                    "version": version,
                    "description": names.get(version) or (row.description if row else ""),
                    "state": special.get(version, state),
                    "applied_at": row and row.applied_at,
                    "applied_by": row and row.applied_by,
                    "execution_ms": row and row.execution_ms,
                }
            )
    return lines
