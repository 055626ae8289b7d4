"""What only editors may see is in no answer to anybody else: drafts, the archive, costs, suppliers.

Whatever is hidden has a name with "zz" in it, and a cost is an odd number. Every public function
that reads is asked for it by its name, and every view is read whole, by each role that may.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import placing_calls
import psycopg
import pytest
from contract_support import Connection

HIDDEN = """
select product.create_category('zz-archived', 'zz-archived');
select product.create_category('zz-below', 'zz-below', 'zz-archived');
select product.set_category_status('zz-archived', 'archived', 1);
select product.create_product(s.code, format('{
    "name": "%1$s tea", "description": "%1$s", "slug": "%1$s", "brand": "zz-brand tea",
    "tags": ["tea", "%1$s"], "category": "zz-below",
    "options": [{"name": "zz-option", "values": ["zz-value"]}],
    "specifications": [{"name": "zz-fact", "value": "zz-measure"}],
    "images": [{"url": "/%1$s.jpg"}]
}', s.code)::jsonb)
from unnest(array['zz-draft', 'zz-archive']) as s (code);
select product.create_variant(
    s.code, format('{"sku": "%1$s", "name": "%1$s", "options": {"zz-option": "zz-value"}}', s.code)
    ::jsonb, 1
)
from unnest(array['zz-draft', 'zz-archive']) as s (code);
select product.set_price(s.sku, 'EUR', 83911.37, 0)
from unnest(array['zz-draft', 'zz-archive']) as s (sku);
select product.set_product_status('zz-archive', 'active', 2);
select product.set_product_status('zz-archive', 'archived', 3);

-- What an active product keeps to itself.
select product.create_product('OPEN', '{
    "name": "Open tea", "category": "zz-below", "metadata": {"zz-key": "zz-metadata"},
    "suppliers": [{"supplier": "zz-supplier", "reference": "zz-reference"}]
}');
select product.create_variant('OPEN', '{"sku": "OPEN-1", "name": "Open tea"}', 1);
select product.set_price('OPEN-1', 'EUR', 5, 0);
select product.set_product_status('OPEN', 'active', 2);
select product.create_variant(
    'OPEN', '{"sku": "zz-inactive", "name": "zz", "is_active": false}', 3
);
select product.set_price('zz-inactive', 'EUR', 83911.37, 0);
select product.update_product(
    'OPEN', '{"images": [{"url": "/open.jpg"}, {"url": "/zz-inactive.jpg", "sku": "zz-inactive"}]}',
    4
);
select product.save_draft('OPEN', '{"name": "zz-change"}', 5, 0, 'zz-summary');

-- A review of each state but approved, and one of what is not shown any more.
select account.register_user(format('%s@example.com', s.status), 'zz-name')
from unnest(array['pending', 'rejected', 'hidden']) as s (status);
select product.submit_review(u.user_id, 'OPEN', 1, 'zz-title', 'zz-body', 'zz-author')
from account.users as u
where u.email like any (array['pending@%', 'rejected@%', 'hidden@%']);
select product.moderate_review(r.public_id, 'rejected', 1, 'zz-reason')
from product.product_reviews as r
inner join account.users as u on u.user_id = r.user_id and u.email like 'rejected@%';
select product.moderate_review(r.public_id, 'approved', 1)
from product.product_reviews as r
inner join account.users as u on u.user_id = r.user_id and u.email like 'hidden@%';
select product.moderate_review(r.public_id, 'hidden', 2, 'zz-reason')
from product.product_reviews as r
inner join account.users as u on u.user_id = r.user_id and u.email like 'hidden@%';

select inventory.set_supplier('ZZ-SUPPLIER', 'zz-supplier', 4, 0);
select inventory.set_supplier_item('ZZ-SUPPLIER', 'OPEN-1', 83911.37, 'EUR', 0);
"""
# How a caller would look for what is hidden, if each is one string.
NAMES = (
    "zz-draft", "zz-archive", "zz-inactive", "zz-archived", "zz-below", "zz-change",
    "zz-supplier", "OPEN", "OPEN-1", "tea",
)  # fmt: skip
PROBES = {
    "cart.get_cart": "'session:probe'",
    "cart.validate_cart": "'session:probe'",
    "inventory.get_stock": "array[%(name)s]",
    "orders.get_order_timeline": "%(name)s, 'session:probe'",
    "product.get_category": "%(name)s",
    "product.get_prices": "jsonb_build_array(jsonb_build_object('sku', %(name)s::text)), 'EUR'",
    "product.get_product_details": "%(name)s, 'EUR'",
    "product.get_products": "jsonb_build_array(jsonb_build_object('code', %(name)s::text)), 'EUR'",
    "product.list_breadcrumb": "%(name)s",
    "product.list_subtree": "%(name)s",
    "product.search_products": "%(name)s, 'EUR', p_has_facets => true",
    **placing_calls.PROBES,
}
# What one has said oneself, in whatever state it is; and what has nothing of the catalogue.
APART = {"account.export_user", "account.get_password", "product.get_user_reviews"}
CUSTOMERS = ("product_service", "cart_service")
STAFF = ("inventory_service", "orders_service", "account_service")
SECRET = re.compile(r"zz-|83911[.]37", re.IGNORECASE)
# Whoever keeps stock sees all of it, sold or not; what it cost and who delivers, not.
SECRET_OF_STAFF = re.compile(
    r"zz-(supplier|reference|metadata|title|body|change)|83911[.]37", re.IGNORECASE
)
ADD = "select cart.add_item_to_cart('session:probe', %s, 1, 'EUR')"
VIEWS = """
select c.oid::regclass::text
from pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
where c.relowner = 'shop_owner'::regrole and c.relkind = 'v' and n.nspname <> 'dbtool'
and has_table_privilege(%(role)s, c.oid, 'select')
and has_schema_privilege(%(role)s, n.oid, 'usage')
"""
CALLABLE = """
select distinct n.nspname || '.' || p.proname
from pg_proc as p
inner join pg_namespace as n on n.oid = p.pronamespace
where n.nspname = any (array['product', 'cart', 'inventory', 'orders', 'account'])
and has_function_privilege(%(role)s, p.oid, 'execute')
and has_schema_privilege(%(role)s, n.oid, 'usage')
and obj_description(p.oid, 'pg_proc') ~ 'Replica:[[:space:]]+yes'
"""


@pytest.fixture
def stocked(shop_floor: Connection, handles: dict[str, str]) -> Connection:
    shop_floor.execute(HIDDEN)
    return shop_floor


def answers(connection: Connection, role: str, query: str, name: str) -> Iterator[str]:
    """Yield the rows, or the refusal without what the caller said."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(f"set local role {role}".encode())
            for (row,) in connection.execute(query.encode(), {"name": name}).fetchall():
                yield str(row)
    except psycopg.Error as error:
        said = f"{error.diag.message_primary} {error.diag.message_detail}"
        yield said.replace(name, "")


def leaks(connection: Connection, role: str, secret: re.Pattern[str]) -> list[str]:
    found = []
    functions = {name for (name,) in connection.execute(CALLABLE, {"role": role}).fetchall()}
    assert functions - APART <= PROBES.keys(), "what else reads has to be asked, too"
    for function in sorted(functions & PROBES.keys()):
        for name in NAMES:
            query = f"select to_jsonb(r) from {function}({PROBES[function]}) as r"
            found += [
                f"{function} {name}: {answer}"
                for answer in answers(connection, role, query, name)
                # What a search or a rule repeats is what the caller said.
                if secret.search(
                    answer.replace(f"'searched_for': '{name}'", "").replace(f"['{name}']", "")
                )
            ]
    for (view,) in connection.execute(VIEWS, {"role": role}).fetchall():
        query = f"select to_jsonb(r) from {view} as r"
        found += [
            f"{view}: {answer}"
            for answer in answers(connection, role, query, "")
            if secret.search(answer)
        ]
    return found


@pytest.mark.parametrize("role", CUSTOMERS)
def test_customers_see_nothing_that_is_hidden(role: str, stocked: Connection) -> None:
    assert not leaks(stocked, role, SECRET)


@pytest.mark.parametrize("role", STAFF)
def test_staff_see_no_costs_and_suppliers(role: str, stocked: Connection) -> None:
    assert not leaks(stocked, role, SECRET_OF_STAFF)


def test_editors_see_it_all(stocked: Connection) -> None:
    """The test would notice: to an editor the same questions show it."""
    shown = leaks_of_views(stocked, "product_editor") | leaks_of_views(stocked, "inventory_editor")
    for word in ("zz-draft", "zz-archive", "zz-inactive", "zz-metadata", "zz-title", "zz-change"):
        assert any(word in row for row in shown), word
    assert any("ZZ-SUPPLIER" in row and "83911.37" in row for row in shown)


def leaks_of_views(connection: Connection, role: str) -> set[str]:
    views = connection.execute(VIEWS, {"role": role}).fetchall()
    return {
        row
        for (view,) in views
        for row in answers(connection, role, f"select to_jsonb(r) from {view} as r", "")
    }


def test_a_cart_takes_nothing_that_is_hidden(stocked: Connection) -> None:
    stocked.execute("set local role cart_service")
    for sku in ("zz-draft", "zz-archive", "zz-inactive"):
        with pytest.raises(psycopg.Error) as raised, stocked.transaction():
            stocked.execute(ADD, [sku])
        assert raised.value.sqlstate in ("SHP01", "SHP02")
