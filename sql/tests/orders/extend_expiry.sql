-- setup: an order of four mugs and two teapots with 5.00 for sending
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
delete from events.outbox_events;

-- case: order and holds last longer, never less long
create temporary table until as select clock_timestamp() + interval '2 hours' as until;
select is((orders.extend_expiry(o, u.until)).expires_at, u.until)
from orders.orders as o
cross join pg_temp.until as u;
select is(count(*), 2::bigint)
from inventory.inventory_reservations as r
inner join pg_temp.until as u on u.until = r.expires_at;
select bag_eq(
    'select e.event_type from events.outbox_events as e',
    $$values ('order.extended'), ('reservation.extended'), ('reservation.extended')$$
);
delete from events.outbox_events;
select orders.extend_expiry(o, u.until - interval '1 hour')
from orders.orders as o
cross join pg_temp.until as u;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an order that is not pending has no expiry to extend
select orders.cancel_order(pg_temp.number());
delete from events.outbox_events;
select orders.extend_expiry(o, clock_timestamp() + interval '2 hours') from orders.orders as o;
select is_empty('table events.outbox_events', 'nothing was written');
