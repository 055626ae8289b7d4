"""Rules about files: the patterns of lint_patterns.toml, and one small function each. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from dbtool import migrations, repeatables, sqltext
from dbtool.config import Source
from dbtool.errors import FileError


def _sql(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which a blank stands for any white space, and " ?" for none too."""
    spaced = pattern.replace(" ?", r"\s*").replace(" ", r"\s+")
    return re.compile(spaced, re.IGNORECASE | re.DOTALL)


PATTERNS = tomllib.loads((Path(__file__).parent / "lint_patterns.toml").read_text())
COLUMNS = 100
REGISTRY = "error_codes.sql"
FILE_ERROR = re.compile(r"(\S+?\.sql)(?::(\d+))?(?::\d+)?: (.*)", re.DOTALL)
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
INK = re.compile(r"[^\n]")
UPPER = re.compile(r"(?<![%\w\"])(?![EU]&?')[A-Z]")
ERROR_CODE = re.compile(r"'(SH[A-Z]\d\d)'")
NAMED_CODE = re.compile(r"'(SH[A-Z]\d\d)',\s*'(\w+)'")
LITERAL = re.compile(r"'([A-Z][A-Z_]+)'")
# The options of RAISE stand below each other.
RAISE = _sql(r"\braise\b[^;]*")
NOT_A_TABLE = _sql(r"\bextract ?\( ?\w+ from\b|\bdistinct from\b|\brevoke\b.*")
LOCAL_NAME = _sql(
    r"\b(\w+) ?(?:\([^()]*\) ?)?as (?:not )?(?:materialized )?\(|\btable as (\w+)"
    r"|\btemp(?:orary)? table (?:if not exists )?(\w+)"
)
WRITE = _sql(r"(?:update (?:only )?|delete from (?:only )?|merge into )([\w.]+)")
CREATED_TABLE = _sql(r"\bcreate (?:\w+ )?table (?:if not exists )?([\w.]+)")
CREATED = _sql(r"create (?:or replace )?(?:constraint )?(function|procedure|view|trigger) ([\w.]+)")
# A table, an index or a policy needs its functions; a comment or a grant on one does not.
NEEDING = _sql(r"(?:create|alter) (?!or replace\b|function\b|procedure\b|default\b)")
HIDDEN = _sql(
    r"\b(?:create|alter|drop|truncate|reindex) (?:or replace |unique |materialized )?"
    r"(?:table|index|view|function|trigger|schema|type|policy|sequence|extension)\b"
    r"|\bupdate \w+\.\w+|\bdelete from \w"
)


@dataclass(frozen=True)
class Finding:
    """What a rule found, and what to do about it; `object` is one of the database."""

    path: Path
    line: int
    rule: str
    message: str
    hint: str = ""
    object: str = ""
    level: str = "error"


@dataclass(frozen=True)
class File:
    """A file, and its code: comments and strings are blank, every character keeps its place."""

    path: Path
    text: str
    code: str

    def at(self, offset: int, rule: str, message: str, hint: str = "") -> Finding:
        return Finding(self.path, sqltext.line_column(self.text, offset)[0], rule, message, hint)

    def statements(self) -> list[tuple[int, str]]:
        """Return the offset and the code of each statement."""
        found = sqltext.split_statements(self.text)
        return [(s.offset, self.code[s.offset : s.offset + len(s.text)]) for s in found]


def read(path: Path) -> File:
    """Read a file of SQL."""
    text = sqltext.read_sql(path)
    return File(path, text, code(text))


def code(text: str) -> str:
    """Blank out comments and strings, those between dollar quotes too."""
    parts, after = [], 0
    for kind, token, start, end in sqltext.tokens(text):
        shown = token
        if kind == "string":
            shown = f"'{INK.sub(' ', token[1:-1])}'"
        elif kind == "dollar":
            tag = token[: token.index("$", 1) + 1]
            shown = tag + code(token[len(tag) : -len(tag)]) + tag
        parts += [COMMENT.sub(_blank, text[after:start]), shown]
        after = end
    return "".join([*parts, COMMENT.sub(_blank, text[after:])])


