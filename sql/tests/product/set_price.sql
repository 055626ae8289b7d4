-- setup: a mug with a price
select core.set_context('staff:anna', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
delete from events.outbox_events;

-- case: a price is set against the version that was read
select results_eq(
    $$select * from product.set_price('MUG', 'EUR', 8.25, 1)$$,
    $$values ('MUG', 'EUR', 8.25, 2::bigint)$$
);
select results_eq(
    'select x.currency, x.amount, x.max_amount, x.version, x.updated_by from product.prices as x',
    $$
    values (
        'EUR', 8.2500::numeric(19, 4), 100000.0000::numeric(19, 4), 2::bigint, 'staff:anna'
    )
    $$
);
select results_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.payload, e.actor,
        e.request_id
    from events.outbox_events as e
    $$,
    $$
    select
        'price.updated', 'variant', x.variant_id, null::bigint,
        jsonb_build_object(
            'variant_id', x.variant_id, 'price_id', x.price_id, 'price_list', 'base',
            'currency', 'EUR', 'min_quantity', 1, 'amount', 8.25, 'valid_from', null,
            'valid_until', null, 'is_withdrawn', false, 'version', 2
        ),
        'staff:anna', 'req-1'
    from product.prices as x
    $$,
    'one event'
);

-- case: the first price in a currency needs version 0
select throws_ok($$select product.set_price('MUG', 'JPY', 1200, 1)$$, 'SHC02', null, 'version 1');
select is(s.version, 1, 'version 0')
from product.set_price('MUG', 'JPY', 1200, 0) as s;
select throws_ok(
    $$select product.set_price('MUG', 'JPY', 1300, 0)$$, 'SHC02', null, 'version 0 again'
);
select bag_eq(
    'select x.currency, x.amount from product.prices as x',
    $$values ('EUR', 7.5000::numeric(19, 4)), ('JPY', 1200)$$
);

-- case: of two editors who saw the same version one wins
select product.set_price('MUG', 'EUR', 8, 1);
delete from events.outbox_events;
select throws_ok($$select product.set_price('MUG', 'EUR', 9, 1)$$, 'SHC02', null, 'the second');
select throws_ok($$select product.set_price('MUG', 'EUR', 9, null)$$, 'SHC02', null, 'no version');
select is(x.amount, 8, 'the price of the first one')
from product.prices as x;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a price is above zero and within the limit of its currency
select core.set_business_rule('price_max', 1000, 0, 'GBP');
delete from events.outbox_events;
select throws_ok(
    format($$select product.set_price('MUG', %L, %L, 0)$$, b.currency, b.amount), 'SHP05', null,
    b.currency || ' ' || b.amount
)
from (
    values
    ('USD', '0'), ('USD', '-1'), ('USD', '100000.01'), ('GBP', '1000.01'), ('USD', '1e15'),
    ('USD', 'nan'), ('USD', 'infinity'), ('USD', '-infinity')
) as b (currency, amount);
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok($$select product.set_price('MUG', 'GBP', 1000, 0)$$, 'the limit');
select lives_ok($$select product.set_price('MUG', 'USD', 0.01, 0)$$, 'a cent');

-- case: without the rule the price is its own limit
select core.set_business_rule('price_max', 0, 1, null, false);
select product.set_price('MUG', 'EUR', 999999999999999, 1);
select results_eq(
    'select x.amount = x.max_amount, x.amount from product.prices as x',
    'values (true, 999999999999999.0000::numeric(19, 4))'
);

-- case: a price has the decimals of its currency
select throws_ok(
    format($$select product.set_price('MUG', %L, %L, 0)$$, b.currency, b.amount), '22023', null,
    b.currency || ' ' || coalesce(b.amount, 'null')
)
from (
    values ('GBP', '1.001'), ('JPY', '1.5'), ('BHD', '1.0001'), ('GBP', null)
) as b (currency, amount);
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok($$select product.set_price('MUG', 'BHD', 1.001, 0)$$, 'three of them');

-- case: an unknown SKU or currency is refused
select throws_ok(
    format('select product.set_price(%L, %L, 8, 1)', b.sku, 'EUR'), 'SHP01', null,
    coalesce(b.sku, 'null')
)
from (values ('NONE'), ('mug'), ('MUG '), (''), (null)) as b (sku);
select throws_ok(
    format('select product.set_price(%L, %L, 8, 0)', 'MUG', b.currency), 'SHC04', null,
    coalesce(b.currency, 'null')
)
from (values ('XXX'), ('eur'), (''), (null)) as b (currency);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.set_price('MUG', 'EUR', 8, 1, 'p1');
select product.set_price('MUG', 'EUR', 9, 2);
delete from events.outbox_events;
select results_eq(
    $$select * from product.set_price('MUG', 'EUR', 8.00, 1, 'p1')$$,
    $$values ('MUG', 'EUR', 8::numeric, 2::bigint)$$,
    'however the amount is written'
);
select is(x.amount, 9, 'nine, as set since')
from product.prices as x;
select throws_ok($$select product.set_price('MUG', 'EUR', 8, 3, 'p1')$$, 'SHC01', null);
select throws_ok($$select product.set_price('MUG', 'EUR', 8, 3, '')$$, '22023', null, 'no key');
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok($$select product.set_price('MUG', 'EUR', 8, 2, 'p2')$$, 'SHC02', null);
select lives_ok($$select product.set_price('MUG', 'EUR', 8, 1, 'p2')$$);

-- case: the same amount again is no change
select is(s.version, 1, 'the version stays')
from product.set_price('MUG', 'EUR', 7.50, 1) as s;
select is_empty('table events.outbox_events', 'no event');

-- case: between two scheduled prices it fills the gap
select product.end_price('MUG', x.price_id, 1)
from product.prices as x;
select product.schedule_price('MUG', 'EUR', 9, now() + interval '1 day');
select throws_ok($$select product.set_price('MUG', 'EUR', 8, 1)$$, 'SHC02', null, 'none in force');
select is(s.version, 1, 'a price of its own')
from product.set_price('MUG', 'EUR', 8, 0) as s;
select results_eq(
    $$
    select s.price, s.valid_until = now() + interval '1 day', s.status
    from product.price_schedule as s
    order by s.valid_from nulls first
    $$,
    $$
    values
    (7.5000::numeric(19, 4), false, 'over'), (8.0000, true, 'in force'),
    (9.0000, null, 'scheduled')
    $$
);

-- case: prices of other lists and quantities stay as they are
select product.create_price_list('sale', 'Sale', 1);
select product.schedule_price('MUG', 'EUR', 5, p_price_list => 'sale');
select product.schedule_price('MUG', 'EUR', 6, p_min_quantity => 10);
select product.set_price('MUG', 'EUR', 8, 1);
select bag_eq(
    'select s.price_list, s.min_quantity, s.price from product.price_schedule as s',
    $$values ('base', 1, 8.0000::numeric(19, 4)), ('base', 10, 6.0000), ('sale', 1, 5.0000)$$
);
