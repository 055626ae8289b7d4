-- setup: ten mugs and four pots in the main warehouse; two mugs are promised; a shop in town
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}, {"sku": "POT", "quantity": 4}]');
select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 2}]', 'session:ann');
delete from events.outbox_events;

-- case: units leave one place and arrive at the other, with two movements a SKU
create temporary table moved as
select
    t.transfer_id,
    t.sku,
    t.quantity,
    t.from_on_hand,
    t.to_on_hand
from inventory.transfer_stock(
    '[{"sku": "POT", "quantity": 1}, {"sku": "MUG", "quantity": 2}, {"sku": "MUG", "quantity": 1}]',
    'MAIN', 'TOWN', 'TR-1'
) as t;
select results_eq(
    'select m.sku, m.quantity, m.from_on_hand, m.to_on_hand from pg_temp.moved as m',
    $$values ('MUG', 3, 7, 3), ('POT', 1, 3, 1)$$,
    'lines of one SKU are one'
);
select is(count(distinct m.transfer_id), 1, 'one number') from pg_temp.moved as m;
select bag_eq(
    $$
    select m.sku, m.location, m.kind, m.on_hand_delta, m.on_hand_after, m.reference, m.actor
    from inventory.movement_list as m
    where m.kind like 'transfer%'
    $$,
    $$
    values
    ('MUG', 'MAIN', 'transfer_out', -3, 7, 'TR-1', 'staff:anna'),
    ('MUG', 'TOWN', 'transfer_in', 3, 3, 'TR-1', 'staff:anna'),
    ('POT', 'MAIN', 'transfer_out', -1, 3, 'TR-1', 'staff:anna'),
    ('POT', 'TOWN', 'transfer_in', 1, 1, 'TR-1', 'staff:anna')
    $$
);
select bag_eq(
    'select s.sku, s.location, s.available_stock from inventory.stock_levels as s',
    $$
    values
    ('MUG', 'MAIN', 5::bigint), ('MUG', 'TOWN', 3), ('POT', 'MAIN', 3), ('POT', 'TOWN', 1)
    $$
);
select bag_eq(
    $$
    select e.event_type, count(*) from events.outbox_events as e
    where e.actor = 'staff:anna' and e.request_id = 'req-1'
    group by e.event_type
    $$,
    $$values ('stock.moved', 4::bigint), ('stock.opened', 2), ('stock.transferred', 2)$$,
    'over all places nothing was added or taken'
);
select is(
    e.payload,
    jsonb_build_object(
        'variant_id', t.variant_id, 'transfer_id', t.transfer_id, 'quantity', t.quantity,
        'from_location_id', t.from_location_id, 'to_location_id', t.to_location_id
    ),
    'the event'
)
from events.outbox_events as e
inner join inventory.stock_transfers as t on t.variant_id = e.aggregate_id
where e.event_type = 'stock.transferred';
select is_empty(
    $$select * from ops.check_invariants() as c where c.invariant not like '%events'$$
);

-- case: back again, from the place that is locked second
select inventory.transfer_stock('[{"sku": "MUG", "quantity": 8}]', 'MAIN', 'TOWN');
select is(t.from_on_hand, 7, 'seven are left')
from inventory.transfer_stock('[{"sku": "MUG", "quantity": 1}]', 'TOWN', 'MAIN') as t;
select is_empty(
    $$select * from ops.check_invariants() as c where c.invariant not like '%events'$$
);

-- case: what is promised stays; everything that is short is told at once, and nothing has changed
select throws_ok(
    $$
    select inventory.transfer_stock(
        '[{"sku": "MUG", "quantity": 9}, {"sku": "POT", "quantity": 5}]', 'MAIN', 'TOWN'
    )
    $$,
    'SHI01', null
);
select throws_ok(
    $$select inventory.transfer_stock('[{"sku": "MUG", "quantity": 1}]', 'TOWN', 'MAIN')$$,
    'SHI01', null, 'no stock row'
);
select is(count(*), 2, 'no row was opened') from inventory.inventory;
select is_empty('table events.outbox_events', 'nothing was written');
select is_empty('table inventory.stock_transfers', 'no transfer');

-- case: the refusal says for each line what there is
do $try$
declare
    v_detail text;
begin
    perform inventory.transfer_stock(
        '[{"sku": "MUG", "quantity": 9}, {"sku": "POT", "quantity": 5}]', 'MAIN', 'TOWN'
    );
exception
    when sqlstate 'SHI01' then
        get stacked diagnostics v_detail = pg_exception_detail;
        perform set_config('test.detail', v_detail, true);
