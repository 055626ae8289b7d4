-- setup: an order of four mugs and two teapots with 5.00 for sending
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(pg_temp.number());
delete from events.outbox_events;

-- case: the first parcel moves the order to processing; its units are packed once
select results_eq(
    $$
    select r.status, r.fulfillment_status, r.fulfillment_no
    from orders.pack_order(pg_temp.number(), '[{"sku": "RED", "quantity": 3}]') as r
    $$,
    $$values ('processing', 'unfulfilled', 1)$$
);
select bag_eq(
    'select f.status, f.location, f.packed_at is null from orders.order_fulfillment as f',
    $$values ('packed', 'MAIN', false)$$
);
select bag_eq(
    'select e.event_type from events.outbox_events as e',
    $$values ('fulfillment.packed'), ('order.processing')$$
);
select results_eq(
    $$select r.fulfillment_no from orders.pack_order(pg_temp.number()) as r$$, 'values (2)'
);
select bag_eq(
    'select i.fulfillment_no, i.line_no, i.quantity from orders.fulfillment_items as i',
    'values (1, 1, 3), (2, 1, 1), (2, 2, 2)'
);
select throws_ok('select orders.pack_order(pg_temp.number())', 'SHO32', null, 'all are packed');
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: more than is open, and what the order has not, refuse the whole call
select is(
    detail_of($$
        select orders.pack_order(
            pg_temp.number(), '[{"line_no": 2}, {"sku": "RED", "quantity": 5}]'
        )
    $$) - 'order_number',
    '{
        "error": "ORDER_QUANTITY_EXCEEDED", "item": 2, "sku": "RED", "line_no": null,
        "requested": 5, "open": 4
    }'::jsonb
);
select throws_ok(
    format('select orders.pack_order(pg_temp.number(), %L)', b.items), b.sqlstate, null, b.items
)
from (
    values
    ('[{"sku": "RED", "quantity": 5}]', 'SHO32'),
    ('[{"sku": "RED", "quantity": 3}, {"line_no": 1, "quantity": 2}]', 'SHO32'),
    ('[{"sku": "JAR"}]', 'SHO31'), ('[{"line_no": 3}]', 'SHO31'),
    ('[]', '22023'), ('{}', '22023'), ('[{}]', '22023'), ('[{"quantity": 1}]', '22023'),
    ('[{"sku": "RED", "line_no": 1}]', '22023'), ('[{"sku": "RED", "quantity": 0}]', '22023'),
    ('[{"sku": "RED", "quantity": -1}]', '22023'), ('[{"sku": "RED", "quantity": 1.5}]', '22023'),
    ('[{"sku": "RED", "quantity": null}]', '22023'), ('[{"sku": 5}]', '22023'),
    ('[{"sku": "RED", "price": 5}]', '22023'), ('["RED"]', '22023')
) as b (items, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a parcel is packed where its units are
select inventory.create_location('TOWN', 'Town', 2);
select throws_ok(
    $$select orders.pack_order(pg_temp.number(), null, 'TOWN')$$, 'SHI01', null
);
select throws_ok(
    $$select orders.pack_order(pg_temp.number(), null, 'CELLAR')$$, 'SHI08', null
);
select lives_ok($$select orders.pack_order(pg_temp.number(), null, 'MAIN')$$);

-- case: what lies in a parcel stays there, whatever else is packed, sent or cancelled before it
select inventory.create_location('TOWN', 'Town', 2);
select inventory.receive_stock('[{"sku": "JAR", "quantity": 4}]', 'TOWN');
create temporary table other as
select pg_temp.place('[{"sku": "JAR", "quantity": 6}, {"sku": "JAR", "quantity": 7}]') as number;
select pg_temp.pay(o.number) from pg_temp.other as o;
-- Nine are in MAIN, four in TOWN.
select orders.pack_order(o.number, '[{"line_no": 2}]') from pg_temp.other as o;
select orders.cancel_order(o.number, '[{"line_no": 1, "quantity": 1}]') from pg_temp.other as o;
select orders.ship_order(o.number, '[{"line_no": 1, "quantity": 1}]') from pg_temp.other as o;
select throws_ok(
    $$
    select orders.pack_order(o.number, '[{"line_no": 1, "quantity": 1}]', 'MAIN')
    from pg_temp.other as o
    $$,
    'SHI01', null, 'all that is left there is packed'
);
select orders.pack_order(o.number) from pg_temp.other as o;
select bag_eq(
    'select f.fulfillment_no, f.location, f.status from orders.order_fulfillment as f',
    $$values (1, 'MAIN', 'packed'), (2, 'MAIN', 'shipped'), (3, 'TOWN', 'packed')$$
);
select is(r.status, 'processing')
from pg_temp.other as o
cross join lateral orders.ship_order(o.number, p_fulfillment_no => 3) as r;
select is(r.status, 'shipped')
from pg_temp.other as o
cross join lateral orders.ship_order(o.number, p_fulfillment_no => 1) as r;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: an order that is not paid is not packed
create temporary table other as
select pg_temp.place('[{"sku": "RED", "quantity": 2}]') as number;
select throws_ok('select orders.pack_order(o.number) from pg_temp.other as o', 'SHO30', null);
select throws_ok(
    $$select orders.pack_order('none')$$, 'SHO01', null,
    'no such order'
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.pack_order(
    pg_temp.number(), p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.pack_order(
        pg_temp.number(), p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.pack_order(
        pg_temp.number(), p_location => 'MAIN', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
