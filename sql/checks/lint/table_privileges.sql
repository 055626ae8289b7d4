-- Only the owner has rights on tables and sequences; others read views, and write by functions.
with granted as (
    select c.oid, a.grantee, a.privilege_type
    from pg_catalog.pg_class as c
    cross join lateral aclexplode(c.relacl) as a
    union all
    select c.oid, a.grantee, a.privilege_type || ' of ' || t.attname
    from pg_catalog.pg_attribute as t
    inner join pg_catalog.pg_class as c on c.oid = t.attrelid
    cross join lateral aclexplode(t.attacl) as a
)

select
    'error' as level,
    n.nspname || '.' || c.relname as object,
    pg_get_userbyid(g.grantee) || ' has '
    || string_agg(g.privilege_type, ', ' order by g.privilege_type) as message,
    'Grant select on a view, or execute on a function.' as hint
from granted as g
inner join pg_catalog.pg_class as c on c.oid = g.oid
inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any(current_setting('dbtool.schemas')::text[])
and g.grantee not in (0, c.relowner)
and not (c.relkind in ('v', 'm') and g.privilege_type like 'SELECT%')
group by n.nspname, c.relname, g.grantee;
