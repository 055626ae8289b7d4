-- setup: two mugs
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "CUP", "name": "Cup", "price": 7.5, "currency": "EUR"}
]');

-- case: each item is answered, and the last figure of a product counts
select results_eq(
    $$
    select * from product.bulk_set_popularity('[
        {"product": "MUG", "popularity": 3}, {"product": "NONE", "popularity": 1},
        {"product": "CUP", "popularity": 0}, {"product": "MUG", "popularity": 70}
    ]')
    $$,
    $$
    values (1, 'MUG', 'updated', 3), (2, 'NONE', 'refused', 1), (3, 'CUP', 'updated', 0),
        (4, 'MUG', 'updated', 70)
    $$
);
select results_eq(
    'select d.popularity from product.search_documents as d order by 1',
    'values (0::bigint), (70::bigint)'
);
select is(x.updated_by, 'staff:anna', 'who said so')
from product.product_popularity as x
where x.popularity = 70;
select is(
    (
        select r.outcome
        from product.bulk_set_popularity('[{"product": "MUG", "popularity": 70}]') as r
    ),
    'unchanged', 'said before'
);
select is(p.version, 1::bigint, 'no edit') from product.products as p where p.code = 'MUG';

-- case: a retry with its key changes nothing
select product.bulk_set_popularity('[{"product": "MUG", "popularity": 7}]', 'k');
update product.product_popularity as x set popularity = 9;
select is(r.outcome, 'updated', 'the stored answer')
from product.bulk_set_popularity('[{"product": "MUG", "popularity": 7}]', 'k') as r;
select is(x.popularity, 9, 'nothing done') from product.product_popularity as x;
select throws_ok(
    $$select product.bulk_set_popularity('[{"product": "MUG", "popularity": 8}]', 'k')$$, 'SHC01'
);

-- case: malformed
select throws_ok(format('select product.bulk_set_popularity(%L)', a.items), '22023', null, a.items)
from (
    values
    ('[]'), ('{}'), ('[7]'), ('[{"product": "MUG"}]'), ('[{"product": "MUG", "popularity": -1}]'),
    ('[{"product": "MUG", "popularity": 1.5}]'), ('[{"product": "MUG", "popularity": null}]'),
    ('[{"product": 7, "popularity": 1}]'), ('[{"product": "MUG", "popularity": 1, "sku": "MUG"}]')
) as a (items);
select is_empty('table product.product_popularity', 'nothing was written');
