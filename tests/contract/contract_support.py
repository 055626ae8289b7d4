"""A call of every public function that succeeds, one that is refused, and a shop to try them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]
Connect = Callable[..., Connection]

STAGE = Path(__file__).with_name("stage.sql")
ACTOR, REQUEST = "staff:anna", "req-7"

# What the schemas offer. A comment that speaks of replicas is the sign of something public.
PUBLIC = r"""
select
    n.nspname || '.' || p.proname as name,
    p.provolatile = 'v' as is_volatile,
    obj_description(p.oid, 'pg_proc') ~ 'Replica:\s+no\s+[(]writes[)]' as writes,
    'p_idempotency_key' = any (p.proargnames) as takes_key
from pg_proc as p
inner join pg_namespace as n on n.oid = p.pronamespace
where n.nspowner = 'shop_owner'::regrole and n.nspname <> 'dbtool'
and obj_description(p.oid, 'pg_proc') ~ 'Replica:\s'
order by 1
"""


@dataclass(frozen=True)
class Call:
    """The arguments of a call that succeeds and of one that is refused, and how it is refused.

    `%(name)s` is a handle that stage.sql has made.
    """

    arguments: str
    refused: str
    sqlstate: str
    detail: dict[str, Any]


@dataclass(frozen=True)
class Function:
    name: str
    is_volatile: bool
    writes: bool
    takes_key: bool


STALE = {"sku": "MUG", "expected_version": 1, "version": 2, "last_updated_by": ACTOR}
WRITES = {
    "account.register_user": Call(
        "'ben@example.com', 'Ben', '+14155550100'",
        "'ANN@example.com', 'Another Ann'",
        "SHA01",
        {"argument": "p_email"},
    ),
    "core.set_business_rule": Call(
        "'price_max', 500, 1",
        "'price_max', 500, 2",
        "SHC02",
        {"name": "price_max", "currency": None, "expected_version": 2, "version": 1},
    ),
    "inventory.adjust_stock": Call(
        "'MUG', -2, 2, 'Broken'", "'MUG', 1, 1, 'Found'", "SHC02", {**STALE, "on_hand": 20}
    ),
    "inventory.bulk_update_stock": Call(
        """'[{"sku": "MUG", "on_hand": 19}, {"sku": "POT", "on_hand": 1},
        {"sku": "NEW", "on_hand": 4}, {"sku": "NONE", "on_hand": 4}]'""",
        """'[{"sku": "MUG", "on_hand": 19}]', 'CELLAR'""",
        "SHI08",
        {"location": "CELLAR"},
    ),
    "inventory.cancel_reservations": Call(
        "jsonb_build_array(jsonb_build_object('reservation', %(sale)s::text, 'quantity', 1))",
        "jsonb_build_array(jsonb_build_object('reservation', %(sale)s::text, 'quantity', 4))",
        "SHI10",
        {"reservations": [{"reservation": "%(sale)s", "quantity": 4, "open_quantity": 3}]},
    ),
    "inventory.cleanup_expired_reservations": Call(
        "",
        "0",
        "22023",
        {"argument": "p_limit", "expected": "a number of reservations from 1 to 100000"},
    ),
    "inventory.commit_reservations": Call(
        "array[%(hold)s]", "array[%(hold)s, '1-999999']", "SHI03", {"reservations": ["1-999999"]}
    ),
    "inventory.configure_stock": Call("'MUG', 2, 7, 70", "'MUG', 1, 7", "SHC02", STALE),
    "inventory.create_location": Call(
        "'BARN', 'Barn', 9", "'TOWN', 'Town', 9", "SHI11", {"code": "TOWN"}
    ),
    "inventory.extend_reservations": Call(
        "array[%(hold)s]",
        "array[%(sale)s]",
        "SHI05",
        {
            "reservations": [{"reservation": "%(sale)s", "status": "consumed"}],
            "expected": "active",
        },
    ),
    "inventory.merge_buckets": Call("'POT'", "'NEW'", "SHI09", {"sku": "NEW"}),
    "inventory.receive_stock": Call(
        """'[{"sku": "MUG", "quantity": 3}, {"sku": "NEW", "quantity": 1}]', 'TOWN', 'DN-9'""",
        """'[{"sku": "MUG", "quantity": 3}, {"sku": "NONE", "quantity": 1}]'""",
        "SHP01",
        {"skus": ["NONE"]},
    ),
    "inventory.release_reservations": Call(
        "array[%(hold)s, %(late)s]",
        "array[%(hold)s, %(sale)s]",
        "SHI05",
        {
            "reservations": [{"reservation": "%(sale)s", "status": "consumed"}],
            "expected": "active",
        },
    ),
    "inventory.reserve_inventory": Call(
        """'[{"sku": "MUG", "quantity": 2}, {"sku": "POT", "quantity": 9}]', 'session:ben'""",
        """'[{"sku": "MUG", "quantity": 2}, {"sku": "POT", "quantity": 11}]', 'session:ben'""",
        "SHI01",
        {"shortages": [{"sku": "POT", "requested": 11, "available": 10}]},
    ),
    "inventory.set_stock": Call(
        "'MUG', 25, 2, 'Found'",
        "'MUG', 4, 2, 'Broken'",
        "SHI06",
        {"sku": "MUG", "on_hand": 20, "requested": 4, "damaged": 0, "held": 5},
    ),
    "inventory.ship_reservations": Call(
        "jsonb_build_array(jsonb_build_object('reservation', %(sale)s::text, 'quantity', 2))",
        "jsonb_build_array(jsonb_build_object('reservation', %(hold)s::text))",
        "SHI05",
        {
            "reservations": [{"reservation": "%(hold)s", "status": "active"}],
            "expected": "consumed, with units still open",
        },
    ),
    "inventory.split_buckets": Call("'MUG', 4", "'NEW', 4", "SHI09", {"sku": "NEW"}),
    "product.create_category": Call(
        "'cups', 'Cups', 'kitchen'", "'cups', 'Cups', 'cellar'", "SHP03", {"slug": "cellar"}
    ),
    "product.import_products": Call(
        """'[{"sku": "MUG", "name": "Big mug", "price": 8, "currency": "EUR"},
        {"sku": "CUP", "name": "Cup", "price": 3, "currency": "GBP", "category": "kitchen"},
        {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
        {"sku": "BAD", "name": "Bad", "price": 3, "currency": "XXX"}]'""",
        "'[]'",
        "22023",
        {"argument": "p_items", "elements": 0, "expected": "1 to 10000 elements"},
    ),
    "product.set_price": Call(
        "'MUG', 'EUR', 8, 1",
        "'MUG', 'EUR', 8, 2",
        "SHC02",
        {"sku": "MUG", "currency": "EUR", "expected_version": 2, "version": 1},
    ),
}
READS = {
    "core.set_context": "'staff:ben', 'req-8', '192.0.2.7', 'till/1'",
    "inventory.get_stock": "array['MUG', 'POT']",
    "ops.check_database_health": "",
    "ops.check_invariants": "",
    "ops.get_cache_hit_ratios": "",
    "ops.get_index_usage_statistics": "",
    "ops.get_slow_queries": "",
    "ops.get_table_statistics": "",
}


def functions(connection: Connection) -> dict[str, Function]:
    """Return the public functions."""
    rows = connection.execute(PUBLIC).fetchall()
    return {row[0]: Function(*row) for row in rows}


def set_stage(connection: Connection) -> dict[str, str]:
    """Fill the shop, say who acts from here on, and return the handles that calls use."""
    connection.execute(STAGE.read_text().encode())
    rows = connection.execute("select name, handle from pg_temp.handles").fetchall()
    connection.execute("select core.set_context(%s, %s)", (ACTOR, REQUEST))
    return dict(rows)


def call(connection: Connection, name: str, arguments: str, handles: dict[str, str]) -> list[Any]:
    """Call a function; return its rows."""
    query = f"select r from {name}({arguments}) as r"
    return connection.execute(query.encode(), handles).fetchall()
