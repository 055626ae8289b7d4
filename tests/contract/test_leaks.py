"""Nothing that customers may not see comes out of anything that their applications may use.

A role that is a member of the customer-facing service roles reads every view and calls every
function, and looks for the words and figures of secrets.sql in rows and errors alike. What it may
use is taken from the catalogue, so that a new view or function is tried without being named here.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from contract_support import READS, WRITES, Connection

SECRETS = Path(__file__).with_name("secrets.sql")
CUSTOMER = "contract_test_customer"
# A new service has to be put on one of the two sides.
FACING = {"account", "cart", "core", "inventory", "orders", "payment", "product"}
BEHIND = {"audit", "events", "ops"}

# The random number of an order may have a group that ends in QZ.
SECRET = re.compile(r"(?<![a-z0-9])qz-[a-z0-9-]+|4321\.0\d", re.IGNORECASE)
STOCK = "stock is counted, kept and sent back of what no longer sells; of that the SKU is shown"
OWN = "users see what they have written themselves"
# What may show a secret, which one, and why.
ALLOWED: dict[str, tuple[str, str]] = {
    "inventory.movement_list": ("qz-[a-z]+-sku", STOCK),
    "inventory.stock_levels": ("qz-[a-z]+-sku", STOCK),
    "inventory.stock_totals": ("qz-[a-z]+-sku", STOCK),
    "account.export_user": ("qz-(hidden|rejected|pending|old)-.*", OWN),
    "product.get_user_reviews": ("qz-(hidden|rejected|pending|old)-.*", OWN),
}

SERVICES = "select rolname from pg_roles where rolname ~ '_service$' order by 1"
# Not what PostgreSQL and its extensions bring, nor the assertions of the SQL tests.
OURS = """
    n.nspname not in ('pg_catalog', 'information_schema', 'tap') and n.nspname !~ '^pg_temp'
    and not exists (
        select from pg_depend as d where d.objid = {object}.oid and d.deptype = 'e'
    )
"""
RELATIONS = f"""
select n.nspname || '.' || c.relname
from pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f')
and has_schema_privilege(%(role)s, n.oid, 'usage')
and has_any_column_privilege(%(role)s, c.oid, 'select')
and {OURS.format(object="c")}
order by 1
"""
COLUMNS = """
select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
from pg_attribute as a
where a.attrelid = %(name)s::regclass and a.attnum > 0 and not a.attisdropped
and has_column_privilege(%(role)s, a.attrelid, a.attnum, 'select')
"""
FUNCTIONS = f"""
select
    n.nspname || '.' || p.proname, p.pronargdefaults,
    coalesce(p.proargnames[1 : p.pronargs], '{{}}'),
    array(
        select t.type::regtype::text
        from unnest(p.proargtypes::oid[]) with ordinality as t (type, place)
        order by t.place
    )
