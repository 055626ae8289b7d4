"""What product pages and the editors' list read of a catalogue of 100,000 variants."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

CATALOGUE = Path(__file__).with_name("many_products.sql")
LARGE = 1000  # rows; a table of fewer may be read as a whole
HUNDRED = """
select g.* from product.get_products((
    select jsonb_agg(jsonb_build_object('code', 'P-' || n)) from generate_series(2, 101) as n
), 'EUR') as g
"""
# How many rows each of them returns.
READS = {
    "select product.get_product_details('P-2', 'EUR')": 1,
    "select product.get_product_details('P-2', 'EUR', 'trade', 'known')": 1,
    "select product.get_product_details(null, 'EUR', p_slug => 'p-19999')": 1,
    "select product.get_product_details(null, 'EUR', p_public_id => '{public_id}')": 1,
    HUNDRED: 100,
    """select product.get_products('[
        {{"slug": "p-2"}}, {{"public_id": "{public_id}"}}, {{"product_id": 7}}
    ]', 'EUR')""": 3,
    "select product.list_products_admin('EUR')": 20,
    "select product.list_products_admin('EUR', p_limit => 100, p_cursor => 'code:P-5')": 100,
    "select product.list_products_admin('EUR', 'draft', p_cursor => 'code:P-5')": 20,
    "select product.list_products_admin('EUR', 'archived', p_sort => 'updated_at')": 20,
    "select product.list_products_admin('EUR', p_sort => 'updated_at', p_limit => 100)": 100,
    """select product.list_products_admin(
        'EUR', p_sort => 'updated_at', p_cursor => 'updated_at:1767252000000000:7'
    )""": 20,
    "select product.list_products_admin('EUR', null, 'category-100')": 20,
    "select product.list_products_admin('EUR', 'draft', 'category-101', 'updated_at')": 20,
    "select product.list_products_admin('EUR', null, 'category-1', 'updated_at')": 20,
}
# Of this transaction alone; an index that is read as a whole counts as much as its table.
READ_AS_A_WHOLE = """
select s.relid::regclass::text
from pg_stat_xact_user_tables as s
where s.seq_scan > 0 and (
    select c.reltuples from pg_class as c where c.oid = s.relid
) > %s
"""
ROWS_READ = """
select coalesce(sum(s.seq_tup_read + s.idx_tup_fetch), 0)
from pg_stat_xact_user_tables as s
where s.relid = %s::regclass
"""
ALL_ROWS_READ = """
select sum(s.seq_tup_read + s.idx_tup_fetch)::bigint from pg_stat_xact_user_tables as s
"""
PUBLIC_ID = "select p.public_id from product.products as p where p.code = 'P-3'"

Connect = Callable[..., psycopg.Connection[Any]]


def test_no_page_reads_a_large_table_as_a_whole(shop: str, connect: Connect) -> None:
    connection = connect(shop, autocommit=True)
    connection.execute(CATALOGUE.read_text().encode())
    ((public_id,),) = connection.execute(PUBLIC_ID).fetchall()

    def read(query: str, report: str, *arguments: object) -> tuple[int, list[Any]]:
        # What was counted before is no longer counted as this transaction's.
        connection.execute("select pg_stat_force_next_flush()")
        with connection.transaction():
            rows = connection.execute(query.format(public_id=public_id).encode()).rowcount
            return rows, [found for (found,) in connection.execute(report.encode(), arguments)]

    careless = "select p.code from product.products as p where p.description = ''"
    assert read(careless, READ_AS_A_WHOLE, LARGE) == (0, ["product.products"])
    for query, rows in READS.items():
        assert read(query, READ_AS_A_WHOLE, LARGE) == (rows, []), query
        # Of a hundred products a few rows each, wherever in the catalogue they are.
        (touched,) = read(query, ALL_ROWS_READ)[1]
        assert touched <= 5000, query

    # 10,000 reviews of this one are hidden, and nobody looks at them.
    (opinions,) = read(
        "select product.get_product_details('P-2', 'EUR')", ROWS_READ, "product.product_reviews"
    )[1]
    assert opinions == 10
    # The editors' list has the rating without a look at any, and the sales from one row a variant.
    listed = "select product.list_products_admin('EUR')"
    assert read(listed, ROWS_READ, "product.product_reviews")[1] == [0]
    assert read(listed, ROWS_READ, "orders.variant_sales")[1] == [20 * 5]
    assert read(listed, ROWS_READ, "orders.order_items")[1] == [0]
