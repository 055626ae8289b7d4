-- Everything that psql describes has a comment: tables, columns, indexes, functions, triggers.
with ours as (
    select n.oid, n.nspname
    from pg_catalog.pg_namespace as n
    where n.nspname = any(current_setting('dbtool.schemas')::text[])
),

relations as (
    select c.oid, c.relkind, n.nspname || '.' || c.relname as object
    from pg_catalog.pg_class as c
    inner join ours as n on n.oid = c.relnamespace
    -- A partition says what its parent says.
    where not c.relispartition
),

things as (
    select 'schema' as kind, n.nspname as object, obj_description(n.oid, 'pg_namespace') as comment
    from ours as n
    union all
    select
        case
            when r.relkind in ('i', 'I') then 'index'
            when r.relkind = 'v' then 'view'
            when r.relkind = 'm' then 'materialized view'
            when r.relkind = 'c' then 'type'
            else 'table'
        end,
        r.object,
        obj_description(r.oid, 'pg_class')
    from relations as r
    where r.relkind in ('r', 'p', 'f', 'v', 'm', 'i', 'I')
    union all
    select 'column', r.object || '.' || a.attname, col_description(r.oid, a.attnum)
    from relations as r
    inner join pg_catalog.pg_attribute as a on a.attrelid = r.oid
    where r.relkind in ('r', 'p', 'f', 'm')
    and a.attnum > 0
    and not a.attisdropped
    union all
    select 'function', n.nspname || '.' || p.proname, obj_description(p.oid, 'pg_proc')
    from pg_catalog.pg_proc as p
    inner join ours as n on n.oid = p.pronamespace
    union all
    select 'trigger', r.object || '.' || t.tgname, obj_description(t.oid, 'pg_trigger')
    from pg_catalog.pg_trigger as t
    inner join relations as r on r.oid = t.tgrelid
    where not t.tgisinternal
    union all
    select 'type', n.nspname || '.' || t.typname, obj_description(t.oid, 'pg_type')
    from pg_catalog.pg_type as t
    inner join ours as n on n.oid = t.typnamespace
    left join pg_catalog.pg_class as c on c.oid = t.typrelid
    where t.typtype in ('d', 'e') or c.relkind = 'c'
)

select
    'error' as level,
    t.object,
    'the ' || t.kind || ' has no comment' as message,
    'comment on ' || t.kind || ' ' || t.object || ' is ''What it means to a caller.''' as hint
from things as t
where coalesce(btrim(t.comment), '') = '';
