-- What became of the units of a line comes to no more than there were.
-- Checks make anything else impossible; a restore that left them out would show here.
select
    'order ' || i.order_id || ' line ' || i.line_no as object,
    jsonb_build_object(
        'quantity', i.quantity, 'cancelled', i.qty_cancelled, 'shipped', i.qty_shipped,
        'delivered', i.qty_delivered, 'return_requested', i.qty_return_requested,
        'returned', i.qty_returned, 'written_off', i.qty_written_off
    ) as detail
from orders.order_items as i
where least(
    i.qty_cancelled, i.qty_shipped, i.qty_delivered, i.qty_return_requested, i.qty_returned,
    i.qty_written_off
) < 0
or i.qty_cancelled + i.qty_shipped > i.quantity
or i.qty_delivered > i.qty_shipped
or i.qty_return_requested + i.qty_returned > i.qty_shipped
or i.qty_written_off > i.qty_returned
