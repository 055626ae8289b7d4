-- setup: three products, one of which is a draft
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"},
    {"sku": "NEW", "name": "New", "price": 1, "currency": "EUR"}
]');
select account.register_user(n || '@example.com', n)
from unnest(array['a', 'b', 'c']) as n;
select product.moderate_review(s.review, 'approved', 1)
from account.users as u
cross join lateral product.submit_review(
    u.user_id, 'MUG', case u.full_name when 'a' then 1 else 5 end
) as s;
update product.products set status = 'draft' where code = 'NEW';

-- case: the mean is rounded to two decimals, and null without a review
select bag_eq(
    $$
    select r.product_code, r.rating, r.rating_sum, r.rating_count from product.rating_list as r
    $$,
    $$values ('MUG', 3.67, 11::bigint, 3::bigint), ('POT', null, 0, 0)$$
);
