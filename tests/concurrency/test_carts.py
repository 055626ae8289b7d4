"""Whatever is done to a cart at the same time, nothing is lost and nothing is done twice."""

from __future__ import annotations

import random
from typing import Any

import pytest
from harness import (
    LONG,
    RESERVE,
    STRICTER,
    Job,
    age,
    all_end,
    ask,
    attempt,
    call,
    connect,
    connected,
    items,
    keep_stock,
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
from psycopg.types.json import Jsonb

CLIENTS = 6
ROUNDS = 30 if LONG else 5
ADD = "select * from cart.add_item_to_cart(%s, %s, %s, 'GBP', %s)"
SET = "select * from cart.update_item_quantity(%s, %s, %s)"
REMOVE = "select * from cart.remove_item_from_cart(%s, %s)"
CLEAR = "select * from cart.clear_cart(%s)"
MERGE = "select * from cart.merge_carts(%s, %s, %s)"
MOVE = "select * from cart.move_cart(%s, %s)"
HOLD = "select * from cart.reserve_cart(%s)"
REPAIR = "select * from cart.repair_cart(%s, %s)"
SWEEP = "select * from cart.cleanup_expired_carts()"
ROLL_UP = "select * from cart.roll_up_metrics(%s)"
REGISTER = "select user_id from account.register_user(%s, 'Ann')"
REGISTER_WITH = "select user_id from account.register_user(%s, 'Ann', %s)"
ANONYMISE = "select * from account.anonymise_user(%s)"
UPDATE_USER = "select * from account.update_user(%s, %s, %s)"
ADDRESS = """select * from account.add_address(
    %s, 'shipping', '{"recipient": "A", "line1": "1", "city": "C", "country": "GB"}', true
)"""
LINES = """
select c.cart_id, v.sku, i.quantity
from cart.carts as c
inner join cart.cart_items as i on i.cart_id = c.cart_id
inner join product.variants as v on v.variant_id = i.variant_id
where c.status = 'active'
order by c.cart_id, v.sku
"""
STATES = "select status, count(*)::integer as carts from cart.carts group by status"
PATIENT = "update core.business_rules set value = %s where name = 'cart_lock_seconds'"
LIMIT = "update core.business_rules set value = 100000 where name = 'cart_line_units_max'"
EXPIRE = "update cart.carts set expires_at = clock_timestamp() - interval '1 second'"
LOCK = "select from cart.carts where session_token = 's' for update"
LOCK_USER = "select from account.users where user_id = %s for update"
LEFT = """
select from cart.carts as c inner join account.users as u on u.user_id = c.user_id
where u.status = 'anonymized' and c.status = 'active'
"""
HELD = """
select owner, sku, sum(quantity)::integer as units
from inventory.reservation_list
where status = 'active' and not is_overdue
group by owner, sku
"""
ANYBODY = "postgres"


def register(url: str) -> int:
    (user,) = ask(url, REGISTER, "ann@example.com")
    return int(user.user_id)


def lines(url: str) -> list[tuple[str, int]]:
    return [(row.sku, row.quantity) for row in ask(url, LINES)]


def states(url: str) -> dict[str, int]:
    return {row.status: row.carts for row in ask(url, STATES)}


@pytest.mark.parametrize("owner", ["session:s", "user"])
def test_parallel_additions_lose_nothing(shop: str, isolation: IsolationLevel, owner: str) -> None:
    """Also when each of them finds no cart, and opens one."""
    keep_stock(shop, {"A": 1000, "B": 1000})
    owner = f"user:{register(shop)}" if owner == "user" else owner
    with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
        for number in range(ROUNDS):
            sku = "AB"[number % 2]
            outcomes = clients.race(
                [call(ADD, owner, sku, 1, f"{number} {n}") for n in range(CLIENTS)]
            )
            assert tally(outcomes) == {"done": CLIENTS}
    in_b = ROUNDS // 2
    assert lines(shop) == [("A", CLIENTS * (ROUNDS - in_b)), ("B", CLIENTS * in_b)]
    assert states(shop) == {"active": 1}


@pytest.mark.parametrize("has_cart", [True, False], ids=["into a cart", "into none"])
def test_two_merges_of_one_cart(shop: str, isolation: IsolationLevel, has_cart: bool) -> None:
    """However many log-ins merge it, its lines arrive once."""
    keep_stock(shop, {"A": 1000, "B": 1000})
    user = register(shop)
    ask(shop, ADD, "session:s", "A", 3, None)
    ask(shop, ADD, "session:s", "B", 2, None)
    if has_cart:
        ask(shop, ADD, f"user:{user}", "A", 1, None)
    with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
        outcomes = clients.race([call(MERGE, "s", user, None)] * CLIENTS)
    assert tally(outcomes) == {"done": CLIENTS}
    assert sorted(outcome.rows[0].moved_lines for outcome in outcomes) == [0] * (CLIENTS - 1) + [2]
    assert lines(shop) == [("A", 3 + has_cart), ("B", 2)]
    assert states(shop) == ({"active": 1, "merged": 1} if has_cart else {"active": 1})


def test_a_merge_while_both_carts_are_filled(shop: str) -> None:
    keep_stock(shop, {"A": 1000})
    user = register(shop)
    for _ in range(ROUNDS):
        ask(shop, ADD, "session:s", "A", 1, None)
        with no_deadlocks(shop), team(shop, CLIENTS, role=ANYBODY) as clients:
            outcomes = clients.race(
                [
                    call(MERGE, "s", user, None),
                    *[call(ADD, "session:s", "A", 1, None)] * 2,
                    *[call(ADD, f"user:{user}", "A", 1, None)] * 2,
                ]
            )
        assert tally(outcomes) == {"done": 5}
    ask(shop, MERGE, "s", user, None)
    assert lines(shop) == [("A", 5 * ROUNDS)]


def test_carts_that_move_into_each_other(shop: str) -> None:
    """Both ways at once: one of them finds the cart gone, neither waits for the other for good."""
    keep_stock(shop, {"A": 1000})
    for _ in range(ROUNDS):
        ask(shop, ADD, "session:s", "A", 1, None)
        ask(shop, ADD, "session:t", "A", 1, None)
        with no_deadlocks(shop), team(shop, 4, role=ANYBODY) as clients:
            outcomes = clients.race([call(MOVE, "s", "t"), call(MOVE, "t", "s")] * 2)
        assert tally(outcomes) == {"done": 4}
    assert sum(quantity for _, quantity in lines(shop)) == 2 * ROUNDS


def test_nobody_waits_for_long(own_shop: str) -> None:
    """The wait for a busy cart ends with an error that says that it may be repeated."""
    keep_stock(own_shop, {"A": 10})
    ask(own_shop, ADD, "session:s", "A", 1, None)
    tell(own_shop, PATIENT, 1)
    jobs: list[Job] = [
        call(ADD, "session:s", "A", 1, None), call(CLEAR, "session:s"), call(MOVE, "s", "t")
    ]  # fmt: skip
    with keeper(own_shop) as holder:
        with holder.transaction():
            holder.execute(LOCK)
            for job in jobs:
                with connect(own_shop, role=ANYBODY) as connection:
                    waiting = start(connection, job)
                    outcome = waiting.outcome()
                    assert outcome.sqlstate == "SHK02"
                    assert outcome.detail == {"error": "CART_BUSY", "seconds": 1.0}
                    assert 0.9 < outcome.ended - outcome.began < 20
                    (setting,) = connection.execute("show lock_timeout").fetchall()
                    assert setting[0] == "0"
        with connect(own_shop, role=ANYBODY) as connection:
            assert start(connection, jobs[0]).outcome().is_done


def test_who_waited_goes_on_with_what_came(shop: str) -> None:
    keep_stock(shop, {"A": 10})
    ask(shop, ADD, "session:s", "A", 1, None)
    with keeper(shop) as holder, connect(shop, role=ANYBODY) as connection:
        with holder.transaction():
            holder.execute(ADD, ["session:s", "A", 4, None])
            waiting = start(connection, call(ADD, "session:s", "A", 2, None))
            wait_until_blocked(holder, waiting, holder)
        assert waiting.outcome().rows[0].quantity == 7


def test_nobody_who_is_anonymised_has_a_cart(shop: str, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 1000})
    for number in range(ROUNDS):
        (row,) = ask(shop, REGISTER, f"ann{number}@example.com")
        ask(shop, ADD, "session:s", "A", 1, None)
        with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
            outcomes = clients.race(
                [
                    call(ANONYMISE, row.user_id),
                    *[call(ADD, f"user:{row.user_id}", "A", 1, None)] * 3,
                    call(MERGE, "s", row.user_id, None),
                    call(ADDRESS, row.user_id),
                ]
            )
        assert outcomes[0].is_done
        assert set(tally(outcomes)) <= {"done", "SHA04"}
        assert not ask(shop, LEFT)


