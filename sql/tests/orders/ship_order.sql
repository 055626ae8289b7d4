-- setup: an order of four mugs and two teapots with 5.00 for sending
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(pg_temp.number());
delete from events.outbox_events;

-- case: in parts, until the last unit makes it shipped
select results_eq(
    $$
    select r.status, r.fulfillment_status, r.fulfillment_no
    from orders.ship_order(pg_temp.number(), '[{"sku": "RED", "quantity": 3}]', 'DHL', 'X1') as r
    $$,
    $$values ('processing', 'partially_shipped', 1)$$
);
select bag_eq(
    'select s.sku, s.current_stock, s.reserved_quantity, s.available_stock'
    || ' from inventory.stock_levels as s',
    $$values ('RED', 7, 1::bigint, 6::bigint), ('POT', 5, 2, 3), ('JAR', 9, 0, 9)$$
);
select bag_eq(
    $$
    select m.on_hand_delta, m.reference = pg_temp.number() || '/P1'
    from inventory.inventory_movements as m where m.kind = 'shipment'
    $$,
    'values (-3, true)'
);
select bag_eq(
    $$
    select e.event_type, e.aggregate_seq
    from events.outbox_events as e where e.aggregate_type = 'order'
    $$,
    $$values ('fulfillment.shipped', null::bigint), ('order.processing', 3)$$
);
select results_eq(
    $$
    select r.status, r.fulfillment_status, r.fulfillment_no
    from orders.ship_order(pg_temp.number()) as r
    $$,
    $$values ('shipped', 'shipped', 2)$$
);
select bag_eq(
    $$
    select f.status, f.location, f.carrier, f.tracking, f.shipped_at is null
    from orders.order_fulfillment as f
    $$,
    $$values ('shipped', 'MAIN', 'DHL', 'X1', false), ('shipped', 'MAIN', null, null, false)$$
);
select ok(o.shipped_at = h.created_at and o.shipped_at > o.processing_at)
from orders.orders as o
inner join orders.order_status_history as h on h.order_id = o.order_id and h.to_status = 'shipped';
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: at once it goes from confirmed to shipped, and again it does nothing
select is(r.status, 'shipped') from orders.ship_order(pg_temp.number()) as r;
select is(o.processing_at, null, 'it was never processing') from orders.orders as o;
delete from events.outbox_events;
select results_eq(
    'select r.status, r.fulfillment_no from orders.ship_order(pg_temp.number()) as r',
    $$values ('shipped', 1)$$
);
select results_eq(
    $$
    select r.status, r.fulfillment_no
    from orders.ship_order(pg_temp.number(), p_fulfillment_no => 1) as r
    $$,
    $$values ('shipped', 1)$$
);
select is_empty('table events.outbox_events', 'nothing was written');
select throws_ok(
    $$select orders.ship_order(pg_temp.number(), '[{"sku": "RED", "quantity": 1}]')$$,
    'SHO30', null, 'what was sent is not sent again'
);

-- case: a packed parcel goes as it was packed
select orders.pack_order(pg_temp.number(), '[{"sku": "POT"}]');
select results_eq(
    $$
    select r.status, r.fulfillment_no
    from orders.ship_order(pg_temp.number(), null, 'DHL', 'X1', 1) as r
    $$,
    $$values ('processing', 1)$$
);
select orders.pack_order(pg_temp.number());
select results_eq(
    'select r.status, r.fulfillment_no from orders.ship_order(pg_temp.number()) as r',
    $$values ('shipped', 2)$$
);

-- case: a parcel that has failed, or was given up, is not sent
select orders.pack_order(pg_temp.number(), '[{"sku": "POT"}]');
select orders.cancel_fulfillment(pg_temp.number(), 1);
select orders.ship_order(pg_temp.number(), '[{"sku": "RED"}]');
select orders.fail_fulfillment(pg_temp.number(), 2, 'Nobody there');
select orders.cancel_order(pg_temp.number(), '[{"sku": "POT", "quantity": 1}]');
select is(
    detail_of(
        format('select orders.ship_order(pg_temp.number(), p_fulfillment_no => %s)', b.number)
    ) - 'order_number' - 'fulfillment_no',
    jsonb_build_object(
        'error', 'ILLEGAL_TRANSITION', 'of', 'fulfillment', 'status', b.status,
        'requested', 'shipped', 'legal', b.legal
    )
)
from (values (1, 'cancelled', '[]'::jsonb), (2, 'failed', '["returned"]')) as b (
    number, status, legal
);

