-- setup: an order with discount and tax, two of Ann's, one that was cancelled; parts of the first
select core.set_context('web', 'req-1');
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "RED", "quantity": 90}, {"sku": "POT", "quantity": 90}]');
select account.register_user('ann@example.com', 'Ann');
select orders.place_order('session:s', 'EUR', '[
    {"sku": "RED", "quantity": 2, "discounts": [{"code": "ONE", "amount": 1}],
        "taxes": [{"name": "VAT", "rate": 0.2}]},
    {"sku": "POT", "quantity": 1}
]', '{"email": "s@example.com", "shipping": {"amount": 5, "tax_rate": 0.2}}');
select orders.place_order(
    'user:' || u.user_id, 'EUR', '[{"sku": "RED", "quantity": 2}, {"sku": "POT", "quantity": 2}]'
)
from account.users as u
cross join generate_series(1, 2);
select orders.place_order('session:gone', 'EUR', '[{"sku": "POT", "quantity": 1}]');
create temporary table placed as
select
    o.order_id, o.user_id,
    case row_number() over (order by o.order_id)
        when 1 then 'first' when 2 then 'ann' when 3 then 'ann2' else 'gone'
    end as name
from orders.orders as o;
create function pg_temp.id(p_name text)
returns bigint
language sql
as 'select p.order_id from pg_temp.placed as p where p.name = p_name';
select orders.cancel_order(o.order_number, null, 'No', 'session:gone')
from orders.orders as o
where o.order_id = pg_temp.id('gone');
select cart.add_item_to_cart('session:s', 'RED', 1, 'EUR');

insert into orders.order_credits (
    order_id, credit_no, line_no, quantity, amount, reason, credit_before, credit_after, actor
)
values
(pg_temp.id('first'), 1, 1, 1, 3, 'Scratched', 0, 3, 'anna'),
(pg_temp.id('first'), 2, null, null, 1, 'Late', 3, 4, 'anna');
update orders.orders
set credit_count = 2, credit_total = 4
where order_id = pg_temp.id('first');
insert into orders.order_notes (order_id, note_no, visibility, body, author)
values (pg_temp.id('first'), 1, 'internal', 'Ring first', 'anna');
insert into orders.order_fulfillment (
    order_id, fulfillment_no, status, carrier, tracking, packed_at, shipped_at, updated_by
)
values
(
    pg_temp.id('first'), 1, 'shipped', 'Post', 'T-1', clock_timestamp(), clock_timestamp(), 'anna'
),
(pg_temp.id('first'), 2, 'packed', 'Post', null, clock_timestamp(), null, 'anna');
insert into orders.fulfillment_items (order_id, fulfillment_no, line_no, quantity)
values (pg_temp.id('first'), 1, 1, 1);
insert into orders.order_returns (order_id, return_no, reason, requested_by, updated_by)
values (pg_temp.id('first'), 1, 'Broken', 's', 's');
insert into orders.return_items (order_id, return_no, line_no, quantity)
values (pg_temp.id('first'), 1, 1, 1);
set constraints all immediate;

create function pg_temp.head(p_columns text, p_values text)
returns text
language sql
as $$
select format(
    'insert into orders.orders (
        order_id, order_number, source, currency, exponent, prices_include_tax, line_count,
        unit_count, subtotal, discount_total, tax_total, expires_at, placed_at, updated_at,
        created_by, updated_by, %s
    )
    overriding system value
    select 7777, %L, ''items'', ''EUR'', 2, false, 2, 4, 63, 0, 0, now(), now(), now(), ''x'',
        ''x'', %s',
    p_columns, 'A-NUMBER', p_values
)
$$;

