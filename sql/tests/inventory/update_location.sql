-- setup: the shop in town
select core.set_context('staff:anna', 'req-1');
select inventory.create_location('TOWN', 'Shop in town', 2);
delete from events.outbox_events;

-- case: a location is renamed, ranked and closed; a null keeps what is there
select results_eq(
    $$select * from inventory.update_location('TOWN', 1, 'Läden e' || chr(769))$$,
    $$values ('TOWN', 'Läden e' || chr(769), 2, true, 2::bigint)$$
);
select results_eq(
    $$select * from inventory.update_location('TOWN', 2, 'Laden', -2147483648, false)$$,
    $$values ('TOWN', 'Laden', -2147483648, false, 3::bigint)$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq, e.payload - 'location_id', e.actor, e.request_id
    from events.outbox_events as e
    where e.aggregate_seq = 3
    $$,
    $$
    values (
        'location.updated', 3::bigint,
        '{"code": "TOWN", "rank": -2147483648, "is_active": false, "version": 3}'::jsonb,
        'staff:anna', 'req-1'
    )
    $$
);
select is(l.updated_by, 'staff:anna', 'the actor')
from inventory.locations as l
where l.code = 'TOWN';

-- case: what a closed location has cannot be promised, and can again when it opens
select product.import_products('[{"sku": "MUG", "name": "Mug", "price": 7.5, "currency": "EUR"}]');
select inventory.receive_stock('[{"sku": "MUG", "quantity": 10}]', 'TOWN');
select inventory.update_location('TOWN', 1, null, null, false);
select throws_ok(
    $$select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ann')$$,
    'SHI01', null
);
select inventory.update_location('TOWN', 2, null, null, true);
select lives_ok(
    $$select inventory.reserve_inventory('[{"sku": "MUG", "quantity": 1}]', 'session:ann')$$
);

-- case: another version than the one that is there is refused
select throws_ok(
    format($$select inventory.update_location('TOWN', %s, 'Laden')$$, b.version), 'SHC02', null,
    'version ' || b.version
)
from (values (0), (2), (9223372036854775807)) as b (version);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: an unknown location is refused
select throws_ok(
    format($$select inventory.update_location(%L, 1, 'Laden')$$, b.code), 'SHI08', null,
    coalesce(b.code, 'null')
)
from (values ('CELLAR'), ('town'), (null)) as b (code);

-- case: malformed arguments are refused
select throws_ok(
    format(
        'select inventory.update_location(%L, %L, %L, %L, %L)', 'TOWN', b.version, b.name, b.rank,
        b.is_active
    ),
    '22023', null, b.title
)
from (
    values
    (null, 'Laden', 1, true, 'no version'),
    (1, null, null, null, 'no change'),
    (1, '', 1, true, 'an empty name'),
    (1, repeat('n', 201), 1, true, 'a name of 201 characters'),
    (1, E'La\nden', 1, true, 'a line end')
) as b (version, name, rank, is_active, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer; another request is refused
select inventory.update_location('TOWN', 1, 'Laden', p_idempotency_key => 'l1');
delete from events.outbox_events;
select is(u.version, 2, 'once')
from inventory.update_location('TOWN', 1, 'Laden', p_idempotency_key => 'l1') as u;
select throws_ok(
    $$select inventory.update_location('TOWN', 2, 'Shop', p_idempotency_key => 'l1')$$, 'SHC01'
);
select is_empty('table events.outbox_events', 'nothing was written');
