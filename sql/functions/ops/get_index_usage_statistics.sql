create or replace function ops.get_index_usage_statistics()
returns table (
    schema_name text,
    table_name text,
    index_name text,
    definition text,
    index_bytes bigint,
    scans bigint,
    last_scan timestamptz,
    rows_read bigint,
    rows_fetched bigint,
    is_unique boolean,
    is_primary boolean,
    is_valid boolean,
    is_unused boolean,
    statistics_since timestamptz
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '250ms'
as $function$
-- Asking about an index that somebody holds, or waits for, exclusively would queue behind it.
with locked as materialized (
    select l.relation as relid
    from pg_catalog.pg_locks as l
    where l.locktype = 'relation'
    and l.mode = 'AccessExclusiveLock'
    and l.pid is distinct from pg_backend_pid()
)

select
    s.schemaname::text,
    s.relname::text,
    s.indexrelname::text,
    case when not z.is_locked then pg_get_indexdef(s.indexrelid) end,
    case when not z.is_locked then pg_relation_size(s.indexrelid) end,
    s.idx_scan,
    -- The column is there from 16 on.
    (to_jsonb(s) ->> 'last_idx_scan')::timestamptz,
    s.idx_tup_read,
    s.idx_tup_fetch,
    i.indisunique,
    i.indisprimary,
    i.indisvalid,
    s.idx_scan = 0 and not i.indisunique
    and not exists (select from pg_catalog.pg_constraint as o where o.conindid = s.indexrelid),
    greatest(d.stats_reset, pg_postmaster_start_time())
from pg_catalog.pg_stat_user_indexes as s
inner join pg_catalog.pg_index as i on i.indexrelid = s.indexrelid
inner join pg_catalog.pg_class as c on c.oid = s.indexrelid
left join pg_catalog.pg_stat_database as d on d.datname = current_database()
cross join lateral (
    select exists (
        select from locked as l where l.relid in (s.relid, s.indexrelid)
    ) as is_locked
) as z
where c.relpersistence <> 't'
order by s.idx_scan, c.relpages desc, s.schemaname, s.indexrelname;
$function$;

comment on function ops.get_index_usage_statistics() is
'One row an index, the least used first: its definition and its size in bytes (both null while
somebody locks it exclusively), scans, when it was last used (null before PostgreSQL 16), and
whether it is unused: without a scan since statistics_since, and enforcing nothing. Each standby
counts for itself. Replica: yes.';
grant execute on function ops.get_index_usage_statistics() to ops_service;
