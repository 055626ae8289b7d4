-- setup: a review of a mug
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select account.register_user('ann@example.com', 'Ann');
select product.submit_review(u.user_id, 'MUG', 5, 'Good')
from account.users as u;

-- case: whatever a function forgets, the tables refuse
select throws_ok(b.change, '23514', null, b.title)
from (
    values
    ('update product.product_reviews set rating = 0', 'no star'),
    ('update product.product_reviews set rating = 6', 'six stars'),
    ($$update product.product_reviews set title = repeat('t', 201)$$, 'a long headline'),
    ($$update product.product_reviews set body = repeat('b', 10001)$$, 'a long text'),
    ($$update product.product_reviews set author_name = ''$$, 'an empty name'),
    ($$update product.product_reviews set author_name = repeat('n', 101)$$, 'a long name'),
    (
        $$
        update product.product_reviews
        set status = 'gone', moderated_at = now(), moderated_by = 'test'
        $$,
        'an unknown state'
    ),
    ($$update product.product_reviews set status = 'approved'$$, 'approved by nobody'),
    ('update product.product_reviews set moderated_at = now()', 'pending, and moderated'),
    ($$update product.product_reviews set moderated_by = 'test'$$, 'pending, and somebody''s'),
    ('update product.product_reviews set order_id = 7', 'an order without a line'),
    ($$update product.product_reviews set moderation_reason = ''$$, 'an empty reason'),
    (
        $$update product.product_reviews set moderation_reason = repeat('r', 501)$$, 'a long reason'
    ),
    ('update product.products set rating_sum = 1', 'a rating without a review'),
    ('update product.products set rating_count = 1', 'a review without a rating'),
    ('update product.products set rating_sum = 6, rating_count = 1', 'six stars on average')
) as b (change, title);

-- case: there is one review a user and product
select throws_ok(
    $$
    insert into product.product_reviews (product_id, user_id, rating, updated_by)
    select r.product_id, r.user_id, 1, 'test' from product.product_reviews as r
    $$,
    '23505', null, 'a second one'
);
select lives_ok(
    $$
    insert into product.product_reviews (product_id, user_id, rating, updated_by)
    select p.product_id, r.user_id, 1, 'test'
    from product.product_reviews as r
    cross join product.products as p
    where p.code = 'POT'
    $$,
    'one of another product'
);

-- case: what a review is about, and whose it is, cannot be deleted
select throws_like(b.change, '%violates%foreign key constraint%', b.title)
from (
    values
    ($$
        with v as (delete from product.variants where sku = 'MUG')
        delete from product.products where code = 'MUG'
    $$, 'the product'),
    ('delete from account.users', 'the user')
) as b (change, title);

-- case: who has an order line has bought it
update product.product_reviews set order_id = 7, line_no = 1;
select is(r.is_verified, true, 'verified')
from product.product_reviews as r;
