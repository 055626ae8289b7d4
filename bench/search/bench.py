"""Measure `search_products` against what a shop would write instead.

    python bench/search/bench.py --write-readme            # 1,000,000 variants, about two hours
    python bench/search/bench.py --size 50000 --rounds 1   # a look at it, minutes

Closed loop, one reader, all rivals in turns on one server while a writer changes products beside
them. Each stratum of terms has its own row; an average over rare and common words says nothing.
"""

from __future__ import annotations

import os
import random
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import psycopg

from dbtool import config, database, runner, server

Connection = psycopg.Connection[Any]
HERE = Path(__file__).parent
OPTIONS = {
    "fsync": "on", "synchronous_commit": "on", "shared_buffers": "1GB",
    "effective_cache_size": "3GB", "work_mem": "32MB", "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB", "random_page_cost": "1.1",
}  # fmt: skip
BATCH = 10_000
VOCABULARY = 200_000
# How many of a hundred texts have the word of rank 1, if each word of 30 is drawn by Zipf's law.
FIRST = 30 / 12.8
DEEP_PAGE = 1_000
FULL_SIZE = 1_000_000
SMALL_RUN = (
    f"This was a small run: the targets are set for {FULL_SIZE:,} variants, and the rivals'"
    " cost depends on that number, so nothing here says whether they are met there."
)
PAGE = 20

FILTERS = '{"category": "c3", "price_to": 150, "in_stock": true}'
OURS = """
select product.search_products(
    %(words)s, 'GBP', %(filters)s, 'relevance', 20, %(cursor)s, %(facets)s
)
"""
RIVAL_FILTER = """
and r.stock > 0 and r.price <= 150
and r.top_category_id = (select c.category_id from product.categories as c where c.slug = 'c3')
"""
RIVAL_COLUMNS = "r.product_id, r.sku, r.name, r.tags, r.price, r.stock"
# What such a shop calls relevance: those with the words in the name first, then by popularity.
LIKE_ORDER = "order by ({name}) desc, r.popularity desc, r.product_id desc"
FULL_TEXT = "r.words @@ websearch_to_tsquery('english', %(words)s)"
FULL_TEXT_ORDER = """
order by ts_rank(r.words, websearch_to_tsquery('english', %(words)s)) desc, r.product_id desc
"""
COUNTS = f"""
select
    (select count(*) from rival.products as r where {FULL_TEXT}),
    (
        select jsonb_object_agg(f.top_category_id, f.hits)
        from (
            select r.top_category_id, count(*) as hits
            from rival.products as r
            where {FULL_TEXT}
            group by r.top_category_id
        ) as f
    )
"""
WRITES = """
select product.import_products(jsonb_build_array(jsonb_build_object(
    'sku', p.code, 'name', p.name, 'currency', 'GBP', 'price', x.price,
    'description', %(text)s::text || ' ' || left(p.description, 200)
)))
from product.products as p
inner join rival.products as x on x.product_id = p.product_id
where p.code = %(sku)s
"""
RIVAL_WRITES = """
update rival.products
set
    content = name || ' ' || sku || ' ' || %(text)s || ' ' || left(content, 200),
    words = to_tsvector('english', name || ' ' || %(text)s || ' ' || left(content, 200))
where sku = %(sku)s
"""
DOCUMENTS = """
select product.refresh_search_documents(array(
    select p.product_id from product.products as p
    where p.product_id > %s order by p.product_id limit %s
))
"""
GIN = "product.search_documents_words_marks_idx"


@dataclass(frozen=True)
class Rival:
    """One way to search: a statement, and what it is called."""

    name: str
    statement: str
    before: str = ""


@dataclass(frozen=True)
class Stratum:
    """Terms that are about equally common."""

    name: str
    terms: list[str]
    filters: str = "{}"


def like(name: str, before: str, where: str) -> Rival:
    statement = f"""
    select {RIVAL_COLUMNS} from rival.products as r
    where {{content}} {where} {LIKE_ORDER} limit 20 offset %(offset)s
    """
    return Rival(name, statement, before)


