-- Holds that are past their expiry and still active.
--
-- Their stock counts as available, so no sale is lost, but a sweeper that has stopped leaves rows
-- that every reservation of the variant must step over. It is meant to run every few seconds: 60 s
-- means that it missed several turns, 300 s that nobody runs it.
with overdue as (
    select
        count(*) as holds,
        extract(epoch from clock_timestamp() - min(r.expires_at))::numeric as oldest
    from inventory.inventory_reservations as r
    where r.status = 'active' and r.expires_at < clock_timestamp()
)

select
    case
        when o.oldest > 300 then 'critical'
        when o.oldest > 60 then 'warning'
        else 'ok'
    end as level,
    'inventory.inventory_reservations' as object,
    coalesce(round(o.oldest, 1), 0) as figure,
    'warning > 60 s, critical > 300 s' as threshold,
    case
        when o.oldest > 60 then format(
            '%s active hold(s) are past their expiry, the oldest by %s s', o.holds, round(o.oldest)
        )
        else format('%s active hold(s) wait for the sweeper', o.holds)
    end as meaning,
    case
        when o.oldest > 60 then 'select * from inventory.cleanup_expired_reservations();'
    end as remedy
from overdue as o;
