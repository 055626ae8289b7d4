-- setup: a mug with a price in force and one to come
select core.set_context('staff:anna', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select product.schedule_price('MUG', 'GBP', 6, '2030-01-01 00:00+00');
delete from events.outbox_events;

-- case: a price in force ends now
select ok(
    e.version = 2 and e.valid_until between now() and clock_timestamp(), 'version and end'
)
from product.price_schedule as s
cross join lateral product.end_price('MUG', s.price_id, 1) as e
where s.currency = 'EUR';
select is(g.price, null, 'none is left')
from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g;
select is(s.status, 'over', 'its state')
from product.price_schedule as s
where s.currency = 'EUR';
select results_eq(
    $$
    select e.event_type, e.payload ->> 'currency', e.payload -> 'is_withdrawn', e.actor
    from events.outbox_events as e
    $$,
    $$values ('price.updated', 'EUR', 'false'::jsonb, 'staff:anna')$$,
    'one event'
);
select is(count(*), 2, 'two lines of history')
from product.price_change_list as c
where c.currency = 'EUR';

-- case: a price to come is withdrawn, and another may take its time
select is(e.valid_until, null, 'no end')
from product.price_schedule as s
cross join lateral product.end_price('MUG', s.price_id, 1) as e
where s.currency = 'GBP';
select is(s.status, 'withdrawn', 'its state')
from product.price_schedule as s
where s.currency = 'GBP';
select is(e.payload -> 'is_withdrawn', 'true', 'what the event says')
from events.outbox_events as e;
select lives_ok($$select product.schedule_price('MUG', 'GBP', 6, '2030-01-01 00:00+00')$$);

-- case: of two editors who saw the same version one wins
select product.end_price('MUG', s.price_id, 1)
from product.price_schedule as s
where s.currency = 'GBP';
select throws_ok(
    format('select product.end_price(%L, %s, %L)', 'MUG', s.price_id, b.version), b.sqlstate, null,
    coalesce(b.version, 'no version')
)
from product.price_schedule as s
cross join (values ('1', 'SHC02'), (null, 'SHC02'), ('2', 'SHP35')) as b (version, sqlstate)
where s.currency = 'GBP';

-- case: what is unknown is refused
select throws_ok($$select product.end_price('NONE', 1, 1)$$, 'SHP01', null, 'a SKU');
select throws_ok($$select product.end_price('MUG', 0, 1)$$, 'SHP34', null, 'a price');
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.end_price('MUG', s.price_id, 1, 'k')
from product.price_schedule as s
where s.currency = 'GBP';
select is(e.version, 2, 'the same answer')
from product.price_schedule as s
cross join lateral product.end_price('MUG', s.price_id, 1, 'k') as e
where s.currency = 'GBP';
select throws_ok($$select product.end_price('MUG', 0, 1, 'k')$$, 'SHC01', null);
