-- setup: products from before there was a search
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "CUP", "name": "Cup", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Pot", "price": 7.5, "currency": "EUR"}
]');
delete from product.search_documents;
insert into product.search_documents (product_id, language, is_stale)
select p.product_id, p.language, true from product.products as p;

-- case: batch after batch until none is left
select is(product.search_products('mug', 'EUR') -> 'hits', '[]', 'not there yet');
select is(product.rebuild_search_documents(2), 2, 'two');
select is(product.rebuild_search_documents(2), 1, 'the last one');
select is(product.rebuild_search_documents(), 0, 'none');
select is(jsonb_array_length(product.search_products('mug', 'EUR') -> 'hits'), 1, 'there');

-- case: malformed
select throws_ok('select product.rebuild_search_documents(0)', '22023');
select throws_ok('select product.rebuild_search_documents(10001)', '22023');
select throws_ok('select product.rebuild_search_documents(null)', '22023');
