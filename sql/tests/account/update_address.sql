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

-- case: an address is replaced, and stays the default
select results_eq(
    $$
    select r.is_default, r.version
    from account.update_address(
        pg_temp.ann(), pg_temp.home(),
        '{"recipient": "B", "line1": "3", "city": "C", "country": "FR", "postal_code": "75001"}', 1
    ) as r
    $$,
    'values (true, 2::bigint)'
);
select results_eq(
    $$
    select a.recipient, a.line1, a.line2, a.city, a.country, a.postal_code, a.is_default, a.version
    from account.address_list as a
    where a.address_id = pg_temp.home()
    $$,
    $$values ('B', '3', null::text, 'C', 'FR', '75001', true, 2::bigint)$$
);
select results_eq(
    'select e.event_type, e.aggregate_id, e.aggregate_seq from events.outbox_events as e',
    $$select 'address.updated', pg_temp.home(), 2::bigint$$
);
select throws_ok(
    $$select account.update_address(pg_temp.ann(), pg_temp.home(), '{}', 2)$$, '22023', null
);

-- case: refusals
select throws_ok(
    $$select account.update_address(0, pg_temp.home(), pg_temp.address(), 1)$$, 'SHA03', null
);
select throws_ok(
    $$select account.update_address(pg_temp.ann(), 0, pg_temp.address(), 1)$$, 'SHA05', null
);
select throws_ok(
    $$select account.update_address(pg_temp.ann(), pg_temp.home(), pg_temp.address(), 2)$$, 'SHC02',
    null
);
select throws_ok(
    $$select account.update_address(pg_temp.ann(), pg_temp.home(), pg_temp.address(), null)$$,
    'SHC02', null
);
select account.register_user('bob@example.com', 'Bob');
select throws_ok(
    format(
        'select account.update_address(%s, pg_temp.home(), %L, 1)', u.user_id,
        pg_temp.address()
    ), 'SHA05', null,
    'the address of another'
)
from account.users as u
where u.email = 'bob@example.com';
select account.anonymise_user(pg_temp.ann());
select throws_ok(
    $$select account.update_address(pg_temp.ann(), pg_temp.home(), pg_temp.address(), 1)$$, 'SHA04',
    null
);

-- case: the same key gets the stored answer
select account.update_address(pg_temp.ann(), pg_temp.home(), pg_temp.address(), 1, 'k');
select is(r.version, 2::bigint)
from account.update_address(pg_temp.ann(), pg_temp.home(), pg_temp.address(), 1, 'k') as r;
select throws_ok(
    $$select account.update_address(pg_temp.ann(), pg_temp.home(), pg_temp.address(), 2, 'k')$$,
    'SHC01', null
);
