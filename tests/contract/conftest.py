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
def handles(shop_floor: Connection) -> dict[str, str]:
    """Fill the shop, and return the handles of its reservations."""
    return set_stage(shop_floor)
