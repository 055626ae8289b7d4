-- setup: a mug with a base price, and one to come in another currency
select core.set_context('staff:anna', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select product.schedule_price('MUG', 'GBP', 6, '2030-01-01 00:00+00');
create temporary table keys as
select
    v.variant_id,
    l.price_list_id
from product.variants as v
cross join product.price_lists as l;
delete from events.outbox_events;

-- case: what is in force changes, what is not there begins, and what is the same stays
select results_eq(
    $$
    select w.line, w.amount, w.version, w.is_changed
    from pg_temp.keys as k
    cross join lateral product.write_prices(
        array[k.variant_id, k.variant_id, k.variant_id], array['GBP', 'EUR', 'EUR'],
        array[k.price_list_id, k.price_list_id, k.price_list_id], array[1, 1, 10],
        array[5, 7.5, 7], array[100, 100, 100]
    ) as w
    order by w.line
    $$,
    $$
    values (1, 5::numeric, 1::bigint, true), (2, 7.5, 1, false), (3, 7, 1, true)
    $$
);
select results_eq(
    $$
    select s.price, s.valid_from, s.valid_until
    from product.price_schedule as s
    where s.currency = 'GBP'
    order by s.valid_from nulls first
    $$,
    $$
    values
    (5.0000::numeric(19, 4), null::timestamptz, '2030-01-01 00:00+00'::timestamptz),
    (6.0000, '2030-01-01 00:00+00', null)
    $$,
    'up to the one that was scheduled'
);
select is(count(*), 2, 'an event a change')
from events.outbox_events;
select is(count(*), 4, 'a line of history a change')
from product.price_history;

-- case: after a price that has ended the next one begins now
select product.end_price('MUG', s.price_id, 1)
from product.price_schedule as s
where s.currency = 'EUR';
select product.write_prices(
    array[k.variant_id], array['EUR'], array[k.price_list_id], array[1], array[8], array[100]
)
from keys as k;
select ok(s.valid_from between now() and clock_timestamp(), 'its beginning')
from product.price_schedule as s
where s.currency = 'EUR' and s.price = 8;

-- case: where nothing is asked for nothing is done
select is_empty(
    $$select w.line from product.write_prices('{}', '{}', '{}', '{}', '{}', '{}') as w$$
);
select is_empty('table events.outbox_events', 'no event');

-- case: what only the constraint sees is answered as a conflict with another transaction
select throws_ok(
    format(
        $$select product.write_prices(
            array[%1$s, %1$s], array['JPY', 'JPY'], array[%2$s, %2$s], array[1, 1], array[5, 6],
            array[100, 100]
        )$$,
        k.variant_id, k.price_list_id
    ),
    '40001', null, 'named twice'
)
from keys as k;
