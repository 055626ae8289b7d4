-- setup: Ann, and four things in stock
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_four_things();

-- case: an order is placed: head, lines, history, contact, stock, events
select results_eq(
    $$
    select
        r.status, r.currency, r.total, r.version,
        r.expires_at - clock_timestamp()
        between interval '29 minutes' and interval '30 minutes'
    from orders.place_order(
        pg_temp.ann(), 'EUR', '[{"sku": "RED", "quantity": 2}, {"sku": "POT", "quantity": 1}]'
    ) as r
    $$,
    $$values ('pending', 'EUR', 39.0, 1::bigint, true)$$
);
select results_eq(
    $$
    select
        o.source, o.line_count, o.unit_count, o.subtotal, o.discount_total, o.tax_total, o.total,
        o.exponent::integer, o.pending_slot, o.pending_slots_max, o.total_min, o.total_max,
        o.lines_max, o.units_max, o.created_by, o.request_id, o.payment_status,
        o.fulfillment_status
    from orders.orders as o
    $$,
    $$
    values (
        'items', 2, 3::bigint, 39.0, 0.0, 0.0, 39.0, 2, 1, 5, 10.0, 10000.0, 50, null::integer,
        'web', 'req-1', 'unpaid', 'unfulfilled'
    )
    $$
);
select results_eq(
    $$
    select
        i.line_no, i.sku, i.name, i.quantity, i.list_price, i.unit_price, i.price_list,
        i.line_subtotal, i.line_total, i.subtotal_before, i.subtotal_after
    from orders.order_items as i
    order by i.line_no
    $$,
    $$
    values
    (1, 'RED', 'Red mug', 2, 7.5, 7.5, 'base', 15.0, 15.0, 0.0, 15.0),
    (2, 'POT', 'Teapot', 1, 24.0, 24.0, 'base', 24.0, 24.0, 15.0, 39.0)
    $$
);
select results_eq(
    $$
    select h.seq, h.from_status, h.to_status, h.actor, h.created_at = o.placed_at
    from orders.order_status_history as h
    inner join orders.orders as o on o.order_id = h.order_id
    $$,
    $$values (1, null::text, 'pending', 'web', true)$$
);
select is(c.email, 'ann@example.com', 'a user is written to at the user''s address')
from orders.order_contacts as c;
select results_eq(
    $$
    select r.owner = 'order:' || o.order_id, r.status, sum(r.quantity),
        bool_and(r.expires_at >= o.expires_at), bool_and(r.slot is null)
    from inventory.inventory_reservations as r
    cross join orders.orders as o
    group by 1, 2
    $$,
    $$values (true, 'active', 3::bigint, true, true)$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_type, e.aggregate_id = o.order_id, e.aggregate_seq,
        e.payload ->> 'order_number' = o.order_number, e.payload -> 'lines' -> 1 ->> 'sku',
        e.payload::text like '%ann@%'
    from events.outbox_events as e
    cross join orders.orders as o
    where e.event_type like 'order.%'
    $$,
    $$values ('order.placed', 'order', true, 1::bigint, true, 'POT', false)$$
);
select matches(o.order_number, '^([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}$')
from orders.orders as o;

-- case: the same key answers the same, once; another request under it is an error
create temporary table answers as
select
    r.order_id, r.order_number, r.status, r.currency, r.total, r.expires_at, r.version
from orders.place_order(
    pg_temp.ann(), 'EUR', '[{"sku": "POT", "quantity": 1}]', null, 'k'
) as r;
select results_eq(
    $$
    select r.*
    from orders.place_order(
        pg_temp.ann(), 'EUR', '[{"quantity": 1, "sku": "POT"}]', null, 'k'
    ) as r
    $$,
    'select a.* from pg_temp.answers as a'
);
select is(count(o.order_id), 1::bigint) from orders.orders as o;
select throws_ok(
    $$select orders.place_order(
        pg_temp.ann(), 'EUR', '[{"sku": "POT", "quantity": 2}]', null, 'k'
    )$$,
    'SHC01'
);

-- case: a refused call stores no key
select throws_ok(
    $$select orders.place_order('session:s', 'EUR', '[{"sku": "POT", "quantity": 4}]', null, 'k')$$,
    'SHI01'
);
select inventory.receive_stock('[{"sku": "POT", "quantity": 1}]');
select lives_ok(
    $$select orders.place_order('session:s', 'EUR', '[{"sku": "POT", "quantity": 4}]', null, 'k')$$
);