def rivals(filters: str) -> list[Rival]:
    where = "" if filters == "{}" else RIVAL_FILTER
    full_text = f"""
    select {RIVAL_COLUMNS} from rival.products as r
    where {FULL_TEXT} {where} {FULL_TEXT_ORDER} limit 20 offset %(offset)s
    """
    return [
        Rival("search_products", OURS),
        # The same rows without the index: only plans without a bitmap cannot use it.
        like("ILIKE", "set enable_bitmapscan = off", where),
        like("ILIKE, trigram index", "set enable_bitmapscan = on", where),
        Rival("full text, OFFSET", full_text),
    ]


def strata(connection: Connection, size: int) -> list[Stratum]:
    """Choose terms by the share of texts that they are in."""
    found: list[Any] = connection.execute("select rank, word from bench.words").fetchall()
    words: dict[int, str] = dict(found)
    chance = random.Random(7)

    def ranks(most: float, least: float, count: int) -> list[int]:
        first = max(1, int(FIRST / most))
        last = min(VOCABULARY, max(first + count, int(FIRST / least)))
        return sorted(chance.sample(range(first, last + 1), min(count, last - first + 1)))

    def named(chosen: list[int]) -> list[str]:
        return [words[rank] for rank in chosen]

    rare = named(ranks(50 / size, 5 / size, 80))
    medium = named(ranks(0.01, 0.001, 80))
    common = ranks(1, 0.05, 44)
    broad = named(common)
    pairs = [
        f"{words[a]} {words[b]}"
        for a, b in (sorted(chance.sample(common[:12], 2)) for _ in range(36))
    ]
    plain = [
        Stratum("rare (5 to 50 hits)", rare),
        Stratum("medium (0.1 to 1 %)", medium),
        Stratum("broad (5 to 90 %, and pairs of them)", broad + pairs),
    ]
    return plain + [
        replace(stratum, name=f"{stratum.name}, filters", filters=FILTERS) for stratum in plain
    ]


@contextmanager
def shop(size: int) -> Iterator[tuple[Connection, str]]:
    """Start a server of its own, with durable commits, and fill it."""
    project = Path.cwd()
    running = server.start(project, "bench-search", OPTIONS)
    try:
        settings = replace(config.load(), database_url=running.dsn)
        with database.connect(settings, purpose="bench") as admin:
            admin.execute("drop database if exists bench with (force)")
            admin.execute("create database bench")
        settings = replace(settings, database_url=running.url("bench"))
        with database.connect(settings, purpose="bench") as connection:
            runner.migrate(connection, settings, report=lambda line: None)
            load(connection, size)
            yield connection, running.url("bench")
    finally:
        server.stop(project, "bench-search")


def load(connection: Connection, size: int) -> None:
    """Fill the tables directly: a million calls would measure something else, for hours."""
    connection.execute("select setseed(0.42)")
    connection.execute((HERE / "words.sql").read_text())
    connection.execute((HERE / "schema.sql").read_text())
    # Built at once afterwards, as anybody would who loads a million rows.
    index = connection.execute("select pg_get_indexdef(%s::regclass)", [GIN]).fetchone()
    comment = connection.execute("select obj_description(%s::regclass)", [GIN]).fetchone()
    assert index
    assert comment
    connection.execute(f"drop index {GIN}")
    batch = (HERE / "batch.sql").read_text()
    with click.progressbar(range(1, size + 1, BATCH), label="products") as firsts:
        for first in firsts:
            connection.execute(
                batch, {"first": first, "last": min(first + BATCH - 1, size)}, prepare=False
            )
    connection.execute("analyze")
    with click.progressbar(range(0, size, BATCH), label="documents") as firsts:
        last = 0
        for _ in firsts:
            connection.execute(DOCUMENTS, [last, BATCH])
            row = connection.execute(
                "select max(d.product_id) from product.search_documents as d"
            ).fetchone()
            assert row
            last = row[0]
    with click.progressbar(length=3, label="indexes") as bar:
        connection.execute(index[0])
        connection.execute(f"comment on index {GIN} is '{comment[0]}'")
        bar.update(1)
        connection.execute((HERE / "indexes.sql").read_text())
        bar.update(1)
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")
        bar.update(1)


def write(url: str, size: int, pause: float, stop: threading.Event, written: list[int]) -> None:
    """Change the text of one product after another, ours and the rivals' alike."""
    chance = random.Random(11)
    with psycopg.connect(url, autocommit=True) as connection:
        while not stop.wait(pause):
            row = {
                "sku": f"S{chance.randint(1, size)}",
                "text": " ".join(f"new{chance.randint(1, 9999)}" for _ in range(5)),
            }
            connection.execute(WRITES, row)
            connection.execute(RIVAL_WRITES, row)
            written.append(1)


