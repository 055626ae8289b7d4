-- setup: two pending reviews of a mug
select core.set_context('staff:anna', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select account.register_user('ann@example.com', 'Ann');
select account.register_user('ben@example.com', 'Ben');
create temporary table reviews as
select
    s.review,
    u.full_name as author
from account.users as u
cross join lateral product.submit_review(
    u.user_id, 'MUG', case u.full_name when 'Ann' then 5 else 2 end
) as s;
delete from events.outbox_events;

-- case: an approved review is shown and counts
select results_eq(
    $$
    select m.review = r.review, m.status, m.version, m.rating_sum, m.rating_count
    from pg_temp.reviews as r
    cross join lateral product.moderate_review(r.review, 'approved', 1) as m
    where r.author = 'Ann'
    $$,
    $$values (true, 'approved', 2::bigint, 5::bigint, 1::bigint)$$
);
select results_eq(
    'select r.product_code, r.rating from product.review_list as r',
    $$values ('MUG', 5::smallint)$$
);
select product.moderate_review(r.review, 'approved', 1)
from reviews as r
where r.author = 'Ben';
select results_eq(
    'select r.rating, r.rating_sum, r.rating_count from product.rating_list as r',
    'values (3.50, 7::bigint, 2::bigint)'
);
select results_eq(
    $$
    select e.event_type, e.aggregate_type, e.aggregate_seq, e.payload ->> 'status', e.actor
    from events.outbox_events as e
    order by e.event_id
    $$,
    $$
    values
    ('review.approved', 'review', 2::bigint, 'approved', 'staff:anna'),
    ('review.approved', 'review', 2, 'approved', 'staff:anna')
    $$,
    'an event each'
);
select is(p.version, 1, 'the content is as it was')
from product.products as p;
select is_empty('select * from ops.check_invariants()', 'all in order');

-- case: a rejected review is not shown, and does not count
select product.moderate_review(r.review, 'rejected', 1, 'Spam')
from reviews as r;
select is_empty('select r.review from product.review_list as r');
select is(r.rating_count, 0, 'none counts')
from product.rating_list as r;
select bag_eq(
    $$
    select r.status, r.moderation_reason, r.moderated_by
    from product.review_moderation_list as r
    $$,
    $$values ('rejected', 'Spam', 'staff:anna'), ('rejected', 'Spam', 'staff:anna')$$
);

-- case: a hidden review no longer counts, and may come back
select product.moderate_review(r.review, 'approved', 1)
from reviews as r;
select is(m.rating_sum, 2, 'what is left')
from reviews as r
cross join lateral product.moderate_review(r.review, 'hidden', 2) as m
where r.author = 'Ann';
select is(m.rating_sum, 7, 'all of it')
from reviews as r
cross join lateral product.moderate_review(r.review, 'approved', 3) as m
where r.author = 'Ann';

-- case: every other move is refused
select product.moderate_review(r.review, 'approved', 1)
from reviews as r
where r.author = 'Ann';
delete from events.outbox_events;
select throws_ok(
    format('select product.moderate_review(%L, %L, %s)', r.review, b.status, b.version), 'SHP38',
    null, b.author || ' ' || b.status
)
from reviews as r
inner join (
    values ('Ann', 'approved', 2), ('Ann', 'rejected', 2), ('Ben', 'hidden', 1)
) as b (author, status, version) on b.author = r.author;
select is_empty('table events.outbox_events', 'nothing was written');
select product.moderate_review(r.review, 'rejected', 1)
from reviews as r
where r.author = 'Ben';
select throws_ok(
    format('select product.moderate_review(%L, %L, 2)', r.review, b.status), 'SHP38', null,
    'rejected to ' || b.status
)
from reviews as r
cross join (values ('approved'), ('rejected'), ('hidden')) as b (status)
where r.author = 'Ben';

-- case: of two moderators who saw the same version one wins
select product.moderate_review(r.review, 'approved', 1)
from reviews as r;
select throws_ok(
    format('select product.moderate_review(%L, %L, %L)', r.review, 'hidden', b.version), 'SHC02',
    null, coalesce(b.version, 'no version')
)
from reviews as r
cross join (values ('1'), ('3'), (null)) as b (version);
select is(r.rating_count, 2, 'both count')
from product.rating_list as r;

-- case: an unknown review and a malformed argument are refused
select throws_ok(
    format('select product.moderate_review(%L, %L, 1)', gen_random_uuid(), 'approved'), 'SHP37',
    null, 'unknown'
);
select throws_ok($$select product.moderate_review(null, 'approved', 1)$$, 'SHP37', null, 'null');
select throws_ok(
    format('select product.moderate_review(%L, %s)', r.review, b.rest), '22023', null, b.rest
)
from reviews as r
cross join (
    values
    ($$'pending', 1$$), ('null, 1'), ($$'gone', 1$$), ($$'approved', 1, ''$$),
    ($$'approved', 1, repeat('r', 501)$$)
) as b (rest);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.moderate_review(r.review, 'approved', 1, p_idempotency_key => 'k')
from reviews as r
where r.author = 'Ann';
select is(m.version || ' ' || m.rating_sum, '2 5', 'the same answer')
from reviews as r
cross join lateral product.moderate_review(
    r.review, 'approved', 1, p_idempotency_key => 'k'
) as m
where r.author = 'Ann';
select throws_ok(
    format(
        'select product.moderate_review(%L, %L, 2, p_idempotency_key => %L)', r.review, 'hidden',
        'k'
    ),
    'SHC01', null
)
from reviews as r;

-- case: what was written before the parcel was sent is verified by the time it is shown
select inventory.receive_stock('[{"sku": "MUG", "quantity": 9}]');
create temporary table bought as
select o.order_number
from account.users as p
cross join lateral orders.place_order(
    'user:' || p.user_id, 'EUR', '[{"sku": "MUG", "quantity": 2}]'
) as o
cross join lateral payment.begin_payment(o.order_number, 'acme') as b
cross join lateral payment.process_payment_authorization(b.transaction, 'approved', 'au_1')
where p.full_name = 'Ann';
select orders.ship_order(b.order_number)
from bought as b;
select product.moderate_review(r.review, 'approved', 1)
from reviews as r;
select bag_eq(
    'select r.rating, r.is_verified from product.review_list as r',
    'values (5::smallint, true), (2, false)'
);
