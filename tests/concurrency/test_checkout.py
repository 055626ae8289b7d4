"""Orders that are placed, ended and sent at once: each thing happens once, or not at all."""

from __future__ import annotations

from concurrent.futures import wait

import pytest
from harness import (
    BLOCKED_BY,
    EXTEND,
    LONG,
    NAP,
    READ_COMMITTED,
    RELEASE,
    RESERVE,
    Connection,
    Job,
    Waiting,
    all_end,
    ask,
    call,
    check,
    connected,
    done,
    items,
    keeper,
    no_deadlocks,
    reserve,
    start,
    stock,
    tally,
    team,
    tell,
    wait_until_blocked,
)
from psycopg import IsolationLevel
from shopping import (
    ADD,
    ASK_BACK,
    AUTHORIZE,
    BEGIN,
    CANCEL,
    COMPLETE,
    DECIDE_RETURN,
    DELIVER,
    DETAILS,
    HOLD,
    LIMIT,
    ORDERS,
    PACK,
    PRICE,
    PROCESS,
    RECEIVE_RETURN,
    SHIP,
    SHIP_PARCEL,
    SWEEP,
    begun,
    let_orders_lapse,
    order_of,
    ordered,
    place,
    place_cart,
    register,
    sold,
    stock_up,
)

CLIENTS = 6
ROUNDS = 12 if LONG else 3
ANYBODY = "postgres"
SHORT, OF_AN_ORDER, ILLEGAL, MANY = "SHI01", "SHI28", "SHO30", "SHO06"
TOO_MANY_UNITS = "SHO07"
PENDING = "select count(*)::integer as orders from orders.orders where status = 'pending'"
LINES = """
select i.order_id, jsonb_object_agg(i.sku, i.quantity) as quantities
from orders.order_items as i
group by i.order_id
order by i.order_id
"""
HISTORY = """
select array_agg(h.to_status order by h.seq) as statuses
from orders.order_status_history as h
inner join orders.orders as o on o.order_id = h.order_id
where o.order_number = %s
"""
LINE = """
select i.qty_cancelled, i.qty_shipped, i.qty_delivered, i.qty_return_requested
from orders.order_items as i
inner join orders.orders as o on o.order_id = i.order_id
where o.order_number = %s
"""
PARCELS = "select * from orders.order_fulfillment order by order_id, fulfillment_no"
LOCK_ORDER = "select from orders.orders where order_number = %s for update"
LOCK_BUCKET = """
select
from inventory.stock_buckets as b
inner join product.variants as v on v.variant_id = b.variant_id
where v.sku = %s
for update of b
"""
NO_LEAST_TOTAL = "update core.business_rules set is_enabled = false where name = 'order_total_min'"


def history(url: str, number: str) -> list[str]:
    return list(ask(url, HISTORY, number)[0].statuses)


@pytest.mark.parametrize("owner", ["session:s", "user"])
def test_checkouts_of_one_cart(shop: str, isolation: IsolationLevel, owner: str) -> None:
    """Whoever is first gets the order; for all others there is no cart any more."""
    stock_up(shop, {"A": 1000, "B": 1000})
    owner = register(shop) if owner == "user" else owner
    for number in range(ROUNDS):
        ask(shop, ADD, owner, "A", 2, None)
        ask(shop, ADD, owner, "B", 1, None)
        if number % 2:
            ask(shop, HOLD, owner)
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race([place_cart(owner, f"{number} {n}") for n in range(CLIENTS)])
        assert tally(outcomes) == {"done": 1, "SHK01": CLIENTS - 1}
    assert [row.quantities for row in ask(shop, LINES)] == [{"A": 2, "B": 1}] * ROUNDS
    assert stock(shop, "A").reserved_quantity == 2 * ROUNDS


def test_one_checkout_sent_many_times(shop: str, isolation: IsolationLevel) -> None:
    """With one key there is one order, and everybody is told of it."""
    stock_up(shop, {"A": 1000})
    user = register(shop)
    for number in range(ROUNDS):
        ask(shop, ADD, "session:s", "A", 2, None)
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race([place_cart("session:s", f"cart {number}")] * CLIENTS)
            assert tally(outcomes) == {"done": CLIENTS}
            assert len({outcome.rows[0].order_number for outcome in outcomes}) == 1
            outcomes = clients.race([place({"A": 1}, user, f"items {number}")] * CLIENTS)
            assert tally(outcomes) == {"done": CLIENTS}
            assert len({outcome.rows[0].order_number for outcome in outcomes}) == 1
    assert len(ask(shop, ORDERS)) == 2 * ROUNDS


