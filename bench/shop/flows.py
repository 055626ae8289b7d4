"""A shop of any size, and flows that between them call every public function.

A flow is a block of `calls/<schema>.sql`: statements that one client sends one after another. The
columns of the first row that a statement returns are the parameters of those after it, beside the
ones that `values` makes. A statement whose first source is a public function is a call of it; any
other one only looks up what a call needs. `-- job` marks what works in batches or reads much by
design and is nobody's click.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zlib import crc32

import psycopg

from dbtool import sqltext

Connection = psycopg.Connection[Any]
HERE = Path(__file__).parent
FLOW = re.compile(r"^-- flow: (.+)\n(-- job\n)?", re.MULTILINE)
CALL = re.compile(r"^select .+? from ([a-z]+\.[a-z_]+)\(", re.DOTALL)
DOCUMENTS = """
select product.refresh_search_documents(array(
    select p.product_id from product.products as p where p.product_id between %s and %s
))
"""
ADDRESS = {
    "recipient": "Ann", "line1": "1 High Street", "city": "Bath", "country": "GB",
}  # fmt: skip
DOCUMENTS_A_BATCH = 2_000
ORDERS_A_BATCH = 10_000

# Everything that a service's or an editor's role may execute.
PUBLIC = """
select distinct n.nspname || '.' || p.proname
from pg_proc as p
inner join pg_namespace as n on n.oid = p.pronamespace
cross join lateral aclexplode(p.proacl) as a
where n.nspowner = 'shop_owner'::regrole and n.nspname <> 'dbtool'
and a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner
order by 1
"""
# What no flow calls, and why a benchmark cannot call it sensibly.
NOT_CALLED = {
    "inventory.classify_stock": "classifies every stock row of a location, once a month",
    "ops.check_database_health": "reads statistics of the whole server, for a monitor",
    "ops.check_invariants": "reads every table as a whole, by design",
}


@dataclass(frozen=True)
class Step:
    """One statement, and the public function that it calls, if any."""

    statement: str
    function: str


@dataclass(frozen=True)
class Flow:
    """What one client does in a row."""

    title: str
    is_job: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Size:
    variants: int
    orders: int


def public_functions(connection: Connection) -> list[str]:
    return [name for (name,) in connection.execute(PUBLIC).fetchall()]


def step(statement: str) -> Step:
    found = CALL.match(statement)
    return Step(statement, found[1] if found else "")


def read_flows() -> list[Flow]:
    flows = []
    for path in sorted((HERE / "calls").glob("*.sql")):
        text = path.read_text()
        heads = list(FLOW.finditer(text))
        ends = [head.start() for head in heads[1:]] + [len(text)]
        for head, end in zip(heads, ends, strict=True):
            statements = sqltext.split_statements(text[head.end() : end])
            steps = tuple(step(statement.text) for statement in statements)
            flows.append(Flow(head[1], head[2] is not None, steps))
    return flows


def values(size: Size, run: str, n: int) -> dict[str, Any]:
    """Return what iteration `n` is about: spread over the shop, never the same twice in a row."""
    products, users = size.variants // 5, size.variants // 10
    order = 1 + n * 7_919 % max(size.orders, 1)
    # Flows that run at once are about different things, as a rule.
    start = crc32(run.encode()) % products

    def product(draw: int) -> int:
        # The last two of a hundred products are archived and a draft.
        place = draw * 7_919 % (products * 98 // 100)
        return place // 98 * 100 + place % 98 or products

    ours = [product(start + n * 5 + number) for number in range(5)]
    skus = [f"S{number * 5 - 4}" for number in ours]
    items = [{"sku": sku, "quantity": 2} for sku in skus]
    user = 1 + (start + n) * 7_919 % users
    things = ["red teapot", "blue candle", "lantern", "green mug"]
    return {
        "n": n,
        "key": f"{run}-{n}",
        "capitals": f"{run}-{n}".upper(),
        "code": f"P{ours[0]}",
        "code2": f"P{ours[1]}",
        "sku": skus[0],
        "sku2": skus[1],
        "skus": skus,
        "barcode": str(20_000_000 + ours[0] * 5 - 4),
        "low": f"S{50 + n % (size.variants // 50) * 50 % size.variants}",
        "limited": json.dumps([{"sku": f"S{n % (size.variants // 100) * 100 + 1}", "quantity": 2}]),
        "items": json.dumps(items[:1]),
        "five": json.dumps(items),
        "category": f"c-{21 + n % 480}",
        "words": things[n % len(things)],
        "user": user,
        "owner": f"user:{1 + n * 7_919 % (size.variants // 20)}",
        # What is often ordered, an order, and one that was paid.
        "hot": f"S{n % (size.variants // 50) * 50 + 1}",
        "order": order,
        "buyer": 1 + order // 10 * 7_919 % users,
        "paid": 1 + n * 7_919 % max(size.orders // 20, 1) * 20,
        "hash": "$argon2id$v=19$" + "i" * 60,
        "details": json.dumps(
            {
                "email": "ann@example.com",
                "shipping_address": ADDRESS,
                "shipping": {"method": "Post", "amount": 4.95},
                "taxes": [{"name": "VAT", "rate": 0.2}],
                "prices_include_tax": True,
            }
        ),
        "address": json.dumps(ADDRESS),
    }


def perform(
    connection: Connection,
    flow: Flow,
    known: dict[str, Any],
    note: Callable[[str, float, str], None],
    begin: Callable[[str], None] = lambda statement: None,
) -> None:
    """Run a flow; tell of each call how long it took, in ms, and how it was refused, if it was."""
    known = dict(known)
    for each in flow.steps:
        begin(each.statement)
        started = time.perf_counter()
        refused = ""
        try:
            cursor = connection.execute(each.statement.encode(), known)
            row = cursor.fetchone()
        except psycopg.Error as error:
            refused = f"{error.sqlstate}: {error.diag.message_detail or error}"
        note(each.function, (time.perf_counter() - started) * 1000, refused)
        if refused:
            return
        # A view may show much under the names of parameters; it is only looked at.
        if row and (each.function or not each.statement.startswith("select *")):
            names = [column.name for column in cursor.description or ()]
            known |= dict(zip(names, row, strict=True))


def run_file(connection: Connection, name: str, **parameters: int) -> None:
    cursor = psycopg.ClientCursor(connection)
    for statement in sqltext.split_statements((HERE / name).read_text()):
        cursor.execute(statement.text.encode(), parameters)


def load(connection: Connection, variants: int, progress: Callable[[int], None]) -> None:
    """Fill an empty shop with all but orders; tell how many of `variants` are done with."""
    for name in ("catalogue.sql", "people.sql", "sequences.sql"):
        run_file(connection, name, variants=variants)
    connection.execute("analyze")

    def write_documents(first: int) -> int:
        last = min(first + DOCUMENTS_A_BATCH - 1, variants // 5)
        with psycopg.connect(connection.info.dsn, autocommit=True) as another:
            another.execute(DOCUMENTS, [first, last])
        return last - first + 1

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for products in pool.map(write_documents, range(1, variants // 5 + 1, DOCUMENTS_A_BATCH)):
            progress(products * 5)
    connection.execute("analyze")


def load_orders(
    connection: Connection, variants: int, first: int, last: int, progress: Callable[[int], None]
) -> None:
    """Add orders number `first` to `last`, with their payments and stock, in many states."""
    for start in range(first, last + 1, ORDERS_A_BATCH):
        end = min(start + ORDERS_A_BATCH - 1, last)
        with connection.transaction():
            run_file(connection, "orders.sql", variants=variants, first=start, last=end)
        progress(end - start + 1)
    run_file(connection, "sequences.sql")
    connection.execute("vacuum analyze")


def next_order(connection: Connection) -> int:
    """Return the number that the next loaded order takes, after those that flows have placed."""
    row = connection.execute("select coalesce(max(o.order_id), 0) + 1 from orders.orders as o")
    ((number,),) = row.fetchall()
    return int(number)
