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
    "account.addresses": ("account/addresses",),
    "account.credentials": ("account/addresses",),
    "account.users": ("account/users",),
    "cart.cart_activities": ("cart/carts",),
    "cart.cart_items": ("cart/carts",),
    "cart.cart_metrics": ("cart/carts",),
    "cart.carts": ("cart/carts",),
    "cart.variant_limits": ("cart/carts",),
    "core.business_rules": ("core/business_rules",),
    "core.currencies": ("core/business_rules",),
    "core.idempotency_keys": ("core/claim_key", "core/business_rules"),
    "events.outbox_events": ("events/emit",),
    "inventory.analytics_progress": ("inventory/inventory_alerts",),
    "inventory.inventory": ("inventory/inventory", "inventory/tg_inventory__movement"),
    "inventory.inventory_alerts": ("inventory/inventory_alerts",),
    "inventory.inventory_analytics": ("inventory/inventory_alerts",),
    "inventory.inventory_categories": ("inventory/inventory_alerts",),
    "inventory.inventory_movements": ("inventory/inventory_movements",),
    "inventory.inventory_reservations": ("inventory/inventory_reservations",),
    "inventory.inventory_suppliers": ("inventory/supplier_receipts",),
    "inventory.locations": ("inventory/inventory",),
    "inventory.stock_buckets": ("inventory/stock_buckets",),
    "inventory.stock_count_lines": ("inventory/stock_counts",),
    "inventory.stock_counts": ("inventory/stock_counts",),
    "inventory.stock_jobs": ("inventory/inventory_alerts",),
    "inventory.stock_transfers": ("inventory/stock_counts",),
    "inventory.supplier_items": ("inventory/supplier_receipts",),
    "inventory.supplier_receipts": ("inventory/supplier_receipts",),
    "orders.fulfillment_items": ("orders/orders",),
    "orders.order_adjustments": ("orders/orders",),
    "orders.order_contacts": ("orders/orders",),
    "orders.order_credits": ("orders/orders",),
    "orders.order_fulfillment": ("orders/orders",),
    "orders.order_items": ("orders/orders",),
    "orders.order_notes": ("orders/orders", "orders/anonymise_order"),
    "orders.order_returns": ("orders/orders",),
    "orders.order_status_history": ("orders/orders",),
    "orders.orders": ("orders/orders",),
    "orders.return_items": ("orders/orders",),
    "orders.sales_changes": ("orders/roll_up_sales",),
    "orders.variant_sales": ("orders/roll_up_sales",),
    "payment.dispute_evidence": ("payment/payments",),
    "payment.payment_analytics": ("payment/payments",),
    "payment.payment_disputes": ("payment/payments", "payment/payment_disputes"),
    "payment.payment_methods": ("payment/payments",),
    "payment.payment_transactions": ("payment/payments",),
    "payment.payments": ("payment/payments",),
    "payment.provider_events": ("payment/payments",),
    "payment.refunds": ("payment/payments",),
    "product.categories": ("product/categories", "product/products"),
    "product.content_drafts": ("product/product_content",),
    "product.content_versions": ("product/product_content",),
    "product.option_values": ("product/product_content",),
    "product.price_history": ("product/price_keys", "product/prices"),
    "product.price_lists": ("product/price_keys", "product/prices"),
    "product.prices": (
        "product/price_keys",
        "product/prices",
        "product/products",
        "product/search_documents",
    ),
    "product.product_images": ("product/product_content", "product/tg_product_images__primary"),
    "product.product_options": ("product/product_content",),
    "product.product_reviews": ("product/price_keys", "product/product_reviews"),
    "product.product_popularity": ("product/search_documents",),
    "product.products": (
        "product/product_content",
        "product/product_reviews",
        "product/products",
        "product/search_documents",
    ),
    "product.search_documents": (
        "product/search_documents",
        "product/refresh_search_documents",
    ),
    "product.search_languages": ("product/search_documents",),
    "product.search_words": ("product/search_documents",),
    "product.specifications": ("product/product_content",),
    "product.supplier_references": ("product/product_content",),
    "product.variants": (
        "product/product_content",
        "product/products",
        "product/tg_variants__moved",
    ),
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
FOLLOWING = """
select c.conname::text
from pg_constraint as c
inner join pg_class as r on r.oid = c.conrelid
where c.contype = 'f' and c.confdeltype not in ('a', 'r') and r.relowner = 'shop_owner'::regrole
"""
FOLLOWERS = {
    "addresses_user_id_fkey",
    "cart_items_cart_id_fkey",
    "content_drafts_product_id_fkey",
    "content_versions_product_id_fkey",
    "credentials_user_id_fkey",
    "option_values_product_id_option_name_fkey",
    "price_history_variant_id_price_id_fkey",
    "prices_variant_id_fkey",
    "product_images_product_id_fkey",
    "product_images_variant_id_fkey",
    "product_options_product_id_fkey",
    "product_popularity_product_id_fkey",
    "search_documents_product_id_fkey",
    "specifications_product_id_fkey",
    "supplier_references_product_id_fkey",
    "variant_limits_variant_id_fkey",
}
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


def test_only_what_is_a_part_goes_with_the_whole(shop_floor: Connection) -> None:
    """A key that deletes or forgets along is stated here; every other one has to refuse."""
    assert {name for (name,) in shop_floor.execute(FOLLOWING)} == FOLLOWERS
