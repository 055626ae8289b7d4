-- setup: a user with two reviews, and another one
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select account.register_user('ann@example.com', 'Ann');
select account.register_user('ben@example.com', 'Ben');
select product.submit_review(u.user_id, 'MUG', 5, 'Good', 'Fine.', 'Ann')
from account.users as u;
select product.moderate_review(s.review, 'rejected', 1, 'Spam')
from account.users as u
cross join lateral product.submit_review(u.user_id, 'POT', 1) as s
where u.full_name = 'Ann';

-- case: an author sees the own reviews in whatever state, the newest first
select results_eq(
    $$
    select
        r.product_code, r.product_name, r.rating, r.title, r.author_name, r.status,
        r.moderation_reason, r.version
    from account.users as u
    cross join lateral product.get_user_reviews(u.user_id) as r
    where u.full_name = 'Ann'
    $$,
    $$
    values
    ('POT', 'Teapot', 1, '', null, 'rejected', 'Spam', 2::bigint),
    ('MUG', 'Mug', 5, 'Good', 'Ann', 'pending', null, 1)
    $$
);

-- case: what is no longer shown is not named
update product.products set status = 'archived';
select results_eq(
    $$
    select r.product_code, r.product_name, r.title
    from account.users as u
    cross join lateral product.get_user_reviews(u.user_id) as r
    where u.full_name = 'Ben'
    $$,
    $$values (null, null, 'Good')$$
);

-- case: an unknown user has none
select is_empty('select r.review from product.get_user_reviews(0) as r');
select is_empty('select r.review from product.get_user_reviews(null) as r');
