-- setup: a sale list
select core.set_context('staff:anna', 'req-1');
select product.create_price_list('sale', 'Sale', 10, p_valid_until => '2030-01-01 00:00+00');
delete from events.outbox_events;

-- case: a list is edited against the version that was read
select is(u.version, 2, 'its version')
from product.update_price_list(
    'sale', 1, 'Big sale', 20, '2029-01-01 00:00+00', null, false
) as u;
select results_eq(
    $$
    select
        l.name, l.priority, l.valid_from, l.valid_until, l.is_active, l.is_in_force, l.version,
        l.updated_by
    from product.price_list_codes as l
    where l.code = 'sale'
    $$,
    $$
    values (
        'Big sale', 20, '2029-01-01 00:00+00'::timestamptz, null::timestamptz, false, false,
        2::bigint, 'staff:anna'
    )
    $$
);
select results_eq(
    $$
    select
        e.event_type, e.aggregate_id, e.aggregate_seq, e.payload ->> 'code',
        e.payload -> 'is_active', e.actor
    from events.outbox_events as e
    $$,
    $$
    select 'price_list.updated', l.price_list_id, 2::bigint, 'sale', 'false'::jsonb, 'staff:anna'
    from product.price_lists as l
    where l.code = 'sale'
    $$,
    'one event'
);

-- case: of two editors who saw the same version one wins
select product.update_price_list('sale', 1, 'First', 10, null, null);
select throws_ok(
    format('select product.update_price_list(%L, %L, %L, 10, null, null)', 'sale', b.version, 'S'),
    'SHC02', null, coalesce(b.version, 'no version')
)
from (values ('1'), ('3'), (null)) as b (version);
select is(l.name, 'First', 'the first one''s name')
from product.price_lists as l
where l.code = 'sale';

-- case: of the base list only the name changes
select lives_ok($$select product.update_price_list('base', 1, 'Prices', 0, null, null)$$);
select throws_ok(b.call, 'SHP32', null, b.title)
from (
    values
    ($$select product.update_price_list('base', 2, 'B', 1, null, null)$$, 'a priority'),
    ($$select product.update_price_list('base', 2, 'B', 0, now(), null)$$, 'a beginning'),
    ($$select product.update_price_list('base', 2, 'B', 0, null, now())$$, 'an end'),
    ($$select product.update_price_list('base', 2, 'B', 0, null, null, false)$$, 'none of it'),
    ($$select product.update_price_list('sale', 1, 'S', 0, null, null)$$, 'a second base')
) as b (call, title);

-- case: an unknown list and malformed arguments are refused
select throws_ok(
    format('select product.update_price_list(%L, 1, %L, 10, null, null)', b.code, 'S'), 'SHP30',
    null, coalesce(b.code, 'null')
)
from (values ('none'), ('Sale'), (''), (null)) as b (code);
select throws_ok(b.call, '22023', null, b.call)
from (
    values
    ($$select product.update_price_list('sale', 1, '', 10, null, null)$$),
    ($$select product.update_price_list('sale', 1, 'S', null, null, null)$$),
    ($$select product.update_price_list('sale', 1, 'S', -1, null, null)$$),
    ($$select product.update_price_list('sale', 1, 'S', 10, null, null, null)$$),
    ($$select product.update_price_list('sale', 1, 'S', 10, '2030-01-02', '2030-01-01')$$)
) as b (call);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.update_price_list('sale', 1, 'S', 10, null, null, p_idempotency_key => 'u1');
select is(u.version, 2, 'the same answer')
from product.update_price_list('sale', 1, 'S', 10, null, null, p_idempotency_key => 'u1') as u;
select throws_ok(
    $$select product.update_price_list('sale', 1, 'S', 11, null, null, p_idempotency_key => 'u1')$$,
    'SHC01', null
);