-- case: whatever a function forgets, the table of orders refuses
set constraints all immediate;
select throws_ok(
    format(
        'update orders.orders as o set %s where o.order_id = pg_temp.id(%L)', b.change, b.name
    ),
    b.sqlstate, null, b.change
)
from (
    values
    (
        'order_number = (select p.order_number from orders.orders as p
            where p.order_id = pg_temp.id(''gone''))', 'ann', '23505'
    ),
    ('order_number = ''X''', 'ann', '23514'),
    ('currency = ''EU''', 'ann', '23514'), ('currency = ''USD''', 'ann', '23503'),
    ('exponent = 5', 'ann', '23514'), ('source = ''elsewhere''', 'ann', '23514'),
    ('source = ''cart''', 'ann', '23514'), ('guest_owner = ''x''', 'ann', '23514'),
    ('source = ''cart'', cart_id = 0', 'ann', '23503'),
    ('user_id = 0', 'ann', '23503'), ('shipping_method = ''''', 'ann', '23514'),
    ('payment_status = ''lost''', 'ann', '23514'),
    ('fulfillment_status = ''lost''', 'ann', '23514'),
    ('confirmed_at = now()', 'ann', '23514'), ('cancelled_at = now()', 'ann', '23514'),
    ('cancel_reason = ''No''', 'ann', '23514'), ('cancelled_at = null', 'gone', '23514'),
    ('shipping_tax = shipping_tax + 1', 'first', '23514'),
    ('shipping_discount = 6', 'first', '23514'),
    ('shipping_total = 5.001, shipping_tax = 1', 'first', '23514'),
    ('shipping_discount = 1', 'ann', '23514'), ('shipping_tax_rate = 1.1', 'ann', '23514'),
    ('shipping_total = 1, shipping_discount = 0.001', 'ann', '23514'),
    ('guest_owner = ''x''', 'first', '23514'), ('guest_owner = repeat(''x'', 72)', 'ann', '23514'),
    ('cancel_reason = repeat(''x'', 501)', 'gone', '23514'),
    ('cancel_reason = ''4242424242424242''', 'gone', '23514'),
    ('total_min = total + 0.01', 'ann', '23514'), ('total_max = total - 0.01', 'ann', '23514'),
    ('lines_max = 1', 'ann', '23514'), ('units_max = 3', 'ann', '23514'),
    ('credit_total = total + 1, credit_count = 1', 'ann', '23514'),
    ('credit_total = 1', 'ann', '23514'),
    ('credit_total = 1, credit_count = 1', 'ann', '23503'),
    ('credit_total = 3', 'first', '23503'),
    ('pending_slot = null', 'ann', '23514'), ('pending_slot = 6', 'ann', '23514'),
    ('pending_slot = 1', 'first', '23514'), ('pending_slot = 1', 'ann2', '23505'),
    ('subtotal = subtotal + 1', 'ann', '23503'), ('unit_count = 3', 'ann', '23503'),
    ('line_count = 1', 'ann', '23503'), ('tax_total = 1', 'ann', '23503'),
    ('discount_total = 1', 'ann', '23503'), ('exponent = 3', 'ann', '23503'),
    ('prices_include_tax = true', 'ann', '23503')
) as b (change, name, sqlstate);
select throws_ok(
    $$update orders.orders set source = 'cart', cart_id = (select c.cart_id from cart.carts as c)$$,
    '23505', null, 'two orders of one cart'
);
select throws_ok(
    replace(
        replace(pg_temp.head('request_id', 'null'), '7777', pg_temp.id('ann')::text), 'EUR', 'USD'
    ),
    '23505', null, 'the key twice'
);

