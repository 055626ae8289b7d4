-- Parameters are called p_...: in SQL functions a column of the same name silently wins.
select
    'error' as level,
    n.nspname || '.' || p.proname as object,
    'parameter ' || coalesce(nullif(a.name, ''), 'number ' || a.position)
    || ' is not called p_...' as message,
    'Name it p_ and what it is.' as hint
from pg_catalog.pg_proc as p
inner join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
cross join lateral (
    select i.position, p.proargnames[i.position] as name
    from generate_series(1, coalesce(cardinality(p.proallargtypes), p.pronargs)) as i (position)
    where coalesce(p.proargmodes[i.position], 'i') in ('i', 'b', 'v')
) as a
where n.nspname = any(current_setting('dbtool.schemas')::text[])
and coalesce(a.name, '') not like 'p\_%';
