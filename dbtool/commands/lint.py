"""`dbtool lint`."""

from __future__ import annotations

import dataclasses
import os

import click

from dbtool.commands import _options
from dbtool.config import Settings


@click.command(epilog=_options.exit_codes(0, 1, 2, 6, 7, 130))
@_options.settings_options
@click.option("--files-only", is_flag=True, help="Leave out the rules that need a database.")
@_options.json_option
def command(settings: Settings, files_only: bool, as_json: bool) -> int:
    """Lint the SQL: its form, unsafe migrations, our rules for files and for the catalogue.

    The rules of the catalogue look at a database that is made beside the one named, migrated and
    dropped again. A finding that is right as it is: `-- lint: allow RULE: reason` in its paragraph.

    \b
    Example:
      dbtool lint --files-only
    """
    from dbtool import lint

    if files_only:
        findings = lint.run(settings, None)
    else:
        from dbtool import sqltests

        with sqltests.throwaway_database(settings) as connection:
            findings = lint.run(settings, connection)
    if as_json:
        rows = [dataclasses.asdict(found) | {"path": str(found.path)} for found in findings]
        _options.print_json(rows)
    else:
        for found in findings:
            where = f"{os.path.relpath(found.path)}:{found.line}"
            click.echo(f"{where}: {found.rule}: {found.message}")
            click.echo(f"    {found.hint}" if found.hint else "", nl=bool(found.hint))
        click.echo(f"{len(findings)} findings" if findings else "no findings", err=True)
    return 1 if any(found.level == "error" for found in findings) else 0
