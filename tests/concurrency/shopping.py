"""What the tests of orders and payments share: calls, and shops in which they can be made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from harness import (
    IMPORT,
    RECEIVE,
    SPLIT,
    Connection,
    Job,
    Rows,
    ask,
    call,
    items,
    keeper,
    tell,
)
from psycopg.types.json import Jsonb

PRICE = "20.00"
DETAILS = {"email": "ann@example.com"}
PROVIDER = "acme"

ADD = "select * from cart.add_item_to_cart(%s, %s, %s, 'GBP', %s)"
HOLD = "select * from cart.reserve_cart(%s)"
REGISTER = "select user_id from account.register_user(%s, 'Ann')"
LIMIT = "select * from cart.set_variant_limit(%s, %s, 0)"
PLACE = "select * from orders.place_order(%s, 'GBP', %s, %s, %s)"
PLACE_CART = "select * from orders.place_cart_order(%s, %s, %s, %s)"
PROCESS = "select * from orders.process_order(%s, %s)"
PACK = "select * from orders.pack_order(%s, %s, null, %s)"
SHIP = "select * from orders.ship_order(%s, %s, p_idempotency_key => %s)"
SHIP_PARCEL = "select * from orders.ship_order(%s, p_fulfillment_no => %s, p_idempotency_key => %s)"
DELIVER = "select * from orders.deliver_fulfillment(%s, null, %s)"
COMPLETE = "select * from orders.complete_order(%s, %s)"
CANCEL = "select * from orders.cancel_order(%s, %s, 'changed my mind', null, %s)"
SWEEP = "select * from orders.cleanup_expired_orders()"
ASK_BACK = "select * from orders.request_return(%s, %s, 'too big', p_idempotency_key => %s)"
DECIDE_RETURN = "select * from orders.decide_return(%s, %s, 'approved', null, %s)"
RECEIVE_RETURN = "select * from orders.receive_return(%s, %s, %s, null, %s)"
BEGIN = "select * from payment.begin_payment(%s, 'acme', null, %s, %s)"
AUTHORIZE = "select * from payment.process_payment_authorization(%s, %s, %s)"
DECLINE = """
select * from payment.process_payment_authorization(
    %s, 'declined', p_error_code => 'do_not_honor', p_is_final => %s
)
"""
BEGIN_CAPTURE = "select * from payment.begin_capture(%s, %s, false, %s)"
RECORD_CAPTURE = "select * from payment.record_capture(%s, %s, %s, %s)"
BEGIN_VOID = "select * from payment.begin_void(%s, null, %s)"
RECORD_VOID = "select * from payment.record_void(%s, 'succeeded', %s)"
REQUEST_REFUND = "select * from payment.request_refund(%s, %s, p_idempotency_key => %s)"
DECIDE_REFUND = "select * from payment.decide_refund(%s, %s)"
BEGIN_REFUND = "select * from payment.begin_refund(%s, %s)"
RECORD_REFUND = "select * from payment.record_refund(%s, %s, %s)"
HEAR = "select * from payment.receive_provider_event(%s, %s, %s)"
TRY_EVENTS = "select * from payment.process_provider_events(1000)"
CLEAN_PAYMENTS = "select * from payment.cleanup_expired_payments()"

ORDER = "select * from orders.orders where order_number = %s"
ORDERS = "select * from orders.orders order by order_id"
PAYMENTS = "select * from payment.payments order by payment_id"
REFUNDS = "select * from payment.refunds order by refund_id"
STEPS = """
select kind, status, count(*)::integer as steps, sum(amount) as amount
from payment.payment_transactions
group by kind, status
order by kind, status
"""
# As if the time had passed: an order that is due, and its holds with it.
LET_ORDERS_LAPSE = """
with lapsed as (
    update orders.orders
    set placed_at = placed_at - interval '1 day', expires_at = placed_at - interval '1 day'
    where status = 'pending'
    returning order_id
), history as (
    update orders.order_status_history as h
    set created_at = h.created_at - interval '1 day'
    from lapsed as l
    where h.order_id = l.order_id
), steps as (
    update payment.payment_transactions as t
    set claimed_until = clock_timestamp() - interval '1 second'
    where t.claimed_until is not null and not %s
)
update inventory.inventory_reservations as r
set expires_at = clock_timestamp() - interval '1 second'
from lapsed as l
where r.owner = 'order:' || l.order_id and r.status = 'active'
"""


def stock_up(url: str, on_hand: Mapping[str, int], buckets: int = 1, price: str = PRICE) -> None:
    """Make products at a price that an order may have, and receive stock of them."""
    products = [
        {"sku": sku, "name": f"Product {sku}", "price": price, "currency": "GBP"} for sku in on_hand
    ]
    received = {sku: units for sku, units in on_hand.items() if units > 0}
    with keeper(url) as connection:
        connection.execute(IMPORT, [Jsonb(products), None])
        if received:
            connection.execute(RECEIVE, [items(received), None, None])
        for sku in on_hand if buckets > 1 else ():
            connection.execute(SPLIT, [sku, buckets])


def register(url: str, name: str = "ann") -> str:
    (user,) = ask(url, REGISTER, f"{name}@example.com")
    return f"user:{user.user_id}"


def place(
    quantities: Mapping[str, int] | Iterable[tuple[str, int]],
    owner: str,
    key: str | None = None,
    details: Mapping[str, Any] = DETAILS,
) -> Job:
    return call(PLACE, owner, items(quantities), Jsonb(dict(details)), key)


def place_cart(owner: str, key: str | None = None, version: int | None = None) -> Job:
    return call(PLACE_CART, owner, version, Jsonb(DETAILS), key)


def ordered(url: str, quantities: Mapping[str, int], owner: str = "session:s") -> str:
    """Place an order; return its number."""
    with keeper(url) as connection:
        (order,) = place(quantities, owner)(connection)
    return str(order.order_number)


def begun(url: str, number: str) -> Any:
    """Begin a payment of all that is due."""
    return ask(url, BEGIN, number, None, None)[0]


def paid(url: str, number: str, outcome: str = "approved") -> Any:
    """Have all that is due of an order authorised, or captured at once."""
    step = begun(url, number)
    return ask(url, AUTHORIZE, step.transaction, outcome, f"ref {step.transaction}")[0]


def sold(url: str, quantities: Mapping[str, int], outcome: str = "approved") -> tuple[str, Any]:
    """Place and pay an order; return its number and its payment."""
    number = ordered(url, quantities)
    return number, paid(url, number, outcome)


def order_of(url: str, number: str) -> Any:
    return ask(url, ORDER, number)[0]


def let_orders_lapse(url: str, is_in_flight: bool = False) -> None:
    """Let pending orders be past their expiry, and the answers that are waited for as well."""
    assert tell(url, LET_ORDERS_LAPSE, is_in_flight) >= 0


def event(kind: str, step: Any, reference: str, **more: Any) -> Jsonb:
    """What a provider reports of a step."""
    return Jsonb(
        {"kind": kind, "transaction": str(step.transaction), "provider_ref": reference, **more}
    )


def rows(connection: Connection, query: str, *arguments: Any) -> Rows:
    return connection.execute(query.encode(), arguments).fetchall()
