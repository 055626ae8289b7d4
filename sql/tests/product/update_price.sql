-- setup: a mug with a price in force and one to come
select core.set_context('staff:anna', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select product.schedule_price(
    'MUG', 'EUR', 6, '2030-01-01 00:00+00', '2030-02-01 00:00+00', p_is_replacing => true
);
create temporary table ids as
select
    (select s.price_id from product.price_schedule as s where s.status = 'in force') as now_id,
    (
        select s.price_id
        from product.price_schedule as s
        where s.status = 'scheduled' and s.price = 6
    ) as later_id;
delete from events.outbox_events;

-- case: a price to come gets another amount and time
select results_eq(
    $$
    select u.version, u.valid_from, u.valid_until
    from pg_temp.ids as i
    cross join lateral product.update_price(
        'MUG', i.later_id, 1, 5, '2030-01-10 00:00+00', '2030-01-20 00:00+00'
    ) as u
    $$,
    $$
    values (
        2::bigint, '2030-01-10 00:00+00'::timestamptz, '2030-01-20 00:00+00'::timestamptz
    )
    $$
);
select results_eq(
    $$
    select c.version, c.price, c.price_before, c.valid_from, c.changed_by
    from product.price_change_list as c
    inner join pg_temp.ids as i on i.later_id = c.price_id
    order by c.version
    $$,
    $$
    values
    (
        1::bigint, 6.0000::numeric(19, 4), null::numeric(19, 4),
        '2030-01-01 00:00+00'::timestamptz, 'staff:anna'
    ),
    (2, 5.0000, 6.0000, '2030-01-10 00:00+00', 'staff:anna')
    $$,
    'the history'
);
select results_eq(
    $$
    select e.event_type, e.payload -> 'amount', e.payload -> 'version', e.actor
    from events.outbox_events as e
    $$,
    $$values ('price.updated', '5.0000'::jsonb, '2'::jsonb, 'staff:anna')$$,
    'one event'
);

-- case: a price in force gets another amount and end, but begins when it began
select lives_ok(
    format(
        'select product.update_price(%L, %s, 2, 8, null, %L)', 'MUG', i.now_id,
        '2029-01-01 00:00+00'
    )
)
from ids as i;
select is(g.price, 8, 'the price now')
from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g;
select is(g.valid_until, '2029-01-01 00:00+00'::timestamptz, 'its end')
from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g;
select throws_ok(
    format('select product.update_price(%L, %s, 3, 8, now())', 'MUG', i.now_id), '22023', null,
    'another beginning'
)
from ids as i;

-- case: a price to come may come now
select product.end_price('MUG', i.now_id, 2)
from ids as i;
select product.update_price('MUG', i.later_id, 1, 6, null, '2030-02-01 00:00+00')
from ids as i;
select is(g.price, 6, 'the price now')
from product.get_prices('[{"sku": "MUG"}]', 'EUR') as g;

-- case: of two editors who saw the same version one wins
select product.update_price('MUG', i.later_id, 1, 5, '2030-01-01 00:00+00', '2030-02-01 00:00+00')
from ids as i;
delete from events.outbox_events;
select throws_ok(
    format('select product.update_price(%L, %s, %L, 4)', 'MUG', i.later_id, b.version), 'SHC02',
    null, coalesce(b.version, 'no version')
)
from ids as i
cross join (values ('1'), ('3'), (null)) as b (version);
select is(x.amount, 5, 'the first one''s amount')
from product.prices as x
inner join ids as i on i.later_id = x.price_id;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is in the way, over, unknown or malformed is refused
select throws_ok(
    format('select product.update_price(%s)', replace(b.arguments, '$id', i.later_id::text)),
    b.sqlstate, null, b.title
)
from ids as i
cross join (
    values
    ($$'MUG', $id, 1, 5, '2030-01-01', null$$, 'SHP33', 'into the next price'),
    ($$'MUG', $id, 1, 5, '2029-12-31', '2030-01-20'$$, 'SHP33', 'into the one before'),
    ($$'MUG', $id, 1, 5, '2020-01-01', '2030-01-20'$$, '22023', 'a beginning in the past'),
    ($$'MUG', $id, 1, 5, '2030-01-20', '2030-01-19'$$, '22023', 'an end before the beginning'),
    ($$'MUG', $id, 1, 5, '2030-01-20', 'infinity'$$, '22023', 'an end at infinity'),
    ($$'MUG', $id, 1, null, '2030-01-01', '2030-02-01'$$, '22023', 'no amount'),
    ($$'MUG', $id, 1, 5.001, '2030-01-01', '2030-02-01'$$, '22023', 'three decimals'),
    ($$'MUG', $id, 1, 0, '2030-01-01', '2030-02-01'$$, 'SHP05', 'nothing'),
    ($$'MUG', $id, 1, 100000.01, '2030-01-01', '2030-02-01'$$, 'SHP05', 'too much'),
    ($$'MUG', 0, 1, 5$$, 'SHP34', 'an unknown price'),
    ($$'MUG', null, 1, 5$$, 'SHP34', 'no price'),
    ($$'NONE', $id, 1, 5$$, 'SHP01', 'an unknown SKU')
) as b (arguments, sqlstate, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is over stays as it was
update product.prices as x
set validity = tstzrange(null, now())
from ids as i
where x.price_id = i.now_id;
select throws_ok(
    format('select product.update_price(%L, %s, 2, 8)', 'MUG', i.now_id), 'SHP35', null, 'over'
)
from ids as i;
select throws_ok(
    format('select product.end_price(%L, %s, 2)', 'MUG', i.now_id), 'SHP35', null, 'ended again'
)
from ids as i;

-- case: the same key and request get the stored answer, another request is refused
select product.update_price(
    'MUG', i.later_id, 1, 5, '2030-01-01 00:00+00', '2030-02-01 00:00+00', 'k'
)
from ids as i;
select is(u.version, 2, 'the same answer, however the amount is written')
from ids as i
cross join lateral product.update_price(
    'MUG', i.later_id, 1, 5.00, '2030-01-01 00:00+00', '2030-02-01 00:00+00', 'k'
) as u;
select throws_ok(
    format('select product.update_price(%L, %s, 1, 6, null, null, %L)', 'MUG', i.later_id, 'k'),
    'SHC01', null
)
from ids as i;
