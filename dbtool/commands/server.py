"""`dbtool server`: the project's own PostgreSQL, for development."""

from __future__ import annotations

import dataclasses
import os
import shutil

import click

from dbtool import config, server
from dbtool.commands._options import exit_codes, json_option, print_json
from dbtool.errors import ConnectError


@click.group()
def command() -> None:
    """Start, stop and enter the project's own PostgreSQL.

    Its data is in .dbtool/ of the project (for root: in /var/lib/dbtool). It listens on a private
    unix socket alone, and goes on running until it is stopped.
    """


@command.command(epilog=exit_codes(0, 6))
def start() -> None:
    """Start it, unless it runs; print its connection string.

    Example: psql "$(dbtool server start)"
    """
    click.echo(server.start(config.load().project).dsn)


@command.command(epilog=exit_codes(0, 6))
def stop() -> None:
    """Stop it, whatever version it is; its data stays."""
    stopped = server.stop(config.load().project)
    click.echo("\n".join(f"stopped {folder}" for folder in stopped) or "not running")


@command.command(epilog="Exit codes: 0 running, 3 not running, 6 none here to run.")
@json_option
def status(as_json: bool) -> int:
    """Say whether it runs, and where it is.

    Example: dbtool server status --json
    """
    found = server.locate(config.load().project)
    is_running = found.is_ready()
    pid = int(found.postmaster()[0]) if is_running else None
    facts = {"running": is_running, "pid": pid, "dsn": found.dsn, **dataclasses.asdict(found)}
    if as_json:
        print_json(facts)
    else:
        click.echo("\n".join(f"{key:14}  {value}" for key, value in facts.items()))
    return 0 if is_running else 3


@command.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    epilog="Exit codes: those of psql; 6 when there is no server or no psql.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Start it if need be and open psql there, with the arguments given.

    Example: dbtool server psql shop_demo -c 'select * from inventory.stock_levels'
    """
    running = server.start(config.load().project)
    path = f"{running.bin_directory}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    program = shutil.which("psql", path=path)
    if not program:
        raise ConnectError("there is no psql", "Install PostgreSQL's client programs.")
    # PGSERVICE and its kin would lead elsewhere.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    environment |= {"PGHOST": str(running.socket_directory), "PGPORT": "5432"}
    environment |= {"PGUSER": "postgres", "PGDATABASE": "postgres"}
    os.execve(program, [program, *arguments], environment)
