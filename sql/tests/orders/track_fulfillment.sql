-- setup: an order that was sent
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(pg_temp.number());
select orders.ship_order(pg_temp.number(), null, 'DHL', 'X1');
delete from events.outbox_events;

-- case: the carrier has it
select lives_ok(
    $$select orders.track_fulfillment(pg_temp.number(), 1, 'DHL', 'X9', true)$$
);
select bag_eq(
    'select f.status, f.carrier, f.tracking, f.in_transit_at is null'
    || ' from orders.order_fulfillment as f',
    $$values ('in_transit', 'DHL', 'X9', false)$$
);
select bag_eq(
    $$select e.event_type, e.payload ->> 'carrier' from events.outbox_events as e$$,
    $$values ('fulfillment.in_transit', 'DHL')$$
);
delete from events.outbox_events;
select lives_ok(
    $$select orders.track_fulfillment(pg_temp.number(), 1, 'DHL', 'X9', true)$$
);
select is_empty('table events.outbox_events', 'repeated, it does nothing');
select is(r.status, 'delivered') from orders.deliver_fulfillment(pg_temp.number()) as r;

-- case: a number that was written wrong is mended
select orders.track_fulfillment(pg_temp.number(), 1, 'DHL', 'X8');
select is(f.status || ' ' || f.tracking, 'shipped X8') from orders.order_fulfillment as f;
select bag_eq(
    'select e.event_type from events.outbox_events as e', $$values ('fulfillment.tracked')$$
);

-- case: refusals
select orders.deliver_fulfillment(pg_temp.number());
select throws_ok(
    'select orders.track_fulfillment(pg_temp.number(), 1, p_is_in_transit => true)', 'SHO30', null
);
select throws_ok('select orders.track_fulfillment(pg_temp.number(), 1)', '22023', null);
select throws_ok(
    $$select orders.track_fulfillment(pg_temp.number(), 1, null, 'X1')$$, '22023', null
);
select throws_ok(
    $$select orders.track_fulfillment(pg_temp.number(), 1, 'DHL', 'X1', null)$$, '22023', null
);
select throws_ok($$select orders.track_fulfillment(pg_temp.number(), 9, 'DHL')$$, 'SHO34', null);
select throws_ok(
    $$select orders.track_fulfillment('none', 1, 'DHL')$$, 'SHO01', null,
    'no such order'
);
create temporary table other as
select pg_temp.place('[{"sku": "RED", "quantity": 2}]') as number;
select pg_temp.pay(o.number) from pg_temp.other as o;
select orders.pack_order(o.number) from pg_temp.other as o;
select throws_ok(
    $$select orders.track_fulfillment(o.number, 1, 'DHL', 'X1') from pg_temp.other as o$$,
    'SHO35', null
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.track_fulfillment(
    pg_temp.number(), 1, 'DHL', 'X2', p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.track_fulfillment(
        pg_temp.number(), 1, 'DHL', 'X2', p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.track_fulfillment(
        pg_temp.number(), 1, 'DHL', 'X3', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
