-- setup: a supplier with a lead time of three days, of nine for the mug
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.create_location('TOWN', 'Shop in town', 2);
select inventory.set_supplier('ACME', 'Acme', 3, 0);
select inventory.set_supplier_item('ACME', 'MUG', 2.5, 'EUR', 0, p_lead_time_days => 9);
delete from events.outbox_events;
create function pg_temp.today(p_days integer default 0)
returns date
language sql
volatile
return (clock_timestamp() at time zone 'UTC')::date + p_days;

-- case: good units come in; the day of the order and the lead time say what was on time
select results_eq(
    $$
    select r.sku, r.location, r.received, r.defective, r.is_on_time, r.on_hand, r.version
    from inventory.receive_from_supplier(
        'ACME',
        '[{"sku": "POT", "quantity": 2}, {"sku": "MUG", "quantity": 5, "defective": 1},
        {"sku": "MUG", "quantity": 3, "defective": 0}]',
        pg_temp.today(-4), 'TOWN', 'DN-1'
    ) as r
    $$,
    $$
    values
    ('MUG', 'TOWN', 7, 1, true, 7, 2::bigint),
    ('POT', 'TOWN', 2, 0, false, 2, 2)
    $$
);
select bag_eq(
    $$
    select
        m.sku, m.location, m.kind, m.on_hand_delta, m.reference, m.actor
    from inventory.movement_list as m
    $$,
    $$
    values
    ('MUG', 'TOWN', 'receipt', 7, 'DN-1', 'staff:anna'),
    ('POT', 'TOWN', 'receipt', 2, 'DN-1', 'staff:anna')
    $$
);
select bag_eq(
    'select e.event_type, count(*) from events.outbox_events as e group by e.event_type',
    $$
    values
    ('receipt.recorded', 1::bigint), ('stock.moved', 2), ('stock.opened', 2), ('stock.updated', 2)
    $$
);
select results_eq(
    $$
    select e.aggregate_type, e.aggregate_seq, e.payload -> 'variants', e.actor, e.request_id
    from events.outbox_events as e where e.event_type = 'receipt.recorded'
    $$,
    $$values ('receipt', 1::bigint, '2'::jsonb, 'staff:anna', 'req-1')$$
);
select is_empty(
    $$select * from ops.check_invariants() as c where c.invariant not like '%events'$$
);

-- case: what is all defective does not come in, and opens no stock
select results_eq(
    $$
    select r.received, r.defective, r.on_hand, r.version
    from inventory.receive_from_supplier(
        'ACME', '[{"sku": "POT", "quantity": 2, "defective": 2}]', pg_temp.today()
    ) as r
    $$,
    'values (0, 2, null::integer, null::bigint)'
);
select is_empty('table inventory.inventory', 'no row was opened');
select is(e.event_type, 'receipt.recorded', 'but it is recorded') from events.outbox_events as e;

-- case: a delivery from before the newest movement is refused, by now it can be entered
select inventory.receive_stock('[{"sku": "MUG", "quantity": 5}]');
delete from events.outbox_events;
select throws_ok(
    format(
        $$
        select inventory.receive_from_supplier(
            'ACME', '[{"sku": "POT", "quantity": 1}, {"sku": "MUG", "quantity": 5}]', %L,
            p_received_at => %L
        )
        $$,
        pg_temp.today(-9), clock_timestamp() - b.age
    ),
    'SHI21', null, b.age::text
)
from (values (interval '1 minute'), (interval '3 days')) as b (age);
select is_empty('table events.outbox_events', 'nothing was written');
update inventory.inventory_movements set created_at = created_at - interval '1 hour';
select lives_ok(
    format(
        $$
        select inventory.receive_from_supplier(
            'ACME', '[{"sku": "MUG", "quantity": 5}]', %L, p_received_at => %L
        )
        $$,
        pg_temp.today(-9), clock_timestamp() - interval '1 minute'
    ),
    'nothing has moved since'
);

