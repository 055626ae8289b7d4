-- What came back of a line is what its returns and its parcels that could not be delivered brought.
select
    'order ' || i.order_id || ' line ' || i.line_no as object,
    jsonb_build_object(
        'returned', i.qty_returned, 'written_off', i.qty_written_off,
        'return_requested', i.qty_return_requested, 'by_returns', r.returned,
        'by_parcels', f.returned, 'written_off_by_returns', r.written_off,
        'to_come', r.requested
    ) as detail
from orders.order_items as i
cross join lateral (
    select
        coalesce(sum(t.qty_restocked + t.qty_damaged + t.qty_written_off), 0) as returned,
        coalesce(sum(t.qty_written_off), 0) as written_off,
        coalesce(sum(t.quantity) filter (where h.status in ('requested', 'approved')), 0)
            as requested
    from orders.return_items as t
    inner join orders.order_returns as h
        on h.order_id = t.order_id and h.return_no = t.return_no
    where t.order_id = i.order_id and t.line_no = i.line_no
) as r
cross join lateral (
    select coalesce(sum(t.quantity), 0) as returned
    from orders.fulfillment_items as t
    inner join orders.order_fulfillment as p
        on p.order_id = t.order_id and p.fulfillment_no = t.fulfillment_no
    where t.order_id = i.order_id and t.line_no = i.line_no and p.status = 'returned'
) as f
where (i.qty_returned, i.qty_return_requested)
is distinct from (r.returned + f.returned, r.requested)
-- What a parcel did not bring back is lost, too.
or i.qty_written_off not between r.written_off and r.written_off + f.returned
