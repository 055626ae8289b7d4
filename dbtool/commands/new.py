"""`dbtool new`."""

from __future__ import annotations

import click

from dbtool import migrations
from dbtool.commands import _options
from dbtool.config import Settings


@click.command(epilog=_options.exit_codes(0, 2))
@click.argument("description")
@_options.settings_options
@click.option("--source", metavar="NAME", help="The source to write to; usually the last.")
def command(settings: Settings, description: str, source: str | None) -> None:
    """Create the next migration and the file that undoes it, from a template. Needs no database.

    \b
    Example:
      dbtool new "Add wishlists"
    """
    name = source or settings.sources[-1].name
    for path in migrations.create(settings.source(name), description):
        click.echo(path)
