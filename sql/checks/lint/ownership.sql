-- Everything belongs to one role that nobody can log in as.
with things as (
    select n.nspname as object, n.nspowner as owner
    from pg_catalog.pg_namespace as n
    where n.nspname = any(current_setting('dbtool.schemas')::text[])
    union all
    select c.relnamespace::regnamespace || '.' || c.relname, c.relowner
    from pg_catalog.pg_class as c
    where c.relnamespace::regnamespace::text = any(current_setting('dbtool.schemas')::text[])
    and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
    union all
    select p.pronamespace::regnamespace || '.' || p.proname, p.proowner
    from pg_catalog.pg_proc as p
    where p.pronamespace::regnamespace::text = any(current_setting('dbtool.schemas')::text[])
    union all
    select t.typnamespace::regnamespace || '.' || t.typname, t.typowner
    from pg_catalog.pg_type as t
    where t.typnamespace::regnamespace::text = any(current_setting('dbtool.schemas')::text[])
    and t.typtype in ('d', 'e', 'r')
)

select
    'error' as level,
    t.object,
    'belongs to ' || pg_get_userbyid(t.owner) || ', not to '
    || current_setting('dbtool.owner') as message,
    'set local role ' || current_setting('dbtool.owner') || ' before it is made.' as hint
from things as t
where pg_get_userbyid(t.owner) <> current_setting('dbtool.owner');