end;
$try$;
select is(
    current_setting('test.detail')::jsonb,
    '{"error": "INSUFFICIENT_STOCK", "location": "MAIN", "shortages": [
        {"sku": "MUG", "requested": 9, "available": 8},
        {"sku": "POT", "requested": 5, "available": 4}
    ]}'::jsonb
);

-- case: overdue holds make room
update inventory.inventory_reservations
set
    created_at = created_at - interval '10 minutes',
    expires_at = expires_at - interval '10 minutes';
select lives_ok(
    $$select inventory.transfer_stock('[{"sku": "MUG", "quantity": 10}]', 'MAIN', 'TOWN')$$
);
select is(
    e.payload - 'variant_id',
    '{"sku": "MUG", "cause": "transfer", "available": 2, "reserved": -2, "on_hand": 0}'::jsonb,
    'and that is told'
)
from events.outbox_events as e
where e.event_type = 'stock.updated';

-- case: a closed location may be emptied and filled
update inventory.locations set is_active = false where code = 'TOWN';
select lives_ok(
    $$select inventory.transfer_stock('[{"sku": "MUG", "quantity": 2}]', 'MAIN', 'TOWN')$$
);
select lives_ok(
    $$select inventory.transfer_stock('[{"sku": "MUG", "quantity": 2}]', 'TOWN', 'MAIN')$$
);

-- case: the ceiling of the other place is refused
select inventory.receive_stock('[{"sku": "MUG", "quantity": 9999}]', 'TOWN');
select throws_ok(
    $$select inventory.transfer_stock('[{"sku": "MUG", "quantity": 2}]', 'MAIN', 'TOWN')$$,
    'SHI07', null
);

-- case: unknown SKUs and locations, malformed items and one place twice are refused
select throws_ok(
    format('select inventory.transfer_stock(%L, %L, %L, %L)', b.items, b.f, b.t, b.reference),
    b.code, null, coalesce(b.items, 'null') || coalesce(b.f, 'null') || coalesce(b.t, 'null')
)
from (
    values
    ('[{"sku": "NONE", "quantity": 1}]', 'MAIN', 'TOWN', null, 'SHP01'),
    ('[{"sku": "MUG", "quantity": 1}]', 'CELLAR', 'TOWN', null, 'SHI08'),
    ('[{"sku": "MUG", "quantity": 1}]', 'MAIN', 'CELLAR', null, 'SHI08'),
    ('[{"sku": "MUG", "quantity": 1}]', 'MAIN', 'MAIN', null, '22023'),
    ('[{"sku": "MUG", "quantity": 1}]', null, 'TOWN', null, '22023'),
    ('[{"sku": "MUG", "quantity": 1}]', 'MAIN', null, null, '22023'),
    ('[{"sku": "MUG", "quantity": 1}]', 'MAIN', 'TOWN', '', '22023'),
    (null, 'MAIN', 'TOWN', null, '22023'),
    ('[]', 'MAIN', 'TOWN', null, '22023'),
    ('[{"sku": "MUG", "quantity": 0}]', 'MAIN', 'TOWN', null, '22023'),
    ('[{"sku": "MUG", "quantity": -1}]', 'MAIN', 'TOWN', null, '22023'),
    ('[{"sku": "MUG"}]', 'MAIN', 'TOWN', null, '22023'),
    ('[{"sku": "MUG", "quantity": 1, "to": "TOWN"}]', 'MAIN', 'TOWN', null, '22023')
) as b (items, f, t, reference, code);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer; another request is refused
select inventory.transfer_stock('[{"sku": "MUG", "quantity": 1}]', 'MAIN', 'TOWN', null, 't1');
delete from events.outbox_events;
select is(t.from_on_hand, 9, 'once')
from inventory.transfer_stock('[{"sku": "MUG", "quantity": 1}]', 'MAIN', 'TOWN', null, 't1') as t;
select throws_ok(
    $$
    select inventory.transfer_stock('[{"sku": "MUG", "quantity": 2}]', 'MAIN', 'TOWN', null, 't1')
    $$,
    'SHC01'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok(
    $$
    select inventory.transfer_stock('[{"sku": "POT", "quantity": 5}]', 'MAIN', 'TOWN', null, 't2')
    $$,
    'SHI01'
);
select inventory.receive_stock('[{"sku": "POT", "quantity": 1}]');
select lives_ok(
    $$
    select inventory.transfer_stock('[{"sku": "POT", "quantity": 5}]', 'MAIN', 'TOWN', null, 't2')
    $$
);
