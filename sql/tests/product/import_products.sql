-- setup: a category, and a mug in it
select core.set_context('staff:anna', 'req-1');
select product.create_category('kitchen', 'Kitchen');
create temporary table first as
select
    i.item,
    i.sku,
    i.outcome,
    i.variant_id,
    i.error,
    i.detail
from product.import_products(
    '[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR", "category": "kitchen",
    "description": "Holds tea."}]',
    'i1'
) as i;
delete from events.outbox_events;

-- case: a new SKU makes a product, its variant and its price
create temporary table pot as
select
    i.item,
    i.sku,
    i.outcome,
    i.variant_id,
    i.error,
    i.detail
from product.import_products(
    '[{"sku": "POT", "name": "Teapot", "price": "24.00", "currency": "EUR"}]'
) as i;
select results_eq(
    'table pg_temp.pot',
    $$
    select 1, 'POT', 'inserted', v.variant_id, null, null::jsonb
    from product.variants as v
    where v.sku = 'POT'
    $$
);
select results_eq(
    $$
    select
        p.code, p.name, p.description, p.category_id, p.status, p.version, p.updated_by,
        v.name, v.is_active, v.version, v.updated_by, x.currency, x.amount, x.max_amount, x.version,
        x.updated_by
    from product.products as p
    inner join product.variants as v on v.product_id = p.product_id
    inner join product.prices as x on x.variant_id = v.variant_id
    where v.sku = 'POT'
    $$,
    $$
    values (
        'POT', 'Teapot', '', null::bigint, 'active', 1::bigint, 'staff:anna', 'Teapot', true,
        1::bigint, 'staff:anna', 'EUR', 24.0000::numeric(19, 4), 100000.0000::numeric(19, 4),
        1::bigint, 'staff:anna'
    )
    $$
);

-- case: what was written has its events
select product.import_products('[
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
    {"sku": "MUG", "name": "Mug", "price": 8, "currency": "EUR"}
]');
select bag_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.payload, e.actor,
        e.request_id
    from events.outbox_events as e
    $$,
    $$
    select
        'price.updated' as t, 'variant' as a, x.variant_id, null::bigint as s,
        jsonb_build_object(
            'variant_id', x.variant_id, 'price_id', x.price_id, 'price_list', 'base',
            'currency', 'EUR', 'min_quantity', 1, 'amount', x.amount, 'valid_from', null,
            'valid_until', null, 'is_withdrawn', false, 'version', x.version
        ) as p,
        'staff:anna' as actor, 'req-1' as request
    from product.prices as x
    union all
    select
        'content.updated', 'product', p.product_id, p.version,
        jsonb_build_object(
            'product_id', p.product_id, 'code', p.code, 'version', p.version,
            'fields', '["name", "description", "variants"]'::jsonb
        ),
        'staff:anna', 'req-1'
    from product.products as p
    where p.code = 'POT'
    $$,
    'prices keyed by the variant, content keyed and numbered by the product'
);

-- case: a known SKU is updated where something differs
select results_eq(
    $$
    select i.outcome, i.variant_id = f.variant_id
    from product.import_products(
        '[{"sku": "MUG", "name": "Big mug", "price": 7.5, "currency": "EUR"}]'
    ) as i
    cross join pg_temp.first as f
    $$,
    $$values ('updated', true)$$
);
select results_eq(
    $$
    select v.name, v.version, p.version, x.version
    from product.variants as v
    inner join product.products as p on p.product_id = v.product_id
    inner join product.prices as x on x.variant_id = v.variant_id
    $$,
    $$values ('Big mug', 2::bigint, 2::bigint, 1::bigint)$$,
    'the price has not changed'
);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq, e.payload -> 'fields'
    from events.outbox_events as e
    $$,
    $$values ('content.updated', 2::bigint, '["variants"]'::jsonb)$$
);

-- case: a new price is an update of the price alone
select is(i.outcome, 'updated', 'the row')
from product.import_products(
    '[{"sku": "MUG", "name": "Mug", "price": 7.51, "currency": "EUR"}]'
) as i;
select results_eq(
    $$
    select v.version, p.version, x.version, x.amount
    from product.variants as v
    inner join product.products as p on p.product_id = v.product_id
    inner join product.prices as x on x.variant_id = v.variant_id
    $$,
    $$values (1::bigint, 1::bigint, 2::bigint, 7.5100::numeric(19, 4))$$
);
select bag_eq('select e.event_type from events.outbox_events as e', array['price.updated']);

-- case: a second currency is a second price
select is(i.outcome, 'updated', 'the row')
from product.import_products(
    '[{"sku": "MUG", "name": "Mug", "price": 1200, "currency": "JPY"}]'
) as i;
select bag_eq(
    'select x.currency, x.amount from product.prices as x',
    $$values ('EUR', 7.5000::numeric(19, 4)), ('JPY', 1200.0000)$$
);

