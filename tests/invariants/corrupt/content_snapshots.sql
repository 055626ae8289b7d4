-- case: a product says what its newest version does not
update product.products set metadata = '{"shelf": 3}' where code = 'POT';