-- case: a guest's order keeps the digest of the session alone
select orders.place_order('session:secret', 'EUR', '[{"sku": "POT", "quantity": 1}]');
select results_eq(
    'select o.user_id, o.guest_owner, o.pending_slot from orders.orders as o',
    $$
    values (
        null::bigint,
        'session:' || encode(sha256('secret'), 'hex'),
        null::integer
    )
    $$
);
select is_empty(
    $$select from events.outbox_events as e where e.payload::text like '%secret%'$$
);

-- case: a changed price is refused with both prices, the same one is fine
select is(
    detail_of($$select orders.place_order('session:s', 'EUR', '[
        {"sku": "POT", "quantity": 1, "expected_price": 23},
        {"sku": "RED", "quantity": 1, "expected_price": 7.50}
    ]')$$),
    '{
        "error": "PRICE_CHANGED", "rule": "price_unchanged",
        "prices": [{"line": 1, "sku": "POT", "expected_price": 23, "price": 24.0000}]
    }'
);
select throws_ok(
    $$select orders.place_order('session:s', 'EUR', '[
        {"sku": "POT", "quantity": 1, "expected_price": 23}
    ]')$$,
    'SHO03'
);
select lives_ok(
    $$select orders.place_order('session:s', 'EUR', '[
        {"sku": "POT", "quantity": 1, "expected_price": "24.0000"}
    ]')$$
);
select is(
    detail_of($$select orders.place_order(
        'session:s', 'EUR', '[{"sku": "POT", "quantity": 1}]', '{"expected_total": 23.99}'
    )$$),
    '{
        "error": "PRICE_CHANGED", "rule": "total_unchanged", "expected_total": 23.99,
        "total": 24.0000
    }'
);

-- case: prices are those of the customer's group, of a tier, of a sale
select product.create_price_list('sale', 'Sale', 10);
select product.schedule_price(
    'POT', 'EUR', 20, null, null, 'sale'
);
select orders.place_order('session:s', 'EUR', '[{"sku": "POT", "quantity": 1}]');
select results_eq(
    'select i.list_price, i.unit_price, i.price_list from orders.order_items as i',
    $$values (24.0, 20.0, 'sale')$$
);

-- case: lines of one variant stay lines, are priced together and reserved as one
select orders.place_order('session:s', 'EUR', '[
    {"sku": "RED", "quantity": 6}, {"sku": "POT", "quantity": 1}, {"sku": "RED", "quantity": 4}
]');
select results_eq(
    'select i.line_no, i.quantity from orders.order_items as i order by i.line_no',
    $$values (1, 6), (2, 1), (3, 4)$$
);
select results_eq(
    $$
    select v.sku, r.quantity
    from inventory.inventory_reservations as r
    inner join product.variants as v on v.variant_id = r.variant_id
    order by v.sku
    $$,
    $$values ('POT', 1), ('RED', 10)$$
);
select throws_ok(
    $$select orders.place_order('session:s', 'EUR', '[
        {"sku": "BLUE", "quantity": 6}, {"sku": "BLUE", "quantity": 5}
    ]')$$,
    'SHI01'
);

-- case: amounts are rounded once, on the line, to the currency
select orders.place_order(
    'session:s', 'EUR', '[{"sku": "Grün 茶", "quantity": 5}]'
);
select orders.place_order('session:s', 'JPY', '[{"sku": "POT", "quantity": 1}]', '{
    "taxes": [{"name": "消費税", "rate": 0.1}], "prices_include_tax": true
}');
select results_eq(
    $$
    select i.currency, i.unit_price, i.line_subtotal, i.line_tax, i.line_total
    from orders.order_items as i order by i.order_id
    $$,
    $$values ('EUR', 3.33, 16.65, 0.0, 16.65), ('JPY', 2990.0, 2990.0, 272.0, 2990.0)$$
);

