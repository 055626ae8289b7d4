-- Who keeps the session %(pid)s waiting for a lock, and for which.
--
-- The offsets keep the planner from reading the lock table when nobody waits: this runs several
-- times a second beside long migrations.
select
    format(
        '%%s is held up by pid %%s (user %%s, application "%%s", %%s, transaction since %%s): %%s',
        coalesce(wanted.what, 'a lock'),
        b.pid, s.usename, s.application_name,
        coalesce(s.state, 'state hidden'),
        coalesce(to_char(s.xact_start, 'HH24:MI:SS'), 'unknown'),
        left(regexp_replace(s.query, '\s+', ' ', 'g'), 200)
    ) as blocker
from (
    select a.pid
    from pg_stat_activity as a
    where a.pid = %(pid)s and a.wait_event_type = 'Lock'
    offset 0
) as waiting
cross join lateral (
    select distinct p.pid
    from unnest(pg_blocking_pids(waiting.pid)) as p (pid)
    offset 0
) as b
left join lateral (
    select
        case
            when l.relation is not null then format('%%s on %%s', l.mode, l.relation::regclass)
            else format('%%s on a %%s', l.mode, l.locktype)
        end as what
    from pg_locks as l
    where l.pid = waiting.pid and not l.granted
    limit 1
) as wanted on true
left join pg_stat_activity as s on b.pid = s.pid
