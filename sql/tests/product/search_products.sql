-- setup: a small shop of mugs and pots
select core.set_context('staff:anna', 'req-1');
select product.create_category('kitchen', 'Kitchen');
select product.create_category('cups', 'Cups', 'kitchen');
select product.create_category('garden', 'Garden');
select product.import_products('[
    {"sku": "MUG-1", "name": "Red café mug", "price": 7.5, "currency": "EUR", "category": "cups",
     "description": "Holds coffee and tea"},
    {"sku": "MUG-2", "name": "Blue mug", "price": 9, "currency": "EUR", "category": "cups"},
    {"sku": "POT-1", "name": "Teapot", "price": 24, "currency": "EUR", "category": "kitchen",
     "description": "Goes with every mug"},
    {"sku": "RAKE", "name": "Rake", "price": 31.2, "currency": "EUR", "category": "garden"},
    {"sku": "YEN", "name": "Paper lantern", "price": 900, "currency": "JPY"},
    {"sku": "SHIRT-S", "product": "SHIRT", "name": "Shirt S", "price": 20, "currency": "EUR"},
    {"sku": "SHIRT-L", "product": "SHIRT", "name": "Shirt L", "price": 15, "currency": "EUR"}
]');
update product.products as p
set tags = '{gift}'
where p.code in ('MUG-1', 'RAKE');
insert into product.specifications (product_id, position, name, value, unit)
select p.product_id, 1, 'Material', 'Steel', null from product.products as p where p.code = 'RAKE';
insert into product.specifications (product_id, position, name, value, unit)
select p.product_id, 1, 'Volume', '0.3', 'l' from product.products as p where p.code = 'MUG-1';
update product.variants as v
set options = jsonb_build_object(
    'Size', right(v.sku, 1), 'Color', case v.sku when 'SHIRT-S' then 'red' else 'blue' end
)
where v.sku like 'SHIRT%';
update product.products as p
set rating_sum = 9, rating_count = 2
where p.code = 'MUG-2';
select product.bulk_set_popularity(
    '[{"product": "RAKE", "popularity": 70}, {"product": "MUG-1", "popularity": 5}]'
);
select product.refresh_search_documents(array(select p.product_id from product.products as p));
select inventory.receive_stock(
    '[{"sku": "MUG-1", "quantity": 2}, {"sku": "SHIRT-S", "quantity": 1}]'
);
create function pg_temp.codes(p_page jsonb)
returns text
language sql
as $$
    select string_agg(h.value ->> 'code', ' ' order by h.ordinality)
    from jsonb_array_elements(p_page -> 'hits') with ordinality as h
$$;

