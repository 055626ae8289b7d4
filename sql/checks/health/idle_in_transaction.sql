-- Sessions that opened a transaction and then fell silent.
--
-- Nobody works in them, yet their locks stay and vacuum waits for them: a client that crashed
-- without closing its socket, or one that calls a payment provider inside a transaction. 60 s is
-- longer than any client should think, after 300 s buyers of what it holds have given up.
with sessions as (
    select
        a.pid,
        a.usename,
        a.application_name,
        a.query,
        extract(epoch from clock_timestamp() - a.state_change)::numeric as idle
    from pg_catalog.pg_stat_activity as a
    where a.datname = current_database()
    and a.state like 'idle in transaction%'
    and a.pid <> pg_backend_pid()
),

findings as (
    select
        case when s.idle > 300 then 'critical' else 'warning' end as level,
        format('pid %s (%s)', s.pid, concat_ws(', ', s.usename, nullif(s.application_name, '')))
            as object,
        round(s.idle, 1) as figure,
        format(
            'it has been idle inside a transaction for %s s, last: %s',
            round(s.idle), left(regexp_replace(s.query, '\s+', ' ', 'g'), 80)
        ) as meaning,
        format(
            'select pg_terminate_backend(%s); -- and for the future:'
            || ' alter role %I set idle_in_transaction_session_timeout = ''60s'';',
            s.pid, s.usename
        ) as remedy
    from sessions as s
    where s.idle > 60
),

rights as (
    select pg_has_role(current_user, 'pg_read_all_stats', 'usage') as is_granted
)

select
    f.level,
    f.object,
    f.figure,
    'warning > 60 s, critical > 300 s' as threshold,
    f.meaning,
    f.remedy
from findings as f
union all
select
    case when g.is_granted then 'ok' else 'skipped' end,
    current_database()::text,
    case when g.is_granted then (select coalesce(round(max(s.idle), 1), 0) from sessions as s) end,
    'warning > 60 s, critical > 300 s',
    case
        when g.is_granted then 'longest silence inside a transaction in seconds'
        else format('%s may not see the state of other roles'' sessions', current_user)
    end,
    case when not g.is_granted then format('grant pg_monitor to %I;', current_user) end
from rights as g
where not g.is_granted or not exists (select from findings)
order by 3 desc;
