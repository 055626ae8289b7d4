"""The shop in which the contract is tried: every test undoes what it does."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from contract_support import Connection, set_stage


@pytest.fixture
def shop_floor(sql_database: str) -> Iterator[Connection]:
    """Return a connection inside a transaction that nobody commits."""
    with psycopg.connect(sql_database) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def handles(shop_floor: Connection, request: pytest.FixtureRequest) -> dict[str, str]:
    """Fill the shop, and return the handles of its reservations."""
    callspec = getattr(request.node, "callspec", None)
    called = str(callspec.params.get("name")) if callspec else ""
    # Nothing that is done to these has to do with orders, and a shop full of orders takes a second.
    return set_stage(
        shop_floor, has_orders=not called.startswith(("cart.", "core.", "inventory.", "product."))
    )
