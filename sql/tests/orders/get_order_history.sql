-- setup: an order with a story
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
select orders.add_order_note(pg_temp.number(), 'Watch this one.');
select orders.add_order_note(pg_temp.number(), 'Thank you!', 'customer');
select pg_temp.pay(pg_temp.number(), 'captured');
select orders.cancel_order(pg_temp.number(), '[{"sku": "RED", "quantity": 1}]', 'too many');
select orders.ship_order(pg_temp.number(), null, 'DHL', 'X1');
select orders.deliver_fulfillment(pg_temp.number());
select orders.request_return(pg_temp.number(), '[{"sku": "POT"}]', 'broken', 'session:s');
select orders.decide_return(pg_temp.number(), 1, 'approved', 'of course');
select orders.receive_return(pg_temp.number(), 1);

-- case: all that colleagues may know
select results_eq(
    $$
    select t.kind, t.what, t.detail ->> 'actor'
    from orders.get_order_history(pg_temp.number()) as t
    where t.kind in ('note', 'return')
    $$,
    $$
    values
    ('note', 'internal', 'staff:anna'), ('note', 'customer', 'staff:anna'),
    ('return', 'requested', null), ('return', 'approved', 'staff:anna'),
    ('return', 'received', null)
    $$
);
select is(
    t.detail, '{"note_no": 1, "body": "Watch this one.", "actor": "staff:anna"}'::jsonb
)
from orders.get_order_history(pg_temp.number()) as t
where t.kind = 'note' and t.what = 'internal';
select isnt_empty(
    $$
    select t.what from orders.get_order_history(pg_temp.number()) as t
    where t.kind = 'payment' and t.detail ->> 'provider_ref' like 'ref-%'
    $$
);

-- case: an unknown order
select throws_ok($$select orders.get_order_history('none')$$, 'SHO01', null);
select throws_ok('select orders.get_order_history(null)', 'SHO01', null);