-- case: a status changes only with the next row of a legal history, and is never rewound
set constraints all immediate;
select throws_ok(
    format(
        'update orders.orders as o set %s where o.order_id = pg_temp.id(%L)', b.change, b.name
    ),
    b.sqlstate, null, b.change
)
from (
    values
    ('status = ''confirmed'', confirmed_at = now(), pending_slot = null', 'ann', '23514'),
    (
        'status = ''confirmed'', confirmed_at = now(), pending_slot = null, status_seq = 3',
        'ann', '23514'
    ),
    (
        'status = ''confirmed'', confirmed_at = now(), pending_slot = null, status_seq = 2',
        'ann', '23503'
    ),
    (
        'status = ''pending'', cancelled_at = null, cancel_reason = null, status_seq = 1', 'gone',
        '23514'
    )
) as b (change, name, sqlstate);
select throws_ok(
    pg_temp.head('status, expired_at, ' || b.name, '''expired'', now(), now()'), '23514', null,
    'expired, and yet it has ' || b.name
)
from (values ('delivered_at'), ('completed_at'), ('cancelled_at')) as b (name);
select throws_ok(
    format(
        $$
        insert into orders.order_status_history (
            order_id, seq, from_status, to_status, actor, created_at
        )
        values (%s, 'x', now())
        $$,
        b.history
    ),
    b.sqlstate, null, b.history
)
from (
    values
    ('0, 1, null, ''pending''', '23503'),
    ('pg_temp.id(''gone''), 2, ''pending'', ''expired''', '23505'),
    ('pg_temp.id(''ann''), 3, ''pending'', ''confirmed''', '23503'),
    ('pg_temp.id(''ann''), 2, ''confirmed'', ''processing''', '23503'),
    ('pg_temp.id(''gone''), 3, ''cancelled'', ''pending''', '23514'),
    ('pg_temp.id(''ann''), 2, ''pending'', ''shipped''', '23514'),
    ('pg_temp.id(''ann''), 2, null, ''pending''', '23514'),
    ('pg_temp.id(''ann''), 0, ''pending'', ''confirmed''', '23514')
) as b (history, sqlstate);
select throws_ok(
    $$update orders.order_status_history set reason = ''$$, '23514', null, 'an empty reason'
);
select throws_ok(
    $$update orders.order_status_history set reason = repeat('x', 501)$$, '23514', null,
    'a long reason'
);
select throws_ok(
    $$update orders.order_status_history set reason = '4242424242424242'$$, '23514', null,
    'a card number'
);

-- case: the sums of an order are those of its lines, whoever writes them
set constraints all immediate;
select throws_ok(
    format(
        'update orders.order_items as i set %s where i.order_id = pg_temp.id(%L) and i.line_no = 1',
        b.change, b.name
    ),
    b.sqlstate, null, b.change
)
from (
    values
    ('quantity = 4, unit_price = 3.75, units_after = 4', 'ann', '23503'),
    (
        'unit_price = 8, line_subtotal = 16, subtotal_after = 16', 'ann', '23503'
    ),
    ('unit_price = 8', 'ann', '23514'), ('line_subtotal = 16', 'ann', '23514'),
    ('quantity = 0', 'ann', '23514'), ('line_tax = 1, tax_after = 1', 'ann', '23514'),
    ('line_discount = 16, discount_after = 16', 'first', '23514'),
    ('price_reason = ''Friend''', 'ann', '23514'), ('list_price = -1', 'ann', '23514'),
    ('price_list = null, price_reason = repeat(''x'', 501)', 'ann', '23514'),
    ('price_list = null, price_reason = ''4242424242424242''', 'ann', '23514'),
    (
        'quantity = 0, units_after = 0, line_subtotal = 0, subtotal_after = 0', 'ann', '23514'
    ),
    ('subtotal_after = 16', 'ann', '23514'), ('discount_after = 1', 'ann', '23514'),
    ('tax_after = 1', 'ann', '23514'), ('qty_cancelled = -1', 'ann', '23514'),
    ('units_after = 3', 'ann', '23514'), ('units_before = 1, units_after = 3', 'ann', '23514'),
    ('line_no = 3', 'ann', '23514'), ('currency = ''USD''', 'ann', '23503'),
    ('adjustment_count = 3', 'first', '23503'), ('adjustment_count = -1', 'ann', '23514'),
    ('line_count = 3', 'ann', '23503'), ('exponent = 3', 'ann', '23503'),
    ('qty_shipped = 3', 'ann', '23514'), ('qty_delivered = 1', 'ann', '23514'),
    ('qty_cancelled = 1, qty_shipped = 2', 'ann', '23514'),
    ('qty_returned = 1', 'ann', '23514'), ('qty_written_off = 1', 'ann', '23514'),
    ('qty_return_requested = -1', 'ann', '23514')
) as b (change, name, sqlstate);
-- A second line 1, a line beyond the last, a line of no order.
select throws_ok(
    format(
        $$
        insert into orders.order_items (
            order_id, line_no, variant_id, sku, name, options, currency, exponent,
            prices_include_tax, quantity, unit_price, price_list, line_subtotal, line_count,
            units_before, subtotal_before, discount_before, tax_before, units_after,
            subtotal_after, discount_after, tax_after
        )
        select
            %s, %s, 1, 'X', 'X', '{}', 'EUR', 2, false, 9, 0, 'base', 0, %s, %s, %s, 0, 0, %s + 9,
            %s, 0, 0
        $$,
        b.order_id, b.line_no, b.line_count, b.units, b.subtotal, b.units, b.subtotal
    ),
    b.sqlstate, null, b.title
)
from (
    values
    ('pg_temp.id(''ann'')', 1, 2, 0, 0, '23505', 'a line twice'),
    ('pg_temp.id(''ann'')', 3, 2, 4, 63, '23514', 'beyond the last line'),
    ('pg_temp.id(''ann'')', 3, 3, 4, 63, '23503', 'after a line with another count'),
    ('0', 1, 1, 0, 0, '23503', 'of no order')
) as b (order_id, line_no, line_count, units, subtotal, sqlstate, title);

