-- Indexes that another index of the same table makes superfluous.
--
-- It has the same columns, or begins with them, in the same order, with the same predicate:
-- whatever query uses the one can use the other, and each costs every write. Only what enforces
-- nothing by itself is listed. Indexes of partitions follow that of their parent, so they are not.
with indexes as (
    select
        i.indexrelid,
        i.indrelid,
        format('%I.%I', n.nspname, c.relname) as object,
        c.relam,
        c.relpages * current_setting('block_size')::numeric as bytes,
        i.indisunique,
        i.indisprimary,
        i.indisreplident,
        i.indnkeyatts,
        i.indnatts,
        i.indkey::text || ' ' as keys,
        i.indclass::text || ' ' as classes,
        i.indcollation::text || ' ' as collations,
        i.indoption::text || ' ' as options,
        i.indnullsnotdistinct,
        coalesce(i.indexprs::text, '') as expressions,
        coalesce(pg_get_expr(i.indpred, i.indrelid), '') as predicate,
        coalesce(c.reloptions::text, '') as storage,
        o.conname,
        format('%I.%I', tn.nspname, t.relname) as table_name
    from pg_catalog.pg_index as i
    inner join pg_catalog.pg_class as c on c.oid = i.indexrelid
    inner join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    inner join pg_catalog.pg_class as t on t.oid = i.indrelid
    inner join pg_catalog.pg_namespace as tn on tn.oid = t.relnamespace
    left join pg_catalog.pg_constraint as o
        on o.conindid = i.indexrelid and o.contype in ('p', 'u', 'x')
    where i.indisvalid
    and not c.relispartition
    and n.nspname !~ '^pg_'
    and n.nspname <> 'information_schema'
),

findings as (
    select distinct on (a.indexrelid)
        a.object,
        a.bytes,
        a.conname,
        a.table_name,
        b.object as instead
    from indexes as a
    inner join indexes as b
        on b.indrelid = a.indrelid
        and b.indexrelid <> a.indexrelid
        and b.relam = a.relam
        and b.predicate = a.predicate
    where not a.indisprimary
    and not a.indisreplident
    and (
        (
            b.keys = a.keys
            and b.indnkeyatts = a.indnkeyatts
            and b.classes = a.classes
            and b.collations = a.collations
            and b.options = a.options
            and b.expressions = a.expressions
            and b.storage = a.storage
            and (not a.indisunique or b.indnullsnotdistinct = a.indnullsnotdistinct)
            -- Of two equal ones the one that a constraint needs stays, else the older one.
            and (not a.indisunique, a.conname is null, a.indexrelid)
            > (not b.indisunique, b.conname is null, b.indexrelid)
        )
        or (
            not a.indisunique
            and a.relam = (select m.oid from pg_catalog.pg_am as m where m.amname = 'btree')
            and a.expressions = ''
            and a.indnkeyatts = a.indnatts
            and b.indnkeyatts > a.indnkeyatts
            and starts_with(b.keys, a.keys)
            and starts_with(b.classes, a.classes)
            and starts_with(b.collations, a.collations)
            and starts_with(b.options, a.options)
        )
    )
    order by a.indexrelid, b.indisprimary desc, b.indexrelid
)

select
    'warning' as level,
    f.object,
    round(f.bytes / 1048576, 1) as figure,
    'warning > 0' as threshold,
    format('%s serves the same queries', f.instead) as meaning,
    case
        when f.conname is null then format('drop index concurrently %s;', f.object)
        else format('alter table %s drop constraint %I;', f.table_name, f.conname)
    end as remedy
from findings as f
union all
select
    'ok',
    current_database()::text,
    0,
    'warning > 0',
    'no index repeats another',
    null
where not exists (select from findings)
order by 3 desc;
