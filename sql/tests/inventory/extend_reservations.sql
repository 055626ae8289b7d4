-- setup: a hold of a cart and one of an order, made four minutes ago
select core.set_context('web', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]');
create temporary table cart as
select h.reservation
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 2}]', 'session:ann') as h;
create temporary table sale as
select h.reservation
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 3}]', 'order:1') as h;
update inventory.inventory_reservations
set
    created_at = created_at - interval '4 minutes',
    expires_at = expires_at - interval '4 minutes';
delete from events.outbox_events;

-- case: a hold is kept for as long again from now, by the rule of its kind
create temporary table extended as
select
    e.reservation,
    e.expires_at
from inventory.extend_reservations(array[
    (select c.reservation from pg_temp.cart as c), (select s.reservation from pg_temp.sale as s)
]) as e;
select bag_eq(
    $$
    select
        r.owner, r.expires_at = e.expires_at as same, r.seq, r.status, r.actor,
        r.expires_at - r.created_at between
        case r.owner when 'order:1' then interval '34 minutes' else interval '9 minutes' end
        and case r.owner when 'order:1' then interval '35 minutes' else interval '10 minutes' end
        as lasts
    from inventory.reservation_list as l
    inner join inventory.inventory_reservations as r on r.reservation_id = l.reservation_id
    inner join pg_temp.extended as e on e.reservation = l.reservation
    $$,
    $$
    values
    ('session:ann', true, 2, 'active', 'web', true), ('order:1', true, 2, 'active', 'web', true)
    $$
);
select is(s.available_stock, 5, 'no stock was touched')
from inventory.stock_levels as s;
select bag_eq(
    $$
    select
        e.event_type as type, e.aggregate_seq, e.actor, e.request_id,
        (e.payload ->> 'expires_at')::timestamptz = x.expires_at as same
    from events.outbox_events as e
    inner join pg_temp.extended as x on x.reservation = e.payload ->> 'reservation'
    $$,
    $$
    values
    ('reservation.extended', 2::bigint, 'web', 'req-1', true),
    ('reservation.extended', 2, 'web', 'req-1', true)
    $$
);

-- case: an expiry never comes nearer
update inventory.inventory_reservations set expires_at = clock_timestamp() + interval '1 day';
select cmp_ok(e.expires_at - clock_timestamp(), '>', '23 hours'::interval)
from inventory.extend_reservations(array[(select c.reservation from pg_temp.cart as c)]) as e;

-- case: a handle that is named twice is extended once
select is(count(*), 1, 'one row')
from inventory.extend_reservations(array[
    (select c.reservation from pg_temp.cart as c), (select c.reservation from pg_temp.cart as c)
]);
select is(count(*), 1, 'one event')
from events.outbox_events;

-- case: a hold that is past its expiry is refused, whether the sweeper was there or not
update inventory.inventory_reservations set expires_at = clock_timestamp() where owner = 'order:1';
select throws_ok(
    $$
    select inventory.extend_reservations(array[
        (select c.reservation from pg_temp.cart as c), (select s.reservation from pg_temp.sale as s)
    ])
    $$,
    'SHI04', null, 'overdue'
);
select is_empty('table events.outbox_events', 'nothing was written, for the other one neither');
select inventory.cleanup_expired_reservations();
select throws_ok(
    $$select inventory.extend_reservations(array[(select s.reservation from pg_temp.sale as s)])$$,
    'SHI04', null, 'expired'
);

-- case: a hold that was released or consumed is refused
select inventory.release_reservations(array[(select c.reservation from pg_temp.cart as c)]);
select inventory.commit_reservations(array[(select s.reservation from pg_temp.sale as s)]);
delete from events.outbox_events;
select throws_ok(
    $$select inventory.extend_reservations(array[(select c.reservation from pg_temp.cart as c)])$$,
    'SHI05', null, 'released'
);
select throws_ok(
    $$select inventory.extend_reservations(array[(select s.reservation from pg_temp.sale as s)])$$,
    'SHI05', null, 'consumed'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an unknown handle refuses the whole call
select throws_ok(
    format(
        'select inventory.extend_reservations(array[(select c.reservation from cart as c), %L])',
        b.handle
    ),
    'SHI03', null, b.handle
)
from (values ('1-999999'), ('999999999999999999-999999999999999999')) as b (handle);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: malformed handles are refused
select throws_ok(
    format('select inventory.extend_reservations(%L)', b.handles), '22023', null,
    coalesce(b.handles, 'null')
)
from (
    values
    (null), ('{}'), ('{null}'), ('{""}'), ('{1}'), ('{1-0}'), ('{0-1}'), ('{-1}'), ('{1-}'),
    ('{1--1}'), ('{"1-1 "}'), ('{" 1-1"}'), ('{1-1-1}'), ('{a-b}'), ('{"1-1; drop table x"}'),
    ('{1-1000000000000000000}'), ('{1.5-1}'), ('{٣-1}')
) as b (handles);
select throws_ok(
    format('select inventory.extend_reservations(%L)', array_fill('1-1'::text, array[10001])),
    '22023', null, '10,001 handles'
);
select throws_ok(
    $$select inventory.extend_reservations(null, 'x1')$$, '22023', null, 'no array, but a key'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, and nothing is done again
create temporary table first as
select
    e.reservation,
    e.expires_at
from inventory.extend_reservations(
    array[(select c.reservation from pg_temp.cart as c)], 'x1'
) as e;
delete from events.outbox_events;
select results_eq(
    $$
    select *
    from inventory.extend_reservations(
        array[(select c.reservation from pg_temp.cart as c)], 'x1'
    )
    $$,
    'table pg_temp.first'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key with another request is refused
select inventory.extend_reservations(array[(select c.reservation from pg_temp.cart as c)], 'x1');
delete from events.outbox_events;
select throws_ok(
    $$
    select inventory.extend_reservations(
        array[(select s.reservation from pg_temp.sale as s)], 'x1'
    )
    $$,
    'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok($$select inventory.extend_reservations(array['1-999999'], 'x2')$$, 'SHI03', null);
select lives_ok(
    $$
    select inventory.extend_reservations(
        array[(select c.reservation from pg_temp.cart as c)], 'x2'
    )
    $$
);
