-- Every table has a primary key.
select
    'error' as level,
    n.nspname || '.' || c.relname as object,
    'has no primary key' as message,
    'constraint ' || c.relname || '_pkey primary key (...): repairs name rows by it.' as hint
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any(current_setting('dbtool.schemas')::text[])
and c.relkind in ('r', 'p')
and not c.relispartition
and not exists (
    select from pg_catalog.pg_constraint as k where k.conrelid = c.oid and k.contype = 'p'
);
