"""A page is one call, whose number of statements does not grow with what is on the page."""

from __future__ import annotations

import json

import pytest
from contract_support import Connection

# Every statement of a function is in a function: where the calls are as many, so are they.
CALLS = """
select s.schemaname || '.' || s.funcname, s.calls from pg_stat_xact_user_functions as s
"""
IMPORT = "select product.import_products(%s)"
RECEIVE = "select inventory.receive_stock(%s)"
ADD = "select cart.add_item_to_cart(%s, %s, 1, 'EUR')"
SKUS = [f"SKU-{number}" for number in range(50)]


@pytest.fixture
def carts(shop_floor: Connection) -> Connection:
    """Return a connection to a shop with a cart of one line and one of fifty."""
    products = [
        {"sku": sku, "name": f"Product {sku}", "price": 2, "currency": "EUR"} for sku in SKUS
    ]
    shop_floor.execute(IMPORT, [json.dumps(products)])
    shop_floor.execute(RECEIVE, [json.dumps([{"sku": sku, "quantity": 9} for sku in SKUS])])
    for owner, skus in (("session:one", SKUS[:1]), ("session:fifty", SKUS)):
        for sku in skus:
            shop_floor.execute(ADD, [owner, sku])
    shop_floor.execute("set local track_functions = 'all'")
    return shop_floor


def calls(connection: Connection, query: str, owner: str) -> dict[str, int]:
    """Run a query; return how often each function was called for it."""
    before = dict(connection.execute(CALLS).fetchall())
    rows = connection.execute(query.encode(), [owner]).fetchall()
    assert rows
    after = dict(connection.execute(CALLS).fetchall())
    return {name: after[name] - before.get(name, 0) for name in after}


@pytest.mark.parametrize(
    "query", ["select cart.get_cart(%s)", "select count(*) from cart.validate_cart(%s)"]
)
def test_fifty_lines_take_as_many_statements_as_one(carts: Connection, query: str) -> None:
    one = calls(carts, query, "session:one")
    fifty = calls(carts, query, "session:fifty")
    assert one == fifty
    assert any(one.values())
