"""`dbtool verify`."""

from __future__ import annotations

import dataclasses
import difflib

import click

from dbtool.commands import _options
from dbtool.config import Settings
from dbtool.errors import DriftError


@click.command(epilog=_options.exit_codes(0, 2, 4, 6, 7))
@_options.settings_options
@_options.json_option
def command(settings: Settings, as_json: bool) -> None:
    """Tell whether files and database are still what the last migrate left.

    Reported are applied files that were edited or are gone, functions that are missing or have no
    file, and every object that was changed by hand, before and after. What is merely pending, or
    has no file but has been there since the last migrate, does not make it fail. Only reads.

    \b
    Example:
      dbtool verify --env production || mail -s "drift" dba@example.com
    """
    from dbtool import database, drift, repeatables, survey

    with database.connect(settings, purpose="verify", writable=False) as connection:
        found = survey.read(connection, settings)
        if not found.ledger.version:
            raise DriftError("nothing was migrated here", "Is it the right database?")
        files = [line for line in survey.states(found) if line["state"] in ("edited", "missing")]
        functions = [
            line
            for function_set in found.function_sets.values()
            for line in repeatables.listing(connection, function_set)
            if line["state"] != "applied"
        ]
        changes = drift.compare(connection)
    failed = bool(files or changes) or any(line["state"] == "missing" for line in functions)
    if as_json:
        drifted = [dataclasses.asdict(change) for change in changes]
        _options.print_json(
            {"verified": not failed, "files": files, "functions": functions, "drift": drifted}
        )
    else:
        for line in files:
            click.echo(
                f"{line['state']:8} {line['source']} {line['version']} {line['description']}"
            )
        for line in functions:
            if line["state"] != "pending":
                click.echo(f"{line['state']:8} {line['kind']} {line['object']}")
        if count := sum(line["state"] == "pending" for line in functions):
            click.echo(f"pending  {count} functions, views and triggers: see dbtool functions")
        for change in changes:
            click.echo(f"{change.what:8} {change.kind} {change.object}")
            click.echo(_difference(change.before or "", change.after or ""), nl=False)
        click.echo("not what the last migrate left" if failed else "as the last migrate left it")
    if failed:
        raise click.exceptions.Exit(4)


def _difference(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=2)
    return "".join(f"    {line}\n" for line in [*lines][3:])
