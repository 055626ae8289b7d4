-- setup: some words
select product.import_products('[
    {"sku": "1", "name": "Café teapot", "price": 7.5, "currency": "EUR"},
    {"sku": "2", "name": "Coffee mug", "price": 7.5, "currency": "EUR"}
]');

-- case: unknown words become known ones
select is(product.suggest_words(q.words), q.suggestion, q.words)
from (
    values
    ('teapto', 'teapot'), ('teapoot', 'teapot'), ('teepot', 'teapot'), ('mgu', 'mug'),
    ('Cafè', null),
    ('coffe mug', 'coffee mug'), ('"coffe mug" -teapt', '"coffee mug" -teapt'), ('xyzzy', null),
    ('teapot', null), ('te', null), ('', null), (null, null), ('12345', null),
    (repeat('x', 1000), null)
) as q (words, suggestion);
