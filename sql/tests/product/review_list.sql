-- setup: reviews of a mug in every state
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select account.register_user(n || '@example.com', n)
from unnest(array['pending', 'approved', 'rejected', 'hidden']) as n;
create temporary table reviews as
select
    s.review,
    u.full_name as status
from account.users as u
cross join lateral product.submit_review(u.user_id, 'MUG', 4, u.full_name) as s;
select product.moderate_review(
    r.review, case r.status when 'hidden' then 'approved' else r.status end, 1
)
from reviews as r
where r.status <> 'pending';
select product.moderate_review(r.review, 'hidden', 2)
from reviews as r
where r.status = 'hidden';

-- case: customers see approved reviews
select results_eq(
    $$
    select r.product_code, r.rating, r.title, r.body, r.author_name, r.is_verified
    from product.review_list as r
    $$,
    $$values ('MUG', 4::smallint, 'approved', '', null, false)$$
);
select results_eq(
    $$
    select r.product_code, r.rating, r.rating_sum, r.rating_count
    from product.rating_list as r
    $$,
    $$values ('MUG', 4.00, 4::bigint, 1::bigint)$$
);

-- case: a moderator sees every review
select bag_eq(
    'select r.title, r.status from product.review_moderation_list as r',
    $$
    values
    ('pending', 'pending'), ('approved', 'approved'), ('rejected', 'rejected'), ('hidden', 'hidden')
    $$
);
select ok(
    has_table_privilege('product_editor', 'product.review_moderation_list', 'select')
    and not has_table_privilege('product_service', 'product.review_moderation_list', 'select'),
    'and nobody else'
);

-- case: reviews go with the product that they are about
update product.products set status = 'archived';
select is_empty('select r.review from product.review_list as r', 'no review');
select is_empty('select r.rating from product.rating_list as r', 'no rating');
