-- setup: an order of four mugs and two teapots with 5.00 for sending
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
delete from events.outbox_events;

-- case: head, history and event in one step
select results_eq(
    $$
    select (orders.change_status(o, 'cancelled', 'a reason')).status
    from orders.orders as o
    $$,
    $$values ('cancelled')$$
);
select bag_eq(
    'select h.seq, h.from_status, h.to_status, h.reason, h.actor, h.request_id'
    || ' from orders.order_status_history as h where h.seq > 1',
    $$values (2, 'pending', 'cancelled', 'a reason', 'staff:anna', 'req-1')$$
);
select ok(o.cancelled_at = h.created_at and o.status_seq = 2 and o.cancel_reason = 'a reason')
from orders.orders as o
inner join orders.order_status_history as h on h.order_id = o.order_id and h.seq = 2;
select bag_eq(
    $$
    select e.event_type, e.aggregate_seq, e.payload ->> 'from'
    from events.outbox_events as e
    $$,
    $$values ('order.cancelled', 2::bigint, 'pending')$$
);

-- case: an illegal one changes nothing
select throws_ok(
    format('select orders.change_status(o, %L, null) from orders.orders as o', b.status), 'SHO30',
    null, coalesce(b.status, 'null')
)
from (
    values ('pending'), ('processing'), ('shipped'), ('delivered'), ('completed'), ('lost'), (null)
) as b (status);
select is_empty('table events.outbox_events', 'nothing was written');
