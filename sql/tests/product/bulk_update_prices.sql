-- setup: two things with prices, and a sale list
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select product.create_price_list('sale', 'Sale', 10);
delete from events.outbox_events;

-- case: base prices change, and what is the same stays
select results_eq(
    $$
    select b.item, b.sku, b.outcome, b.price, b.version, b.error
    from product.bulk_update_prices('[
        {"sku": "POT", "currency": "EUR", "price": "24.00"},
        {"sku": "MUG", "currency": "EUR", "price": 8, "expected_version": 1},
        {"sku": "MUG", "currency": "JPY", "price": 1200, "expected_version": 0},
        {"sku": "MUG", "currency": "EUR", "price": 7, "min_quantity": 10}
    ]') as b
    $$,
    $$
    values
    (1, 'POT', 'unchanged', 24::numeric, 1::bigint, null),
    (2, 'MUG', 'set', 8, 2, null),
    (3, 'MUG', 'set', 1200, 1, null),
    (4, 'MUG', 'set', 7, 1, null)
    $$
);
select results_eq(
    $$
    select g.sku, g.quantity, g.price
    from product.get_prices('[
        {"sku": "MUG"}, {"sku": "MUG", "quantity": 10}, {"sku": "POT", "quantity": 10}
    ]', 'EUR') as g
    $$,
    $$values ('MUG', 1, 8::numeric), ('MUG', 10, 7), ('POT', 10, 24)$$
);
select bag_eq(
    $$
    select e.event_type, e.payload ->> 'currency', (e.payload ->> 'amount')::numeric, e.actor
    from events.outbox_events as e
    $$,
    $$
    values
    ('price.updated', 'EUR', 8::numeric, 'staff:anna'),
    ('price.updated', 'EUR', 7, 'staff:anna'),
    ('price.updated', 'JPY', 1200, 'staff:anna')
    $$,
    'an event a change'
);
select is(count(*), 5, 'two prices from before, and three changes')
from product.price_history;

-- case: prices go into a list of their own
select product.bulk_update_prices('[{"sku": "MUG", "currency": "EUR", "price": 5}]', 'sale');
select results_eq(
    $$
    select g.price, g.price_list, g.base_price
    from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g
    $$,
    $$values (5::numeric, 'sale', 7.5::numeric)$$
);

-- case: a refused item harms no other, and each names what is wrong
select core.set_business_rule('price_max', 1000, 0, 'GBP');
select results_eq(
    $$
    select b.item, b.sku, b.outcome, b.error, b.detail
    from product.bulk_update_prices('[
        {"sku": "MUG", "currency": "EUR", "price": 9},
        {"sku": "NONE", "currency": "EUR", "price": 9},
        {"sku": "MUG", "currency": "XXX", "price": 9},
        {"sku": "MUG", "currency": "GBP", "price": 1000.01},
        {"sku": "MUG", "currency": "USD", "price": 0},
        {"sku": "MUG", "currency": "JPY", "price": 9.5},
        {"sku": "MUG", "currency": "EUR", "price": 9},
        {"sku": "POT", "currency": "EUR", "price": 9, "expected_version": 0},
        {"sku": "POT", "currency": "GBP", "price": 9, "expected_version": 1},
        {"sku": "POT", "price": 9},
        7
    ]') as b
    $$,
    $$
    values
    (1, 'MUG', 'set', null, null::jsonb),
    (2, 'NONE', 'refused', 'PRODUCT_NOT_FOUND', '{"sku": "NONE"}'),
    (3, 'MUG', 'refused', 'CURRENCY_NOT_FOUND', '{"currency": "XXX"}'),
    (4, 'MUG', 'refused', 'PRICE_OUT_OF_RANGE',
    '{"price": 1000.01, "currency": "GBP", "max": 1000}'),
    (5, 'MUG', 'refused', 'PRICE_OUT_OF_RANGE', '{"price": 0, "currency": "USD", "max": 100000}'),
    (6, 'MUG', 'refused', 'INVALID_ARGUMENT',
    '{"field": "price", "expected": "at most 0 decimals"}'),
    (7, 'MUG', 'refused', 'INVALID_ARGUMENT',
    '{"field": "sku", "expected": "each SKU, currency and quantity once in a call"}'),
    (8, 'POT', 'refused', 'CONCURRENT_MODIFICATION', '{"expected_version": 0, "version": 1}'),
    (9, 'POT', 'refused', 'CONCURRENT_MODIFICATION', '{"expected_version": 1, "version": 0}'),
    (10, 'POT', 'refused', 'INVALID_ARGUMENT',
    '{"field": "currency", "expected": "text of 1 to 500 characters without control characters"}'),
    (11, null, 'refused', 'INVALID_ARGUMENT', '{"field": null, "expected": "an object"}')
    $$
);
select bag_eq(
    'select x.amount from product.prices as x', '{9,24}'::numeric[], 'one price changed'
);

-- case: a call of which every item is refused is answered, too
select is(b.outcome, 'refused', 'the item')
from product.bulk_update_prices('[7]', p_idempotency_key => 'b1') as b;
select is(b.outcome, 'refused', 'the same answer')
from product.bulk_update_prices('[7]', p_idempotency_key => 'b1') as b;
select throws_ok(
    $$select product.bulk_update_prices('[8]', p_idempotency_key => 'b1')$$, 'SHC01', null
);

-- case: thousands change in one call
select is(count(*), 2000, 'inserted')
from product.import_products((
    select jsonb_agg(
        jsonb_build_object('sku', 'S' || n, 'name', 'S', 'price', n, 'currency', 'EUR')
    )
    from generate_series(1, 2000) as n
)) as i
where i.outcome = 'inserted';
select is(count(*), 2000, 'set')
from product.bulk_update_prices((
    select jsonb_agg(jsonb_build_object('sku', 'S' || n, 'price', n + 1, 'currency', 'EUR'))
    from generate_series(1, 2000) as n
)) as b
where b.outcome = 'set' and b.version = 2;

-- case: a malformed call or an unknown list is refused
select throws_ok(
    format('select product.bulk_update_prices(%L)', b.items), '22023', null,
    coalesce(b.items, 'null')
)
from (values (null), ('null'), ('[]'), ('{}'), ('"a"')) as b (items);
select throws_ok(
    $$
    select product.bulk_update_prices((select jsonb_agg(n) from generate_series(1, 10001) as n))
    $$,
    '22023', null, '10,001 elements'
);
select throws_ok($$select product.bulk_update_prices('[7]', 'none')$$, 'SHP30', null, 'a list');
select throws_ok($$select product.bulk_update_prices('[7]', null)$$, 'SHP30', null, 'no list');
select is_empty('table events.outbox_events', 'nothing was written');

-- case: without the rule any price is accepted, and the price is its own limit
select core.set_business_rule('price_max', 0, 1, null, false);
select is(b.outcome, 'set', 'the item')
from product.bulk_update_prices(
    '[{"sku": "MUG", "currency": "EUR", "price": 999999999999.99}]'
) as b;
