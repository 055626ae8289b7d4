-- setup: an order that was sent and captured, and of which a parcel failed
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(pg_temp.number(), 'captured');
select orders.ship_order(pg_temp.number(), '[{"sku": "RED", "quantity": 3}]', 'DHL', 'X1');
select orders.ship_order(pg_temp.number(), null, 'DHL', 'X2');
select orders.fail_fulfillment(pg_temp.number(), 1, 'moved');
delete from events.outbox_events;

-- case: what came back is on the shelf, damaged or lost; all of it is credited
select results_eq(
    $$
    select r.status, r.credit_total
    from orders.return_fulfillment(
        pg_temp.number(), 1,
        '[{"sku": "RED", "quantity": 1}, {"sku": "RED", "quantity": 1, "disposition": "damaged"}]'
    ) as r
    $$,
    $$values ('shipped', 22.5000::numeric)$$
);
select bag_eq(
    $$
    select m.kind, m.on_hand_delta, m.damaged_delta, m.reference = pg_temp.number() || '/P1'
    from inventory.inventory_movements as m where m.kind = 'return'
    $$,
    $$values ('return', 2, 1, true)$$
);
select is(i.qty_returned || '/' || i.qty_written_off, '3/1')
from orders.order_items as i
where i.line_no = 1;
select is(s.available_stock, 7::bigint)
from inventory.stock_levels as s
where s.sku = 'RED';
select bag_eq(
    'select e.event_type from events.outbox_events as e',
    $$
    values
    ('fulfillment.returned'), ('order.credited'), ('refund.approved'),
    ('payment.refund_requested'), ('stock.moved'), ('stock.updated')
    $$
);
select is(sum(r.amount), 22.5) from payment.refunds as r;
delete from events.outbox_events;
select lives_ok('select orders.return_fulfillment(pg_temp.number(), 1)');
select is_empty('table events.outbox_events', 'repeated, it does nothing');
select is(r.status, 'delivered', 'what is left has arrived')
from orders.deliver_fulfillment(pg_temp.number()) as r;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: an order of which every parcel came back is cancelled, sending included
select orders.return_fulfillment(pg_temp.number(), 1);
select orders.fail_fulfillment(pg_temp.number(), 2, 'lost');
select results_eq(
    $$
    select r.status, r.fulfillment_status, r.credit_total
    from orders.return_fulfillment(pg_temp.number(), 2, null, 'MAIN') as r
    $$,
    $$values ('cancelled', 'returned', 83.0000::numeric)$$
);
select bag_eq(
    'select s.sku, s.current_stock, s.available_stock from inventory.stock_levels as s',
    $$values ('RED', 10, 10::bigint), ('POT', 5, 5), ('JAR', 9, 9)$$
);
select is(sum(r.amount), 83, 'all of the money goes back') from payment.refunds as r;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: refusals
select throws_ok('select orders.return_fulfillment(pg_temp.number(), 2)', 'SHO30', null);
select throws_ok('select orders.return_fulfillment(pg_temp.number(), 9)', 'SHO34', null);
select throws_ok(
    format('select orders.return_fulfillment(pg_temp.number(), 1, %L)', b.items), b.sqlstate,
    null, b.items
)
from (
    values
    ('[{"sku": "RED", "quantity": 4}]', 'SHO32'), ('[{"sku": "POT"}]', 'SHO32'),
    ('[{"sku": "JAR"}]', 'SHO31'), ('[{"sku": "RED", "disposition": "eaten"}]', '22023'),
    ('[{"sku": "RED", "credited": -1}]', '22023'), ('[]', '22023')
) as b (items, sqlstate);
select throws_ok(
    $$select orders.return_fulfillment(pg_temp.number(), 1, null, 'CELLAR')$$, 'SHI08', null
);
update inventory.inventory as i
set max_on_hand = 7
from product.variants as v
where v.variant_id = i.variant_id and v.sku = 'RED';
select throws_ok('select orders.return_fulfillment(pg_temp.number(), 1)', 'SHI07', null);
select throws_ok(
    $$select orders.return_fulfillment('none', 1)$$, 'SHO01', null,
    'no such order'
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.return_fulfillment(
    pg_temp.number(), 1, p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.return_fulfillment(
        pg_temp.number(), 1, p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.return_fulfillment(
        pg_temp.number(), 1, p_location => 'MAIN', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
