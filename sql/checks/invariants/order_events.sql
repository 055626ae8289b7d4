-- Every move and every credit of an order has written its event, once.
-- Looks at those of the last day: older events may have been delivered and dropped.
select
    'order ' || w.order_id as object,
    jsonb_build_object('event', w.event_type, 'seq', w.seq, 'events', count(e.event_id)) as detail
from (
    select
        h.order_id,
        case h.to_status when 'pending' then 'order.placed' else 'order.' || h.to_status end
            as event_type,
        h.seq,
        h.created_at
    from orders.order_status_history as h
    union all
    select c.order_id, 'order.credited', c.credit_no, c.created_at
    from orders.order_credits as c
) as w
left join events.outbox_events as e
    on e.event_type = w.event_type and e.aggregate_type = 'order'
    and e.aggregate_id = w.order_id and e.aggregate_seq = w.seq
where w.created_at > clock_timestamp() - interval '1 day'
group by w.order_id, w.event_type, w.seq
having count(e.event_id) <> 1
