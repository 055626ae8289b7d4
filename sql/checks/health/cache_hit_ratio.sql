-- Share of the blocks of tables and of indexes that was found in shared_buffers.
--
-- A shop's working set belongs in memory: under 99 % it no longer fits, under 95 % most requests
-- wait for the disk. The ratio of fewer than 100,000 reads says nothing, such as after a restart.
with reads as (
    select
        'tables' as object,
        coalesce(sum(t.heap_blks_hit), 0) as hits,
        coalesce(sum(t.heap_blks_hit + t.heap_blks_read), 0) as total
    from pg_catalog.pg_statio_user_tables as t
    union all
    select
        'indexes',
        coalesce(sum(i.idx_blks_hit), 0),
        coalesce(sum(i.idx_blks_hit + i.idx_blks_read), 0)
    from pg_catalog.pg_statio_user_indexes as i
),

rated as (
    select
        r.object,
        r.total,
        round(100 * r.hits / nullif(r.total, 0), 2) as ratio,
        case
            when r.total < 100000 then 'skipped'
            when r.hits < 0.95 * r.total then 'critical'
            when r.hits < 0.99 * r.total then 'warning'
            else 'ok'
        end as level
    from reads as r
)

select
    r.level,
    r.object,
    r.ratio as figure,
    'warning < 99 %, critical < 95 %, of at least 100000 reads' as threshold,
    case r.level
        when 'skipped' then format('only %s blocks were read since the statistics began', r.total)
        else format('%s %% of %s block reads found the block in memory', r.ratio, r.total)
    end as meaning,
    case r.level
        when 'skipped' then '-- run it again when the database has been in use for a while'
        when 'ok' then null
        else 'select * from ops.get_cache_hit_ratios();'
            || ' -- then raise shared_buffers, or find what reads so much'
    end as remedy
from rated as r
order by r.object desc;
