"""The `dbtool` command: parse, call, print, exit. A command is a module of `dbtool.commands`."""

from __future__ import annotations

import importlib
import signal
import sys

import click

from dbtool import __version__
from dbtool.errors import DbtoolError

# A command's module is imported only when it runs: start-up is most of the time of a no-op. So its
# short help stands here.
COMMANDS = {
    "plan": "Show what migrate would do.",
    "migrate": "Apply pending migrations, then the functions.",
    "status": "Show what was applied, and what was not.",
    "verify": "Show what was changed by hand since the last migrate.",
    "baseline": "Adopt a database whose tables are there already.",
    "repair": "Make the ledger agree with an edited file.",
    "new": "Create the next migration from a template.",
    "undo": "Undo migrations with their U files.",
    "dump": "Write the schema as SQL, the same each time.",
    "functions": "Write the functions as one R__ file for Flyway.",
    "test": "Run the SQL tests.",
    "lint": "Check the form and the safety of the SQL.",
    "health": "Check the health of the database.",
    "server": "Start, stop or enter the embedded PostgreSQL.",
    "demo": "Start, migrate, load and show everything once.",
}


class LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"dbtool.commands.{cmd_name}")
        command: click.Command = module.command
        command.short_help = COMMANDS[cmd_name]
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    # Their names, so that a misspelt one is told which was meant.
    commands=dict.fromkeys(COMMANDS, click.Command(None)),
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Exit codes: 0 done, 1 failed, 2 usage, 3 pending, 4 drift, 5 lock busy, 6 no connection,
7 refused, 130 interrupted; each command's help lists its own.
\b
Completion, for bash (or zsh_source, fish_source):
  eval "$(_DBTOOL_COMPLETE=bash_source dbtool)"
""",
)
@click.version_option(__version__, prog_name="dbtool")
def cli() -> None:
    """Migrate, test, lint and health-check a PostgreSQL database from plain SQL files."""


def main() -> None:
    """Run a command; turn what is expected to fail into a message and an exit code."""
    # An orchestrator that stops a runner gets the same clean rollback as Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = cli.main(prog_name="dbtool", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        code = _fail("interrupted; what was running has been rolled back", "", 130)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except DbtoolError as error:
        code = _fail(str(error), error.hint, error.exit_code)
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        code = 1
    except OSError as error:
        # The output cannot be written, the current folder is gone, ...
        code = _fail(str(error), "", 1)
    except Exception as error:
        # Nothing that could raise it is loaded unless the command has connected.
        psycopg = sys.modules.get("psycopg")
        if not psycopg or not isinstance(error, psycopg.Error):
            raise
        from dbtool import database

        code = _fail(database.explain(error), database.hint(error), 1)
    sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str, hint: str, code: int) -> int:
    click.echo(f"dbtool: {message}", err=True)
    if hint:
        click.echo(f"hint: {hint}", err=True)
    return code
