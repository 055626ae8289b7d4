"""`dbtool demo`: see it work."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from dbtool import config
from dbtool.commands._options import exit_codes

NEXT = """
Next:
  export DATABASE_URL='{url}'
  {dbtool} status; {dbtool} verify; {dbtool} health --verbose
  {dbtool} server psql {database} -c '\\df inventory.*'
  {dbtool} server stop"""


@click.command(epilog=exit_codes(0, 1, 2, 5, 6, 7))
@click.option("--database-url", metavar="URL", help="Play it there, beside what is there.")
def command(database_url: str | None) -> None:
    """Make a database, sell something, be refused, and look at stock and health.

    Without a URL (the environment is not asked) it starts the project's own server and makes the
    database shop_demo there, anew each time.

    Example: dbtool demo
    """
    from dbtool import demo

    settings = replace(config.load(), database_url=database_url)
    if database_url is None:
        settings = demo.prepare(settings)
    demo.play(settings, click.echo)
    if database_url is None:
        # With its path, because a virtual environment need not be active.
        program = sys.argv[0] if sys.argv[0].endswith("/dbtool") else "dbtool"
        click.echo(NEXT.format(dbtool=program, url=settings.database_url, database=demo.DATABASE))