def timed(connection: Connection, statement: str, wanted: dict[str, object]) -> float:
    start = time.perf_counter()
    connection.execute(statement, wanted).fetchall()
    return (time.perf_counter() - start) * 1000


def parameters(stratum: Stratum, term: str) -> dict[str, object]:
    return {
        "words": term, "filters": stratum.filters, "cursor": None, "facets": False,
        "offset": 0, **{f"word{n}": f"%{word}%" for n, word in enumerate(term.split())},
    }  # fmt: skip


def written_out(statement: str, term: str) -> str:
    """Write a condition a word: `ilike all (array)` says the same, but no index can serve it."""

    def each(column: str) -> str:
        words = range(len(term.split()))
        return " and ".join(f"r.{column} ilike %(word{number})s" for number in words)

    return statement.replace("{content}", each("content")).replace("{name}", each("name"))


def run(
    connection: Connection,
    rival: Rival,
    stratum: Stratum,
    seconds: float,
    turn: int,
) -> list[float]:
    """Search for one term after another, as long as the time lasts; never the same one in a row."""
    if rival.before:
        connection.execute(rival.before)
    terms = stratum.terms[turn % 7 :] + stratum.terms[: turn % 7]
    found: list[float] = []
    until = time.perf_counter() + seconds
    for number in range(10_000):
        if time.perf_counter() > until and number >= 5:
            break
        term = terms[number % len(terms)]
        wanted = parameters(stratum, term)
        found.append(timed(connection, written_out(rival.statement, term), wanted))
    connection.execute("reset enable_bitmapscan")
    return found


def measure(
    connection: Connection,
    stratum: Stratum,
    tools: list[Rival],
    rounds: int,
    seconds: float,
) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {tool.name: [] for tool in tools}
    with click.progressbar(length=rounds * len(tools), label=stratum.name) as bar:
        for number in range(rounds):
            # Forwards and backwards in turn, so that what drifts does not favour one of them.
            for tool in tools if number % 2 == 0 else reversed(tools):
                times[tool.name] += run(connection, tool, stratum, seconds, number)
                bar.update(1)
    return times


def check_rival(connection: Connection, stratum: Stratum) -> None:
    """End the benchmark if the trigram index is not used: its rival would be no rival."""
    rival = rivals("{}")[2]
    term = stratum.terms[0]
    plan = connection.execute(
        "explain " + written_out(rival.statement, term), parameters(stratum, term)
    ).fetchall()
    if "products_content_idx" not in str(plan):
        raise click.ClickException(f"the trigram index is not used: {plan}")


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def row(name: str, values: list[float], base: list[float] | None) -> str:
    points = [percentile(values, share) for share in (0.5, 0.95, 0.99)]
    shown = " | ".join(f"{point:,.1f}" for point in points)
    ratio = f"{percentile(values, 0.95) / percentile(base, 0.95):,.1f}" if base else ""
    return f"| {name} | {shown} | {len(values):,} | {ratio} |"


def table(title: str, times: dict[str, list[float]]) -> list[str]:
    base = next(iter(times.values()))
    rows = [
        f"### {title}", "",
        "| | p50 ms | p95 ms | p99 ms | searches | p95 of the first |",
        "|---|---:|---:|---:|---:|---:|",
    ]  # fmt: skip
    return [*rows, *(row(name, values, base) for name, values in times.items()), ""]


