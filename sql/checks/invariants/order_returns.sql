-- What came back of a line is what its returns and its parcels that could not be delivered brought.
select
    'order ' || i.order_id || ' line ' || i.line_no as object,
    jsonb_build_object(
        'returned', i.qty_returned, 'written_off', i.qty_written_off,
        'return_requested', i.qty_return_requested, 'came_back', coalesce(b.returned, 0),
        'was_written_off', coalesce(b.written_off, 0), 'to_come', coalesce(b.requested, 0)
    ) as detail
from orders.order_items as i
left join (
    select
        p.order_id, p.line_no, sum(p.returned) as returned, sum(p.written_off) as written_off,
        sum(p.requested) as requested
    from (
        select
            t.order_id, t.line_no,
            t.qty_restocked + t.qty_damaged + t.qty_written_off as returned,
            t.qty_written_off as written_off,
            case when h.status in ('requested', 'approved') then t.quantity else 0 end
                as requested
        from orders.return_items as t
        inner join orders.order_returns as h
            on h.order_id = t.order_id and h.return_no = t.return_no
        union all
        select t.order_id, t.line_no, t.quantity, 0, 0
        from orders.fulfillment_items as t
        inner join orders.order_fulfillment as f
            on f.order_id = t.order_id and f.fulfillment_no = t.fulfillment_no
        where f.status = 'returned'
    ) as p
    group by p.order_id, p.line_no
) as b on b.order_id = i.order_id and b.line_no = i.line_no
where (i.qty_returned, i.qty_return_requested)
    is distinct from (coalesce(b.returned, 0), coalesce(b.requested, 0))
or i.qty_written_off < coalesce(b.written_off, 0)
