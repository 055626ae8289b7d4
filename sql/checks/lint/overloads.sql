-- No two functions have one name: a call with a null or a literal would find either.
select
    'error' as level,
    n.nspname || '.' || p.proname as object,
    'there are ' || count(*) || ': '
    || string_agg(p.oid::regprocedure::text, ' and ' order by p.oid) as message,
    'Drop the old one in a migration, or give the new one a name of its own.' as hint
from pg_catalog.pg_proc as p
inner join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
where n.nspname = any(current_setting('dbtool.schemas')::text[])
group by n.nspname, p.proname
having count(*) > 1;
