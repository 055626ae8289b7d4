-- Nobody keeps more than an order costs: what was captured beyond it has been given back, is being
-- given back, or was taken back. Of a cancelled or expired order nothing is kept. A refund that was
-- cancelled, failed or came back is for people to decide about.
select
    'order ' || o.order_id as object,
    jsonb_build_object(
        'status', o.status, 'due', d.due, 'kept', p.kept, 'undecided', r.amount
    ) as detail
from orders.orders as o
cross join lateral (
    select case
        when o.status in ('cancelled', 'expired') then 0
        else o.total - o.credit_total
    end as due
) as d
inner join (
    select
        s.order_id, sum(s.captured - s.refunded - s.refund_pending - s.charged_back) as kept
    from payment.payments as s
    group by s.order_id
) as p on p.order_id = o.order_id
cross join lateral (
    select coalesce(sum(f.amount), 0) as amount
    from payment.refunds as f
    where f.order_id = o.order_id and f.status in ('cancelled', 'failed', 'reversed')
) as r
where p.kept - r.amount > d.due
