"""What the commands share: connection options, `--json`, and the exit codes in their help."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from dbtool.config import load
from dbtool.sqltext import duration_ms

F = TypeVar("F", bound=Callable[..., Any])

EXIT_CODES = {
    0: "done, nothing to complain about",
    1: "failed: PostgreSQL refused a statement, or there are findings",
    2: "usage, or a malformed file, setting or connection string",
    3: "migrations or functions are pending (only with --exit-code)",
    4: "applied files were edited, or the database drifted",
    5: "another dbtool, or traffic on a table, held a lock for too long",
    6: "no usable connection",
    7: "refused by a guard",
    130: "interrupted",
}


def exit_codes(*codes: int) -> str:
    """Return the epilog of a command's help: the exit codes that it can give."""
    return "\b\nExit codes:\n" + "\n".join(f"  {code:>3}  {EXIT_CODES[code]}" for code in codes)


def settings_options(function: F) -> F:
    """Add the options that say which database and which SQL; pass on a `Settings`."""

    @click.option("--database-url", metavar="URL", help="postgresql://... or host=... dbname=...")
    @click.option(
        "--env", metavar="NAME", envvar="DBTOOL_ENV", help="An environment (or DBTOOL_ENV)."
    )
    @click.option(
        "--config", metavar="FILE", type=click.Path(path_type=Path), help="Another dbtool.toml."
    )
    @functools.wraps(function)
    def wrapper(
        *args: Any, database_url: str | None, env: str | None, config: Path | None, **rest: Any
    ) -> Any:
        return function(*args, settings=load(database_url, env, config), **rest)

    return wrapper  # type: ignore[return-value]


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
exit_code_option = click.option("--exit-code", is_flag=True, help="Exit 3 when work is pending.")


def print_json(value: Any) -> None:
    """Print a result as JSON on stdout."""
    click.echo(json.dumps(value, indent=2, default=str, ensure_ascii=False))


def progress(line: str) -> None:
    """Print a line of progress; results alone go to stdout."""
    click.echo(line, err=True)


class Duration(click.ParamType):  # type: ignore[type-arg]
    """A time such as 500ms, 5s or 10min, in milliseconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        milliseconds = value if isinstance(value, int) else duration_ms(value)
        if milliseconds is None:
            self.fail(f"{value!r} is no time; write 500ms, 5s or 10min", param, ctx)
        return milliseconds