-- case: what is the same already is unchanged, and writes nothing
select is(i.outcome, 'unchanged', 'the row')
from product.import_products(
    '[{"sku": "MUG", "name": "Mug", "price": "7.50", "currency": "EUR", "category": "kitchen",
    "description": "Holds tea."}]'
) as i;
select is_empty('table events.outbox_events', 'no event');
select is(p.version, 1, 'no new version')
from product.products as p;

-- case: fields that are left out stay as they are
select product.import_products(
    '[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR", "product_name": "Mugs"}]'
);
select results_eq(
    $$
    select p.name, p.description, p.category_id is not null, p.version
    from product.products as p
    $$,
    $$values ('Mugs', 'Holds tea.', true, 2::bigint)$$
);
select results_eq(
    $$select e.event_type, e.payload -> 'fields' from events.outbox_events as e$$,
    $$values ('content.updated', '["name"]'::jsonb)$$
);

-- case: variants of one product share it, and the last given field counts
select product.import_products('[
    {"sku": "CUP-S", "name": "S", "price": 1, "currency": "EUR", "product": "CUP",
    "product_name": "Cup", "description": "First."},
    {"sku": "CUP-M", "name": "M", "price": 2, "currency": "EUR", "product": "CUP",
    "description": "Last."},
    {"sku": "CUP-L", "name": "L", "price": 3, "currency": "EUR", "product": "CUP"}
]');
select results_eq(
    $$
    select p.name, p.description, p.version, count(*)
    from product.products as p
    inner join product.variants as v on v.product_id = p.product_id
    where p.code = 'CUP'
    group by p.product_id
    $$,
    $$values ('Cup', 'Last.', 1::bigint, 3::bigint)$$
);

-- case: a variant may move to another product, and both have changed
select product.import_products(
    '[{"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}]'
);
delete from events.outbox_events;
select is(i.outcome, 'updated', 'the row')
from product.import_products(
    '[{"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR", "product": "MUG"}]'
) as i;
select is(p.code, 'MUG', 'where it is now')
from product.variants as v
inner join product.products as p on p.product_id = v.product_id
where v.sku = 'POT';
select bag_eq(
    $$
    select p.code, e.event_type, e.aggregate_seq, e.payload -> 'fields'
    from events.outbox_events as e
    inner join product.products as p on p.product_id = e.aggregate_id
    $$,
    $$
    values
    ('MUG', 'content.updated', 2::bigint, '["variants"]'::jsonb),
    ('POT', 'content.updated', 2::bigint, '["variants"]'::jsonb)
    $$
);

-- case: without a product code a variant stays with its product
select product.import_products('[
    {"sku": "CUP-S", "name": "S", "price": 1, "currency": "EUR", "product": "CUP"}
]');
select product.import_products('[{"sku": "CUP-S", "name": "S", "price": 2, "currency": "EUR"}]');
select is(p.code, 'CUP', 'its product')
from product.variants as v
inner join product.products as p on p.product_id = v.product_id
where v.sku = 'CUP-S';

-- case: a refused row harms no other, and each names what is wrong
select core.set_business_rule('price_max', 1000, 0, 'GBP');
delete from events.outbox_events;
select results_eq(
    $$
    select i.item, i.sku, i.outcome, i.error, i.detail
    from product.import_products('[
        {"sku": "A", "name": "A", "price": 1, "currency": "EUR"},
        {"sku": "B", "name": "B", "price": 1, "currency": "XXX"},
        {"sku": "C", "name": "C", "price": 1, "currency": "EUR", "category": "cellar"},
        {"sku": "D", "name": "D", "price": 0, "currency": "EUR"},
        {"sku": "E", "name": "E", "price": 100000.01, "currency": "EUR"},
        {"sku": "F", "name": "F", "price": 1000.01, "currency": "GBP"},
        {"sku": "G", "name": "G", "price": 1.001, "currency": "EUR"},
        {"sku": "H", "name": "H", "price": 1.5, "currency": "JPY"},
        {"sku": "I", "name": "I", "price": 1.001, "currency": "BHD"},
        {"sku": "A", "name": "A again", "price": 1, "currency": "EUR"},
        {"sku": "J", "name": "J", "price": 1000, "currency": "GBP"}
    ]') as i
    $$,
    $$
    values
    (1, 'A', 'inserted', null, null::jsonb),
    (2, 'B', 'refused', 'CURRENCY_NOT_FOUND', '{"currency": "XXX"}'),
    (3, 'C', 'refused', 'CATEGORY_NOT_FOUND', '{"slug": "cellar"}'),
    (4, 'D', 'refused', 'PRICE_OUT_OF_RANGE', '{"price": 0, "currency": "EUR", "max": 100000}'),
    (5, 'E', 'refused', 'PRICE_OUT_OF_RANGE',
    '{"price": 100000.01, "currency": "EUR", "max": 100000}'),
    (6, 'F', 'refused', 'PRICE_OUT_OF_RANGE', '{"price": 1000.01, "currency": "GBP", "max": 1000}'),
    (7, 'G', 'refused', 'INVALID_ARGUMENT', '{"field": "price", "expected": "at most 2 decimals"}'),
    (8, 'H', 'refused', 'INVALID_ARGUMENT', '{"field": "price", "expected": "at most 0 decimals"}'),
    (9, 'I', 'inserted', null, null),
    (10, 'A', 'refused', 'INVALID_ARGUMENT',
    '{"field": "sku", "expected": "each SKU once in a call"}'),
    (11, 'J', 'inserted', null, null)
    $$
);
select bag_eq(
    'select v.sku from product.variants as v', array['MUG', 'A', 'I', 'J'], 'the accepted ones'
);
select bag_eq(
    'select e.event_type from events.outbox_events as e',
    array[
        'price.updated', 'price.updated', 'price.updated', 'content.updated', 'content.updated',
        'content.updated'
    ],
    'and their events'
);