def test_a_cart_that_is_edited_while_it_is_ordered(shop: str, isolation: IsolationLevel) -> None:
    """What is added is in the order, or in the next cart: never in neither, nor in both."""
    stock_up(shop, {"A": 1000, "B": 1000})
    for _ in range(ROUNDS):
        ask(shop, ADD, "session:s", "A", 1, None)
        with no_deadlocks(shop), team(shop, 4, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [place_cart("session:s"), *[call(ADD, "session:s", "B", 1, None)] * 3]
            )
        assert tally(outcomes) == {"done": 4}
    in_orders = sum(row.quantities.get("B", 0) for row in ask(shop, LINES))
    in_carts = ask(
        shop,
        """
        select coalesce(sum(i.quantity), 0)::integer as units
        from cart.carts as c
        inner join cart.cart_items as i on i.cart_id = c.cart_id
        inner join product.variants as v on v.variant_id = i.variant_id
        where c.status = 'active' and v.sku = 'B'
        """,
    )[0].units
    assert in_orders + in_carts == 3 * ROUNDS


def test_the_version_that_the_customer_saw(shop: str, isolation: IsolationLevel) -> None:
    stock_up(shop, {"A": 1000})
    for _ in range(ROUNDS):
        version = ask(shop, ADD, "session:s", "A", 1, None)[0].version
        with no_deadlocks(shop), team(shop, 2, isolation, role=ANYBODY) as clients:
            bought, added = clients.race(
                [
                    place_cart("session:s", version=version),
                    call(ADD, "session:s", "A", 1, None),
                ]
            )
        assert added.is_done
        assert bought.sqlstate in ("done", "SHC02")
    assert all(row.quantities["A"] % 2 for row in ask(shop, LINES) if row.quantities["A"] == 1)


@pytest.mark.parametrize("buckets", [1, 3])
def test_the_last_unit(shop: str, isolation: IsolationLevel, buckets: int) -> None:
    for number in range(ROUNDS):
        stock_up(shop, {f"L{number}": 1}, buckets)
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [place({f"L{number}": 1}, f"session:{n}") for n in range(CLIENTS)]
            )
        assert tally(outcomes) == {"done": 1, SHORT: CLIENTS - 1}
    assert len(ask(shop, ORDERS)) == ROUNDS


def test_the_last_unit_is_his_who_holds_it(shop: str, isolation: IsolationLevel) -> None:
    """Holds of the cart become those of the order; nobody gets in between."""
    for number in range(ROUNDS):
        stock_up(shop, {f"L{number}": 2})
        ask(shop, ADD, "session:s", f"L{number}", 2, None)
        ask(shop, HOLD, "session:s")
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [
                    place_cart("session:s"),
                    *[place({f"L{number}": 1}, f"session:{n}") for n in range(CLIENTS - 1)],
                ]
            )
        assert outcomes[0].is_done
        assert tally(outcomes) == {"done": 1, SHORT: CLIENTS - 1}


def test_holds_that_become_an_order(shop: str, isolation: IsolationLevel) -> None:
    """A handle from before the checkout opens nothing that belongs to the order."""
    stock_up(shop, {"A": 1000})
    for number in range(ROUNDS):
        ask(shop, ADD, "session:s", "A", 2, None)
        handles = [row.reservation for row in ask(shop, HOLD, "session:s")]
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [
                    place_cart("session:s", f"cart {number}"),
                    call(RELEASE, handles, None),
                    call(EXTEND, handles, None),
                    call(RELEASE, handles, None),
                ]
            )
        # What was released first is reserved anew.
        assert outcomes[0].is_done
        assert set(tally(outcomes)) <= {"done", "SHI05", OF_AN_ORDER}
        assert order_of(shop, outcomes[0].rows[0].order_number).status == "pending"
        assert stock(shop, "A").reserved_quantity == 2 * (number + 1)


