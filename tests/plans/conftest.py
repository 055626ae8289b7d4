"""A shop with 100,000 variants and orders, and every plan of every public function in it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest
from plans_support import AVOID_SCANS, SIZE, TURNS, Connection, Run, Watch, flows

# Loading ends with a vacuum. An automatic analyze at that moment would keep it from cleaning up
# what was changed last, and a later one would change the plans: it comes when it likes.
NO_AUTOVACUUM = """
do $$
begin
    execute (
        select string_agg(
            format('alter table %s set (autovacuum_enabled = false)', c.oid::regclass), '; '
        )
        from pg_class as c
        where c.relowner = 'shop_owner'::regrole and c.relkind = 'r'
    );
end;
$$
"""


@pytest.fixture(scope="session")
def large_shop(server_url: str, shop_template: str) -> Iterator[Connection]:
    """Yield a shop with 100,000 rows or more in each table that grows."""
    name = f"plans_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as maintenance:
        maintenance.execute(f"create database {name} template {shop_template}".encode())
        url = server_url.replace("dbname=postgres", f"dbname={name}")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(NO_AUTOVACUUM)
            flows.load(connection, SIZE.variants, lambda done: None)
            flows.load_orders(connection, SIZE.variants, 1, SIZE.orders, lambda done: None)
            yield connection
        maintenance.execute(f"drop database {name} with (force)".encode())


@pytest.fixture(scope="session")
def run(large_shop: Connection) -> Run:
    """Run every flow, and keep every plan."""
    found = Run()
    known = flows.read_flows()
    found.called = {each.function for flow in known for each in flow.steps}
    with Watch(large_shop, found) as watch:

        def begin(statement: str) -> None:
            watch.statement = statement

        def perform(number: int, turn: int) -> None:
            def note(function: str, ms: float, refused: str) -> None:
                if refused:
                    found.refused.append(f"{known[number].title}: {function} {refused}")

            values = flows.values(SIZE, f"plan{number}", turn)
            flows.perform(large_shop, known[number], values, note, begin)

        for number in range(len(known)):
            for turn in range(1, TURNS + 1):
                perform(number, turn)
        watch.is_forced = True
        large_shop.execute(AVOID_SCANS)
        for number in range(len(known)):
            perform(number, TURNS + 1)
        large_shop.execute("reset enable_seqscan")
    return found
