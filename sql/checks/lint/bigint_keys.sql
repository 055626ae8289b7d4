-- Keys that count up are bigint: two thousand million orders end an integer.
select
    'error' as level,
    n.nspname || '.' || c.relname || '.' || a.attname as object,
    'a key that is ' || format_type(a.atttypid, a.atttypmod) as message,
    'Make it bigint, and what refers to it.' as hint
from pg_catalog.pg_attribute as a
inner join pg_catalog.pg_class as c on c.oid = a.attrelid
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any(current_setting('dbtool.schemas')::text[])
and c.relkind in ('r', 'p', 'f')
and not c.relispartition
and a.attnum > 0
and not a.attisdropped
and a.atttypid in ('int2'::regtype, 'int4'::regtype)
and (a.attidentity <> '' or a.attname like '%\_id');
