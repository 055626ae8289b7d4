"""A good folder of SQL, and for each rule about files how it is broken and how it is mended."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

GOOD = {
    "dbtool.toml": 'name = "acme"\nowner = "acme_owner"\nschemas = ["acme", "ops"]\n',
    "migrations/V1__Things.sql": """\
-- Things.

create schema acme authorization acme_owner;

set local role acme_owner;

create table acme.things (
    thing_id bigint generated always as identity,
    constraint things_pkey primary key (thing_id)
);
""",
    "migrations/U1__Things.sql": "set local role acme_owner;\n\ndrop schema acme cascade;\n",
    "migrations/U2__Change.sql": "set local role acme_owner;\n\nselect 1;\n",
    "migrations/V2__Change.sql": "set local role acme_owner;\n\nselect 1;\n",
    "functions/acme/error_codes.sql": """\
create or replace view acme.error_codes with (security_barrier = true) as
select 'SHX01'::text as sqlstate;

comment on view acme.error_codes is 'The codes.';
grant select on acme.error_codes to acme_service;
""",
    "functions/acme/count_things.sql": """\
-- Count.
create or replace function acme.count_things(p_limit bigint)
returns bigint
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
begin
    if p_limit < 0 then
        raise exception 'no' using errcode = 'SHX01',
              hint = 'Ask for more.';
    end if;
    return (select count(*) from acme.things);
end;
$function$;

comment on function acme.count_things(bigint) is
'Counts. Replica: yes.';
grant execute on function acme.count_things(bigint) to acme_service;
""",
    "tests/acme/count_things.sql": """\
