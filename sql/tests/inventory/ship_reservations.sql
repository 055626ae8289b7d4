-- setup: two sales, and a hold that is none yet
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}, {"sku": "POT", "quantity": 3}]');
create temporary table sold as
select
    h.reservation,
    h.sku
from inventory.reserve_inventory(
    '[{"sku": "MUG", "quantity": 4}, {"sku": "POT", "quantity": 1}]', 'order:1'
) as h;
select inventory.commit_reservations(array_agg(s.reservation)) from pg_temp.sold as s;
create temporary table held as
select h.reservation
from inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ann') as h;
delete from events.outbox_events;
-- the items of a call, for SKUs with their quantities
create function pg_temp.items(p_quantities jsonb)
returns jsonb
language sql
stable
as $function$
    select jsonb_agg(
        jsonb_build_object('reservation', s.reservation)
        || case when q.value <> 'null' then jsonb_build_object('quantity', q.value) else '{}' end
        order by s.sku
    )
    from jsonb_each(p_quantities) as q
    inner join pg_temp.sold as s on s.sku = q.key;
$function$;

-- case: units leave what is on hand and what is kept back, together
select bag_eq(
    $$
    select s.sku, h.shipped, h.open_quantity
    from inventory.ship_reservations(pg_temp.items('{"MUG": 3, "POT": null}'), 'Parcel 7') as h
    inner join pg_temp.sold as s on s.reservation = h.reservation
    $$,
    $$values ('MUG', 3, 1), ('POT', 1, 0)$$
);
select bag_eq(
    $$
    select s.sku, s.current_stock, s.reserved_quantity, s.available_stock, s.version
    from inventory.stock_levels as s
    $$,
    $$values ('MUG', 7, 2::bigint, 5::bigint, 3::bigint), ('POT', 2, 0, 2, 3)$$
);
select bag_eq(
    $$
    select r.status, r.quantity, r.open_quantity, r.shipped_quantity, r.seq, r.actor
    from inventory.inventory_reservations as r
    where r.owner = 'order:1'
    $$,
    $$values ('consumed', 4, 1, 3, 3, 'staff:anna'), ('consumed', 1, 0, 1, 3, 'staff:anna')$$
);
select bag_eq(
    $$
    select
        m.sku, m.kind, m.on_hand_delta, m.reference, m.reservation = s.reservation as its, m.actor
    from inventory.movement_list as m
    inner join pg_temp.sold as s on s.sku = m.sku
    where m.seq = 2
    $$,
    $$
    values
    ('MUG', 'shipment', -3, 'Parcel 7', true, 'staff:anna'),
    ('POT', 'shipment', -1, 'Parcel 7', true, 'staff:anna')
    $$
);
select bag_eq(
    $$
    select
        e.event_type as type, e.aggregate_seq, e.payload ->> 'shipped_quantity' as shipped,
        e.payload ->> 'available' as available, e.payload ->> 'reserved' as reserved,
        coalesce(e.payload ->> 'on_hand_delta', e.payload ->> 'on_hand') as on_hand
    from events.outbox_events as e
    $$,
    $$
    values
    ('reservation.shipped', 3::bigint, '3', null, null, null),
    ('reservation.shipped', 3, '1', null, null, null),
    ('stock.moved', 2, null, null, null, '-3'),
    ('stock.moved', 2, null, null, null, '-1'),
    ('stock.updated', null, null, '0', '-3', '-3'),
    ('stock.updated', null, null, '0', '-1', '-1')
    $$
);

-- case: a sale may be shipped in parts, until nothing is open
select inventory.ship_reservations(pg_temp.items('{"MUG": 1}'));
select inventory.ship_reservations(pg_temp.items('{"MUG": 2}'));
select is(h.open_quantity, 0, 'the last one')
from inventory.ship_reservations(pg_temp.items('{"MUG": null}')) as h;
delete from events.outbox_events;
select throws_ok(
    $$select inventory.ship_reservations(pg_temp.items('{"MUG": 1}'))$$, 'SHI05', null,
    'none is left'
);
select is_empty('table events.outbox_events', 'nothing was written');
select is_empty(
    $$select c.* from ops.check_invariants() as c where c.invariant !~ 'events$'$$
);

