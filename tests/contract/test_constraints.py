"""No constraint is there in vain: take one away, and a test or an invariant notices."""

from __future__ import annotations

import psycopg
import pytest
from contract_support import Connection

from dbtool import sqltests
from dbtool.config import packaged_sql

TESTS = packaged_sql() / "tests"
# Where the constraints of a table are tried.
TEST_FILES = {
    "account.users": ("account/users",),
    "core.business_rules": ("core/business_rules",),
    "core.currencies": ("core/business_rules",),
    "core.idempotency_keys": ("core/claim_key", "core/business_rules"),
    "events.outbox_events": ("events/emit",),
    "inventory.inventory": ("inventory/inventory", "inventory/tg_inventory__movement"),
    "inventory.inventory_movements": ("inventory/inventory_movements",),
    "inventory.inventory_reservations": ("inventory/inventory_reservations",),
    "inventory.locations": ("inventory/inventory",),
    "inventory.stock_buckets": ("inventory/stock_buckets",),
    "product.categories": ("product/products",),
    "product.prices": ("product/products",),
    "product.products": ("product/products",),
    "product.variants": ("product/products",),
}
ALL_TABLES = """
select c.oid::regclass::text
from pg_class as c
where c.relowner = 'shop_owner'::regrole and c.relkind in ('r', 'p') and not c.relispartition
and c.relnamespace <> 'dbtool'::regnamespace
"""
GUARDS = """
select c.conrelid::regclass::text, c.conname::text, c.contype::text
from pg_constraint as c
where c.conrelid = any (%s::regclass[]) and c.contype in ('c', 'f', 'p', 'u', 'x')
union all
select i.indrelid::regclass::text, i.indexrelid::regclass::text, 'index'
from pg_index as i
where i.indrelid = any (%s::regclass[]) and i.indisunique
and not exists (select from pg_constraint as c where c.conindid = i.indexrelid)
union all
select t.tgrelid::regclass::text, t.tgname::text, 'trigger'
from pg_trigger as t
where t.tgrelid = any (%s::regclass[]) and not t.tgisinternal
"""
DROPS = {"index": "drop index {guard}", "trigger": "drop trigger {guard} on {table}"}
DROP = "alter table {table} drop constraint {guard} cascade"


def guards(connection: Connection) -> list[tuple[str, str, str]]:
    tables = list(TEST_FILES)
    return connection.execute(GUARDS, (tables, tables, tables)).fetchall()


def failures(connection: Connection, table: str) -> list[str]:
    """Run the test files of a table; return the titles of the cases that fail."""
    results = [
        result
        for name in TEST_FILES[table]
        for result in sqltests.run_file(connection, sqltests.parse(TESTS / f"{name}.sql"))
    ]
    return [result.title for result in results if not result.is_ok]


def test_every_table_is_tried(shop_floor: Connection) -> None:
    assert {table for (table,) in shop_floor.execute(ALL_TABLES)} == TEST_FILES.keys()


@pytest.mark.parametrize("table", TEST_FILES)
def test_a_guard_that_is_gone_is_missed(table: str, sql_database: str) -> None:
    with psycopg.connect(sql_database, autocommit=True) as connection:
        assert not failures(connection, table)
        unmissed = []
        for owner, guard, kind in guards(connection):
            if owner == table:
                drop = DROPS.get(kind, DROP).format(table=owner, guard=guard)
                with connection.transaction(force_rollback=True):
                    connection.execute(drop.encode())
                    if not failures(connection, table):
                        unmissed.append(guard)
        assert not unmissed


# How to break what an invariant watches, once the guards are gone.
STOCK = "alter table inventory.inventory disable trigger user; "
CORRUPTIONS = {
    "idempotency_keys_answered": "select core.claim_key('test', 'k', '{}')",
    "movement_events": "delete from events.outbox_events where event_type = 'stock.moved'",
    "movements_chain": "update inventory.inventory_movements set on_hand_before = 1",
    "reservation_events": "update inventory.inventory_reservations set seq = seq + 1",
    "reservation_orphans": "update inventory.inventory_reservations set location_id = 999999",
    "reservation_shipments": "update inventory.inventory_reservations set shipped_quantity = 1",
    "reservation_slots": """
        insert into inventory.inventory_reservations (
            variant_id, location_id, owner, slot, slot_limit, quantity, open_quantity, expires_at,
            created_at, actor
        )
        select
            variant_id, location_id, owner, slot, slot_limit, quantity, open_quantity, expires_at,
            created_at, actor
        from inventory.inventory_reservations where slot is not null
    """,
    "reservation_states": """
        update inventory.inventory_reservations set closed_at = null where status = 'consumed'
    """,
    "stock_balance": "update inventory.stock_buckets set available = available + 1",
    "stock_bounds": "update inventory.stock_buckets set available = -1",
    "stock_buckets": "delete from inventory.stock_buckets where bucket = 0",
    "stock_head": f"{STOCK} update inventory.inventory set last_seq = last_seq + 1",
    "stock_sum_of_movements": f"{STOCK} update inventory.inventory set on_hand = on_hand + 1",
}
INVARIANTS = """
select substr(p.proname, 11) from pg_proc as p
where p.pronamespace = 'ops'::regnamespace and p.proname like 'invariant\\_%'
"""


def test_every_invariant_is_tried(shop_floor: Connection) -> None:
    assert {name for (name,) in shop_floor.execute(INVARIANTS.encode())} == CORRUPTIONS.keys()


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_an_invariant_sees_what_no_guard_stops(
    name: str, shop_floor: Connection, handles: dict[str, str]
) -> None:
    invariant = f"select object, detail from ops.invariant_{name}()"
    shop_floor.execute("set constraints all immediate")
    assert not shop_floor.execute(invariant.encode()).fetchall()
    for table, guard, kind in guards(shop_floor):
        if table.startswith("inventory.") and kind != "trigger":
            drop = DROPS.get(kind, DROP).replace("drop constraint", "drop constraint if exists")
            shop_floor.execute(drop.format(table=table, guard=guard).encode())
    shop_floor.execute(CORRUPTIONS[name].encode())
    found = shop_floor.execute(invariant.encode()).fetchall()
    assert found
    assert all(row[0] and row[1] for row in found)