def test_editors_and_defaults(shop: str, isolation: IsolationLevel) -> None:
    """Of two edits of one version one wins; of eight new defaults one is it."""
    user = register(shop)
    with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
        edits = clients.race(
            [call(UPDATE_USER, user, f'{{"full_name": "Ann {n}"}}', 1) for n in range(CLIENTS)]
        )
        assert tally(edits) == {"done": 1, "SHC02": CLIENTS - 1}
        added = clients.race([call(ADDRESS, user)] * CLIENTS)
    assert tally(added) == {"done": CLIENTS}
    ((defaults,),) = ask(shop, "select count(*) from account.addresses where is_default")
    assert defaults == 1


def test_two_users_swap_what_is_unique(shop: str) -> None:
    """What another user has is refused without a wait: two who waited might wait for each other."""
    users = [ask(shop, REGISTER, f"{name}@example.com")[0].user_id for name in ("ann", "bob")]
    phones = ("+442071838750", "+442071838751")
    for user, phone in zip(users, phones, strict=True):
        ask(shop, UPDATE_USER, user, Jsonb({"phone": phone}), 1)
    for changes in [{"email": "ANN@example.com"}, {"phone": phones[0]}]:
        with (
            keeper(shop) as first,
            connected(shop, 1, role=ANYBODY, settings={"lock_timeout": "1s"}) as (second,),
        ):
            first.execute("begin")
            first.execute(UPDATE_USER, [users[0], Jsonb({"full_name": "Anna"}), 2])
            edits = [call(UPDATE_USER, users[1], Jsonb(changes), 2)]
            if "phone" in changes:
                edits.append(call(REGISTER_WITH, "new@example.com", phones[0]))
            outcomes = [attempt(second, edit) for edit in edits]
            first.execute("rollback")
        assert {outcome.sqlstate for outcome in outcomes} <= {"SHA01", "SHA02"}


