-- setup: a mug with a price and a review
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select account.register_user('ann@example.com', 'Ann');
select account.register_user('ben@example.com', 'Ben');
select product.submit_review(u.user_id, 'MUG', 5, 'Good')
from account.users as u
where u.full_name = 'Ann';

-- case: a key is there once
select throws_ok(b.change, '23505', null, b.title)
from (
    values
    (
        $$
        insert into product.prices (
            variant_id, price_id, currency, price_list_id, amount, max_amount, validity, updated_by
        )
        overriding system value
        select variant_id, price_id, currency, price_list_id, amount, max_amount, 'empty', 'test'
        from product.prices
        $$,
        'a second price of the number'
    ),
    (
        $$
        insert into product.price_history (
            variant_id, price_id, version, amount, validity, changed_by
        )
        select variant_id, price_id, version, amount, validity, 'test' from product.price_history
        $$,
        'a second line of a version'
    ),
    (
        $$
        insert into product.price_lists (price_list_id, code, name, kind, priority, updated_by)
        overriding system value
        select price_list_id, 'other', 'Other', 'sale', 1, 'test' from product.price_lists
        $$,
        'a second list of the number'
    ),
    (
        $$
        insert into product.product_reviews (
            product_id, review_id, user_id, rating, updated_by
        )
        overriding system value
        select r.product_id, r.review_id, u.user_id, 1, 'test'
        from product.product_reviews as r
        inner join account.users as u on u.user_id <> r.user_id
        $$,
        'a second review of the number'
    ),
    (
        $$
        insert into product.product_reviews (
            product_id, public_id, user_id, rating, updated_by
        )
        select r.product_id, r.public_id, u.user_id, 1, 'test'
        from product.product_reviews as r
        inner join account.users as u on u.user_id <> r.user_id
        $$,
        'a second review of the public key'
    )
) as b (change, title);

-- case: what a row refers to has to be there
select throws_ok(b.change, '23503', null, b.title)
from (
    values
    ('update product.prices set price_list_id = price_list_id + 1', 'a price''s list'),
    (
        $$
        insert into product.prices (
            variant_id, currency, price_list_id, amount, max_amount, updated_by
        )
        select 0, x.currency, x.price_list_id, 8, 9, 'test' from product.prices as x
        $$,
        'a price''s variant'
    ),
    ('update product.product_reviews set product_id = product_id + 1', 'a review''s product'),
    ('update product.product_reviews set user_id = 0', 'a review''s author')
) as b (change, title);

-- case: a code has at most 64 characters, a name at most 200
select throws_ok(b.change, '23514', null, b.title)
from (
    values
    ($$update product.price_lists set code = repeat('c', 65)$$, 'a long code'),
    ($$update product.price_lists set name = repeat('n', 201)$$, 'a long name')
) as b (change, title);
