-- setup: a rated product
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
update product.products set rating_sum = 9, rating_count = 2;

-- case: a rating comes, changes and goes
select product.count_rating(p.product_id, null, 3)
from product.products as p;
select is(p.rating_sum || ' ' || p.rating_count, '12 3', 'one more')
from product.products as p;
select is(d.rating || ' ' || d.rating_count, '4.00 3', 'its document follows')
from product.search_documents as d;
select product.count_rating(p.product_id, 3, 1)
from product.products as p;
select is(p.rating_sum || ' ' || p.rating_count, '10 3', 'another')
from product.products as p;
select product.count_rating(p.product_id, 1, null)
from product.products as p;
select is(p.rating_sum || ' ' || p.rating_count, '9 2', 'as it was')
from product.products as p;

-- case: what stays writes nothing
create temporary table seen as
select p.xmin as writer
from product.products as p;
select product.count_rating(p.product_id, b.rating, b.rating)
from product.products as p
cross join (values (null), (4)) as b (rating);
select is(p.xmin, s.writer, 'the same row')
from product.products as p
cross join seen as s;
