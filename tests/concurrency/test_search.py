"""What two sessions change of one product at the same moment, the search finds both of."""

from __future__ import annotations

import pytest
from harness import ask, call, connected, keeper, start, tell, wait_until_blocked
from psycopg.types.json import Jsonb

IMPORT = """
select product.import_products(
    '[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]'
)
"""
RENAME = """
select product.import_products(
    '[{"sku": "MUG", "name": "Beaker", "product_name": "Beaker", "price": 7.5, "currency": "EUR"}]'
)
"""
ARCHIVE = "select * from product.set_product_status('MUG', 'archived', 1)"
PUBLISH = "select * from product.set_product_status('MUG', 'active', 2)"
PRICE = "select * from product.set_price('MUG', 'GBP', 600, 0)"
POPULAR = """
select * from product.bulk_set_popularity('[{"product": "MUG", "popularity": 64}]')
"""
FOUND = """
select h.hit ->> 'name' as name, h.hit ->> 'price' as price
from jsonb_array_elements(
    product.search_products(%s, 'GBP', '{"price_from": 500}') -> 'hits'
) as h (hit)
"""


@pytest.mark.parametrize(("edit", "word"), [(RENAME, "beaker"), (PUBLISH, "mug"), (POPULAR, "mug")])
@pytest.mark.parametrize("is_price_first", [True, False], ids=["price first", "edit first"])
def test_a_price_and_an_edit_at_once_are_both_found(
    shop: str, edit: str, word: str, is_price_first: bool
) -> None:
    tell(shop, IMPORT)
    if edit is PUBLISH:
        tell(shop, ARCHIVE)
    jobs = [call(PRICE), call(edit)] if is_price_first else [call(edit), call(PRICE)]
    with connected(shop, 2, role="product_editor") as (one, other), keeper(shop) as observer:
        with one.transaction():
            jobs[0](one)
            waiting = start(other, jobs[1])
            wait_until_blocked(observer, waiting, one)
        assert waiting.outcome().is_done
    assert ask(shop, FOUND, word) == [(word.capitalize(), "600.0000")]


def test_two_imports_of_the_same_new_words_do_not_deadlock(shop: str) -> None:
    first = [{"sku": "A", "name": "zebra apple"}, {"sku": "B", "name": "mango"}]
    texts = [
        ", ".join(
            f'{{"sku": "{row["sku"]}{n}", "name": "{row["name"]}", "price": 1, "currency": "EUR"}}'
            for row in (first if n else reversed(first))
        )
        for n in range(2)
    ]
    imports = [call("select product.import_products(%s::jsonb)", f"[{text}]") for text in texts]
    with connected(shop, 2, role="product_editor") as (one, other), keeper(shop) as observer:
        with one.transaction():
            imports[0](one)
            waiting = start(other, imports[1])
            wait_until_blocked(observer, waiting, one)
        assert waiting.outcome().is_done


THREE = [{"sku": sku, "name": sku, "price": 1, "currency": "EUR"} for sku in ("P1", "P2", "P3")]
ALL_POPULAR = [{"product": row["sku"], "popularity": 9} for row in THREE]
NEW_PRICES = "select * from product.bulk_update_prices(%s)"
# What comes to the last product before it comes to the first one.
TWO_STEPS = {
    "import": (
        "select * from product.import_products(%s)",
        [
            {"sku": "P1", "name": "P1", "product_name": "Mug", "price": 1, "currency": "EUR"},
            {"sku": "P3", "name": "P3", "price": 900, "currency": "EUR"},
        ],
    ),
    "prices": (
        NEW_PRICES,
        [
            {"sku": "P1", "price": 900, "currency": "GBP"},
            {"sku": "P3", "price": 900, "currency": "EUR"},
        ],
    ),
}
HOLD = """
select from product.search_documents as d
inner join product.products as p on p.product_id = d.product_id
where p.code = 'P2' for update of d
"""


@pytest.mark.parametrize("change", TWO_STEPS)
def test_documents_are_locked_in_one_order(shop: str, change: str) -> None:
    """Whoever comes to a document in two ways has locked all of its documents before."""
    query, rows = TWO_STEPS[change]
    tell(shop, "select product.import_products(%s)", Jsonb(THREE))
    with connected(shop, 2, role="product_editor") as (one, other), keeper(shop) as observer:
        with keeper(shop) as holder, holder.transaction():
            holder.execute(HOLD)
            popular = start(one, call("select product.bulk_set_popularity(%s)", Jsonb(ALL_POPULAR)))
            wait_until_blocked(observer, popular, holder)
            changing = start(other, call(query, Jsonb(rows)))
            wait_until_blocked(observer, changing, one)
        assert popular.outcome().sqlstate == "done"
        assert changing.outcome().sqlstate == "done"
