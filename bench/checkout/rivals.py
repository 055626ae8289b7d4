"""Ways to turn a cart of five lines into an order, each with a network that takes its time.

All of them: the cart may be ordered once; the prices are those that the customer has seen; the
stock rows are locked in one order and never go below zero; order, lines, history and totals are
written; the cart is closed; the stock is kept for half an hour.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import ForeignKey, create_engine, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from sqlalchemy.orm import selectinload as load_together

ADDRESS = {"recipient": "Ann", "line1": "1 High Street", "city": "London", "country": "GB"}
SHIPPING = Decimal("4.95")
LASTS = timedelta(minutes=30)


class Counted:
    """How many statements were sent, in how many round trips."""

    statements = 0
    trips = 0


class DelayedCursor(psycopg.Cursor[Any]):
    """Count the statements."""

    def execute(self, *arguments: Any, **options: Any) -> DelayedCursor:
        Counted.statements += 1
        super().execute(*arguments, **options)
        return self

    def executemany(self, query: Any, params_seq: Any, **options: Any) -> None:
        rows = list(params_seq)
        Counted.statements += len(rows)
        super().executemany(query, rows, **options)


class Delayed(psycopg.Connection[Any]):
    """A connection to a server that is `delay_s` away, there and back.

    The delay is on the client, because a proxy would take the cores from the server. Whatever is
    sent in one pipeline waits once; a `begin` is a round trip of its own, as psycopg sends it.
    """

    delay_s = 0.0

    def trip(self) -> None:
        Counted.trips += 1
        if self.delay_s:
            time.sleep(self.delay_s)

    def wait(self, gen: Generator[Any, Any, Any], *arguments: Any, **options: Any) -> Any:
        idle = self.pgconn.transaction_status == psycopg.pq.TransactionStatus.IDLE
        pipeline = self._pipeline
        if pipeline is None:
            self.trip()
            if idle and not self.autocommit:
                Counted.statements += 1
                self.trip()
        elif not hasattr(pipeline, "is_sent"):
            pipeline.is_sent = True  # type: ignore[attr-defined]
            self.trip()
        return super().wait(gen, *arguments, **options)

    def commit(self) -> None:
        Counted.statements += 1
        super().commit()


def connect(url: str, delay_s: float, *, autocommit: bool) -> Delayed:
    connection = Delayed.connect(url, autocommit=autocommit, cursor_factory=DelayedCursor)
    connection.delay_s = delay_s
    return connection


Checkout = Callable[[int], None]

OURS = """
select order_number from orders.place_cart_order(%s, 0, %s, %s)
"""


def ours(url: str, delay_s: float) -> Checkout:
    """One call."""
    connection = connect(url, delay_s, autocommit=True)
    details = {
        "email": "ann@example.com",
        "shipping_address": ADDRESS,
        "shipping": {"method": "post", "amount": float(SHIPPING)},
    }

    def checkout(cart: int) -> None:
        connection.execute(OURS, [f"session:cart-{cart}", Jsonb(details), f"order-{cart}"])

    return checkout


class Base(DeclarativeBase):
    """The tables of schema.sql."""

    __table_args__ = {"schema": "rival"}  # noqa: RUF012


class Variant(Base):
    __tablename__ = "variants"
    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str]
    name: Mapped[str]
    price: Mapped[Decimal]


class Stock(Base):
    __tablename__ = "stock"
    variant_id: Mapped[int] = mapped_column(ForeignKey(Variant.id), primary_key=True)
    available: Mapped[int]


class CartItem(Base):
    __tablename__ = "cart_items"
    cart_id: Mapped[int] = mapped_column(ForeignKey("rival.carts.id"), primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey(Variant.id), primary_key=True)
    quantity: Mapped[int]
    price_seen: Mapped[Decimal]


class Cart(Base):
    __tablename__ = "carts"
    id: Mapped[int] = mapped_column(primary_key=True)
    session_token: Mapped[str]
    status: Mapped[str]
    updated_at: Mapped[datetime]
    items: Mapped[list[CartItem]] = relationship(lazy="raise", order_by=CartItem.variant_id)


class OrderLine(Base):
    __tablename__ = "order_lines"
    order_id: Mapped[int] = mapped_column(ForeignKey("rival.orders.id"), primary_key=True)
    line_no: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int]
    sku: Mapped[str]
    name: Mapped[str]
    quantity: Mapped[int]
    unit_price: Mapped[Decimal]
    line_total: Mapped[Decimal]


class OrderHistory(Base):
    __tablename__ = "order_history"
    order_id: Mapped[int] = mapped_column(ForeignKey("rival.orders.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str]
    cart_id: Mapped[int] = mapped_column(ForeignKey(Cart.id))
    status: Mapped[str]
    email: Mapped[str]
    shipping_address: Mapped[dict[str, str]] = mapped_column(JSONB)
    currency: Mapped[str]
    subtotal: Mapped[Decimal]
    shipping: Mapped[Decimal]
    total: Mapped[Decimal]
    expires_at: Mapped[datetime]
    lines: Mapped[list[OrderLine]] = relationship(lazy="raise")
    history: Mapped[list[OrderHistory]] = relationship(lazy="raise")


class Key(Base):
    __tablename__ = "idempotency_keys"
    key: Mapped[str] = mapped_column(primary_key=True)
    response: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Hold(Base):
    __tablename__ = "holds"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey(Order.id))
    variant_id: Mapped[int]
    quantity: Mapped[int]
    expires_at: Mapped[datetime]


class Event(Base):
    __tablename__ = "outbox_events"
    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    aggregate_id: Mapped[int]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)


class CheckoutError(Exception):
    """The cart cannot be ordered as it is."""


def promises(order: Order, key: str) -> list[Base]:
    """What lets a call be repeated, others hear of it, and its stock come back when it expires.

    Two kinds of events where `place_cart_order` writes four.
    """
    made: list[Base] = [
        Key(key=key, response={"order": order.number, "total": str(order.total)}),
        Event(
            type="order.placed",
            aggregate_id=order.id,
            payload={
                "number": order.number,
                "total": str(order.total),
                "lines": [{"sku": line.sku, "quantity": line.quantity} for line in order.lines],
            },
        ),
    ]
    for line in order.lines:
        made += [
            Hold(
                order_id=order.id,
                variant_id=line.variant_id,
                quantity=line.quantity,
                expires_at=order.expires_at,
            ),
            Event(
                type="stock.updated",
                aggregate_id=line.variant_id,
                payload={"sku": line.sku, "available": -line.quantity},
            ),
        ]
    return made


def orm(url: str, delay_s: float, *, is_complete: bool = False) -> Checkout:
    """SQLAlchemy, with everything loaded together, nothing lazily, and nothing read twice."""
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: connect(url, delay_s, autocommit=False),
        pool_size=1,
        # What is returned to the pool is committed: a rollback would be a round trip for nothing.
        pool_reset_on_return=None,
    )

    def checkout(number: int) -> None:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            cart = session.scalars(
                select(Cart)
                .where(Cart.session_token == f"cart-{number}")
                .options(load_together(Cart.items))
                .with_for_update()
            ).one()
            if cart.status != "active" or not cart.items:
                raise CheckoutError(cart.status)
            wanted = {item.variant_id: item for item in cart.items}
            stocks = session.execute(
                select(Stock, Variant)
                .join(Variant, Variant.id == Stock.variant_id)
                .where(Stock.variant_id.in_(wanted))
                .order_by(Stock.variant_id)
                .with_for_update(of=Stock)
            ).all()
            lines = []
            for line_no, (stock, variant) in enumerate(stocks, 1):
                item = wanted[variant.id]
                if stock.available < item.quantity or variant.price != item.price_seen:
                    raise CheckoutError(variant.sku)
                stock.available -= item.quantity
                lines.append(
                    OrderLine(
                        line_no=line_no,
                        variant_id=variant.id,
                        sku=variant.sku,
                        name=variant.name,
                        quantity=item.quantity,
                        unit_price=variant.price,
                        line_total=variant.price * item.quantity,
                    )
                )
            subtotal = sum((line.line_total for line in lines), Decimal(0))
            order = Order(
                number=secrets.token_hex(6),
                cart_id=cart.id,
                status="pending",
                email="ann@example.com",
                shipping_address=ADDRESS,
                currency="GBP",
                subtotal=subtotal,
                shipping=SHIPPING,
                total=subtotal + SHIPPING,
                expires_at=datetime.now(UTC) + LASTS,
                lines=lines,
                history=[OrderHistory(seq=1, status="pending")],
            )
            session.add(order)
            cart.status = "converted"
            cart.updated_at = func.now()
            if is_complete:
                session.flush()
                session.add_all(promises(order, f"order-{number}"))

    return checkout


READ = """
with cart as (
    select c.id from rival.carts as c
    where c.session_token = %s and c.status = 'active'
    for update
)
select c.id, i.variant_id, i.quantity, i.price_seen
from cart as c
inner join rival.cart_items as i on i.cart_id = c.id
order by i.variant_id
"""
LOCK = """
select s.variant_id, s.available, v.sku, v.name, v.price
from rival.stock as s
inner join rival.variants as v on v.id = s.variant_id
where s.variant_id in (
    select i.variant_id from rival.cart_items as i
    inner join rival.carts as c on c.id = i.cart_id
    where c.session_token = %s
)
order by s.variant_id
for update of s
"""
TAKE = "update rival.stock set available = available - %s where variant_id = %s"
ORDER = """
insert into rival.orders (
    id, number, cart_id, status, email, shipping_address, currency, subtotal, shipping, total,
    expires_at
) values (
    nextval('rival.orders_id_seq'), %s, %s, 'pending', %s, %s, 'GBP', %s, %s, %s, %s
)
"""
LINES = """
insert into rival.order_lines (
    order_id, line_no, variant_id, sku, name, quantity, unit_price, line_total
)
select currval('rival.orders_id_seq'), l.*
from unnest(
    %s::integer[], %s::bigint[], %s::text[], %s::text[], %s::integer[], %s::numeric[], %s::numeric[]
) as l
"""
HISTORY = """
insert into rival.order_history (order_id, seq, status)
values (currval('rival.orders_id_seq'), 1, 'pending')
"""
CLOSE = "update rival.carts set status = 'converted', updated_at = now() where id = %s"


def pipelined(url: str, delay_s: float) -> Checkout:
    """SQL by hand, in two round trips: one that locks and reads, one that writes and commits."""
    connection = connect(url, delay_s, autocommit=True)

    def checkout(number: int) -> None:
        token = f"cart-{number}"
        with connection.pipeline():
            connection.execute("begin")
            read = connection.execute(READ, [token])
            locked = connection.execute(LOCK, [token])
        items, stocks = read.fetchall(), locked.fetchall()
        fits = len(items) == len(stocks) > 0 and all(
            available >= quantity and price == seen
            for (_, _, quantity, seen), (_, available, _, _, price) in zip(
                items, stocks, strict=True
            )
        )
        if not fits:
            connection.execute("rollback")
            raise CheckoutError(token)
        quantities = [quantity for _, _, quantity, _ in items]
        prices = [price for *_, price in stocks]
        totals = [price * quantity for price, quantity in zip(prices, quantities, strict=True)]
        subtotal = sum(totals, Decimal(0))
        with connection.pipeline():
            connection.execute(
                ORDER,
                [
                    secrets.token_hex(6), items[0][0], "ann@example.com", Jsonb(ADDRESS), subtotal,
                    SHIPPING, subtotal + SHIPPING, datetime.now(UTC) + LASTS,
                ],
            )  # fmt: skip
            connection.execute(
                LINES,
                [
                    list(range(1, len(items) + 1)), [row[0] for row in stocks],
                    [row[2] for row in stocks], [row[3] for row in stocks], quantities, prices,
                    totals,
                ],
            )  # fmt: skip
            connection.execute(HISTORY)
            for variant, quantity in zip((row[0] for row in stocks), quantities, strict=True):
                connection.execute(TAKE, [quantity, variant])
            connection.execute(CLOSE, [items[0][0]])
            connection.execute("commit")

    return checkout


WAYS: dict[str, Callable[[str, float], Checkout]] = {
    "SQLAlchemy ORM": orm,
    "SQLAlchemy ORM, with key, holds and events": partial(orm, is_complete=True),
    "hand-written SQL, pipelined": pipelined,
    "place_cart_order": ours,
}
