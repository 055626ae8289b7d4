"""The races of orders and payments notice: each of these breaks one promise, and a test fails."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from harness import READ_COMMITTED, check, keeper
from psycopg import IsolationLevel
from shopping import stock_up
from test_checkout import (
    cancelled_while_it_is_sent,
    late_money_of_a_buyer,
    units_of_one_user_one_after_the_other,
)
from test_checkout import (
    test_a_part_is_cancelled_and_the_rest_covered_without_its_stock as part_without_stock,
)
from test_checkout import (
    test_a_payment_that_is_under_way_keeps_its_order as payment_under_way,
)
from test_checkout import test_an_overdue_order_makes_room as overdue_makes_room
from test_checkout import test_cancel_against_ship as cancel_against_ship
from test_checkout import (
    test_overdue_orders_that_are_covered_without_their_stock as covered_without_stock,
)
from test_mutations import DEFINITION, Mutation
from test_payments import capture_and_then_void
from test_payments import test_any_order_of_deliveries as any_order_of_deliveries
from test_payments import test_captured_twice as captured_twice
from test_payments import test_refunds_of_the_same_money as refunds_of_the_same_money
from test_payments import test_webhook_against_the_answer as webhook_against_the_answer

Race = Callable[[str, IsolationLevel], None]


def race(scene: Race) -> Callable[[str], None]:
    def run(url: str) -> None:
        scene(url, READ_COMMITTED)
        check(url)

    return run


def capture_and_void(url: str) -> None:
    stock_up(url, {"A": 100})
    capture_and_then_void(url)


def paid_in_part(url: str) -> None:
    any_order_of_deliveries(url, READ_COMMITTED, random.Random(1))
    check(url)


MUTATIONS = {
    "an order that is not locked is sent and cancelled": Mutation(
        "orders.lock_order", "for no key update", "", cancelled_while_it_is_sent
    ),
    "a cap that does not see who is ordering now": Mutation(
        "orders.find_customer",
        "if p_is_locked then",
        "if false then",
        units_of_one_user_one_after_the_other,
    ),
    "a cap that late money does not know": Mutation(
        "orders.fits_unit_limits",
        """for no key update skip locked;
    if not found then
        return false;
    end if;
    perform account.lock_user((p_order).user_id);""",
        ";",
        late_money_of_a_buyer,
    ),
    "an order that expires while it is paid": Mutation(
        "orders.cleanup_expired_orders",
        "if v_until > v_now then",
        "if false then",
        race(payment_under_way),
    ),
    "a new order that first gives back what an old one holds": Mutation(
        "orders.free_pending_slots",
        "perform inventory.let_holds_lapse(v_freed)",
        """
        perform inventory.credit_reservations('expire', inventory.close_order_holds(
            f.order_id,
            array(select i.variant_id from orders.order_items as i where i.order_id = f.order_id),
            'expired'
        ))
        from unnest(v_freed) as f (order_id)""",
        overdue_makes_room,
    ),
    "a sweeper that reserves for one order after the other": Mutation(
        "orders.cleanup_expired_orders",
        "exit when v_position > v_due and error is null;",
        "",
        covered_without_stock,
    ),
    "a cancellation that gives stock back and then takes some": Mutation(
        "orders.cancel_units",
        "orders.record_money(v_order.order_id, false)",
        "orders.record_money(v_order.order_id)",
        part_without_stock,
    ),
    "a move without its event": Mutation(
        "orders.change_status",
        "array[v_order.status_seq::bigint]",
        "array[v_order.status_seq + 1::bigint]",
        race(cancel_against_ship),
    ),
    "what is being captured is given up": Mutation(
        "payment.uncaptured",
        "t.status in ('pending', 'timed_out')",
        "false",
        capture_and_void,
    ),
    "what was heard twice is booked twice": Mutation(
        "payment.find_booked",
        "t.status = 'succeeded'",
        "false",
        race(webhook_against_the_answer),
    ),
    "what was captured twice is kept": Mutation(
        "payment.settle_order",
        "perform payment.adjust_to_due(p_order_id, p_reason);",
        "",
        race(captured_twice),
    ),
    "refunds on their way do not count": Mutation(
        "payment.refundable", "- p_payment.refund_pending", "", race(refunds_of_the_same_money)
    ),
    "an event that came too early is forgotten": Mutation(
        "payment.try_event", "status = v_status,", "status = 'ignored',", paid_in_part
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_is_noticed(own_shop: str, name: str) -> None:
    mutation = MUTATIONS[name]
    with keeper(own_shop) as connection:
        (row,) = connection.execute(DEFINITION, [mutation.function]).fetchall()
        assert mutation.old in row.definition, f"{mutation.function} has changed"
        connection.execute(row.definition.replace(mutation.old, mutation.new).encode())
    with pytest.raises(AssertionError) as noticed:
        mutation.scene(own_shop)
    print(noticed.value)
