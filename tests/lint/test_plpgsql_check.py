"""Other people's linter reads every function: what planning alone does not show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg

Connect = Callable[..., psycopg.Connection[Any]]

AVAILABLE = "select from pg_available_extensions where name = 'plpgsql_check'"
# Literals that start as text are cast when a block begins: 42804 tells of each.
FINDINGS = """
select f.oid::regprocedure::text, c.level, c.lineno, c.message
from pg_proc as f
inner join pg_language as l on l.oid = f.prolang
left join pg_trigger as t on t.tgfoid = f.oid and not t.tgisinternal
cross join lateral plpgsql_check_function_tb(
    f.oid, coalesce(t.tgrelid, 0), extra_warnings => false, performance_warnings => false,
    oldtable => t.tgoldtable, newtable => t.tgnewtable
) as c
where l.lanname = 'plpgsql'
and pg_get_userbyid(f.proowner) = 'shop_owner'
and c.sqlstate <> '42804'
order by 1, 3
"""


def test_plpgsql_check_finds_nothing(connect: Connect, shop: str) -> None:
    with connect(shop) as connection:
        # PostgreSQL 15 has it in CI; the wheel of PostgreSQL 18 comes without.
        if connection.execute(AVAILABLE).fetchone() is not None:
            connection.execute("create extension plpgsql_check")
            found = connection.execute(FINDINGS).fetchall()
            assert found == []
            connection.execute(
                "create function core.typo() returns void language plpgsql as"
                " $$ begin perform core.no_such_function(); end $$"
            )
            connection.execute("alter function core.typo() owner to shop_owner")
            assert "no_such_function" in str(connection.execute(FINDINGS).fetchall())
