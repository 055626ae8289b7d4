"""No search reads a whole table, whatever it looks for."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import psycopg
import pytest

Connection = psycopg.Connection[Any]
SIZE = 6_000
BENCH = Path(__file__).parents[2] / "bench" / "search"
# Small whatever the shop: they may be read from end to end.
SMALL = {
    "business_rules", "categories", "currencies", "error_codes", "locations", "price_lists",
    "search_languages",
}  # fmt: skip
EXPLAIN = """
load 'auto_explain';
set auto_explain.log_analyze = on;
set auto_explain.log_timing = off;
set auto_explain.log_format = json;
set auto_explain.log_nested_statements = on;
set client_min_messages = log;
set auto_explain.log_min_duration = 0;
"""
SEARCH = "select product.search_products(%s, 'GBP', %s, %s, 20, %s, %s)"
DOCUMENTS = """
select product.refresh_search_documents(array(select p.product_id from product.products as p))
"""
WORDS = "select w.word from bench.words as w where w.rank = any (%s) order by w.rank"
FILTERS = [
    {},
    {"category": "c3"},
    {"price_from": 20, "price_to": 60},
    {"in_stock": True, "rating": 4},
    {"category": "c3", "price_to": 150, "in_stock": True},
]
# Page after page of the hits of a word: the most popular 200 by rank, the others by popularity.
RELEVANT = """
select f.product_id, f.cursor
from product.search_relevant(
    'd.is_listed and d.words @@ $1', %s::tsquery, null, '{}', 50, %s, %s, %s, %s
) as f
"""
BEST = """
with hits as (
    select
        d.product_id, d.popularity,
        ts_rank('{0.05,0.2,0.5,1}', d.words, q.query)::double precision
        * (1 + ln(1 + d.popularity::double precision) / 10) as score,
        row_number() over (order by d.popularity desc, d.product_id desc) as place
    from product.search_documents as d
    cross join (select %s::tsquery as query) as q
    where d.is_listed and d.words @@ q.query
)
select h.product_id
from hits as h
order by
    h.place > 200, case when h.place <= 200 then h.score end desc,
    case when h.place > 200 then h.popularity end desc, h.product_id desc
limit 300
"""
SORTS = ["relevance", "popularity", "newest", "rating", "name", "price", "price_desc"]


@pytest.fixture(scope="module")
def searched(server_url: str, shop_template: str) -> Iterator[Connection]:
    """Yield a shop with some thousand products, as the benchmark makes them."""
    name = f"search_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as maintenance:
        maintenance.execute(f"create database {name} template {shop_template}".encode())
        url = server_url.replace("dbname=postgres", f"dbname={name}")
        with psycopg.connect(url, autocommit=True) as connection:
            fill(connection)
            yield connection
        maintenance.execute(f"drop database {name} with (force)".encode())


def fill(connection: Connection) -> None:
    connection.execute("select setseed(0.42)")
    connection.execute((BENCH / "words.sql").read_bytes())
    connection.execute((BENCH / "schema.sql").read_bytes())
    batch = (BENCH / "batch.sql").read_bytes()
    connection.execute(batch, {"first": 1, "last": SIZE}, prepare=False)
    connection.execute(DOCUMENTS)
    connection.execute("vacuum analyze")


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def plans(connection: Connection, call: Callable[[], object]) -> list[dict[str, Any]]:
    """Return every node of every plan that a call has run."""
    notices: list[str] = []

    def note(notice: psycopg.errors.Diagnostic) -> None:
        notices.append(notice.message_primary or "")

    connection.add_notice_handler(note)
    connection.execute(EXPLAIN)
    try:
        call()
    finally:
        connection.execute("set auto_explain.log_min_duration = -1; reset client_min_messages")
        connection.remove_notice_handler(note)
    found = []
    for notice in notices:
        if text := re.search(r"plan:\n(\{.*\})", notice, re.S):
            found += list(nodes(json.loads(text[1])["Plan"]))
    assert found
    return found


@pytest.mark.parametrize("filters", FILTERS, ids=json.dumps)
@pytest.mark.parametrize("sort", SORTS)
def test_no_search_scans_a_large_table(
    searched: Connection, sort: str, filters: dict[str, Any]
) -> None:
    terms = [word for (word,) in searched.execute(WORDS, [[1, 60, 2000]]).fetchall()]
    for words in [None, *terms, f"{terms[0]} -{terms[1]}", "nosuchword"]:
        arguments = [words, json.dumps(filters), sort, None, sort == "relevance"]

        def search(wanted: list[Any] = arguments) -> None:
            page = searched.execute(SEARCH, wanted).fetchone()
            assert page
            if page[0]["next"]:
                searched.execute(SEARCH, [*wanted[:3], page[0]["next"], False])

        scanned = {
            node["Relation Name"]
            for node in plans(searched, search)
            if node["Node Type"] == "Seq Scan"
        }
        assert scanned <= SMALL, f"{words!r} reads the whole of {scanned - SMALL}"


@pytest.mark.parametrize(
    ("documents", "hits", "level", "ways"),
    [
        # A walk, a walk that ends too soon, levels from above, a level that has too few.
        (6_000, 5_500, 1, ["limit 437"]),
        (6_000, 60_000, 1, ["limit 40", "{p3}", "{p2}"]),
        (10_000_000, 5_500, 1, ["{p3}", "{p2}"]),
        (10_000_000, 5_500, 0, ["{p2}"]),
        (6_000, 5_500, None, ["limit 437"]),
        (10_000_000, 5_500, None, []),
    ],
)
def test_the_best_hits_are_the_same_whichever_way_they_are_found(
    searched: Connection, documents: int, hits: int, level: int | None, ways: list[str]
) -> None:
    ((word,),) = searched.execute(WORDS, [[1]]).fetchall()
    found: list[int] = []
    cursor = None
    tried: list[str] = []

    def note(notice: psycopg.errors.Diagnostic) -> None:
        text = (notice.message_primary or "").partition("Query Parameters")[0]
        tried.extend(re.findall(r"limit (?!200|50)\d+|\{p\d+\}", text.partition("\nAggregate")[0]))

    searched.add_notice_handler(note)
    searched.execute(EXPLAIN)
    try:
        while len(found) < 300:
            if cursor:
                searched.execute("reset client_min_messages")
            page = searched.execute(RELEVANT, [word, cursor, documents, hits, level]).fetchall()
            found += [product_id for product_id, _ in page]
            cursor = json.dumps(page[-1][1])
    finally:
        searched.execute("set auto_explain.log_min_duration = -1; reset client_min_messages")
        searched.remove_notice_handler(note)
    assert found == [product_id for (product_id,) in searched.execute(BEST, [word]).fetchall()]
    # Before PostgreSQL 16 nothing in the notice parts the query from its plan, which repeats it.
    assert [way for way, _ in groupby(tried)] == ways


def test_what_scans_a_table_is_seen(searched: Connection) -> None:
    found = plans(searched, lambda: searched.execute("select count(*) from product.products as p"))
    assert "products" in {node.get("Relation Name") for node in found}