-- case: discounts and taxes of lines and of the order, and what sending costs
select orders.place_order(
    'session:s', 'EUR',
    '[
        {"sku": "RED", "quantity": 2, "discounts": [{"code": "TEN", "rate": 0.1}]},
        {"sku": "Grün 茶", "quantity": 3, "taxes": []},
        {"sku": "BLUE", "quantity": 1}
    ]',
    '{
        "discounts": [
            {"code": "V5", "label": "Voucher", "amount": 5}, {"code": "ALL", "rate": 0.05}
        ],
        "taxes": [{"name": "VAT", "rate": 0.19}, {"name": "City", "rate": 0.0125}],
        "shipping": {"method": "post", "amount": 4.9, "discount": 0.9, "tax_rate": 0.19}
    }'
);
select results_eq(
    $$
    select a.line_no, a.adjustment_no, a.kind, a.code, a.label, a.amount
    from orders.order_adjustments as a
    order by 1, 2
    $$,
    $$
    values
    (1, 1, 'discount', 'TEN', 'TEN', 1.5),
    (1, 2, 'discount', 'ALL', 'ALL', 0.75),
    (1, 3, 'discount', 'V5', 'Voucher', 2.12),
    (1, 4, 'tax', 'VAT', 'VAT', 2.02),
    (1, 5, 'tax', 'City', 'City', 0.13),
    (2, 1, 'discount', 'ALL', 'ALL', 0.5),
    (2, 2, 'discount', 'V5', 'Voucher', 1.58),
    (3, 1, 'discount', 'ALL', 'ALL', 0.41),
    (3, 2, 'discount', 'V5', 'Voucher', 1.3),
    (3, 3, 'tax', 'VAT', 'VAT', 1.24),
    (3, 4, 'tax', 'City', 'City', 0.08)
    $$
);
select results_eq(
    $$
    select
        o.subtotal, o.discount_total, o.tax_total, o.shipping_total, o.shipping_discount,
        o.shipping_tax, o.shipping_method, o.total
    from orders.orders as o
    $$,
    $$values (33.24, 8.16, 3.47, 4.9, 0.9, 0.76, 'post', 33.31)$$
);

-- case: a discount takes no more than there is, and what is over goes to the lines cut most
select orders.place_order(
    'session:s', 'EUR',
    '[
        {"sku": "RED", "quantity": 1, "discounts": [{"code": "A", "amount": 9}]},
        {"sku": "POT", "quantity": 1}
    ]',
    '{"discounts": [{"code": "B", "amount": 5}, {"code": "C", "amount": 4}]}'
);
select results_eq(
    'select i.line_discount, i.adjustment_count from orders.order_items as i order by i.line_no',
    $$values (7.5, 1), (9.0, 2)$$
);
select orders.place_order(
    'session:s', 'EUR',
    '[{"sku": "RED", "quantity": 2}, {"sku": "RED", "quantity": 2}, {"sku": "RED", "quantity": 2}]',
    '{"discounts": [{"code": "TEN", "amount": 10}]}'
);
select results_eq(
    $$
    select i.line_discount from orders.order_items as i
    inner join orders.orders as o on o.order_id = i.order_id and o.line_count = 3
    order by i.line_no
    $$,
    $$values (3.34), (3.33), (3.33)$$
);

-- case: taxes that prices include are shares of one sum
select orders.place_order(
    'session:s', 'EUR', '[{"sku": "POT", "quantity": 3}]',
    '{
        "prices_include_tax": true,
        "taxes": [{"name": "A", "rate": 0.1}, {"name": "B", "rate": 0.05}],
        "shipping": {"amount": 6, "tax_rate": 0.2}
    }'
);
select results_eq(
    $$
    select a.amount, a.rate_total from orders.order_adjustments as a order by a.adjustment_no
    $$,
    $$values (6.26, 0.15), (3.13, 0.15)$$
);
select results_eq(
    'select o.tax_total, o.shipping_tax, o.total from orders.orders as o',
    $$values (9.39, 1.0, 78.0)$$
);

-- case: contact and addresses are kept apart from the order
select orders.place_order(
    pg_temp.ann(), 'EUR', '[{"sku": "POT", "quantity": 1}]',
    '{
        "email": "other@example.com", "phone": "+442071838750",
        "shipping_address": {
            "recipient": "Ann", "line1": "1 \"Old\" Road", "city": "London", "country": "GB",
            "phone": "+442071838750"
        },
        "billing_address": {
            "recipient": "Ann Ltd", "line1": "2 Road", "city": "London", "country": "GB"
        }
    }'
);
select results_eq(
    $$
    select
        c.email, c.phone, c.shipping_address ->> 'line1', c.billing_address ->> 'recipient',
        c.erased_at
    from orders.order_contacts as c
    $$,
    $$values (
        'other@example.com', '+442071838750', '1 "Old" Road', 'Ann Ltd', null::timestamptz
    )$$
);