-- case: more than is open refuses the whole call
select throws_ok(
    $$select inventory.ship_reservations(pg_temp.items('{"MUG": 5, "POT": 1}'))$$, 'SHI10', null
);
select is(sum(s.current_stock), 13, 'nothing has left')
from inventory.stock_levels as s;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: only what was committed is shipped
select throws_ok(
    $$
    select inventory.ship_reservations(
        jsonb_agg(jsonb_build_object('reservation', h.reservation))
        || pg_temp.items('{"MUG": null}')
    )
    from pg_temp.held as h
    $$,
    'SHI05', null, 'a hold'
);
select inventory.release_reservations(array_agg(h.reservation)) from pg_temp.held as h;
delete from events.outbox_events;
select throws_ok(
    $$
    select inventory.ship_reservations(jsonb_agg(jsonb_build_object('reservation', h.reservation)))
    from pg_temp.held as h
    $$,
    'SHI05', null, 'a hold that was released'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an unknown handle refuses the whole call
select throws_ok(
    $$
    select inventory.ship_reservations(
        pg_temp.items('{"MUG": null}') || '{"reservation": "1-999999"}'
    )
    $$,
    'SHI03', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: malformed items are refused
select throws_ok(
    format('select inventory.ship_reservations(%L, null, %L)', b.items, b.key), '22023', null,
    coalesce(b.items, 'null')
)
from (
    values
    (null, null), (null, 's1'), ('null', 's1'), ('[]', null), ('{}', null), ('["1-1"]', null),
    ('[{}]', null), ('[{"reservation": "1"}]', null), ('[{"reservation": 5}]', null),
    ('[{"reservation": null}]', null), ('[{"reservation": "1-1", "quantity": 0}]', null),
    ('[{"reservation": "1-1", "quantity": -1}]', null),
    ('[{"reservation": "1-1", "quantity": 1.5}]', null),
    ('[{"reservation": "1-1", "quantity": null}]', null),
    ('[{"reservation": "1-1", "quantity": 2147483648}]', null),
    ('[{"reservation": "1-1", "sku": "MUG"}]', null),
    ('[{"reservation": "1-1"}, {"reservation": "1-1"}]', null),
    ('[{"reservation": "1-1"}]', '')
) as b (items, key);
select throws_ok(
    format('select inventory.ship_reservations(%L, %L)', pg_temp.items('{"MUG": 1}'),
    repeat('r', 501)),
    '22023', null, 'a reference of 501 characters'
);
select throws_ok(
    format('select inventory.ship_reservations(%L)', (
        select jsonb_agg(jsonb_build_object('reservation', '1-' || n))
        from generate_series(1, 10001) as n
    )),
    '22023', null, '10,001 items'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, and nothing is done again
create temporary table first as
select
    h.reservation,
    h.shipped,
    h.open_quantity
from inventory.ship_reservations(pg_temp.items('{"MUG": 1}'), 'Parcel 7', 's1') as h;
delete from events.outbox_events;
select results_eq(
    $$select * from inventory.ship_reservations(pg_temp.items('{"MUG": 1}'), 'Parcel 7', 's1')$$,
    'table pg_temp.first'
);
select is(s.current_stock, 9, 'one has left, once')
from inventory.stock_levels as s
where s.sku = 'MUG';
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key with another request is refused
select inventory.ship_reservations(pg_temp.items('{"MUG": 1}'), 'Parcel 7', 's1');
delete from events.outbox_events;
select throws_ok(
    format('select inventory.ship_reservations(pg_temp.items(%L), %L, %L)', b.items, b.paper, 's1'),
    'SHC01', null, b.title
)
from (
    values
    ('{"MUG": 2}', 'Parcel 7', 'another quantity'),
    ('{"MUG": 1}', 'Parcel 8', 'another reference')
) as b (items, paper, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok(
    $$select inventory.ship_reservations(pg_temp.items('{"MUG": 5}'), null, 's2')$$, 'SHI10', null
);
select lives_ok(
    $$select inventory.ship_reservations(pg_temp.items('{"MUG": 4}'), null, 's2')$$
);
