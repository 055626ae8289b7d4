create or replace view orders.return_item_list with (security_barrier = true) as
select
    r.order_id,
    o.order_number,
    r.return_no,
    t.status as return_status,
    r.line_no,
    i.variant_id,
    i.sku,
    i.name,
    r.quantity,
    r.qty_restocked,
    r.qty_damaged,
    r.qty_written_off
from orders.return_items as r
inner join orders.order_returns as t
    on t.order_id = r.order_id and t.return_no = r.return_no
inner join orders.order_items as i on i.order_id = r.order_id and i.line_no = r.line_no
inner join orders.orders as o on o.order_id = r.order_id;

comment on view orders.return_item_list is
'What is in returns, and what became of it. Replica: yes.';
grant select on orders.return_item_list to orders_editor;