-- case: what the owner holds becomes the order's, and only what is missing is reserved
select inventory.reserve_inventory('[{"sku": "POT", "quantity": 3}]', pg_temp.ann());
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 9}]', pg_temp.ann());
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 1}]', 'session:other');
select orders.place_order(pg_temp.ann(), 'EUR', '[
    {"sku": "POT", "quantity": 3}, {"sku": "RED", "quantity": 4}, {"sku": "BLUE", "quantity": 1}
]');
select bag_eq(
    $$
    select split_part(r.owner, ':', 1), v.sku, r.quantity, r.slot
    from inventory.inventory_reservations as r
    inner join product.variants as v on v.variant_id = r.variant_id
    $$,
    $$
    values
    ('order', 'POT', 3, null::integer), ('order', 'RED', 4, null), ('order', 'BLUE', 1, null),
    ('user', 'RED', 5, 1), ('session', 'RED', 1, 1)
    $$
);
select is_empty('select * from ops.check_invariants() as i');

-- case: holds that are past their expiry are nobody's
select inventory.reserve_inventory('[{"sku": "POT", "quantity": 2}]', 'session:s');
update inventory.inventory_reservations
set expires_at = expires_at - interval '6 minutes';
select orders.place_order('session:s', 'EUR', '[{"sku": "POT", "quantity": 2}]');
select bag_eq(
    $$
    select r.owner like 'order:%', r.status, r.quantity
    from inventory.inventory_reservations as r
    $$,
    $$values (true, 'active', 2), (false, 'expired', 2)$$
);

-- case: a number that is taken is drawn again
create temporary sequence draws;
grant usage on sequence pg_temp.draws to shop_owner;
create or replace function orders.draw_order_number()
returns text
language sql
as $$select 'TAKEN-' || (case when nextval('pg_temp.draws') < 4 then 1 else 2 end)::text || 'X'$$;
select orders.place_order('session:s', 'EUR', '[{"sku": "POT", "quantity": 1}]');
select orders.place_order('session:s', 'EUR', '[{"sku": "POT", "quantity": 1}]');
select bag_eq(
    'select o.order_number, o.line_count from orders.orders as o',
    $$values ('TAKEN-1X', 1), ('TAKEN-2X', 1)$$
);

-- case: rules of the order, each with its own error
select throws_ok(
    $$select orders.place_order('session:s', 'EUR', '[{"sku": "RED", "quantity": 1}]')$$,
    'SHO04', 'the order is worth too little or too much'
);
select is(
    detail_of($$select orders.place_order('session:s', 'EUR', '[
        {"sku": "RED", "quantity": 1}
    ]')$$),
    '{
        "error": "ORDER_TOTAL_OUT_OF_RANGE", "rule": "order_total_min", "total": 7.5000,
        "min": 10.0000, "currency": "EUR"
    }'
);
update core.business_rules
set value = 20
where name = 'order_total_max';
select throws_ok(
    $$select orders.place_order('session:s', 'EUR', '[{"sku": "POT", "quantity": 1}]')$$, 'SHO04'
);
insert into core.business_rules (name, currency, value, unit, description)
values ('order_total_max', 'EUR', 30, 'money', 'More in euro.');
select lives_ok(
    $$select orders.place_order('session:s', 'EUR', '[{"sku": "POT", "quantity": 1}]')$$
);
update core.business_rules
set value = 1
where name = 'order_lines_max';
select throws_ok(
    $$select orders.place_order('session:s', 'EUR', '[
        {"sku": "RED", "quantity": 1}, {"sku": "BLUE", "quantity": 1}
    ]')$$,
    'SHO05'
);

-- case: units of an order, where the rule is on
update core.business_rules
set is_enabled = true, value = 5
where name = 'order_units_max';
select throws_ok(
    $$select orders.place_order('session:s', 'EUR', '[{"sku": "RED", "quantity": 6}]')$$, 'SHO05'
);
select lives_ok(
    $$select orders.place_order('session:s', 'EUR', '[{"sku": "RED", "quantity": 5}]')$$
);

-- case: a user has five pending orders, a guest as many as there is stock
select orders.place_order(pg_temp.ann(), 'EUR', '[{"sku": "Grün 茶", "quantity": 4}]')
from generate_series(1, 5);
select results_eq(
    'select o.pending_slot from orders.orders as o order by o.order_id',
    'values (1), (2), (3), (4), (5)'
);
select throws_ok(
    $$select orders.place_order(pg_temp.ann(), 'EUR', '[{"sku": "Grün 茶", "quantity": 4}]')$$,
    'SHO06'
);
select orders.place_order('session:s', 'EUR', '[{"sku": "Grün 茶", "quantity": 4}]')
from generate_series(1, 7);
select is(count(o.order_id), 12::bigint) from orders.orders as o;

