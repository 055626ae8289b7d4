"""Install each tool from its registry and lay the same migrations out in its own form."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parent.parent.parent
MIGRATION_NAME = re.compile(r"V(\d+)__(\w+)\.sql")

ALEMBIC_ENV = """\
import os

from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["ALEMBIC_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""

ALEMBIC_REVISION = """\
from alembic import op

revision = {number!r}
down_revision = {previous!r}


def upgrade() -> None:
    op.get_bind().exec_driver_sql(SQL, execution_options={{"no_parameters": True}})


SQL = \"\"\"
{sql}\"\"\"
"""

YOYO_STEP = """\
from yoyo import step

step(\"\"\"
{sql}\"\"\")
"""

SQITCH_CONF = """\
[core]
    engine = pg
[engine "pg"]
    target = db:pg:
    client = {psql}
"""


@dataclass(frozen=True)
class Migration:
    """One of the twenty: what every tool is given, in the tool's own wrapping."""

    number: int
    name: str
    sql: str


@dataclass(frozen=True)
class Target:
    """The database that every run gets, as each tool wants to be told of it."""

    host: str
    port: str
    user: str
    database: str
    psql: Path

    def url(self, scheme: str = "postgresql") -> str:
        """Return a URL that works for a socket folder and for a host name alike."""
        query = f"host={quote(self.host, safe='/')}&port={self.port}"
        return f"{scheme}://{quote(self.user)}@/{self.database}?{query}"


@dataclass(frozen=True)
class Tool:
    """How to run one tool, and how to see in the database that it did its work."""

    name: str
    version: str
    settings: str
    command: tuple[str, ...]
    directory: Path
    # One number: how many migrations the tool's own history says were applied.
    history: str
    environment: dict[str, str] = field(default_factory=dict)


def read_migrations(folder: Path) -> list[Migration]:
    """Return the migrations of a folder, in the order of their numbers."""
    found = []
    for path in folder.glob("V*.sql"):
        match = MIGRATION_NAME.fullmatch(path.name)
        if match is None:
            raise SystemExit(f"{path}: expected V<number>__<Name>.sql")
        name = match[2].lower()
        found.append(Migration(int(match[1]), name, path.read_text(encoding="utf-8")))
    return sorted(found, key=lambda migration: migration.number)


def run(command: Iterable[str | Path], directory: Path, **environment: str) -> str:
    """Run an installation step; on failure show what it printed."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=directory,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout


def empty_folder(path: Path) -> Path:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path


def virtual_environment(folder: Path, *requirements: str) -> Path:
    """Return the `bin` folder of a virtual environment with the newest of `requirements`."""
    programs = folder / "bin"
    ready = folder / "ready"
    if not ready.exists():
        run([sys.executable, "-m", "venv", "--clear", folder], folder.parent)
        run([programs / "pip", "install", "--quiet", *requirements], folder)
        ready.touch()
    return programs


def python_versions(programs: Path, *packages: str) -> list[str]:
    code = "import sys, importlib.metadata as m; print(*map(m.version, sys.argv[1:]))"
    return run([programs / "python", "-c", code, *packages], programs).split()


def npm_package(folder: Path, package: str) -> str:
    """Install the newest `package` into `folder` and return its version."""
    manifest = folder / "node_modules" / package / "package.json"
    if not manifest.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n')
        run(["npm", "install", "--silent", "--no-audit", "--no-fund", package], folder)
    version: str = json.loads(manifest.read_text())["version"]
    return version


def compile_cache(home: Path) -> dict[str, str]:
    """Let Node 22 and later keep compiled code; older ones ignore it."""
    return {"NODE_COMPILE_CACHE": str(home / "compiled")}


def write_all(folder: Path, files: Iterable[tuple[str, str]]) -> None:
    empty_folder(folder)
    for name, text in files:
        (folder / name).write_text(text, encoding="utf-8")


def dbtool(home: Path, target: Target, migrations: list[Migration]) -> Tool:
    programs = virtual_environment(home / "venv", "psycopg[binary]", "click", "hatchling")
    # Not editable: what is measured is what `pip install` gives a user. Each time, for the
    # checkout changes.
    run(
        [
            *(programs / "pip", "install", "--quiet", "--force-reinstall"),
            *("--no-deps", "--no-build-isolation", CHECKOUT),
        ],
        home,
    )
    version, psycopg = python_versions(programs, "dbtool", "psycopg")
    work = empty_folder(home / "work")
    (work / "dbtool.toml").write_text('packaged = false\n\n[[sources]]\npath = "sql"\n')
    shutil.copytree(Path(__file__).parent / "sql", work / "sql")
    return Tool(
        name="dbtool",
        version=version,
        settings=f"psycopg {psycopg}; a transaction a file, fingerprint and lock on, as installed",
        command=(str(programs / "dbtool"), "migrate"),
        directory=work,
        history="select count(*) from dbtool.migrations",
        environment={"DATABASE_URL": target.url()},
    )


def alembic(home: Path, target: Target, migrations: list[Migration]) -> Tool:
    programs = virtual_environment(home / "venv", "alembic", "psycopg2-binary")
    version, alchemy, psycopg2 = python_versions(
        programs, "alembic", "SQLAlchemy", "psycopg2-binary"
    )
    work = empty_folder(home / "work")
    (work / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/scripts\n")
    write_all(work / "scripts", [("env.py", ALEMBIC_ENV)])
    write_all(
        work / "scripts" / "versions",
        [
            (
                f"{m.number:04}_{m.name}.py",
                ALEMBIC_REVISION.format(
                    number=f"{m.number:04}",
                    previous=f"{m.number - 1:04}" if m.number > 1 else None,
                    sql=m.sql,
                ),
            )
            for m in migrations
        ],
    )
    return Tool(
        name="Alembic",
        version=version,
        settings=f"SQLAlchemy {alchemy}, psycopg2 {psycopg2}; raw SQL, one transaction for all, "
        "no logging section",
        command=(str(programs / "alembic"), "upgrade", "head"),
        directory=work,
        # Alembic keeps the newest revision only.
        history="select version_num::integer from public.alembic_version",
        environment={"ALEMBIC_URL": target.url("postgresql+psycopg2")},
    )


def yoyo(home: Path, target: Target, migrations: list[Migration]) -> Tool:
    programs = virtual_environment(home / "venv", "yoyo-migrations", "psycopg2-binary")
    version, psycopg2 = python_versions(programs, "yoyo-migrations", "psycopg2-binary")
    work = empty_folder(home / "work")
    write_all(
        work / "migrations",
        [(f"{m.number:04}_{m.name}.py", YOYO_STEP.format(sql=m.sql)) for m in migrations],
    )
    return Tool(
        name="yoyo",
        version=version,
        settings=f"psycopg2 {psycopg2}; Python steps, which spare it sqlparse; batch mode",
        command=(
            *(str(programs / "yoyo"), "apply", "--batch", "--no-config-file"),
            *("--database", target.url(), "migrations"),
        ),
        directory=work,
        history="select count(*) from public._yoyo_migration",
    )


def node_pg_migrate(home: Path, target: Target, migrations: list[Migration]) -> Tool:
    version = npm_package(home, "node-pg-migrate")
    npm_package(home, "pg")
    work = empty_folder(home / "work")
    write_all(
        work / "migrations",
        [(f"{1767225600000 + m.number}_{m.name}.sql", m.sql) for m in migrations],
    )
    return Tool(
        name="node-pg-migrate",
        version=version,
        settings="SQL files, one transaction for all, not verbose",
        command=(str(home / "node_modules/.bin/node-pg-migrate"), "up", "--no-verbose"),
        directory=work,
        history="select count(*) from public.pgmigrations",
        environment={"DATABASE_URL": target.url(), **compile_cache(home)},
    )


def graphile_migrate(home: Path, target: Target, migrations: list[Migration]) -> Tool:
    version = npm_package(home, "graphile-migrate")
    work = empty_folder(home / "work")
    (work / ".gmrc").write_text("{}\n")
    previous = ""
    files = []
    for m in migrations:
        # The same chain of hashes that `graphile-migrate commit` writes.
        text = f"{previous}\n{m.sql.strip()}".strip() + "\n"
        digest = "sha1:" + hashlib.sha1(text.encode()).hexdigest()
        header = f"--! Previous: {previous or '-'}\n--! Hash: {digest}\n\n"
        files.append((f"{m.number:06}-{m.name}.sql", header + m.sql.strip() + "\n"))
        previous = digest
    (work / "migrations").mkdir()
    write_all(work / "migrations" / "committed", files)
    return Tool(
        name="graphile-migrate",
        version=version,
        settings="a transaction a file, no shadow database",
        command=(str(home / "node_modules/.bin/graphile-migrate"), "migrate"),
        directory=work,
        history="select count(*) from graphile_migrate.migrations",
        environment={
            "DATABASE_URL": target.url(),
            "ROOT_DATABASE_URL": target.url().replace(f"/{target.database}?", "/postgres?"),
            **compile_cache(home),
        },
    )


def debian_packages(folder: Path, *packages: str) -> Path:
    """Unpack packages and what they need beyond the system into `folder`, which needs no root."""
    ready = folder / "ready"
    if not ready.exists():
        archives = empty_folder(folder / "archives")
        plan = run(["apt-get", "install", "--simulate", *packages], archives)
        # "Inst name (1.2 ...)" is new; "Inst name [1.1] (1.2 ...)" would only be newer.
        names = re.findall(r"^Inst (\S+) \(", plan, flags=re.MULTILINE)
        if names:
            run(["apt-get", "download", "--quiet", *names], archives)
        for archive in archives.glob("*.deb"):
            run(["dpkg", "--extract", archive, folder], archives)
        shutil.rmtree(archives)
        ready.touch()
    return folder


def sqitch(home: Path, target: Target, migrations: list[Migration]) -> Tool:
    root = debian_packages(home / "root", "sqitch", "libdbd-pg-perl")
    program = root / "usr/bin/sqitch"
    program = program if program.exists() else Path("/usr/bin/sqitch")
    work = empty_folder(home / "work")
    templates = root / "etc/sqitch/templates"
    if templates.exists():
        shutil.copytree(templates, work / ".sqitch/templates")
    (work / "sqitch.conf").write_text(SQITCH_CONF.format(psql=target.psql))
    plan = ["%syntax-version=1.0.0", "%project=desk", ""]
    plan += [
        f"{m.name} 2026-01-01T00:00:{m.number:02}Z Bench <bench@example.org> # {m.name}"
        for m in migrations
    ]
    (work / "sqitch.plan").write_text("\n".join(plan) + "\n")
    write_all(
        work / "deploy",
        [(f"{m.name}.sql", f"begin;\n\n{m.sql}\ncommit;\n") for m in migrations],
    )
    libraries = [root / "usr/share/perl5"]
    libraries += sorted((root / "usr/lib").glob("*/perl5/*"))
    environment = {
        "PERL5LIB": ":".join(map(str, libraries)),
        "SQITCH_FULLNAME": "Bench",
        "SQITCH_EMAIL": "bench@example.org",
        "HOME": str(work),
        "PGHOST": target.host,
        "PGPORT": target.port,
        "PGUSER": target.user,
        "PGDATABASE": target.database,
    }
    command = ("perl", "-CAS", str(program))
    shown = run([*command, "--version"], work, **environment)
    return Tool(
        name="sqitch",
        version=shown.split()[-1].lstrip("v"),
        settings="deploy without verify, psql called directly and not through Debian's wrapper",
        command=(*command, "deploy", "--no-verify"),
        directory=work,
        history="select count(*) from sqitch.changes",
        environment=environment,
    )


def dbmate(home: Path, target: Target, migrations: list[Migration]) -> Tool:
    version = npm_package(home, "dbmate")
    work = empty_folder(home / "work")
    write_all(
        work / "db/migrations",
        [
            (
                f"{20260101000000 + m.number}_{m.name}.sql",
                f"-- migrate:up\n{m.sql}\n-- migrate:down\n",
            )
            for m in migrations
        ],
    )
    native = next((home / "node_modules/@dbmate").glob("*/bin/dbmate"))
    return Tool(
        name="dbmate",
        version=version,
        settings="the native program of the package, not its Node wrapper; no schema dump",
        command=(str(native), "--no-dump-schema", "migrate"),
        directory=work,
        history="select count(*) from public.schema_migrations",
        environment={"DATABASE_URL": target.url("postgres")},
    )


BUILDERS: dict[str, Callable[[Path, Target, list[Migration]], Tool]] = {
    "dbtool": dbtool,
    "alembic": alembic,
    "yoyo": yoyo,
    "node-pg-migrate": node_pg_migrate,
    "graphile-migrate": graphile_migrate,
    "sqitch": sqitch,
    "dbmate": dbmate,
}
