-- Lines name variants that exist, refunds returns of their order, and events in the inbox orders.
-- They carry no foreign keys, so this query watches.
select
    'order ' || i.order_id || ' line ' || i.line_no as object,
    jsonb_build_object('variant_id', i.variant_id, 'sku', i.sku) as detail
from orders.order_items as i
where not exists (
    select
    from product.variants as v
    where v.variant_id = i.variant_id
)
union all
select
    'refund ' || f.order_id || '-' || f.refund_id,
    jsonb_build_object('return_no', f.return_no)
from payment.refunds as f
left join orders.order_returns as r on r.order_id = f.order_id and r.return_no = f.return_no
where f.return_no is not null and r.order_id is null
union all
select
    'event of ' || e.provider || ' ' || e.event_id,
    jsonb_build_object('order_id', e.order_id)
from payment.provider_events as e
left join orders.orders as o on o.order_id = e.order_id
where e.order_id is not null and o.order_id is null
