-- A verified review names a line of an order of its author, for that product.
select
    'review ' || r.review_id as object,
    jsonb_build_object(
        'user_id', r.user_id, 'product_id', r.product_id, 'order_id', r.order_id,
        'line_no', r.line_no, 'buyer', o.user_id, 'bought', v.product_id
    ) as detail
from product.product_reviews as r
left join orders.orders as o on o.order_id = r.order_id
left join orders.order_items as i on i.order_id = r.order_id and i.line_no = r.line_no
left join product.variants as v on v.variant_id = i.variant_id
where r.order_id is not null
and (o.user_id, v.product_id) is distinct from (r.user_id, r.product_id)
