"""Measure a checkout of five lines against what an application would do without one call for it.

    python bench/checkout/bench.py --write-readme            # about 20 minutes
    python bench/checkout/bench.py --rounds 1 --seconds 2    # a look at it, two minutes

Closed loop: each client is a process with a connection of its own, and checks out one cart after
another. All ways run in turns on one server with durable commits; ratios are medians of the
rounds' own ratios. After each round orders, carts and stock are checked.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection as Channel
from pathlib import Path
from typing import Any

import click
import psycopg
from rivals import WAYS, Counted

from dbtool import config, database, runner, server

Connection = psycopg.Connection[Any]
HERE = Path(__file__).parent
OPTIONS = {
    "fsync": "on", "synchronous_commit": "on", "jit": "off", "shared_buffers": "512MB",
    "max_wal_size": "8GB", "max_connections": "200", "checkpoint_timeout": "1h",
}  # fmt: skip
DELAYS_MS = (0.0, 0.5)
OURS, BARE = "place_cart_order", "SQLAlchemy ORM"
WHOLE = "SQLAlchemy ORM, with key, holds and events"
TARGETS = {0.0: 3.0, 0.5: 8.0}
# More than any way has ever needed, with all clients.
CARTS_A_SECOND = 3_000
WARM_UP_S = 2.0
# What each way has made of its carts, and units that were lost or invented.
CHECK = """
select
    (select count(*) from rival.orders) as theirs,
    (select count(*) from orders.orders) as ours,
    (select count(*) from rival.carts as c where c.status = 'converted') as theirs_closed,
    (select count(*) from cart.carts as c where c.status = 'converted') as ours_closed,
    (select sum(900000000 - s.available) from rival.stock as s) as theirs_sold,
    (select sum(l.quantity) from rival.order_lines as l) as theirs_units,
    (select sum(900000000 - b.available) from inventory.stock_buckets as b) as ours_sold,
    (select sum(i.quantity) from orders.order_items as i) as ours_units
