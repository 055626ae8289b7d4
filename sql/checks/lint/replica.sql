-- The comment of a public function ends by saying whether it may be called on a read replica.
select
    'error' as level,
    n.nspname || '.' || p.proname as object,
    'does not say whether it may run on a replica' as message,
    'End its comment with "Replica: yes." or "Replica: no (writes)."' as hint
from pg_catalog.pg_proc as p
inner join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
where n.nspname = any(current_setting('dbtool.schemas')::text[])
and exists (select from aclexplode(p.proacl) as a where a.grantee not in (0, p.proowner))
and coalesce(obj_description(p.oid, 'pg_proc'), '') !~ 'Replica:\s+(yes|no\s+\([^)]+\))\.\s*$';
