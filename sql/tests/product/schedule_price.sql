-- setup: a mug with a base price, and a sale list
select core.set_context('staff:anna', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select product.create_price_list('sale', 'Sale', 10);
delete from events.outbox_events;

-- case: a price is set for a time in a list
select results_eq(
    $$
    select s.version, s.valid_from, s.valid_until
    from product.schedule_price(
        'MUG', 'EUR', 5.25, '2030-01-01 00:00+00', '2030-02-01 00:00+00', 'sale', 10
    ) as s
    $$,
    $$
    values (
        1::bigint, '2030-01-01 00:00+00'::timestamptz, '2030-02-01 00:00+00'::timestamptz
    )
    $$
);
select results_eq(
    $$
    select
        s.price_list, s.currency, s.min_quantity, s.price, s.valid_from, s.valid_until, s.status,
        s.version, s.updated_by
    from product.price_schedule as s
    where s.price_list = 'sale'
    $$,
    $$
    values (
        'sale', 'EUR', 10, 5.2500::numeric(19, 4), '2030-01-01 00:00+00'::timestamptz,
        '2030-02-01 00:00+00'::timestamptz, 'scheduled', 1::bigint, 'staff:anna'
    )
    $$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.payload, e.actor
    from events.outbox_events as e
    $$,
    $$
    select
        'price.updated', 'variant', x.variant_id, null::bigint,
        jsonb_build_object(
            'variant_id', x.variant_id, 'price_id', x.price_id, 'price_list', 'sale',
            'currency', 'EUR', 'min_quantity', 10, 'amount', 5.25,
            'valid_from', '2030-01-01 00:00+00'::timestamptz,
            'valid_until', '2030-02-01 00:00+00'::timestamptz, 'is_withdrawn', false, 'version', 1
        ),
        'staff:anna'
    from product.prices as x
    where x.min_quantity = 10
    $$,
    'one event'
);
select is(count(*), 1, 'one line of history')
from product.price_change_list as c
where c.price_list = 'sale';

-- case: it takes effect by itself, and ends by itself
select product.schedule_price(
    'MUG', 'EUR', 5, now() + interval '1 hour', now() + interval '2 hours', 'sale'
);
select is(g.price, 7.5, 'before')
from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g;
update product.prices as x
set validity = tstzrange(lower(x.validity) - interval '90 minutes', upper(x.validity))
where not lower_inf(x.validity);
select is(g.price, 5, 'meanwhile')
from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g;
update product.prices as x
set validity = tstzrange(lower(x.validity), now())
where not lower_inf(x.validity);
select is(g.price, 7.5, 'afterwards')
from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g;

-- case: without a beginning it is in force at once
select ok(s.valid_from between now() and clock_timestamp(), 'from now on')
from product.schedule_price('MUG', 'GBP', 6) as s;
select is(g.price, 6, 'the price')
from product.get_prices('[{"sku": "MUG"}]', 'GBP') as g;

-- case: an overlap is refused with what is in the way
select product.schedule_price(
    'MUG', 'EUR', 5, '2030-01-01 00:00+00', '2030-02-01 00:00+00', 'sale'
);
delete from events.outbox_events;
select throws_ok(
    format(
        'select product.schedule_price(%L, %L, 5, %L, %L, %L)', 'MUG', 'EUR', b.valid_from,
        b.valid_until, 'sale'
    ),
    'SHP33', null, b.title
)
from (
    values
    ('2030-01-01 00:00+00', '2030-02-01 00:00+00', 'the same time'),
    ('2030-01-31 23:59:59.999999+00', null, 'its last moment'),
    (null, '2030-01-01 00:00:00.000001+00', 'its first moment'),
    (null, null, 'all of it'),
    ('2030-01-10 00:00+00', '2030-01-11 00:00+00', 'a day of it')
) as b (valid_from, valid_until, title);
select throws_ok($$select product.schedule_price('MUG', 'EUR', 5)$$, 'SHP33', null, 'the base');
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok(
    $$select product.schedule_price('MUG', 'EUR', 5, '2030-02-01 00:00+00', null, 'sale')$$,
    'the moment after'
);
select lives_ok(
    $$select product.schedule_price('MUG', 'EUR', 5, null, '2030-01-01 00:00+00', 'sale')$$,
    'up to it'
);

-- case: what is in the way is cut around the new price where the caller says so
select product.schedule_price(
    'MUG', 'EUR', 6, '2030-01-01 00:00+00', '2030-02-01 00:00+00', p_is_replacing => true
);
select results_eq(
    $$
    select s.price, s.valid_from, s.valid_until, s.version
    from product.price_schedule as s
    order by s.valid_from nulls first
    $$,
    $$
    values
    (7.5000::numeric(19, 4), null::timestamptz, '2030-01-01 00:00+00'::timestamptz, 2::bigint),
    (6.0000, '2030-01-01 00:00+00', '2030-02-01 00:00+00', 1),
    (7.5000, '2030-02-01 00:00+00', null, 1)
    $$,
    'the old price comes back'
);
select is(count(*), 3, 'an event each')
from events.outbox_events as e
where e.event_type = 'price.updated';

-- case: a new price may cover several, the first and last of them in part
select product.schedule_price(
    'MUG', 'EUR', b.price, b.valid_from, b.valid_until, 'sale'
)
from (
    values
    (1, '2030-01-01 00:00+00'::timestamptz, '2030-02-01 00:00+00'::timestamptz),
    (2, '2030-02-01 00:00+00', '2030-03-01 00:00+00'),
    (3, '2030-03-01 00:00+00', '2030-04-01 00:00+00')
) as b (price, valid_from, valid_until);
select product.schedule_price(
    'MUG', 'EUR', 9, '2030-01-15 00:00+00', '2030-03-15 00:00+00', 'sale', p_is_replacing => true
);
select results_eq(
    $$
    select s.price, s.valid_from, s.valid_until, s.status
    from product.price_schedule as s
    where s.price_list = 'sale'
    order by s.valid_from nulls last
    $$,
    $$
    values
    (
        1.0000::numeric(19, 4), '2030-01-01 00:00+00'::timestamptz,
        '2030-01-15 00:00+00'::timestamptz, 'scheduled'
    ),
    (9.0000, '2030-01-15 00:00+00', '2030-03-15 00:00+00', 'scheduled'),
    (3.0000, '2030-03-15 00:00+00', '2030-04-01 00:00+00', 'scheduled'),
    (2.0000, null, null, 'withdrawn')
    $$
);
select is_empty('select * from ops.check_invariants()', 'all in order');

-- case: nothing is set for a time that is over
select throws_ok(b.call, '22023', null, b.title)
from (
    values
    (
        $$select product.schedule_price('MUG', 'GBP', 5, now() - interval '1 second')$$,
        'a beginning in the past'
    ),
    ($$select product.schedule_price('MUG', 'GBP', 5, null, now())$$, 'an end in the past'),
    (
        $$select product.schedule_price('MUG', 'GBP', 5, '2030-01-02', '2030-01-01')$$,
        'an end before the beginning'
    ),
    ($$select product.schedule_price('MUG', 'GBP', 5, null, 'infinity')$$, 'infinity'),
    ($$select product.schedule_price('MUG', 'GBP', 5, p_min_quantity => 0)$$, 'no unit'),
    ($$select product.schedule_price('MUG', 'GBP', 5, p_min_quantity => null)$$, 'a null quantity'),
    (
        $$select product.schedule_price('MUG', 'GBP', 5, p_min_quantity => 1000000000)$$,
        'too many units'
    ),
    ($$select product.schedule_price('MUG', 'GBP', 5.001)$$, 'three decimals'),
    ($$select product.schedule_price('MUG', 'JPY', 5.5)$$, 'a part of a yen'),
    ($$select product.schedule_price('MUG', 'GBP', null)$$, 'no amount')
) as b (call, title);
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok($$select product.schedule_price('MUG', 'JPY', 500)$$, 'yen');
select lives_ok($$select product.schedule_price('MUG', 'BHD', 5.001)$$, 'a thousandth of a dinar');

-- case: what is unknown or out of range is refused
select throws_ok(b.call, b.sqlstate, null, b.title)
from (
    values
    ($$select product.schedule_price('NONE', 'EUR', 5)$$, 'SHP01', 'a SKU'),
    ($$select product.schedule_price(null, 'EUR', 5)$$, 'SHP01', 'no SKU'),
    ($$select product.schedule_price('MUG', 'XXX', 5)$$, 'SHC04', 'a currency'),
    ($$select product.schedule_price('MUG', 'GBP', 5, p_price_list => 'none')$$, 'SHP30', 'a list'),
    ($$select product.schedule_price('MUG', 'GBP', 5, p_price_list => null)$$, 'SHP30', 'no list'),
    ($$select product.schedule_price('MUG', 'GBP', 0)$$, 'SHP05', 'nothing'),
    ($$select product.schedule_price('MUG', 'GBP', -1)$$, 'SHP05', 'less than nothing'),
    ($$select product.schedule_price('MUG', 'GBP', 100000.01)$$, 'SHP05', 'a cent too much'),
    ($$select product.schedule_price('MUG', 'GBP', 'nan')$$, 'SHP05', 'no number')
) as b (call, sqlstate, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    s.price_id,
    s.version,
    s.valid_from,
    s.valid_until
from product.schedule_price('MUG', 'GBP', 5, p_idempotency_key => 's1') as s;
select results_eq(
    $$select * from product.schedule_price('MUG', 'GBP', 5.00, p_idempotency_key => 's1')$$,
    'table pg_temp.first',
    'however the amount is written'
);
select throws_ok(
    $$select product.schedule_price('MUG', 'GBP', 6, p_idempotency_key => 's1')$$, 'SHC01', null
);