-- case: without a number it has to be clear which packed parcel is meant
select orders.pack_order(pg_temp.number(), '[{"sku": "POT"}]');
select orders.pack_order(pg_temp.number());
select throws_ok('select orders.ship_order(pg_temp.number())', '22023', null);
select throws_ok(
    'select orders.ship_order(pg_temp.number(), p_fulfillment_no => 3)', 'SHO34', null
);
select throws_ok(
    $$
    select orders.ship_order(pg_temp.number(), '[{"sku": "POT"}]', p_fulfillment_no => 1)
    $$,
    '22023', null
);
select orders.cancel_fulfillment(pg_temp.number(), 2);
select is(
    detail_of('select orders.ship_order(pg_temp.number(), p_fulfillment_no => 2)')
    - 'order_number',
    '{
        "error": "ILLEGAL_TRANSITION", "of": "fulfillment", "fulfillment_no": 2,
        "status": "cancelled", "requested": "shipped", "legal": []
    }'::jsonb
);

-- case: a carrier gives a number once
select orders.ship_order(pg_temp.number(), '[{"sku": "POT", "quantity": 1}]', 'DHL', 'X1');
delete from events.outbox_events;
select throws_ok(
    $$select orders.ship_order(pg_temp.number(), null, 'DHL', 'X1')$$, 'SHO35', null
);
select throws_ok(
    format('select orders.ship_order(pg_temp.number(), null, %L, %L)', b.carrier, b.tracking),
    '22023', null
)
from (values (null, 'X2'), ('', 'X2'), ('DHL', ''), ('DHL', ' X2')) as b (carrier, tracking);
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok($$select orders.ship_order(pg_temp.number(), null, 'UPS', 'X1')$$);

-- case: what is not covered any more does not leave
update payment.payments
set authorized = 0, phase = 'created';
select throws_ok('select orders.ship_order(pg_temp.number())', 'SHO33', null);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a pending order is not sent
create temporary table other as
select pg_temp.place('[{"sku": "RED", "quantity": 2}]') as number;
select is(
    detail_of('select orders.ship_order(o.number) from pg_temp.other as o')
    - 'order_number',
    '{
        "error": "ILLEGAL_TRANSITION", "of": "order", "status": "pending",
        "requested": "shipped", "legal": ["confirmed", "cancelled", "expired"]
    }'::jsonb
);
select throws_ok(
    $$select orders.ship_order('none')$$, 'SHO01', null,
    'no such order'
);

-- case: units are taken from the place that is named
select inventory.create_location('TOWN', 'Town', 2);
select inventory.transfer_stock('[{"sku": "RED", "quantity": 6}]', 'MAIN', 'TOWN');
create temporary table other as
select pg_temp.place('[{"sku": "RED", "quantity": 5}]') as number;
select pg_temp.pay(o.number) from pg_temp.other as o;
select throws_ok(
    $$select orders.ship_order(o.number, null, p_location => 'MAIN') from pg_temp.other as o$$,
    'SHI01', null
);
select lives_ok(
    $$select orders.ship_order(o.number, null, p_location => 'TOWN') from pg_temp.other as o$$
);
select throws_ok(
    $$select orders.ship_order(pg_temp.number(), null, p_location => 'CELLAR')$$, 'SHI08', null
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.ship_order(
    pg_temp.number(), '[{"sku": "RED", "quantity": 1}]', p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.ship_order(
        pg_temp.number(), '[{"sku": "RED", "quantity": 1}]', p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.ship_order(
        pg_temp.number(), '[{"sku": "RED", "quantity": 2}]', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
