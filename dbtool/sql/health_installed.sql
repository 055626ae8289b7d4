-- Which checks are installed and may be called.
--
-- From the catalogue: naming the function would already need the right to look into its schema.
select substr(p.proname, length('health_') + 1)
from pg_catalog.pg_proc as p
inner join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
inner join pg_catalog.pg_proc as f
    on f.pronamespace = n.oid and f.proname = 'check_database_health'
where n.nspname = 'ops'
and p.proname like 'health\_%'
and p.pronargs = 0
and has_schema_privilege(n.oid, 'usage')
and has_function_privilege(f.oid, 'execute')
