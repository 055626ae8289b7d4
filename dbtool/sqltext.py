"""Read and split SQL text. Pure: no connection, no psycopg."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dbtool.errors import FileError

CHECKSUM_ALGORITHM = "sha256-lf"

# In this order: a word takes its dollar signs with it, so that `a$b$` opens no quote, and the E of
# E'..' is not read as a word. Blanks are stepped over.
TOKEN = re.compile(
    r"""
    (?P<comment> --[^\n]* ) | (?P<nested> /\* )
    | (?P<string> [eE]'(?:[^'\\]|\\.|'')*(?:'|\Z) | '(?:[^']|'')*(?:'|\Z) )
    | (?P<quoted> "(?:[^"]|"")*(?:"|\Z) )
    | (?P<word> [^\x00-@\[-^`{-\x7f][\w$]* )
    | (?P<dollar> \$(?:[^\x00-@\[-^`{-\x7f]\w*)?\$ )
    | (?P<sign> [;(),.\\] ) | (?P<number> \d[\w.]* ) | (?P<other> \S )
    """,
    re.VERBOSE | re.DOTALL,
)
NESTED = re.compile(r"/\*|\*/")
OPTION_LINE = re.compile(r"^--\s*dbtool:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
HEADER = re.compile(r"(?:[ \t]*(?:--[^\n]*)?(?:\n|\Z))*")
DURATION = re.compile(r"(\d+)\s*(ms|s|min|h)")
DURATION_MS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}


@dataclass(frozen=True)
class Statement:
    """One statement without its semicolon or the comments before it.

    `offset` counts characters from the start of the whole text, `line` counts from 1. `words` are
    its unquoted words, in lower case.
    """

    text: str
    offset: int
    line: int
    words: tuple[str, ...] = ()


def tokens(text: str) -> Iterator[tuple[str, str, int, int]]:
    """Yield (kind, text, start, end) of what is neither blank nor comment."""
    position = 0
    while match := TOKEN.search(text, position):
        kind, start, position = str(match.lastgroup), match.start(), match.end()
        if kind == "comment":
            continue
        if kind == "nested":
            depth = 1
            while depth and (edge := NESTED.search(text, position)):
                depth += 1 if edge.group() == "/*" else -1
                position = edge.end()
            if depth:
                return
            continue
        if kind == "dollar":
            end = text.find(match.group(), position)
            position = len(text) if end < 0 else end + len(match.group())
        yield kind, text[start:position], start, position


def split_statements(text: str) -> list[Statement]:
    """Split as the server's grammar does: quotes, parentheses, BEGIN ATOMIC stay whole."""
    statements: list[Statement] = []
    start: int | None = None
    end = parentheses = atomic = 0
    seen: list[str] = []
    for kind, token, at, after in tokens(text):
        if kind == "sign" and token == ";" and not parentheses and not atomic:
            if start is not None:
                statements.append(_statement(text, statements[-1:], start, end, seen))
            start, seen = None, []
            continue
        start, end = at if start is None else start, after
        if kind == "sign":
            parentheses = max(0, parentheses + (token == "(") - (token == ")"))
        elif kind == "word":
            word = token.lower()
            if atomic:
                # CASE has an END of its own; nothing else nests in such a body.
                atomic += (word == "case") - (word == "end")
            elif word == "atomic" and seen[-1:] == ["begin"] and seen[0] == "create":
                atomic = 1
            seen.append(word)
    if start is not None:
        statements.append(_statement(text, statements[-1:], start, end, seen))
    return statements


def _statement(
    text: str, last: list[Statement], start: int, end: int, words: list[str]
) -> Statement:
    # Counted from the last one: a large file has many.
    line, after = (last[0].line, last[0].offset) if last else (1, 0)
    return Statement(text[start:end], start, line + text.count("\n", after, start), tuple(words))


def line_column(text: str, offset: int) -> tuple[int, int]:
    """Return the line and the column, both from 1, of a character of the text."""
    offset = min(offset, len(text))
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def normalise(text: str) -> str:
    """Strip the byte order mark and make every line end LF, so that checkouts agree."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def checksum(text: str) -> str:
    """Return the sha256 of the normalised text; the path plays no part, so files may move."""
    return hashlib.sha256(normalise(text).encode()).hexdigest()


def read_sql(path: Path) -> str:
    """Read a file of SQL, normalised."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FileError(
            f"{path}:{line}: not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}",
            "Save the file as UTF-8.",
        ) from error
    if "\0" in text:
        raise FileError(f"{path}: holds a NUL byte at offset {raw.index(0)}", "Is it a text file?")
    return normalise(text)


def duration_ms(value: str) -> int | None:
    """Return the milliseconds of `500ms`, `5s`, `10min`, `2h` or `0`; None when malformed."""
    match = DURATION.fullmatch(value.strip())
    if match:
        return int(match[1]) * DURATION_MS[match[2]]
    return 0 if value.strip() == "0" else None


def header_options(text: str, path: Path | None = None) -> dict[str, str]:
    """Return the `-- dbtool: key[=value]` lines of the leading comment block."""
    where = str(path) if path else "header"
    header = HEADER.match(text)
    end = header.end() if header else 0
    options: dict[str, str] = {}
    for match in OPTION_LINE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        key, _, value = (part.strip() for part in match[1].partition("="))
        if match.start() >= end:
            # Ignored in silence, a misplaced `no-transaction` would show only in production.
            problem = "must stand in the comment block at the top of the file"
        elif key == "no-transaction" and not value:
            problem = ""
        elif key in ("lock_timeout", "statement_timeout"):
            problem = "" if duration_ms(value) is not None else "needs a value such as 500ms or 5s"
        else:
            problem = "is unknown; use no-transaction, lock_timeout=5s or statement_timeout=10min"
        if problem:
            raise FileError(f"{where}:{line}: the option `dbtool: {match[1]}` {problem}")
        options[key] = value
    return options
