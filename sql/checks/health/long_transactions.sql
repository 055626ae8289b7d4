-- Transactions that have been open for long.
--
-- While one is open, vacuum cannot remove what died since, anywhere in the database, and its locks
-- are kept. A service's transaction lasts milliseconds: 60 s is a fault, 300 s an outage. Other
-- roles run reports and dumps: 1 hour and 4 hours. A session that mainly idles is left to
-- idle_in_transaction, so that it is reported once.
with sessions as (
    select
        a.pid,
        a.usename,
        a.application_name,
        a.state,
        a.query,
        extract(epoch from clock_timestamp() - a.xact_start)::numeric as age,
        coalesce(
            pg_has_role(a.usesysid, to_regrole('core_service'), 'member') and not r.rolsuper, false
        ) as is_service
    from pg_catalog.pg_stat_activity as a
    inner join pg_catalog.pg_roles as r on r.oid = a.usesysid
    where a.datname = current_database()
    and a.backend_type = 'client backend'
    and a.pid <> pg_backend_pid()
    and a.xact_start is not null
    and not (
        a.state like 'idle in transaction%'
        and a.state_change < clock_timestamp() - interval '60 s'
    )
),

rated as (
    select
        s.pid,
        s.usename,
        s.application_name,
        s.state,
        s.query,
        s.age,
        case
            when s.age > case when s.is_service then 300 else 14400 end then 'critical'
            when s.age > case when s.is_service then 60 else 3600 end then 'warning'
            else 'ok'
        end as level
    from sessions as s
),

findings as (
    select
        r.level,
        format('pid %s (%s)', r.pid, concat_ws(', ', r.usename, nullif(r.application_name, '')))
            as object,
        round(r.age, 1) as figure,
        format(
            'its transaction has been open for %s s, %s: %s',
            round(r.age), r.state, left(regexp_replace(r.query, '\s+', ' ', 'g'), 80)
        ) as meaning,
        format('select pg_terminate_backend(%s);', r.pid) as remedy
    from rated as r
    where r.level <> 'ok'
),

rights as (
    select pg_has_role(current_user, 'pg_read_all_stats', 'usage') as is_granted
)

select
    f.level,
    f.object,
    f.figure,
    'services: warning > 60 s, critical > 300 s; others: warning > 1 h, critical > 4 h'
        as threshold,
    f.meaning,
    f.remedy
from findings as f
union all
select
    case when g.is_granted then 'ok' else 'skipped' end,
    current_database()::text,
    case when g.is_granted then (select coalesce(round(max(r.age), 1), 0) from rated as r) end,
    'services: warning > 60 s, critical > 300 s; others: warning > 1 h, critical > 4 h',
    case
        when g.is_granted then 'age of the oldest transaction in seconds'
        else format('%s may not see how long other roles'' transactions last', current_user)
    end,
    case when not g.is_granted then format('grant pg_monitor to %I;', current_user) end
from rights as g
where not g.is_granted or not exists (select from findings)
order by 3 desc;
