-- Every foreign key has an index on its own side: a delete or an update of the key looks there.
-- Enough is an index that leads with its columns, in any order, or a unique one on some of them.
select
    'error' as level,
    n.nspname || '.' || t.relname || '.' || k.conname as object,
    'no index leads with ' || (
        select string_agg(a.attname, ', ' order by c.position)
        from unnest(k.conkey) with ordinality as c (attnum, position)
        inner join pg_catalog.pg_attribute as a
            on a.attrelid = k.conrelid and a.attnum = c.attnum
    ) as message,
    'Make one, concurrently where the table has rows; or say why no key is ever deleted.' as hint
from pg_catalog.pg_constraint as k
inner join pg_catalog.pg_class as t on t.oid = k.conrelid
inner join pg_catalog.pg_namespace as n on n.oid = t.relnamespace
where n.nspname = any(current_setting('dbtool.schemas')::text[])
and k.contype = 'f'
and k.conparentid = 0
and not exists (
    select
    from pg_catalog.pg_index as i
    cross join lateral (
        select (i.indkey::smallint[])[0:i.indnkeyatts - 1] as columns
    ) as x
    where i.indrelid = k.conrelid
    and i.indisvalid
    and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\(\w+ IS NOT NULL\)$')
    and (
        (x.columns)[1:cardinality(k.conkey)] @> k.conkey
        or (i.indisunique and i.indpred is null and x.columns <@ k.conkey)
    )
);
