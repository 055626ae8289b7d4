-- Tables with dead rows that autovacuum should have removed.
--
-- Past its trigger point a table waits for a worker: at twice that autovacuum is behind, at five
-- times it loses; so too if the table is past the point and was last vacuumed over 1 day or 3 days
-- ago. Tables with under 10,000 dead rows are not worth a warning: a hot one has them between two
-- looks. A standby does not count dead rows.
with options as (
    select
        c.oid,
        jsonb_object_agg(o.option_name, o.option_value) as options
    from pg_catalog.pg_class as c
    cross join lateral pg_options_to_table(c.reloptions) as o
    where c.relkind in ('r', 'm')
    group by c.oid
),

settings as (
    select
        c.oid,
        coalesce(
            o.options ->> 'autovacuum_vacuum_threshold',
            current_setting('autovacuum_vacuum_threshold')
        )::numeric as threshold,
        coalesce(
            o.options ->> 'autovacuum_vacuum_scale_factor',
            current_setting('autovacuum_vacuum_scale_factor')
        )::numeric * greatest(c.reltuples, 0)::numeric as share,
        -- From 18 on the trigger point of a huge table is capped; -1 is no cap.
        nullif(coalesce(
            o.options ->> 'autovacuum_vacuum_max_threshold',
            current_setting('autovacuum_vacuum_max_threshold', true)
        )::numeric, -1) as cap
    from pg_catalog.pg_class as c
    left join options as o on o.oid = c.oid
    where c.relkind in ('r', 'm')
    and c.relpersistence <> 't'
),

tables as (
    select
        format('%I.%I', s.schemaname, s.relname) as object,
        s.n_dead_tup::numeric as dead,
        least(c.threshold + c.share, c.cap) as trigger_point,
        clock_timestamp() - coalesce(
            greatest(s.last_vacuum, s.last_autovacuum), pg_postmaster_start_time()
        ) as unvacuumed_for
    from pg_catalog.pg_stat_user_tables as s
    inner join settings as c on c.oid = s.relid
),

rated as (
    select
        t.object,
        t.dead,
        t.trigger_point,
        round(t.dead / greatest(t.trigger_point, 1), 1) as ratio,
        case
            when t.dead < 10000 or t.dead <= t.trigger_point then 'ok'
            when t.dead > 5 * t.trigger_point or t.unvacuumed_for > interval '3 days'
            then 'critical'
            when t.dead > 2 * t.trigger_point or t.unvacuumed_for > interval '1 day'
            then 'warning'
            else 'ok'
        end as level
    from tables as t
),

standby as (
    select pg_is_in_recovery() as is_standby
)

select
    r.level,
    r.object,
    r.ratio as figure,
    'times the trigger point: warning > 2, critical > 5; or past it for 1 or 3 days' as threshold,
    format('%s dead rows; autovacuum starts at %s', r.dead, round(r.trigger_point)) as meaning,
    format('vacuum (analyze, verbose) %s;', r.object) as remedy
from rated as r
cross join standby as s
where r.level <> 'ok' and not s.is_standby
union all
select
    case when s.is_standby then 'skipped' else 'ok' end,
    current_database()::text,
    case
        when not s.is_standby
        then (select coalesce(max(r.ratio) filter (where r.dead >= 10000), 0) from rated as r)
    end,
    'times the trigger point: warning > 2, critical > 5; or past it for 1 or 3 days',
    case
        when s.is_standby then 'dead rows are counted on the primary only'
        else 'no table with 10000 dead rows waits for autovacuum'
    end,
    case when s.is_standby then '-- dbtool health on the primary' end
from standby as s
where s.is_standby or not exists (select from rated as r where r.level <> 'ok')
order by 3 desc;
