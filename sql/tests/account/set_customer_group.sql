-- setup: Ann
select core.set_context('staff:anna', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann', '+442071838750') as r;
delete from events.outbox_events;

-- case: a user joins a group and leaves it
select results_eq(
    $$
    select r.customer_group, r.version
    from account.set_customer_group(pg_temp.ann(), 'trade-2', 1) as r
    $$,
    $$values ('trade-2', 2::bigint)$$
);
select results_eq(
    'select e.event_type, e.aggregate_seq, e.payload, e.actor from events.outbox_events as e',
    $$
    select
        'user.updated', 2::bigint,
        jsonb_build_object(
            'user_id', pg_temp.ann(), 'version', 2, 'fields', '["customer_group"]'::jsonb
        ),
        'staff:anna'
    $$
);
select account.set_customer_group(pg_temp.ann(), null, 2);
select results_eq(
    'select u.customer_group, u.version from account.user_profiles as u',
    'values (null::text, 3::bigint)'
);

-- case: done already it stays as it is
select is(r.version, 1::bigint) from account.set_customer_group(pg_temp.ann(), null, 1) as r;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: refusals
select throws_ok($$select account.set_customer_group(0, 'trade', 1)$$, 'SHA03', null);
select throws_ok($$select account.set_customer_group(pg_temp.ann(), 'trade', 7)$$, 'SHC02', null);
select throws_ok(
    format('select account.set_customer_group(pg_temp.ann(), %L, 1)', b.code), '22023', null, b.code
)
from (values (''), ('Trade'), ('a b'), ('-a'), ('händler'), (repeat('a', 65))) as b (code);
select account.anonymise_user(pg_temp.ann());
select throws_ok($$select account.set_customer_group(pg_temp.ann(), 'trade', 2)$$, 'SHA04', null);

-- case: the same key gets the stored answer
select account.set_customer_group(pg_temp.ann(), 'trade', 1, 'k');
select is(r.version, 2::bigint)
from account.set_customer_group(pg_temp.ann(), 'trade', 1, 'k') as r;
select throws_ok(
    $$select account.set_customer_group(pg_temp.ann(), 'vip', 1, 'k')$$, 'SHC01', null
);
