-- setup: two things, one of which has a tier
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 8, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
    {"sku": "NEW", "name": "New", "price": 1, "currency": "GBP"}
]');
select product.bulk_update_prices('[
    {"sku": "MUG", "currency": "EUR", "price": 7, "min_quantity": 10}
]');

-- case: there is a row an element that has a price
select results_eq(
    $$
    select f.line, v.sku, f.price, f.price_list, f.base_price, f.valid_until
    from (
        select array_agg(v.variant_id order by o.n) as ids
        from unnest(array['POT', 'NEW', 'MUG', 'MUG']) with ordinality as o (sku, n)
        inner join product.variants as v on v.sku = o.sku
    ) as a
    cross join lateral product.prices_in_force(a.ids, array[1, 1, 9, 10], 'EUR') as f
    inner join product.variants as v on v.variant_id = f.variant_id
    order by f.line
    $$,
    $$
    values
    (1, 'POT', 24::numeric, 'base', 24::numeric, null::timestamptz),
    (3, 'MUG', 8, 'base', 8, null),
    (4, 'MUG', 7, 'base', 7, null)
    $$
);

-- case: where nothing is asked for or known there is nothing
select is_empty(
    $$select f.line from product.prices_in_force($$ || b.arguments || $$) as f$$, b.arguments
)
from (
    values
    ($$'{}', '{}', 'EUR'$$),
    ($$null, null, 'EUR'$$),
    ($$'{0}', '{1}', 'EUR'$$),
    ($$(select array_agg(v.variant_id) from product.variants as v), '{}', 'EUR'$$),
    ($$(select array_agg(v.variant_id) from product.variants as v), '{0,0,0}', 'EUR'$$),
    ($$(select array_agg(v.variant_id) from product.variants as v), '{1,1,1}', 'XXX'$$),
    ($$(select array_agg(v.variant_id) from product.variants as v), '{1,1,1}', null$$)
) as b (arguments);

-- case: it compares with the clock and not with the beginning of the transaction
select product.schedule_price('NEW', 'EUR', 5);
select is(f.price, 5, 'a price that is younger than the transaction')
from product.variants as v
cross join lateral product.prices_in_force(array[v.variant_id], array[1], 'EUR') as f
where v.sku = 'NEW';
