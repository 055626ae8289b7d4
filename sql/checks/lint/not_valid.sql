-- No constraint is left NOT VALID, and no index INVALID: neither says anything about the rows.
select
    'error' as level,
    t.relnamespace::regnamespace || '.' || t.relname || '.' || k.conname as object,
    'is NOT VALID' as message,
    'alter table ... validate constraint ' || k.conname || ', in a later migration.' as hint
from pg_catalog.pg_constraint as k
inner join pg_catalog.pg_class as t on t.oid = k.conrelid
where t.relnamespace::regnamespace::text = any(current_setting('dbtool.schemas')::text[])
and not k.convalidated
union all
select
    'error',
    c.relnamespace::regnamespace || '.' || c.relname,
    'is INVALID',
    'Drop it concurrently and build it again.'
from pg_catalog.pg_index as i
inner join pg_catalog.pg_class as c on c.oid = i.indexrelid
where c.relnamespace::regnamespace::text = any(current_setting('dbtool.schemas')::text[])
and not i.indisvalid;
