"""Orders are paid through a provider that answers, refuses, is silent, late or repeats itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from dbtool.demo_provider import Provider

Connect = Callable[..., psycopg.Connection[Any]]
Row = dict[str, Any]

GOODS = """
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 10, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 100}]')
"""
PLACE = """
select order_number
from orders.place_order('session:ann', 'EUR', '[{"sku": "MUG", "quantity": 3}]')
"""
BEGIN = "select * from payment.begin_payment(%s, 'demo')"
BEGIN_CAPTURE = "select * from payment.begin_capture(%s)"
BEGIN_REFUND = "select * from payment.begin_refund(%s)"
CANCEL = "select status from orders.cancel_order(%s, p_reason => 'changed my mind')"
OVERDUE = "select * from payment.claim_overdue_steps()"
OVERDUE_OF = f"{OVERDUE} where payment = %s"
LATER = "update payment.payment_transactions set claimed_until = now() where status = 'pending'"
RECORD = {
    "payment": "select * from payment.process_payment_authorization(%s, %s, %s, null, %s)",
    "capture": "select * from payment.record_capture(%s, %s, %s, null, %s)",
    "refund": "select * from payment.record_refund(%s, %s, %s, %s)",
}
MONEY = """
select o.status, o.payment_status, sum(p.authorized)::integer as authorized,
    sum(p.captured)::integer as captured, sum(p.refunded)::integer as refunded,
    sum(p.refund_pending)::integer as refund_pending
