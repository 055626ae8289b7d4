create or replace function ops.get_cache_hit_ratios()
returns table (
    scope text,
    schema_name text,
    table_name text,
    heap_hits bigint,
    heap_reads bigint,
    heap_hit_percent numeric,
    index_hits bigint,
    index_reads bigint,
    index_hit_percent numeric,
    toast_hits bigint,
    toast_reads bigint
)
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $function$
with blocks as (
    select
        grouping(s.relid) = 1 as is_total,
        min(s.schemaname::text) as schema_name,
        min(s.relname::text) as table_name,
        coalesce(sum(s.heap_blks_hit), 0) as heap_hits,
        coalesce(sum(s.heap_blks_read), 0) as heap_reads,
        coalesce(sum(s.idx_blks_hit), 0) as index_hits,
        coalesce(sum(s.idx_blks_read), 0) as index_reads,
        coalesce(sum(s.toast_blks_hit + s.tidx_blks_hit), 0) as toast_hits,
        coalesce(sum(s.toast_blks_read + s.tidx_blks_read), 0) as toast_reads
    from pg_catalog.pg_statio_user_tables as s
    where s.schemaname !~ '^pg_temp_'
    group by grouping sets ((s.relid), ())
)

select
    case when b.is_total then 'database' else 'table' end,
    case when not b.is_total then b.schema_name end,
    case when not b.is_total then b.table_name end,
    b.heap_hits::bigint,
    b.heap_reads::bigint,
    round(100.0 * b.heap_hits / nullif(b.heap_hits + b.heap_reads, 0), 2),
    b.index_hits::bigint,
    b.index_reads::bigint,
    round(100.0 * b.index_hits / nullif(b.index_hits + b.index_reads, 0), 2),
    b.toast_hits::bigint,
    b.toast_reads::bigint
from blocks as b
order by
    b.is_total desc,
    b.heap_reads + b.index_reads + b.toast_reads desc,
    b.schema_name,
    b.table_name;
$function$;

comment on function ops.get_cache_hit_ratios() is
'How many blocks were found in shared_buffers (hits) and how many were not (reads), of tables,
indexes and TOAST: first the whole database, then a row a table, the one with most reads first.
Percentages are 0 to 100, null where nothing was read. Replica: yes.';
grant execute on function ops.get_cache_hit_ratios() to ops_service;
