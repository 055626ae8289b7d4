"""Buy, pay and have sent, or cancel, with keys, over and over, whatever is killed meanwhile.

As `load`, for whole orders: run as a program it is the client that gets killed; as a module it is
what goes on while something else is killed, and it tells what every key did.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

from harness import Connection, Rows, ask, connect, items, stock
from load import Customer
from psycopg import IsolationLevel
from psycopg.types.json import Jsonb
from shopping import (
    AUTHORIZE,
    BEGIN,
    BEGIN_CAPTURE,
    CANCEL,
    DECLINE,
    PLACE,
    RECORD_CAPTURE,
    SHIP,
    stock_up,
)

SKUS = [f"SKU-{n}" for n in range(6)]
ON_HAND = 9000
ANYBODY = "postgres"
EFFECTS = """
select
    split_part(c.email, '@', 1)::integer as number, o.status, o.unit_count::integer as units,
    coalesce(p.payments, 0)::integer as payments, coalesce(p.authorized, 0) as authorized,
    coalesce(p.captured, 0) as captured, coalesce(p.refund_pending, 0) as refund_pending,
    o.total
from orders.orders as o
inner join orders.order_contacts as c on c.order_id = o.order_id
left join (
    select
        p.order_id, count(*) as payments, sum(p.authorized) as authorized,
        sum(p.captured) as captured, sum(p.refund_pending) as refund_pending
    from payment.payments as p
    group by p.order_id
) as p on p.order_id = o.order_id
order by 1
"""
KEYS = "select key, response from core.idempotency_keys"
Step = Callable[[Connection], Rows]
Answers = dict[str, Rows]
Next = Callable[[str, Step], Rows]


@dataclass(frozen=True)
class Checkout:
    """An order of two units: sent when it is paid, in either of two ways, declined or cancelled."""

    number: int

    @property
    def ending(self) -> str:
        return ("shipped", "shipped", "declined", "cancelled", "shipped")[self.number % 5]

    def key(self, step: str) -> str:
        return f"{step} {self.number}"

    def go(self, do: Next) -> None:
        """Do each step as soon as the one before it is answered."""
        (order,) = do("place", self.place)
        (step,) = do("begin", partial(self.begin, number=order.order_number))
        if self.ending == "declined":
            do("decline", lambda c: c.execute(DECLINE, [step.transaction, True]).fetchall())
            return
        how = "captured" if self.number % 2 else "approved"
        answer = [step.transaction, how, f"ref {self.number}"]
        (paid,) = do("authorize", lambda c: c.execute(AUTHORIZE, answer).fetchall())
        if how == "approved":
            (capture,) = do("capture", partial(self.capture, payment=paid.payment))
            record = [capture.transaction, "succeeded", f"capture {self.number}", None]
            do("record", lambda c: c.execute(RECORD_CAPTURE, record).fetchall())
        query = CANCEL if self.ending == "cancelled" else SHIP
        last = [order.order_number, None, self.key("end")]
        do("end", lambda c: c.execute(query, last).fetchall())

    def place(self, connection: Connection) -> Rows:
        lines = items(
            [(SKUS[place % len(SKUS)], 1) for place in (self.number, self.number * 5 + 3)]
        )
        details = Jsonb({"email": f"{self.number}@example.com"})
        owner = f"session:{self.number}"
        return connection.execute(PLACE, [owner, lines, details, self.key("place")]).fetchall()

    def begin(self, connection: Connection, number: str) -> Rows:
        return connection.execute(BEGIN, [number, None, self.key("begin")]).fetchall()

    def capture(self, connection: Connection, payment: Any) -> Rows:
        return connection.execute(BEGIN_CAPTURE, [payment, None, self.key("capture")]).fetchall()


@dataclass
class Buyer(Customer):
    """Checks out, and repeats each call with its key until it is answered."""

    answers: dict[tuple[int, str], tuple[Step, Rows]] = field(default_factory=dict)
    role: ClassVar[str] = ANYBODY

    def one(self, number: int) -> None:
        def do(name: str, step: Step) -> Rows:
            rows = self.insist(number, name, step)
            self.answers[number, name] = step, rows
            return rows

        Checkout(number).go(do)


def assert_replayed(url: str, buyers: list[Buyer]) -> None:
    """Fail unless each call that was answered is answered in the same way again."""
    with connect(url, role=ANYBODY) as connection:
        for buyer in buyers:
            for (number, name), (step, rows) in sorted(buyer.answers.items())[-60:]:
                if name in ("place", "begin", "capture", "end"):
                    assert step(connection) == rows, (number, name)


def assert_ended(url: str, numbers: set[int]) -> None:
    """Fail unless each of these orders, and no other, was bought, paid and ended once."""
    effects = {row.number: row for row in ask(url, EFFECTS)}
    assert effects.keys() == numbers
    for number, row in effects.items():
        ending = Checkout(number).ending
        status = "shipped" if ending == "shipped" else "cancelled"
        taken = 0 if ending == "declined" else row.total
        back = row.total if ending == "cancelled" else 0
        assert (row.status, row.payments) == (status, 1)
        assert (row.authorized, row.captured, row.refund_pending) == (taken, taken, back)
    shipped = sum(row.units for row in effects.values() if row.status == "shipped")
    assert sum(ON_HAND - stock(url, sku).current_stock for sku in SKUS) == shipped
    assert sum(stock(url, sku).available_stock for sku in SKUS) == len(SKUS) * ON_HAND - shipped


def assert_never_twice(url: str) -> None:
    """Fail unless what each order has done is what its keys say, neither less nor more."""
    # In one snapshot: the server may be finishing the last call of a client that was killed.
    with (
        connect(url, IsolationLevel.REPEATABLE_READ, role=ANYBODY) as connection,
        connection.transaction(),
    ):
        keys = {row.key for row in connection.execute(KEYS)}
        effects = connection.execute(EFFECTS).fetchall()
    assert len({row.number for row in effects}) == len(effects)
    assert {Checkout(row.number).key("place") for row in effects} == {
        key for key in keys if key.startswith("place ")
    }
    for row in effects:
        order = Checkout(row.number)
        assert row.payments == (order.key("begin") in keys)
        is_over = order.key("end") in keys
        assert (row.status == "shipped") == (is_over and order.ending == "shipped")
        if order.ending == "cancelled":
            assert (row.status == "cancelled") == is_over


def open_shop(url: str) -> None:
    stock_up(url, dict.fromkeys(SKUS, ON_HAND), 2)


def main(url: str, number: int) -> None:
    """Buy for ever."""
    connection = connect(url, role=ANYBODY)
    while True:
        print(f"begin {number}", flush=True)
        Checkout(number).go(lambda _, step: step(connection))
        print(f"end {number}", flush=True)
        number += 1


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
