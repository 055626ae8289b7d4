"""Each service may call its own functions and read its own views; nobody may do anything else."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from contract_support import EDITED, READS, WRITES, Connect, Connection, call

SERVICES = (
    "account", "audit", "cart", "core", "events", "inventory", "ops", "orders", "payment",
    "product",
)  # fmt: skip
# Who sees costs, drafts and the like may do all that the service may.
EDITORS = {
    "inventory_editor": "inventory_service",
    "orders_editor": "orders_service",
    "payment_editor": "payment_service",
    "product_editor": "product_service",
}
# Limits are for operators to change, although their names are core's.
ELSEWHERE = {"core.set_business_rule": {"ops_service"}}
DENIED = "42501"

FUNCTIONS = """
select p.oid::regprocedure::text, n.nspname || '.' || p.proname, obj_description(p.oid, 'pg_proc')
from pg_proc as p
inner join pg_namespace as n on n.oid = p.pronamespace
where n.nspowner = 'shop_owner'::regrole and n.nspname <> 'dbtool'
-- Those of extensions belong to the server's superuser, and nobody may use their schema.
and not exists (
    select
    from pg_depend as d
    where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
)
"""
RELATIONS = """
select c.oid::regclass::text, n.nspname, c.relkind::text
from pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
where n.nspowner = 'shop_owner'::regrole and n.nspname <> 'dbtool'
and c.relkind in ('r', 'p', 'v', 'm', 'S')
"""
MAY_EXECUTE = "select has_function_privilege(%s, %s, 'execute')"
MAY_DO = """
select privilege
from unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'])
    as privilege
where has_table_privilege(%s, %s, privilege)
"""
MAY_USE_SEQUENCE = "select has_sequence_privilege(%s, %s, 'usage, select, update')"
MAY_ENTER = """
select n.nspname, has_schema_privilege(%(role)s, n.oid, 'usage')
from pg_namespace as n
where n.nspowner = 'shop_owner'::regrole and has_schema_privilege(%(role)s, n.oid, 'usage, create')
"""
MAY_CREATE = """
select n.nspname
from pg_namespace as n
where n.nspowner = 'shop_owner'::regrole and has_schema_privilege(%s, n.oid, 'create')
"""
OWNERS = """
select c.relname from pg_class as c where c.relowner = %(role)s::regrole
union all
select p.proname from pg_proc as p where p.proowner = %(role)s::regrole
"""
ATTRIBUTES = """
select r.rolname
from pg_roles as r
where r.rolname like any (array['shop\\_owner', '%\\_service', '%\\_editor'])
and (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolbypassrls or r.rolcanlogin)
"""
STRANGER = "contract_test_stranger"


ROLES = (*(f"{service}_service" for service in SERVICES), *EDITORS)


def schema_of(role: str) -> str:
    return role.rsplit("_", 1)[0]


def owners_of(name: str) -> set[str]:
    """Return the roles that may use a public object."""
    schema = name.split(".")[0]
    if name in EDITED:
        return {f"{schema}_editor"}
    everybody = {f"{service}_service" for service in SERVICES}
    owners = ELSEWHERE.get(name, everybody if schema == "core" else {f"{schema}_service"})
    return owners | {editor for editor, service in EDITORS.items() if service in owners}


def refusal(connection: Connection, name: str, query: str) -> str | None:
    """Run a query as a role; return the SQLSTATE of its refusal. Nothing is kept."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(f"set local role {name}".encode())
            connection.execute(query.encode())
    except psycopg.Error as error:
        return error.sqlstate
    return None


@pytest.mark.parametrize("role", ROLES)
def test_a_service_calls_its_functions_and_no_others(
    role: str, shop_floor: Connection, handles: dict[str, str]
) -> None:
    calls = {name: wanted.arguments for name, wanted in WRITES.items()} | READS
    refused = set()
    for name, arguments in calls.items():
        try:
            with shop_floor.transaction(force_rollback=True):
                shop_floor.execute(f"set local role {role}".encode())
                call(shop_floor, name, arguments, handles)
        except psycopg.errors.InsufficientPrivilege:
            refused.add(name)
    assert refused == {name for name in calls if role not in owners_of(name)}


def test_nobody_executes_what_is_not_public(shop_floor: Connection) -> None:
    for signature, name, comment in shop_floor.execute(FUNCTIONS).fetchall():
        is_public = comment and "Replica:" in comment
        allowed = {
            role
            for role in ROLES
            if shop_floor.execute(MAY_EXECUTE, (role, signature)).fetchone() == (True,)
        }
        assert allowed == (owners_of(name) if is_public else set()), signature


