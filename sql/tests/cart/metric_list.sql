-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
delete from events.outbox_events;

-- case: what is rolled up and what is not are one
select cart.add_item_to_cart(pg_temp.ann(), 'RED', 1, 'EUR');
select cart.roll_up_metrics();
select cart.add_item_to_cart(pg_temp.ann(), 'POT', 1, 'EUR');
select results_eq(
    $$
    select m.owner, m.currency, m.adds, m.removals, m.added_value from cart.metric_list as m
    $$,
    $$select pg_temp.ann(), 'EUR', 2::bigint, 0::bigint, 31.5000$$
);

-- case: a session is not shown
select cart.add_item_to_cart('session:hushhush', 'RED', 1, 'EUR');
select is_empty($$select from cart.metric_list as m where m.owner like '%hush%'$$);
