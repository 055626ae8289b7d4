-- setup: an order of four mugs and two teapots with 5.00 for sending
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_three_things();
create temporary table placed as
select pg_temp.place('[{"sku": "RED", "quantity": 4}, {"sku": "POT", "quantity": 2}]') as number;
delete from events.outbox_events;

-- case: a pending order gives back its stock, once
select results_eq(
    $$
    select r.status, r.fulfillment_status, r.total, r.credit_total
    from orders.cancel_order(pg_temp.number(), p_reason => 'changed my mind') as r
    $$,
    $$values ('cancelled', 'cancelled', 83.0000::numeric, 83.0000::numeric)$$
);
select bag_eq(
    'select s.sku, s.available_stock from inventory.stock_levels as s',
    $$values ('RED', 10::bigint), ('POT', 5), ('JAR', 9)$$
);
select bag_eq(
    'select c.line_no, c.quantity, c.amount, c.reason from orders.order_credits as c',
    $$
    values
    (1, 4, 30.0000::numeric, 'changed my mind'), (2, 2, 48.0000, 'changed my mind'),
    (null, null, 5.0000, 'changed my mind')
    $$
);
select ok(
    o.cancelled_at = h.created_at and o.cancel_reason = 'changed my mind'
    and h.reason = 'changed my mind' and o.pending_slot is null
)
from orders.orders as o
inner join orders.order_status_history as h
    on h.order_id = o.order_id and h.seq = o.status_seq;
select bag_eq(
    'select e.event_type, e.aggregate_seq from events.outbox_events as e',
    $$
    values
    ('order.credited', 1::bigint), ('order.credited', 2), ('order.credited', 3),
    ('order.cancelled', 2), ('reservation.released', 2), ('reservation.released', 2),
    ('stock.updated', null), ('stock.updated', null)
    $$
);
delete from events.outbox_events;
select is(r.status, 'cancelled') from orders.cancel_order(pg_temp.number()) as r;
select is_empty('table events.outbox_events', 'repeated, it does nothing');
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: a captured one gets its money back, a packed one is unpacked
select pg_temp.pay(pg_temp.number(), 'captured');
select orders.pack_order(pg_temp.number());
delete from events.outbox_events;
select is(r.status, 'cancelled') from orders.cancel_order(pg_temp.number()) as r;
select is(sum(r.amount), 83) from payment.refunds as r;
select is(f.status, 'cancelled') from orders.order_fulfillment as f;
select bag_eq(
    'select r.status, r.open_quantity from inventory.inventory_reservations as r',
    $$values ('consumed', 0), ('consumed', 0)$$
);
select is(sum(s.available_stock), 24) from inventory.stock_levels as s;
select orders.cancel_order(pg_temp.number());
select is(count(*), 1::bigint, 'refunded once') from payment.refunds;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: a part of the money is all of it when nothing is due any more, and yet it was never paid
select payment.process_payment_authorization(b.transaction, 'captured', 'ref')
from payment.begin_payment(pg_temp.number(), 'acme', null, 50) as b;
select is(o.payment_status, 'partially_paid') from orders.orders as o;
select is(r.payment_status, 'paid') from orders.cancel_order(pg_temp.number()) as r;
select is(o.paid_at, null) from orders.orders as o;
select is(sum(r.amount), 50::numeric) from payment.refunds as r;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: what was only authorised is voided
select pg_temp.pay(pg_temp.number());
select orders.cancel_order(pg_temp.number());
select bag_eq(
    $$select t.status, t.amount from payment.payment_transactions as t where t.kind = 'void'$$,
    $$values ('pending', 83.0000::numeric)$$
);

-- case: units of a pending order
select results_eq(
    $$
    select r.status, r.fulfillment_status, r.credit_total
    from orders.cancel_order(pg_temp.number(), '[{"sku": "RED", "quantity": 1}]') as r
    $$,
    $$values ('pending', 'unfulfilled', 7.5000::numeric)$$
);
select bag_eq(
    'select r.status, r.open_quantity from inventory.inventory_reservations as r',
    $$values ('active', 3), ('active', 2)$$
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);
select is(pg_temp.pay(pg_temp.number()), 'confirmed', 'what is left is due');
select is(p.amount, 75.5) from payment.payments as p;
select bag_eq(
    'select r.status, r.open_quantity from inventory.inventory_reservations as r',
    $$values ('consumed', 3), ('consumed', 2)$$
);

