-- Pending orders that are past their expiry, and still pending.
--
-- Their stock is sold to whoever asks for it, but their customers have too many pending orders and
-- the orders look alive. The sweeper is meant to run every minute: 120 s means that it missed a
-- turn, 600 s that nobody runs it. An order that a payment is under way for is not overdue.
with overdue as (
    select
        count(*) as orders,
        extract(epoch from clock_timestamp() - min(o.expires_at))::numeric as oldest
    from orders.orders as o
    where o.status = 'pending' and o.expires_at < clock_timestamp() and not exists (
        select
        from payment.payment_transactions as t
        where t.order_id = o.order_id and t.kind = 'authorize'
        and t.status in ('pending', 'timed_out') and t.claimed_until > clock_timestamp()
    )
)

select
    case
        when o.oldest > 600 then 'critical'
        when o.oldest > 120 then 'warning'
        else 'ok'
    end as level,
    'orders.orders' as object,
    coalesce(round(o.oldest, 1), 0) as figure,
    'warning > 120 s, critical > 600 s' as threshold,
    case
        when o.oldest > 120 then format(
            '%s pending order(s) are past their expiry, the oldest by %s s', o.orders,
            round(o.oldest)
        )
        else format('%s pending order(s) wait for the sweeper', o.orders)
    end as meaning,
    case
        when o.oldest > 120 then 'select * from orders.cleanup_expired_orders();'
    end as remedy
from overdue as o;
