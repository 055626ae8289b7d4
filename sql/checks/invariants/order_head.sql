-- The status of an order is that of its newest history row. A deferred key proves that the row
-- which the order names exists, a trigger that it is the newest.
select
    'order ' || o.order_id as object,
    jsonb_build_object(
        'status', o.status, 'status_seq', o.status_seq,
        'history', h.to_status, 'history_seq', h.seq
    ) as detail
from orders.orders as o
left join lateral (
    select s.seq, s.to_status
    from orders.order_status_history as s
    where s.order_id = o.order_id
    order by s.seq desc
    limit 1
) as h on true
where (o.status_seq, o.status) is distinct from (h.seq, h.to_status)