from orders.orders as o
left join payment.payments as p on p.order_id = o.order_id
where o.order_number = %s
group by o.order_id
"""
APPROVED_REFUNDS = "select refund from payment.refund_list where status = 'approved'"
VIOLATIONS = "select * from ops.check_invariants()"


class Checkout:
    """One order and its provider; each step is claimed, committed, asked for and recorded."""

    def __init__(self, connection: psycopg.Connection[Any], *script: str) -> None:
        self.connection = connection
        self.provider = Provider(script)
        self.order = self.one(PLACE)["order_number"]

    def one(self, query: str, *arguments: object) -> Row:
        cursor = self.connection.cursor(row_factory=dict_row).execute(query.encode(), arguments)
        (row,) = cursor.fetchall()
        return row

    def step(self, kind: str, begin: str, about: object) -> Row:
        claim = self.one(begin, about)
        key = str(claim["transaction"])
        said = self.provider.ask(kind, key, claim["amount"], claim["currency"])
        recorded = self.one(RECORD[kind], key, said.outcome, said.provider_ref, said.error_code)
        return {**recorded, "transaction": key}

    def authorise(self) -> Row:
        return self.step("payment", BEGIN, self.order)

    def capture(self, payment: object) -> Row:
        return self.step("capture", BEGIN_CAPTURE, payment)

    def money(self) -> tuple[object, ...]:
        return tuple(self.one(MONEY, self.order).values())


@pytest.fixture
def connection(shop: str, connect: Connect) -> psycopg.Connection[Any]:
    connection = connect(shop, autocommit=True)
    connection.execute(GOODS.encode())
    return connection


def test_what_is_approved_is_captured(connection: psycopg.Connection[Any]) -> None:
    checkout = Checkout(connection)
    assert checkout.capture(checkout.authorise()["payment"])["error"] is None
    assert checkout.money() == ("confirmed", "paid", 30, 30, 0, 0)


def test_a_declined_payment_is_tried_again(connection: psycopg.Connection[Any]) -> None:
    checkout = Checkout(connection, "decline:insufficient_funds", "approve")
    refused = checkout.authorise()
    assert (refused["error"], refused["reason"]) == ("PAYMENT_FAILED", "insufficient_funds")
    assert refused["can_retry"]
    assert checkout.money()[0] == "pending"
    approved = checkout.authorise()
    assert approved["transaction"] != refused["transaction"]
    assert checkout.money() == ("confirmed", "authorized", 30, 0, 0, 0)


def test_a_time_out_is_tried_again_with_the_same_key(connection: psycopg.Connection[Any]) -> None:
    checkout = Checkout(connection, "timeout", "approve")
    silent = checkout.authorise()
    assert (silent["error"], silent["order_status"]) == ("PAYMENT_FAILED", "pending")
    assert checkout.authorise()["transaction"] == silent["transaction"]
    assert checkout.money() == ("confirmed", "authorized", 30, 0, 0, 0)


def test_who_is_late_is_not_asked_twice(connection: psycopg.Connection[Any]) -> None:
    checkout = Checkout(connection, "late")
    assert checkout.authorise()["error"] == "PAYMENT_FAILED"
    assert checkout.provider.deliver(connection) == ["applied"]
    assert checkout.money() == ("confirmed", "authorized", 30, 0, 0, 0)


def test_a_repetition_and_the_late_event_count_once(connection: psycopg.Connection[Any]) -> None:
    checkout = Checkout(connection, "late")
    checkout.authorise()
    # With the same key the provider only says what it did.
    assert checkout.authorise()["error"] is None
    assert checkout.provider.deliver(connection) == ["ignored"]
    assert checkout.money() == ("confirmed", "authorized", 30, 0, 0, 0)


def test_what_is_said_twice_counts_once(connection: psycopg.Connection[Any]) -> None:
    checkout = Checkout(connection, "twice", "twice")
    checkout.capture(checkout.authorise()["payment"])
    checkout.provider.deliver(connection)
    assert checkout.money() == ("confirmed", "paid", 30, 30, 0, 0)


def test_what_is_captured_twice_is_refunded(connection: psycopg.Connection[Any]) -> None:
    checkout = Checkout(connection, "approve", "double")
    checkout.capture(checkout.authorise()["payment"])
    assert checkout.provider.deliver(connection) == ["applied"]
    assert checkout.money()[2:] == (60, 60, 0, 30)
    refund = checkout.one(APPROVED_REFUNDS)["refund"]
    assert checkout.step("refund", BEGIN_REFUND, refund)["error"] is None
    assert checkout.money()[2:] == (60, 60, 30, 0)
    assert connection.execute(VIOLATIONS).fetchall() == []


def test_a_refund_without_an_answer_is_paid_once(connection: psycopg.Connection[Any]) -> None:
    checkout = Checkout(connection, "approve", "double", "late")
    checkout.capture(checkout.authorise()["payment"])
    checkout.provider.deliver(connection)
    refund = checkout.one(APPROVED_REFUNDS)["refund"]
    assert checkout.step("refund", BEGIN_REFUND, refund)["error"] == "PAYMENT_FAILED"
    assert checkout.money()[2:] == (60, 60, 0, 30)
    assert checkout.step("refund", BEGIN_REFUND, refund)["error"] is None
    assert checkout.provider.deliver(connection) == ["ignored"]
    assert checkout.money()[2:] == (60, 60, 30, 0)


def test_the_last_refusal_ends_the_order(connection: psycopg.Connection[Any]) -> None:
    checkout = Checkout(connection, *["decline:lost_card"] * 5)
    answers = [checkout.authorise() for _ in range(5)]
    assert [row["can_retry"] for row in answers] == [True] * 4 + [False]
    assert checkout.money()[0] == "cancelled"
    available = "select available_stock from inventory.stock_totals where sku = 'MUG'"
    assert connection.execute(available).fetchone() == (100,)


def test_what_a_dead_worker_began_is_ended_by_another(connection: psycopg.Connection[Any]) -> None:
    """The provider has done it, nobody has recorded it, the order is gone: asked again, once."""
    checkout = Checkout(connection)
    payment = checkout.authorise()["payment"]
    claim = checkout.one(BEGIN_CAPTURE, payment)
    checkout.provider.ask("capture", str(claim["transaction"]), claim["amount"], "EUR")
    checkout.one(CANCEL, checkout.order)
    assert connection.execute(OVERDUE).fetchall() == []
    connection.execute(LATER)
    assert checkout.step("capture", OVERDUE_OF, payment)["transaction"] == str(claim["transaction"])
    assert checkout.money() == ("cancelled", "paid", 30, 30, 0, 30)
    assert connection.execute(VIOLATIONS).fetchall() == []
