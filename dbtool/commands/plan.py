"""`dbtool plan`."""

from __future__ import annotations

from typing import Any

import click

from dbtool import migrations, survey
from dbtool.commands import _options
from dbtool.config import Settings


@click.command(epilog=_options.exit_codes(0, 2, 3, 4, 6, 7))
@_options.settings_options
@click.option("--offline", is_flag=True, help="Check the files alone; no database is needed.")
@click.option("--out-of-order", is_flag=True, help="Accept numbers below the highest applied.")
@_options.json_option
@_options.exit_code_option
def command(
    settings: Settings, offline: bool, out_of_order: bool, as_json: bool, exit_code: bool
) -> None:
    """Show what migrate would do, in order, and refuse what it would refuse. Only reads.

    \b
    Example:
      dbtool plan --exit-code || dbtool migrate
    """
    steps: list[migrations.Step] = []
    functions: dict[str, bool] = {}
    due = False
    if offline:
        for source in settings.sources:
            steps += [migrations.check(file) for file in migrations.discover(source)]
    else:
        for part in survey.plan(survey.look(settings, "plan"), out_of_order=out_of_order):
            steps += part.steps
            due = due or part.due
            if part.functions:
                functions[part.comparison.source.name] = part.due
    files = [_file(step) for step in steps]
    if as_json:
        _options.print_json({"due": due, "pending": files, "functions": functions})
    else:
        for file in files:
            click.echo("  ".join((file["source"], file["file"], file["kind"], *file["options"])))
        for name in (name for name, changed in functions.items() if changed):
            click.echo(f"{name}  functions, views and triggers")
        if not files:
            click.echo("no migration is pending" if due else "nothing to apply: up to date")
    if exit_code and due:
        raise click.exceptions.Exit(3)


def _file(step: migrations.Step) -> dict[str, Any]:
    return {
        "source": step.migration.source,
        "version": step.migration.version,
        "file": step.migration.path.name,
        "kind": "transaction" if step.transactional else "no-transaction",
        "statements": len(step.statements),
        "options": [f"{key}={value}" for key, value in step.options.items() if value],
    }