-- case: another location, and a SKU that never moved, are not in the way
select inventory.receive_stock('[{"sku": "MUG", "quantity": 5}]', 'TOWN');
select is(r.is_on_time, true, 'of old')
from inventory.receive_from_supplier(
    'ACME', '[{"sku": "MUG", "quantity": 5}]', pg_temp.today(-40), null, null,
    clock_timestamp() - interval '35 days'
) as r;

-- case: what has not come yet, or came before it was ordered, is refused
select throws_ok(
    format(
        $$
        select inventory.receive_from_supplier(
            'ACME', '[{"sku": "MUG", "quantity": 5}]', %L, null, null, %L
        )
        $$,
        b.ordered_on, b.received_at
    ),
    '22023', null, b.title
)
from (
    values
    (null, clock_timestamp(), 'no day'),
    (pg_temp.today(1), null, 'ordered tomorrow'),
    (pg_temp.today(), clock_timestamp() + interval '1 hour', 'comes in an hour'),
    (pg_temp.today(), clock_timestamp() - interval '2 days', 'ordered after it came'),
    ('infinity', null, 'ordered never'),
    ('-infinity', null, 'ordered always'),
    (pg_temp.today(), '-infinity', 'came always')
) as b (ordered_on, received_at, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is unknown, malformed or too much is refused, all of it
select throws_ok(
    format(
        'select inventory.receive_from_supplier(%L, %L, %L, %L, %L)', b.supplier, b.items,
        pg_temp.today(), b.location, b.reference
    ),
    b.code, null, coalesce(b.items, 'null')
)
from (
    values
    ('NONE', '[{"sku": "MUG", "quantity": 1}]', null, null, 'SHI20'),
    ('ACME', '[{"sku": "MUG", "quantity": 1}, {"sku": "NO", "quantity": 1}]', null, null, 'SHP01'),
    ('ACME', '[{"sku": "MUG", "quantity": 1}]', 'CELLAR', null, 'SHI08'),
    ('ACME', '[{"sku": "MUG", "quantity": 1}, {"sku": "POT", "quantity": 10001}]', null, null,
    'SHI07'),
    ('ACME', null, null, null, '22023'),
    ('ACME', '[]', null, null, '22023'),
    ('ACME', '[{"sku": "MUG", "quantity": 0}]', null, null, '22023'),
    ('ACME', '[{"sku": "MUG", "quantity": 999999999, "defective": 999999999},
    {"sku": "MUG", "quantity": 1, "defective": 1}]', null, null, '22023'),
    ('ACME', '[{"sku": "MUG", "quantity": 1, "defective": 2}]', null, null, '22023'),
    ('ACME', '[{"sku": "MUG", "quantity": 1, "defective": -1}]', null, null, '22023'),
    ('ACME', '[{"sku": "MUG", "quantity": 1, "defective": null}]', null, null, '22023'),
    ('ACME', '[{"sku": "MUG", "quantity": 1, "cost": 2}]', null, null, '22023'),
    ('ACME', '[{"sku": "MUG", "quantity": 1}]', null, '', '22023')
) as b (supplier, items, location, reference, code);
select is_empty('table events.outbox_events', 'nothing was written');
select is_empty('table inventory.supplier_receipts', 'no receipt');

-- case: the same key and request get the stored answer; another request is refused
select inventory.receive_from_supplier(
    'ACME', '[{"sku": "MUG", "quantity": 1}]', '2026-01-05', p_idempotency_key => 'r1'
);
delete from events.outbox_events;
select is(r.on_hand, 1, 'once')
from inventory.receive_from_supplier(
    'ACME', '[{"sku": "MUG", "quantity": 1}]', '2026-01-05', p_idempotency_key => 'r1'
) as r;
select throws_ok(
    $$
    select inventory.receive_from_supplier(
        'ACME', '[{"sku": "MUG", "quantity": 1}]', '2026-01-04', p_idempotency_key => 'r1'
    )
    $$,
    'SHC01'
);
select is_empty('table events.outbox_events', 'nothing was written');
