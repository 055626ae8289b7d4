"""A data-only restore goes into a freshly migrated database: the circle of keys is deferrable."""

import subprocess
import sys
from collections.abc import Callable

import psycopg
from psycopg import conninfo

from dbtool import server

SCHEMAS = ("core", "account", "product", "inventory", "events")
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
)
STATE = """
select sku, current_stock, reserved_quantity, available_stock, version, bucket_count
from inventory.stock_levels
"""
PRODUCT = "select content from product.get_content_version('MUG')"


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
    assert target.execute("select * from ops.check_invariants()").fetchall() == []
    # The numbers go on where the dump ended.
    target.execute(
        """select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:b')"""
    )
