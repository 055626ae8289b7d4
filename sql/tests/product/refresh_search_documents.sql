-- setup: a product with two variants
select core.set_context('staff:anna', 'req-1');
select product.create_category('kitchen', 'Kitchen');
select product.import_products('[
    {"sku": "MUG-S", "product": "MUG", "name": "Small mug", "product_name": "Café mug",
     "description": "Holds coffee", "price": 7.5, "currency": "EUR", "category": "kitchen"},
    {"sku": "MUG-L", "product": "MUG", "name": "Large mug", "price": 20, "currency": "EUR"}
]');

-- case: a new product has a document at once
select ok(d.is_listed, 'listed'),
    ok(d.words @@ 'cafe:A & mug:A & mug:B & larg:C & coffe:D'::tsquery, 'weights'),
    ok(d.words @@ 'mug-s & mug-l & mug'::tsquery, 'codes in one piece'),
    bag_eq(
        'select unnest(d.marks) from product.search_documents as d',
        format(
            'select unnest(%L::text[] || array(
                select ''s'' || s.n
                from generate_series(1, 12) as s (n)
                where (%s & 2147483647) * 2654435761 & 4294967295 < 4294967296 >> s.n
            ))',
            array['c' || p.category_id, 'len', 'mEUR:11', 'mEUR:17'], p.product_id
        )
    ),
    is(d.name_key, 'cafe mug', 'sorted by')
from product.search_documents as d
inner join product.products as p on p.product_id = d.product_id;
select bag_eq('table product.search_words', $$values ('cafe'), ('mug')$$, 'words');

-- case: one that is not active, or has no active variant, has an empty one
update product.products as p set status = 'archived';
select product.refresh_search_documents(array(select p.product_id from product.products as p));
select results_eq(
    'select d.is_listed, d.words, d.marks from product.search_documents as d',
    $$values (false, ''::tsvector, '{}'::text[])$$, 'archived'
);
update product.products as p set status = 'active';
update product.variants as v set is_active = false;
select product.refresh_search_documents(array(select p.product_id from product.products as p));
select ok(not d.is_listed, 'nothing to sell') from product.search_documents as d;

-- case: prices now and later have their bands, those that are over or for more units have none
select product.bulk_update_prices('[
    {"sku": "MUG-S", "currency": "EUR", "price": 1, "min_quantity": 10},
    {"sku": "MUG-S", "currency": "GBP", "price": 6}
]');
select ok('mGBP:10' = any(d.marks), 'a new currency'), ok(not 'mEUR:0' = any(d.marks), 'for ten')
from product.search_documents as d;
insert into product.prices (
    variant_id, currency, amount, max_amount, price_list_id, validity, updated_by
)
select v.variant_id, 'JPY', s.amount, 100000, l.price_list_id, s.validity::tstzrange, 'test'
from product.variants as v
cross join product.price_lists as l
cross join (
    values
    (64, '[2000-01-01, 2001-01-01)'), (128, '[2990-01-01,)'), (256, 'empty')
) as s (amount, validity)
where v.sku = 'MUG-L' and l.kind = 'base';
select product.refresh_search_documents(array(select p.product_id from product.products as p));
select ok('mJPY:28' = any(d.marks), 'later'), ok(not 'mJPY:24' = any(d.marks), 'over'),
    ok(not 'mJPY:32' = any(d.marks), 'withdrawn')
from product.search_documents as d;

-- case: ratings and popularity follow
update product.products as p set rating_sum = 13, rating_count = 3;
select is(d.rating, 4.33, 'average'), is(d.rating_count, 3::bigint, 'count'),
    ok('{r1,r2,r3,r4}' <@ d.marks and not 'r5' = any(d.marks), 'stars'),
    is(d.popularity, 3::bigint, 'reviews are popular'), ok('p0' = any(d.marks), 'level')
from product.search_documents as d;

-- case: nothing is written where nothing is new
create temporary table before as
select d.ctid as place from product.search_documents as d;
select product.refresh_search_documents(array(select p.product_id from product.products as p));
select product.refresh_search_documents('{}'), product.refresh_search_documents(null),
    product.refresh_search_documents('{0,-1}');
select results_eq(
    'select d.ctid from product.search_documents as d', 'select b.place from before as b'
);

-- case: texts of any length and script
update product.products as p
set
    name = repeat('ä', 500),
    description = (
        select left(string_agg(md5(n::text), ' '), 100000) from generate_series(1, 4000) as n
    ),
    tags = array[repeat('t', 50), '礼物'],
    language = 'xx';
update product.variants as v
set options = jsonb_build_object(repeat('n', 100), right(v.sku, 1) || repeat('☂', 99));
insert into product.specifications (product_id, position, name, value, unit)
select p.product_id, n, n || repeat('☂', 490), repeat('☔', 500), repeat('☃', 500)
from product.products as p
cross join generate_series(1, 200) as n;
select lives_ok(
    'select product.refresh_search_documents(array(select p.product_id from product.products as p))'
);
select ok(d.words @@ '礼物'::tsquery, 'found'), is(d.name_key, repeat('a', 200), 'cut off')
from product.search_documents as d;

-- case: a document does not depend on where the rows of its variants lie
select product.import_products('[
    {"sku": "CUP-1", "product": "CUP", "name": "Small", "price": 1, "currency": "EUR"},
    {"sku": "CUP-2", "product": "CUP", "name": "Large", "price": 1, "currency": "EUR"}
]');
set local enable_indexscan = off;
set local enable_bitmapscan = off;
update product.variants set name = name where sku = 'CUP-1';
select is_empty('select * from ops.invariant_search_documents()');
