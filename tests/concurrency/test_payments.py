"""Money that is moved at the same time: each movement is in the books once, and none twice."""

from __future__ import annotations

import random
import uuid
from decimal import Decimal
from typing import Any

import pytest
from harness import (
    BLOCKED_AT_STOCK,
    LONG,
    Connection,
    Job,
    Rows,
    all_end,
    ask,
    call,
    connected,
    done,
    keeper,
    no_deadlocks,
    start,
    stock,
    tally,
    team,
    tell,
    wait_until_blocked,
)
from psycopg import IsolationLevel
from psycopg.types.json import Jsonb
from shopping import (
    AUTHORIZE,
    BEGIN,
    BEGIN_CAPTURE,
    BEGIN_REFUND,
    BEGIN_VOID,
    CANCEL,
    CLEAN_PAYMENTS,
    DECIDE_REFUND,
    DECLINE,
    HEAR,
    ORDER,
    ORDERS,
    PAYMENTS,
    RECORD_CAPTURE,
    RECORD_REFUND,
    RECORD_VOID,
    REFUNDS,
    REQUEST_REFUND,
    SHIP,
    STEPS,
    SWEEP,
    TRY_EVENTS,
    begun,
    event,
    let_orders_lapse,
    order_of,
    ordered,
    place,
    sold,
    stock_up,
)

CLIENTS = 6
ROUNDS = 12 if LONG else 3
ANYBODY = "postgres"
IN_PROGRESS, TOO_MUCH, TOO_MUCH_BACK = "SHM05", "SHM08", "SHM30"
DISPUTE = "select * from payment.open_dispute(%s, %s, 'fraudulent', %s)"
RESOLVE = "select * from payment.resolve_dispute(%s, %s)"
HISTORY = """
select array_agg(h.to_status order by h.seq) as statuses
from orders.order_status_history as h
inner join orders.orders as o on o.order_id = h.order_id
where o.order_number = %s
"""
ATTEMPTS = """
update core.business_rules set value = %s where name = 'payment_attempts_max'
"""
# What came too early, and is understood now.
REPORT_LATER = """
insert into payment.provider_events (
    provider, event_id, kind, payload, status, reason, next_try_at
)
select
    'acme', 'late ' || t.transaction_id, 'authorization.approved',
    jsonb_build_object(
        'kind', 'authorization.approved', 'transaction', t.public_id,
        'provider_ref', 'late ' || t.transaction_id, 'amount', t.amount
    ),
    'waiting', 'too early', clock_timestamp() - interval '1 second'
from payment.payment_transactions as t
where t.status = 'pending' and t.kind = 'authorize' and mod(t.transaction_id, %s) = 0
"""
WAITING = """
insert into payment.provider_events (
    provider, event_id, kind, payload, status, reason, next_try_at
)
values ('acme', %s, %s, %s, 'waiting', 'too early', clock_timestamp() - interval '1 second')
"""
LOCK_STOCK = """
select
from inventory.stock_buckets as b
inner join product.variants as v on v.variant_id = b.variant_id
where v.sku = %s
for no key update of b
"""
CLAIM_STEPS = "select * from payment.claim_overdue_steps()"
LAPSE_STEPS = """
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second'
where claimed_until is not null
"""
LAPSE_AUTHORISATIONS = """
update payment.payments set auth_expires_at = clock_timestamp() - interval '1 second'
"""


def history(url: str, number: str) -> list[str]:
    return list(ask(url, HISTORY, number)[0].statuses)


def the_payment(url: str) -> Any:
    """Return the newest payment."""
    return ask(url, PAYMENTS)[-1]


def try_all_events(url: str) -> None:
    while ask(url, TRY_EVENTS):
        pass


def steps(url: str) -> dict[tuple[str, str], tuple[int, Decimal]]:
    return {(row.kind, row.status): (row.steps, row.amount) for row in ask(url, STEPS)}


