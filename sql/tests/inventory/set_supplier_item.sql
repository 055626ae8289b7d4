-- setup: two suppliers, and a mug from one of them
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select inventory.set_supplier('ACME', 'Acme', 3, 0);
select inventory.set_supplier('BOLT', 'Bolt', 1, 0);
select inventory.set_supplier_item('ACME', 'MUG', 2.5, 'EUR', 0, p_is_preferred => true);
delete from events.outbox_events;

-- case: terms are set and edited, in any currency and its decimals
select results_eq(
    $$select * from inventory.set_supplier_item('BOLT', 'POT', 900, 'JPY', 0, 'B-1', 12, 6, 9)$$,
    $$values ('BOLT', 'POT', 900::numeric, 'JPY', 1::bigint)$$
);
select results_eq(
    $$select * from inventory.set_supplier_item('BOLT', 'POT', 1.234, 'KWD', 1)$$,
    $$values ('BOLT', 'POT', 1.234::numeric, 'KWD', 2::bigint)$$
);
select is(i.updated_by, 'staff:anna', 'the actor') from inventory.supplier_items as i;

-- case: of the suppliers of a variant one is preferred
select inventory.set_supplier_item('BOLT', 'MUG', 0, 'EUR', 0, p_is_preferred => true);
select bag_eq(
    'select i.supplier, i.is_preferred, i.version from inventory.supplier_item_list as i',
    $$values ('ACME', false, 2::bigint), ('BOLT', true, 1)$$
);
select bag_eq(
    $$
    select
        e.event_type, e.payload ->> 'is_preferred' as is_preferred,
        e.payload ? 'cost' as tells_cost, e.actor
    from events.outbox_events as e
    $$,
    $$
    values
    ('supplier_item.updated', 'false', false, 'staff:anna'),
    ('supplier_item.updated', 'true', false, 'staff:anna')
    $$,
    'both are told, without the cost'
);

-- case: another version than the one that is there is refused
select throws_ok(
    format($$select inventory.set_supplier_item('ACME', %L, 2, 'EUR', %s)$$, b.sku, b.version),
    'SHC02', null, b.sku || b.version
)
from (values ('MUG', 0), ('MUG', 2), ('POT', 1)) as b (sku, version);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: what is unknown or malformed is refused
select throws_ok(
    format(
        'select inventory.set_supplier_item(%L, %L, %L, %L, %L, %L, %L, %L, %L, %L, %L)',
        b.supplier, b.sku, b.cost, b.currency, b.version, b.code, b.least, b.pack, b.days, b.best,
        b.live
    ),
    b.error, null, b.title
)
from (
    values
    ('NONE', 'MUG', 2, 'EUR', 1, null, 1, 1, null, true, true, 'SHI20', 'a supplier'),
    ('ACME', 'NONE', 2, 'EUR', 1, null, 1, 1, null, true, true, 'SHP01', 'a SKU'),
    ('ACME', 'MUG', 2, 'XXX', 1, null, 1, 1, null, true, true, 'SHC04', 'a currency'),
    ('ACME', 'MUG', null, 'EUR', 1, null, 1, 1, null, true, true, '22023', 'no cost'),
    ('ACME', 'MUG', -0.01, 'EUR', 1, null, 1, 1, null, true, true, '22023', 'below 0'),
    ('ACME', 'MUG', 0.001, 'EUR', 1, null, 1, 1, null, true, true, '22023', 'three decimals'),
    ('ACME', 'MUG', 0.1, 'JPY', 1, null, 1, 1, null, true, true, '22023', 'a tenth of a yen'),
    ('ACME', 'MUG', 1e15, 'EUR', 1, null, 1, 1, null, true, true, '22023', 'huge'),
    ('ACME', 'MUG', 'NaN', 'EUR', 1, null, 1, 1, null, true, true, '22023', 'no number'),
    ('ACME', 'MUG', 2, 'EUR', null, null, 1, 1, null, true, true, '22023', 'no version'),
    ('ACME', 'MUG', 2, 'EUR', 1, '', 1, 1, null, true, true, '22023', 'an empty code'),
    ('ACME', 'MUG', 2, 'EUR', 1, null, 0, 1, null, true, true, '22023', 'no units'),
    ('ACME', 'MUG', 2, 'EUR', 1, null, null, 1, null, true, true, '22023', 'null units'),
    ('ACME', 'MUG', 2, 'EUR', 1, null, 1, 0, null, true, true, '22023', 'no pack'),
    ('ACME', 'MUG', 2, 'EUR', 1, null, 1, null, null, true, true, '22023', 'null pack'),
    ('ACME', 'MUG', 2, 'EUR', 1, null, 1, 1, -1, true, true, '22023', 'days below 0'),
    ('ACME', 'MUG', 2, 'EUR', 1, null, 1, 1, null, null, true, '22023', 'preferred?'),
    ('ACME', 'MUG', 2, 'EUR', 1, null, 1, 1, null, true, null, '22023', 'active?')
) as b (
    supplier, sku, cost, currency, version, code, least, pack, days, best, live, error, title
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer; another request is refused
select inventory.set_supplier_item('ACME', 'MUG', 2, 'EUR', 1, p_idempotency_key => 'i1');
delete from events.outbox_events;
select is(i.version, 2, 'once, however the cost is written')
from inventory.set_supplier_item('ACME', 'MUG', 2.00, 'EUR', 1, p_idempotency_key => 'i1') as i;
select throws_ok(
    $$select inventory.set_supplier_item('ACME', 'MUG', 3, 'EUR', 2, p_idempotency_key => 'i1')$$,
    'SHC01'
);
select is_empty('table events.outbox_events', 'nothing was written');
