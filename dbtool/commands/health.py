"""`dbtool health`: what is wrong with the database now, and what to do about it."""

from __future__ import annotations

import contextlib
import dataclasses
import textwrap
from collections.abc import Iterator
from typing import Any

import click

from dbtool.commands import _options
from dbtool.config import Settings
from dbtool.errors import DbtoolError

# Those of Nagios and its kin, for this command alone.
CODES = {"ok": 0, "warning": 1, "critical": 2, "unknown": 3}
EPILOG = "Exit codes: 0 ok, 1 warning, 2 critical, 3 unknown (no connection, usage, all skipped)."


class NagiosCommand(click.Command):
    """A command whose every failure is "unknown": 1 and 2 already have a meaning."""

    @contextlib.contextmanager
    def _unknown(self) -> Iterator[None]:
        try:
            yield
        except (click.ClickException, DbtoolError) as error:
            error.exit_code = CODES["unknown"]  # type: ignore[misc]
            raise

    def make_context(self, *args: Any, **rest: Any) -> click.Context:
        with self._unknown():
            return super().make_context(*args, **rest)

    def invoke(self, ctx: click.Context) -> Any:
        with self._unknown():
            return super().invoke(ctx)


@click.command(cls=NagiosCommand, epilog=EPILOG)
@_options.settings_options
@_options.json_option
@click.option("--only", metavar="NAME", multiple=True, help="Run this check; may be repeated.")
@click.option("--timeout", type=click.FloatRange(0), default=5.0, help="Seconds for one check (5).")
@click.option("-v", "--verbose", is_flag=True, help="Show in full what is ok, too.")
def command(
    settings: Settings, as_json: bool, only: tuple[str, ...], timeout: float, verbose: bool
) -> int:
    """Check the health of the database, as any user, on the primary or on a replica.

    \b
    Example:
      dbtool health --database-url service=shop --only invariants --timeout 600
    """
    from dbtool import checks, database

    with database.connect(settings, purpose="health", writable=False) as connection:
        findings = checks.run(connection, settings.sources, only, round(timeout * 1000))
        where = f"{connection.info.dbname} on PostgreSQL {connection.info.server_version // 10000}"
    status = checks.status(findings)
    if as_json:
        rows = [dataclasses.asdict(finding) for finding in findings]
        _options.print_json({"status": status, "findings": rows})
        return CODES[status]
    # The first line is what a monitoring system shows.
    levels = [finding.level for finding in findings]
    counts = ", ".join(f"{levels.count(level)} {level}" for level in checks.LEVELS)
    click.echo(f"{status}: {counts} ({where})")
    shown = [finding for finding in findings if verbose or finding.level != "ok"]
    for found in shown:
        figure = "" if found.figure is None else f"{found.figure:.15g}"
        facts = (found.level, found.check, found.object, figure, found.threshold)
        remedy = f"\nremedy: {found.remedy}" if found.remedy else ""
        click.echo("\n" + "  ".join(filter(None, facts)))
        click.echo(textwrap.indent(found.meaning + remedy, "    "))
    if rest := [finding.check for finding in findings if finding not in shown]:
        click.echo("\nok: " + ", ".join(rest))
    return CODES[status]
