-- What an order says was shipped and delivered is what is in its parcels.
select
    'order ' || i.order_id || ' line ' || i.line_no as object,
    jsonb_build_object(
        'shipped', i.qty_shipped, 'in_parcels', coalesce(f.shipped, 0),
        'delivered', i.qty_delivered, 'in_delivered_parcels', coalesce(f.delivered, 0)
    ) as detail
from orders.order_items as i
left join (
    select
        t.order_id, t.line_no,
        sum(t.quantity) filter (where p.shipped_at is not null) as shipped,
        sum(t.quantity) filter (where p.delivered_at is not null) as delivered
    from orders.fulfillment_items as t
    inner join orders.order_fulfillment as p
        on p.order_id = t.order_id and p.fulfillment_no = t.fulfillment_no
    group by t.order_id, t.line_no
) as f on f.order_id = i.order_id and f.line_no = i.line_no
where (i.qty_shipped, i.qty_delivered)
is distinct from (coalesce(f.shipped, 0), coalesce(f.delivered, 0))
