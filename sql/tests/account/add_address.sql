-- setup: Ann
select core.set_context('staff:anna', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann', '+442071838750') as r;
delete from events.outbox_events;

-- case: the first of its kind is the default
select results_eq(
    $$
    select r.is_default, r.version
    from account.add_address(pg_temp.ann(), 'shipping', '{
        "recipient": "Änn", "company": "Co", "line1": "1 High Street", "line2": "Flat 安",
        "postal_code": "SW1A 1AA", "city": "London", "region": "Greater London", "country": "GB",
        "phone": "+442071838750"
    }') as r
    $$,
    'values (true, 1::bigint)'
);
select results_eq(
    $$
    select
        a.kind, a.recipient, a.company, a.line1, a.line2, a.postal_code, a.city, a.region,
        a.country, a.phone, a.updated_by
    from account.addresses as a
    $$,
    $$
    values (
        'shipping', 'Änn', 'Co', '1 High Street', 'Flat 安', 'SW1A 1AA', 'London',
        'Greater London', 'GB', '+442071838750', 'staff:anna'
    )
    $$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_type, e.aggregate_seq, e.payload
    from events.outbox_events as e
    $$,
    $$
    select
        'address.added', 'address', 1::bigint, jsonb_build_object(
            'user_id', a.user_id, 'address_id', a.address_id, 'kind', 'shipping',
            'is_default', true, 'version', 1
        )
    from account.addresses as a
    $$,
    'one event, without personal data'
);

-- case: a second one is the default only when asked for, and each kind has its own
select account.add_address(pg_temp.ann(), 'shipping', pg_temp.address());
select is(r.is_default, false, 'another')
from account.add_address(pg_temp.ann(), 'shipping', pg_temp.address()) as r;
select is(r.is_default, true, 'the first bill')
from account.add_address(pg_temp.ann(), 'billing', pg_temp.address()) as r;
delete from events.outbox_events;
select is(r.is_default, true, 'asked for')
from account.add_address(pg_temp.ann(), 'shipping', pg_temp.address(), true) as r;
select results_eq(
    $$
    select a.kind, a.is_default, a.version
    from account.addresses as a
    order by a.address_id
    $$,
    $$
    values
    ('shipping', false, 2::bigint), ('shipping', false, 1), ('billing', true, 1),
    ('shipping', true, 1)
    $$
);
select bag_eq(
    'select e.event_type, e.aggregate_seq from events.outbox_events as e',
    $$values ('address.updated', 2::bigint), ('address.added', 1)$$
);

-- case: malformed addresses are refused
select throws_ok(
    format(
        'select account.add_address(pg_temp.ann(), %L, %L)', 'shipping',
        pg_temp.address() || b.part
    ),
    '22023', null, b.part::text
)
from (
    values
    ('{"country": "gb"}'::jsonb), ('{"country": "GBR"}'), ('{"country": null}'),
    ('{"line1": ""}'), ('{"line1": 7}'), ('{"line1": " a"}'), ('{"zip": "1"}'),
    ('{"phone": "020"}'), ('{"line2": null}'),
    (jsonb_build_object('city', repeat('c', 201))),
    (jsonb_build_object('postal_code', repeat('1', 21)))
) as b (part);
select throws_ok(
    format('select account.add_address(pg_temp.ann(), %L, %L)', 'shipping', b.address), '22023',
    null, coalesce(b.address, 'null')
)
from (values (null), ('[]'), ('{}'), ('7'), ('{"recipient": "A"}')) as b (address);
select throws_ok(
    format('select account.add_address(pg_temp.ann(), %L, %L)', b.kind, pg_temp.address()), '22023',
    null,
    coalesce(b.kind, 'null')
)
from (values (null), (''), ('Shipping'), ('home')) as b (kind);
select throws_ok(
    $$select account.add_address(pg_temp.ann(), 'shipping', pg_temp.address(), null)$$, '22023',
    null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: no user, no address
select throws_ok($$select account.add_address(0, 'shipping', pg_temp.address())$$, 'SHA03', null);
select account.anonymise_user(pg_temp.ann());
select throws_ok(
    $$select account.add_address(pg_temp.ann(), 'shipping', pg_temp.address())$$, 'SHA04', null
);

-- case: there is a limit
select core.set_business_rule('user_addresses_max', 1, 1);
select account.add_address(pg_temp.ann(), 'shipping', pg_temp.address());
select throws_ok(
    $$select account.add_address(pg_temp.ann(), 'billing', pg_temp.address())$$, 'SHA06', null
);
select core.set_business_rule('user_addresses_max', 1, 2, null, false);
select lives_ok(
    $$select account.add_address(pg_temp.ann(), 'billing', pg_temp.address())$$, 'none'
);

-- case: the same key gets the stored answer
select account.add_address(pg_temp.ann(), 'shipping', pg_temp.address(), false, 'k');
select is(r.is_default, true)
from account.add_address(pg_temp.ann(), 'shipping', pg_temp.address(), false, 'k') as r;
select is(count(*), 1::bigint) from account.addresses;
select throws_ok(
    $$select account.add_address(pg_temp.ann(), 'billing', pg_temp.address(), false, 'k')$$,
    'SHC01', null
);
