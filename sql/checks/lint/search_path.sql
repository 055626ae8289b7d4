-- The search_path of every function is pinned to pg_catalog, pg_temp.
-- A SQL-standard body needs none: its names are bound when it is made.
select
    'error' as level,
    n.nspname || '.' || p.proname as object,
    coalesce('its search_path is ' || s.value, 'its search_path is the caller''s') as message,
    'set search_path = pg_catalog, pg_temp' as hint
from pg_catalog.pg_proc as p
inner join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
left join lateral (
    select substr(c.setting, length('search_path=') + 1) as value
    from unnest(p.proconfig) as c (setting)
    where c.setting like 'search\_path=%'
) as s on true
where n.nspname = any(current_setting('dbtool.schemas')::text[])
and p.prosqlbody is null
and p.prokind <> 'a'
and s.value is distinct from 'pg_catalog, pg_temp';