def test_checkouts_share_what_there_is(shop: str) -> None:
    """Each cart is held as a whole or not at all, and no unit is held twice."""
    keep_stock(shop, {"A": 10, "B": 10}, 2)
    for n in range(CLIENTS):
        for sku in "AB":
            ask(shop, ADD, f"session:{n}", sku, 3, None)
    with no_deadlocks(shop), team(shop, CLIENTS, role=ANYBODY) as clients:
        outcomes = clients.race([call(HOLD, f"session:{n}") for n in range(CLIENTS)])
    assert tally(outcomes)["done"] == 3
    assert set(tally(outcomes)) <= {"done", "SHI01", "SHK06"}
    assert stock(shop, "A").available_stock == 1
    held: dict[str, dict[str, int]] = {}
    for row in ask(shop, HELD):
        held.setdefault(row.owner, {})[row.sku] = row.units
    assert list(held.values()) == [{"A": 3, "B": 3}] * 3


def test_everything_at_once(shop: str, rng: random.Random) -> None:
    """Carts are filled, held, edited, merged and repaired, beside sweepers."""
    keep_stock(shop, {"A": 40, "B": 40, "C": 3}, 2)
    tell(shop, LIMIT)
    user = register(shop)
    owners = ["session:s", "session:t", f"user:{user}"]

    def job() -> Job:
        owner, sku = rng.choice(owners), rng.choice("ABC")
        jobs: list[Job] = [
            call(ADD, owner, sku, rng.randint(1, 3), None),
            call(SET, owner, sku, rng.randint(1, 5)),
            call(REMOVE, owner, sku),
            call(HOLD, owner),
            call(HOLD, owner),
            call(CLEAR, owner),
            call(REPAIR, owner, rng.randint(1, 20)),
            call(MERGE, "s", user, None),
            call(MOVE, "s", "t"),
            call(MOVE, "t", "s"),
            call(SWEEP),
            call(ROLL_UP, 5),
        ]
        return rng.choice(jobs)

    refusals = {"SHI01", "SHI02", "SHK01", "SHK05", "SHK06", "SHC02"}
    with no_deadlocks(shop), team(shop, 8, role=ANYBODY) as clients:
        for number in range(20 * ROUNDS):
            outcomes = clients.race([job() for _ in range(8)])
            assert set(tally(outcomes)) <= {"done", *refusals}
            if number % 25 == 24:
                tell(shop, EXPIRE)
    assert max((row.units for row in ask(shop, HELD) if row.sku == "C"), default=0) <= 3


def test_every_activity_counts_once(shop: str, isolation: IsolationLevel) -> None:
    keep_stock(shop, {"A": 1000})
    user = register(shop)
    with no_deadlocks(shop), team(shop, CLIENTS, isolation, role=ANYBODY) as clients:
        for number in range(ROUNDS):
            adding: list[Job] = [
                call(ADD, f"user:{user}", "A", 1, f"{number} {n}") for n in range(2)
            ]
            outcomes = clients.race([*adding, *[call(ROLL_UP, 3)] * (CLIENTS - 2)])
            assert tally(outcomes) == {"done": CLIENTS}
    ask(shop, ROLL_UP, 1000)
    rows: list[Any] = ask(shop, "select adds, added_value from cart.cart_metrics")
    assert [tuple(row) for row in rows] == [(2 * ROUNDS, 2 * ROUNDS)]