-- case: so are those of a line those of its discounts and taxes
set constraints all immediate;
select throws_ok(
    format(
        'update orders.order_adjustments as a set %s where a.adjustment_no = %s', b.change, b.number
    ),
    b.sqlstate, null, b.change
)
from (
    values
    ('amount = 2, discount_after = 2', 1, '23503'), ('amount = 2', 1, '23514'),
    ('amount = -1, discount_after = -1', 1, '23514'), ('code = ''''', 1, '23514'),
    ('label = ''''', 1, '23514'), ('rate = 1.1', 1, '23514'),
    ('amount = 0.001, discount_after = 0.001', 1, '23514'), ('kind = ''gift''', 1, '23514'),
    ('amount = 3, tax_after = 3', 2, '23514'), ('rate = 0.3', 2, '23514'),
    ('rate = null', 2, '23514'), ('line_no = 9', 1, '23503'),
    ('adjustment_no = 3', 2, '23514'), ('line_subtotal = 16', 1, '23503')
) as b (change, number, sqlstate);
select throws_ok(
    format(
        $$
        insert into orders.order_adjustments (
            order_id, line_no, adjustment_no, kind, code, label, amount, adjustment_count,
            exponent, prices_include_tax, line_subtotal, rate_total, discount_before, tax_before,
            discount_after, tax_after
        )
        values (pg_temp.id('first'), %s, 1, 'discount', 'X', 'X', 3, 2, 2, false, 15, 0, 0, 0, 3, 0)
        $$,
        b.line_no
    ),
    b.sqlstate, null, b.line_no::text
)
from (values (1, '23505'), (9, '23503')) as b (line_no, sqlstate);

