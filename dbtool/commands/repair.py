"""`dbtool repair`."""

from __future__ import annotations

import click

from dbtool.commands import _options
from dbtool.config import Settings


@click.command(epilog=_options.exit_codes(0, 1, 2, 5, 6, 7, 130))
@click.argument("file")
@_options.settings_options
@click.option("--reason", metavar="TEXT", help="Why the edited text may stand for the old one.")
@click.option("--show", is_flag=True, help="Show the difference and change nothing.")
@click.option("--mark-applied", is_flag=True, help="Take a started no-transaction file as done.")
@click.option("--source", metavar="NAME", help="The source; usually the first.")
def command(
    settings: Settings,
    file: str,
    reason: str | None,
    show: bool,
    mark_applied: bool,
    source: str | None,
) -> None:
    """Make the ledger agree with FILE, a name or number, that was edited after it was applied.

    The difference is shown. Nothing of the file is run. The reason is kept in dbtool.repairs.

    \b
    Example:
      dbtool repair 7 --reason "only a comment was corrected"
    """
    from dbtool import amend, database

    chosen = settings.source(source)
    migration = amend.find(chosen, file)
    with database.connect(settings, purpose="repair", writable=not show) as connection:
        click.echo(amend.difference(connection, migration), nl=False)
        if show:
            return
        changed = amend.repair(
            connection,
            settings,
            migration,
            reason=reason or "",
            mark_applied=mark_applied,
            report=_options.progress,
        )
    done = "the ledger now agrees with the file" if changed else "nothing to repair"
    click.echo(f"{migration.path.name}: {done}")
