-- setup: Ann, and ten red and ten blue mugs, three teapots
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_three_things();
delete from events.outbox_events;

-- case: a limit is set against the version that was read
select results_eq(
    $$select * from cart.set_variant_limit('RED', 3, 0)$$, $$values ('RED', 3, 1::bigint)$$
);
select results_eq(
    $$select * from cart.set_variant_limit('RED', null, 1)$$,
    $$values ('RED', null::integer, 2::bigint)$$
);
select results_eq(
    $$
    select l.sku, l.max_units, l.version, l.updated_by from cart.variant_limit_list as l
    $$,
    $$values ('RED', null::integer, 2::bigint, 'web')$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_id, e.aggregate_seq, e.payload
    from events.outbox_events as e
    where e.aggregate_seq = 1
    $$,
    $$
    select
        'cart.limit_set', pg_temp.variant('RED'), 1::bigint, jsonb_build_object(
            'variant_id', pg_temp.variant('RED'), 'sku', 'RED', 'max_units', 3, 'version', 1
        )
    $$
);

-- case: refusals and keys
select throws_ok($$select cart.set_variant_limit('NONE', 3, 0)$$, 'SHP01', null);
select throws_ok($$select cart.set_variant_limit(null, 3, 0)$$, 'SHP01', null);
select throws_ok($$select cart.set_variant_limit('RED', 3, 1)$$, 'SHC02', null);
select throws_ok($$select cart.set_variant_limit('RED', 3, null)$$, 'SHC02', null);
select throws_ok(
    format('select cart.set_variant_limit(%L, %s, 0)', 'RED', b.units), '22023', null, b.units::text
)
from (values (0), (-1), (1000000000)) as b (units);
select is_empty('table events.outbox_events', 'nothing was written');
select cart.set_variant_limit('RED', 3, 0, 'k');
select is(r.version, 1::bigint) from cart.set_variant_limit('RED', 3, 0, 'k') as r;
select throws_ok($$select cart.set_variant_limit('RED', 4, 1, 'k')$$, 'SHC01', null);
