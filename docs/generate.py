"""Write what is generated in docs/: the reference of each schema, the errors, the command line.

    python docs/generate.py            # write
    python docs/generate.py --check    # exit 1 if a file is stale; nothing is written

Everything comes from a database that was migrated just now, and from `dbtool --help`; the sample
output of the README is what `dbtool demo` printed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from dbtool import config, server, sqltests
from dbtool.cli import COMMANDS, cli

ROOT = Path(__file__).parent.parent
MADE = "<!-- Made by docs/generate.py from the catalogue; edit the COMMENTs instead. -->\n"

TABLES = """
select
    c.oid, c.relname, obj_description(c.oid, 'pg_class'),
    case c.relkind when 'v' then 'view' else 'table' end
from pg_class as c
where c.relnamespace = %s::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
order by c.relkind = 'v', c.relname
"""
COLUMNS = """
select
    a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
    col_description(a.attrelid, a.attnum)
from pg_attribute as a
where a.attrelid = %s and a.attnum > 0 and not a.attisdropped
order by a.attnum
"""
CONSTRAINTS = """
select o.conname, pg_get_constraintdef(o.oid)
from pg_constraint as o
where o.conrelid = %s and o.contype <> 'n'
order by strpos('puxfct', o.contype::text), o.conname
"""
INDEXES = """
select x.relname, obj_description(x.oid, 'pg_class')
from pg_index as i
inner join pg_class as x on x.oid = i.indexrelid
where i.indrelid = %s
order by x.relname
"""
FUNCTIONS = """
select
    p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
    obj_description(p.oid, 'pg_proc'),
    array(
        select a.grantee::regrole::text
        from aclexplode(p.proacl) as a
        where a.grantee <> p.proowner
        order by 1
    )
