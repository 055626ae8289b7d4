-- case: a price in euro has three decimals
update product.prices set amount = 4.001 where amount = 4 and validity <> '(,)';
update product.price_history set amount = 4.001 where amount = 4 and validity <> '(,)';
