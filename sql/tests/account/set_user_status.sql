-- setup: Ann
select core.set_context('staff:anna', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann', '+442071838750') as r;
delete from events.outbox_events;

-- case: a user is suspended and let in again
select results_eq(
    $$
    select r.status, r.version
    from account.set_user_status(pg_temp.ann(), 'suspended', 1) as r
    $$,
    $$values ('suspended', 2::bigint)$$
);
select account.set_user_status(pg_temp.ann(), 'active', 2);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq, e.payload, e.actor
    from events.outbox_events as e
    order by e.event_id
    $$,
    $$
    select v.*
    from (
        values
        (
            'user.suspended', 2::bigint,
            jsonb_build_object('user_id', pg_temp.ann(), 'version', 2), 'staff:anna'
        ),
        (
            'user.reactivated', 3, jsonb_build_object('user_id', pg_temp.ann(), 'version', 3),
            'staff:anna'
        )
    ) as v
    $$
);

-- case: done already it stays as it is
select is(r.version, 1::bigint) from account.set_user_status(pg_temp.ann(), 'active', 1) as r;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: refusals
select throws_ok($$select account.set_user_status(0, 'active', 1)$$, 'SHA03', null);
select throws_ok($$select account.set_user_status(pg_temp.ann(), 'suspended', 2)$$, 'SHC02', null);
select throws_ok(
    format('select account.set_user_status(pg_temp.ann(), %L, 1)', b.status), '22023', null,
    coalesce(b.status, 'null')
)
from (values ('anonymized'), ('Active'), (''), (null)) as b (status);
select account.anonymise_user(pg_temp.ann());
select throws_ok($$select account.set_user_status(pg_temp.ann(), 'active', 2)$$, 'SHA04', null);

-- case: the same key gets the stored answer
select account.set_user_status(pg_temp.ann(), 'suspended', 1, 'k');
select is(r.version, 2::bigint)
from account.set_user_status(pg_temp.ann(), 'suspended', 1, 'k') as r;
select throws_ok(
    $$select account.set_user_status(pg_temp.ann(), 'active', 2, 'k')$$, 'SHC01', null
);