from pg_proc as p
inner join pg_namespace as n on n.oid = p.pronamespace
where p.prokind = 'f' and p.prorettype <> 'trigger'::regtype
and has_schema_privilege(%(role)s, n.oid, 'usage')
and has_function_privilege(%(role)s, p.oid, 'execute')
and {OURS.format(object="p")}
order by 1
"""
KEYS = """
select jsonb_build_object(
    'bigint', array(
        select p.product_id from product.products as p where p.name ~ '^Qz|^QZ|^Shown'
        union select v.variant_id from product.variants as v where v.sku ~ '^QZ|^SHOWN'
        union select r.review_id from product.product_reviews as r where r.title ~ '^Qz'
        union select r.user_id from product.product_reviews as r where r.title ~ '^Qz'
    ),
    'uuid', array(
        select p.public_id from product.products as p where p.name ~ '^Qz|^QZ|^Shown'
        union select r.public_id from product.product_reviews as r where r.title ~ '^Qz'
    ),
    'hidden', (
        select r.public_id from product.product_reviews as r where r.title = 'Qz-hidden-title'
    )
)
"""
CODES = ["QZ-DRAFT", "QZ-OLD", "SHOWN"]
SOLD = ["QZ-DRAFT-SKU", "QZ-OLD-SKU", "QZ-OFF-SKU", "SHOWN-S"]
SLUGS = ["qz-draft-slug", "qz-old-slug", "qz-attic"]
WORDS = ["qz", "QZ-DRAFT-name", "Qz-off-variant", "qz-old-tag", "QZ-SUPPLIER"]
# Values of parameters by their names; those of others go by the type alone.
NAMED: dict[str, list[Any]] = {
    "p_currency": ["EUR"],
    "p_customer_group": [None, "trade"],
    "p_idempotency_key": [None],
    "p_sku": SOLD,
    "p_code": [*CODES, None],
    "p_slug": [*SLUGS, "kitchen"],
    "p_query": [*WORDS, *SOLD, *CODES, None],
    "p_quantity": [1],
    "p_skus": [SOLD],
}
FILTERS = [
    {"category": "kitchen"},
    {"category": "qz-attic"},
    {"tags": ["qz-old-tag"]},
    {"tags": ["qz-draft-tag"]},
    {"attributes": {"QZ-OLD-option": ["QZ-OLD-value"]}},
    {"price_from": 4321, "price_to": 4322},
]
MOST = 120  # calls of one function with one set of arguments
# The words of the calls in contract_support.py that stand for a product or a category.
PLAIN = re.compile(r"\b(MUG|POT|NEW|JAR|JAM|LAST|TRAY-S|TRAY)\b")
PLAIN_SLUG = re.compile(r"\b(tray|kitchen|pans|empty)\b")

# Each has to be found by the test below.
LEAKS = {
    "product.leaky_view": """
        create view product.leaky_view as select p.name from product.products as p;
        grant select on product.leaky_view to product_service
    """,
    "cart.leaky_column": """
        create view cart.leaky_column as
        select s.name, 1 as one from inventory.inventory_suppliers as s;
        grant select (name) on cart.leaky_column to cart_service
    """,
    "inventory.supplier_items": "grant select on inventory.supplier_items to inventory_service",
    "core.leaky_to_all": """
        create view core.leaky_to_all as select r.body from product.product_reviews as r;
        grant select on core.leaky_to_all to public
    """,
    "product.leaky_code": """
        create function product.leaky_code(p_code text) returns text
        language sql security definer
        begin atomic
            select p.name from product.products as p where p.code = p_code;
        end;
        grant execute on function product.leaky_code(text) to product_service
    """,
    "cart.leaky_key": """
        create function cart.leaky_key(p_any bigint, p_how text default null) returns jsonb
        language sql security definer
        begin atomic
            select jsonb_agg(r.title) from product.product_reviews as r where r.user_id = p_any;
        end;
        grant execute on function cart.leaky_key(bigint, text) to cart_service
    """,
    "product.leaky_option": """
        create function product.leaky_option(p_limit integer, p_public_id uuid default null)
        returns table (name text)
        language sql security definer
        begin atomic
            select p.name from product.products as p where p.public_id = p_public_id;
        end;
        grant execute on function product.leaky_option(integer, uuid) to product_service
    """,
    "product.leaky_error": """
        create function product.leaky_error(p_items jsonb) returns void
        language plpgsql security definer as $$
        begin
            raise exception 'no' using detail = (
                select string_agg(p.name, ' ')
                from product.products as p
                inner join product.variants as v on v.product_id = p.product_id
                where v.sku = p_items -> 0 ->> 'sku'
            );
        end;
        $$;
        grant execute on function product.leaky_error(jsonb) to product_service
    """,
    "inventory.leaky_cost": """
        create function inventory.leaky_cost(p_skus text[]) returns numeric[]
        language sql security definer
        begin atomic
            select array_agg(i.cost)
            from inventory.supplier_items as i
            inner join product.variants as v on v.variant_id = i.variant_id
            where v.sku = any (p_skus);
        end;
        grant execute on function inventory.leaky_cost(text[]) to inventory_service
    """,
}


@pytest.fixture
def customer(shop_floor: Connection, handles: dict[str, str]) -> dict[str, str]:
    """Fill the shop with secrets and make the role; return the handles of calls."""
    shop_floor.execute(SECRETS.read_text().encode())
    shop_floor.execute(f"create role {CUSTOMER}".encode())
    for service in sorted(FACING):
        shop_floor.execute(f"grant {service}_service to {CUSTOMER}".encode())
    return handles


def found(name: str, said: str, asked: str) -> set[str]:
    """Return the secrets in what was said that are neither in what was asked nor allowed."""
    known = {word.lower() for word in SECRET.findall(asked)}
    pattern = ALLOWED.get(name, ("", ""))[0]
    return {
        word
        for word in {word.lower() for word in SECRET.findall(said)} - known
        if not re.fullmatch(pattern, word)
    }


def answer(connection: Connection, query: str, arguments: Any = None) -> str:
    """Run a query as the customer's application; return its rows or its error. Nothing is kept."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(f"set local role {CUSTOMER}".encode())
            rows = connection.execute(query.encode(), arguments).fetchall()
            return " ".join(str(value) for row in rows for value in row)
    except psycopg.Error as error:
        diagnosis = error.diag
        parts = (diagnosis.message_primary, diagnosis.message_detail, diagnosis.message_hint)
        return " ".join(part for part in parts if part)


