-- case: a limit is set against the version that was read
select core.set_context('staff:anna', 'req-1');
select results_eq(
    $$select * from core.set_business_rule('cart_holds_max', 7, 1)$$,
    $$values ('cart_holds_max', null::text, 7.0000::numeric(19, 4), true, 2::bigint)$$,
    'it is returned as it is now'
);
select is(core.rule('cart_holds_max'), 7, 'it is in force');
select results_eq(
    $$select r.updated_by, r.version from core.rules as r where r.name = 'cart_holds_max'$$,
    $$values ('staff:anna', 2::bigint)$$,
    'who set it'
);
select results_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.actor, e.request_id,
        e.payload
    from events.outbox_events as e
    $$,
    $$
    select
        'rule.updated', 'business_rule', r.business_rule_id, 2::bigint, 'staff:anna', 'req-1',
        '{"name": "cart_holds_max", "value": 7.0000, "currency": null, "version": 2,
        "is_enabled": true}'::jsonb
    from core.business_rules as r
    where r.name = 'cart_holds_max'
    $$,
    'one event, numbered by the version'
);

-- case: zero and the largest amount are limits too
select core.set_business_rule('cart_holds_max', 0, 1);
select is(core.rule('cart_holds_max'), 0, 'zero');
select core.set_business_rule('price_max', 999999999999999.9999, 1);
select is(core.rule('price_max'), 999999999999999.9999, 'just below 1e15');

-- case: a rule that is switched off limits nothing, and comes back
select is(s.is_enabled, false, 'it is off')
from core.set_business_rule('price_max', 100000, 1, null, false) as s;
select is(core.rule('price_max'), null, 'no limit');
select core.set_business_rule('price_max', 200000, 2);
select is(core.rule('price_max'), null, 'a new value does not switch it on');
select core.set_business_rule('price_max', 100000, 3, null, true);
select is(core.rule('price_max'), 100000, 'the limit again');

-- case: a currency gets a value of its own with version 0
select results_eq(
    $$select * from core.set_business_rule('price_max', 900000, 0, 'JPY')$$,
    $$values ('price_max', 'JPY', 900000.0000::numeric(19, 4), true, 1::bigint)$$,
    'a row of its own'
);
select is(core.rule('price_max', 'JPY'), 900000, 'for that currency');
select is(core.rule('price_max', 'EUR'), 100000, 'not for another');
select is(core.rule('price_max'), 100000, 'not in general');
select is(s.version, 2, 'its version counts by itself')
from core.set_business_rule('price_max', 950000, 1, 'JPY') as s;
select throws_ok(
    $$select core.set_business_rule('price_max', 1, 0, 'JPY')$$, 'SHC02', null,
    'version 0 means that there is no row yet'
);

-- case: rows that keep a copy of the old limit stay as they are
select product.import_products(
    '[{"sku": "MUG", "name": "Mug", "price": 50000, "currency": "EUR"}]'
);
select core.set_business_rule('price_max', 100, 1);
select results_eq(
    'select p.amount, p.max_amount from product.prices as p',
    'values (50000.0000::numeric(19, 4), 100000.0000::numeric(19, 4))'
);
select results_eq(
    $$
    select i.outcome, i.error
    from product.import_products(
        '[{"sku": "POT", "name": "Pot", "price": 101, "currency": "EUR"}]'
    ) as i
    $$,
    $$values ('refused', 'PRICE_OUT_OF_RANGE')$$,
    'the new limit holds for what comes now'
);

-- case: another version than the one in force is refused
select throws_ok(
    format($$select core.set_business_rule('price_max', 5, %L)$$, b.version), 'SHC02', null,
    'version ' || coalesce(b.version::text, 'null')
)
from (values (0), (2), (null)) as b (version);
select is(core.rule('price_max'), 100000, 'the limit is as it was');
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an unknown rule is refused
select throws_ok(
    format('select core.set_business_rule(%L, 5, 1)', b.name), 'SHC03', null,
    coalesce('the name ' || b.name, 'no name')
)
from (values ('no_such_rule'), ('PRICE_MAX'), (''), (null)) as b (name);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an unknown currency is refused
select throws_ok(
    format($$select core.set_business_rule('price_max', 5, 0, %L)$$, b.currency), 'SHC04', null,
    'the currency ' || b.currency
)
from (values ('XXX'), ('eur'), (''), ('€')) as b (currency);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: only a rule about money has a value for a currency
select throws_ok(
    $$select core.set_business_rule('cart_days', 5, 0, 'EUR')$$, '22023', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a malformed value is refused
select throws_ok(
    format('select core.set_business_rule(%L, %s, 1)', b.name, b.value), '22023', null,
    b.name || ' ' || b.value
)
from (
    values
    ('price_max', 'null'),
    ('price_max', '-0.01'),
    ('price_max', $$'nan'$$),
    ('price_max', $$'infinity'$$),
    ('price_max', '1e15'),
    ('price_max', '999999999999999.99999'),
    ('price_max', '0.00001')
) as b (name, value);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what counts is whole, and small enough for those who count with it
select throws_ok(
    format('select core.set_business_rule(%L, %s, 1)', b.name, b.value), '22023', null,
    b.name || ' ' || b.value
)
from (
    values
    ('cart_hold_minutes', '0.4'),
    ('cart_hold_minutes', '5000000000'),
    ('cart_days', '36501'),
    ('cart_holds_max', '2.5'),
    ('on_hand_max', '5000000000'),
    ('min_stock_level', '5000000000')
) as b (name, value);
select is_empty('table events.outbox_events', 'nothing was written');
