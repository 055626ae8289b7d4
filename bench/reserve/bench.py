"""Measure reservations against what an application would do without `reserve_inventory`.

    python bench/reserve/bench.py                  # the whole table, about an hour
    python bench/reserve/bench.py --only targets   # what the targets speak of, half an hour

Closed loop, driven by pgbench with prepared statements, all variants alternated on one server in
rounds; ratios are medians of the rounds' own ratios. After each round the stock is checked.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click
import psycopg

from dbtool import config, database, runner, server

HERE = Path(__file__).parent
OPTIONS = {
    "fsync": "on", "synchronous_commit": "on", "jit": "off", "shared_buffers": "512MB",
    "max_wal_size": "8GB", "max_connections": "200",
}  # fmt: skip
DELAY = "\\sleep 500 us\n"
OWNER = "\\set owner random(1, 4000000000000000)\n"
HOT_LINES, HOT_SKUS = 5, 20
WARM_UP_S = 3


@dataclass(frozen=True)
class Variant:
    """One way to reserve: a pgbench script, and what it is compared with."""

    name: str
    script: str
    clients: int
    buckets: int = 1
    delay: bool = False

    @property
    def label(self) -> str:
        return f"{self.name}, {self.clients} clients" + (", 0.5 ms delay" if self.delay else "")


def function(skus: list[str]) -> str:
    """One call with every feature on: JSON checks, limits, idempotency key, events."""
    items = " || ',' || ".join(f'\'{{"sku":"S\' || {sku} || \'","quantity":1}}\'' for sku in skus)
    return (
        f"select * from inventory.reserve_inventory(cast('[' || {items} || ']' as jsonb),"
        " 'session:' || cast(:owner as text), null, 'key-' || cast(:owner as text));\n"
    )


def orm(skus: list[str]) -> str:
    """What an ORM sends: a transaction with a lock, a write and an insert for each line."""
    lines = [
        f"select * from orm.stock where sku = 'S' || {sku} for update;\n"
        f"update orm.stock set available = available - 1 where sku = 'S' || {sku};\n"
        "insert into orm.reservations (sku, owner, quantity, expires_at) values"
        f" ('S' || {sku}, 'session:' || cast(:owner as text), 1, now() + interval '5 min')"
        " returning reservation_id;\n"
        for sku in skus
    ]
    return "begin;\n" + "".join(lines) + "commit;\n"


def conditional(skus: list[str]) -> str:
    """What a careful client sends by hand: one guarded update and one insert for each line."""
    lines = [
        "update orm.stock set available = available - 1"
        f" where sku = 'S' || {sku} and available >= 1;\n"
        "insert into orm.reservations (sku, owner, quantity, expires_at) values"
        f" ('S' || {sku}, 'session:' || cast(:owner as text), 1, now() + interval '5 min')"
        " returning reservation_id;\n"
        for sku in skus
    ]
    return "begin;\n" + "".join(lines) + "commit;\n"


def delayed(script: str) -> str:
    """Let the client think for 0.5 ms between two statements of a transaction."""
    statements = script.splitlines(keepends=True)
    return DELAY.join(statements)


ANY_SKU = "\\set sku random(1, 10000)\n"
# Five different ones of twenty, in ascending order: sorted, as only a careful application does it.
HOT_PICK = "".join(
    f"\\set s{n} {n * HOT_SKUS // HOT_LINES} + random(1, {HOT_SKUS // HOT_LINES})\n"
    for n in range(HOT_LINES)
)
HOT = [f"cast(:s{n} as text)" for n in range(HOT_LINES)]
ONE, ANY = ["'1'"], ["cast(:sku as text)"]

# A refusal is an error, which would end pgbench's client, so a function catches it on the server.
SOLD_OUT = (
    "select orm.refused('session:' || cast(:owner as text), 'key-' || cast(:owner as text));\n"
)
SOLD_OUT_ORM = "begin;\nselect * from orm.stock where sku = 'S0' for update;\nrollback;\n"

FUNCTION = Variant("reserve_inventory", OWNER + function(ONE), 64)
ORM = Variant("ORM's statements", OWNER + orm(ONE), 64)
CONDITIONAL = Variant("conditional UPDATE + INSERT", OWNER + conditional(ONE), 64)


def with_delay(variant: Variant) -> Variant:
    head, body = OWNER, variant.script.removeprefix(OWNER)
    return replace(variant, script=head + delayed(body), delay=True)


def hot_sku(clients: int) -> list[Variant]:
    plain = [replace(variant, clients=clients) for variant in (ORM, CONDITIONAL, FUNCTION)]
    spread = [
        replace(FUNCTION, name=f"reserve_inventory, {n} buckets", buckets=n, clients=clients)
        for n in (16, 64)
    ]
    return plain + spread


def groups() -> dict[str, list[Variant]]:
    again = replace(ORM, name="ORM's statements again")
    many = Variant("reserve_inventory, 10,000 SKUs", OWNER + ANY_SKU + function(ANY), 64)
    order = [
        Variant("ORM's statements, sorted", OWNER + HOT_PICK + orm(HOT), 64),
        Variant("conditional, sorted", OWNER + HOT_PICK + conditional(HOT), 64),
        Variant("reserve_inventory", OWNER + HOT_PICK + function(HOT), 64),
    ]
    return {
        "one hot SKU, 64 clients": [
            *hot_sku(64),
            again,
            many,
        ],
        "one hot SKU, 0.5 ms between statements, 64 clients": [
            with_delay(variant) for variant in hot_sku(64)
        ],
        "5-line orders on 20 hot SKUs, 64 clients": order,
        "one hot SKU, 1 client": hot_sku(1),
        "one hot SKU, 8 clients": hot_sku(8),
        "one hot SKU, 32 clients": hot_sku(32),
        "sold out, 64 clients": [
            Variant("ORM's statements", OWNER + SOLD_OUT_ORM, 64),
            Variant("reserve_inventory", OWNER + SOLD_OUT, 64),
        ],
    }


TARGETS = (
    ("one hot SKU, 64 clients", "reserve_inventory, 64 buckets", "ORM's statements", 4.0),
    (
        "one hot SKU, 64 clients", "reserve_inventory, 64 buckets",
        "reserve_inventory, 10,000 SKUs", 0.8,
    ),
    ("one hot SKU, 64 clients", "reserve_inventory", "ORM's statements", 1.2),
    (
        "one hot SKU, 0.5 ms between statements, 64 clients", "reserve_inventory",
        "ORM's statements", 5.0,
    ),
    (
        "5-line orders on 20 hot SKUs, 64 clients", "reserve_inventory",
        "ORM's statements, sorted", 1.0,
    ),
)  # fmt: skip


@contextmanager
def shop() -> Iterator[tuple[psycopg.Connection[object], Path]]:
    """Start a server of its own, with durable commits, and fill it."""
    project = Path.cwd()
    running = server.start(project, "bench", OPTIONS)
    try:
        settings = replace(config.load(), database_url=running.dsn)
        with database.connect(settings, purpose="bench") as admin:
            admin.execute("drop database if exists bench with (force)")
            admin.execute("create database bench")
        settings = replace(settings, database_url=running.url("bench"))
        with database.connect(settings, purpose="bench") as connection:
            runner.migrate(connection, settings, report=lambda line: None)
            for file in ("setup.sql", "schema.sql"):
                connection.execute((HERE / file).read_text())
            connection.execute("vacuum analyze")
            yield connection, running.bin_directory
    finally:
        server.stop(project, "bench")


def run(
    variant: Variant, connection: psycopg.Connection[object], binaries: Path, seconds: int
) -> float:
    """Run one variant; return transactions per second. A failed transaction ends the benchmark."""
    connection.execute("select inventory.merge_buckets('S1')")
    if variant.buckets > 1:
        connection.execute("select inventory.split_buckets('S1', %s)", [variant.buckets])
    connection.execute("checkpoint")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(variant.script)
        file.flush()
        done = subprocess.run(
            [
                binaries / "pgbench", "--no-vacuum", "--protocol=prepared", f"--file={file.name}",
                f"--client={variant.clients}", f"--jobs={os.cpu_count()}", f"--time={seconds}",
                connection.info.dsn,
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if done.returncode or not found:
        reason = done.stderr.strip().partition("\n")[0]
        raise click.ClickException(f"{variant.label}: {reason}")
    return float(found[1])


def check(connection: psycopg.Connection[object]) -> None:
    wrong = connection.execute((HERE / "check.sql").read_text()).fetchall()
    if wrong:
        raise click.ClickException(f"units were lost or invented: {wrong[:5]}")


def measure(
    variants: list[Variant],
    connection: psycopg.Connection[object],
    binaries: Path,
    rounds: int,
    seconds: int,
) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {variant.name: [] for variant in variants}
    for variant in variants:
        run(variant, connection, binaries, WARM_UP_S)
    with click.progressbar(length=rounds * len(variants), label=variants[0].label) as bar:
        for number in range(rounds):
            # Forwards and backwards in turn, so that what drifts does not favour one of them.
            for variant in variants if number % 2 == 0 else reversed(variants):
                rates[variant.name].append(run(variant, connection, binaries, seconds))
                bar.update(1)
            check(connection)
    return rates


def ratio(mine: list[float], theirs: list[float]) -> str:
    ratios = [a / b for a, b in zip(mine, theirs, strict=True)]
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def table(title: str, rates: dict[str, list[float]]) -> list[str]:
    first = next(iter(rates))
    rows = [f"### {title}", "", f"| variant | per second | of {first} |", "|---|---:|---:|"]
    for name, values in rates.items():
        rows.append(
            f"| {name} | {statistics.median(values):,.0f} | {ratio(values, rates[first])} |"
        )
    return [*rows, ""]


def targets(results: dict[str, dict[str, list[float]]]) -> list[str]:
    rows = ["### Targets", "", "| measured | target | reached |", "|---|---:|---:|"]
    for title, mine, theirs, target in TARGETS:
        if title not in results:
            continue
        reached = ratio(results[title][mine], results[title][theirs])
        missed = "" if float(reached.split()[0]) >= target else " **missed**"
        rows.append(f"| {title}: {mine} / {theirs} | at least {target:g} | {reached}{missed} |")
    return [*rows, ""]


@click.command()
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 100))
@click.option("--seconds", default=20, show_default=True, type=click.IntRange(1, 600))
@click.option("--only", type=click.Choice(["targets"]), help="Only what the targets speak of.")
@click.option("--write-readme", is_flag=True, help="Put the tables into README.md.")
def main(rounds: int, seconds: int, only: str | None, write_readme: bool) -> None:
    """Reserve in every way, in turns, and print the tables."""
    wanted = {target[0] for target in TARGETS}
    results: dict[str, dict[str, list[float]]] = {}
    lines: list[str] = []
    with shop() as (connection, binaries):
        version = connection.info.parameter_status("server_version")
        options = " ".join(f"{key}={value}" for key, value in OPTIONS.items())
        lines.append(
            f"PostgreSQL {version}, {os.cpu_count()} cores shared by server and clients,"
            f" {rounds} rounds of {seconds} s, `{options}`."
        )
        lines.append("")
        for title, variants in groups().items():
            if only is None or title in wanted:
                results[title] = measure(variants, connection, binaries, rounds, seconds)
                lines += table(title, results[title])
    lines += targets(results)
    click.echo("\n".join(lines))
    if write_readme:
        readme = HERE / "README.md"
        head, _, rest = readme.read_text().partition("<!-- table -->\n")
        tail = rest.partition("<!-- end -->")[2]
        body = "\n".join(lines)
        readme.write_text(f"{head}<!-- table -->\n{body}<!-- end -->{tail}")


if __name__ == "__main__":
    main()