def test_an_expired_cart_beside_a_merge(shop: str) -> None:
    """A user goes before a cart, also before one that is past its expiry."""
    keep_stock(shop, {"A": 10})
    user = register(shop)
    ask(shop, ADD, f"user:{user}", "A", 1, None)
    tell(shop, EXPIRE)
    ask(shop, ADD, "session:s", "A", 2, None)
    with (
        no_deadlocks(shop),
        keeper(shop) as gate,
        keeper(shop) as observer,
        connected(shop, 2, role=ANYBODY) as (at_login, customer),
    ):
        gate.execute("begin")
        gate.execute(LOCK_USER, [user])
        merge = start(at_login, call(MERGE, "s", user, None))
        wait_until_blocked(observer, merge, gate)
        addition = start(customer, call(ADD, f"user:{user}", "A", 4, None))
        wait_until_blocked(observer, addition)
        gate.execute("commit")
        assert tally(all_end([merge, addition])) == {"done": 2}
    assert lines(shop) == [("A", 6)]


def test_holds_that_move_beside_a_reservation(shop: str) -> None:
    """Both take slots of the new owner in ascending variant, whatever the order of the holds."""
    keep_stock(shop, {"A": 10, "B": 10, "C": 10})
    for sku in "CBA":
        ask(shop, ADD, "session:s", sku, 1, None)
        ask(shop, RESERVE, items({sku: 1}), "session:s", None, None)
    with (
        no_deadlocks(shop),
        keeper(shop) as observer,
        connected(shop, 3, role=ANYBODY) as (first, mover, buyer),
    ):
        first.execute("begin")
        first.execute(RESERVE, [items({"B": 1}), "session:t", None, None])
        move = start(mover, call(MOVE, "s", "t"))
        wait_until_blocked(observer, move, first)
        reservation = start(buyer, reserve({"A": 1, "C": 1}, "session:t"))
        wait_until_blocked(observer, reservation, move)
        first.execute("rollback")
        assert tally(all_end([move, reservation])) == {"done": 2}
    assert {row.units for row in ask(shop, HELD) if row.owner == "session:t"} == {1, 2}


@pytest.mark.parametrize("isolation", STRICTER)
@pytest.mark.parametrize("taken", ["cart", "slot"])
def test_a_move_that_does_not_see_who_was_first(
    shop: str, isolation: IsolationLevel, taken: str
) -> None:
    """The new session's cart or hold is younger than the snapshot: no use to look again."""
    keep_stock(shop, {"A": 10})
    ask(shop, ADD, "session:s", "A", 2, None)
    ask(shop, HOLD, "session:s")
    with connected(shop, 1, isolation, role=ANYBODY) as (mover,):
        mover.execute("begin")
        mover.execute("select from cart.carts")
        if taken == "cart":
            ask(shop, ADD, "session:t", "A", 1, None)
        else:
            ask(shop, RESERVE, items({"A": 1}), "session:t", None, None)
        assert attempt(mover, call(MOVE, "s", "t")).sqlstate == "40001"
        mover.execute("rollback")
        assert attempt(mover, call(MOVE, "s", "t")).is_done


def test_checkouts_that_need_what_the_other_lets_lapse(shop: str) -> None:
    """Nobody keeps overdue holds of their own locked while waiting for those of others."""
    keep_stock(shop, {"A": 2})
    for session in "st":
        ask(shop, ADD, f"session:{session}", "A", 2, None)
    for session in "st":
        ask(shop, RESERVE, items({"A": 1}), f"session:{session}", None, None)
    age(shop)
    with (
        no_deadlocks(shop),
        keeper(shop) as gate,
        keeper(shop) as observer,
        connected(shop, 2, role=ANYBODY) as customers,
    ):
        gate.execute("begin")
        gate.execute("select from inventory.inventory for no key update")
        checkouts = [
            start(customer, call(HOLD, f"session:{session}"))
            for customer, session in zip(customers, "st", strict=True)
        ]
        for checkout in checkouts:
            wait_until_blocked(observer, checkout)
        gate.execute("commit")
        assert tally(all_end(checkouts)) == {"done": 1, "SHI01": 1}
    assert [row.units for row in ask(shop, HELD)] == [2]
