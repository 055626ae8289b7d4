-- setup: who acts
select core.set_context('staff:anna', 'req-1');

-- case: a list is for everybody, for good
select is(c.version, 1, 'its version')
from product.create_price_list('sale', 'Summer sale', 10) as c;
select results_eq(
    $$
    select
        l.code, l.name, l.kind, l.customer_group, l.priority, l.valid_from, l.valid_until,
        l.is_active, l.is_in_force, l.version, l.updated_by
    from product.price_list_codes as l
    where l.code <> 'base'
    $$,
    $$
    values (
        'sale', 'Summer sale', 'sale', null, 10, null::timestamptz, null::timestamptz, true, true,
        1::bigint, 'staff:anna'
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
        'price_list.created', 'price_list', l.price_list_id, 1::bigint,
        jsonb_build_object(
            'price_list_id', l.price_list_id, 'code', 'sale', 'kind', 'sale', 'customer_group',
            null, 'priority', 10, 'valid_from', null, 'valid_until', null, 'is_active', true,
            'version', 1
        ),
        'staff:anna', 'req-1'
    from product.price_lists as l
    where l.code = 'sale'
    $$,
    'one event'
);

-- case: with a customer group it is for that one, and a time may be over or to come
select product.create_price_list('trade', 'Trade', 1000000, 'trade', '2020-01-01', '2020-02-01');
select product.create_price_list('vip_2', 'VIP', 1, 'vip', now() + '1 day');
select bag_eq(
    $$
    select l.code, l.kind, l.customer_group, l.is_in_force
    from product.price_list_codes as l
    $$,
    $$
    values
    ('base', 'base', null, true), ('trade', 'group', 'trade', false),
    ('vip_2', 'group', 'vip', false)
    $$
);

-- case: a malformed argument is refused
select throws_ok(
    format(
        'select product.create_price_list(%L, %L, %L, %L, %L, %L)', b.code, b.name, b.priority,
        b.customer_group, b.valid_from, b.valid_until
    ),
    '22023', null, b.title
)
from (
    values
    (null, 'Sale', '1', null, null, null, 'no code'),
    ('', 'Sale', '1', null, null, null, 'an empty code'),
    ('Sale', 'Sale', '1', null, null, null, 'capitals'),
    ('sale-', 'Sale', '1', null, null, null, 'a hyphen at the end'),
    ('soldé', 'Sale', '1', null, null, null, 'an accent'),
    (repeat('s', 65), 'Sale', '1', null, null, null, 'a code of 65 characters'),
    ('sale', null, '1', null, null, null, 'no name'),
    ('sale', '', '1', null, null, null, 'an empty name'),
    ('sale', repeat('n', 201), '1', null, null, null, 'a long name'),
    ('sale', 'Sale', null, null, null, null, 'no priority'),
    ('sale', 'Sale', '0', null, null, null, 'the priority of the base'),
    ('sale', 'Sale', '1000001', null, null, null, 'a high priority'),
    ('sale', 'Sale', '1', '', null, null, 'an empty group'),
    ('sale', 'Sale', '1', 'V I P', null, null, 'a group that is no code'),
    ('sale', 'Sale', '1', null, '2030-01-02', '2030-01-01', 'an end before the beginning'),
    ('sale', 'Sale', '1', null, '2030-01-01', '2030-01-01', 'no time at all'),
    ('sale', 'Sale', '1', null, '-infinity', null, 'a beginning at infinity'),
    ('sale', 'Sale', '1', null, null, 'infinity', 'an end at infinity')
) as b (code, name, priority, customer_group, valid_from, valid_until, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a code is there once
select throws_ok(
    $$select product.create_price_list('base', 'Another', 1)$$, 'SHP31', null, 'the base list'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    c.price_list_id,
    c.version
from product.create_price_list('sale', 'Sale', 10, p_idempotency_key => 'l1') as c;
select results_eq(
    $$select * from product.create_price_list('sale', 'Sale', 10, p_idempotency_key => 'l1')$$,
    'table pg_temp.first'
);
select throws_ok(
    $$select product.create_price_list('sale', 'Sale', 11, p_idempotency_key => 'l1')$$, 'SHC01',
    null
);