-- case: a pending order that is past its expiry stands in nobody's way
select orders.place_order(pg_temp.ann(), 'EUR', '[{"sku": "Grün 茶", "quantity": 20}]')
from generate_series(1, 5);
update orders.orders
set expires_at = expires_at - interval '1 hour';
update inventory.inventory_reservations
set expires_at = expires_at - interval '1 hour';
select lives_ok(
    $$select orders.place_order(pg_temp.ann(), 'EUR', '[{"sku": "Grün 茶", "quantity": 90}]')$$
);
select bag_eq(
    'select o.status, count(*) from orders.orders as o group by o.status',
    $$values ('expired', 5::bigint), ('pending', 1)$$
);

-- case: units of a variant in a user's live orders, where a limit is set
select cart.set_variant_limit('RED', 5, 0);
select orders.place_order(pg_temp.ann(), 'EUR', '[{"sku": "RED", "quantity": 3}]');
select is(
    detail_of($$select orders.place_order(pg_temp.ann(), 'EUR', '[
        {"sku": "RED", "quantity": 2}, {"sku": "RED", "quantity": 1}
    ]')$$),
    '{
        "error": "UNITS_PER_USER_EXCEEDED", "rule": "cart_user_units_max",
        "units": [{"sku": "RED", "requested": 3, "left": 2}]
    }'
);
select throws_ok(
    $$select orders.place_order(pg_temp.ann(), 'EUR', '[{"sku": "RED", "quantity": 3}]')$$, 'SHO07'
);
select lives_ok(
    $$select orders.place_order(pg_temp.ann(), 'EUR', '[{"sku": "RED", "quantity": 2}]')$$
);
select lives_ok(
    $$select orders.place_order('session:s', 'EUR', '[{"sku": "RED", "quantity": 5}]')$$
);

-- case: what cannot be sold
select throws_ok(
    $$select orders.place_order('session:s', 'EUR', '[{"sku": "NONE", "quantity": 3}]')$$, 'SHP01'
);
select throws_ok(
    $$select orders.place_order('session:s', 'USD', '[{"sku": "RED", "quantity": 3}]')$$, 'SHK07'
);
update product.variants
set is_active = false
where sku = 'RED';
select throws_ok(
    $$select orders.place_order('session:s', 'EUR', '[{"sku": "RED", "quantity": 3}]')$$, 'SHP02'
);
select is(
    detail_of($$select orders.place_order('session:s', 'EUR', '[
        {"sku": "POT", "quantity": 4}
    ]')$$),
    '{
        "error": "INSUFFICIENT_STOCK",
        "shortages": [{"sku": "POT", "requested": 4, "available": 3}]
    }'
);

