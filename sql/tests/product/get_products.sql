-- setup: a mug, a teapot, an archived pan
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 8, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
    {"sku": "PAN", "name": "Pan", "price": 9, "currency": "EUR"}
]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 20}]');
select product.create_price_list('trade', 'Trade', 20, 'trade');
select product.bulk_update_prices('[{"sku": "MUG", "currency": "EUR", "price": 5}]', 'trade');
update product.products set slug = lower(code);
update product.products set status = 'archived' where code = 'PAN';

-- case: each page is that of get_product_details
select results_eq(
    format(
        'select * from product.get_products(%L, %L, %L)', (
            select
                jsonb_build_array(
                    '{"code": "POT"}'::jsonb, '{"slug": "mug"}'::jsonb,
                    jsonb_build_object('public_id', p.public_id),
                    jsonb_build_object('product_id', p.product_id)
                )
            from product.products as p
            where p.code = 'MUG'
        ), 'EUR', g.customer_group
    ),
    format(
        'select
            o.item, ''found'', d.page ->> ''version'',
            d.page - ''{version,is_unchanged}''::text[]
        from (values (1, ''POT''), (2, ''MUG''), (3, ''MUG''), (4, ''MUG'')) as o (item, code)
        cross join lateral product.get_product_details(o.code, %L, %L) as d (page)',
        'EUR', g.customer_group
    ),
    coalesce(g.customer_group, 'everybody')
)
from (values (null), ('trade')) as g (customer_group);

-- case: what is known is not sent again, what is not shown is not found
select results_eq(
    format(
        'select g.item, g.outcome, g.version is null, g.product ->> %L
        from product.get_products(%L, %L) as g', 'code', (
            select
                jsonb_build_array(
                    jsonb_build_object('code', 'MUG', 'known_version', d.page ->> 'version'),
                    jsonb_build_object('code', 'POT', 'known_version', d.page ->> 'version'),
                    jsonb_build_object('code', 'MUG'),
                    jsonb_build_object('code', 'PAN'),
                    jsonb_build_object('slug', 'pan'),
                    jsonb_build_object('code', 'NONE', 'known_version', 'x'),
                    jsonb_build_object('public_id', gen_random_uuid()),
                    jsonb_build_object('product_id', 9223372036854775807)
                )
            from product.get_product_details('MUG', 'EUR') as d (page)
        ), 'EUR'
    ),
    $$
    values
    (1, 'unchanged', false, null), (2, 'found', false, 'POT'), (3, 'found', false, 'MUG'),
    (4, 'not_found', true, null), (5, 'not_found', true, null), (6, 'not_found', true, null),
    (7, 'not_found', true, null), (8, 'not_found', true, null)
    $$
);

-- case: as many as the rule allows, and no more
select is(count(*), 100::bigint, 'a hundred')
from product.get_products((
    select jsonb_agg(jsonb_build_object('code', 'MUG')) from generate_series(1, 100)
), 'EUR') as g
where g.outcome = 'found';
select throws_ok(
    format('select product.get_products(%L, %L)', (
        select jsonb_agg(jsonb_build_object('code', 'MUG')) from generate_series(1, 101)
    ), 'EUR'), '22023', null, 'one more'
);

-- case: a malformed call is refused
select throws_ok(
    format('select product.get_products(%L, %L)', b.items, 'EUR'), '22023', null,
    coalesce(b.items, 'null')
)
from (
    values
    (null), ('[]'), ('{}'), ('[7]'), ('[{}]'), ('[{"sku": "MUG"}]'), ('[{"code": null}]'),
    ('[{"code": "MUG", "slug": "mug"}]'), ('[{"code": "MUG"}, {"known_version": "x"}]'),
    ('[{"public_id": "x"}]'), ('[{"product_id": "1"}]'), ('[{"product_id": -1}]'),
    ('[{"code": "MUG", "known_version": 1}]')
) as b (items);
select throws_ok(
    format('select product.get_products(%L, %L)', '[{"code": "MUG"}]', c.currency), 'SHC04', null,
    coalesce(c.currency, 'null')
)
from (values ('XXX'), ('eur'), (''), (null)) as c (currency);