-- case: credits add up to what the order states
set constraints all immediate;
select throws_ok(
    format(
        $$
        insert into orders.order_credits (
            order_id, credit_no, line_no, quantity, amount, reason, credit_before, credit_after,
            actor
        )
        values (%s, 'x')
        $$,
        b.credit
    ),
    b.sqlstate, null, b.credit
)
from (
    values
    ('pg_temp.id(''first''), 2, null, null, 2, ''x'', 3, 5', '23505'),
    ('0, 1, null, null, 1, ''x'', 0, 1', '23503'),
    ('pg_temp.id(''first''), 3, 9, 1, 1, ''x'', 4, 5', '23503'),
    ('pg_temp.id(''first''), 3, null, null, 1, ''x'', 5, 6', '23503'),
    ('pg_temp.id(''first''), 3, null, null, -1, ''x'', 4, 3', '23514'),
    ('pg_temp.id(''first''), 0, null, null, 1, ''x'', 0, 1', '23514'),
    ('pg_temp.id(''ann''), 1, null, null, 1, ''x'', 1, 2', '23514'),
    ('pg_temp.id(''first''), 3, null, null, 1, ''x'', 4, 4', '23514'),
    ('pg_temp.id(''first''), 3, 1, 0, 1, ''x'', 4, 5', '23514'),
    ('pg_temp.id(''first''), 3, null, 1, 1, ''x'', 4, 5', '23514'),
    ('pg_temp.id(''first''), 3, null, null, 1, '''', 4, 5', '23514'),
    ('pg_temp.id(''first''), 3, null, null, 1, ''4242424242424242'', 4, 5', '23514')
) as b (credit, sqlstate);
select throws_ok(
    'update orders.order_credits set amount = 2, credit_after = 5 where credit_no = 2',
    '23503', null, 'the last one'
);

-- case: contacts, notes, parcels and returns
set constraints all immediate;
select throws_ok(b.call, b.sqlstate, null, b.call)
from (
    values
    (
        $$insert into orders.order_contacts (order_id) values (pg_temp.id('first'))$$, '23505'
    ),
    ('insert into orders.order_contacts (order_id) values (0)', '23503'),
    ('update orders.order_contacts set email = repeat(''e'', 255)', '23514'),
    ('update orders.order_contacts set shipping_address = ''[]''', '23514'),
    ('update orders.order_contacts set billing_address = ''[]''', '23514'),
    ('update orders.order_contacts set phone = ''+1234567890123456''', '23514'),
    ('update orders.order_contacts set erased_at = now()', '23514'),
    (
        $$
        insert into orders.order_notes (order_id, note_no, visibility, body, author)
        values (pg_temp.id('first'), 1, 'internal', 'x', 'x')
        $$,
        '23505'
    ),
    ('update orders.order_notes set order_id = 0', '23503'),
    ('update orders.order_notes set visibility = ''public''', '23514'),
    ('update orders.order_notes set body = ''''', '23514'),
    ('update orders.order_notes set body = repeat(''x'', 10001)', '23514'),
    ('update orders.order_notes set body = ''4242 4242 4242 4242''', '23514'),
    ('update orders.order_fulfillment set fulfillment_no = 1, tracking = null', '23505'),
    ('update orders.order_fulfillment set order_id = 0 where fulfillment_no = 2', '23503'),
    ('update orders.order_fulfillment set carrier = null', '23514'),
    ('update orders.order_fulfillment set fulfillment_no = 0 where fulfillment_no = 2', '23514'),
    ('update orders.order_fulfillment set status = ''lost''', '23514'),
    ('update orders.order_fulfillment set location = ''''', '23514'),
    ('update orders.order_fulfillment set carrier = repeat(''x'', 201)', '23514'),
    ('update orders.order_fulfillment set tracking = repeat(''x'', 201)', '23514'),
    ('update orders.order_fulfillment set failed_at = now()', '23514'),
    ('update orders.order_fulfillment set returned_at = now()', '23514'),
    ('update orders.order_fulfillment set cancelled_at = now()', '23514'),
    ('update orders.order_fulfillment set shipped_at = null', '23514'),
    ('update orders.order_fulfillment set delivered_at = now()', '23514'),
    ('update orders.order_fulfillment set tracking = ''T-1''', '23505'),
    (
        $$
        insert into orders.fulfillment_items (order_id, fulfillment_no, line_no, quantity)
        values (pg_temp.id('first'), 1, 1, 1)
        $$,
        '23505'
    ),
    ('update orders.fulfillment_items set fulfillment_no = 9', '23503'),
    ('update orders.fulfillment_items set line_no = 9', '23503'),
    ('update orders.fulfillment_items set quantity = 0', '23514'),
    (
        $$
        insert into orders.order_returns (order_id, return_no, reason, requested_by, updated_by)
        values (pg_temp.id('first'), 1, 'x', 'x', 'x')
        $$,
        '23505'
    ),
    (
        $$
        insert into orders.order_returns (order_id, return_no, reason, requested_by, updated_by)
        values (0, 1, 'x', 'x', 'x')
        $$,
        '23503'
    ),
    (
        $$
        insert into orders.order_returns (order_id, return_no, reason, requested_by, updated_by)
        values (pg_temp.id('first'), 0, 'x', 'x', 'x')
        $$,
        '23514'
    ),
    ('update orders.order_returns set reason = ''''', '23514'),
    ('update orders.order_returns set comment = ''''', '23514'),
    ('update orders.order_returns set decision_reason = ''''', '23514'),
    ('update orders.order_returns set reason = ''4242424242424242''', '23514'),
    ('update orders.order_returns set comment = ''4242424242424242''', '23514'),
    (
        $$
        update orders.order_returns set status = 'rejected', decided_at = now(),
            decided_by = 'x', decision_reason = '4242424242424242'
        $$,
        '23514'
    ),
    ('update orders.order_returns set status = ''lost''', '23514'),
    ('update orders.order_returns set status = ''approved''', '23514'),
    ('update orders.order_returns set decided_by = ''anna''', '23514'),
    (
        $$
        insert into orders.return_items (order_id, return_no, line_no, quantity)
        values (pg_temp.id('first'), 1, 1, 1)
        $$,
        '23505'
    ),
    ('update orders.return_items set return_no = 9', '23503'),
    ('update orders.return_items set line_no = 9', '23503'),
    ('update orders.return_items set quantity = 0', '23514'),
    ('update orders.return_items set qty_restocked = -1', '23514'),
    ('update orders.return_items set qty_damaged = -1', '23514'),
    ('update orders.return_items set qty_written_off = -1', '23514'),
    ('update orders.return_items set qty_restocked = 1, qty_damaged = 1', '23514')
) as b (call, sqlstate);