def candidates(name: str, kind: str, keys: dict[str, Any]) -> list[Any]:
    if name in NAMED:
        return NAMED[name]
    if name == "p_owner":
        return ["session:cart", *(f"user:{key}" for key in keys["bigint"])]
    if kind in ("text", "character varying"):
        return [*CODES, *SOLD, *SLUGS, *WORDS, None]
    if kind in ("bigint", "integer", "smallint", "numeric"):
        return [*keys["bigint"], 1] if kind != "integer" else [1, 20]
    if kind == "uuid":
        return [*keys["uuid"]]
    if kind == "text[]":
        return [CODES, SOLD, SLUGS]
    if kind == "bigint[]":
        return [keys["bigint"]]
    if kind == "jsonb":
        return [
            json.dumps(value)
            for value in (
                *([{"sku": sku}] for sku in SOLD),
                [{"sku": "SHOWN-S", "quantity": 1}],
                *([{"code": code}] for code in CODES),
                *([{"slug": slug}] for slug in SLUGS),
                [{"public_id": key} for key in keys["uuid"]],
                [{"product_id": key} for key in keys["bigint"]],
                *FILTERS,
            )
        ]
    if kind == "boolean":
        return [True, False]
    return [None]


def calls(row: tuple[Any, ...], keys: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Build calls with everything that could stand for a secret, one option at a time."""
    name, defaults, names, kinds = row
    required = len(kinds) - defaults
    values = [
        candidates(parameter, kind, keys)
        for parameter, kind in itertools.zip_longest(names, kinds, fillvalue="")
    ]
    places = [f"%s::{kind}" for kind in kinds[:required]]
    for option in (None, *range(required, len(kinds))):
        more = [] if option is None else [f"{names[option]} => %s::{kinds[option]}"]
        query = f"select r::text from {name}({', '.join(places + more)}) as r"
        chosen = values[:required] + ([] if option is None else [values[option]])
        # The option first: of a call with many combinations all of its values are tried.
        for combination in itertools.islice(itertools.product(*reversed(chosen)), MOST):
            yield query, list(reversed(combination))


def leaks(connection: Connection, handles: dict[str, str]) -> dict[str, set[str]]:
    """Look for secrets in everything that the customer's application may use."""
    ((keys,),) = connection.execute(KEYS).fetchall()
    hidden = dict.fromkeys(("praise", "waiting"), keys["hidden"])
    seen: dict[str, set[str]] = {}
    role = {"role": CUSTOMER}
    for (name,) in connection.execute(RELATIONS.encode(), role).fetchall():
        ((columns,),) = connection.execute(COLUMNS, {**role, "name": name}).fetchall()
        said = answer(connection, f"select {columns} from {name}")
        seen.setdefault(name, set()).update(found(name, said, ""))
    for row in connection.execute(FUNCTIONS.encode(), role).fetchall():
        name = row[0]
        asked: list[tuple[str, Any]] = list(calls(row, keys))
        known = WRITES[name].arguments if name in WRITES else READS.get(name)
        if known is not None:
            # A call that succeeds, with something secret in the place of what anybody may see.
            for instead, slug in zip((*SOLD[:3], *CODES), SLUGS * 2, strict=True):
                turned = PLAIN.sub(instead, PLAIN_SLUG.sub(slug, known))
                query = f"select r::text from {name}({turned}) as r"
                asked += [(query, handles), (query, {**handles, **hidden})]
        for query, arguments in asked:
            said = answer(connection, query, arguments)
            seen.setdefault(name, set()).update(found(name, said, f"{query} {arguments}"))
    return {name: words for name, words in seen.items() if words}


def test_each_service_faces_customers_or_does_not(shop_floor: Connection) -> None:
    roles = {role for (role,) in shop_floor.execute(SERVICES).fetchall()}
    assert roles == {f"{service}_service" for service in FACING | BEHIND}


def test_customers_see_no_secret(shop_floor: Connection, customer: dict[str, str]) -> None:
    assert not leaks(shop_floor, customer)


def test_what_leaks_is_found(shop_floor: Connection, customer: dict[str, str]) -> None:
    for leak in LEAKS.values():
        shop_floor.execute(leak.encode())
    assert leaks(shop_floor, customer).keys() == LEAKS.keys()
