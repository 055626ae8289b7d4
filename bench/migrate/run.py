"""Run dbtool and the migration tools that a team would pick instead, side by side."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from tools import BUILDERS, CHECKOUT, Migration, Target, Tool, read_migrations

from dbtool import server

HERE = Path(__file__).resolve().parent
AGAIN = "dbtool again"
# Above it, what other programs do shows in the figures.
QUIET_LOAD = 0.5
DATABASE = "bench_migrate"
MARKS = ("<!-- the last run begins -->\n", "<!-- the last run ends -->\n")
# What a production server does, whatever the build's defaults are.
SERVER_OPTIONS = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
SHOWN_SETTINGS = ("server_version", *SERVER_OPTIONS, "shared_buffers")

# Everything that the twenty make, by name: a tool that left something out is found out.
MADE = """
select 'relation' as kind, c.relname::text as name, c.relkind::text as detail
from pg_catalog.pg_class as c
where c.relnamespace = 'desk'::regnamespace
union all
select 'constraint', con.conname::text, pg_catalog.pg_get_constraintdef(con.oid)
from pg_catalog.pg_constraint as con
where con.connamespace = 'desk'::regnamespace
union all
select 'function', p.proname::text, p.prosrc
from pg_catalog.pg_proc as p
where p.pronamespace = 'desk'::regnamespace
union all
select 'trigger', t.tgname::text, pg_catalog.pg_get_triggerdef(t.oid)
from pg_catalog.pg_trigger as t
inner join pg_catalog.pg_class as c on t.tgrelid = c.oid
where c.relnamespace = 'desk'::regnamespace and not t.tgisinternal
order by 1, 2, 3
"""


@dataclass(frozen=True)
class Run:
    """One process from its start to its end."""

    wall_ms: float
    cpu_ms: float


@dataclass(frozen=True)
class Measured:
    """Every run of one tool, in the order of the rounds."""

    name: str
    version: str
    settings: str
    command: str
    fresh: list[Run] = field(default_factory=list)
    no_op: list[Run] = field(default_factory=list)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="Example: python bench/migrate/run.py --rounds 15 --write-readme",
    )
    parser.add_argument("--rounds", type=int, default=7, help="runs of each kind (default 7)")
    parser.add_argument(
        "--tools",
        nargs="+",
        choices=[name for name in BUILDERS if name != "dbtool"],
        default=[name for name in BUILDERS if name != "dbtool"],
        help="the tools to compare with (default: all)",
    )
    parser.add_argument(
        "--database-url",
        help="superuser on a server of your own (default: a throwaway server, fsync on)",
    )
    parser.add_argument(
        "--home",
        type=Path,
        default=CHECKOUT / ".dbtool" / "bench",
        help="where the tools are installed (default .dbtool/bench)",
    )
    parser.add_argument("--reinstall", action="store_true", help="fetch the newest releases")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every figure")
    parser.add_argument("--write-readme", action="store_true", help="put the table in README.md")
    return parser.parse_args()


@contextmanager
def the_server(options: argparse.Namespace) -> Iterator[str]:
    if options.database_url:
        yield options.database_url
        return
    name = "bench-migrate"
    started = server.start(options.home, name, SERVER_OPTIONS)
    try:
        yield started.dsn
    finally:
        server.stop(options.home, name)


def find_psql() -> Path:
    """Return a psql that is not Debian's Perl wrapper, which would cost sqitch 20 starts."""
    found = [*Path("/usr/lib/postgresql").glob("*/bin/psql"), shutil.which("psql")][0]
    if found is None:
        raise SystemExit("sqitch needs psql: install the PostgreSQL client")
    return Path(found)


def fresh_database(admin: psycopg.Connection) -> None:
    name = sql.Identifier(DATABASE)
    admin.execute(sql.SQL("drop database if exists {} with (force)").format(name))
    admin.execute(sql.SQL("create database {} template template0").format(name))
    # Else the checkpoint that one tool's writes call for falls into the next one's run.
    admin.execute("checkpoint")


def look(dsn: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(query.encode()).fetchall()


def reference(admin: psycopg.Connection, dsn: str, migrations: list[Migration]) -> object:
    """Return what the twenty make when the server gets them as they are."""
    fresh_database(admin)
    with psycopg.connect(dsn) as connection:
        for migration in migrations:
            connection.execute(migration.sql.encode())
    return look(dsn, MADE)


def timed(tool: Tool, log: Path) -> Run:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tool.directory),
        "LANG": "C.UTF-8",
        **tool.environment,
    }
    with log.open("wb") as output:
        begin = time.perf_counter()
        process = subprocess.Popen(
            tool.command,
            cwd=tool.directory,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        printed = log.read_text(errors="replace")
        raise SystemExit(f"{tool.name}: exit code {process.returncode}\n{printed}")
    return Run(round(wall * 1000, 1), round((usage.ru_utime + usage.ru_stime) * 1000, 1))


def check(tool: Tool, dsn: str, migrations: list[Migration], expected: object) -> None:
    """Void the whole benchmark if a tool did not do all of its work."""
    applied = look(dsn, tool.history)
    if applied != [(len(migrations),)]:
        raise SystemExit(f"{tool.name}: its history says {applied}, not {len(migrations)}")
    if look(dsn, MADE) != expected:
        raise SystemExit(f"{tool.name}: the database is not what the twenty make")


def measure(
    tools: list[Tool], rounds: int, admin: psycopg.Connection, dsn: str, log: Path
) -> list[Measured]:
    migrations = read_migrations(HERE / "sql/migrations")
    expected = reference(admin, dsn, migrations)
    results = [Measured(t.name, t.version, t.settings, " ".join(t.command)) for t in tools]
    # Round 0 fills the caches of the file system and the folders of compiled Python.
    for number in range(rounds + 1):
        pairs = list(zip(tools, results, strict=True))
        for tool, result in pairs if number % 2 else reversed(pairs):
            if sys.stderr.isatty():
                print(
                    f"\r\033[Kround {number}/{rounds} {tool.name} ",
                    end="",
                    file=sys.stderr,
                    flush=True,
                )
            fresh_database(admin)
            fresh = timed(tool, log)
            check(tool, dsn, migrations, expected)
            no_op = timed(tool, log)
            check(tool, dsn, migrations, expected)
            if number:
                result.fresh.append(fresh)
                result.no_op.append(no_op)
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr)
    return results


