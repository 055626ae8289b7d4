"""`dbtool dump`."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import click

from dbtool import ledger, server
from dbtool.commands import _options
from dbtool.config import Settings
from dbtool.errors import ConfigError, ConnectError, DbtoolError, FileError

SCHEMAS = "select nspname from pg_namespace where nspname = any (%s) order by nspname"
# In place of pg_dump's own, which differs from run to run and from version to version.
HEAD = (ledger.SQL / "dump_head.sql").read_text()
NOISE = re.compile(r"^(SET default_\w+ = .*;|\\unrestrict .*)\n+", re.MULTILINE)


@click.command(epilog=_options.exit_codes(0, 1, 2, 6))
@_options.settings_options
@click.option("--output", metavar="FILE", type=click.Path(path_type=Path), help="Write to FILE.")
def command(settings: Settings, output: Path | None) -> None:
    """Write the managed schemas as SQL, without data: the same text for the same schema.

    Made by pg_dump, of the server's version or a later one.

    \b
    Example:
      dbtool dump --output schema.sql && git diff --exit-code schema.sql
    """
    from psycopg import conninfo

    from dbtool import database

    managed = [schema for source in settings.sources for schema in source.schemas]
    with database.connect(settings, purpose="dump", writable=False) as connection:
        # As the user gave it: what our libpq adds, an older pg_dump may not know. But everybody
        # sees the arguments of a process.
        given = conninfo.conninfo_to_dict(settings.dsn())
        password, url = given.pop("password", None), conninfo.make_conninfo("", **given)
        schemas = [name for (name,) in connection.execute(SCHEMAS, (managed,))]
        program = _pg_dump(connection.info.server_version // 10000)
        if not schemas:
            raise DbtoolError(
                f"{connection.info.dbname} has none of the schemas {', '.join(managed)}"
            )
        wanted = [f'--schema="{name}"' for name in schemas]
        wait = f"--lock-wait-timeout={round(settings.lock_wait_s * 1000)}"
        done = subprocess.run(
            [program, "--schema-only", "--no-password", wait, *wanted, f"--dbname={url}"],
            env={**os.environ, **({"PGPASSWORD": str(password)} if password else {})},
            capture_output=True,
            encoding="utf-8",
        )
    if done.returncode != 0:
        raise DbtoolError(f"pg_dump failed: {done.stderr.strip()}")
    text = HEAD + NOISE.sub("", done.stdout[done.stdout.index("\n--\n-- Name: ") :])
    if not output:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileError(f"{output}: cannot be written: {error.strerror}") from error


def _pg_dump(server_major: int) -> str:
    """Return the oldest pg_dump here that can read the server."""
    folders = [os.environ.get("PATH", os.defpath)]
    # Without server binaries the client programs may be here all the same.
    with contextlib.suppress(ConnectError):
        folders.append(str(server.find_binaries()))
    found: dict[int, str] = {}
    for program in filter(None, (shutil.which("pg_dump", path=folder) for folder in folders)):
        version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
        if major := re.search(r"\) (\d+)", version):
            found.setdefault(int(major[1]), program)
    if usable := [major for major in found if major >= server_major]:
        return found[min(usable)]
    have = ", ".join(map(str, found)) or "none"
    raise ConfigError(
        f"pg_dump {server_major} or later is needed for this server; found: {have}",
        f"Install the client programs of PostgreSQL {server_major}, on PATH.",
    )
