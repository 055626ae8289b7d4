-- Alerts and analytics of stock that nobody brings up to date.
--
-- Sales do not depend on them, so this is never critical, but somebody waits for the alert. Alerts
-- are meant to be refreshed every minute: an hour means that nobody does. Analytics are meant to be
-- built at least once a day. A shop that has never kept stock has nothing to be brought up to date.
select
    case when j.age > j.allowed then 'warning' else 'ok' end as level,
    'inventory.' || j.job as object,
    round(coalesce(j.age, 0), 1) as figure,
    format('warning > %s h', j.allowed / 3600) as threshold,
    case
        when j.age > j.allowed and j.ran_at is null
        then format('stock has been kept for %s s, and the job has never run', round(j.age))
        when j.age > j.allowed then format('the job last ran %s s ago', round(j.age))
        else 'the job keeps up'
    end as meaning,
    case when j.age > j.allowed then format('select * from inventory.%s();', j.job) end as remedy
from (
    select
        s.job,
        s.ran_at,
        extract(epoch from clock_timestamp() - case
            when f.created_at is not null then coalesce(s.ran_at, f.created_at)
        end)::numeric as age,
        case s.job when 'refresh_alerts' then 3600 else 93600 end as allowed
    from inventory.stock_jobs as s
    cross join (select min(i.created_at) as created_at from inventory.inventory as i) as f
) as j;
