"""Checkouts go on while clients and servers die: each order is bought and paid for once."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path

from checkouts import (
    ANYBODY,
    Buyer,
    Checkout,
    assert_ended,
    assert_never_twice,
    assert_replayed,
    open_shop,
)
from harness import LONG, ask, attempt, check, connected, keeper
from test_killed import (
    NUMBERS_EACH,
    PROJECT,
    TERMINATE,
    VICTIMS,
    kill_after,
    kill_backend,
    kill_postmaster,
    killing,
    orders_while,
    stop_immediately,
    takes_connections,
    wait_for_answers,
    wait_until,
)

from dbtool import server
from dbtool.server import Server

ACKNOWLEDGED_KEYS = ("place", "begin", "capture", "end")


def bought(buyers: list[Buyer]) -> set[int]:
    """Return the numbers of the orders whose every step was answered."""
    last = {"declined": "decline", "shipped": "end", "cancelled": "end"}
    return {
        number
        for buyer in buyers
        for number, step in buyer.acknowledged
        if step == last[Checkout(number).ending]
    }


def test_connections_terminated_by_the_server(shop: str, rng: random.Random) -> None:
    open_shop(shop)
    with keeper(shop) as killer:

        def kill_one(_: list[Buyer]) -> None:
            victims = killer.execute(VICTIMS).fetchall()
            if victims:
                killer.execute(TERMINATE, [rng.choice(victims).pid])

        buyers = orders_while(shop, killing(rng, kill_one), Buyer)
    assert_ended(shop, bought(buyers))
    assert_replayed(shop, buyers)
    assert_ended(shop, bought(buyers))


def test_processes_killed(shop: str, rng: random.Random) -> None:
    """Three clients at a time are killed after so many orders, then their last one is repeated."""
    open_shop(shop)
    program = [sys.executable, str(Path(__file__).with_name("checkouts.py")), shop]
    numbers: set[int] = set()
    for round_ in range(12 if LONG else 2):
        firsts = [(round_ * 3 + n) * NUMBERS_EACH + 1 for n in range(3)]
        clients = [
            subprocess.Popen([*program, str(first)], stdout=subprocess.PIPE, text=True)
            for first in firsts
        ]
        last = {
            first: kill_after(client, rng.randint(1, 40))
            for first, client in zip(firsts, clients, strict=True)
        }
        assert_never_twice(shop)
        with connected(shop, 3, role=ANYBODY) as connections:
            for connection, (first, number) in zip(connections, last.items(), strict=True):
                Checkout(number).go(
                    lambda _, step, connection=connection: attempt(connection, step).rows
                )
                numbers |= set(range(first, number + 1))
    assert_ended(shop, numbers)


def test_servers_killed(own_server: Server, tmp_path: Path) -> None:
    """What was acknowledged before the server died is there afterwards, and nothing is twice."""
    migrate = [sys.executable, "-m", "dbtool", "migrate", "--database-url", own_server.dsn]
    done = subprocess.run(migrate, capture_output=True, text=True, cwd=PROJECT)
    assert done.returncode == 0, done.stdout + done.stderr
    url = own_server.dsn
    open_shop(url)

    def kill(buyers: list[Buyer], _: threading.Event) -> None:
        for how in (stop_immediately, kill_backend, kill_postmaster):
            wait_for_answers(buyers, 40)
            how(own_server)
            before = [list(buyer.acknowledged) for buyer in buyers]
            server.start(tmp_path)
            wait_until(lambda: takes_connections(url))
            assert_acknowledged(url, before)
            assert_never_twice(url)
            check(url)

    buyers = orders_while(url, kill, Buyer)
    assert sum(buyer.lost for buyer in buyers) > 3
    assert_ended(url, bought(buyers))
    assert_replayed(url, buyers)
    check(url)


def assert_acknowledged(url: str, before: list[list[tuple[int, str]]]) -> None:
    keys = {row.key for row in ask(url, "select key from core.idempotency_keys")}
    told = {
        Checkout(number).key(step)
        for each in before
        for number, step in each
        if step in ACKNOWLEDGED_KEYS
    }
    assert told <= keys
