create or replace function ops.get_table_statistics()
returns table (
    schema_name text,
    table_name text,
    partition_of text,
    estimated_rows bigint,
    live_rows bigint,
    dead_rows bigint,
    dead_percent numeric,
    rows_changed_since_analyze bigint,
    table_bytes bigint,
    index_bytes bigint,
    total_bytes bigint,
    seq_scans bigint,
    seq_rows_read bigint,
    index_scans bigint,
    index_scan_percent numeric,
    rows_inserted bigint,
    rows_updated bigint,
    rows_deleted bigint,
    hot_update_percent numeric,
    last_vacuum timestamptz,
    last_autovacuum timestamptz,
    last_analyze timestamptz,
    last_autoanalyze timestamptz,
    transaction_age bigint
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '250ms'
as $function$
-- Measuring a table that somebody holds, or waits for, exclusively would queue behind it.
with locked as materialized (
    select coalesce(i.indrelid, t.oid, l.relation) as relid
    from pg_catalog.pg_locks as l
    left join pg_catalog.pg_index as i on i.indexrelid = l.relation
    left join pg_catalog.pg_class as t on t.reltoastrelid = l.relation
    where l.locktype = 'relation'
    and l.mode = 'AccessExclusiveLock'
    and l.pid is distinct from pg_backend_pid()
)

select
    s.schemaname::text,
    s.relname::text,
    (
        select format('%I.%I', n.nspname, p.relname)
        from pg_catalog.pg_inherits as i
        inner join pg_catalog.pg_class as p on p.oid = i.inhparent
        inner join pg_catalog.pg_namespace as n on n.oid = p.relnamespace
        where i.inhrelid = s.relid and c.relispartition
    ),
    greatest(c.reltuples, 0)::bigint,
    s.n_live_tup,
    s.n_dead_tup,
    round(100.0 * s.n_dead_tup / nullif(s.n_live_tup + s.n_dead_tup, 0), 1),
    s.n_mod_since_analyze,
    case when not z.is_locked then pg_table_size(s.relid) end,
    case when not z.is_locked then pg_indexes_size(s.relid) end,
    case when not z.is_locked then pg_total_relation_size(s.relid) end,
    s.seq_scan,
    s.seq_tup_read,
    coalesce(s.idx_scan, 0),
    round(100.0 * coalesce(s.idx_scan, 0) / nullif(s.seq_scan + coalesce(s.idx_scan, 0), 0), 1),
    s.n_tup_ins,
    s.n_tup_upd,
    s.n_tup_del,
    round(100.0 * s.n_tup_hot_upd / nullif(s.n_tup_upd, 0), 1),
    s.last_vacuum,
    s.last_autovacuum,
    s.last_analyze,
    s.last_autoanalyze,
    age(c.relfrozenxid)::bigint
from pg_catalog.pg_stat_user_tables as s
inner join pg_catalog.pg_class as c on c.oid = s.relid
cross join lateral (
    select exists (select from locked as l where l.relid = s.relid) as is_locked
) as z
-- A partitioned table has no rows and no size of its own.
where c.relkind <> 'p' and c.relpersistence <> 't'
order by 11 desc nulls last, s.schemaname, s.relname;
$function$;

comment on function ops.get_table_statistics() is
'One row a table, partition and materialized view, the largest first: rows (estimated, live, dead),
size in bytes (the table with its TOAST, its indexes, both; null while somebody locks it
exclusively), scans, changes, share of updates that were HOT, when it was last vacuumed and
analyzed, and the age of its oldest transaction number. Percentages are 0 to 100, null without
any. Replica: yes.';
grant execute on function ops.get_table_statistics() to ops_service;
