-- Every view is a security barrier: else a function in the caller's WHERE sees what it hides.
select
    'error' as level,
    n.nspname || '.' || c.relname as object,
    'is no security barrier' as message,
    'create or replace view ... with (security_barrier = true) as' as hint
from pg_catalog.pg_class as c
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any(current_setting('dbtool.schemas')::text[])
and c.relkind = 'v'
and not coalesce(c.reloptions && array['security_barrier=true', 'security_barrier=on'], false);
