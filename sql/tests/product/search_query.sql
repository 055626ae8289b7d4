-- setup: a shop of one language
select product.import_products('[
    {"sku": "MUG", "name": "Mugs", "price": 7.5, "currency": "EUR"},
    {"sku": "CUP", "name": "Tasses", "price": 7.5, "currency": "EUR"}
]');

-- case: words of the one language that there is
select is(product.search_query(q.words)::text, q.query, q.words)
from (
    values
    ('mugs', '''mug'''), ('Café Mugs', '''cafe'' & ''mug'''),
    ('"red mug" -blue', '''red'' <-> ''mug'' & !''blue'''),
    ('red or blue', '''red'' | ''blue'''), ('the', null), ('', null), ('  ', null), (null, null),
    ('AB-12', '''ab'' <-> ''-12'' | ''ab-12'''), ('-mug', '!''mug'''), ('~en', '''~en''')
) as q (words, query);

-- case: of several languages each by its own
update product.products as p set language = 'fr' where p.code = 'CUP';
select product.refresh_search_documents(array(select p.product_id from product.products as p));
select is(
    product.search_query('Mugs Tasses')::text,
    ''' en'' & ''mug'' & ''tass'' | '' fr'' & ''mug'' & ''tass''', 'all'
);
select is(product.search_query('tasses', 'fr')::text, ''' fr'' & ''tass''', 'one');
select is(product.search_query('Tässes', 'xx')::text, ''' xx'' & ''tasses''', 'one without rules');
select is(product.search_query('the')::text, ''' fr'' & ''the''', 'a word in French only');