def _blank(match: re.Match[str]) -> str:
    return INK.sub(" ", match[0])


def check(source: Source) -> Iterator[Finding]:
    """Apply every rule to the files of a source."""
    try:
        found = migrations.discover(source)
        steps = [migrations.check(migration) for migration in found]
        repeatables.discover(source)
    except FileError as error:
        where = FILE_ERROR.match(str(error))
        path, line, message = where.groups() if where else (source.root, None, str(error))
        yield Finding(Path(path), int(line or 1), "unusable_file", message, error.hint)
        return
    forward = [read(step.migration.path) for step in steps]
    backward = [read(migration.undo) for migration in found if migration.undo]
    functions, checks, tests = (
        [read(path) for path in sorted(source.folder(kind).rglob("*.sql"))]
        for kind in ("functions", "checks", "tests")
    )
    for step, file in zip(steps, forward, strict=True):
        yield from patterns(file, "migrations")
        yield from migration_rules(step, file, source.owner)
    yield from bodies_in_migrations(forward)
    for file in functions:
        yield from function_rules(source, file)
    for file in (*forward, *backward, *functions, *checks):
        yield from patterns(file, "everywhere")
    for file in (*forward, *backward, *functions, *checks, *tests):
        yield from form(file)
    yield from error_codes((*forward, *functions), tests)


def patterns(file: File, group: str) -> Iterator[Finding]:
    """Look for each pattern of a group in each statement."""
    local = {name for match in LOCAL_NAME.finditer(file.code) for name in match.groups()}
    for offset, statement in file.statements():
        shown = NOT_A_TABLE.sub(_blank, statement)
        for rule in PATTERNS[group]:
            for match in _sql(rule["pattern"]).finditer(shown):
                name = match.groupdict().get("name", "")
                if name not in local:
                    start = offset + match.start("name" if name else 0)
                    message = f"{name} {rule['message']}".strip()
                    yield file.at(start, rule["rule"], message, rule["hint"])


def form(file: File) -> Iterator[Finding]:
    """Check what sqlfluff cannot: the lines between dollar quotes."""
    code_lines = RAISE.sub(_blank, file.code).split("\n")
    for number, (line, ink) in enumerate(zip(file.text.split("\n"), code_lines, strict=True), 1):
        indent = len(ink) - len(ink.lstrip())
        odd = indent % 4 > 0 and ink.strip() and line[:indent].isspace()
        # An allowance names its object and its reason on one line.
        is_long = len(line) > COLUMNS and "-- lint: allow " not in line
        for problem, is_wrong in (
            (f"{len(line)} columns, more than {COLUMNS}", is_long),
            ("a tab, or a blank at the end", "\t" in line or line != line.rstrip()),
            ("upper case", UPPER.search(ink)),
            ("indented by other than a multiple of four", odd),
        ):
            if is_wrong:
                yield Finding(file.path, number, "form", problem)


def migration_rules(step: migrations.Step, file: File, owner: str | None) -> Iterator[Finding]:
    """Check one migration: its undo file, its role, and what it hides or leaves unbatched."""
    migration, statements = step.migration, file.statements()
    undo = migration.undo.name if migration.undo else "missing"
    if undo[1:] != migration.path.name[1:]:
        yield file.at(0, "missing_undo", f"its undo file is {undo}", "U, and the same name.")
    wanted = f"set local role {owner}"
    spoken = [" ".join(statement.lower().split()) for _, statement in statements]
    # The first migration has to make the role before.
    if (
        owner
        and step.transactional
        and wanted not in spoken[: None if migration.version == 1 else 1]
    ):
        hint = "Everything then has one owner, also where Flyway runs it."
        yield file.at(statements[0][0], "missing_role", f"does not begin with `{wanted}`", hint)
    if "${" in file.text:
        hint = "Flyway would replace it: write the text in two parts."
        yield file.at(file.text.index("${"), "placeholder", "holds ${", hint)
    created = CREATED_TABLE.findall(file.code)
    for offset, statement in statements:
        write = WRITE.match(statement)
        if write and write[1] not in created:
            hint = "Change them in batches, outside of the migrations, or say why they are few."
            yield file.at(offset, "unbatched_write", f"locks rows of {write[1]}", hint)
        text = COMMENT.sub(_blank, file.text[offset : offset + len(statement)])
        if statement[:2].lower() == "do" and (hidden := HIDDEN.search(text)):
            hint = "Make it a statement of its own; only roles need a DO block."
            at = offset + hidden.start()
            yield file.at(at, "hidden_ddl", f"`{hidden[0]}` is hidden in a DO block", hint)


