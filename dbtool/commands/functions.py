"""`dbtool functions`."""

from __future__ import annotations

from pathlib import Path

import click

from dbtool import repeatables
from dbtool.commands import _options
from dbtool.config import Settings
from dbtool.errors import DriftError, FileError


@click.command(epilog=_options.exit_codes(0, 1, 2, 3, 4, 6))
@_options.settings_options
@click.option("--source", metavar="NAME", help="The source; all without it.")
@click.option("--flyway", metavar="FILE", type=click.Path(path_type=Path), help="Write FILE.")
@_options.json_option
@_options.exit_code_option
def command(
    settings: Settings, source: str | None, flyway: Path | None, as_json: bool, exit_code: bool
) -> None:
    """Show the functions, views and triggers of the files beside those of the database.

    With --flyway the whole set is written as one file for Flyway; no database is needed.

    \b
    Example:
      dbtool functions --flyway flyway/R__Functions.sql
    """
    if flyway:
        function_set = repeatables.discover(settings.source(source))
        try:
            flyway.write_text(function_set.flyway(), encoding="utf-8")
        except OSError as error:
            raise FileError(f"{flyway}: cannot be written: {error.strerror}") from error
        click.echo(f"{len(function_set.objects)} objects written to {flyway}")
        return

    from dbtool import database, ledger

    sets = map(repeatables.discover, [settings.source(source)] if source else settings.sources)
    with database.connect(settings, purpose="functions", writable=False) as connection:
        if not ledger.read(connection).version:
            raise DriftError("nothing was migrated here", "Run dbtool migrate first.")
        lines = [line for each in sets for line in repeatables.listing(connection, each)]
    if as_json:
        _options.print_json(lines)
    else:
        for line in lines:
            click.echo(f"{line['source']}  {line['state']:8}{line['kind']:9}{line['object']}")
    if exit_code and any(line["state"] == "pending" for line in lines):
        raise click.exceptions.Exit(3)