-- case: a malformed row is refused, naming the field
select is(
    i.error || ' ' || coalesce(i.detail ->> 'field', 'the row'), 'INVALID_ARGUMENT ' || b.field,
    b.item
)
from (
    values
    ('7', 'the row'),
    ('null', 'the row'),
    ('[]', 'the row'),
    ('{}', 'currency'),
    ('{"sku": "", "name": "A", "price": 1, "currency": "EUR"}', 'sku'),
    ('{"sku": 5, "name": "A", "price": 1, "currency": "EUR"}', 'sku'),
    ('{"sku": null, "name": "A", "price": 1, "currency": "EUR"}', 'sku'),
    ('{"sku": " A", "name": "A", "price": 1, "currency": "EUR"}', 'sku'),
    ('{"sku": "A ", "name": "A", "price": 1, "currency": "EUR"}', 'sku'),
    ('{"sku": "A\nB", "name": "A", "price": 1, "currency": "EUR"}', 'sku'),
    ('{"sku": "A", "name": "", "price": 1, "currency": "EUR"}', 'name'),
    ('{"sku": "A", "name": "A", "price": -1, "currency": "EUR"}', 'price'),
    ('{"sku": "A", "name": "A", "price": 1e15, "currency": "EUR"}', 'price'),
    ('{"sku": "A", "name": "A", "price": "1,50", "currency": "EUR"}', 'price'),
    ('{"sku": "A", "name": "A", "price": null, "currency": "EUR"}', 'price'),
    ('{"sku": "A", "name": "A", "price": 1, "currency": 5}', 'currency'),
    ('{"sku": "A", "name": "A", "price": 1, "currency": "EUR", "category": null}', 'category'),
    ('{"sku": "A", "name": "A", "price": 1, "currency": "EUR", "color": "red"}', 'color')
) as b (item, field)
cross join lateral product.import_products(('[' || b.item || ']')::jsonb) as i;
select is(
    i.error || ' ' || (i.detail ->> 'field'), 'INVALID_ARGUMENT ' || b.field, b.title
)
from (
    values
    (jsonb_build_object('sku', repeat('s', 65)), 'sku', 'a SKU of 65 characters'),
    (jsonb_build_object('name', repeat('n', 501)), 'name', 'a name of 501 characters'),
    (jsonb_build_object('product', repeat('p', 65)), 'product', 'a code of 65 characters'),
    (
        jsonb_build_object('description', repeat('d', 100001)), 'description',
        'a description of 100,001 characters'
    )
) as b (fields, field, title)
cross join lateral product.import_products(jsonb_build_array(
    '{"sku": "A", "name": "A", "price": 1, "currency": "EUR"}'::jsonb || b.fields
)) as i;
select is(count(*), 1, 'the mug alone is there')
from product.variants;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: SKUs and names of any script are kept, and told apart byte by byte
select is(i.outcome, 'inserted', g.sku)
from (
    values
    ('é'), ('e' || chr(769)), ('👩🏽‍💻'), ('كوب'), ('mug'), ('MUG-1''; drop table x; --'),
    ('A "B" \C'), ('%_'), (repeat('字', 64))
) as g (sku)
cross join lateral product.import_products(jsonb_build_array(jsonb_build_object(
    'sku', g.sku, 'name', g.sku || chr(8206) || ' "', 'price', 1, 'currency', 'EUR'
))) as i;
select is(count(*), 10, 'ten different SKUs')
from product.variants;

