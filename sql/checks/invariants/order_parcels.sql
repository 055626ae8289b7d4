-- What an order says was shipped and delivered is what is in its parcels.
select
    'order ' || i.order_id || ' line ' || i.line_no as object,
    jsonb_build_object(
        'shipped', i.qty_shipped, 'in_parcels', f.shipped,
        'delivered', i.qty_delivered, 'in_delivered_parcels', f.delivered
    ) as detail
from orders.order_items as i
cross join lateral (
    select
        coalesce(sum(t.quantity) filter (where p.shipped_at is not null), 0) as shipped,
        coalesce(sum(t.quantity) filter (where p.delivered_at is not null), 0) as delivered
    from orders.fulfillment_items as t
    inner join orders.order_fulfillment as p
        on p.order_id = t.order_id and p.fulfillment_no = t.fulfillment_no
    where t.order_id = i.order_id and t.line_no = i.line_no
) as f
where (i.qty_shipped, i.qty_delivered) is distinct from (f.shipped, f.delivered)
