-- setup: mugs in two sizes and a colour
select core.set_context('staff:anna', 'req-1');
select product.create_product('MUG', '{"name": "Mug", "options": [
    {"name": "Size", "values": ["S", "L"]}, {"name": "Colour", "values": ["red"]}
]}');
select product.create_variant(
    'MUG', '{"sku": "M-S", "name": "S", "options": {"Size": "S", "Colour": "red"}}', 1
);
select product.create_variant('MUG', '{"sku": "M-L", "name": "L", "options": {"Size": "L"}}', 2);
delete from events.outbox_events;

-- case: an option has another name, and its variants follow
select results_eq(
    $$select * from product.rename_option('MUG', 'Size', 'Größe', 3)$$,
    $$values ('MUG', 4::bigint, '["options", "variants"]'::jsonb)$$
);
select results_eq(
    'select v.sku, v.options, v.version from product.variants as v order by v.sku',
    $$
    values
    ('M-L', '{"Größe": "L"}'::jsonb, 2::bigint), ('M-S', '{"Größe": "S", "Colour": "red"}', 2)
    $$
);
select results_eq(
    $$
    select o.name, o.value from product.option_admin_list as o
    order by o.position, o.value_position
    $$,
    $$values ('Größe', 'S'), ('Größe', 'L'), ('Colour', 'red')$$
);
select results_eq(
    'select e.event_type, e.aggregate_seq, e.payload -> ''fields'' from events.outbox_events as e',
    $$values ('content.updated', 4::bigint, '["options", "variants"]'::jsonb)$$,
    'one event'
);

-- case: a value has another name, and only its variants follow
select product.rename_option('MUG', 'Size', 'Small', 3, 'S');
select results_eq(
    'select v.sku, v.options, v.version from product.variants as v order by v.sku',
    $$
    values
    ('M-L', '{"Size": "L"}'::jsonb, 1::bigint), ('M-S', '{"Size": "Small", "Colour": "red"}', 2)
    $$
);

-- case: the name that it has is no change
select is(r.fields, '[]'::jsonb) from product.rename_option('MUG', 'Size', 'Size', 3) as r;
select is(r.fields, '[]'::jsonb) from product.rename_option('MUG', 'Size', 'L', 3, 'L') as r;
select is_empty('table events.outbox_events', 'nothing was told');

-- case: what is not there, is taken or is malformed is refused
select throws_ok(
    format(
        'select product.rename_option(%L, %L, %L, %L, %L)',
        b.code, b.option, b.name, b.seen, b.value
    ),
    b.sqlstate, null, concat_ws(' ', b.code, b.option, b.value, b.name)
)
from (
    values
    ('NONE', 'Size', 'A', 3, null, 'SHP01'), ('MUG', 'Shape', 'A', 3, null, 'SHP18'),
    ('MUG', null, 'A', 3, null, 'SHP18'), ('MUG', 'Size', 'A', 3, 'XL', 'SHP18'),
    ('MUG', 'Size', 'A', 2, null, 'SHC02'), ('MUG', 'Size', 'A', null, null, 'SHC02'),
    ('MUG', 'Size', 'Colour', 3, null, '22023'), ('MUG', 'Size', 'L', 3, 'S', '22023'),
    ('MUG', 'Size', '', 3, null, '22023'), ('MUG', 'Size', null, 3, null, '22023'),
    ('MUG', 'Size', repeat('n', 101), 3, null, '22023')
) as b (code, option, name, seen, value, sqlstate);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.rename_option('MUG', 'Size', 'A', 3, null, 'k1');
delete from events.outbox_events;
select is(r.version, 4, 'the stored answer')
from product.rename_option('MUG', 'Size', 'A', 3, null, 'k1') as r;
select throws_ok(
    $$select product.rename_option('MUG', 'A', 'B', 4, null, 'k1')$$, 'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');