"""


@dataclass
class Figures:
    """What the rounds of one way have shown, a value a round."""

    rates: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    statements: float = 0.0
    trips: float = 0.0
    wal: list[float] = field(default_factory=list)


def client(url: str, channel: Channel) -> None:
    """Check carts out on command: (way, delay, first cart, last cart, seconds)."""
    checkouts: dict[tuple[str, float], Any] = {}
    while command := channel.recv():
        way, delay_s, first, last, seconds = command
        if (way, delay_s) not in checkouts:
            checkouts[way, delay_s] = WAYS[way](url, delay_s)
        checkout = checkouts[way, delay_s]
        times: list[float] = []
        Counted.statements = Counted.trips = 0
        until = time.perf_counter() + seconds
        try:
            for cart in range(first, last + 1):
                started = time.perf_counter()
                if started > until:
                    break
                checkout(cart)
                times.append((time.perf_counter() - started) * 1000)
            else:
                raise RuntimeError("there were too few carts: raise CARTS_A_SECOND")
        except Exception as error:
            channel.send(f"{way}: {type(error).__name__}: {error}")
            raise
        channel.send((times, Counted.statements, Counted.trips))


class Clients:
    """The processes that check out."""

    def __init__(self, url: str, count: int) -> None:
        context = multiprocessing.get_context("spawn")
        pairs = [context.Pipe() for _ in range(count)]
        self.channels = [ours for ours, _ in pairs]
        self.processes = [
            context.Process(target=client, args=(url, theirs), daemon=True) for _, theirs in pairs
        ]
        for process in self.processes:
            process.start()

    def run(
        self, way: str, delay_ms: float, clients: int, first: int, last: int, seconds: float
    ) -> list[Any]:
        share, channels = (last - first + 1) // clients, self.channels[:clients]
        for number, channel in enumerate(channels):
            start = first + number * share
            channel.send((way, delay_ms / 1000, start, start + share - 1, seconds))
        answers = [channel.recv() for channel in channels]
        for answer in answers:
            if isinstance(answer, str):
                raise click.ClickException(answer)
        return answers

    def stop(self) -> None:
        for channel in self.channels:
            channel.send(None)
        for process in self.processes:
            process.join()


class Bench:
    """A shop, its clients, and carts for them."""

    def __init__(self, connection: Connection, clients: Clients) -> None:
        self.connection, self.clients = connection, clients
        self.carts = 0

    def fill(self, count: int) -> tuple[int, int]:
        first, self.carts = self.carts + 1, self.carts + count
        cursor = psycopg.ClientCursor(self.connection)
        cursor.execute((HERE / "carts.sql").read_bytes(), {"first": first, "last": self.carts})
        return first, self.carts

    def wal(self) -> int:
        row = self.connection.execute("select pg_current_wal_lsn() - '0/0'::pg_lsn").fetchone()
        assert row
        return int(row[0])

    def run(
        self, way: str, delay_ms: float, clients: int, seconds: float, figures: Figures | None
    ) -> None:
        first, last = self.fill(int(CARTS_A_SECOND * seconds))
        self.connection.execute("vacuum analyze")
        before = self.wal()
        started = time.perf_counter()
        answers = self.clients.run(way, delay_ms, clients, first, last, seconds)
        elapsed = time.perf_counter() - started
        written = self.wal() - before
        if figures is None:
            return
        times = [value for answer in answers for value in answer[0]]
        figures.rates.append(len(times) / elapsed)
        figures.times += times
        figures.statements = sum(answer[1] for answer in answers) / len(times)
        figures.trips = sum(answer[2] for answer in answers) / len(times)
        figures.wal.append(written / len(times))

    def check(self) -> None:
        row = self.connection.execute(CHECK).fetchone()
        assert row
        if row[0] != row[2] or row[1] != row[3] or row[4] != row[5] or row[6] != row[7]:
            raise click.ClickException(f"orders, carts and stock disagree: {row}")


@contextmanager
def shop(clients: int) -> Iterator[Bench]:
    """Start a server of its own, with durable commits, and fill it."""
    project = Path.cwd()
    running = server.start(project, "bench-checkout", OPTIONS)
    try:
        settings = replace(config.load(), database_url=running.dsn)
        with database.connect(settings, purpose="bench") as admin:
            admin.execute("drop database if exists bench with (force)")
            admin.execute("create database bench")
        settings = replace(settings, database_url=running.url("bench"))
        with database.connect(settings, purpose="bench") as connection:
            runner.migrate(connection, settings, report=lambda line: None)
            for file in ("setup.sql", "schema.sql"):
                connection.execute((HERE / file).read_bytes())
            workers = Clients(running.url("bench"), clients)
            try:
                yield Bench(connection, workers)
            finally:
                workers.stop()
    finally:
        server.stop(project, "bench-checkout")


def measure(
    bench: Bench, delay_ms: float, clients: int, rounds: int, seconds: float
) -> dict[str, Figures]:
    found = {way: Figures() for way in WAYS}
    ways = list(WAYS)
    label = shown((delay_ms, clients))
    with click.progressbar(length=rounds * len(ways), label=label) as bar:
        for way in ways:
            bench.run(way, delay_ms, clients, WARM_UP_S, None)
        for number in range(rounds):
            # Forwards and backwards in turn, so that what drifts does not favour one of them.
            for way in ways if number % 2 == 0 else reversed(ways):
                bench.run(way, delay_ms, clients, seconds, found[way])
                bar.update(1)
            bench.check()
    return found


def ratio(mine: list[float], theirs: list[float]) -> tuple[float, str]:
    ratios = [a / b for a, b in zip(mine, theirs, strict=True)]
    middle = statistics.median(ratios)
    return middle, f"{middle:.2f} ({min(ratios):.2f} to {max(ratios):.2f})"


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def table(title: str, found: dict[str, Figures]) -> list[str]:
    rows = [
        f"### {title}", "",
        "| | orders/s | of the whole ORM | of the bare ORM | p50 ms | p99 ms | statements"
        " | round trips | WAL bytes |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    for way, figures in found.items():
        times = figures.times
        rows.append(
            f"| {way} | {statistics.median(figures.rates):,.0f}"
            f" | {ratio(figures.rates, found[WHOLE].rates)[1]}"
            f" | {ratio(figures.rates, found[BARE].rates)[1]}"
            f" | {percentile(times, 0.5):,.2f} | {percentile(times, 0.99):,.2f}"
            f" | {figures.statements:,.1f} | {figures.trips:,.1f}"
            f" | {statistics.median(figures.wal):,.0f} |"
        )
    return [*rows, ""]


def shown(situation: tuple[float, int]) -> str:
    delay_ms, clients = situation
    return f"{delay_ms:g} ms to the server, {clients} client{'' if clients == 1 else 's'}"


def targets(results: dict[tuple[float, int], dict[str, Figures]]) -> list[str]:
    rows = [
        "### Targets", "",
        "| orders/s | target | of the whole ORM | of the bare ORM |", "|---|---:|---:|---:|",
    ]  # fmt: skip
    for situation, found in results.items():
        target = TARGETS[situation[0]]
        cells = []
        for rival in (WHOLE, BARE):
            value, reached = ratio(found[OURS].rates, found[rival].rates)
            cells.append(reached + ("" if value >= target else " **missed**"))
        rows.append(f"| {shown(situation)} | at least {target:g} times | {' | '.join(cells)} |")
    return [*rows, ""]


@click.command()
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 100))
@click.option("--seconds", default=10.0, show_default=True, help="For one way and round.")
@click.option(
    "--clients", multiple=True, default=(1, 8), show_default=True, type=click.IntRange(1, 100),
    help="How many at once; may be given several times.",
)  # fmt: skip
@click.option("--write-readme", is_flag=True, help="Put the tables into README.md.")
def main(rounds: int, seconds: float, clients: tuple[int, ...], write_readme: bool) -> None:
    """Check out in every way, in turns, and print the tables."""
    results: dict[tuple[float, int], dict[str, Figures]] = {}
    with shop(max(clients)) as bench:
        version = bench.connection.info.parameter_status("server_version")
        for delay_ms in DELAYS_MS:
            for count in clients:
                results[delay_ms, count] = measure(bench, delay_ms, count, rounds, seconds)
    options = " ".join(f"{key}={value}" for key, value in OPTIONS.items())
    lines = [
        f"PostgreSQL {version}, {os.cpu_count()} cores shared by server and clients,"
        f" {rounds} rounds of {seconds:g} s, `{options}`.",
        "",
    ]
    for situation, found in results.items():
        lines += table(shown(situation), found)
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
