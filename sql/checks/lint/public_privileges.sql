-- PUBLIC has no right on schemas, tables, views, columns, sequences and functions.
with granted as (
    select n.nspname as object, a.privilege_type, a.grantee
    from pg_catalog.pg_namespace as n
    cross join lateral aclexplode(n.nspacl) as a
    where n.nspname = any(current_setting('dbtool.schemas')::text[])
    union all
    select c.relnamespace::regnamespace || '.' || c.relname, a.privilege_type, a.grantee
    from pg_catalog.pg_class as c
    cross join lateral aclexplode(c.relacl) as a
    where c.relnamespace::regnamespace::text = any(current_setting('dbtool.schemas')::text[])
    union all
    select
        c.relnamespace::regnamespace || '.' || c.relname || '.' || t.attname,
        a.privilege_type,
        a.grantee
    from pg_catalog.pg_attribute as t
    inner join pg_catalog.pg_class as c on c.oid = t.attrelid
    cross join lateral aclexplode(t.attacl) as a
    where c.relnamespace::regnamespace::text = any(current_setting('dbtool.schemas')::text[])
    union all
    -- Without an ACL of its own a function has the built-in one, which lets everybody in.
    select p.pronamespace::regnamespace || '.' || p.proname, a.privilege_type, a.grantee
    from pg_catalog.pg_proc as p
    cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
    where p.pronamespace::regnamespace::text = any(current_setting('dbtool.schemas')::text[])
)

select
    'error' as level,
    g.object,
    'PUBLIC has ' || string_agg(g.privilege_type, ', ' order by g.privilege_type) as message,
    'Revoke it; of functions: alter default privileges for role ... revoke execute on functions'
    || ' from public, without "in schema".' as hint
from granted as g
where g.grantee = 0
group by g.object;
