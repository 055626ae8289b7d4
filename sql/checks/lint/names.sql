-- Constraints, indexes and triggers are named by the convention: <table>_<what>_<kind>.
with named as (
    select
        t.oid,
        k.conname as name,
        t.relname || case k.contype
            when 'p' then '_pkey' when 'u' then '_\w+_key' when 'f' then '_\w+_fkey'
            when 'c' then '_\w+_check' when 'x' then '_\w+_excl'
        end as pattern
    from pg_catalog.pg_constraint as k
    inner join pg_catalog.pg_class as t on t.oid = k.conrelid
    where k.contype in ('p', 'u', 'f', 'c', 'x')
    and k.coninhcount = 0
    and k.conparentid = 0
    union all
    select
        t.oid,
        c.relname,
        t.relname || case when i.indisunique then '_\w+_key' else '_\w+_idx' end
    from pg_catalog.pg_index as i
    inner join pg_catalog.pg_class as c on c.oid = i.indexrelid
    inner join pg_catalog.pg_class as t on t.oid = i.indrelid
    where not c.relispartition
    and not exists (
        select from pg_catalog.pg_constraint as k
        where k.conindid = i.indexrelid and k.conrelid = t.oid
    )
    union all
    -- PostgreSQL fires triggers in the order of their names.
    select t.oid, g.tgname, '_\d{3}_\w+'
    from pg_catalog.pg_trigger as g
    inner join pg_catalog.pg_class as t on t.oid = g.tgrelid
    where not g.tgisinternal
    and g.tgparentid = 0
)

select
    'error' as level,
    t.relnamespace::regnamespace || '.' || t.relname || '.' || d.name as object,
    'its name is not like ' || d.pattern as message,
    'Name it; a check is called by the fact that holds: orders_total_is_positive_check.' as hint
from named as d
inner join pg_catalog.pg_class as t on t.oid = d.oid
where t.relnamespace::regnamespace::text = any(current_setting('dbtool.schemas')::text[])
and not t.relispartition
and d.name !~ ('^' || d.pattern || '$');
