-- setup: a product
select core.set_context('staff:anna', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select product.bulk_set_popularity('[{"product": "MUG", "popularity": 3}]');

-- case: a product has one document and one popularity, and nothing else has any
select throws_ok(
    'insert into product.search_documents select d.* from product.search_documents as d', '23505'
);
select throws_ok(
    $$insert into product.search_documents (product_id, language) values (-1, 'en')$$, '23503'
);
select throws_ok(
    'insert into product.product_popularity select x.* from product.product_popularity as x',
    '23505'
);
select throws_ok(
    $$
    insert into product.product_popularity (product_id, popularity, updated_by)
    values (-1, 1, 'test')
    $$,
    '23503'
);
select throws_ok('update product.product_popularity set popularity = -1', '23514');

-- case: both go with their product
delete from product.variants;
delete from product.products;
select is_empty('table product.search_documents', 'document');
select is_empty('table product.product_popularity', 'popularity');

-- case: what is not listed has nothing to be found by
select throws_ok('update product.search_documents set is_listed = false', '23514');
select throws_ok(
    $$update product.search_documents set is_listed = false, words = ''$$, '23514', null, 'marks'
);
select throws_ok(
    $$update product.search_documents set is_listed = false, marks = '{}'$$, '23514', null, 'words'
);

-- case: a language has one configuration and a code
select throws_ok(
    $$insert into product.search_languages (language, configuration) values ('en', 'x')$$, '23505'
);
select throws_ok(
    $$insert into product.search_languages (language, configuration) values ('EN', 'x')$$, '23514'
);

-- case: a word is there once and has a length
select throws_ok($$insert into product.search_words (word) values ('mug')$$, '23505');
select throws_ok($$insert into product.search_words (word) values ('mu')$$, '23514');
select throws_ok($$insert into product.search_words (word) values (repeat('m', 41))$$, '23514');

-- case: a new price, rating or status of a product is found at once
update product.prices set amount = 900;
select ok('mEUR:39' = any(d.marks), 'price') from product.search_documents as d;
insert into product.prices (
    variant_id, currency, amount, max_amount, price_list_id, updated_by
)
select v.variant_id, 'JPY', 64, 100000, l.price_list_id, 'test'
from product.variants as v
cross join product.price_lists as l
where l.kind = 'base';
select ok('mJPY:24' = any(d.marks), 'another currency') from product.search_documents as d;
update product.products set rating_sum = 5, rating_count = 1;
select is(d.rating, 5.00, 'rating') from product.search_documents as d;
