"""Find the numbered files of a source and check what a file can tell by itself. Pure."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from dbtool import sqltext
from dbtool.config import Source
from dbtool.errors import FileError

FILE = re.compile(r"(?P<kind>[VU])(?P<version>\d+)__(?P<description>\w+)\.sql")
NAME = r'(?:"(?:[^"]|"")*"|[^\s"]+)'
# Matched against the tokens with one blank between any two.
CONCURRENT_INDEX = re.compile(
    rf"create (?:unique )?index concurrently (?P<exists>if not exists )?"
    rf"(?:(?P<name>(?!on ){NAME}) )?on (?:only )?(?:(?P<schema>{NAME}) \. )?(?P<table>{NAME})",
    re.IGNORECASE,
)
CONTROL = {
    ("begin",), ("start", "transaction"), ("commit",), ("end",), ("rollback",), ("abort",),
    ("savepoint",), ("release",), ("prepare", "transaction"),
    ("set", "session", "characteristics"),
}  # fmt: skip


@dataclass(frozen=True)
class Migration:
    """One V file; `undo` is the U file beside it."""

    source: str
    version: int
    description: str
    path: Path
    undo: Path | None
    text: str
    checksum: str


@dataclass(frozen=True)
class Step:
    """A migration that has passed every check that needs no database.

    `index` is (table, name), as SQL, of the index that the file builds concurrently.
    """

    migration: Migration
    statements: list[sqltext.Statement]
    options: dict[str, str] = field(default_factory=dict)
    index: tuple[str, str] | None = None

    @property
    def transactional(self) -> bool:
        return "no-transaction" not in self.options

    def milliseconds(self, option: str, default: int) -> int:
        """Return the value of a timeout in the header, or the default."""
        found = sqltext.duration_ms(self.options.get(option, ""))
        return default if found is None else found

    @property
    def slow_locks(self) -> bool:
        """Tell whether waiting long for its locks stops nobody: they let reads and writes pass."""
        work = [found.words for found in self.statements if found.words[:1] != ("set",)]
        return all("concurrently" in words or "validate" in words for words in work)


def shown(path: Path) -> str:
    """Return the path as the user would type it."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def discover(source: Source) -> tuple[Migration, ...]:
    """Return the migrations in order; refuse odd names and double or missing numbers."""
    folder = source.folder("migrations")
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".sql")
    except FileNotFoundError:
        paths = []
    except OSError as error:
        raise FileError(f"{folder}: cannot be read: {error.strerror}") from error
    found: dict[str, dict[int, Path]] = {"V": {}, "U": {}}
    for path in paths:
        name = FILE.fullmatch(path.name)
        if not name:
            raise FileError(
                f"{path}: not a name of a migration",
                "Names are V0007__Add_wishlists.sql, and U0007__Add_wishlists.sql to undo it.",
            )
        other = found[name["kind"]].setdefault(int(name["version"]), path)
        if other is not path:
            raise FileError(
                f"{path}: number {int(name['version'])} is already taken by {other.name}",
                "Two branches took the same number: give the one not yet released the next free.",
            )
    if not found["V"] and not source.folder("functions").is_dir():
        raise FileError(f"{folder}: holds no V files", 'Write the first with `dbtool new "..."`.')
    for expected, version in enumerate(sorted(found["V"]), start=1):
        if version != expected:
            raise FileError(
                f"{found['V'][version]}: number {expected} is missing before it",
                "Numbers have no gaps, so that a file lost in a merge shows at once.",
            )
    if stray := sorted(set(found["U"]) - set(found["V"])):
        raise FileError(f"{found['U'][stray[0]]}: there is no V file with its number")
    return tuple(
        _read(source, version, path, found["U"].get(version))
        for version, path in sorted(found["V"].items())
    )


def _read(source: Source, version: int, path: Path, undo: Path | None) -> Migration:
    text = sqltext.read_sql(path)
    description = path.stem.partition("__")[2].replace("_", " ")
    return Migration(source.name, version, description, path, undo, text, sqltext.checksum(text))


def create(source: Source, description: str) -> tuple[Path, Path]:
    """Write the next V file and its U file from the template; never over another file."""
    if "_packaged" in source.root.parts:
        raise FileError(
            f"{source.root}: belongs to the installed package",
            'Keep your own SQL beside it: [[sources]] path = "db/sql" in dbtool.toml.',
        )
    plain = unicodedata.normalize("NFKD", description).encode("ascii", "ignore").decode()
    slug = re.sub(r"\W+", "_", plain).strip("_")
    if not slug:
        raise FileError(
            f"{description!r} leaves nothing for a file's name", "Use letters or digits."
        )
    folder = source.folder("migrations")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = [FILE.fullmatch(path.name) for path in folder.iterdir()]
        # As wide as the last number, so that a folder keeps its look.
        last = max((match["version"] for match in found if match), key=int, default="0000")
        name = f"{int(last) + 1:0{len(last)}}__{slug}.sql"
        role = f"set local role {source.owner};\n\n" if source.owner else ""
        for kind, first in (("V", f"{description}."), ("U", f"Undo: {description}.")):
            with (folder / f"{kind}{name}").open("x", encoding="utf-8") as file:
                file.write(f"-- {first}\n--\n-- Locks: \n{role}")
    except OSError as error:
        raise FileError(f"{folder}: cannot be written: {error.strerror}") from error
    return folder / f"V{name}", folder / f"U{name}"


def check(migration: Migration) -> Step:
    """Refuse, before anything runs, what could not be rolled back, resumed or sent."""
    options = sqltext.header_options(migration.text, migration.path)
    statements = sqltext.split_statements(migration.text)
    step = Step(migration, statements, options)
    for statement in statements:
        words = statement.words
        problem = hint = ""
        if statement.text.startswith("\\"):
            problem = "commands of psql do not work here"
        elif words[:1] == ("copy",) and {"stdin", "stdout"} & set(words):
            problem = "COPY cannot read from or write to the client here"
            hint = "Write insert ... values, or load data from the application."
        elif step.transactional and any(words[: len(c)] == c for c in CONTROL):
            problem = f"{words[0].upper()} would end or split the transaction of this file"
            hint = "Leave it out: the runner makes the file and its ledger row one transaction."
        if problem:
            raise FileError(f"{migration.path}:{statement.line}: {problem}", hint)
    if all(statement.words[:1] == ("set",) for statement in statements):
        raise FileError(f"{migration.path}: does nothing yet", "Write what it has to do.")
    if step.transactional:
        return step
    if len(statements) > 1:
        raise FileError(
            f"{migration.path}:{statements[1].line}: a no-transaction file holds one statement",
            "Put each into a file of its own, so that a failure leaves nothing half done.",
        )
    return Step(migration, statements, options, _concurrent_index(migration.path, statements[0]))


def _concurrent_index(path: Path, statement: sqltext.Statement) -> tuple[str, str] | None:
    """Return (table, name) of `create [unique] index concurrently name on table`."""
    text = " ".join(token for _, token, _, _ in sqltext.tokens(statement.text))
    found = CONCURRENT_INDEX.match(text)
    if not found:
        return None
    if found["exists"]:
        raise FileError(
            f"{path}:{statement.line}: IF NOT EXISTS would accept an INVALID index",
            "Leave it out: the next run drops what a failed build leaves, and builds it again.",
        )
    if not found["name"]:
        raise FileError(
            f"{path}:{statement.line}: the index needs a name",
            "Without one a later run cannot tell whether it is there.",
        )
    return ".".join(filter(None, (found["schema"], found["table"]))), found["name"]
