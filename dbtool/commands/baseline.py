"""`dbtool baseline`."""

from __future__ import annotations

import click

from dbtool.commands import _options
from dbtool.config import Settings


@click.command(epilog=_options.exit_codes(0, 1, 2, 5, 6, 7, 130))
@_options.settings_options
@click.option("--version", type=click.IntRange(min=1), required=True, help="What is there already.")
@click.option("--source", metavar="NAME", help="The source; usually the first.")
def command(settings: Settings, version: int, source: str | None) -> None:
    """Adopt a database that has the tables already: take all numbers up to VERSION as applied.

    Nothing is run. The functions are applied by the next migrate.

    \b
    Example:
      dbtool baseline --version 12 --env production
    """
    from dbtool import amend, database

    with database.connect(settings, purpose="baseline") as connection:
        amend.baseline(connection, settings, settings.source(source), version, _options.progress)
    click.echo(f"baseline at {version}: later migrations are pending")
