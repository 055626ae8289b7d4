-- When an order says that something happened to it is when its history says so.
select
    'order ' || o.order_id as object,
    jsonb_build_object('order', o.times, 'history', h.times) as detail
from (
    select
        r.order_id,
        jsonb_strip_nulls(jsonb_build_object(
            'pending', r.placed_at, 'confirmed', r.confirmed_at, 'processing', r.processing_at,
            'shipped', r.shipped_at, 'delivered', r.delivered_at, 'completed', r.completed_at,
            'cancelled', r.cancelled_at, 'expired', r.expired_at
        )) as times
    from orders.orders as r
) as o
inner join (
    select
        s.order_id,
        jsonb_object_agg(s.to_status, s.created_at order by s.seq) as times
    from orders.order_status_history as s
    group by s.order_id
) as h on h.order_id = o.order_id
where o.times <> h.times
