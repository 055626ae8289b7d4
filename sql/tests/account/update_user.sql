-- setup: Ann
select core.set_context('staff:anna', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann', '+442071838750') as r;
delete from events.outbox_events;

-- case: what is given changes, the rest stays
select results_eq(
    $$
    select r.user_id = pg_temp.ann(), r.version
    from account.update_user(pg_temp.ann(), '{"email": "ANN@b.uk", "full_name": "Änn 安"}', 1) as r
    $$,
    'values (true, 2::bigint)'
);
select results_eq(
    $$
    select u.email, u.full_name, u.phone, u.version, u.updated_by, u.updated_at > u.created_at
    from account.users as u
    $$,
    $$values ('ANN@b.uk', 'Änn 安', '+442071838750', 2::bigint, 'staff:anna', true)$$
);
select results_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.payload, e.actor,
        e.request_id
    from events.outbox_events as e
    $$,
    $$
    select
        'user.updated', 'user', pg_temp.ann(), 2::bigint,
        jsonb_build_object(
            'user_id', pg_temp.ann(), 'version', 2, 'fields', '["email", "full_name"]'::jsonb
        ),
        'staff:anna', 'req-1'
    $$,
    'one event, without personal data'
);

-- case: a phone number goes away with null, a case of the own address is no other address
select account.update_user(pg_temp.ann(), '{"phone": null, "email": "Ann@Example.com"}', 1);
select results_eq(
    'select u.email, u.phone from account.users as u', $$values ('Ann@Example.com', null::text)$$
);

-- case: where nothing differs nothing is done
select is(r.version, 1::bigint)
from account.update_user(pg_temp.ann(), '{"full_name": "Ann"}', 1) as r;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: of two editors who saw the same version one wins
select account.update_user(pg_temp.ann(), '{"full_name": "A"}', 1);
select throws_ok(
    $$select account.update_user(pg_temp.ann(), '{"full_name": "B"}', 1)$$, 'SHC02', null
);
select throws_ok(
    $$select account.update_user(pg_temp.ann(), '{"full_name": "B"}', null)$$, 'SHC02', null, 'none'
);

-- case: an address or number that is taken is refused
select account.register_user('bob@example.com', 'Bob', '+442071838751');
select throws_ok(
    $$select account.update_user(pg_temp.ann(), '{"email": "BOB@example.com"}', 1)$$, 'SHA01', null
);
select throws_ok(
    $$select account.update_user(pg_temp.ann(), '{"phone": "+442071838751"}', 1)$$, 'SHA02', null
);

-- case: malformed changes are refused
select throws_ok(
    format('select account.update_user(pg_temp.ann(), %L, 1)', b.changes), '22023', null,
    coalesce(b.changes, 'null')
)
from (
    values
    (null), ('[]'), ('{}'), ('7'), ('{"email": null}'), ('{"email": 7}'), ('{"email": "no at"}'),
    ('{"full_name": ""}'), ('{"full_name": " a"}'), ('{"full_name": null}'), ('{"phone": "020"}'),
    ('{"phone": 7}'), ('{"status": "active"}'), ('{"name": "a"}')
) as b (changes);
select throws_ok($$select account.update_user(0, '{"full_name": "A"}', 1)$$, 'SHA03', null);
select throws_ok($$select account.update_user(null, '{"full_name": "A"}', 1)$$, 'SHA03', null);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: nobody comes back from being anonymized
select account.anonymise_user(pg_temp.ann());
select throws_ok(
    $$select account.update_user(pg_temp.ann(), '{"full_name": "A"}', 2)$$, 'SHA04', null
);

-- case: the same key and request get the stored answer, another request is refused
select account.update_user(pg_temp.ann(), '{"full_name": "A"}', 1, 'k');
select is(r.version, 2::bigint)
from account.update_user(pg_temp.ann(), '{"full_name": "A"}', 1, 'k') as r;
select throws_ok(
    $$select account.update_user(pg_temp.ann(), '{"full_name": "B"}', 2, 'k')$$, 'SHC01', null
);