from pg_proc as p
where p.pronamespace = %s::regnamespace
and p.proname !~ '^(health|invariant)_' and p.prorettype <> 'trigger'::regtype
order by p.proname
"""


def cell(text: object) -> str:
    return " ".join(str(text or "").split()).replace("|", "\\|")


def table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell(value) for value in row) + " |"
    yield ""


def reference(connection: Any, schema: str) -> str:
    about = connection.execute(
        "select obj_description(%s::regnamespace, 'pg_namespace')", [schema]
    ).fetchone()
    lines = [f"# {schema}", "", MADE, about[0], ""]
    functions = connection.execute(FUNCTIONS, [schema]).fetchall()
    public = [row for row in functions if row[4]]
    if public:
        lines += ["## Functions", ""]
    for name, arguments, result, comment, grantees in public:
        lines += [f"### {schema}.{name}", "", "```sql"]
        shown = ",\n    ".join(arguments.split(", ")) if len(arguments) > 60 else arguments
        shown = f"\n    {shown}\n" if "\n" in shown else shown
        lines += [f"{schema}.{name}({shown})", f"returns {result}", "```", ""]
        lines += [comment or "", "", f"Granted to {', '.join(grantees)}.", ""]
    relations = connection.execute(TABLES, [schema]).fetchall()
    for kind in ("view", "table"):
        chosen = [row for row in relations if row[3] == kind]
        if chosen:
            lines += [f"## {kind.capitalize()}s", ""]
        for oid, name, comment, _ in chosen:
            lines += [f"### {schema}.{name}", "", comment or "", ""]
            columns = [
                (f"`{column}`", of_type, "" if not_null or kind == "view" else "null", about)
                for column, of_type, not_null, about in connection.execute(COLUMNS, [oid])
            ]
            if kind == "view":
                lines += table(("column", "type"), [row[:2] for row in columns])
                continue
            lines += table(("column", "type", "", "meaning"), columns)
            constraints = connection.execute(CONSTRAINTS, [oid]).fetchall()
            lines += table(
                ("constraint", "definition"), [(f"`{n}`", f"`{d}`") for n, d in constraints]
            )
            indexes = connection.execute(INDEXES, [oid]).fetchall()
            lines += table(("index", "serves"), [(f"`{n}`", about) for n, about in indexes])
    internal = [row for row in functions if not row[4]]
    if internal:
        lines += ["## Internal functions", "", "Granted to nobody.", ""]
        lines += table(("function", "does"), [(f"`{row[0]}`", row[3]) for row in internal])
    return "\n".join(lines).rstrip() + "\n"


def errors(connection: Any) -> str:
    rows = connection.execute(
        "select format('`%s`', sqlstate), name, meaning, remedy,"
        " case when retryable then 'yes' else '' end, http_status"
        " from core.error_codes order by sqlstate"
    ).fetchall()
    head = ("SQLSTATE", "name", "meaning", "what to do", "repeat", "HTTP")
    about = (
        "What the functions raise. MESSAGE is the meaning, DETAIL one JSON object with `error` (the"
        " name) and the values, HINT what to do. The same list is the view `core.error_codes`."
    )
    return "\n".join(["# Errors", "", MADE, about, "", *table(head, rows)]).rstrip() + "\n"


def command_line() -> str:
    lines = ["# dbtool", "", MADE.replace("the COMMENTs", "the commands' help"), ""]
    context = click.Context(cli, info_name="dbtool")
    lines += ["```text", cli.get_help(context), "```", ""]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        own = click.Context(command, info_name=name, parent=context)
        lines += [f"## dbtool {name}", "", "```text", command.get_help(own), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


# What differs from run to run, and from machine to machine.
VOLATILE = (
    (re.compile(r" on /\S+"), " on a socket of its own"),
    (re.compile(r"in \d+\.\d s"), "in a moment"),
    (re.compile(r"PostgreSQL 1\d\.\d+[^,]*,"), "PostgreSQL 18,"),
)
# Keys shown to customers are drawn anew each time: those that the page has already may stay.
DRAWN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9A-Z]{4}(-[0-9A-Z]{4}){2}")


def readme() -> str:
    """Return the README with what `dbtool demo` prints between its markers."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder).resolve()
        try:
            done = subprocess.run(
                [sys.executable, "-m", "dbtool", "demo"],
                capture_output=True, text=True, check=True, cwd=project,
            )  # fmt: skip
        finally:
            server.stop(project)
            shutil.rmtree(server.home(project))
    shown = done.stdout.partition("\nNext:")[0].rstrip()
    for pattern, words in VOLATILE:
        shown = pattern.sub(words, shown)
    text = (ROOT / "README.md").read_text()
    head, start, rest = text.partition("<!-- demo -->\n")
    tail = rest.partition("<!-- end -->")[2]
    return f"{head}{start}```text\n{shown}\n```\n<!-- end -->{tail}"


def pages() -> dict[Path, str]:
    # Wide and in one width: what a terminal would do to the help must not show in the docs.
    os.environ["COLUMNS"] = "100"
    made = {ROOT / "README.md": readme(), ROOT / "docs/dbtool.md": command_line()}
    with sqltests.throwaway_database(config.load()) as connection:
        for schema in config.read_source(config.packaged_sql()).schemas:
            made[ROOT / f"docs/reference/{schema}.md"] = reference(connection, schema)
        made[ROOT / "docs/errors.md"] = errors(connection)
    return made


@click.command()
@click.option("--check", is_flag=True, help="Say what is stale, and write nothing.")
def main(check: bool) -> None:
    """Write the generated pages."""
    stale = []
    for path, text in pages().items():
        if not path.exists() or DRAWN.sub("", path.read_text()) != DRAWN.sub("", text):
            stale.append(path)
            if not check:
                path.write_text(text)
    for path in stale:
        click.echo(f"{'stale' if check else 'written'}: {path.relative_to(ROOT)}")
    if check and stale:
        click.echo("Run: python docs/generate.py", err=True)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
