-- setup: an order of four mugs and two teapots with 5.00 for sending
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
delete from events.outbox_events;

-- case: an order whose payment was recorded elsewhere is confirmed, and its holds are sold
insert into payment.payments (
    order_id, provider, currency, amount, authorized, phase, auth_expires_at, updated_by
)
select o.order_id, 'acme', 'EUR', 83, 83, 'authorized', clock_timestamp() + '1 day', 'test'
from orders.orders as o;
select results_eq(
    $$
    select r.status, r.payment_status, r.total, r.credit_total
    from orders.confirm_order(pg_temp.number()) as r
    $$,
    $$values ('confirmed', 'authorized', 83.0000::numeric, 0.0000::numeric)$$
);
select bag_eq(
    'select r.status, r.open_quantity from inventory.inventory_reservations as r',
    $$values ('consumed', 4), ('consumed', 2)$$
);
select is(o.confirmed_at, h.created_at, 'its time is that of the history')
from orders.orders as o
inner join orders.order_status_history as h on h.order_id = o.order_id and h.seq = 2;
select bag_eq(
    $$
    select e.event_type, e.aggregate_seq
    from events.outbox_events as e where e.aggregate_type = 'order'
    $$,
    $$values ('order.payment_changed', 3::bigint), ('order.confirmed', 2)$$
);

-- case: repeated, it does nothing
select pg_temp.pay(pg_temp.number());
delete from events.outbox_events;
select is(r.status, 'confirmed') from orders.confirm_order(pg_temp.number()) as r;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is not covered is refused
select throws_ok('select orders.confirm_order(pg_temp.number())', 'SHO33', null);
select is(
    detail_of('select orders.confirm_order(pg_temp.number())') - 'order_number',
    '{"error": "ORDER_NOT_COVERED", "due": 83.0000, "covered": 0}'::jsonb
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a cancelled order has nowhere to go
select orders.cancel_order(pg_temp.number());
select throws_ok('select orders.confirm_order(pg_temp.number())', 'SHO30', null);
select is(
    detail_of('select orders.confirm_order(pg_temp.number())') - 'order_number',
    '{
        "error": "ILLEGAL_TRANSITION", "of": "order", "status": "cancelled",
        "requested": "confirmed", "legal": []
    }'::jsonb
);

-- case: an unknown order
select throws_ok(
    $$select orders.confirm_order('none')$$, 'SHO01', null,
    'no such order'
);

-- case: the same key with another request is refused
select pg_temp.pay(pg_temp.number());
select orders.confirm_order(pg_temp.number(), 'k');
select lives_ok($$select orders.confirm_order(pg_temp.number(), 'k')$$);
select throws_ok($$select orders.confirm_order('other', 'k')$$, 'SHC01', null);
