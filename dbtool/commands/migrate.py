"""`dbtool migrate`."""

from __future__ import annotations

from dataclasses import replace

import click

from dbtool.commands import _options
from dbtool.config import Settings
from dbtool.errors import ConfigError
from dbtool.migrations import Migration


@click.command(epilog=_options.exit_codes(0, 1, 2, 4, 5, 6, 7, 130))
@_options.settings_options
@click.option("--target", metavar="[SOURCE:]N", help="Stop after number N of a source.")
@click.option("--out-of-order", is_flag=True, help="Accept numbers below the highest applied.")
@click.option("--wait", type=_options.Duration(), help="Wait this long for another dbtool.")
@click.option("--lock-timeout", type=_options.Duration(), help="Wait for a table lock, a try.")
@click.option("--lock-retry", type=_options.Duration(), help="Go on trying for table locks.")
@_options.json_option
def command(
    settings: Settings,
    target: str | None,
    out_of_order: bool,
    wait: int | None,
    lock_timeout: int | None,
    lock_retry: int | None,
    as_json: bool,
) -> None:
    """Apply pending migrations, then the functions when they changed.

    Each file and its row in the ledger are one transaction. When a lock is not granted in time,
    the transaction lets go, names who is in the way, and tries again.

    \b
    Example:
      dbtool migrate --env production --lock-timeout 200ms
    """
    from dbtool import ledger, survey

    stop = _target(settings, target)
    if (found := survey.glance(settings, "migrate")) and found.ledger.writable:
        ledger.refuse_environment(found.ledger, settings.environment)
        parts = survey.plan(found, target=stop, out_of_order=out_of_order)
        if not survey.needs_work(found, parts, settings):
            return _tell([], as_json)
    from dbtool import database, runner

    if wait is not None:
        settings = replace(settings, lock_wait_s=wait / 1000)
    if lock_timeout is not None:
        settings = replace(settings, lock_timeout_ms=lock_timeout)
    if lock_retry is not None:
        settings = replace(settings, lock_retry_s=lock_retry / 1000)
    with database.connect(settings, purpose="migrate") as connection:
        applied = runner.migrate(
            connection,
            settings,
            report=_options.progress,
            target=stop,
            out_of_order=out_of_order,
        )
    return _tell(applied, as_json)


def _tell(applied: list[Migration], as_json: bool) -> None:
    if as_json:
        _options.print_json(
            [{"source": m.source, "version": m.version, "file": m.path.name} for m in applied]
        )
    else:
        click.echo(f"{len(applied)} applied" if applied else "nothing to apply: up to date")


def _target(settings: Settings, value: str | None) -> tuple[str, int] | None:
    if value is None:
        return None
    name, _, number = value.rpartition(":")
    if not number.isascii() or not number.isdigit():
        raise ConfigError(f"--target {value}: not a number", "Say --target 12 or --target shop:12.")
    return settings.source(name or None).name, int(number)
