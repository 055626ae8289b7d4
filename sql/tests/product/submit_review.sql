-- setup: two users, a mug
select core.set_context('user:ann', 'req-1');
select product.import_products('[
    {"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"},
    {"sku": "POT", "name": "Teapot", "price": 24, "currency": "EUR"}
]');
select account.register_user('ann@example.com', 'Ann');
select account.register_user('ben@example.com', 'Ben');
create temporary table people as
select
    (select u.user_id from account.users as u where u.full_name = 'Ann') as ann,
    (select u.user_id from account.users as u where u.full_name = 'Ben') as ben;
delete from events.outbox_events;

-- case: a review waits for a moderator
create temporary table answer as
select
    s.review,
    s.status,
    s.version
from people as p
cross join lateral product.submit_review(
    p.ann, 'MUG', 5, 'Très bien ☕', E'Holds tea.\nAnd coffee.', 'Ann B.'
) as s;
select results_eq(
    'select a.status, a.version from pg_temp.answer as a', $$values ('pending', 1::bigint)$$
);
select results_eq(
    $$
    select
        r.product_code, r.review, r.user_id, r.rating, r.title, r.body, r.author_name,
        r.is_verified, r.status, r.version, r.moderated_by
    from product.review_moderation_list as r
    $$,
    $$
    select
        'MUG', a.review, p.ann, 5::smallint, 'Très bien ☕', E'Holds tea.\nAnd coffee.', 'Ann B.',
        false, 'pending', 1::bigint, null
    from pg_temp.people as p
    cross join pg_temp.answer as a
    $$
);
select is_empty('select r.review from product.review_list as r', 'nobody sees it');
select is(r.rating_count, 0, 'it does not count')
from product.rating_list as r
where r.product_code = 'MUG';
select results_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.payload, e.actor,
        e.request_id
    from events.outbox_events as e
    $$,
    $$
    select
        'review.submitted', 'review', r.review_id, 1::bigint,
        jsonb_build_object(
            'review', r.public_id, 'product_id', r.product_id, 'user_id', r.user_id, 'rating', 5,
            'status', 'pending', 'is_verified', false, 'version', 1
        ),
        'user:ann', 'req-1'
    from product.product_reviews as r
    $$,
    'one event, without its words'
);

-- case: stars are enough
select lives_ok(format('select product.submit_review(%s, %L, 1)', p.ann, 'MUG'))
from people as p;

-- case: a user reviews a product once
select product.submit_review(p.ann, 'MUG', 5)
from people as p;
delete from events.outbox_events;
select throws_ok(format('select product.submit_review(%s, %L, 1)', p.ann, 'MUG'), 'SHP36', null)
from people as p;
select is_empty('table events.outbox_events', 'nothing was written');
select lives_ok(format('select product.submit_review(%s, %L, 1)', p.ben, 'MUG'), 'another user')
from people as p;
select lives_ok(format('select product.submit_review(%s, %L, 1)', p.ann, 'POT'), 'another product')
from people as p;

-- case: what is not shown cannot be reviewed
update product.products set status = 'draft' where code = 'MUG';
update product.products set status = 'archived' where code = 'POT';
select throws_ok(
    format('select product.submit_review(%s, %L, 1)', p.ann, b.code), 'SHP01', null,
    coalesce(b.code, 'null')
)
from people as p
cross join (values ('MUG'), ('POT'), ('NONE'), ('mug'), (''), (null)) as b (code);

-- case: who is unknown or suspended does not review
update account.users set status = 'suspended' where full_name = 'Ben';
select throws_ok($$select product.submit_review(0, 'MUG', 1)$$, 'SHA03', null, 'unknown');
select throws_ok($$select product.submit_review(null, 'MUG', 1)$$, 'SHA03', null, 'nobody');
select throws_ok(
    format('select product.submit_review(%s, %L, 1)', p.ben, 'MUG'), 'SHA04', null, 'suspended'
)
from people as p;

-- case: a malformed review is refused
select throws_ok(
    format(
        'select product.submit_review(%s, %L, %L, %L, %L, %L)', p.ann, 'MUG', b.rating, b.title,
        b.body, b.author_name
    ),
    '22023', null, b.what
)
from people as p
cross join (
    values
    (null, '', '', null, 'no rating'),
    ('0', '', '', null, 'no star'),
    ('6', '', '', null, 'six stars'),
    ('-1', '', '', null, 'less than nothing'),
    ('5', null, '', null, 'a null headline'),
    ('5', repeat('t', 201), '', null, 'a long headline'),
    ('5', E'a\nb', '', null, 'a headline of two lines'),
    ('5', ' a', '', null, 'a headline with a blank in front'),
    ('5', '', null, null, 'a null text'),
    ('5', '', repeat('b', 10001), null, 'a long text'),
    ('5', '', E'a\x01b', null, 'a control character'),
    ('5', '', '', '', 'an empty name'),
    ('5', '', '', repeat('n', 101), 'a long name')
) as b (rating, title, body, author_name, what);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the longest text is taken
select lives_ok(
    format(
        'select product.submit_review(%s, %L, 1, %L, %L, %L)', p.ann, 'MUG', repeat('é', 200),
        repeat('語', 10000), repeat('n', 100)
    )
)
from people as p;

-- case: the same key and request get the stored answer, another request is refused
create temporary table first as
select
    s.review,
    s.status,
    s.version
from people as p
cross join lateral product.submit_review(p.ann, 'MUG', 5, p_idempotency_key => 'k') as s;
select results_eq(
    $$
    select s.*
    from pg_temp.people as p
    cross join lateral product.submit_review(p.ann, 'MUG', 5, p_idempotency_key => 'k') as s
    $$,
    'table pg_temp.first'
);
select throws_ok(
    format('select product.submit_review(%s, %L, 4, p_idempotency_key => %L)', p.ann, 'MUG', 'k'),
    'SHC01', null
)
from people as p;
select lives_ok(
    format('select product.submit_review(%s, %L, 4, p_idempotency_key => %L)', p.ben, 'MUG', 'k'),
    'another user''s key'
)
from people as p;

-- case: it is verified where a unit was sent to the author, not before
select inventory.receive_stock('[{"sku": "MUG", "quantity": 9}]');
create temporary table bought as
select o.order_number
from people as p
cross join lateral orders.place_order(
    'user:' || p.ann, 'EUR', '[{"sku": "MUG", "quantity": 2}]'
) as o
cross join lateral payment.begin_payment(o.order_number, 'acme') as b
cross join lateral payment.process_payment_authorization(b.transaction, 'approved', 'au_1');
select product.submit_review(p.ben, 'MUG', 5)
from people as p;
select orders.ship_order(b.order_number, '[{"sku": "MUG", "quantity": 1}]')
from bought as b;
delete from events.outbox_events;
select product.submit_review(p.ann, 'MUG', 4)
from people as p;
select results_eq(
    $$
    select m.user_id = p.ann, m.is_verified, m.order_id = o.order_id, m.line_no
    from product.review_moderation_list as m
    cross join pg_temp.people as p
    cross join orders.orders as o
    order by m.review_id
    $$,
    'values (false, false, null::boolean, null::integer), (true, true, true, 1)'
);
select is(e.payload -> 'is_verified', 'true'::jsonb)
from events.outbox_events as e;
