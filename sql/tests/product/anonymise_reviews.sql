-- setup: a user with two reviews, one of them with a name, and another user
select core.set_context('staff:anna', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select account.register_user('ann@example.com', 'Ann');
select account.register_user('ben@example.com', 'Ben');
select product.submit_review(u.user_id, 'MUG', 5, 'Good', '', u.full_name)
from account.users as u;
select product.submit_review(u.user_id, 'POT', 5, 'Good')
from account.users as u;
delete from events.outbox_events;

-- case: the name goes, what was said stays
select product.anonymise_reviews(u.user_id)
from account.users as u
where u.full_name = 'Ann';
select bag_eq(
    $$
    select u.full_name, p.code, r.author_name, r.title, r.version
    from product.product_reviews as r
    inner join account.users as u on u.user_id = r.user_id
    inner join product.products as p on p.product_id = r.product_id
    $$,
    $$
    values
    ('Ann', 'MUG', null, 'Good', 2::bigint), ('Ann', 'POT', null, 'Good', 1),
    ('Ben', 'MUG', 'Ben', 'Good', 1), ('Ben', 'POT', null, 'Good', 1)
    $$
);
select results_eq(
    'select e.event_type, e.aggregate_seq, e.actor from events.outbox_events as e',
    $$values ('review.anonymised', 2::bigint, 'staff:anna')$$,
    'one event'
);
select lives_ok(format('select product.anonymise_reviews(%s)', u.user_id), 'again')
from account.users as u
where u.full_name = 'Ann';
select is(count(*), 1, 'no further event')
from events.outbox_events;
