-- setup: one supplier
select core.set_context('staff:anna', 'req-1');
select inventory.set_supplier('ACME', 'Acme', 3, 0, '{"email": "sales@acme.example"}');
delete from events.outbox_events;

-- case: a supplier is made, and edited against the version that was read
select results_eq(
    $$select * from inventory.set_supplier('BOLT', 'Bolt und Söhne', 0, 0)$$,
    $$values ('BOLT', 'Bolt und Söhne', 0, true, 1::bigint)$$
);
select results_eq(
    $$select * from inventory.set_supplier('ACME', 'Acme Ltd', 3650, 1, null, false)$$,
    $$values ('ACME', 'Acme Ltd', 3650, false, 2::bigint)$$
);
select results_eq(
    $$
    select s.contact, s.updated_by from inventory.inventory_suppliers as s where s.code = 'ACME'
    $$,
    $$values ('{"email": "sales@acme.example"}'::jsonb, 'staff:anna')$$,
    'a null keeps the contact'
);
select bag_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_seq, e.payload - 'supplier_id', e.actor
    from events.outbox_events as e
    $$,
    $$
    values
    (
        'supplier.updated', 'supplier', 1::bigint,
        '{"code": "BOLT", "is_active": true, "version": 1}'::jsonb, 'staff:anna'
    ),
    (
        'supplier.updated', 'supplier', 2,
        '{"code": "ACME", "is_active": false, "version": 2}', 'staff:anna'
    )
    $$,
    'without the contact'
);

-- case: another version than the one that is there is refused
select throws_ok(
    format($$select inventory.set_supplier('ACME', 'Acme', 3, %s)$$, b.version), 'SHC02', null,
    'version ' || b.version
)
from (values (0), (2), (9223372036854775807)) as b (version);
select throws_ok($$select inventory.set_supplier('BOLT', 'Bolt', 3, 1)$$, 'SHI20', null, 'unknown');
select is_empty('table events.outbox_events', 'nothing was written');

-- case: malformed arguments are refused
select throws_ok(
    format(
        'select inventory.set_supplier(%L, %L, %L, %L, %L, %L)', b.code, b.name, b.days, b.version,
        b.contact, b.is_active
    ),
    '22023', null, b.title
)
from (
    values
    (null, 'Acme', 3, 0, null, true, 'no code'),
    ('acme', 'Acme', 3, 0, null, true, 'small letters'),
    (repeat('A', 33), 'Acme', 3, 0, null, true, '33 characters'),
    ('A', null, 3, 0, null, true, 'no name'),
    ('A', '', 3, 0, null, true, 'an empty name'),
    ('A', 'Acme', null, 0, null, true, 'no lead time'),
    ('A', 'Acme', -1, 0, null, true, 'a lead time below 0'),
    ('A', 'Acme', 3651, 0, null, true, 'ten years and a day'),
    ('A', 'Acme', 3, null, null, true, 'no version'),
    ('A', 'Acme', 3, 0, '[]', true, 'a contact that is no object'),
    ('A', 'Acme', 3, 0, '{"a": "' || repeat('x', 10000) || '"}', true, 'a long contact'),
    ('A', 'Acme', 3, 0, null, null, 'neither active nor not')
) as b (code, name, days, version, contact, is_active, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer; another request is refused
select inventory.set_supplier('BOLT', 'Bolt', 3, 0, p_idempotency_key => 's1');
delete from events.outbox_events;
select is(s.version, 1, 'once')
from inventory.set_supplier('BOLT', 'Bolt', 3, 0, p_idempotency_key => 's1') as s;
select throws_ok(
    $$select inventory.set_supplier('BOLT', 'Bolt', 4, 1, p_idempotency_key => 's1')$$, 'SHC01'
);
select is_empty('table events.outbox_events', 'nothing was written');