-- case: thousands of rows are one call
create temporary table many as
select
    i.item,
    i.outcome
from product.import_products((
    select jsonb_agg(jsonb_build_object(
        'sku', 'S' || g.n, 'name', 'N', 'price', g.n, 'currency', 'EUR'
    ))
    from generate_series(1, 2000) as g (n)
)) as i;
select results_eq(
    'select m.outcome, count(*) from pg_temp.many as m group by m.outcome',
    $$values ('inserted', 2000::bigint)$$
);
select is(min(m.item) || ' ' || max(m.item), '1 2000', 'in order of the items')
from pg_temp.many as m;

-- case: what is no array of 1 to 10,000 elements is refused
select throws_ok(
    format('select product.import_products(%L)', b.items), '22023', null,
    coalesce(b.items, 'null')
)
from (values (null), ('null'), ('[]'), ('{}'), ('"a"'), ('7')) as b (items);
select throws_ok(
    $$
    select product.import_products((select jsonb_agg(n) from generate_series(1, 10001) as n))
    $$,
    '22023', null, '10,001 elements'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a call of which every row is refused is answered, too
select is(i.outcome, 'refused', 'the row')
from product.import_products('[7]', 'i2') as i;
select is(i.outcome, 'refused', 'the same answer')
from product.import_products('[7]', 'i2') as i;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, and nothing is done again
select results_eq(
    $$
    select *
    from product.import_products(
        '[{"name": "Mug", "sku": "MUG", "currency": "EUR", "price": 7.5, "category": "kitchen",
        "description": "Holds tea."}]',
        'i1'
    )
    $$,
    'table pg_temp.first',
    'inserted, as the first time'
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key with another request is refused
select throws_ok(
    $$
    select product.import_products(
        '[{"sku": "MUG", "name": "Mug", "price": 8, "currency": "EUR"}]', 'i1'
    )
    $$,
    'SHC01', null
);
select is(x.amount, 7.5, 'the price is as it was')
from product.prices as x;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refused call stores no key, so that the same key may succeed later
select throws_ok($$select product.import_products('[]', 'i2')$$, '22023', null);
select lives_ok($$select product.import_products('[7]', 'i2')$$);
select throws_ok($$select product.import_products('[7]', '')$$, '22023', null, 'an empty key');

-- case: without the rule any price is accepted, and the price is its own limit
select core.set_business_rule('price_max', 0, 1, null, false);
select is(i.outcome, 'inserted', 'the row')
from product.import_products(
    '[{"sku": "YACHT", "name": "Yacht", "price": 999999999999999.99, "currency": "EUR"}]'
) as i;
select is(x.max_amount, 999999999999999.99, 'its limit')
from product.prices as x
where x.max_amount <> 100000;

-- case: a price is set in the base list, and the history tells what it was
select product.import_products(
    '[{"sku": "MUG", "name": "Mug", "price": 8, "currency": "EUR"}]'
);
select results_eq(
    $$
    select c.price_list, c.version, c.price, c.price_before, c.changed_by
    from product.price_change_list as c
    order by c.version
    $$,
    $$
    values
    ('base', 1::bigint, 7.5000::numeric(19, 4), null::numeric(19, 4), 'staff:anna'),
    ('base', 2, 8.0000, 7.5000, 'staff:anna')
    $$
);

-- case: the price in force now changes, and a scheduled one stays
select product.schedule_price(
    'MUG', 'EUR', 9, now() + interval '1 day', null, p_is_replacing => true
);
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 8, "currency": "EUR"}]');
select results_eq(
    $$
    select s.price, s.valid_from, s.valid_until
    from product.price_schedule as s
    order by s.valid_from nulls first
    $$,
    $$
    values
    (8.0000::numeric(19, 4), null, now() + interval '1 day'),
    (9.0000, now() + interval '1 day', null)
    $$
);

-- case: each changed product has a version with a snapshot, one a call
select product.import_products('[
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
    {"sku": "MUG", "name": "Big mug", "price": 7.5, "currency": "EUR"}
]');
select bag_eq(
    $$
    select v.version, v.snapshot #>> '{variants,0,name}', v.fields, v.summary, v.author
    from product.content_versions as v
    $$,
    $$
    values
    (1::bigint, 'Mug', '["name", "description", "category", "variants"]'::jsonb, 'Import',
    'staff:anna'),
    (2, 'Big mug', '["variants"]', 'Import', 'staff:anna'),
    (1, 'Teapot', '["name", "description", "variants"]', 'Import', 'staff:anna')
    $$
);