def bodies_in_migrations(forward: Iterable[File]) -> Iterator[Finding]:
    """Find functions, views and triggers that nothing with state needs."""
    statements = [(file, *found) for file in forward for found in file.statements()]
    needing = "\n".join(statement for *_, statement in statements if NEEDING.match(statement))
    for file, offset, statement in statements:
        made = CREATED.match(statement)
        if made and not re.search(rf"(?<![\w.]){re.escape(made[2])} ?\(", needing):
            hint = "Move it to functions/; only what a constraint, default or index calls stays."
            yield file.at(offset, "body_in_migration", f"{made[2]} is replaceable", hint)


def function_rules(source: Source, file: File) -> Iterator[Finding]:
    """Check one file of functions/: its name, comment, grant and test."""
    path = file.path.relative_to(source.folder("functions"))
    made = [(offset, match) for offset, text in file.statements() if (match := CREATED.match(text))]
    names = [match[2] for _, match in made if match[1].lower() != "trigger"]
    wanted = ".".join(path.with_suffix("").parts)
    if names != [wanted] or path.parts[0] not in source.schemas:
        hint = "One function or view a file: functions/<schema>/<name>.sql."
        yield file.at(0, "file_name", f"holds {', '.join(names)}, not {wanted} alone", hint)
    for offset, match in made:
        kind, name = match[1].lower(), re.escape(match[2])
        if not re.search(rf"\bcomment\s+on\s+{kind}\s+{name}\b", file.code):
            yield file.at(offset, "missing_comment", f"{match[2]} has no comment in its file")
        lends = kind == "view" or (kind != "trigger" and "security definer" in file.code)
        if lends and not re.search(rf"\bgrant\b[^;]*{name}\b", file.code):
            hint = "Grant it to the role of its service; a helper is `security invoker`."
            yield file.at(offset, "missing_grant", f"{match[2]} is granted to nobody", hint)
    if (
        re.search(r"\bgrant\s+execute\b", file.code)
        and not (source.folder("tests") / path).is_file()
    ):
        hint = "Every public function has a file of tests with its name."
        yield file.at(0, "missing_test", f"there is no tests/{path}", hint)


def error_codes(raising: Iterable[File], tests: Iterable[File]) -> Iterator[Finding]:
    """Compare the codes that are raised with the registry, and the registry with the tests.

    What has happened is no refusal: its code is returned by name, and its tests expect the name.
    """
    raised: dict[str, Finding] = {}
    registered: dict[str, Finding] = {}
    names: dict[str, str] = {}
    used: set[str] = set()
    for file in raising:
        if file.path.name == REGISTRY:
            names |= {name: code for code, name in NAMED_CODE.findall(file.text)}
        else:
            used |= set(LITERAL.findall(file.text))
        for match in ERROR_CODE.finditer(file.text):
            found = registered if file.path.name == REGISTRY else raised
            found.setdefault(match[1], file.at(match.start(), "error_code", match[1]))
    returned = {code for name, code in names.items() if name in used} - raised.keys()
    tested: set[str] = set()
    for file in tests:
        named = {names[name] for name in LITERAL.findall(file.text) if name in names}
        tested |= named & returned
        for statement in sqltext.split_statements(file.text):
            if "throws_" in statement.text:
                tested |= set(ERROR_CODE.findall(statement.text))
    known = raised.keys() | returned
    for problem, where, codes in (
        ("is not registered in core.error_codes", raised, raised.keys() - registered.keys()),
        ("is registered, but nothing raises it", registered, registered.keys() - known),
        ("is raised by no test (`throws_ok`)", registered, registered.keys() - tested),
    ):
        for code in sorted(codes):
            yield replace(where[code], message=f"{code} {problem}")
