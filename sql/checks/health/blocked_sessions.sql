-- Sessions that keep others waiting for a lock.
--
-- Services wait for stock rows for milliseconds: a wait of 5 s has a cause that someone must look
-- at, and 30 s is longer than customers wait. One row a blocker, because ending it frees all who
-- wait. pg_locks tells everybody who waits since when, so this check needs no rights.
with waits as (
    select
        l.pid,
        max(extract(epoch from clock_timestamp() - l.waitstart))::numeric as waited
    from pg_catalog.pg_locks as l
    inner join pg_catalog.pg_stat_activity as a on a.pid = l.pid
    where not l.granted
    and a.datname = current_database()
    group by l.pid
),

blocked as (
    select
        w.waited,
        b.pid as blocker
    from waits as w
    cross join lateral unnest(pg_blocking_pids(w.pid)) as b (pid)
    where w.waited > 5
),

blockers as (
    select
        b.blocker,
        count(*) as waiters,
        max(b.waited) as waited
    from blocked as b
    -- Those in the middle of a queue are blockers too, but ending them frees nobody.
    where b.blocker not in (select w.pid from waits as w)
    group by b.blocker
),

findings as (
    select
        case when b.waited > 30 then 'critical' else 'warning' end as level,
        case
            when b.blocker = 0 then 'a prepared transaction'
            else format(
                'pid %s (%s)',
                b.blocker, concat_ws(', ', a.usename, nullif(a.application_name, ''))
            )
        end as object,
        round(b.waited, 1) as figure,
        format(
            '%s session(s) have been waiting for it, for up to %s s; it is %s',
            b.waiters, round(b.waited), coalesce(a.state, 'in a state that is not shown')
        ) as meaning,
        case
            when b.blocker = 0
            then 'select gid, prepared, owner from pg_prepared_xacts order by prepared;'
                || ' -- then commit prepared or rollback prepared the one that was forgotten'
            else format('select pg_terminate_backend(%s);', b.blocker)
        end as remedy
    from blockers as b
    left join pg_catalog.pg_stat_activity as a on a.pid = b.blocker
)

select
    f.level,
    f.object,
    f.figure,
    'warning > 5 s, critical > 30 s' as threshold,
    f.meaning,
    f.remedy
from findings as f
union all
select
    'ok',
    current_database()::text,
    (select coalesce(round(max(w.waited), 1), 0) from waits as w),
    'warning > 5 s, critical > 30 s',
    'longest wait for a lock in seconds',
    null
where not exists (select from findings)
order by 3 desc;
