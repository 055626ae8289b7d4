"""`dbtool test`."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dbtool.commands import _options
from dbtool.config import Settings
from dbtool.errors import ConfigError

if TYPE_CHECKING:
    from dbtool.sqltests import CaseResult


@click.command(epilog=_options.exit_codes(0, 1, 2, 5, 6, 7, 130))
@_options.settings_options
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("-k", "pattern", default="", metavar="TEXT", help="Cases whose file or title has it.")
@click.option("--in-place", is_flag=True, help="Test the database itself, and undo everything.")
@click.option("--tap", is_flag=True, help="Print TAP.")
@click.option("-v", "--verbose", is_flag=True, help="List the cases that pass, too.")
@_options.json_option
def command(
    settings: Settings, paths: tuple[Path, ...], pattern: str, in_place: bool, tap: bool,
    verbose: bool, as_json: bool,
) -> int:  # fmt: skip
    """Run the SQL tests on a database made beside the one named, migrated and dropped again.

    With --in-place they run in the one named. Each file is rolled back; numbers that identity
    columns gave out are not.

    \b
    Example:
      dbtool test sql/tests/inventory -k "sold out"
    """
    from dbtool import database, ledger, sqltests

    started = time.monotonic()
    files = sqltests.discover(settings.sources, paths)
    target: contextlib.AbstractContextManager[database.Connection]
    if in_place:
        target = database.connect(settings, purpose="test")
    else:
        target = sqltests.throwaway_database(settings)
    results = []
    with target as connection:
        ledger.guard_not_production(connection, "testing in place")
        if tap and not as_json:
            click.echo("TAP version 14")
        for result in sqltests.run_paths(connection, files, pattern=pattern):
            results.append(result)
            lines = _tap(len(results), result) if tap else _text(result, verbose)
            for line in [] if as_json else lines:
                click.echo(line)
    if not results:
        raise ConfigError("no case was run", "The paths and -k left none.")
    failed = sum(not result.is_ok for result in results)
    if as_json:
        rows = [dataclasses.asdict(result) | {"is_ok": result.is_ok} for result in results]
        _options.print_json(rows)
    elif tap:
        click.echo(f"1..{len(results)}")
    else:
        seconds = time.monotonic() - started
        counts = f"{len(results) - failed} passed, {failed} failed"
        click.echo(f"{counts}: {len(results)} cases in {seconds:.1f} s")
    return 1 if failed else 0


def _text(result: CaseResult, verbose: bool) -> Iterator[str]:
    if verbose or not result.is_ok:
        name = f"{os.path.relpath(result.path)}:{result.line}: {result.title}"
        yield f"{'ok' if result.is_ok else 'FAILED'}  {name} ({result.seconds * 1000:.0f} ms)"
    for failed in result.assertions:
        if not failed.is_ok:
            yield f"    {os.path.relpath(result.path)}:{failed.line}: {failed.title}"
            # The first line repeats the title.
            yield from (f"    {line[1:]}" for line in failed.diagnostics.split("\n")[1:])
    yield from (f"    {line}" for line in result.failure.splitlines())


def _tap(number: int, result: CaseResult) -> Iterator[str]:
    name = f"{os.path.relpath(result.path)}: {result.title}"
    yield f"# Subtest: {name}"
    for at, one in enumerate(result.assertions, 1):
        yield f"    {'ok' if one.is_ok else 'not ok'} {at} - {one.title}"
        yield from (f"    {line}" for line in one.diagnostics.splitlines())
    yield f"    1..{len(result.assertions)}"
    milliseconds = f"{result.seconds * 1000:.0f}"
    yield f"{'ok' if result.is_ok else 'not ok'} {number} - {name} # time={milliseconds}ms"
    yield from (f"# {line}" for line in result.failure.splitlines())
