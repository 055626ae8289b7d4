-- setup: an order of which all is to come back
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(pg_temp.number(), 'captured');
select orders.ship_order(pg_temp.number());
select orders.deliver_fulfillment(pg_temp.number());
select orders.request_return(pg_temp.number(), '[{"sku": "RED"}, {"sku": "POT"}]', 'broken');
select orders.decide_return(pg_temp.number(), 1, 'approved');
delete from events.outbox_events;

-- case: restocked, damaged and written off, each with its stock and money
select results_eq(
    $$
    select r.status, r.fulfillment_status, r.credit_total, r.return_status
    from orders.receive_return(pg_temp.number(), 1, '[
        {"sku": "RED", "quantity": 1},
        {"sku": "RED", "quantity": 1, "disposition": "damaged"},
        {"sku": "RED", "quantity": 1, "disposition": "written_off", "credited": 0},
        {"line_no": 2}
    ]') as r
    $$,
    $$values ('delivered', 'partially_returned', 63.0000::numeric, 'received')$$
);
select bag_eq(
    $$
    select i.line_no, i.qty_restocked, i.qty_damaged, i.qty_written_off
    from orders.return_items as i
    $$,
    'values (1, 1, 1, 1), (2, 2, 0, 0)'
);
select bag_eq(
    $$
    select i.line_no, i.qty_return_requested, i.qty_returned, i.qty_written_off
    from orders.order_items as i
    $$,
    'values (1, 0, 3, 1), (2, 0, 2, 0)'
);
select bag_eq(
    $$
    select m.on_hand_delta, m.damaged_delta, m.reference = pg_temp.number() || '/R1'
    from inventory.inventory_movements as m where m.kind = 'return'
    $$,
    'values (2, 1, true), (2, 0, true)'
);
select bag_eq(
    'select s.sku, s.current_stock, s.available_stock from inventory.stock_levels as s',
    $$values ('RED', 8, 7::bigint), ('POT', 5, 5), ('JAR', 9, 9)$$
);
select bag_eq(
    'select r.amount, r.reason_code from payment.refunds as r',
    $$values (63.0000::numeric, 'returned')$$
);
select bag_eq(
    $$
    select e.event_type, e.aggregate_seq
    from events.outbox_events as e where e.aggregate_type = 'order'
    $$,
    $$values ('return.received', null::bigint), ('order.credited', 1), ('order.credited', 2)$$
);
delete from events.outbox_events;
select lives_ok('select orders.receive_return(pg_temp.number(), 1)');
select is_empty('table events.outbox_events', 'repeated, it does nothing');
select is(r.return_no, 2, 'what did not come may be announced again')
from orders.request_return(pg_temp.number(), '[{"sku": "RED", "quantity": 1}]', 'late') as r;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: everything, back to another place
select inventory.create_location('TOWN', 'Town', 2);
select results_eq(
    $$
    select r.fulfillment_status, r.credit_total
    from orders.receive_return(pg_temp.number(), 1, null, 'TOWN') as r
    $$,
    $$values ('returned', 78.0000::numeric)$$
);
select bag_eq(
    $$
    select s.sku, s.location, s.current_stock
    from inventory.stock_levels as s where s.location = 'TOWN'
    $$,
    $$values ('RED', 'TOWN', 4), ('POT', 'TOWN', 2)$$
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: what is left to pay may have been paid by then
create temporary table other as
select pg_temp.place('[{"sku": "POT", "quantity": 2}]') as number;
select pg_temp.pay(o.number) from pg_temp.other as o;
select orders.ship_order(o.number) from pg_temp.other as o;
select orders.deliver_fulfillment(o.number) from pg_temp.other as o;
select payment.record_capture(c.transaction, 'succeeded', 'ref-2')
from payment.begin_capture((
    select p.public_id
    from pg_temp.other as o
    inner join orders.orders as r on r.order_number = o.number
    inner join payment.payments as p on p.order_id = r.order_id
), 40) as c;
select orders.request_return(o.number, '[{"sku": "POT", "quantity": 1}]', 'no')
from pg_temp.other as o;
select orders.decide_return(o.number, 1, 'approved') from pg_temp.other as o;
select is(r.payment_status || ' ' || r.credit_total, 'paid 24.0000')
from pg_temp.other as o
cross join lateral orders.receive_return(o.number, 1) as r;
select ok(r.paid_at is not null)
from orders.orders as r
inner join pg_temp.other as o on o.number = r.order_number;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: several elements of one line are credited as they say
select orders.receive_return(pg_temp.number(), 1, '[
    {"sku": "RED", "quantity": 3, "credited": 1}, {"sku": "RED", "quantity": 1}
]');
select bag_eq(
    'select c.line_no, c.quantity, c.amount from orders.order_credits as c',
    'values (1, 2, 15.0000::numeric)'
);

-- case: refusals
select throws_ok(
    format('select orders.receive_return(pg_temp.number(), 1, %L)', b.items), b.sqlstate, null,
    b.items
)
from (
    values
    ('[{"sku": "RED", "quantity": 5}]', 'SHO32'), ('[{"sku": "JAR"}]', 'SHO31'),
    ('[{"sku": "RED", "disposition": "eaten"}]', '22023'),
    ('[{"sku": "RED", "credited": 1.5}]', '22023'), ('[]', '22023')
) as b (items, sqlstate);
select throws_ok(
    $$select orders.receive_return(pg_temp.number(), 1, null, 'CELLAR')$$, 'SHI08', null
);
select throws_ok('select orders.receive_return(pg_temp.number(), 9)', 'SHO36', null);
update inventory.inventory as i
set max_on_hand = 7
from product.variants as v
where v.variant_id = i.variant_id and v.sku = 'RED';
select throws_ok('select orders.receive_return(pg_temp.number(), 1)', 'SHI07', null);
select throws_ok(
    $$select orders.receive_return('none', 1)$$, 'SHO01', null,
    'no such order'
);
select orders.request_return(pg_temp.number(), '[{"sku": "RED"}]', 'no')
from orders.close_return(pg_temp.number(), 1);
select is(
    detail_of('select orders.receive_return(pg_temp.number(), 2)') - 'order_number',
    '{
        "error": "ILLEGAL_TRANSITION", "of": "return", "return_no": 2, "status": "requested",
        "requested": "received", "legal": ["approved", "rejected"]
    }'::jsonb
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.receive_return(
    pg_temp.number(), 1, p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.receive_return(
        pg_temp.number(), 1, p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.receive_return(
        pg_temp.number(), 1, p_location => 'MAIN', p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