def test_one_payment_waits_for_its_outcome(shop: str, isolation: IsolationLevel) -> None:
    """However many begin to pay: they all get one transaction, so the provider charges once."""
    stock_up(shop, {"A": 100})
    for number in range(ROUNDS):
        order = ordered(shop, {"A": 1})
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [call(BEGIN, order, None, f"{number} {n}") for n in range(CLIENTS)]
            )
        assert tally(outcomes) == {"done": CLIENTS}
        assert len({outcome.rows[0].transaction for outcome in outcomes}) == 1
    assert len(ask(shop, PAYMENTS)) == ROUNDS


def test_two_ways_to_pay(shop: str, isolation: IsolationLevel) -> None:
    """Of different attempts one goes ahead, the other is told to wait for its outcome."""
    stock_up(shop, {"A": 100})
    for _ in range(ROUNDS):
        order = ordered(shop, {"A": 1})
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [call(BEGIN, order, Decimal(amount), None) for amount in (5, 15)] * (CLIENTS // 2)
            )
        assert tally(outcomes) == {"done": CLIENTS // 2, IN_PROGRESS: CLIENTS // 2}


def test_webhook_against_the_answer(shop: str, isolation: IsolationLevel) -> None:
    """What the provider says in two ways, several times over, is one authorisation."""
    stock_up(shop, {"A": 100})
    for number in range(ROUNDS):
        order = ordered(shop, {"A": 1})
        step = begun(shop, order)
        heard = event("authorization.approved", step, f"ref {number}", amount=20, currency="GBP")
        jobs: list[Job] = [
            call(AUTHORIZE, step.transaction, "approved", f"ref {number}"),
            call(HEAR, "acme", f"event {number}", heard),
            call(HEAR, "acme", f"other event {number}", heard),
        ]
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(jobs * 2)
        assert tally(outcomes) == {"done": CLIENTS}
        assert history(shop, order) == ["pending", "confirmed"]
        assert the_payment(shop).authorized == 20
    assert steps(shop) == {("authorize", "succeeded"): (ROUNDS, 20 * ROUNDS)}


def test_one_reference_for_two_orders(shop: str, isolation: IsolationLevel) -> None:
    """What the provider calls a step pays for one order; the other is told whose it is."""
    stock_up(shop, {"A": 100})
    for number in range(2 * ROUNDS):
        transactions = [begun(shop, ordered(shop, {"A": 1})).transaction for _ in range(2)]
        jobs = [call(AUTHORIZE, each, "captured", f"ref {number}") for each in transactions]
        with no_deadlocks(shop), team(shop, 2, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(jobs)
        assert tally(outcomes) == {"done": 1, "SHM10": 1}
    assert steps(shop)["capture", "succeeded"] == (2 * ROUNDS, 40 * ROUNDS)


def test_what_contradicts_itself(shop: str, isolation: IsolationLevel) -> None:
    """Approved and declined at once: money that is there counts, whichever came first."""
    stock_up(shop, {"A": 100})
    for number in range(ROUNDS):
        order = ordered(shop, {"A": 1})
        step = begun(shop, order)
        declined = event("authorization.declined", step, f"ref {number}", error_code="no_funds")
        jobs: list[Job] = [
            call(AUTHORIZE, step.transaction, "approved", f"ref {number}"),
            call(DECLINE, step.transaction, False),
            call(HEAR, "acme", f"event {number}", declined),
        ]
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(jobs * 2)
        assert set(tally(outcomes)) <= {"done", "SHM09"}
        assert order_of(shop, order).status == "confirmed"
        assert the_payment(shop).authorized == 20


def test_a_final_failure_ends_the_order_once(shop: str, isolation: IsolationLevel) -> None:
    stock_up(shop, {"A": 100})
    for _ in range(ROUNDS):
        order = ordered(shop, {"A": 3})
        step = begun(shop, order)
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race([call(DECLINE, step.transaction, True)] * CLIENTS)
        assert tally(outcomes) == {"done": CLIENTS}
        assert {outcome.rows[0].error for outcome in outcomes} == {"PAYMENT_FAILED"}
        assert history(shop, order) == ["pending", "cancelled"]
        assert stock(shop, "A").available_stock == 100


def test_the_last_attempt(own_shop: str, isolation: IsolationLevel) -> None:
    """Attempts are counted under the order's lock: one too many is never made."""
    stock_up(own_shop, {"A": 100})
    tell(own_shop, ATTEMPTS, 2)
    for _ in range(ROUNDS):
        order = ordered(own_shop, {"A": 1})
        for attempt in range(2):
            with no_deadlocks(own_shop), team(own_shop, 4, isolation, role=ANYBODY) as clients:
                begin = clients.race([call(BEGIN, order, None, None)] * 4)
                transactions = {outcome.rows[0].transaction for outcome in begin}
                assert len(transactions) == 1
                clients.race([call(DECLINE, transactions.pop(), False)] * 4)
            assert order_of(own_shop, order).status == ("cancelled" if attempt else "pending")
        assert stock(own_shop, "A").available_stock == 100


def test_two_captures(shop: str, isolation: IsolationLevel) -> None:
    """A capture that waits for its outcome has claimed its money."""
    stock_up(shop, {"A": 100})
    for _ in range(ROUNDS):
        _, payment = sold(shop, {"A": 1})
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [call(BEGIN_CAPTURE, payment.payment, Decimal(n), None) for n in (15, 12)]
                * (CLIENTS // 2)
            )
            assert tally(outcomes) == {"done": CLIENTS // 2, IN_PROGRESS: CLIENTS // 2}
            step = done(outcomes)[0].rows[0]
            recorded = clients.race(
                [call(RECORD_CAPTURE, step.transaction, "succeeded", f"c {step.transaction}", None)]
                * CLIENTS
            )
        assert tally(recorded) == {"done": CLIENTS}
        assert the_payment(shop).captured == step.amount
        assert the_payment(shop).status == "partially_captured"
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            rest = clients.race([call(BEGIN_CAPTURE, payment.payment, Decimal(15), None)] * 6)
        assert tally(rest) == {TOO_MUCH: CLIENTS}


def test_capture_against_void(shop: str, isolation: IsolationLevel) -> None:
    """As the order is cancelled: its money is captured, and goes back, or is given up; not both."""
    stock_up(shop, {"A": 100})
    for _ in range(ROUNDS):
        order, payment = sold(shop, {"A": 1})
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [
                    call(BEGIN_CAPTURE, payment.payment, None, None),
                    call(CANCEL, order, None, None),
                    call(BEGIN_VOID, payment.payment, None),
                ]
                * 2
            )
        assert set(tally(outcomes)) <= {"done", TOO_MUCH, "SHM04"}, outcomes
        assert outcomes[1].is_done
        captures, voids = done(outcomes[::3]), done(outcomes[2::3])
        assert not (captures and voids)


def capture_and_then_void(url: str) -> None:
    order, payment = sold(url, {"A": 1})
    step = ask(url, BEGIN_CAPTURE, payment.payment, None, None)[0]
    ask(url, CANCEL, order, None, None)
    with team(url, 1, role=ANYBODY) as clients:
        (outcome,) = clients.race([call(BEGIN_VOID, payment.payment, None)])
    assert outcome.sqlstate == TOO_MUCH
    ask(url, RECORD_CAPTURE, step.transaction, "succeeded", f"c {step.transaction}", None)
    assert the_payment(url).refund_pending == 20


def test_what_is_being_captured_is_not_given_up(shop: str) -> None:
    """A cancelled order waits for the capture that is under way, and then gives the money back."""
    stock_up(shop, {"A": 100})
    capture_and_then_void(shop)


def test_captured_twice(shop: str, isolation: IsolationLevel) -> None:
    """What was captured twice at the provider goes back by itself, and only once."""
    stock_up(shop, {"A": 100})
    for number in range(ROUNDS):
        order, payment = sold(shop, {"A": 1})
        step = ask(shop, BEGIN_CAPTURE, payment.payment, None, None)[0]
        again = event("capture.succeeded", step, f"second {number}", amount=20, currency="GBP")
        jobs: list[Job] = [
            call(RECORD_CAPTURE, step.transaction, "succeeded", f"first {number}", None),
            call(HEAR, "acme", f"event {number}", again),
        ]
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(jobs * (CLIENTS // 2))
        assert tally(outcomes) == {"done": CLIENTS}
        now = the_payment(shop)
        assert (now.captured, now.surplus, now.refund_pending) == (40, 20, 20)
        assert order_of(shop, order).payment_status == "paid"
    assert [row.reason_code for row in ask(shop, REFUNDS)] == ["surplus"] * ROUNDS


def test_two_refunds_and_a_dispute(shop: str, isolation: IsolationLevel) -> None:
    """They meet at the payment: together they never come to more than was captured."""
    stock_up(shop, {"A": 100})
    for number in range(ROUNDS):
        order, payment = sold(shop, {"A": 5}, "captured")
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [
                    call(REQUEST_REFUND, order, Decimal(60), f"{number} first"),
                    call(REQUEST_REFUND, order, Decimal(60), f"{number} second"),
                    call(DISPUTE, payment.payment, f"dispute {number}", Decimal(100)),
                ]
                * 2
            )
        assert set(tally(outcomes)) <= {"done", TOO_MUCH_BACK}
        assert outcomes[2].is_done
        now = the_payment(shop)
        # The bank has its money already; a refund that no provider was asked for is given up.
        assert (now.charged_back, now.refund_pending, now.refunded) == (100, 0, 0)
        assert order_of(shop, order).payment_status == "disputed"
        dispute = done(outcomes[2:3])[0].rows[0]
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            jobs = [
                call(RESOLVE, dispute.dispute, "won"),
                call(REQUEST_REFUND, order, Decimal(60), f"{number} third"),
                call(REQUEST_REFUND, order, Decimal(60), f"{number} fourth"),
            ]
            outcomes = clients.race(jobs * 2)
        assert outcomes[0].is_done
        now = the_payment(shop)
        assert now.charged_back == 0
        assert now.refund_pending in (0, 60)


def test_two_disputes_of_the_same_money(shop: str, isolation: IsolationLevel) -> None:
    """What the first one gives back the second one takes, and the order says so."""
    stock_up(shop, {"A": 100})
    for number in range(ROUNDS):
        order, payment = sold(shop, {"A": 1}, "captured")
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            opened = clients.race(
                [call(DISPUTE, payment.payment, f"{number} {n % 2}", None) for n in range(CLIENTS)]
            )
            assert tally(opened) == {"done": CLIENTS}
            first = max((outcome.rows[0] for outcome in opened), key=lambda row: row.counted)
            won = clients.race([call(RESOLVE, first.dispute, "won")] * CLIENTS)
            assert tally(won) == {"done": CLIENTS}
        assert the_payment(shop).charged_back == 20
        assert order_of(shop, order).payment_status == "disputed"


def test_one_dispute_for_two_orders(shop: str, isolation: IsolationLevel) -> None:
    """A dispute is of one order's payment; who reports it of another one is told whose it is."""
    stock_up(shop, {"A": 100})
    for number in range(2 * ROUNDS):
        payments = [sold(shop, {"A": 1}, "captured")[1].payment for _ in range(2)]
        jobs = [call(DISPUTE, each, f"dispute {number}", None) for each in payments]
        with no_deadlocks(shop), team(shop, 2, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(jobs)
        assert tally(outcomes) == {"done": 1, "SHM10": 1}


def test_refunds_of_the_same_money(shop: str, isolation: IsolationLevel) -> None:
    stock_up(shop, {"A": 100})
    for number in range(ROUNDS):
        order, _ = sold(shop, {"A": 5}, "captured")
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [call(REQUEST_REFUND, order, Decimal(40), f"{number} {n}") for n in range(CLIENTS)]
            )
        assert tally(outcomes) == {"done": 2, TOO_MUCH_BACK: CLIENTS - 2}
        assert the_payment(shop).refund_pending == 80


def test_a_refund_is_paid_once(shop: str, isolation: IsolationLevel) -> None:
    """Approved, begun and answered by everybody at once: one step, one amount."""
    stock_up(shop, {"A": 100})
    for number in range(ROUNDS):
        order, _ = sold(shop, {"A": 1}, "captured")
        refund = ask(shop, REQUEST_REFUND, order, Decimal(15), None)[0].refund
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            decided = clients.race([call(DECIDE_REFUND, refund, "approved")] * CLIENTS)
            assert tally(decided) == {"done": CLIENTS}
            begin = clients.race([call(BEGIN_REFUND, refund, f"worker {number}")] * CLIENTS)
            assert tally(begin) == {"done": CLIENTS}
            transactions = {outcome.rows[0].transaction for outcome in begin}
            assert len(transactions) == 1
            job = call(RECORD_REFUND, transactions.pop(), "succeeded", f"refund {number}")
            assert tally(clients.race([job] * CLIENTS)) == {"done": CLIENTS}
        assert the_payment(shop).refunded == 15
    assert steps(shop)["refund", "succeeded"] == (ROUNDS, 15 * ROUNDS)


def test_one_refund_asked_for_many_times(shop: str, isolation: IsolationLevel) -> None:
    stock_up(shop, {"A": 100})
    for number in range(ROUNDS):
        order, _ = sold(shop, {"A": 1}, "captured")
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [call(REQUEST_REFUND, order, Decimal(4), f"refund {number}")] * CLIENTS
            )
            other = clients.race(
                [call(REQUEST_REFUND, order, Decimal(5), f"refund {number}")] * CLIENTS
            )
        assert tally(outcomes) == {"done": CLIENTS}
        assert all(outcome.rows == outcomes[0].rows for outcome in outcomes)
        assert tally(other) == {"SHC01": CLIENTS}
        assert the_payment(shop).refund_pending == 4


def test_a_refund_is_decided_one_way(shop: str, isolation: IsolationLevel) -> None:
    stock_up(shop, {"A": 100})
    for _ in range(ROUNDS):
        order, _ = sold(shop, {"A": 1}, "captured")
        refund = ask(shop, REQUEST_REFUND, order, Decimal(15), None)[0].refund
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [call(DECIDE_REFUND, refund, how) for how in ("approved", "cancelled")]
                * (CLIENTS // 2)
            )
        assert set(tally(outcomes)) <= {"done", "SHO30"}
        assert (
            the_payment(shop).refund_pending
            == {"approved": 15, "cancelled": 0}[ask(shop, REFUNDS)[-1].status]
        )


def test_late_money_for_a_cancelled_order(shop: str, isolation: IsolationLevel) -> None:
    """Cancelled as it is paid: the stock comes back once, and so does the money."""
    stock_up(shop, {"A": 100})
    for number in range(ROUNDS):
        order = ordered(shop, {"A": 3})
        step = begun(shop, order)
        jobs: list[Job] = [
            call(AUTHORIZE, step.transaction, "captured", f"ref {number}"),
            call(CANCEL, order, None, None),
        ]
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(jobs * (CLIENTS // 2))
        assert tally(outcomes) == {"done": CLIENTS}
        assert order_of(shop, order).status == "cancelled"
        assert the_payment(shop).refund_pending == 60
        assert stock(shop, "A").available_stock == 100
    assert len(ask(shop, REFUNDS)) == ROUNDS


def test_authorisations_that_end(shop: str, isolation: IsolationLevel) -> None:
    """An authorisation that ends while it is captured: what was captured stays captured."""
    stock_up(shop, {"A": 100})
    for number in range(ROUNDS):
        _, payment = sold(shop, {"A": 1})
        step = ask(shop, BEGIN_CAPTURE, payment.payment, None, None)[0]
        tell(shop, LAPSE_AUTHORISATIONS)
        jobs: list[Job] = [
            call(CLEAN_PAYMENTS),
            call(RECORD_CAPTURE, step.transaction, "succeeded", f"capture {number}", None),
        ]
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(jobs * (CLIENTS // 2))
        assert tally(outcomes) == {"done": CLIENTS}
        assert the_payment(shop).captured == 20
        assert the_payment(shop).refund_pending == 0


def story(step: Any, capture: Any, number: int) -> list[tuple[str, Any]]:
    """What a provider reports of one payment, from beginning to end."""
    return [
        (f"{number} a", event("authorization.approved", step, f"a {number}", amount=20)),
        (f"{number} c", event("capture.succeeded", capture, f"c {number}", amount=12)),
        (f"{number} d", event("capture.succeeded", capture, f"d {number}", amount=8)),
        (f"{number} s", event("settlement.succeeded", step, f"s {number}", amount=20, fee="0.50")),
    ]


def test_any_order_of_deliveries(shop: str, isolation: IsolationLevel, rng: random.Random) -> None:
    """Late, repeated, out of order and all at once: the books end up the same."""
    stock_up(shop, {"A": 100})
    for number in range(ROUNDS):
        order = ordered(shop, {"A": 1})
        step = begun(shop, order)
        deliveries = story(step, step, number) * 2
        rng.shuffle(deliveries)
        jobs = [call(HEAR, "acme", name, heard) for name, heard in deliveries]
        with no_deadlocks(shop), team(shop, len(jobs), isolation, role=ANYBODY) as clients:
            outcomes = clients.race(jobs)
        assert tally(outcomes) == {"done": len(jobs)}
        tell(
            shop,
            "update payment.provider_events set next_try_at = clock_timestamp() "
            "where status = 'waiting'",
        )
        try_all_events(shop)
        now = the_payment(shop)
        assert (now.authorized, now.captured, now.settled, now.fees, now.status) == (
            20, 20, 20, Decimal("0.5"), "settled",
        )  # fmt: skip
        assert history(shop, order) == ["pending", "confirmed"]
    assert {row.status for row in ask(shop, "select status from payment.provider_events")} == {
        "applied"
    }


def test_batches_beside_live_traffic(shop: str, isolation: IsolationLevel) -> None:
    """Late money for many overdue orders, sweepers and buyers: none of them waits in a circle."""
    stock_up(shop, {"A": 60, "B": 60}, 2)
    for number in range(ROUNDS):
        for n in range(8):
            begun(shop, ordered(shop, {"AB"[n % 2]: 3, "BA"[n % 2]: 2}, f"session:{number}-{n}"))
        let_orders_lapse(shop)
        tell(shop, REPORT_LATER, 2)
        jobs: list[Job] = [
            *[call(TRY_EVENTS), call(SWEEP)] * 2,
            *[place({"B": 2, "A": 1}, "session:b"), place({"A": 2, "B": 1}, "session:a")],
            call(CLEAN_PAYMENTS),
        ]
        with no_deadlocks(shop), team(shop, len(jobs), isolation, role=ANYBODY) as clients:
            outcomes = clients.race(jobs)
        assert set(tally(outcomes)) <= {"done", "SHI01"}, outcomes
        try_all_events(shop)
        ask(shop, SWEEP)
        for row in ask(shop, ORDERS):
            if row.status in ("pending", "confirmed"):
                ask(shop, CANCEL, row.order_number, None, None)
    assert {stock(shop, sku).available_stock for sku in "AB"} == {60}


def test_late_money_for_several_orders(shop: str) -> None:
    """The job that finds stock anew for one order has none locked when it comes to the next one.

    A buyer waits for A and will go on to B. The events come in the other order.
    """
    stock_up(shop, {"A": 60, "B": 60})
    for sku in "BA":
        begun(shop, ordered(shop, {sku: 3}, f"session:{sku}"))
    let_orders_lapse(shop)
    ask(shop, SWEEP)
    tell(shop, REPORT_LATER, 1)

    def try_events(connection: Connection) -> Rows:
        return [row for _ in range(3) for row in call(TRY_EVENTS)(connection)]

    with (
        no_deadlocks(shop),
        keeper(shop) as observer,
        connected(shop, 3, role=ANYBODY) as (holder, buyer, worker),
    ):
        with holder.transaction():
            holder.execute(LOCK_STOCK, ["A"])
            buying = start(buyer, place({"A": 1, "B": 1}, "session:c"))
            wait_until_blocked(observer, buying, holder, BLOCKED_AT_STOCK)
            working = start(worker, try_events)
            wait_until_blocked(observer, working, query=BLOCKED_AT_STOCK)
        outcomes = all_end([buying, working])
    assert tally(outcomes) == {"done": 2}
    assert [row.status for row in outcomes[1].rows] == ["applied", "applied"]
    assert [row.status for row in ask(shop, ORDERS)] == ["confirmed", "confirmed", "pending"]
    assert [stock(shop, sku).available_stock for sku in "AB"] == [56, 56]


def test_events_of_an_order_in_use(shop: str) -> None:
    """The job leaves them for later, by whatever key they name the order: nobody is waited for."""
    stock_up(shop, {"A": 60})
    order, payment = sold(shop, {"A": 1}, "captured")
    ask(shop, DISPUTE, payment.payment, "dispute", Decimal(5))
    refund = ask(shop, REQUEST_REFUND, order, Decimal(4), None)[0].refund
    ask(shop, DECIDE_REFUND, refund, "approved")
    step = ask(shop, BEGIN_REFUND, refund, None)[0]
    ask(shop, RECORD_REFUND, step.transaction, "succeeded", "refund")
    for heard in (
        {"kind": "dispute.won", "dispute": "dispute"},
        {"kind": "refund.reversed", "original_ref": "refund", "provider_ref": "reversal"},
        {"kind": "settlement.succeeded", "payment": str(payment.payment), "provider_ref": "s",
         "amount": 20},
    ):  # fmt: skip
        tell(shop, WAITING, heard["kind"], heard["kind"], Jsonb(heard))
    with connected(shop, 2, role=ANYBODY) as (holder, worker):
        with holder.transaction():
            holder.execute(f"{ORDER} for no key update".encode(), [order])
            assert call(TRY_EVENTS)(worker) == []
        assert [row.status for row in call(TRY_EVENTS)(worker)] == ["applied"] * 3


def test_workers_share_what_is_overdue(shop: str, isolation: IsolationLevel) -> None:
    """Each step that nobody has ended goes to one worker, with the key that it has had before."""
    stock_up(shop, {"A": 100})
    begun_steps = set()
    for number in range(4):
        order, payment = sold(shop, {"A": 1})
        step = ask(shop, BEGIN_CAPTURE, payment.payment, None, None)[0]
        begun_steps.add(step.transaction)
        if number % 2:
            ask(shop, CANCEL, order, None, None)
    tell(shop, LAPSE_STEPS)
    with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
        outcomes = clients.race([call(CLAIM_STEPS)] * CLIENTS)
        claimed = [row.transaction for outcome in outcomes for row in outcome.rows]
        claimed += [row.transaction for row in ask(shop, CLAIM_STEPS)]
        assert sorted(claimed) == sorted(begun_steps)
        jobs = [
            call(RECORD_CAPTURE, transaction, "succeeded", f"c {transaction}", None)
            for transaction in claimed
        ]
        assert tally(clients.race(jobs)) == {"done": 4}
    assert steps(shop)["capture", "succeeded"] == (4, 80)
    assert sum(row.refund_pending for row in ask(shop, PAYMENTS)) == 40


def test_an_event_counts_once(shop: str, isolation: IsolationLevel) -> None:
    stock_up(shop, {"A": 100})
    order, payment = sold(shop, {"A": 1}, "captured")
    heard = event(
        "settlement.succeeded",
        payment,
        "settled",
        amount=20,
        fee="0.30",
    )
    with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
        outcomes = clients.race([call(HEAR, "acme", "one", heard)] * CLIENTS)
    assert tally(outcomes) == {"done": CLIENTS}
    now = the_payment(shop)
    assert (now.settled, now.fees) == (20, Decimal("0.3"))
    assert order_of(shop, order).payment_status == "paid"


def test_everything_at_once(shop: str, rng: random.Random) -> None:
    """Whatever is said of one payment at the same time, the books balance."""
    stock_up(shop, {"A": 1000})
    allowed = {"done", "SHM04", IN_PROGRESS, "SHM07", TOO_MUCH, "SHM09", TOO_MUCH_BACK}
    # A dispute of what is not captured yet is no argument.
    allowed |= {"SHO30", "SHO31", "SHO33", "22023"}
    for number in range(5 * ROUNDS):
        order, payment = sold(shop, {"A": 2})
        captured = ask(shop, BEGIN_CAPTURE, payment.payment, Decimal(30), None)[0]
        jobs: list[Job] = [
            call(RECORD_CAPTURE, captured.transaction, "succeeded", f"c {number}", None),
            call(RECORD_CAPTURE, captured.transaction, "succeeded", f"e {number}", None),
            call(REQUEST_REFUND, order, Decimal(20), None),
            call(REQUEST_REFUND, order, None, None),
            call(DISPUTE, payment.payment, f"dispute {number}", Decimal(25)),
            call(CANCEL, order, None, None),
            call(SHIP, order, None, None),
            call(BEGIN_VOID, payment.payment, None),
            call(CLEAN_PAYMENTS),
            call(HEAR, "acme", f"{uuid.uuid4()}", event(
                "authorization.expired", payment, f"x {number}"
            )),
        ]  # fmt: skip
        rng.shuffle(jobs)
        with no_deadlocks(shop), team(shop, len(jobs), role=ANYBODY) as clients:
            outcomes = clients.race(jobs)
        unexpected = set(tally(outcomes)) - allowed
        assert not unexpected, [o for o in outcomes if o.sqlstate in unexpected]


def test_a_void_that_was_asked_for(shop: str, isolation: IsolationLevel) -> None:
    """The workers that take it up share one step; the money is let go once."""
    stock_up(shop, {"A": 100})
    for number in range(ROUNDS):
        order, payment = sold(shop, {"A": 1})
        ask(shop, CANCEL, order, None, None)
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            begin = clients.race([call(BEGIN_VOID, payment.payment, None)] * CLIENTS)
            assert tally(begin) == {"done": CLIENTS}
            (transaction,) = {outcome.rows[0].transaction for outcome in begin}
            job = call(RECORD_VOID, transaction, f"void {number}")
            assert tally(clients.race([job] * CLIENTS)) == {"done": CLIENTS}
        assert (the_payment(shop).authorized, the_payment(shop).status) == (0, "voided")


@pytest.mark.parametrize("amount", [Decimal("5.00"), Decimal("20.00")])
def test_paid_in_parts(shop: str, isolation: IsolationLevel, amount: Decimal) -> None:
    """Parts that are begun and authorised at once never come to more than the order costs."""
    stock_up(shop, {"A": 100})
    order = ordered(shop, {"A": 1})
    for number in range(int(20 / amount)):
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            begin = clients.race([call(BEGIN, order, amount, None)] * CLIENTS)
            (transaction,) = {outcome.rows[0].transaction for outcome in begin}
            job = call(AUTHORIZE, transaction, "approved", f"part {number}")
            assert tally(clients.race([job] * CLIENTS)) == {"done": CLIENTS}
    assert order_of(shop, order).status == "confirmed"
    with team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
        assert tally(clients.race([call(BEGIN, order, amount, None)] * CLIENTS)) == {
            "SHM07": CLIENTS
        }
