-- A function is public (definer, and granted to a role) or a helper (invoker, granted to nobody).
-- The checks that dbtool installs are called by the public functions beside them.
select
    'error' as level,
    n.nspname || '.' || p.proname as object,
    case
        when p.prosecdef then 'lends the rights of its owner, but is granted to nobody'
        else 'is granted to ' || g.roles || ', but runs with the rights of its caller'
    end as message,
    'Public is security definer with a grant; a helper is security invoker without.' as hint
from pg_catalog.pg_proc as p
inner join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
cross join lateral (
    select string_agg(pg_get_userbyid(a.grantee), ', ' order by a.grantee) as roles
    from aclexplode(p.proacl) as a
    where a.grantee not in (0, p.proowner)
) as g
where n.nspname = any(current_setting('dbtool.schemas')::text[])
and p.prosecdef <> (g.roles is not null)
and not (n.nspname = 'ops' and p.proname ~ '^(health|invariant)_' and g.roles is null);
