-- setup: an approved review, and another user
select core.set_context('user:ann', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select account.register_user('ann@example.com', 'Ann');
select account.register_user('ben@example.com', 'Ben');
create temporary table one as
select
    s.review,
    u.user_id as ann,
    o.user_id as ben
from account.users as u
cross join account.users as o
cross join lateral product.submit_review(u.user_id, 'MUG', 5, 'Good', 'Fine.', 'Ann') as s
where u.full_name = 'Ann' and o.full_name = 'Ben';
select product.moderate_review(o.review, 'approved', 1, 'Nice')
from one as o;
delete from events.outbox_events;

-- case: an edited review waits for a moderator again, and does not count until then
select results_eq(
    $$
    select e.review = o.review, e.status, e.version
    from pg_temp.one as o
    cross join lateral product.edit_review(o.ann, o.review, 2, 1, 'Bad', 'It broke.') as e
    $$,
    $$values (true, 'pending', 3::bigint)$$
);
select results_eq(
    $$
    select
        r.rating, r.title, r.body, r.author_name, r.status, r.moderation_reason, r.moderated_by,
        r.version
    from product.review_moderation_list as r
    $$,
    $$values (1::smallint, 'Bad', 'It broke.', null, 'pending', null, null, 3::bigint)$$
);
select is_empty('select r.review from product.review_list as r', 'nobody sees it');
select results_eq(
    'select r.rating, r.rating_sum, r.rating_count from product.rating_list as r',
    'values (null::numeric, 0::bigint, 0::bigint)'
);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq, e.payload -> 'rating', e.payload ->> 'status', e.actor
    from events.outbox_events as e
    where e.aggregate_type = 'review'
    $$,
    $$values ('review.edited', 3::bigint, '1'::jsonb, 'pending', 'user:ann')$$,
    'one event'
);
select is_empty('select * from ops.check_invariants()', 'all in order');

-- case: of two edits of one version one wins
select throws_ok(
    format('select product.edit_review(%s, %L, %L, 1)', o.ann, o.review, b.version), 'SHC02', null,
    coalesce(b.version, 'no version')
)
from one as o
cross join (values ('1'), ('3'), (null)) as b (version);
select is(r.rating, 5, 'as it was')
from product.review_list as r;

-- case: somebody else's review is as unknown as none
select throws_ok(
    format('select product.edit_review(%s, %L, 2, 1)', o.ben, o.review), 'SHP37', null, 'another''s'
)
from one as o;
select throws_ok(
    format('select product.edit_review(%s, %L, 2, 1)', o.ann, gen_random_uuid()), 'SHP37', null,
    'unknown'
)
from one as o;
select throws_ok(
    format('select product.edit_review(%s, null, 2, 1)', o.ann), 'SHP37', null, 'null'
)
from one as o;

-- case: who is unknown or suspended does not edit
select throws_ok(
    format('select product.edit_review(0, %L, 2, 1)', o.review), 'SHA03', null, 'unknown'
)
from one as o;
select throws_ok(
    format('select product.edit_review(null, %L, 2, 1)', o.review), 'SHA03', null, 'nobody'
)
from one as o;
update account.users set status = 'suspended';
select throws_ok(
    format('select product.edit_review(%s, %L, 2, 1)', o.ann, o.review), 'SHA04', null, 'suspended'
)
from one as o;

-- case: a malformed review is refused
select throws_ok(
    format('select product.edit_review(%s, %L, 2, %s)', o.ann, o.review, b.rest), '22023', null,
    b.rest
)
from one as o
cross join (
    values
    ('null'), ('0'), ('6'), ($$5, ' a'$$), ('5, null'), ($$5, '', null$$), ($$5, '', '', ''$$)
) as b (rest);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.edit_review(o.ann, o.review, 2, 1, p_idempotency_key => 'k')
from one as o;
select is(e.version, 3, 'the same answer')
from one as o
cross join lateral product.edit_review(o.ann, o.review, 2, 1, p_idempotency_key => 'k') as e;
select throws_ok(
    format(
        'select product.edit_review(%s, %L, 2, 2, p_idempotency_key => %L)', o.ann, o.review, 'k'
    ),
    'SHC01', null
)
from one as o;

-- case: it is verified where a unit was sent in the meantime, and stays so
select inventory.receive_stock('[{"sku": "MUG", "quantity": 9}]');
create temporary table bought as
select o.order_number
from one as p
cross join lateral orders.place_order(
    'user:' || p.ann, 'EUR', '[{"sku": "MUG", "quantity": 2}]'
) as o
cross join lateral payment.begin_payment(o.order_number, 'acme') as b
cross join lateral payment.process_payment_authorization(b.transaction, 'approved', 'au_1');
select product.edit_review(o.ann, o.review, 2, 3)
from one as o;
select is(m.is_verified, false, 'paid for') from product.review_moderation_list as m;
select orders.ship_order(b.order_number)
from bought as b;
select product.edit_review(o.ann, o.review, 3, 3)
from one as o;
select is(m.is_verified, true, 'sent') from product.review_moderation_list as m;
select product.edit_review(o.ann, o.review, 4, 2)
from one as o;
select results_eq(
    'select m.order_id, m.line_no from product.review_moderation_list as m',
    'select o.order_id, 1 from orders.orders as o'
);
