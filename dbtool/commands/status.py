"""`dbtool status`."""

from __future__ import annotations

from typing import Any

import click

from dbtool import survey
from dbtool.commands import _options
from dbtool.config import Settings


@click.command(epilog=_options.exit_codes(0, 2, 3, 4, 6))
@_options.settings_options
@_options.json_option
@_options.exit_code_option
def command(settings: Settings, as_json: bool, exit_code: bool) -> None:
    """Show every migration: applied, pending, started, baseline, edited or missing. Only reads.

    With --exit-code, edited and missing files are 4, and what is pending is 3.

    \b
    Example:
      dbtool status --json
    """
    found = survey.look(settings, "status")
    files = survey.states(found)
    server, name = found.ledger.server, found.ledger.database
    functions = {
        name: "pending" if found.functions_changed(settings.source(name)) else "applied"
        for name in found.function_sets
    }
    if as_json:
        _options.print_json(
            {
                "database": name,
                "server_version": server,
                "environment": found.ledger.environment,
                "unfinished": found.ledger.unfinished,
                "functions": functions,
                "migrations": files,
            }
        )
    else:
        mark = found.ledger.environment or "no environment"
        click.echo(f"{name}, PostgreSQL {server}, {mark}")
        for file in files:
            click.echo(_line(file))
        for source, state in functions.items():
            click.echo(f"{source}  {state:8}  functions, views and triggers")
        if found.ledger.unfinished:
            click.echo("functions and fingerprint are still to follow: run dbtool migrate")
    if exit_code and {"edited", "missing"} & {file["state"] for file in files}:
        raise click.exceptions.Exit(4)
    if exit_code and found.pending:
        raise click.exceptions.Exit(3)


def _line(file: dict[str, Any]) -> str:
    at = (file["applied_at"] or "")[:16].replace("T", " ")
    when = f"  {at} by {file['applied_by']}" if at else ""
    return f"{file['source']}  {file['state']:8}  {file['version']:>4}  {file['description']}{when}"
