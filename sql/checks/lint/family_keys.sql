-- No foreign key crosses from the orders to the stock or back, and the hottest tables have none.
-- Each family can then live on a shard of its own; queries in sql/checks/invariants watch instead.
with families (family, schemas) as (
    values
    ('orders', array['orders', 'payment']),
    ('stock', array['inventory'])
),

hot (name) as (
    values
    ('inventory.inventory_reservations'),
    ('events.outbox_events')
),

keys as (
    select
        f.relnamespace::regnamespace || '.' || f.relname as from_table,
        t.relnamespace::regnamespace || '.' || t.relname as to_table,
        f.relnamespace::regnamespace::text as from_schema,
        t.relnamespace::regnamespace::text as to_schema,
        k.conname
    from pg_catalog.pg_constraint as k
    inner join pg_catalog.pg_class as f on f.oid = k.conrelid
    inner join pg_catalog.pg_class as t on t.oid = k.confrelid
    where k.contype = 'f'
    and k.conparentid = 0
    and f.relnamespace::regnamespace::text = any(current_setting('dbtool.schemas')::text[])
)

select
    'error' as level,
    k.from_table || '.' || k.conname as object,
    case
        when h.name is not null
        then 'every insert would lock a row of ' || k.to_table || ' that many share'
        else 'leads from the family of ' || f.family || ' to that of ' || t.family
    end as message,
    'Leave the key out, and write an invariant that finds rows without their partner.' as hint
from keys as k
left join hot as h on h.name = k.from_table
left join families as f on k.from_schema = any(f.schemas)
left join families as t on k.to_schema = any(t.schemas)
where h.name is not null or f.family <> t.family;