-- case: several broken rules are told together
select results_eq(
    $$
    select p ->> 'rule', p ->> 'error'
    from jsonb_array_elements(detail_of($call$select orders.place_order('session:s', 'EUR', '[
        {"sku": "NONE", "quantity": 1}, {"sku": "POT", "quantity": 4, "expected_price": 1}
    ]')$call$) -> 'problems') as p
    $$,
    $$
    values
    ('product_known', 'PRODUCT_NOT_FOUND'), ('price_unchanged', 'PRICE_CHANGED'),
    ('stock_available', 'INSUFFICIENT_STOCK')
    $$
);
select throws_ok(
    $$select orders.place_order('session:s', 'EUR', '[
        {"sku": "NONE", "quantity": 1}, {"sku": "POT", "quantity": 4, "expected_price": 1}
    ]')$$,
    'SHO02'
);

-- case: who may buy
select throws_ok(
    $$select orders.place_order('user:999999', 'EUR', '[{"sku": "POT", "quantity": 1}]')$$, 'SHA03'
);
update account.users
set status = 'suspended';
select throws_ok(
    $$select orders.place_order(pg_temp.ann(), 'EUR', '[{"sku": "POT", "quantity": 1}]')$$, 'SHA04'
);

-- case: malformed arguments are named
select throws_ok(
    format('select orders.place_order(%L, %L, %L)', a.owner, a.currency, a.items), a.code, null,
    coalesce(a.owner, 'null') || ' ' || coalesce(a.currency, 'null') || ' '
    || coalesce(a.items, 'null')
)
from (
    values
    ('nobody', 'EUR', '[{"sku": "POT", "quantity": 1}]', '22023'),
    (null, 'EUR', '[{"sku": "POT", "quantity": 1}]', '22023'),
    ('user:0', 'EUR', '[{"sku": "POT", "quantity": 1}]', '22023'),
    ('user:1x', 'EUR', '[{"sku": "POT", "quantity": 1}]', '22023'),
    ('session:', 'EUR', '[{"sku": "POT", "quantity": 1}]', '22023'),
    ('session:s', 'XXX', '[{"sku": "POT", "quantity": 1}]', 'SHC04'),
    ('session:s', null, '[{"sku": "POT", "quantity": 1}]', 'SHC04'),
    ('session:s', 'EUR', null, '22023'),
    ('session:s', 'EUR', '[]', '22023'),
    ('session:s', 'EUR', '{}', '22023'),
    ('session:s', 'EUR', '[7]', '22023'),
    ('session:s', 'EUR', '[{"sku": "POT"}]', '22023'),
    ('session:s', 'EUR', '[{"sku": "POT", "quantity": 0}]', '22023'),
    ('session:s', 'EUR', '[{"sku": "POT", "quantity": -1}]', '22023'),
    ('session:s', 'EUR', '[{"sku": "POT", "quantity": 1.5}]', '22023'),
    ('session:s', 'EUR', '[{"sku": "POT", "quantity": "1"}]', '22023'),
    ('session:s', 'EUR', '[{"sku": "POT", "quantity": null}]', '22023'),
    ('session:s', 'EUR', '[{"sku": 7, "quantity": 1}]', '22023'),
    ('session:s', 'EUR', '[{"sku": "POT", "quantity": 1, "price": 1}]', '22023'),
    ('session:s', 'EUR', '[{"sku": "POT", "quantity": 1, "unit_price": 1}]', '22023'),
    ('session:s', 'EUR', '[{"sku": "POT", "quantity": 1, "expected_price": "x"}]', '22023'),
    ('session:s', 'EUR', '[{"sku": "POT", "quantity": 1, "taxes": {}}]', '22023'),
    ('session:s', 'EUR', '[{"sku": "POT", "quantity": 1, "taxes": [{"name": "A"}]}]', '22023')
) as a (owner, currency, items, code);
select is(
    detail_of($$select orders.place_order('session:s', 'EUR', '[
        {"sku": "POT", "quantity": 1},
        {"sku": "POT", "quantity": 1, "discounts": [{"code": "A", "rate": 0.1, "amount": 1}]}
    ]')$$) - 'expected',
    '{
        "error": "INVALID_ARGUMENT", "argument": "p_items", "item": 2, "field": "discounts",
        "element": 1
    }'
);

-- case: malformed details are named
select throws_ok(
    format(
        'select orders.place_order(%L, %L, %L, %L)', 'session:s', 'EUR',
        '[{"sku": "POT", "quantity": 1}]', a.details
    ),
    '22023', null, a.details
)
from (
    values
    ('7'), ('{"colour": 1}'), ('{"email": 7}'), ('{"email": "nobody"}'),
    ('{"email": "a b@c"}'), ('{"phone": "1"}'), ('{"phone": 7}'), ('{"shipping_address": 7}'),
    ('{"shipping_address": {"recipient": "A"}}'), ('{"billing_address": []}'),
    ('{"billing_address": {"recipient": "A", "line1": "1", "city": "L", "country": "gb"}}'),
    ('{"shipping": {"amount": -1}}'), ('{"shipping": {"amount": "1"}}'),
    ('{"shipping": {"amount": 1, "discount": 2}}'), ('{"shipping": {"amount": 1.005}}'),
    ('{"shipping": {"method": "a' || chr(92) || 'nb"}}'), ('{"shipping": {"tax_rate": 20}}'),
    ('{"taxes": 7}'), ('{"taxes": [{"name": "VAT", "rate": 20}]}'),
    ('{"taxes": [{"name": "VAT", "rate": 0.1234567}]}'),
    ('{"discounts": [{"code": "A", "amount": -1}]}'),
    ('{"discounts": [{"code": "A", "amount": 1.001}]}'), ('{"discounts": [{"amount": 1}]}'),
    ('{"prices_include_tax": "yes"}'), ('{"expected_total": "much"}'), ('{"items": []}'),
    ('{"expected_total": {}}')
) as a (details);
