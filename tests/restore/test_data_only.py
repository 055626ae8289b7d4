"""A data-only restore goes into a freshly migrated database: the circle of keys is deferrable."""

import subprocess
import sys
from collections.abc import Callable

import psycopg
from psycopg import conninfo

from dbtool import server

SCHEMAS = ("core", "account", "product", "inventory", "events", "cart", "orders", "payment")
# What migrations seed comes with the dump as well.
EMPTY = """
truncate
    core.business_rules, core.currencies, inventory.locations,
    product.price_lists, product.search_languages, inventory.inventory_categories,
    inventory.stock_jobs
cascade
"""
FILL = (
    """select product.import_products(
        '[{"sku": "MUG", "name": "Mug", "price": "2.50", "currency": "GBP"}]')""",
    """select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]')""",
    """select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 3}]', 'session:a')""",
    "select inventory.set_stock('MUG', 8, 2, 'two were broken')",
    "select inventory.split_buckets('MUG', 4)",
    # Children that stand before their parents in the dump, and images with a primary.
    "select product.create_category('mugs', 'Mugs')",
    "select product.create_category('kitchen', 'Kitchen')",
    "select product.move_category('mugs', 'kitchen', 1)",
    """select product.update_product('MUG', '{"category": "mugs", "tags": ["tea"],
        "images": [{"url": "/1.jpg"}, {"url": "/2.jpg", "is_primary": true}]}', 1)""",
    # Heads that refer to their lines, lines to those before and to their taxes.
    """select orders.place_order('session:o', 'GBP',
        '[{"sku": "MUG", "quantity": 3}, {"sku": "MUG", "quantity": 1}]',
        '{"taxes": [{"name": "VAT", "rate": 0.2}], "shipping": {"amount": 5}}')""",
    # One that was paid, sent in part, and credited for the rest, with a refund that waits.
    'select inventory.receive_stock(\'[{"sku": "MUG", "quantity": 8}]\')',
    "select orders.place_order('session:p', 'GBP', '[{\"sku\": \"MUG\", \"quantity\": 6}]')",
    """select payment.process_payment_authorization((
        select b.transaction from orders.order_list as o
        cross join lateral payment.begin_payment(o.order_number, 'acme') as b
        where o.unit_count = 6
    ), 'approved', 'ref-1')""",
    """select payment.record_capture((
        select b.transaction from payment.payment_list as p
        cross join lateral payment.begin_capture(p.payment) as b
    ), 'succeeded', 'ref-2')""",
    """select orders.ship_order(o.order_number, '[{"sku": "MUG", "quantity": 4}]')
        from orders.order_list as o where o.unit_count = 6""",
    """select orders.cancel_order(o.order_number, '[{"sku": "MUG", "quantity": 1}]', 'broken')
        from orders.order_list as o where o.unit_count = 6""",
)
STATE = """
select sku, current_stock, reserved_quantity, available_stock, version, bucket_count
from inventory.stock_levels
"""
PRODUCT = "select content from product.get_content_version('MUG')"
ORDERS = "select orders.get_order_history(o.order_number) from orders.order_list as o order by 1"


def test_a_data_only_restore_brings_the_stock_back(
    shop: str, empty_database: str, connect: Callable[..., psycopg.Connection]
) -> None:
    binaries = server.find_binaries()
    subprocess.run(
        [sys.executable, "-m", "dbtool", "migrate", "--database-url", empty_database],
        check=True, capture_output=True,
    )  # fmt: skip
    source = connect(shop, autocommit=True)
    for statement in FILL:
        source.execute(statement)
    schemas = [f"--schema={schema}" for schema in SCHEMAS]
    dump = subprocess.run(
        [binaries / "pg_dump", "--data-only", *schemas, f"--dbname={shop}"],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    target = connect(empty_database, autocommit=True)
    target.execute(EMPTY)
    subprocess.run(
        [binaries / "psql", "--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet",
         f"--dbname={conninfo.make_conninfo(empty_database)}"],
        input=dump, check=True, capture_output=True,
    )  # fmt: skip
    assert target.execute(STATE).fetchall() == source.execute(STATE).fetchall()
    assert target.execute(PRODUCT).fetchall() == source.execute(PRODUCT).fetchall()
    assert target.execute(ORDERS).fetchall() == source.execute(ORDERS).fetchall()
    assert target.execute("select * from ops.check_invariants()").fetchall() == []
    # The numbers go on where the dump ended.
    target.execute(
        """select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:b')"""
    )
