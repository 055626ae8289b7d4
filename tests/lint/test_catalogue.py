"""Each rule about the catalogue: a bad object is found once, and no longer when it is mended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from dbtool import lint
from dbtool.config import Source, packaged_sql
from dbtool.errors import FileError, SqlError

Connect = Callable[..., psycopg.Connection[Any]]

SCHEMAS = ("acme", "orders", "inventory", "events", "ops")
BASE = """
do $roles$
begin
    create role lint_owner;
exception when duplicate_object or unique_violation then
    null;
end;
$roles$;
do $roles$
begin
    create role lint_service;
exception when duplicate_object or unique_violation then
    null;
end;
$roles$;
create schema acme authorization lint_owner;
create schema orders authorization lint_owner;
create schema inventory authorization lint_owner;
create schema events authorization lint_owner;
create schema ops authorization lint_owner;
comment on schema acme is 'A.';
comment on schema orders is 'O.';
comment on schema inventory is 'I.';
comment on schema events is 'E.';
comment on schema ops is 'X.';
set role lint_owner;
alter default privileges revoke execute on functions from public;
create table acme.things (
    thing_id bigint generated always as identity,
    name text not null,
    constraint things_pkey primary key (thing_id),
    constraint things_name_key unique (name)
);
comment on table acme.things is 'Things.';
comment on column acme.things.thing_id is 'Key.';
comment on column acme.things.name is 'Name.';
comment on index acme.things_pkey is 'For acme.find_thing, and foreign keys.';
comment on index acme.things_name_key is 'For acme.find_thing.';
create view acme.thing_list with (security_barrier) as select thing_id, name from acme.things;
comment on view acme.thing_list is 'Things. Replica: yes.';
grant select on acme.thing_list to lint_service;
create function acme.find_thing(p_name text) returns bigint language sql stable
security definer set search_path = pg_catalog, pg_temp
as 'select thing_id from acme.things where name = p_name';
comment on function acme.find_thing(text) is 'Finds. Replica: yes.';
grant execute on function acme.find_thing(text) to lint_service;
create function acme.helper(p_name text) returns text language sql immutable
return pg_catalog.lower(p_name);
comment on function acme.helper(text) is 'Lowers.';
create function ops.health_things() returns bigint language sql stable
security definer set search_path = pg_catalog, pg_temp as 'select 1';
comment on function ops.health_things() is 'Counts.';
"""
FIND = "alter function acme.find_thing(text)"
# Rule, how it is broken, the object found, how it is mended.
EXAMPLES = (
    ("search_path", f"{FIND} reset search_path", "acme.find_thing",
     f"{FIND} set search_path = pg_catalog, pg_temp"),
    ("search_path", f"{FIND} set search_path = ''", "acme.find_thing",
     f"{FIND} set search_path = pg_catalog, pg_temp"),
    ("search_path", f"{FIND} set search_path = acme, pg_catalog, pg_temp", "acme.find_thing",
     f"{FIND} set search_path = pg_catalog, pg_temp"),
    ("function_security", f"{FIND} security invoker", "acme.find_thing",
     f"{FIND} security definer"),
    ("function_security", "alter function acme.helper(text) security definer", "acme.helper",
     "alter function acme.helper(text) security invoker"),
    ("function_security", "grant execute on function ops.health_things() to lint_service;"
     " alter function ops.health_things() security invoker", "ops.health_things",
     "alter function ops.health_things() security definer"),
    ("public_privileges", f"grant {'execute on function acme.helper(text)'} to public",
     "acme.helper", "revoke execute on function acme.helper(text) from public"),
    ("public_privileges", "grant usage on schema acme to public", "acme",
     "revoke usage on schema acme from public"),
    ("public_privileges", "grant select, insert on acme.things to public", "acme.things",
     "revoke all on acme.things from public"),
    ("public_privileges", "grant select (name) on acme.things to public", "acme.things.name",
     "revoke select (name) on acme.things from public"),
    ("public_privileges", "reset role; create function acme.theirs() returns int return 1",
     "acme.theirs", "revoke execute on function acme.theirs() from public"),
    ("table_privileges", "grant select on acme.things to lint_service", "acme.things",
     "revoke select on acme.things from lint_service"),
    ("table_privileges", "grant update (name) on acme.things to lint_service", "acme.things",
     "revoke update (name) on acme.things from lint_service"),
    ("table_privileges", "grant usage on sequence acme.things_thing_id_seq to lint_service",
     "acme.things_thing_id_seq",
     "revoke usage on sequence acme.things_thing_id_seq from lint_service"),
    ("table_privileges", "grant insert on acme.thing_list to lint_service", "acme.thing_list",
     "revoke insert on acme.thing_list from lint_service"),
    ("uncommented", "comment on schema acme is null", "acme", "comment on schema acme is 'A.'"),
    ("uncommented", "comment on table acme.things is null", "acme.things",
     "comment on table acme.things is 'A.'"),
    ("uncommented", "comment on column acme.things.name is ' '", "acme.things.name",
     "comment on column acme.things.name is 'A.'"),
    ("uncommented", "comment on index acme.things_pkey is null", "acme.things_pkey",
     "comment on index acme.things_pkey is 'A.'"),
    ("uncommented", "comment on view acme.thing_list is null", "acme.thing_list",
     "comment on view acme.thing_list is 'A.'"),
    ("uncommented", "comment on function acme.helper(text) is null", "acme.helper",
     "comment on function acme.helper(text) is 'A.'"),
    ("uncommented", "create trigger _100_same before update on acme.things for each row"
     " execute function suppress_redundant_updates_trigger()", "acme.things._100_same",
     "comment on trigger _100_same on acme.things is 'A.'"),
    ("uncommented", "create domain acme.word as text", "acme.word",
     "comment on domain acme.word is 'A.'"),
    ("foreign_key_index", "create table acme.parts (part_id bigint, a bigint, thing_id bigint"
     " constraint parts_thing_id_fkey references acme.things);"
     " create index on acme.parts (a, thing_id); create index on acme.parts (thing_id) where a = 1",
     "acme.parts.parts_thing_id_fkey", "create index on acme.parts (thing_id, a)"),
    ("foreign_key_index", "create table acme.pairs (a bigint, b bigint, primary key (a, b));"
     " create table acme.halves (a bigint, b bigint,"
     " constraint halves_pair_fkey foreign key (a, b) references acme.pairs)",
     "acme.halves.halves_pair_fkey", "create index on acme.halves (b, a) include (a)"),
    ("foreign_key_index", "create table acme.pairs (a bigint, b bigint, primary key (a, b));"
     " create table acme.halves (a bigint, b bigint,"
     " constraint halves_pair_fkey foreign key (a, b) references acme.pairs)",
     "acme.halves.halves_pair_fkey", "alter table acme.halves add primary key (a)"),
    ("foreign_key_index", "alter table acme.things add parent_id bigint"
     " constraint things_parent_id_fkey references acme.things",
     "acme.things.things_parent_id_fkey",
     "create index on acme.things (parent_id) where parent_id is not null"),
    ("family_keys", "create table orders.orders (order_id bigint primary key);"
     " create table inventory.inventory (order_id bigint"
     " constraint inventory_order_id_fkey references orders.orders)",
     "inventory.inventory.inventory_order_id_fkey",
     "alter table inventory.inventory drop constraint inventory_order_id_fkey"),
    ("family_keys", "create table inventory.inventory_reservations (thing_id bigint"
     " constraint inventory_reservations_thing_id_fkey references acme.things)",
     "inventory.inventory_reservations.inventory_reservations_thing_id_fkey",
     "alter table inventory.inventory_reservations"
     " drop constraint inventory_reservations_thing_id_fkey;"
     " create table inventory.inventory (thing_id bigint references acme.things)"),
    ("duplicate_index", "create index things_name_idx on acme.things (name)",
     "acme.things_name_idx", "drop index acme.things_name_idx"),
    ("duplicate_index", "create index things_low_idx on acme.things (lower(name)) where name > 'a';"
     " create index things_low_again_idx on acme.things (lower(name)) where name > 'a'",
     "acme.things_low_again_idx", "drop index acme.things_low_idx;"
     " create index things_low_idx on acme.things (lower(name)) where name > 'b'"),
    ("primary_key", "create table acme.loose (a int)", "acme.loose",
     "alter table acme.loose add primary key (a)"),
    *(("column_types", f"alter table acme.things add odd {name}", "acme.things.odd",
       "alter table acme.things drop column odd; alter table acme.things add odd jsonb[]")
      for name in ("timestamp", "timetz", "json", "char(3)", "money", "bigserial", "json[]")),
    ("column_types", "create type acme.mood as enum ('ok');"
     " alter table acme.things add odd acme.mood", "acme.things.odd",
     "alter table acme.things alter odd type text"),
    ("bigint_keys", "create table acme.small (small_id integer generated always as identity)",
     "acme.small.small_id", "alter table acme.small alter small_id type bigint"),
    ("bigint_keys", "alter table acme.things add other_id smallint", "acme.things.other_id",
     "alter table acme.things alter other_id type bigint; alter table acme.things add n integer"),
    ("view_security", "create or replace view acme.thing_list with (security_barrier = false) as"
     " select thing_id, name from acme.things", "acme.thing_list",
     "alter view acme.thing_list set (security_barrier)"),
    ("ownership", "reset role; create table acme.theirs ()", "acme.theirs",
     "alter table acme.theirs owner to lint_owner"),
    ("ownership", "reset role; alter function acme.helper(text) owner to current_user",
     "acme.helper", "alter function acme.helper(text) owner to lint_owner"),
    ("index_purpose", "comment on index acme.things_pkey is 'For acme.find_thin.'",
     "acme.things_pkey", "comment on index acme.things_pkey is 'For acme.thing_list.'"),
    ("index_purpose", "comment on index acme.things_pkey is 'For speed, e.g.reading.'",
     "acme.things_pkey", "comment on index acme.things_pkey is 'For a foreign key.'"),
    ("replica", "comment on function acme.find_thing(text) is 'Finds. Replica: maybe.'",
     "acme.find_thing",
     "comment on function acme.find_thing(text) is 'Finds. Replica: no\n(writes).'"),
    ("overloads", "create function acme.helper(p_a integer) returns integer return p_a",
     "acme.helper", "drop function acme.helper(integer)"),
    ("names", "alter table acme.things add constraint named_by_hand check (name > '')",
     "acme.things.named_by_hand", "alter table acme.things rename constraint named_by_hand"
     " to things_name_is_not_empty_check"),
    ("names", "create unique index things_upper_idx on acme.things (upper(name))",
     "acme.things.things_upper_idx",
     "alter index acme.things_upper_idx rename to things_upper_key"),
    ("names", "create trigger same before update on acme.things for each row"
     " execute function suppress_redundant_updates_trigger()", "acme.things.same",
     "alter trigger same on acme.things rename to _100_same"),
    ("not_valid", "alter table acme.things add constraint things_name_check check (name > '')"
     " not valid", "acme.things.things_name_check",
     "alter table acme.things validate constraint things_name_check"),
    ("parameter_names", "create function acme.other(name text) returns int return 1", "acme.other",
     "drop function acme.other(text)"),
    ("parameter_names", "create function acme.other(integer) returns int return 1", "acme.other",
     "drop function acme.other(integer); create function acme.other(p_a int, out b int)"
     " returns int return 1"),
)  # fmt: skip


@pytest.fixture
def base(connect: Connect, server_url: str) -> psycopg.Connection[Any]:
    """A transaction with a schema that no rule finds fault with."""
    connection = connect(server_url)
    connection.execute(BASE)
    return connection


def found(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    source = Source("acme", Path("acme"), SCHEMAS, "lint_owner")
    packaged = Source("shop", packaged_sql(), ("shop",), "shop_owner")
    return [(row.rule, row.object) for row in lint.catalogue(connection, source, [packaged])]


def test_the_base_has_no_findings(base: psycopg.Connection[Any]) -> None:
    assert found(base) == []


@pytest.mark.parametrize(
    ("rule", "bad", "thing", "fixed"), EXAMPLES, ids=[f"{e[0]}-{e[2]}" for e in EXAMPLES]
)
def test_bad_is_found_once_and_fixed_is_not(
    base: psycopg.Connection[Any], rule: str, bad: str, thing: str, fixed: str
) -> None:
    base.execute(bad)
    assert [one for one in found(base) if one[0] == rule] == [(rule, thing)]
    base.execute(fixed)
    assert [one for one in found(base) if one[0] == rule] == []


def test_partitions_are_as_good_as_their_parent(base: psycopg.Connection[Any]) -> None:
    base.execute("""
        create table acme.logs (
            log_id bigint not null,
            thing_id bigint not null,
            constraint logs_pkey primary key (log_id),
            constraint logs_thing_id_fkey foreign key (thing_id) references acme.things
        ) partition by range (log_id);
        comment on table acme.logs is 'Logs.';
        comment on column acme.logs.log_id is 'Key.';
        comment on column acme.logs.thing_id is 'Thing.';
        create index logs_thing_id_idx on acme.logs (thing_id);
        comment on index acme.logs_pkey is 'For acme.find_thing.';
        comment on index acme.logs_thing_id_idx is 'For the foreign key.';
        create table acme.logs_p1 partition of acme.logs for values from (0) to (10);
        create table acme.logs_rest partition of acme.logs default;
    """)
    assert found(base) == []


@pytest.mark.parametrize(
    ("query", "error", "words"),
    [
        ("select\n    nothing;\n", SqlError, r"odd\.sql:2:5: .*42703"),
        ("select 1 as level;\n", FileError, "its columns are not level, object, message, hint"),
        ("comment on schema acme is 'A.';\n", FileError, "its columns are not"),
    ],
)
def test_a_malformed_query_is_an_error(
    base: psycopg.Connection[Any], tmp_path: Path, query: str, error: type[Exception], words: str
) -> None:
    (tmp_path / "checks/lint").mkdir(parents=True)
    (tmp_path / "checks/lint/odd.sql").write_text(query)
    source = Source("acme", tmp_path, SCHEMAS, "lint_owner")
    with pytest.raises(error, match=words):
        list(lint.catalogue(base, source, [source]))