def deep(connection: Connection, stratum: Stratum, rounds: int) -> dict[str, list[float]]:
    """Page 1 and page 1,000, which is reached through the cursors."""
    times: dict[str, list[float]] = {
        "search_products, page 1": [], f"search_products, page {DEEP_PAGE:,}": [],
        "full text, OFFSET, page 1": [], f"full text, OFFSET, page {DEEP_PAGE:,}": [],
    }  # fmt: skip
    full_text = rivals("{}")[3].statement
    ours, ours_deep, theirs, theirs_deep = times
    hundred = OURS.replace(", 20, ", ", 100, ")
    with click.progressbar(stratum.terms[:8], label="deep pages") as terms:
        for term in terms:
            wanted = parameters(stratum, term)
            for _ in range((DEEP_PAGE - 1) * PAGE // 100):
                page = connection.execute(hundred, wanted).fetchone()
                assert page
                wanted["cursor"] = page[0]["next"]
                if wanted["cursor"] is None:
                    break
            if wanted["cursor"] is None:
                continue
            first = {**wanted, "cursor": None}
            offset = {**wanted, "offset": (DEEP_PAGE - 1) * PAGE}
            for _ in range(5 * rounds):
                for name, statement, values in (
                    (ours, OURS, first), (ours_deep, OURS, wanted),
                    (theirs, full_text, first), (theirs_deep, full_text, offset),
                ):  # fmt: skip
                    times[name].append(timed(connection, statement, values))
    return {name: values for name, values in times.items() if values}


def targets(results: dict[str, dict[str, list[float]]]) -> list[str]:
    rows = ["### Targets", "", "| what | target | measured |", "|---|---:|---:|"]

    def add(what: str, target: str, value: float, reached: bool) -> None:
        rows.append(f"| {what} | {target} | {value:,.1f}{'' if reached else ' **missed**'} |")

    for title, times in results.items():
        for name, values in times.items():
            point = percentile(values, 0.95)
            if name == "search_products":
                limit = 100 if "facets" in title else 25
                add(f"{title}: p95, ms", f"under {limit}", point, point < limit)
        trigram = times.get("ILIKE, trigram index")
        if trigram and "medium" not in title:
            ratio = percentile(trigram, 0.95) / percentile(times["search_products"], 0.95)
            least = 20 if "broad" in title else 1
            add(f"{title}: trigram / search_products", f"at least {least}", ratio, ratio >= least)
        pages = [values for name, values in times.items() if name.startswith("search_products, ")]
        if len(pages) == 2:
            ratio = statistics.median(pages[1]) / statistics.median(pages[0])
            add(f"page {DEEP_PAGE:,} / page 1, median", "at most 2", ratio, ratio <= 2)
    return [*rows, ""]


@click.command()
@click.option("--size", default=1_000_000, show_default=True, type=click.IntRange(1_000, 5_000_000))
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(1, 100))
@click.option(
    "--seconds", default=20.0, show_default=True, help="For one rival, stratum and round."
)
@click.option("--writes", default=20.0, show_default=True, help="Products changed a second.")
@click.option("--write-readme", is_flag=True, help="Put the tables into README.md.")
def main(size: int, rounds: int, seconds: float, writes: float, write_readme: bool) -> None:
    """Search in every way, in turns, and print the tables."""
    results: dict[str, dict[str, list[float]]] = {}
    with shop(size) as (connection, url):
        version = connection.info.parameter_status("server_version")
        groups = strata(connection, size)
        check_rival(connection, groups[0])
        stop, written = threading.Event(), list[int]()
        writer = threading.Thread(target=write, args=(url, size, 1 / writes, stop, written))
        writer.start()
        began = time.perf_counter()
        try:
            for stratum in groups:
                tools = rivals(stratum.filters)
                results[stratum.name] = measure(connection, stratum, tools, rounds, seconds)
            counted = [
                Rival("search_products", OURS.replace("%(facets)s", "true")),
                Rival("full text, count and one facet", COUNTS),
            ]
            for stratum in groups[:3]:
                title = f"{stratum.name}, with total and facets"
                results[title] = measure(
                    connection, replace(stratum, name=title), counted, rounds, seconds
                )
            results["Deep pages of broad terms"] = deep(connection, groups[2], rounds)
        finally:
            stop.set()
            writer.join()
        rate = len(written) / (time.perf_counter() - began)
    settings = " ".join(f"{key}={value}" for key, value in OPTIONS.items())
    lines = [
        f"PostgreSQL {version}, {os.cpu_count()} cores shared by server and client,"
        f" {size:,} variants, {sum(len(stratum.terms) for stratum in groups[:3])} terms,"
        f" {rounds} rounds of"
        f" {seconds:g} s, {rate:.0f} products changed a second, `{settings}`.",
        "",
    ]
    if size < FULL_SIZE:
        lines += [SMALL_RUN, ""]
    for title, times in results.items():
        lines += table(title, times)
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