@pytest.mark.parametrize("role", ROLES)
def test_a_service_reads_its_views_and_touches_no_table(role: str, shop_floor: Connection) -> None:
    relations = shop_floor.execute(RELATIONS).fetchall()
    assert {kind for _, _, kind in relations} >= {"r", "p", "v", "S"}
    for name, _, kind in relations:
        if kind == "S":
            may = shop_floor.execute(MAY_USE_SEQUENCE, (role, name)).fetchone()
            assert may == (False,), name
            continue
        rights = {right for (right,) in shop_floor.execute(MAY_DO, (role, name))}
        is_own = kind == "v" and role in owners_of(name)
        assert rights == ({"select"} if is_own else set()), name
        # Not the catalogue alone says so.
        wanted = None if is_own else DENIED
        assert refusal(shop_floor, role, f"select from {name} limit 1") == wanted, name
        assert refusal(shop_floor, role, f"delete from {name}") in (DENIED, "55000"), name


@pytest.mark.parametrize("role", ROLES)
def test_a_service_enters_its_schema_and_makes_nothing_there(
    role: str, shop_floor: Connection
) -> None:
    entered = {name for name, _ in shop_floor.execute(MAY_ENTER, {"role": role})}
    built = {name for _, name, _ in shop_floor.execute(RELATIONS).fetchall()} | {"ops"}
    assert entered == {schema_of(role), "core"} & built
    assert not shop_floor.execute(MAY_CREATE, (role,)).fetchall()
    assert not shop_floor.execute(OWNERS, {"role": role}).fetchall()


def test_the_roles_are_no_logins_and_have_no_attributes(shop_floor: Connection) -> None:
    assert not shop_floor.execute(ATTRIBUTES).fetchall()


def test_the_public_can_do_nothing(shop_floor: Connection) -> None:
    shop_floor.execute(f"create role {STRANGER}".encode())
    for signature, _, _ in shop_floor.execute(FUNCTIONS).fetchall():
        may = shop_floor.execute(MAY_EXECUTE, (STRANGER, signature)).fetchone()
        assert may == (False,), signature
    for name, _, kind in shop_floor.execute(RELATIONS).fetchall():
        if kind != "S":
            assert not shop_floor.execute(MAY_DO, (STRANGER, name)).fetchall(), name
        assert refusal(shop_floor, STRANGER, f"select from {name}") == DENIED, name
    assert not shop_floor.execute(MAY_ENTER, {"role": STRANGER}).fetchall()
    for query in (
        "select core.set_context('staff:anna')",
        "select inventory.get_stock(array['MUG'])",
        "table core.error_codes",
        "create table inventory.mine ()",
    ):
        assert refusal(shop_floor, STRANGER, query) == DENIED, query


# What an attacker with the role of a service puts in front of the names that functions use.
FORGERY = """
create function {place}.note(p_what text) returns void language plpgsql as $$
begin
    raise exception 'the forged % ran as %', p_what, current_user using errcode = 'ZZ001';
end;
$$;
create function {place}.jsonb_typeof(jsonb) returns text language sql
as $$ select {place}.note('jsonb_typeof')::text $$;
create function {place}.length(text) returns integer language sql
as $$ select {place}.note('length')::text::integer $$;
create function {place}.clock_timestamp() returns timestamptz language sql
as $$ select {place}.note('clock_timestamp')::text::timestamptz $$;
create function {place}.coalesce_equal(text, text) returns boolean language sql
as $$ select {place}.note('operator') is null $$;
create function {place}.bigint_equal(bigint, bigint) returns boolean language sql
as $$ select {place}.note('operator') is null $$;
create operator {place}.= (leftarg = text, rightarg = text, function = {place}.coalesce_equal);
create operator {place}.= (leftarg = bigint, rightarg = bigint, function = {place}.bigint_equal);
create operator {place}.~ (leftarg = text, rightarg = text, function = {place}.coalesce_equal);
create type {place}.timestamptz as (a integer);
create type {place}.jsonb as (a integer);
"""
FORGED_TABLES = """
create temporary table inventory (variant_id bigint);
create temporary table business_rules as select 'on_hand_max'::text as name, 1::numeric as value;
create temporary table variants as select 1::bigint as variant_id, 'MUG'::text as sku;
create temporary table pg_class (oid oid);
create temporary table pg_namespace (oid oid);
create temporary table pg_proc (oid oid);
"""
# A function as ours would be without a pinned path: the forged catalogue hides every table from it.
CARELESS = """
create function core.careless() returns bigint language sql security definer
as 'select count(*) from pg_class';
grant execute on function core.careless() to core_service;
"""
OWN_CALLS = {
    attacker: [name for name in WRITES if attacker in owners_of(name)]
    for attacker in (*EDITORS.values(), *EDITORS, "account_service", "cart_service", "ops_service")
}


