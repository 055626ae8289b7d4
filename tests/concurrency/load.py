"""Reserve, commit and ship with keys, over and over, whatever is killed meanwhile.

Run as a program it is the client that gets killed: it says on stdout what it is about to do and
what it has done. As a module it is what goes on while something else is killed, and it tells what
every key did.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import ClassVar

import psycopg
from harness import (
    COMMIT,
    PATIENCE_S,
    RESERVE,
    SHIP,
    Connection,
    Rows,
    ask,
    connect,
    items,
    keep_stock,
    open_items,
    stock,
)
from psycopg import IsolationLevel

SKUS = [f"SKU-{n}" for n in range(6)]
ON_HAND = 9000
STEPS = ("reserve", "commit", "ship")
EFFECTS = """
select
    owner, sum(quantity)::integer as units, sum(shipped_quantity)::integer as shipped,
    min(status) as status, max(status) as last_status
from inventory.reservation_list
group by owner
"""
KEYS = "select key from core.idempotency_keys"
Step = Callable[[Connection], Rows]


@dataclass(frozen=True)
class Order:
    """Two units, of two SKUs or one: three calls, each with a key of its own."""

    number: int

    @property
    def owner(self) -> str:
        return f"order:{self.number}"

    def key(self, step: str) -> str:
        return f"{step} {self.number}"

    def reserve(self, connection: Connection) -> Rows:
        places = (self.number, self.number * 5 + 3)
        lines = items([(SKUS[place % len(SKUS)], 1) for place in places])
        return connection.execute(
            RESERVE, [lines, self.owner, None, self.key("reserve")]
        ).fetchall()

    def commit(self, connection: Connection, held: Rows) -> Rows:
        handles = [row.reservation for row in held]
        return connection.execute(COMMIT, [handles, self.key("commit")]).fetchall()

    def ship(self, connection: Connection, held: Rows) -> Rows:
        lines = open_items(row.reservation for row in held)
        return connection.execute(SHIP, [lines, self.key("ship")]).fetchall()


@dataclass
class Customer:
    """Places orders, and repeats each call with its key until it is answered."""

    url: str
    first: int
    is_over: threading.Event
    acknowledged: list[tuple[int, str]] = field(default_factory=list)
    lost: int = 0
    connection: Connection | None = None
    role: ClassVar[str] = "inventory_service"

    def run(self) -> None:
        number = self.first
        while not self.is_over.is_set():
            self.one(number)
            number += 1
        if self.connection:
            self.connection.close()

    def one(self, number: int) -> None:
        order = Order(number)
        held = self.insist(number, "reserve", order.reserve)
        self.insist(number, "commit", partial(order.commit, held=held))
        self.insist(number, "ship", partial(order.ship, held=held))

    def insist(self, number: int, name: str, step: Step) -> Rows:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                self.connection = self.connection or connect(self.url, role=self.role)
                rows = step(self.connection)
            except psycopg.OperationalError as error:
                # The connection or the server is gone, or is not there yet; nothing else may be.
                is_gone = error.sqlstate is None or error.sqlstate.startswith("57P")
                if not is_gone or time.monotonic() > deadline:
                    raise
                self.lost += 1
                if self.connection:
                    self.connection.close()
                self.connection = None
                continue
            self.acknowledged.append((number, name))
            return rows


def assert_once(url: str, orders: int) -> None:
    """Fail unless each of the orders was reserved, committed and shipped once."""
    effects = ask(url, EFFECTS)
    assert len(effects) == orders
    assert {tuple(row[1:]) for row in effects} <= {(2, 2, "consumed", "consumed")}
    gone = sum(ON_HAND - stock(url, sku).current_stock for sku in SKUS)
    assert gone == 2 * orders


def assert_never_twice(url: str) -> None:
    """Fail unless what each order has done is what its keys say, neither less nor more."""
    # In one snapshot: the server may be finishing the last call of a client that was killed.
    with (
        connect(url, IsolationLevel.REPEATABLE_READ, role="postgres") as connection,
        connection.transaction(),
    ):
        keys = {row.key for row in connection.execute(KEYS)}
        effects = {row.owner: row for row in connection.execute(EFFECTS)}
    for number in {int(key.split()[1]) for key in keys} | {int(o.split(":")[1]) for o in effects}:
        order = Order(number)
        done = [step for step in STEPS if order.key(step) in keys]
        assert done == list(STEPS[: len(done)])
        status = "active" if len(done) == 1 else "consumed"
        effect = effects[order.owner]
        assert tuple(effect[1:]) == (2, 2 * (len(done) == 3), status, status)


def open_shop(url: str) -> None:
    keep_stock(url, dict.fromkeys(SKUS, ON_HAND), 2)


def main(url: str, number: int) -> None:
    """Place orders for ever."""
    connection = connect(url)
    while True:
        order = Order(number)
        print(f"begin {number}", flush=True)
        held = order.reserve(connection)
        order.commit(connection, held)
        order.ship(connection, held)
        print(f"end {number}", flush=True)
        number += 1


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
