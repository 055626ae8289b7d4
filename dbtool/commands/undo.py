"""`dbtool undo`."""

from __future__ import annotations

import click

from dbtool.commands import _options
from dbtool.config import Settings
from dbtool.errors import ConfigError


@click.command(epilog=_options.exit_codes(0, 1, 2, 5, 6, 7, 130))
@_options.settings_options
@click.option("--steps", type=click.IntRange(min=1), help="How many; 1 without --to.")
@click.option("--to", type=click.IntRange(min=0), help="Undo all numbers above this one.")
@click.option("--source", metavar="NAME", help="The source; usually the first.")
@click.option("--discard-data", is_flag=True, help="Undo even where rows are lost.")
def command(
    settings: Settings, steps: int | None, to: int | None, source: str | None, discard_data: bool
) -> None:
    """Undo the last migrations with their U files. For development; refused on production.

    Refused, too, where rows would be lost: the files are run up again inside the transaction, and
    whatever would not come back is named. The functions go as well; the next migrate brings them.

    \b
    Example:
      dbtool undo --to 12 && dbtool migrate
    """
    from dbtool import database, undo

    if steps and to is not None:
        raise ConfigError("--steps and --to exclude each other")
    with database.connect(settings, purpose="undo") as connection:
        undone = undo.undo(
            connection,
            settings,
            settings.source(source),
            steps=steps or 1,
            target=to,
            discard_data=discard_data,
            report=_options.progress,
        )
    click.echo(f"{len(undone)} undone" if undone else "nothing to undo")
