-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
delete from events.outbox_events;

-- case: variants with a limit of their own
select cart.set_variant_limit('RED', 3, 0);
select results_eq(
    $$
    select l.variant_id, l.sku, l.max_units, l.version, l.updated_by
    from cart.variant_limit_list as l
    $$,
    $$select pg_temp.variant('RED'), 'RED', 3, 1::bigint, 'web'$$
);