-- case: refuses less than nothing
select throws_ok('select acme.count_things(-1)', 'SHX01');
""",
}
COUNT = "functions/acme/count_things.sql"
CHANGE = "migrations/V2__Change.sql"
CODES = "functions/acme/error_codes.sql"
TEST = "tests/acme/count_things.sql"
COMMENT = "comment on function acme.count_things(bigint) is\n'Counts. Replica: yes.';\n"
GRANT = "grant execute on function acme.count_things(bigint) to acme_service;\n"
BODY = "    return (select count(*) from acme.things);\n"


class Example(NamedTuple):
    """Files that a rule finds fault with once, and files that it lets pass; "" is no file."""

    rule: str
    bad: dict[str, str]
    good: dict[str, str]


def file(rule: str, path: str, bad: str, good: str = "") -> Example:
    """Return an example of one file; without a good text it is the folder as it was."""
    return Example(rule, {path: bad}, {path: good} if good else {})


def change(rule: str, bad: str, good: str, head: str = "set local role acme_owner;\n\n") -> Example:
    """Return an example of a migration."""
    return file(rule, CHANGE, f"{head}{bad}\n", f"{head}{good}\n")


def body(rule: str, bad: str, good: str) -> Example:
    """Return an example of the body of a function."""
    text = GOOD[COUNT]
    return file(rule, COUNT, text.replace(BODY, bad), text.replace(BODY, good))


def without(rule: str, path: str, part: str) -> Example:
    """Return an example that lacks a part of a good file."""
    return file(rule, path, GOOD[path].replace(part, ""))


EXAMPLES = (
    change("vacuum_full", "vacuum (full, analyze) acme.things;", "vacuum acme.things;"),
    change("vacuum_full", "cluster acme.things;", "analyze acme.things;"),
    change(
        "rewrite_storage",
        "alter table acme.things set unlogged;",
        "alter table acme.things set (fillfactor = 70);",
    ),
    change("rewrite_storage", "alter table acme.things set tablespace fast;", "select 1;"),
    change("lock_table", "lock table acme.things in exclusive mode;", "select 'lock table';"),
    change(
        "grant_to_public",
        "grant select on acme.things\nto a, public;",
        "grant select on acme.things to a; revoke all on acme.things from public;",
    ),
    change(
        "disable_trigger",
        "alter table acme.things disable trigger all;",
        "alter table acme.things enable trigger all;",
    ),
    change(
        "disable_trigger", "set local session_replication_role = replica;\nselect 1;", "select 1;"
    ),
    change(
        "refresh_blocking",
        "refresh materialized view acme.totals;",
        "refresh materialized view concurrently acme.totals;",
    ),
    change(
        "missing_on_delete",
        "create table acme.parts (a int, b int, foreign key (a, b) references acme.wholes (a, b));",
        "create table acme.parts (a int, b int,\n"
        "foreign key (a, b) references acme.wholes (a, b) on update cascade on delete cascade,\n"
        "c int references acme.wholes on delete restrict);",
    ),
    change(
        "unbatched_write",
        "update acme.things as t set thing_id = 1;",
        "create table acme.parts (a int);\nupdate acme.parts as p set a = 1;",
    ),
    change(
        "unbatched_write",
        "delete from acme.things where thing_id = 1;",
        "insert into acme.things default values;",
    ),
    change(
        "hidden_ddl",
        "do $do$ begin execute 'create table acme.x (a int)'; end; $do$;",
        "do $do$ begin execute 'create role acme_service'; -- no create table here\nend; $do$;",
    ),
    change("hidden_ddl", "do $do$ begin delete from acme.things; end; $do$;", "select 1;"),
    change(
        "placeholder",
        "comment on table acme.things is '${x}';",
        "comment on table acme.things is '$';",
    ),
    change("missing_role", "select 1;", "set local role acme_owner;\nselect 1;", head=""),
    change(
        "missing_role",
        "select 1;\nset local role acme_owner;",
        "set local role acme_owner;",
        head="",
    ),
    change(
        "missing_role",
        "create index concurrently a_idx on acme.things (thing_id); ",
        "-- dbtool: no-transaction\ncreate index concurrently a_idx on acme.things (thing_id);",
        head="",
    ),
    change(
        "body_in_migration",
        "create function acme.one() returns int return 1;\n"
        "comment on function acme.one() is '';\ngrant execute on function acme.one() to a;",
        "create function acme.one() returns int return 1;\n"
        "create table acme.ones (a int check (a = acme.one()));",
    ),
    change("body_in_migration", "create view acme.ones as select 1 as one;", "select 1;"),
    file("missing_undo", "migrations/U2__Change.sql", ""),
    Example(
        "missing_undo",
        {"migrations/U2__Change.sql": "", "migrations/U2__Chnage.sql": "select 1;\n"},
        {},
    ),
    file("unusable_file", "migrations/V04__Gap.sql", "select 1;\n"),
    file("unusable_file", CHANGE, "begin;\nselect 1;\n"),
    file("unusable_file", CHANGE, "-- dbtool: no-transactions\nselect 1;\n"),
    file("unusable_file", "functions/acme/b.sql", "create table acme.b ();\n"),
    change(
        "set_search_path", "set local search_path = acme;\nselect 1;", "select 'set search_path';"
    ),
    body("select_star", "    perform 1 from (select * from acme.things as t) as x;\n", BODY),
    body(
        "dynamic_sql",
        "    execute 'select 1 from ' || p_name;\n",
        "    execute format('select %I', 'a' || p_name) using p_name || 'x';\n",
    ),
    body(
        "swallowed_error",
        "    begin\n        return 1;\n    exception\n        when others then\n"
        "            return 0;\n    end;\n",
        "    begin\n        return 1;\n    exception\n        when others then\n"
        "            perform 1;\n            raise;\n        when no_data then\n"
        "            return 0;\n    end;\n",
    ),
    body("unqualified_name", "    return (select count(*) from things);\n", BODY),
    body(
        "unqualified_name",
        "    update things set a = 1;\n",
        "    with t as (select 1 as a), u (b) as not materialized (select 2)\n"
        "    update acme.things as x set a = t.a from t join u on true\n"
        "    where extract(epoch from now()) > extract(year from a) and a is distinct from b;\n"
        "    select a into v_a from unnest(p_as) as a for update skip locked;\n"
        "    insert into acme.things select 1 from generate_series(1, 2)\n"
        "    on conflict do update set a = 2;\n",
    ),
    body("form", "    RETURN 1;\n", "    return E'A' || 'B' || U&'C'; -- THE END\n"),
    body("form", "   return 1;\n", "    return 1;\n"),
    body("form", "    return 1; \n", "    return 1;\n"),
    body("form", "    return\t1;\n", "    return 1;\n"),
    body("form", f"    return {'1' * 100};\n", f"    return {'1' * 88};\n"),
    Example("file_name", {COUNT: "", "functions/acme/count.sql": GOOD[COUNT]}, {}),
    Example("file_name", {COUNT: "", "functions/ops/count_things.sql": GOOD[COUNT]}, {}),
    Example("file_name", {COUNT: GOOD[COUNT] + GOOD[CODES], CODES: ""}, {}),
    without("missing_comment", COUNT, COMMENT),
    without("missing_grant", COUNT, GRANT),
    without("missing_grant", CODES, "grant select on acme.error_codes to acme_service;\n"),
    file("missing_test", TEST, ""),
    body(
        "error_code",
        "    perform core.refuse('SHX02', '{}');\n",
        "    perform core.refuse('SHX01', '{}');\n",
    ),
    file("error_code", TEST, "-- case: a\nselect pass('SHX01');\n"),
)


def write(root: Path, changed: dict[str, str]) -> Path:
    """Write the good folder with some files changed, those with "" left out."""
    for name, text in (GOOD | changed).items():
        if text:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return root
