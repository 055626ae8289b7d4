-- Indexes of 10 MB and more that no query has used for 7 days.
--
-- Every write pays for them and they push useful blocks out of memory; smaller ones are not worth a
-- decision, and a week covers the weekly report. Unique indexes enforce something, so they are
-- never listed, and an index of a partitioned table is listed by none of its parts. Standbys count
-- for themselves: before dropping, look there too.
with observed as (
    select
        clock_timestamp() - greatest(d.stats_reset, pg_postmaster_start_time()) as duration,
        pg_is_in_recovery() as is_standby
    from pg_catalog.pg_stat_database as d
    where d.datname = current_database()
),

findings as (
    select
        format('%I.%I', s.schemaname, s.indexrelname) as object,
        -- The size of the last vacuum or analyze: asking the files would wait for locks.
        round(c.relpages * current_setting('block_size')::numeric / 1048576, 1) as figure
    from pg_catalog.pg_stat_user_indexes as s
    inner join pg_catalog.pg_index as i on i.indexrelid = s.indexrelid
    inner join pg_catalog.pg_class as c on c.oid = s.indexrelid
    where s.idx_scan = 0
    and not i.indisunique
    and i.indisvalid
    and not c.relispartition
    and not exists (select from pg_catalog.pg_constraint as o where o.conindid = s.indexrelid)
    and c.relpages * current_setting('block_size')::numeric >= 10 * 1048576
),

ready as (
    select
        o.duration > interval '7 days' and not o.is_standby as is_ready,
        o.duration,
        o.is_standby
    from observed as o
)

select
    'warning' as level,
    f.object,
    f.figure,
    'warning: 0 scans in 7 days, >= 10 MB' as threshold,
    format('no query used it since the statistics began %s ago', date_trunc('hour', r.duration))
        as meaning,
    format('drop index concurrently %s;', f.object) as remedy
from findings as f
cross join ready as r
where r.is_ready
union all
select
    case when r.is_ready then 'ok' else 'skipped' end,
    current_database()::text,
    case when r.is_ready then 0 end,
    'warning: 0 scans in 7 days, >= 10 MB',
    case
        when r.is_standby then 'a standby sees its own queries only'
        when not r.is_ready
        then format('the statistics are only %s old', date_trunc('minute', r.duration))
        else 'every large index is in use'
    end,
    case
        when r.is_standby then '-- dbtool health on the primary'
        when not r.is_ready then format(
            '-- run it again after %s', (clock_timestamp() - r.duration + interval '7 days')::date
        )
    end
from ready as r
where not r.is_ready or not exists (select from findings)
order by 3 desc;
