"""Measure every public function on a large shop, with many clients at once.

    python bench/shop/bench.py --write-readme                          # about an hour
    python bench/shop/bench.py --variants 20000 --orders 1000 --orders 10000 --turns 50   # minutes

Closed loop: each client is a process with a connection of its own and runs one flow after another
(see flows.py), all kinds of them mixed, so that what edits meets what reads. A call is timed from
the client; the clients share the cores with the server, so most of a time is waiting for one.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

import click
import flows
import psycopg

from dbtool import config, database, runner, server

Connection = psycopg.Connection[Any]
HERE = Path(__file__).parent
OPTIONS = {
    "fsync": "on", "synchronous_commit": "on", "jit": "off", "shared_buffers": "1GB",
    "effective_cache_size": "3GB", "work_mem": "16MB", "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB", "random_page_cost": "1.1", "max_connections": "100",
}  # fmt: skip
FULL_SIZE = flows.Size(1_000_000, 1_000_000)
P99_MS = 100
# A median may be greater by this factor, or by so many ms where it is tiny, and is noise.
SLOWER, NOISE_MS = 1.5, 1.0
# Jobs are run so much less often: a shop has a few of them, beside all its customers.
JOBS_SHARE = 20
WARM_UP_TURNS = 10
# Two clients edited one thing, or counted one shelf; and what may simply be tried again.
CONFLICTS = ("SHC02", "SHI26", "40001", "40P01", "55P03")


@dataclass
class Figures:
    """What calls of one function have shown, in ms, and how many were refused, and how."""

    times: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


Found = dict[str, Figures]


def client(
    url: str, size: flows.Size, run: str, work: list[tuple[int, int]], told: Queue[Any]
) -> None:
    """Run flows, given as (number, turn), and tell what each call took."""
    known = flows.read_flows()
    with psycopg.connect(url, autocommit=True) as connection:
        for number, turn in work:
            calls: list[tuple[str, float, str]] = []

            def note(
                function: str,
                ms: float,
                refused: str,
                calls: list[tuple[str, float, str]] = calls,
            ) -> None:
                calls.append((function, ms, refused))

            values = flows.values(size, f"{run}f{number}", turn)
            flows.perform(connection, known[number], values, note)
            told.put(calls)
    told.put(None)


def run_clients(
    url: str, size: flows.Size, run: str, turns: int, clients: int, label: str
) -> Found:
    """Run every flow `turns` times, the clients all at once; return what each function took."""
    known = flows.read_flows()
    work = [
        (number, turn)
        for number, flow in enumerate(known)
        for turn in range(1, 1 + (max(1, turns // JOBS_SHARE) if flow.is_job else turns))
    ]
    random.Random(7).shuffle(work)
    context = multiprocessing.get_context("spawn")
    told: Queue[Any] = context.Queue()
    processes = [
        context.Process(target=client, args=(url, size, run, work[number::clients], told))
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    found: Found = defaultdict(Figures)
    running = clients
    with click.progressbar(length=len(work), label=label) as bar:
        while running:
            calls = told.get(timeout=600)
            if calls is None:
                running -= 1
                continue
            for function, ms, refused in calls:
                if refused:
                    found[function].refused[refused] += 1
                elif function:
                    found[function].times.append(ms)
            bar.update(1)
    for process in processes:
        process.join()
    return found


@contextmanager
def shop() -> Iterator[tuple[Connection, str]]:
    """Start a server of its own, with durable commits, and an empty shop."""
    project = Path.cwd()
    running = server.start(project, "bench-shop", OPTIONS)
    try:
        settings = replace(config.load(), database_url=running.dsn)
        with database.connect(settings, purpose="bench") as admin:
            admin.execute("drop database if exists bench with (force)")
            admin.execute("create database bench")
        settings = replace(settings, database_url=running.url("bench"))
        with database.connect(settings, purpose="bench") as connection:
            runner.migrate(connection, settings, report=lambda line: None)
            yield connection, running.url("bench")
    finally:
        server.stop(project, "bench-shop")


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def points(figures: Figures | None) -> str:
    if figures is None or not figures.times:
        return "| | | |"
    shown = [f"{percentile(figures.times, share):,.1f}" for share in (0.5, 0.95, 0.99)]
    return f"| {' | '.join(shown)} "


def is_slower(small: Figures | None, large: Figures | None) -> bool:
    if not small or not large or not small.times or not large.times:
        return False
    before, after = statistics.median(small.times), statistics.median(large.times)
    return after > max(before * SLOWER, before + NOISE_MS)


def table(title: str, names: list[str], results: dict[int, Found]) -> list[str]:
    smallest, largest = min(results), max(results)
    heads = "".join(
        f"| p50, {orders:,} orders | p95 | p99 " for orders in results
    )  # one group of columns a size
    rows = [
        f"### {title}", "", f"| function | calls {heads}| |",
        "|---|---:" + "|---:|---:|---:" * len(results) + "|---|",
    ]  # fmt: skip
    for name in names:
        figures = {orders: found.get(name) for orders, found in results.items()}
        last = figures[largest]
        marks = []
        if last and last.times and percentile(last.times, 0.99) >= P99_MS:
            marks.append("p99")
        if is_slower(figures[smallest], last):
            marks.append("slower")
        calls = len(last.times) if last else 0
        cells = "".join(points(figures[orders]) for orders in results)
        rows.append(f"| `{name}` | {calls:,} {cells}| {', '.join(marks)} |")
    return [*rows, ""]


def targets(names: list[str], results: dict[int, Found]) -> list[str]:
    smallest, largest = min(results), max(results)
    measured = [name for name in names if results[largest].get(name, Figures()).times]
    slow = [name for name in measured if percentile(results[largest][name].times, 0.99) >= P99_MS]
    slower = [
        name for name in measured
        if is_slower(results[smallest].get(name), results[largest][name])
    ]  # fmt: skip
    count = len(measured)
    return [
        "### Targets", "",
        "| of the standard operations | target | reached | not |", "|---|---:|---:|---|",
        f"| p99 under {P99_MS} ms with {largest:,} orders | {count} | {count - len(slow)}"
        f" | {', '.join(f'`{name}`' for name in slow)} |",
        f"| median no slower with {largest:,} orders than with {smallest:,} | {count}"
        f" | {count - len(slower)} | {', '.join(f'`{name}`' for name in slower)} |",
        "",
    ]  # fmt: skip


def refusals(results: dict[int, Found]) -> list[str]:
    """Return what was refused and was meant to succeed, whoever else was there."""
    return [
        f"  {orders:,} orders: {name or 'a look-up'}: {count} x {reason[:300]}"
        for orders, found in results.items()
        for name, figures in found.items()
        for reason, count in figures.refused.most_common(3)
        if not reason.startswith(CONFLICTS)
    ]


@click.command()
@click.option(
    "--variants", default=FULL_SIZE.variants, show_default=True, type=click.IntRange(1000)
)
@click.option(
    "--orders", multiple=True, default=(10_000, FULL_SIZE.orders), show_default=True,
    type=click.IntRange(100), help="Measure with so many; may be given several times.",
)  # fmt: skip
@click.option("--turns", default=1_000, show_default=True, help="How often each flow is run.")
@click.option("--clients", default=16, show_default=True, type=click.IntRange(1, 90))
@click.option("--write-readme", is_flag=True, help="Put the tables into README.md.")
def main(
    variants: int, orders: tuple[int, ...], turns: int, clients: int, write_readme: bool
) -> None:
    """Load a shop, run every flow on it, add orders, run them again, and print the tables."""
    results: dict[int, Found] = {}
    known = flows.read_flows()
    jobs = {each.function for flow in known if flow.is_job for each in flow.steps} - {
        each.function for flow in known if not flow.is_job for each in flow.steps
    }
    with shop() as (connection, url):
        version = connection.info.parameter_status("server_version")
        public = flows.public_functions(connection)
        with click.progressbar(length=variants, label="variants") as bar:
            flows.load(connection, variants, bar.update)
        loaded = 0
        for count in sorted(orders):
            first = flows.next_order(connection)
            with click.progressbar(length=count - loaded, label="orders") as bar:
                flows.load_orders(
                    connection, variants, first, first + count - loaded - 1, bar.update
                )
            loaded = count
            size = flows.Size(variants, count)
            # What is not measured: plans are made, and what is read often is in memory.
            run_clients(url, size, f"w{count}", WARM_UP_TURNS, clients, "warm-up")
            connection.execute("checkpoint")
            results[count] = run_clients(
                url, size, f"m{count}", turns, clients, f"{count:,} orders"
            )
    called = {name for found in results.values() for name in found if name}
    missing = sorted(set(public) - called - flows.NOT_CALLED.keys())
    standard = [name for name in public if name in called and name not in jobs]
    options = " ".join(f"{key}={value}" for key, value in OPTIONS.items())
    lines = [
        f"PostgreSQL {version}, {os.cpu_count()} cores shared by server and {clients} clients,"
        f" {variants:,} variants, each flow {turns:,} times, `{options}`. Times in ms.",
        "",
    ]
    if variants < FULL_SIZE.variants or max(orders) < FULL_SIZE.orders:
        lines += [
            f"This was a small run: the targets are set for {FULL_SIZE.variants:,} variants and"
            f" {FULL_SIZE.orders:,} orders.",
            "",
        ]
    lines += targets(standard, results)
    lines += table("Standard operations", standard, results)
    lines += table(
        "Jobs and reports, which no customer waits for",
        [name for name in public if name in called and name in jobs],
        results,
    )
    lines += ["### Not measured", ""]
    lines += [f"- `{name}` {reason}" for name, reason in flows.NOT_CALLED.items()] + [""]
    click.echo("\n".join(lines))
    if write_readme:
        readme = HERE / "README.md"
        head, _, rest = readme.read_text().partition("<!-- table -->\n")
        tail = rest.partition("<!-- end -->")[2]
        body = "\n".join(lines)
        readme.write_text(f"{head}<!-- table -->\n{body}<!-- end -->{tail}")
    conflicts = sum(
        count
        for found in results.values()
        for figures in found.values()
        for reason, count in figures.refused.items()
        if reason.startswith(CONFLICTS)
    )
    click.echo(f"{conflicts} calls met another client's, and were refused.")
    wrong = refusals(results)
    if wrong or missing:
        click.echo("\n".join(["REFUSED OR NOT CALLED", *wrong, *missing]), err=True)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