-- case: all words count, in any form, without accents; the name weighs more than the description
select is(pg_temp.codes(product.search_products('mugs', 'EUR')), 'MUG-1 MUG-2 POT-1', 'plural');
select is(pg_temp.codes(product.search_products('CAFE mug', 'EUR')), 'MUG-1', 'no accent');
select is(pg_temp.codes(product.search_products('café', 'EUR')), 'MUG-1', 'an accent');
select is(pg_temp.codes(product.search_products('mug -blue', 'EUR')), 'MUG-1 POT-1', 'not');
select is(pg_temp.codes(product.search_products('"blue mug"', 'EUR')), 'MUG-2', 'phrase');
select is(pg_temp.codes(product.search_products('rake or teapot', 'EUR')), 'RAKE POT-1', 'or');
select is(pg_temp.codes(product.search_products('steel', 'EUR')), 'RAKE', 'a specification');
select is(pg_temp.codes(product.search_products('gift', 'EUR')), 'RAKE MUG-1', 'a tag');
select is(pg_temp.codes(product.search_products('mug-2', 'EUR')), 'MUG-2', 'a code');
select is(pg_temp.codes(product.search_products('SHIRT-L', 'EUR')), 'SHIRT', 'a SKU');
select is(product.search_products('the', 'EUR') -> 'hits', '[]', 'nothing to search for');
select is(product.search_products('''"\:*&|!()<->', 'EUR') ->> 'next', null, 'signs are harmless');

-- case: a hit shows what is so at this moment
select is(
    (product.search_products('red', 'EUR') -> 'hits' -> 0) - '{product_id,public_id}'::text[],
    '{
        "code": "MUG-1", "slug": null, "name": "Red café mug", "brand": null, "tags": ["gift"],
        "category": "cups", "image": null, "image_alt": null, "rating": null, "rating_count": 0,
        "sku": "MUG-1", "currency": "EUR", "price": 7.5000, "base_price": 7.5000,
        "price_list": "base", "valid_until": null, "variants": 1, "available_stock": 2,
        "is_in_stock": true
    }',
    'all of it'
);
select product.set_price('MUG-1', 'EUR', 8, 1);
select inventory.reserve_inventory('[{"sku": "MUG-1", "quantity": 2}]', 'session:s');
select is(h.hit ->> 'price', '8.0000', 'the price now'),
    is(h.hit -> 'is_in_stock', 'false', 'the stock now')
from (select product.search_products('red', 'EUR') -> 'hits' -> 0 as hit) as h;
select is(
    product.search_products('lantern', 'EUR') -> 'hits' -> 0 ->> 'price', null, 'no price in euros'
);
select is(
    product.search_products('lantern', 'JPY') -> 'hits' -> 0 ->> 'price', '900.0000', 'in yen'
);

-- case: filters narrow it down, with words and without
select is(
    pg_temp.codes(product.search_products(null, 'EUR', f.filters, 'name')), f.codes, f.filters::text
)
from (
    values
    ('{"category": "kitchen"}'::jsonb, 'MUG-2 MUG-1 POT-1'),
    ('{"category": "cups"}', 'MUG-2 MUG-1'),
    ('{"price_from": 9, "price_to": 24}', 'MUG-2 SHIRT POT-1'),
    ('{"price_to": "7.50"}', 'MUG-1'),
    ('{"price_from": 24.01}', 'RAKE'),
    ('{"price_from": 30, "price_to": 10}', null),
    ('{"price_from": 100000}', null),
    ('{"price_to": 0}', null),
    ('{"tags": ["gift"]}', 'RAKE MUG-1'),
    ('{"tags": ["gift", "none"]}', null),
    ('{"attributes": {"material": ["STEEL", "wood"]}}', 'RAKE'),
    ('{"attributes": {"Volume": ["0.3 l"]}}', 'MUG-1'),
    ('{"attributes": {"Size": ["S"], "Color": ["red"]}}', 'SHIRT'),
    ('{"attributes": {"Size": ["L"], "Color": ["red"]}}', null),
    ('{"in_stock": true}', 'MUG-1 SHIRT'),
    ('{"in_stock": true, "attributes": {"Size": ["L"]}}', null),
    ('{"in_stock": false, "rating": 4.5}', 'MUG-2'),
    ('{"rating": 4.6}', null),
    ('{"rating": 6}', null)
) as f (filters, codes);
select is(
    pg_temp.codes(product.search_products('mug', 'EUR', '{"category": "cups", "price_from": 8}')),
    'MUG-2', 'and words'
);
select is(
    product.search_products(null, 'EUR', '{"in_stock": true, "attributes": {"size": ["s"]}}')
    -> 'hits' -> 0 ->> 'sku',
    'SHIRT-S', 'the variant that passes, not the cheaper one'
);

-- case: each order
select is(pg_temp.codes(product.search_products(null, 'EUR', p_sort => s.sort)), s.codes, s.sort)
from (
    values
    ('relevance', 'RAKE MUG-1 MUG-2 YEN SHIRT POT-1'),
    ('popularity', 'RAKE MUG-1 MUG-2 YEN SHIRT POT-1'),
    ('rating', 'MUG-2 YEN SHIRT RAKE POT-1 MUG-1'),
    ('name', 'MUG-2 YEN RAKE MUG-1 SHIRT POT-1'),
    ('price', 'MUG-1 MUG-2 SHIRT POT-1 RAKE'),
    ('price_desc', 'RAKE POT-1 SHIRT MUG-2 MUG-1')
) as s (sort, codes);
select is(
    product.search_products(null, 'EUR', p_sort => 'price', p_has_facets => true) -> 'total', '5',
    'by price, what has none is not counted either'
);
select is(
    pg_temp.codes(product.search_products('mug', 'EUR', p_sort => 'price_desc')),
    'POT-1 MUG-2 MUG-1', 'words by price'
);

-- case: pages follow each other without gap or repetition, and end
select is(
    (
        with recursive pages as (
            select product.search_products(s.words, 'EUR', p_sort => s.sort, p_limit => 1) as page
            union all
            select product.search_products(
                s.words, 'EUR', p_sort => s.sort, p_limit => 1, p_cursor => p.page ->> 'next'
            )
            from pages as p
            where p.page ->> 'next' is not null
        )

        select string_agg(p.page -> 'hits' -> 0 ->> 'code', ' ') from pages as p
    ),
    pg_temp.codes(product.search_products(s.words, 'EUR', p_sort => s.sort)),
    concat(s.sort, ' ', s.words)
)
from (
    select *
    from unnest('{relevance,popularity,newest,rating,name,price,price_desc}'::text[]) as o (sort)
    cross join unnest(array[null, 'mug']) as w (words)
) as s;
select is(
    product.search_products('mug', 'EUR', p_limit => 3) ->> 'next', null, 'the last page says so'
);

-- case: past the end is empty, not an error
create temporary table place as
select product.search_products(null, 'EUR', p_sort => 'name', p_limit => 5) ->> 'next' as next;
delete from product.search_documents as d
using product.products as p
where p.product_id = d.product_id and p.code = 'POT-1';
select is(
    product.search_products(null, 'EUR', p_sort => 'name', p_cursor => l.next),
    '{"hits": [], "next": null, "suggestion": null, "searched_for": null}',
    'nothing is left'
)
from place as l;

-- case: a cursor belongs to its search
create temporary table place as
select product.search_products('mug', 'EUR', p_limit => 1) ->> 'next' as next;
select lives_ok(
    format(
        'select product.search_products(''mug'', ''EUR'', p_limit => 2, p_cursor => %L)', l.next
    ),
    'another length of page'
)
from place as l;
select throws_ok(
    format('select product.search_products(%s, p_cursor => %L)', a.arguments, a.next),
    'SHP50', null, a.arguments
)
from place as l
cross join lateral (
    values
    ('''mugs'', ''EUR''', l.next), ('''mug'', ''JPY''', l.next),
    ('''mug'', ''EUR'', ''{"in_stock": true}''', l.next),
    ('''mug'', ''EUR'', p_sort => ''name''', l.next),
    ('''mug'', ''EUR'', p_language => ''en''', l.next),
    ('''mug'', ''EUR'', p_customer_group => ''trade''', l.next),
    ('''mug'', ''EUR''', l.next || '00'), ('''mug'', ''EUR''', ''), ('''mug'', ''EUR''', 'zz'),
    ('''mug'', ''EUR''', repeat('00', 20))
) as a (arguments, next);

-- case: a cursor that a client made up is refused, whatever it says
select throws_ok(
    format(
        'select product.search_products(%L, %L, p_sort => %L, p_cursor => %L)', 'mug', 'EUR',
        f.sort, product.write_search_cursor(
            jsonb_build_array('mug', 'EUR', '{}'::jsonb, f.sort, null, null),
            '{"documents": 9, "hits": 9, "mode": "all", "level": 1, "key": [1, 1]}' || f.change
        )
    ),
    'SHP50', null, f.sort || ' ' || f.change
)
from (
    values
    ('relevance', '{"key": ["x", 1]}'::jsonb), ('relevance', '{"level": 1e10}'),
    ('relevance', '{"mode": "best", "hits": 0}'), ('popularity', '{"hits": 1e300}'),
    ('newest', '{}'), ('price', '{"key": [{}, 1]}'), ('popularity', '{"documents": true}'),
    ('rating', '{"key": [1, 1, 1e20]}')
) as f (sort, change);

-- case: a misspelt word is searched for as it should be written
select is(pg_temp.codes(p.page), 'POT-1', 'two letters swapped'),
    is(p.page ->> 'searched_for', 'teapot', 'says so')
from (select product.search_products('taepot', 'EUR') as page) as p;
select is(
    product.search_products('lanterrn', 'EUR') ->> 'searched_for', 'lantern', 'one letter too many'
);
select is(
    product.search_products('lantrn pper', 'EUR') ->> 'searched_for', 'lantern paper', 'two words'
);
select is(
    product.search_products('xqzvw', 'EUR') - 'hits',
    '{"next": null, "suggestion": null, "searched_for": "xqzvw"}', 'nothing like it'
);
select product.import_products(
    '[{"sku": "ODD", "name": "Cloth", "description": "teapott", "price": 1, "currency": "EUR"}]'
);
select is(pg_temp.codes(p.page), 'ODD', 'what was typed has a hit'),
    is(p.page ->> 'suggestion', 'teapot', 'and another spelling is offered')
from (select product.search_products('teapott', 'EUR') as page) as p;

-- case: facets say what could narrow it down
select is(p.page -> 'total', '6', 'total'), is(p.page ->> 'total_is', 'exact', 'of how few'),
    is(
        p.page -> 'facets' -> 'categories',
        '[
            {"category": "garden", "name": "Garden", "depth": 1, "hits": 1},
            {"category": "kitchen", "name": "Kitchen", "depth": 1, "hits": 3},
            {"category": "cups", "name": "Cups", "depth": 2, "hits": 2}
        ]',
        'categories'
    ),
    is(p.page -> 'facets' -> 'tags', '[{"tag": "gift", "hits": 2}]', 'tags'),
    is(
        p.page -> 'facets' -> 'prices',
        '[
            {"from": 5, "to": 10, "hits": 2}, {"from": 10, "to": 20, "hits": 1},
            {"from": 20, "to": 50, "hits": 2}
        ]',
        'prices'
    ),
    is(jsonb_array_length(p.page -> 'facets' -> 'attributes'), 6, 'attributes'),
    is(p.page -> 'facets' -> 'ratings' -> -1, '{"from": 4, "hits": 1}', 'ratings')
from (select product.search_products(null, 'EUR', p_has_facets => true) as page) as p;
select is(
    product.search_products('mug', 'EUR', '{"in_stock": true}', p_has_facets => true) -> 'total',
    '1', 'filters count'
);
select is(
    product.search_products('the', 'EUR', p_has_facets => true) - 'hits',
    '{
        "next": null, "suggestion": null, "searched_for": "the", "total": 0, "total_is": "exact",
        "facets": {}
    }',
    'no words'
);
select core.set_business_rule('search_total_max', 2, 1);
select is(p.page -> 'total', '2', 'capped'), is(p.page ->> 'total_is', 'at least', 'and says so')
from (select product.search_products(null, 'EUR', p_has_facets => true) as page) as p;

-- case: each language is folded by its own rules
select product.import_products('[
    {"sku": "HAUS", "name": "Vogelhäuser", "price": 9, "currency": "EUR"},
    {"sku": "SUP", "name": "Les théières", "price": 9, "currency": "EUR"}
]');
update product.products as p
set language = case p.code when 'HAUS' then 'de' else 'fr' end
where p.code in ('HAUS', 'SUP');
select product.refresh_search_documents(array(select p.product_id from product.products as p));
select is(pg_temp.codes(product.search_products('vogelhaus', 'EUR')), 'HAUS', 'German');
select is(pg_temp.codes(product.search_products('theiere', 'EUR')), 'SUP', 'French');
select is(
    pg_temp.codes(product.search_products('mugs', 'EUR')), 'MUG-1 MUG-2 POT-1', 'English still'
);
select is(
    product.search_products('mugs', 'EUR', p_language => 'de') -> 'hits', '[]', 'not in German'
);
select is(
    pg_temp.codes(product.search_products(
        'vogelhaus', 'EUR', p_language => 'de'
    )), 'HAUS', 'only German'
);

-- case: what customers may not see is not found
update product.products as p set status = s.status
from (values ('MUG-1', 'archived'), ('MUG-2', 'draft')) as s (code, status)
where p.code = s.code;
update product.variants as v set is_active = false where v.sku = 'POT-1';
select product.refresh_search_documents(array(select p.product_id from product.products as p));
select is(product.search_products('mug', 'EUR') -> 'hits', '[]', 'by words');
select is(product.search_products('MUG-1', 'EUR') -> 'hits', '[]', 'by code');
select is(
    pg_temp.codes(product.search_products('-rake', 'EUR')), 'YEN SHIRT', 'by what they are not'
);
select is(
    pg_temp.codes(product.search_products(null, 'EUR', p_sort => 'price')), 'SHIRT RAKE', 'by price'
);
select is(
    product.search_products('caffe', 'EUR') ->> 'searched_for', 'caffe',
    'another spelling gives no word away that only hidden products have'
);

-- case: prices of a customer group are for it alone
select product.create_price_list('trade', 'Trade', 10, 'trade');
select product.bulk_update_prices('[{"sku": "RAKE", "currency": "EUR", "price": 3}]', 'trade');
select is(
    pg_temp.codes(product.search_products(
        null, 'EUR', '{"price_to": 5}', p_customer_group => 'trade'
    )),
    'RAKE', 'found by it'
);
select is(product.search_products(null, 'EUR', '{"price_to": 5}') -> 'hits', '[]', 'not by others');
select is(
    pg_temp.codes(product.search_products(
        null, 'EUR', p_sort => 'price', p_limit => 1, p_customer_group => 'trade'
    )),
    'RAKE', 'sorted by it'
);

-- case: malformed arguments
select throws_ok(
    format('select product.search_products(%s)', a.arguments), a.sqlstate, null, a.arguments
)
from (
    values
    ('null, ''EUR'', ''{"category": "none"}''', 'SHP03'),
    ('null, ''XXX''', 'SHC04'), ('null, null', 'SHC04'),
    ('null, ''EUR'', null', '22023'), ('null, ''EUR'', ''[]''', '22023'),
    ('null, ''EUR'', ''{"colour": 1}''', '22023'), ('null, ''EUR'', ''{"category": 7}''', '22023'),
    ('null, ''EUR'', ''{"tags": []}''', '22023'), ('null, ''EUR'', ''{"tags": "gift"}''', '22023'),
    ('null, ''EUR'', ''{"tags": [null]}''', '22023'),
    ('null, ''EUR'', ''{"attributes": []}''', '22023'),
    ('null, ''EUR'', ''{"attributes": {"Size": "S"}}''', '22023'),
    ('null, ''EUR'', ''{"attributes": {"Size": []}}''', '22023'),
    ('null, ''EUR'', ''{"in_stock": "yes"}''', '22023'),
    ('null, ''EUR'', ''{"in_stock": null}''', '22023'),
    ('null, ''EUR'', ''{"price_to": -1}''', '22023'),
    ('null, ''EUR'', ''{"price_from": "NaN"}''', '22023'),
    ('null, ''EUR'', ''{"rating": true}''', '22023'),
    ('null, ''EUR'', p_sort => ''best''', '22023'), ('null, ''EUR'', p_sort => null', '22023'),
    ('null, ''EUR'', p_limit => 0', '22023'), ('null, ''EUR'', p_limit => 101', '22023'),
    ('null, ''EUR'', p_limit => null', '22023'), ('null, ''EUR'', p_language => ''~''', '22023'),
    ('repeat(''x'', 1001), ''EUR''', '22023')
) as a (arguments, sqlstate);
select is(
    pg_temp.codes(product.search_products('  ', 'EUR', p_limit => 1)), 'RAKE', 'blank is none'
);
select is(product.search_products('物 mug', 'EUR') -> 'hits', '[]', 'other scripts');

-- case: a shop with nothing in it
delete from product.search_documents;
select is(product.search_products(null, 'EUR', p_has_facets => true) -> 'total', '0', 'total');
select is(product.search_products('mug', 'EUR', p_sort => 'price') -> 'hits', '[]', 'hits');
