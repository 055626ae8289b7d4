-- setup: a review that has been rejected
select core.set_context('staff:anna');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select account.register_user('ann@example.com', 'Ann');
select product.moderate_review(s.review, 'rejected', 1, 'Spam')
from account.users as u
cross join lateral product.submit_review(u.user_id, 'MUG', 1, 'Buy here', '', 'Ann') as s;

-- case: a moderator sees all of it, also of what is not shown
update product.products set status = 'draft';
select results_eq(
    $$
    select
        r.product_code, r.user_id = u.user_id, r.rating, r.title, r.body, r.author_name,
        r.is_verified, r.status, r.moderation_reason, r.moderated_by, r.version
    from product.review_moderation_list as r
    cross join account.users as u
    $$,
    $$
    values (
        'MUG', true, 1::smallint, 'Buy here', '', 'Ann', false, 'rejected', 'Spam', 'staff:anna',
        2::bigint
    )
    $$
);
