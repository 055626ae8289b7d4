"""Measure every public function on a large shop, with many clients at once.

    python bench/shop/bench.py --write-readme
    python bench/shop/bench.py --variants 20000 --orders 1000 --orders 10000 --turns 50   # minutes

Closed loop: each client is a process with a connection of its own and runs one flow after another
(see flows.py), all kinds of them mixed, so that what edits meets what reads. A call is timed from
the client; the clients share the cores with the server, so most of a time is waiting for one. A
session's first call of a function is noted apart, and jobs run after the mix, one at a time.
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
from multiprocessing.synchronize import Barrier
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
# A session compiles a function when it first calls it, and plans each of its statements for the
# values at hand five times before it may keep one plan for all.
WARM_UP_ROUNDS = 6
JOB_TURNS = 5
# Two clients edited one thing, or counted one shelf, or one changed the price of what the other has
# in a cart; and what may simply be tried again.
CONFLICTS = ("SHC02", "SHI26", "SHK06", "40001", "40P01", "55P03")


@dataclass
class Figures:
    """What calls of one function have shown, in ms, and how many were refused, and how.

    `firsts` are those that a session had not called before.
    """

    times: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Call:
    """A function, how long its call took in ms, and how it was refused, if it was."""

    function: str
    ms: float
    refused: str
    is_first: bool


Found = dict[str, Figures]


@dataclass
class Session:
    """A connection that remembers which functions it has called."""

    connection: Connection
    size: flows.Size
    seen: set[str] = field(default_factory=set)

    def run(self, flow: flows.Flow, key: str, turn: int) -> list[Call]:
        calls: list[Call] = []

        def note(function: str, ms: float, refused: str) -> None:
            calls.append(Call(function, ms, refused, function not in self.seen))
            self.seen.add(function)

        flows.perform(self.connection, flow, flows.values(self.size, key, turn), note)
        return calls


def client(
    url: str, size: flows.Size, turns: int, number: int, clients: int, ready: Barrier,
    told: Queue[list[Call] | None],
) -> None:  # fmt: skip
    """Warm a session up, wait for the others, run a share of all flows; tell what calls took."""
    mix = [flow for flow in flows.read_flows() if not flow.is_job]
    with psycopg.connect(url, autocommit=True) as connection:
        session = Session(connection, size)
        for warm_up in range(WARM_UP_ROUNDS):
            for each in random.Random(number).sample(range(len(mix)), len(mix)):
                key = f"w{size.orders}c{number}f{each}"
                calls = session.run(mix[each], key, turns + 1 + warm_up * clients + number)
                told.put([call for call in calls if call.is_first or call.refused])
        ready.wait()
        work = [(each, turn) for each in range(len(mix)) for turn in range(1, turns + 1)]
        random.Random(7).shuffle(work)
        for each, turn in work[number::clients]:
            told.put(session.run(mix[each], f"m{size.orders}f{each}", turn))
    told.put(None)


def note(found: Found, calls: list[Call]) -> None:
    for call in calls:
        figures = found[call.function]
        if call.refused:
            figures.refused[call.refused] += 1
        elif call.function:
            (figures.firsts if call.is_first else figures.times).append(call.ms)


def run_mix(url: str, size: flows.Size, turns: int, clients: int) -> Found:
    """Run every flow but jobs, the clients all at once; return what each function took."""
    context = multiprocessing.get_context("spawn")
    told: Queue[list[Call] | None] = context.Queue()
    ready = context.Barrier(clients)
    processes = [
        context.Process(
            target=client, args=(url, size, turns, number, clients, ready, told), daemon=True
        )
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    found: Found = defaultdict(Figures)
    mix = sum(not flow.is_job for flow in flows.read_flows())
    running = clients
    with click.progressbar(
        length=mix * (turns + WARM_UP_ROUNDS * clients), label=f"{size.orders:,} orders"
    ) as bar:
        while running:
            calls = told.get(timeout=600)
            if calls is None:
                running -= 1
                continue
            note(found, calls)
            bar.update(1)
    for process in processes:
        process.join()
    return found


def run_jobs(url: str, size: flows.Size) -> Found:
    """Run every job, one after the other and with nothing beside it."""
    found: Found = defaultdict(Figures)
    with psycopg.connect(url, autocommit=True) as connection:
        session = Session(connection, size)
        for number, flow in enumerate(flows.read_flows()):
            for turn in range(1, 2 + JOB_TURNS if flow.is_job else 1):
                note(found, session.run(flow, f"j{size.orders}f{number}", turn))
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


def is_slow(times: list[float]) -> bool:
    return bool(times) and percentile(times, 0.99) >= P99_MS


def is_slower(small: Figures | None, large: Figures | None) -> bool:
    if not small or not large or not small.times or not large.times:
        return False
    before, after = statistics.median(small.times), statistics.median(large.times)
    return after > max(before * SLOWER, before + NOISE_MS)


def table(names: list[str], results: dict[int, Found]) -> list[str]:
    smallest, largest = min(results), max(results)
    heads = "".join(
        f"| p50, {orders:,} orders | p95 | p99 " for orders in results
    )  # one group of columns a size
    rows = [
        "### Standard operations", "", f"| function | calls {heads}| first call, worst | |",
        "|---|---:" + "|---:|---:|---:" * len(results) + "|---:|---|",
    ]  # fmt: skip
    for name in names:
        figures = {orders: found.get(name) for orders, found in results.items()}
        last = figures[largest] or Figures()
        marks = []
        if is_slow(last.times):
            marks.append("p99")
        if is_slower(figures[smallest], last):
            marks.append("slower")
        cells = "".join(points(figures[orders]) for orders in results)
        first = f"{max(last.firsts):,.1f}" if last.firsts else ""
        rows.append(f"| `{name}` | {len(last.times):,} {cells}| {first} | {', '.join(marks)} |")
    return [*rows, ""]


def job_table(results: dict[int, Found]) -> list[str]:
    smallest, largest = min(results), max(results)
    heads = "".join(f"| first, {orders:,} orders | median | longest " for orders in results)
    rows = [
        "### Jobs and reports, one at a time and with nothing beside them", "",
        f"| function {heads}| |", "|---" + "|---:|---:|---:" * len(results) + "|---|",
    ]  # fmt: skip
    for name in sorted(name for name in results[largest] if name):
        cells = ""
        for found in results.values():
            figures = found.get(name, Figures())
            times = figures.times or figures.firsts or [0.0]
            shown = [max(figures.firsts, default=0.0), statistics.median(times), max(times)]
            cells += "".join(f"| {ms:,.1f} " for ms in shown)
        mark = is_slower(results[smallest].get(name), results[largest][name])
        rows.append(f"| `{name}` {cells}| {'slower' if mark else ''} |")
    return [*rows, ""]


def targets(names: list[str], results: dict[int, Found]) -> list[str]:
    smallest, largest = min(results), max(results)
    found = results[largest]
    slow = [name for name in names if is_slow(found[name].times)]
    cold = [name for name in names if is_slow(found[name].firsts)]
    slower = [
        name for name in names if is_slower(results[smallest].get(name), found[name])
    ]  # fmt: skip
    count = len(names)
    return [
        "### Targets", "",
        "| of the standard operations | target | reached | not |", "|---|---:|---:|---|",
        *(
            f"| {what} | {count} | {count - len(missed)}"
            f" | {', '.join(f'`{name}`' for name in missed)} |"
            for what, missed in (
                (f"p99 under {P99_MS} ms with {largest:,} orders", slow),
                (f"median no slower with {largest:,} orders than with {smallest:,}", slower),
                (f"each session's first call under {P99_MS} ms, which is no target", cold),
            )
        ),
        "",
    ]  # fmt: skip


def refusals(results: list[tuple[int, Found]]) -> list[str]:
    """Return what was refused and was meant to succeed, whoever else was there."""
    return [
        f"  {orders:,} orders: {name or 'a look-up'}: {count} x {reason[:300]}"
        for orders, found in results
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
@click.option("--turns", default=200, show_default=True, help="How often each flow is run.")
@click.option("--clients", default=16, show_default=True, type=click.IntRange(1, 90))
@click.option("--write-readme", is_flag=True, help="Put the tables into README.md.")
def main(
    variants: int, orders: tuple[int, ...], turns: int, clients: int, write_readme: bool
) -> None:
    """Load a shop, run every flow on it, add orders, run them again, and print the tables."""
    results: dict[int, Found] = {}
    jobs: dict[int, Found] = {}
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
            connection.execute("checkpoint")
            results[count] = run_mix(url, size, turns, clients)
            connection.execute("checkpoint")
            jobs[count] = run_jobs(url, size)
    everything = [*results.items(), *jobs.items()]
    called = {name for _, found in everything for name, figures in found.items() if figures.firsts}
    missing = sorted(set(public) - called - flows.NOT_CALLED.keys())
    standard = [name for name in public if results[max(results)].get(name, Figures()).times]
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
    lines += table(standard, results)
    lines += job_table(jobs)
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
        for _, found in everything
        for figures in found.values()
        for reason, count in figures.refused.items()
        if reason.startswith(CONFLICTS)
    )
    click.echo(f"{conflicts} calls met another client's, and were refused.")
    wrong = refusals(everything)
    if wrong or missing:
        click.echo("\n".join(["REFUSED OR NOT CALLED", *wrong, *missing]), err=True)
        raise SystemExit(1)


if __name__ == "__main__":
    main()
