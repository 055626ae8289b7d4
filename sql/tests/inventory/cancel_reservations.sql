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

-- case: units of a sale become available again, in whole or in part
select bag_eq(
    $$
    select s.sku, c.cancelled, c.open_quantity
    from inventory.cancel_reservations(pg_temp.items('{"MUG": 3, "POT": null}')) as c
    inner join pg_temp.sold as s on s.reservation = c.reservation
    $$,
    $$values ('MUG', 3, 1), ('POT', 1, 0)$$
);
select bag_eq(
    $$
    select s.sku, s.current_stock, s.reserved_quantity, s.available_stock, s.version
    from inventory.stock_levels as s
    $$,
    $$values ('MUG', 10, 2::bigint, 8::bigint, 2::bigint), ('POT', 3, 0, 3, 2)$$,
    'what is on hand has not moved'
);
select bag_eq(
    $$
    select r.status, r.quantity, r.open_quantity, r.shipped_quantity, r.seq, r.actor
    from inventory.inventory_reservations as r
    where r.owner = 'order:1'
    $$,
    $$values ('consumed', 4, 1, 0, 3, 'staff:anna'), ('consumed', 1, 0, 0, 3, 'staff:anna')$$
);
select bag_eq(
    $$
    select
        e.event_type as type, e.aggregate_seq, e.payload ->> 'sku' as sku,
        e.payload ->> 'available' as available, e.payload ->> 'reserved' as reserved,
        e.payload ->> 'on_hand' as on_hand
    from events.outbox_events as e
    $$,
    $$
    values
    ('reservation.cancelled', 3::bigint, null, null, null, null),
    ('reservation.cancelled', 3, null, null, null, null),
    ('stock.updated', null, 'MUG', '3', '-3', '0'),
    ('stock.updated', null, 'POT', '1', '-1', '0')
    $$
);

-- case: what was shipped cannot be cancelled, the rest can
select inventory.ship_reservations(pg_temp.items('{"MUG": 3}'));
delete from events.outbox_events;
select throws_ok(
    $$select inventory.cancel_reservations(pg_temp.items('{"MUG": 2}'))$$, 'SHI10', null
);
select is_empty('table events.outbox_events', 'nothing was written');
select is(c.cancelled, 1, 'the last one')
from inventory.cancel_reservations(pg_temp.items('{"MUG": null}')) as c;
select throws_ok(
    $$select inventory.cancel_reservations(pg_temp.items('{"MUG": 1}'))$$, 'SHI05', null,
    'none is left'
);
select is_empty(
    $$select c.* from ops.check_invariants() as c where c.invariant !~ 'events$'$$
);

-- case: only what was committed is cancelled
select throws_ok(
    $$
    select inventory.cancel_reservations(
        jsonb_agg(jsonb_build_object('reservation', h.reservation))
    )
    from pg_temp.held as h
    $$,
    'SHI05', null, 'a hold is released instead'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an unknown handle refuses the whole call
select throws_ok(
    $$
    select inventory.cancel_reservations(
        pg_temp.items('{"MUG": null}') || '{"reservation": "1-999999"}'
    )
    $$,
    'SHI03', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: malformed items are refused
select throws_ok(
    format('select inventory.cancel_reservations(%L, %L)', b.items, b.key), '22023', null,
    coalesce(b.items, 'null') || coalesce(' with key ' || b.key, '')
)
from (
    values
    (null, null), (null, 'c1'), ('null', 'c1'), ('[]', null), ('{}', null), ('["1-1"]', null),
    ('[{"reservation": "1"}]', null), ('[{"reservation": "1-1", "quantity": 0}]', null),
    ('[{"reservation": "1-1"}, {"reservation": "1-1"}]', null), ('[{"reservation": "1-1"}]', '')
) as b (items, key);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, and nothing is done again
create temporary table first as
select
    c.reservation,
    c.cancelled,
    c.open_quantity
from inventory.cancel_reservations(pg_temp.items('{"MUG": 1}'), 'c1') as c;
delete from events.outbox_events;
select results_eq(
    $$select * from inventory.cancel_reservations(pg_temp.items('{"MUG": 1}'), 'c1')$$,
    'table pg_temp.first'
);
select is(s.available_stock, 6, 'one came back, once')
from inventory.stock_levels as s
where s.sku = 'MUG';
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key with another request is refused
select inventory.cancel_reservations(pg_temp.items('{"MUG": 1}'), 'c1');
delete from events.outbox_events;
select throws_ok(
    $$select inventory.cancel_reservations(pg_temp.items('{"MUG": 2}'), 'c1')$$, 'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok(
    $$select inventory.cancel_reservations(pg_temp.items('{"MUG": 5}'), 'c2')$$, 'SHI10', null
);
select lives_ok($$select inventory.cancel_reservations(pg_temp.items('{"MUG": 4}'), 'c2')$$);