@pytest.mark.parametrize("place", ["pg_temp", "attack"])
@pytest.mark.parametrize("attacker", OWN_CALLS)
def test_forged_names_fool_no_function(
    attacker: str, place: str, shop_floor: Connection, handles: dict[str, str]
) -> None:
    if place == "attack":
        shop_floor.execute(f"create schema attack authorization {attacker}".encode())
    reads = [name for name in READS if attacker in owners_of(name)]
    genuine = {
        name: call_and_undo(shop_floor, attacker, name, "pg_catalog", handles)
        for name in OWN_CALLS[attacker] + reads
    }
    shop_floor.execute(CARELESS)
    shop_floor.execute(f"set local role {attacker}".encode())
    shop_floor.execute(FORGED_TABLES.encode())
    shop_floor.execute(FORGERY.format(place=place).encode())
    shop_floor.execute("reset role")
    path = f"{place}, pg_catalog"
    shop_floor.execute(f"set local search_path = {path}".encode())
    assert shop_floor.execute("select core.careless()").fetchone() == (0,)
    for name, answer in genuine.items():
        rows = call_and_undo(shop_floor, attacker, name, path, handles)
        # What ops reports is the state of the moment: here, that an attack is on.
        assert rows == answer or name.startswith("ops."), name


# What any client may set, and what changes the meaning of a statement that does not expect it. Not
# the time zone, in which answers are meant to be.
SETTINGS = {
    "array_nulls": "off",
    "bytea_output": "escape",
    "DateStyle": "SQL, DMY",
    "default_text_search_config": "pg_catalog.german",
    "default_transaction_isolation": "serializable",
    "extra_float_digits": "-15",
    "IntervalStyle": "sql_standard",
    "plan_cache_mode": "force_generic_plan",
    "quote_all_identifiers": "on",
    "row_security": "off",
    "shop.actor": "x" * 5000,
    "shop.request_id": "'; drop",
    "shop.address": "nowhere",
    "standard_conforming_strings": "off",
    "transform_null_equals": "on",
    "xmloption": "document",
}


def test_settings_of_a_client_change_no_answer(
    shop_floor: Connection, handles: dict[str, str]
) -> None:
    def answers() -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in (*WRITES, *READS):
            if name.startswith("ops."):
                continue
            arguments = WRITES[name].arguments if name in WRITES else READS[name]
            with shop_floor.transaction(force_rollback=True):
                rows = shop_floor.execute(
                    f"select to_jsonb(r) from {name}({arguments}) as r".encode(), handles
                ).fetchall()
            found[name] = len(rows) if name in WRITES else rows
        return found

    genuine = answers()
    for name, value in SETTINGS.items():
        shop_floor.execute("select set_config(%s, %s, true)", (name, value))
    # Compiled anew, as in a session that begins with these settings.
    shop_floor.execute(
        """
        update pg_proc set prosrc = prosrc
        from pg_namespace as n
        where n.oid = pronamespace and n.nspowner = 'shop_owner'::regrole
        """
    )
    assert answers() == genuine


def call_and_undo(
    connection: Connection, caller: str, name: str, path: str, handles: dict[str, str]
) -> Any:
    arguments = WRITES[name].arguments if name in WRITES else READS[name]
    with connection.transaction(force_rollback=True):
        connection.execute(f"set local role {caller}".encode())
        connection.execute(f"set local search_path = {path}".encode())
        return len(call(connection, name, arguments, handles))


LEAK = """
create function pg_temp.leak(p_sku text) returns boolean language plpgsql cost 0.0001 as $$
begin
    raise notice 'seen %', p_sku;
    return true;
end;
$$
"""


def test_a_view_shows_a_cheap_function_no_row_that_it_hides(shop: str, connect: Connect) -> None:
    connection = connect(shop, autocommit=True)
    connection.execute(
        """select product.import_products('[
            {"sku": "SHOWN", "name": "A", "price": 1, "currency": "EUR"},
            {"sku": "HIDDEN", "name": "B", "price": 1, "currency": "EUR"}
        ]')"""
    )
    connection.execute("update product.variants set is_active = false where sku = 'HIDDEN'")
    seen: list[str | None] = []
    connection.add_notice_handler(lambda notice: seen.append(notice.message_primary))
    connection.execute("set role product_service")
    connection.execute(LEAK)
    connection.execute("select from product.variant_list as v where pg_temp.leak(v.sku)")
    assert seen == ["seen SHOWN"]