-- case: a pending order that is covered by what is left is confirmed
select payment.process_payment_authorization(b.transaction, 'approved', 'ref')
from payment.begin_payment(pg_temp.number(), 'acme', null, 60) as b;
select is(r.status, 'confirmed')
from orders.cancel_order(pg_temp.number(), '[{"sku": "POT", "quantity": 1}]') as r;
select bag_eq(
    'select r.status, r.open_quantity from inventory.inventory_reservations as r',
    $$values ('consumed', 4), ('consumed', 1)$$
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: units that were sold are for sale again, and their money goes back
select pg_temp.pay(pg_temp.number(), 'captured');
select results_eq(
    $$
    select r.status, r.credit_total
    from orders.cancel_order(
        pg_temp.number(), '[{"line_no": 1, "quantity": 3}, {"sku": "POT"}]'
    ) as r
    $$,
    $$values ('confirmed', 70.5000::numeric)$$
);
select is(sum(r.amount), 70.5) from payment.refunds as r;
select is(r.status, 'shipped') from orders.ship_order(pg_temp.number()) as r;
select bag_eq(
    'select s.sku, s.current_stock, s.available_stock from inventory.stock_levels as s',
    $$values ('RED', 9, 9::bigint), ('POT', 5, 5), ('JAR', 9, 9)$$
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: with the last unit the order is cancelled, and sending it is credited
select orders.cancel_order(pg_temp.number(), '[{"sku": "POT"}]');
select results_eq(
    $$
    select r.status, r.credit_total
    from orders.cancel_order(pg_temp.number(), '[{"sku": "RED"}]') as r
    $$,
    $$values ('cancelled', 83.0000::numeric)$$
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: where something was sent, the rest is cancelled by line, and sending it stays due
select pg_temp.pay(pg_temp.number());
select orders.ship_order(pg_temp.number(), '[{"sku": "RED"}]');
select throws_ok('select orders.cancel_order(pg_temp.number())', 'SHO30', null);
select is(
    detail_of('select orders.cancel_order(pg_temp.number())') - 'order_number',
    '{
        "error": "ILLEGAL_TRANSITION", "of": "order", "status": "processing",
        "requested": "cancelled", "legal": ["shipped"]
    }'::jsonb
);
select results_eq(
    $$
    select r.status, r.credit_total
    from orders.cancel_order(pg_temp.number(), '[{"sku": "POT"}]') as r
    $$,
    $$values ('shipped', 48.0000::numeric)$$
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: what arrived and came back was sold all the same, and what of it is paid stays paid
select pg_temp.pay(pg_temp.number(), 'captured');
select orders.ship_order(pg_temp.number(), '[{"sku": "RED", "quantity": 2}]');
select orders.deliver_fulfillment(pg_temp.number());
select orders.request_return(pg_temp.number(), null, 'Chipped');
select orders.decide_return(pg_temp.number(), 1, 'approved');
select orders.receive_return(
    pg_temp.number(), 1, '[{"sku": "RED", "quantity": 2, "credited": 1}]'
);
select is(o.fulfillment_status, 'partially_returned', 'the rest is still to be sent')
from orders.orders as o
where o.order_number = pg_temp.number();
select is(i.fulfillment_status, 'partially_returned')
from orders.order_items as i
inner join orders.orders as o on o.order_id = i.order_id
where o.order_number = pg_temp.number() and i.line_no = 1;
select is(
    detail_of('select orders.cancel_order(pg_temp.number())') -> 'legal', '["shipped"]'::jsonb
);
select results_eq(
    $$
    select r.status, r.credit_total
    from orders.cancel_order(
        pg_temp.number(), '[{"sku": "RED"}, {"sku": "POT"}]'
    ) as r
    $$,
    $$values ('delivered', 70.5000::numeric)$$
);
select is(sum(r.amount), 70.5000, 'one mug and the sending')
from payment.refunds as r;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: where all that was sent has come back without having arrived, the last unit ends the order
select pg_temp.pay(pg_temp.number(), 'captured');
select orders.ship_order(pg_temp.number(), '[{"sku": "RED", "quantity": 2}]');
select orders.fail_fulfillment(pg_temp.number(), 1, 'Nobody there');
select orders.return_fulfillment(pg_temp.number(), 1);
select results_eq(
    $$
    select r.status, r.credit_total
    from orders.cancel_order(
        pg_temp.number(), '[{"sku": "RED"}, {"sku": "POT"}]', 'changed my mind'
    ) as r
    $$,
    $$values ('cancelled', 83.0000::numeric)$$
);
select is(o.cancel_reason, 'changed my mind')
from orders.orders as o
where o.order_number = pg_temp.number();
select bag_eq(
    'select s.sku, s.available_stock from inventory.stock_levels as s',
    $$values ('RED', 10::bigint), ('POT', 5), ('JAR', 9)$$
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: what is packed is not cancelled by line
select pg_temp.pay(pg_temp.number());
select orders.pack_order(pg_temp.number(), '[{"sku": "RED", "quantity": 3}]');
select throws_ok(
    $$select orders.cancel_order(pg_temp.number(), '[{"sku": "RED", "quantity": 2}]')$$,
    'SHO32', null
);
select lives_ok(
    $$select orders.cancel_order(pg_temp.number(), '[{"sku": "RED"}]')$$
);

-- case: credits of a line add up to it, in whatever steps
create temporary table taxed as
select o.order_number as number, o.total
from orders.place_order('session:s', 'EUR', '[
    {"sku": "JAR", "quantity": 7, "taxes": [{"name": "VAT", "rate": 0.19}]},
    {"sku": "POT", "quantity": 1}
]', '{"email": "ann@example.com"}') as o;
select is(i.line_total, 27.74)
from orders.order_items as i
inner join orders.orders as o on o.order_id = i.order_id
inner join pg_temp.taxed as t on t.number = o.order_number
where i.sku = 'JAR';
select orders.cancel_order(t.number, format('[{"sku": "JAR", "quantity": %s}]', s.units)::jsonb)
from pg_temp.taxed as t
cross join (values (1), (2), (1), (3)) as s (units);
select results_eq(
    'select c.quantity, c.amount from orders.order_credits as c order by c.credit_no',
    $$
    values (1, 3.9600::numeric), (2, 7.9300), (1, 3.9600), (3, 11.8900)
    $$
);
select is(o.credit_total, 27.74)
from orders.orders as o
inner join pg_temp.taxed as t on t.number = o.order_number;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: prices that include their tax, in a currency without decimals
select product.set_price('JAR', 'JPY', 333, 0);
create temporary table yen as
select
    o.order_number as number,
    o.total
from orders.place_order('session:s', 'JPY', '[
    {"sku": "JAR", "quantity": 3, "discounts": [{"code": "ONE", "amount": 100}],
        "taxes": [{"name": "VAT", "rate": 0.1}]}
]', '{
    "email": "ann@example.com", "prices_include_tax": true,
    "shipping": {"method": "post", "amount": 500, "discount": 100, "tax_rate": 0.1}
}') as o;
select is(y.total, 1299::numeric) from pg_temp.yen as y;
select orders.cancel_order(y.number, '[{"sku": "JAR", "quantity": 1}]') from pg_temp.yen as y;
select is(r.credit_total, 1299::numeric)
from pg_temp.yen as y
cross join lateral orders.cancel_order(y.number) as r;
select results_eq(
    'select c.quantity, c.amount from orders.order_credits as c order by c.credit_no',
    'values (1, 300.0000::numeric), (2, 599.0000), (null, 400.0000)'
);
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: customers cancel what is theirs
select throws_ok(
    $$select orders.cancel_order(pg_temp.number(), p_owner => 'session:other')$$, 'SHO01', null
);
select throws_ok(
    $$select orders.cancel_order(pg_temp.number(), p_owner => 'user:1')$$, 'SHO01', null
);
select throws_ok(
    $$select orders.cancel_order(pg_temp.number(), p_owner => 'somebody')$$, '22023', null
);
select is(r.status, 'cancelled')
from orders.cancel_order(pg_temp.number(), p_owner => 'session:s') as r;

-- case: several lines of one SKU, held at several places
select inventory.create_location('TOWN', 'Town', 2);
select inventory.receive_stock('[{"sku": "RED", "quantity": 4}]', 'TOWN');
create temporary table other as
select o.order_number as number
from orders.place_order('session:s', 'EUR', '[
    {"sku": "RED", "quantity": 6}, {"sku": "POT", "quantity": 1}, {"sku": "RED", "quantity": 3}
]', '{"email": "ann@example.com"}') as o;
select pg_temp.pay(o.number) from pg_temp.other as o;
select is(r.credit_total, 60.0000)
from pg_temp.other as o
cross join lateral orders.cancel_order(o.number, '[{"sku": "RED", "quantity": 8}]') as r;
select is(sum(h.open_quantity), 1::bigint)
from pg_temp.other as o
inner join orders.orders as n on n.order_number = o.number
inner join inventory.inventory_reservations as h on h.owner = 'order:' || n.order_id
inner join product.variants as v on v.variant_id = h.variant_id and v.sku = 'RED';
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);
select is(r.status, 'shipped')
from pg_temp.other as o
cross join lateral orders.ship_order(o.number) as r;
select is_empty(
    $$select i.* from ops.check_invariants() as i where i.invariant not like '%\_events'$$
);

-- case: refusals
select throws_ok(
    format('select orders.cancel_order(pg_temp.number(), %L)', b.items), b.sqlstate, null, b.items
)
from (
    values
    ('[{"sku": "RED", "quantity": 5}]', 'SHO32'), ('[{"sku": "JAR"}]', 'SHO31'),
    ('[]', '22023'), ('[{"sku": "RED", "quantity": 0}]', '22023')
) as b (items, sqlstate);
select throws_ok(
    format('select orders.cancel_order(pg_temp.number(), null, %L)', b.reason), '22023', null
)
from (values (''), (' x'), (repeat('x', 501)), ('4242 4242 4242 4242')) as b (reason);
select throws_ok(
    $$select orders.cancel_order('none')$$, 'SHO01', null,
    'no such order'
);

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    r.status,
    r.version
from orders.cancel_order(
    pg_temp.number(), '[{"sku": "RED", "quantity": 1}]', p_idempotency_key => 'k'
) as r;
delete from events.outbox_events;
select results_eq(
    $$
    select r.status, r.version
    from orders.cancel_order(
        pg_temp.number(), '[{"sku": "RED", "quantity": 1}]', p_idempotency_key => 'k'
    ) as r
    $$,
    'select f.status, f.version from pg_temp.first as f'
);
select is_empty('table events.outbox_events', 'nothing was done again');
select throws_ok(
    $$
    select orders.cancel_order(
        pg_temp.number(), p_idempotency_key => 'k'
    )
    $$,
    'SHC01', null
);
