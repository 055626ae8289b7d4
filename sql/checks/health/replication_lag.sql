-- How far standbys are behind: all of them seen from the primary, itself seen from a standby.
--
-- Over 16 MB or 5 s readers notice that their own changes are missing; over 64 MB or 30 s a
-- failover loses that much. A standby that is idle because its primary is counts as level, but only
-- while it is connected: without a receiver it cannot know what it misses.
with rights as (
    select pg_has_role(current_user, 'pg_read_all_stats', 'usage') as is_granted
),

standbys as (
    select
        format('standby %s', coalesce(nullif(r.application_name, ''), r.pid::text)) as object,
        round(pg_wal_lsn_diff(
            case when not pg_is_in_recovery() then pg_current_wal_lsn() end, r.replay_lsn
        ) / 1048576, 1) as behind_mb,
        round(extract(epoch from r.replay_lag)::numeric, 1) as behind_s,
        format(
            'select * from pg_stat_replication where pid = %s;'
            || ' -- then the network, the disk and the long queries of that standby', r.pid
        ) as remedy
    from pg_catalog.pg_stat_replication as r
    where r.state in ('streaming', 'catchup')
    union all
    select
        'this standby',
        round(pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) / 1048576, 1),
        case
            when pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()
            and exists (select from pg_catalog.pg_stat_wal_receiver) then 0
            else round(
                extract(epoch from clock_timestamp() - pg_last_xact_replay_timestamp())::numeric, 1
            )
        end,
        'select * from pg_stat_wal_receiver;'
        || ' -- no row: it is not connected, see primary_conninfo and the log'
    where pg_is_in_recovery()
),

rated as (
    select
        case
            when s.behind_mb > 64 or s.behind_s > 30 then 'critical'
            when s.behind_mb > 16 or s.behind_s > 5 then 'warning'
            else 'ok'
        end as level,
        s.object,
        s.behind_mb,
        s.behind_s,
        s.remedy
    from standbys as s
)

select
    r.level,
    r.object,
    coalesce(r.behind_s, 0) as figure,
    'warning > 5 s or 16 MB, critical > 30 s or 64 MB' as threshold,
    format('it is %s MB and %s s behind', coalesce(r.behind_mb, 0), coalesce(r.behind_s, 0))
        as meaning,
    r.remedy
from rated as r
where r.level <> 'ok'
union all
select
    case when g.is_skipped then 'skipped' else 'ok' end,
    'all standbys',
    case when not g.is_skipped then (select coalesce(max(s.behind_s), 0) from standbys as s) end,
    'warning > 5 s or 16 MB, critical > 30 s or 64 MB',
    case
        when g.is_skipped then format('%s may not see how far standbys are behind', current_user)
        else format('%s standby(s); most seconds that one lags', (select count(*) from standbys))
    end,
    case when g.is_skipped then format('grant pg_monitor to %I;', current_user) end
from (
    select not r.is_granted and exists (select from pg_catalog.pg_stat_replication) as is_skipped
    from rights as r
) as g
where g.is_skipped or not exists (select from rated as r where r.level <> 'ok')
order by 3 desc;