def commit_ms(admin: psycopg.Connection) -> float:
    """Return the median time of a commit that must reach the disk."""
    admin.execute("create table if not exists public.bench_commit (at timestamptz)")
    times = []
    for _ in range(50):
        begin = time.perf_counter()
        admin.execute("insert into public.bench_commit values (now())")
        times.append((time.perf_counter() - begin) * 1000)
    admin.execute("drop table public.bench_commit")
    return statistics.median(times)


def describe(admin: psycopg.Connection) -> dict[str, str]:
    shown = {}
    for name in SHOWN_SETTINGS:
        row = admin.execute("select current_setting(%s)", [name]).fetchone()
        shown[name] = str(row[0]) if row else ""
    node = shutil.which("node")
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cores": str(os.cpu_count()),
        "load before": f"{os.getloadavg()[0]:.2f}",
        "one commit": f"{commit_ms(admin):.2f} ms",
        "Python": platform.python_version(),
        "Node": subprocess.check_output([node, "--version"], text=True).strip() if node else "none",
        "PostgreSQL": shown.pop("server_version"),
        **shown,
    }


def cell(runs: list[Run]) -> str:
    walls = [run.wall_ms for run in runs]
    return f"{statistics.median(walls):.0f} ({min(walls):.0f} to {max(walls):.0f})"


def ratio(runs: list[Run], ours: list[Run]) -> str:
    """Compare within each round, so that a slow minute of the machine strikes out."""
    ratios = [run.wall_ms / our.wall_ms for run, our in zip(runs, ours, strict=True)]
    won = sum(ratio > 1 for ratio in ratios)
    return f"{statistics.median(ratios):.2f} ({won}/{len(ratios)})"


def report(results: list[Measured], machine: dict[str, str]) -> str:
    ours = results[0]
    rows = [
        ("tool", "fresh, ms", "x dbtool", "nothing to do, ms", "x dbtool"),
        *(
            (
                f"{r.name} {r.version}",
                cell(r.fresh),
                "" if r is ours else ratio(r.fresh, ours.fresh),
                cell(r.no_op),
                "" if r is ours else ratio(r.no_op, ours.no_op),
            )
            for r in results
        ),
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    facts = ", ".join(f"{key} {value}" for key, value in machine.items())
    used = [f"- {r.name}: {r.settings}." for r in results if r.name != AGAIN]
    return "\n".join([f"{facts}; {len(ours.fresh)} rounds.", "", *lines, "", *used]) + "\n"


def write_readme(text: str) -> None:
    readme = HERE / "README.md"
    before, rest = readme.read_text(encoding="utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    readme.write_text(f"{before}{MARKS[0]}\n{text}\n{MARKS[1]}{after}", encoding="utf-8")


def main() -> None:
    options = arguments()
    if options.reinstall:
        shutil.rmtree(options.home / "tools", ignore_errors=True)
    options.home.mkdir(parents=True, exist_ok=True)
    migrations = read_migrations(HERE / "sql/migrations")
    with the_server(options) as admin_dsn, psycopg.connect(admin_dsn, autocommit=True) as admin:
        where = conninfo_to_dict(admin_dsn)
        target = Target(
            host=str(where.get("host") or admin.info.host),
            port=str(admin.info.port),
            user=admin.info.user,
            database=DATABASE,
            psql=find_psql(),
        )
        tools = []
        for name in ["dbtool", *options.tools]:
            print(f"installing {name}", file=sys.stderr)
            home = options.home / "tools" / name
            home.mkdir(parents=True, exist_ok=True)
            tools.append(BUILDERS[name](home, target, migrations))
        # The same tool at both ends of each round: how far apart two equal things come out.
        tools.append(Tool(**{**vars(tools[0]), "name": AGAIN}))
        machine = describe(admin)
        if os.getloadavg()[0] > QUIET_LOAD:
            print(f"the machine is busy (load {machine['load before']})", file=sys.stderr)
        dsn = make_conninfo(admin_dsn, dbname=DATABASE)
        results = measure(tools, options.rounds, admin, dsn, options.home / "last-output.txt")
        admin.execute(sql.SQL("drop database {}").format(sql.Identifier(DATABASE)))
    text = report(results, machine)
    print(text, end="")
    if options.json:
        everything = {"machine": machine, "tools": [asdict(result) for result in results]}
        options.json.write_text(json.dumps(everything, indent=2) + "\n", encoding="utf-8")
    if options.write_readme:
        write_readme(text)


if __name__ == "__main__":
    main()