def test_what_an_order_lacks_is_held_once(shop: str, isolation: IsolationLevel) -> None:
    """It was due, others had its stock, and gave it back: nobody holds it for the order twice."""
    stock_up(shop, {"A": 12})
    for number in range(ROUNDS):
        order = ordered(shop, {"A": 2})
        step = begun(shop, order)
        let_orders_lapse(shop)
        other = ordered(shop, {"A": 12})
        ask(shop, CANCEL, other, None, None)
        owner = f"order:{order_of(shop, order).order_id}"
        jobs = [
            reserve({"A": 2}, owner),
            reserve({"A": 2}, owner),
            call(AUTHORIZE, step.transaction, "captured", f"ref {number}"),
        ]
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(jobs * 2)
        assert outcomes[2].is_done
        assert set(tally(outcomes)) <= {"done", SHORT, OF_AN_ORDER}
        assert order_of(shop, order).status == "confirmed"
        assert stock(shop, "A").reserved_quantity == 2
        ask(shop, SHIP, order, None, None)
        stock_up(shop, {"A": 2})


def test_orders_on_the_same_products(shop: str, isolation: IsolationLevel) -> None:
    """Whatever order the lines are written in, and wherever their holds come from."""
    skus = [f"SKU-{n}" for n in range(5)]
    stock_up(shop, dict.fromkeys(skus, 5000), 2)
    for number in range(ROUNDS):
        for n in range(CLIENTS // 2):
            for sku in skus[n:] + skus[:n]:
                ask(shop, ADD, f"session:{number}-{n}", sku, 1, None)
            ask(shop, HOLD, f"session:{number}-{n}")
        jobs = [place_cart(f"session:{number}-{n}") for n in range(CLIENTS // 2)]
        jobs += [
            place([(sku, n + 1) for sku in skus[::-1][n:] + skus[::-1][:n]], "session:x")
            for n in range(CLIENTS // 2)
        ]
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            assert tally(clients.race(jobs)) == {"done": CLIENTS}
    ordered_units = ROUNDS * (CLIENTS // 2 + sum(n + 1 for n in range(CLIENTS // 2)))
    assert {stock(shop, sku).reserved_quantity for sku in skus} == {ordered_units}


def test_five_pending_orders_and_ten_more(shop: str, isolation: IsolationLevel) -> None:
    stock_up(shop, {"A": 1000})
    user = register(shop)
    with no_deadlocks(shop), team(shop, 10, isolation, role=ANYBODY) as clients:
        first = clients.race([place({"A": 1}, user) for _ in range(10)])
        assert tally(first) == {"done": 5, MANY: 5}, first
        assert tally(clients.race([place({"A": 1}, user)] * 10)) == {MANY: 10}
        numbers = [outcome.rows[0].order_number for outcome in done(first)]
        # A place that becomes free is taken once.
        outcomes = clients.race(
            [call(CANCEL, numbers[0], None, None), *[place({"A": 1}, user)] * 9]
        )
        assert outcomes[0].is_done
        assert len(done(outcomes)) <= 2
        more = clients.race([place({"A": 1}, user)] * 10)
    assert len(done(outcomes)) + len(done(more)) == 2
    assert ask(shop, PENDING)[0].orders == 5


def test_units_of_one_user_and_variant(shop: str, isolation: IsolationLevel) -> None:
    """The cap counts what others are ordering at this moment."""
    stock_up(shop, {"A": 1000})
    user = register(shop)
    ask(shop, LIMIT, "A", 3)
    with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
        outcomes = clients.race([place({"A": 1}, user) for _ in range(CLIENTS)])
    assert len(done(outcomes)) == 3
    assert len(tally(outcomes)) == 2
    assert stock(shop, "A").reserved_quantity == 3


def units_of_one_user_one_after_the_other(url: str) -> None:
    stock_up(url, {"A": 1000})
    user = register(url)
    ask(url, LIMIT, "A", 3)
    with (
        no_deadlocks(url),
        keeper(url) as observer,
        connected(url, 2, READ_COMMITTED, ANYBODY) as (first, second),
    ):
        with first.transaction():
            place({"A": 2}, user)(first)
            waiting = start(second, place({"A": 2}, user))
            wait_until_blocked(observer, waiting, first)
        assert tally([waiting.outcome()]) == {TOO_MANY_UNITS: 1}
    assert stock(url, "A").reserved_quantity == 2


def test_who_waited_has_their_units_counted_anew(shop: str) -> None:
    """What the same user was ordering when the call came is counted when it is their turn."""
    units_of_one_user_one_after_the_other(shop)


def late_money_of_a_buyer(url: str) -> None:
    stock_up(url, {"A": 1000})
    user = register(url)
    ask(url, LIMIT, "A", 4)
    step = begun(url, ordered(url, {"A": 3}, user))
    let_orders_lapse(url)
    ask(url, SWEEP)
    with no_deadlocks(url), connected(url, 2, READ_COMMITTED, ANYBODY) as (buyer, provider):
        with buyer.transaction():
            place({"A": 2}, user)(buyer)
            late = start(provider, call(AUTHORIZE, step.transaction, "approved", "late"))
            wait([late.future], timeout=3)
        assert [row.order_status for row in late.outcome().rows] == ["expired"]
    assert stock(url, "A").reserved_quantity == 2


def test_late_money_of_who_is_buying_the_rest(shop: str) -> None:
    """An order does not come back beside one that is being placed at this moment."""
    late_money_of_a_buyer(shop)


def test_cancel_against_ship(shop: str, isolation: IsolationLevel) -> None:
    """Nothing is both on its way and given back."""
    stock_up(shop, {"A": 1000})
    for number in range(ROUNDS):
        order, _ = sold(shop, {"A": 2}, "captured")
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [
                    call(SHIP, order, None, f"ship {number}"),
                    call(CANCEL, order, None, f"cancel {number}"),
                ]
                * (CLIENTS // 2)
            )
        now = order_of(shop, order)
        assert now.status in ("shipped", "cancelled")
        assert set(tally(outcomes)) == {"done", ILLEGAL}
        winners = {outcome.rows[0].status for outcome in done(outcomes)}
        assert winners == {now.status}
        assert history(shop, order).count(now.status) == 1
    shipped = sum(2 for order in ask(shop, ORDERS) if order.status == "shipped")
    assert stock(shop, "A").current_stock == 1000 - shipped
    assert stock(shop, "A").reserved_quantity == 0


def cancelled_while_it_is_sent(url: str) -> None:
    stock_up(url, {"A": 1000})
    order, _ = sold(url, {"A": 2}, "captured")
    with (
        no_deadlocks(url),
        keeper(url) as observer,
        connected(url, 2, READ_COMMITTED, ANYBODY) as (first, second),
    ):
        with first.transaction():
            call(SHIP, order, None, None)(first)
            waiting = start(second, call(CANCEL, order, None, None))
            wait_until_blocked(observer, waiting, first)
        assert tally([waiting.outcome()]) == {ILLEGAL: 1}
    assert stock(url, "A").current_stock == 998


def test_a_cancellation_waits_for_a_shipment(shop: str) -> None:
    cancelled_while_it_is_sent(shop)


def test_parts_that_are_cancelled_and_shipped(shop: str, isolation: IsolationLevel) -> None:
    """Of three units, two are sent, packed or cancelled by each of six calls: one of them is."""
    stock_up(shop, {"A": 1000})
    two = items({"A": 2})
    for _ in range(ROUNDS):
        order, _ = sold(shop, {"A": 3}, "captured")
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [
                    call(SHIP, order, two, None),
                    call(CANCEL, order, two, None),
                    call(PACK, order, two, None),
                ]
                * 2
            )
        assert len(done(outcomes)) == 1, tally(outcomes)


def test_each_transition_once(shop: str, isolation: IsolationLevel) -> None:
    """However many call it: the history has it once, and everybody is told of the same order."""
    stock_up(shop, {"A": 1000})
    for _ in range(ROUNDS):
        order, _ = sold(shop, {"A": 2}, "captured")
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            for job in (
                call(PROCESS, order, None),
                call(SHIP, order, None, None),
                call(DELIVER, order, None),
                call(COMPLETE, order, None),
            ):
                assert tally(clients.race([job] * CLIENTS)) == {"done": CLIENTS}
        assert history(shop, order) == [
            "pending", "confirmed", "processing", "shipped", "delivered", "completed",
        ]  # fmt: skip
    assert len(ask(shop, PARCELS)) == ROUNDS
    assert stock(shop, "A").current_stock == 1000 - 2 * ROUNDS


def test_steps_sent_many_times(shop: str, isolation: IsolationLevel) -> None:
    """Each step of a part has its effect once a key, however many bring it, whenever they come."""
    stock_up(shop, {"A": 1000})
    one = items({"A": 1})
    for number in range(ROUNDS):
        order, _ = sold(shop, {"A": 9}, "captured")
        jobs: list[Job] = [
            call(CANCEL, order, one, f"cancel {number}"),
            call(PACK, order, one, f"pack {number}"),
            call(SHIP, order, one, f"ship {number}"),
            call(DELIVER, order, f"deliver {number}"),
            call(ASK_BACK, order, one, f"return {number}"),
        ]
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            for job in jobs:
                outcomes = clients.race([job] * CLIENTS)
                assert tally(outcomes) == {"done": CLIENTS}
                assert all(outcome.rows == outcomes[0].rows for outcome in outcomes)
        (line,) = ask(shop, LINE, order)
        assert tuple(line) == (1, 1, 1, 1)
        assert order_of(shop, order).credit_total == 20
    assert len(ask(shop, PARCELS)) == 2 * ROUNDS


def test_one_parcel_is_sent_once(shop: str, isolation: IsolationLevel) -> None:
    stock_up(shop, {"A": 1000})
    for _ in range(ROUNDS):
        order, _ = sold(shop, {"A": 3}, "captured")
        (parcel,) = ask(shop, PACK, order, items({"A": 2}), None)
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [call(SHIP_PARCEL, order, parcel.fulfillment_no, None)] * CLIENTS
            )
        assert tally(outcomes) == {"done": CLIENTS}
    assert stock(shop, "A").current_stock == 1000 - 2 * ROUNDS


def test_a_return_comes_back_once(shop: str, isolation: IsolationLevel) -> None:
    stock_up(shop, {"A": 1000})
    for _ in range(ROUNDS):
        order, _ = sold(shop, {"A": 3}, "captured")
        ask(shop, SHIP, order, None, None)
        ask(shop, DELIVER, order, None)
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            asked = clients.race([call(ASK_BACK, order, items({"A": 2}), None)] * CLIENTS)
            assert len(done(asked)) == 1
            number = done(asked)[0].rows[0].return_no
            decided = clients.race([call(DECIDE_RETURN, order, number, None)] * CLIENTS)
            assert tally(decided) == {"done": CLIENTS}
            came = clients.race([call(RECEIVE_RETURN, order, number, None, None)] * CLIENTS)
            assert tally(came) == {"done": CLIENTS}
        assert order_of(shop, order).credit_total == 40
    assert stock(shop, "A").current_stock == 1000 - ROUNDS


@pytest.mark.parametrize("is_wanted", [False, True], ids=["in stock", "wanted by others"])
def test_expiry_against_authorisation(
    shop: str, isolation: IsolationLevel, is_wanted: bool
) -> None:
    """Money that arrives as the order ends is taken if the stock is there, and else goes back."""
    for number in range(ROUNDS):
        sku = f"X{number}"
        stock_up(shop, {sku: 2 if is_wanted else 1000})
        order = ordered(shop, {sku: 2})
        step = begun(shop, order)
        let_orders_lapse(shop)
        jobs: list[Job] = [
            call(AUTHORIZE, step.transaction, "captured", f"ref {number}"),
            call(SWEEP),
            call(SWEEP),
        ]
        if is_wanted:
            jobs += [place({sku: 1}, f"session:{n}") for n in range(2)]
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(jobs)
        assert all(outcome.is_done for outcome in outcomes[:3]), outcomes
        now = order_of(shop, order)
        if now.status == "confirmed":
            assert stock(shop, sku).reserved_quantity == 2
        else:
            assert is_wanted
            assert now.status in ("expired", "cancelled")
            assert now.paid_at


def test_a_payment_that_is_under_way_keeps_its_order(shop: str, isolation: IsolationLevel) -> None:
    stock_up(shop, {"A": 1000})
    for _ in range(ROUNDS):
        order = ordered(shop, {"A": 1})
        begun(shop, order)
        let_orders_lapse(shop, is_in_flight=True)
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race([call(SWEEP)] * CLIENTS)
        assert all(outcome.is_done for outcome in outcomes)
        assert order_of(shop, order).status == "pending"
    assert stock(shop, "A").reserved_quantity == ROUNDS


def test_orders_expire_once(shop: str, isolation: IsolationLevel) -> None:
    """Several sweepers share the work, and buyers take what the overdue orders held."""
    stock_up(shop, {"A": 40, "B": 40}, 2)
    for number in range(ROUNDS):
        for n in range(10):
            ordered(shop, {"AB"[n % 2]: 4, "BA"[n % 2]: 1}, f"session:{number}-{n}")
        let_orders_lapse(shop)
        jobs: list[Job] = [call(SWEEP)] * 3
        jobs += [place({"B": 2, "A": 2}, f"session:new {n}") for n in range(3)]
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(jobs)
            assert set(tally(outcomes)) == {"done"}
        swept = [row for outcome in outcomes[:3] for row in outcome.rows]
        swept += ask(shop, SWEEP)
        assert {row.error for row in swept} == {None}
        assert sorted(row.status for row in swept) == ["expired"] * 10
        with keeper(shop) as connection:
            for row in connection.execute(ORDERS).fetchall():
                if row.status == "pending":
                    connection.execute(CANCEL, [row.order_number, None, None])
    assert stock(shop, "A").available_stock == 40


def test_the_sweeper_waits_for_nobody(shop: str) -> None:
    """An order in use is left for the next time, and the others end."""
    stock_up(shop, {"A": 100})
    busy, idle = ordered(shop, {"A": 1}), ordered(shop, {"A": 1})
    let_orders_lapse(shop)
    with keeper(shop) as holder, holder.transaction():
        holder.execute(LOCK_ORDER, [busy])
        assert [row.order_number for row in ask(shop, SWEEP)] == [idle]
    assert [row.order_number for row in ask(shop, SWEEP)] == [busy]


def until_it_waits_or_ends(observer: Connection, waiting: Waiting) -> None:
    while not waiting.future.done():
        (blockers,) = observer.execute(BLOCKED_BY, [waiting.pid]).fetchone() or ([],)
        if blockers:
            return
        observer.execute(NAP)


def assert_out_of_the_way(url: str, job: Job) -> None:
    """Fail if a call that has stock of C waits for stock of A, which a buyer of A, B and C has.

    Of each there is enough for everybody, so that only the order of the locks decides.
    """
    three = {"A": 1, "B": 1, "C": 1}
    with (
        no_deadlocks(url),
        keeper(url) as gate,
        keeper(url) as observer,
        connected(url, 2, READ_COMMITTED, ANYBODY) as (buyer, other),
    ):
        gate.execute("begin")
        gate.execute(LOCK_BUCKET, ["B"])
        buying = start(buyer, reserve(three, "order:1"))
        wait_until_blocked(observer, buying, gate)
        waiting = start(other, job)
        until_it_waits_or_ends(observer, waiting)
        gate.execute("rollback")
        assert tally(all_end([buying, waiting])) == {"done": 2}


def lose_stock(url: str) -> None:
    """Let others take what overdue orders held, and give it back to nobody."""
    for sku in "AC":
        everything = {sku: stock(url, sku).available_stock}
        (held,) = ask(url, RESERVE, items(everything), "order:2", None, None)
        ask(url, RELEASE, [held.reservation], None)


def test_an_overdue_order_makes_room(shop: str) -> None:
    """What it held is left to whoever needs it: the new order locks nobody's stock but its own."""
    stock_up(shop, {"A": 9, "B": 9, "C": 9})
    user = register(shop)
    with keeper(shop) as connection:
        for _ in range(5):
            place({"C": 1}, user)(connection)
    let_orders_lapse(shop)
    assert_out_of_the_way(shop, place({"A": 1}, user))
    statuses = [order.status for order in ask(shop, ORDERS)]
    assert statuses == ["expired"] * 5 + ["pending"]
    assert stock(shop, "C").available_stock == 8


def test_overdue_orders_that_are_covered_without_their_stock(own_shop: str) -> None:
    """They reserve again, each in a transaction of its own."""
    tell(own_shop, NO_LEAST_TOTAL)
    stock_up(own_shop, {"A": 9, "B": 9, "C": 9})
    free = {**DETAILS, "discounts": [{"code": "FREE", "rate": 1}]}
    with keeper(own_shop) as connection:
        for sku in "CA":
            place({sku: 2}, "session:s", details=free)(connection)
    let_orders_lapse(own_shop)
    lose_stock(own_shop)
    assert_out_of_the_way(own_shop, call(SWEEP))
    ask(own_shop, SWEEP)
    assert [order.status for order in ask(own_shop, ORDERS)] == ["confirmed"] * 2
    check(own_shop)


def test_a_part_is_cancelled_and_the_rest_covered_without_its_stock(shop: str) -> None:
    """What is given back and what is missing are not taken in one transaction."""
    stock_up(shop, {"A": 9, "B": 9, "C": 9})
    order = ordered(shop, {"A": 1, "C": 1})
    (step,) = ask(shop, BEGIN, order, PRICE, None)
    let_orders_lapse(shop)
    lose_stock(shop)
    ask(shop, RESERVE, items({"C": 1}), f"order:{order_of(shop, order).order_id}", None, None)
    ask(shop, AUTHORIZE, step.transaction, "approved", "ref")
    assert_out_of_the_way(shop, call(CANCEL, order, items({"C": 1}), None))
    let_orders_lapse(shop)
    ask(shop, SWEEP)
    assert order_of(shop, order).status == "confirmed"
    assert stock(shop, "A").reserved_quantity == 2


@pytest.mark.parametrize("first", ["pay", "cancel"])
def test_who_waited_sees_what_came(shop: str, first: str) -> None:
    """A payment and a cancellation, one after the other at the lock of the order."""
    stock_up(shop, {"A": 10})
    order = ordered(shop, {"A": 1})
    step = begun(shop, order)
    jobs = {
        "pay": call(AUTHORIZE, step.transaction, "approved", "ref"),
        "cancel": call(CANCEL, order, None, None),
    }
    second = "cancel" if first == "pay" else "pay"
    with keeper(shop) as holder, connected(shop, 1, READ_COMMITTED, ANYBODY) as connections:
        with holder.transaction():
            jobs[first](holder)
            waiting = start(connections[0], jobs[second])
            wait_until_blocked(holder, waiting, holder)
        assert waiting.outcome().is_done
    assert order_of(shop, order).status == "cancelled"
    assert stock(shop, "A").available_stock == 10


def test_everything_at_once(shop: str) -> None:
    """One order after the other is bought, paid, sent and cancelled, by everybody at once."""
    stock_up(shop, {"A": 60, "B": 60}, 2)
    refusals = {SHORT, ILLEGAL, "SHO31", "SHO32", "SHO33", "SHM04", "SHM05", "SHM07"}
    with no_deadlocks(shop), team(shop, 8, role=ANYBODY) as clients:
        for _ in range(6 * ROUNDS):
            order = ordered(shop, {"A": 2, "B": 1})
            step = begun(shop, order)
            jobs: list[Job] = [
                call(AUTHORIZE, step.transaction, "captured", f"ref {order}"),
                call(AUTHORIZE, step.transaction, "captured", f"ref {order}"),
                call(BEGIN, order, None, None),
                call(SHIP, order, items({"A": 1}), None),
                call(SHIP, order, None, None),
                call(SWEEP),
                *[call(CANCEL, order, items({"A": 1}), None)] * 2,
            ]
            outcomes = clients.race(jobs)
            unexpected = set(tally(outcomes)) - refusals - {"done"}
            assert not unexpected, [o for o in outcomes if o.sqlstate in unexpected]
            if order_of(shop, order).status in ("confirmed", "processing"):
                # What is left is sent.
                ask(shop, SHIP, order, None, None)
