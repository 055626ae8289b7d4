-- setup: two approved reviews of a mug
select core.set_context('user:ann', 'req-1');
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select account.register_user('ann@example.com', 'Ann');
select account.register_user('ben@example.com', 'Ben');
create temporary table all_of_them as
select
    s.review,
    u.user_id,
    u.full_name
from account.users as u
cross join lateral product.submit_review(
    u.user_id, 'MUG', case u.full_name when 'Ann' then 5 else 2 end
) as s;
select product.moderate_review(a.review, 'approved', 1)
from all_of_them as a;
delete from events.outbox_events;

-- case: an author takes a review away, and its rating goes with it
select is(d.review, a.review, 'which one')
from all_of_them as a
cross join lateral product.delete_review(a.user_id, a.review, 2) as d
where a.full_name = 'Ann';
select bag_eq(
    'select r.rating from product.review_list as r', '{2}'::smallint[], 'the other one'
);
select results_eq(
    'select r.rating, r.rating_sum, r.rating_count from product.rating_list as r',
    'values (2.00, 2::bigint, 1::bigint)'
);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq, e.payload ->> 'status', e.actor
    from events.outbox_events as e
    where e.aggregate_type = 'review'
    $$,
    $$values ('review.deleted', 3::bigint, 'deleted', 'user:ann')$$,
    'one event'
);
select lives_ok(
    format('select product.submit_review(%s, %L, 4)', a.user_id, 'MUG'), 'and may write another'
)
from all_of_them as a
where a.full_name = 'Ann';

-- case: a hidden review goes without changing the rating
select product.moderate_review(a.review, 'hidden', 2)
from all_of_them as a
where a.full_name = 'Ann';
select product.delete_review(a.user_id, a.review, 3)
from all_of_them as a
where a.full_name = 'Ann';
select is(r.rating, 2.00, 'the rating')
from product.rating_list as r;

-- case: another version, another's review and an unknown one are refused
select throws_ok(
    format('select product.delete_review(%s, %L, 1)', a.user_id, a.review), 'SHC02', null, 'version'
)
from all_of_them as a;
select throws_ok(
    format('select product.delete_review(%s, %L, 2)', a.user_id, o.review), 'SHP37', null,
    'another''s'
)
from all_of_them as a
inner join all_of_them as o on o.user_id <> a.user_id;
select throws_ok(
    format('select product.delete_review(%s, %L, 2)', a.user_id, gen_random_uuid()), 'SHP37', null,
    'unknown'
)
from all_of_them as a;
select throws_ok(
    format('select product.delete_review(null, %L, 2)', a.review), 'SHA03', null, 'nobody'
)
from all_of_them as a;
select is(count(*), 2, 'both are there')
from product.review_list;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, another request is refused
select product.delete_review(a.user_id, a.review, 2, 'k')
from all_of_them as a;
select is(d.review, a.review, 'the same answer')
from all_of_them as a
cross join lateral product.delete_review(a.user_id, a.review, 2, 'k') as d;
select throws_ok(
    format('select product.delete_review(%s, %L, 3, %L)', a.user_id, a.review, 'k'), 'SHC01', null
)
from all_of_them as a;
