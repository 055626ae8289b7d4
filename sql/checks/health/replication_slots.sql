-- Replication slots without a consumer, or that keep much WAL.
--
-- A slot keeps WAL until its consumer has read it: an inactive one fills the disk, and a full disk
-- stops the server. 1 GB is minutes of a busy shop, and more than a consumer that is alive lags
-- behind.
with slots as (
    select
        s.slot_name,
        s.active,
        s.wal_status,
        round(pg_wal_lsn_diff(
            case
                when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn()
            end,
            s.restart_lsn
        ) / 1048576, 1) as kept_mb
    from pg_catalog.pg_replication_slots as s
    where not s.temporary
    -- From 17 on a standby carries idle copies of the primary's slots.
    and coalesce(to_jsonb(s) ->> 'synced', 'false') = 'false'
),

rated as (
    select
        case
            when s.wal_status in ('lost', 'unreserved') or s.kept_mb > 1024 then 'critical'
            when not s.active then 'warning'
            else 'ok'
        end as level,
        s.slot_name,
        s.active,
        s.wal_status,
        s.kept_mb
    from slots as s
)

select
    r.level,
    format('slot %I', r.slot_name) as object,
    r.kept_mb as figure,
    'warning if inactive, critical if lost or > 1024 MB' as threshold,
    format(
        'it is %s and keeps %s MB of WAL (%s)',
        case when r.active then 'active' else 'inactive' end, coalesce(r.kept_mb, 0), r.wal_status
    ) as meaning,
    case
        when r.active
        then 'alter system set max_slot_wal_keep_size = ''10GB''; select pg_reload_conf();'
            || ' -- bounds what a slow consumer can keep; it must then start anew'
        else format(
            'select pg_drop_replication_slot(%L); -- if its consumer is gone for good', r.slot_name
        )
    end as remedy
from rated as r
where r.level <> 'ok'
union all
select
    'ok',
    'all slots',
    (select coalesce(max(s.kept_mb), 0) from slots as s),
    'warning if inactive, critical if lost or > 1024 MB',
    format('%s slot(s); most WAL that one keeps in MB', (select count(*) from slots)),
    null
where not exists (select from rated as r where r.level <> 'ok')
order by 3 desc;