-- case: an order inserted past all functions keeps to the limits that it states
select throws_ok(pg_temp.head(b.columns, b.limits), '23514', null, b.columns || ' ' || b.limits)
from (
    values
    ('total_min', '63.01'), ('total_max', '62.99'), ('lines_max', '1'), ('units_max', '3'),
    ('credit_count', '-1'),
    ('user_id, pending_slots_max, pending_slot', 'max(u.user_id), 5, 6 from account.users as u'),
    (
        'user_id, pending_slots_max, pending_slot',
        'max(u.user_id), 5, null::integer from account.users as u'
    )
) as b (columns, limits);
select throws_ok(
    pg_temp.head(
        'user_id, pending_slots_max, pending_slot', 'max(u.user_id), 5, 2 from account.users as u'
    ),
    '23505', null, 'a place that is taken'
);
set constraints all immediate;
select throws_ok(
    pg_temp.head('total_max', '63'), '23503', null, 'within the limits, but without lines'
);

-- case: everything else has to be stated
select results_eq(
    $$select * from nullable_columns('orders')$$,
    $$
    values
    ('order_adjustments', 'prev_adjustment_no rate'),
    ('order_contacts', 'billing_address email erased_at phone shipping_address'),
    ('order_credits', 'line_no prev_credit_no quantity request_id'),
    (
        'order_fulfillment',
        'cancelled_at carrier delivered_at failed_at in_transit_at location packed_at returned_at'
        || ' shipped_at tracking'
    ),
    ('order_items', 'last_adjustment_no list_price prev_line_no price_list price_reason'),
    ('order_notes', 'body erased_at request_id'),
    (
        'order_returns',
        'closed_at comment decided_at decided_by decision_reason received_at'
    ),
    ('order_status_history', 'from_status prev_seq reason request_id'),
    (
        'orders',
        'cancel_reason cancelled_at cart_id completed_at confirmed_at delivered_at expired_at'
        || ' guest_owner last_credit_no lines_max paid_at pending_slot pending_slots_max'
        || ' processing_at request_id shipped_at shipping_method total_max total_min units_max'
        || ' user_id'
    )
    $$,
    'columns that may be null'
);

-- case: a changed rule does not touch old orders
update core.business_rules
set value = 1
where name in ('order_total_max', 'order_lines_max', 'pending_orders_max');
select lives_ok(
    $$update orders.orders set version = version + 1 where order_id = pg_temp.id('ann')$$
);
select results_eq(
    $$
    select o.total_max, o.lines_max, o.pending_slots_max
    from orders.orders as o
    where o.order_id = pg_temp.id('ann2')
    $$,
    'values (10000.0, 50, 5)'
);
