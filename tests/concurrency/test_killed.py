"""Clients, connections and servers die at any moment; every key has had its effect once or not."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import psycopg
import pytest
from harness import LONG, PATIENCE_S, Connection, ask, attempt, check, connect, connected, keeper
from load import Customer, Order, assert_never_twice, assert_once, open_shop

from dbtool import server
from dbtool.server import Server

PROJECT = Path(__file__).parents[2]
CUSTOMERS = 6
NUMBERS_EACH = 1_000_000
SECONDS = 20.0 if LONG else 1.5
VICTIMS = """
select pid from pg_stat_activity
where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
"""
TERMINATE = "select pg_terminate_backend(%s)"
C = TypeVar("C", bound=Customer)


def orders_while(
    url: str,
    kill: Callable[[list[C], threading.Event], None],
    customer: Callable[[str, int, threading.Event], C],
) -> list[C]:
    """Let customers place orders until the killer is done; nobody's call goes unanswered."""
    is_over = threading.Event()
    customers = [customer(url, n * NUMBERS_EACH + 1, is_over) for n in range(CUSTOMERS)]
    with ThreadPoolExecutor(CUSTOMERS) as threads:
        running = [threads.submit(each.run) for each in customers]
        try:
            kill(customers, is_over)
        finally:
            is_over.set()
    for each in running:
        each.result()
    return customers


def placed(customers: list[Customer]) -> int:
    return sum(1 for customer in customers for _, step in customer.acknowledged if step == "ship")


def killing(
    rng: random.Random, kill_one: Callable[[list[C]], None]
) -> Callable[[list[C], threading.Event], None]:
    """Kill one after the other for a while, until some have been lost."""

    def run(customers: list[C], is_over: threading.Event) -> None:
        began = time.monotonic()
        # A slow machine gets later to where something has been lost.
        while time.monotonic() < began + SECONDS or sum(each.lost for each in customers) <= 3:
            assert time.monotonic() < began + SECONDS + PATIENCE_S, "nothing is lost"
            is_over.wait(rng.uniform(0.001, 0.02))
            kill_one(customers)

    return run


def test_connections_terminated_by_the_server(shop: str, rng: random.Random) -> None:
    open_shop(shop)
    with keeper(shop) as killer:

        def kill_one(_: list[Customer]) -> None:
            victims = killer.execute(VICTIMS).fetchall()
            if victims:
                killer.execute(TERMINATE, [rng.choice(victims).pid])

        customers = orders_while(shop, killing(rng, kill_one), Customer)
    assert_once(shop, placed(customers))


def test_connections_lost_by_the_client(shop: str, rng: random.Random) -> None:
    """The server goes on with a call that nobody waits for while its repetition arrives."""
    open_shop(shop)

    def kill_one(customers: list[Customer]) -> None:
        connection = rng.choice(customers).connection
        try:
            descriptor = os.dup(connection.fileno()) if connection else -1
        except (psycopg.OperationalError, OSError):
            # It has been lost already.
            return
        if descriptor >= 0:
            with socket.socket(fileno=descriptor) as lost:
                lost.shutdown(socket.SHUT_RDWR)

    customers = orders_while(shop, killing(rng, kill_one), Customer)
    assert_once(shop, placed(customers))


def test_processes_killed(shop: str, rng: random.Random) -> None:
    """Three clients at a time are killed after so many orders, then their last one is repeated."""
    open_shop(shop)
    program = [sys.executable, str(Path(__file__).with_name("load.py")), shop]
    total = 0
    for round_ in range(12 if LONG else 2):
        firsts = [(round_ * 3 + n) * NUMBERS_EACH + 1 for n in range(3)]
        clients = [
            subprocess.Popen([*program, str(first)], stdout=subprocess.PIPE, text=True)
            for first in firsts
        ]
        last = {
            first: kill_after(client, rng.randint(1, 60))
            for first, client in zip(firsts, clients, strict=True)
        }
        assert_never_twice(shop)
        with connected(shop, 3) as connections:
            for connection, (first, number) in zip(connections, last.items(), strict=True):
                repeat(connection, Order(number))
                total += number - first + 1
    assert_once(shop, total)


def kill_after(client: subprocess.Popen[str], lines: int) -> int:
    """Kill a client after it has said so much; return the order that it was about to place."""
    assert client.stdout is not None
    with client, client.stdout:
        said = [client.stdout.readline() for _ in range(lines)]
        client.kill()
        said += client.stdout.readlines()
    begun = [
        int(line.split()[1]) for line in said if line.startswith("begin ") and line[-1] == "\n"
    ]
    return begun[-1]


def repeat(connection: Connection, order: Order) -> None:
    held = attempt(connection, order.reserve)
    assert attempt(connection, lambda c: order.commit(c, held.rows)).is_done
    assert attempt(connection, lambda c: order.ship(c, held.rows)).is_done


def kill_backend(own: Server) -> None:
    """Kill one session the hard way: the server ends all others and recovers by itself."""
    with keeper(own.dsn) as killer:
        (victim, *_) = killer.execute(VICTIMS).fetchall()
        os.kill(victim.pid, signal.SIGKILL)
        with pytest.raises(psycopg.OperationalError):
            killer.execute("select pg_sleep(%s)", [PATIENCE_S])


def stop_immediately(own: Server) -> None:
    os.kill(int(own.postmaster()[0]), signal.SIGQUIT)
    wait_until(lambda: not own.is_alive())


def kill_postmaster(own: Server) -> None:
    os.kill(int(own.postmaster()[0]), signal.SIGKILL)
    wait_until(lambda: not own.is_alive())


def test_servers_killed(own_server: Server, tmp_path: Path) -> None:
    """What was acknowledged before the server died is there afterwards."""
    migrate = [sys.executable, "-m", "dbtool", "migrate", "--database-url", own_server.dsn]
    done = subprocess.run(migrate, capture_output=True, text=True, cwd=PROJECT)
    assert done.returncode == 0, done.stdout + done.stderr
    url = own_server.dsn
    open_shop(url)

    def kill(customers: list[Customer], _: threading.Event) -> None:
        for how in (kill_backend, stop_immediately, kill_postmaster):
            wait_for_answers(customers, 25)
            how(own_server)
            before = [list(customer.acknowledged) for customer in customers]
            server.start(tmp_path)
            wait_until(lambda: takes_connections(url))
            assert_acknowledged(url, before)
            check(url)

    customers = orders_while(url, kill, Customer)
    assert sum(customer.lost for customer in customers) > 3
    assert_once(url, placed(customers))
    check(url)


def wait_for_answers(customers: Sequence[Customer], more: int) -> None:
    def answers() -> int:
        return sum(len(customer.acknowledged) for customer in customers)

    goal = answers() + more
    wait_until(lambda: answers() >= goal)


def takes_connections(url: str) -> bool:
    try:
        connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def wait_until(condition: Callable[[], bool]) -> None:
    """Return when it is so: a server that is down tells nobody, it has to be asked."""
    patience = threading.Event()
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        patience.wait(0.01)


def assert_acknowledged(url: str, before: list[list[tuple[int, str]]]) -> None:
    keys = {row.key for row in ask(url, "select key from core.idempotency_keys")}
    missing = {Order(n).key(step) for each in before for n, step in each} - keys
    assert not missing
