-- setup: Ann, who lives at home and works in town
select core.set_context('staff:anna', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann', '+442071838750') as r;
create temporary table home as
select r.address_id
from account.add_address(pg_temp.ann(), 'shipping', pg_temp.address()) as r;
create temporary table work as
select r.address_id
from account.add_address(
    pg_temp.ann(), 'shipping',
    '{"recipient": "Ann", "line1": "2 Low Street", "city": "Bath", "country": "GB"}'
) as r;
delete from events.outbox_events;

-- case: the mark moves, and both addresses say so
select results_eq(
    $$
    select r.address_id = pg_temp.work(), r.is_default, r.version
    from account.set_default_address(pg_temp.ann(), pg_temp.work(), 1) as r
    $$,
    'values (true, true, 2::bigint)'
);
select bag_eq(
    $$
    select a.address_id = pg_temp.home() as is_home, a.is_default, a.version
    from account.addresses as a
    $$,
    'values (true, false, 2::bigint), (false, true, 2)'
);
select bag_eq(
    $$
    select e.event_type, e.aggregate_id, e.aggregate_seq, e.payload -> 'is_default'
    from events.outbox_events as e
    $$,
    $$
    values
    ('address.updated', pg_temp.home(), 2::bigint, 'false'::jsonb),
    ('address.updated', pg_temp.work(), 2, 'true')
    $$
);

-- case: the default stays as it is
select is(r.version, 1::bigint)
from account.set_default_address(pg_temp.ann(), pg_temp.home(), 1) as r;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: refusals
select throws_ok($$select account.set_default_address(0, pg_temp.home(), 1)$$, 'SHA03', null);
select throws_ok($$select account.set_default_address(pg_temp.ann(), 0, 1)$$, 'SHA05', null);
select throws_ok(
    $$select account.set_default_address(pg_temp.ann(), pg_temp.home(), 2)$$, 'SHC02', null
);
select throws_ok(
    $$select account.set_default_address(pg_temp.ann(), pg_temp.home(), null)$$, 'SHC02', null
);
select account.register_user('bob@example.com', 'Bob');
select throws_ok(
    format('select account.set_default_address(%s, pg_temp.home(), 1)', u.user_id), 'SHA05', null,
    'the address of another'
)
from account.users as u
where u.email = 'bob@example.com';
select account.anonymise_user(pg_temp.ann());
select throws_ok(
    $$select account.set_default_address(pg_temp.ann(), pg_temp.home(), 1)$$, 'SHA04', null
);

-- case: the same key gets the stored answer
select account.set_default_address(pg_temp.ann(), pg_temp.work(), 1, 'k');
select is(r.version, 2::bigint)
from account.set_default_address(pg_temp.ann(), pg_temp.work(), 1, 'k') as r;
select throws_ok(
    $$select account.set_default_address(pg_temp.ann(), pg_temp.home(), 2, 'k')$$, 'SHC01', null
);
