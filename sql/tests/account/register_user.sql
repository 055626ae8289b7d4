-- setup: Ann is registered, with a phone number
select core.set_context('web', 'req-1');
create temporary table ann as
select
    r.user_id,
    r.public_id
from account.register_user('Ann@Example.com', 'Ann Onymous', '+442071838750', 'ann') as r;
delete from events.outbox_events;

-- case: a user is registered, and both keys are returned
create temporary table ben as
select
    r.user_id,
    r.public_id
from account.register_user('ben@example.com', 'Ben', '+14155550100') as r;
select results_eq(
    $$
    select u.public_id, u.email, u.full_name, u.phone, u.status, u.version, u.updated_by
    from account.users as u
    inner join pg_temp.ben as b on b.user_id = u.user_id
    $$,
    $$
    select b.public_id, 'ben@example.com', 'Ben', '+14155550100', 'active', 1::bigint, 'web'
    from pg_temp.ben as b
    $$
);
select results_eq(
    $$
    select
        e.event_type, e.aggregate_type, e.aggregate_id, e.aggregate_seq, e.partition_key, e.actor,
        e.request_id, e.payload
    from events.outbox_events as e
    $$,
    $$
    select
        'user.registered', 'user', b.user_id, 1::bigint, 'user:' || b.user_id, 'web', 'req-1',
        jsonb_build_object('user_id', b.user_id, 'public_id', b.public_id)
    from pg_temp.ben as b
    $$,
    'one event, without personal data'
);

-- case: the phone number may be left out, by any number of users
select lives_ok($$select account.register_user('b@example.com', 'B')$$, 'one');
select lives_ok($$select account.register_user('c@example.com', 'C')$$, 'another');
select is(count(*), 2, 'both without a number')
from account.users as u
where u.phone is null;

-- case: names and addresses of any script are kept as they were typed
select lives_ok(
    format('select account.register_user(%L, %L)', g.email, g.full_name), g.full_name
)
from (
    values
    ('zoë@exämple.com', 'Zoë O''Brien-Müller'),
    ('用户@例え.jp', '山田 太郎'),
    ('a+b/c=d@example.com', 'مريم'),
    ('x@y', 'e' || chr(769) || 'lan 👩🏽‍💻'),
    ('drop@example.com', 'Robert''); drop table account.users; --'),
    (repeat('a', 64) || '@' || repeat('b', 189), repeat('n', 200))
) as g (email, full_name);
select is(count(*), 7, 'all of them are there, Ann too')
from account.users;
select is(count(*), 6, 'and one event each')
from events.outbox_events;

-- case: an address has one account, regardless of case
select throws_ok(
    format('select account.register_user(%L, %L)', b.email, 'Another Ann'), 'SHA01', null, b.email
)
from (
    values ('Ann@Example.com'), ('ann@example.com'), ('ANN@EXAMPLE.COM')
) as b (email);
select is(count(*), 1, 'Ann alone is there')
from account.users;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a phone number has one account
select throws_ok(
    $$select account.register_user('ben@example.com', 'Ben', '+442071838750')$$, 'SHA02', null
);
select is(count(*), 1, 'Ann alone is there')
from account.users;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the refusal of a taken address or number does not repeat it
select is(
    detail_of($$select account.register_user('ann@example.com', 'Another Ann')$$),
    '{"error": "EMAIL_TAKEN", "argument": "p_email"}'::jsonb
);
select is(
    detail_of($$select account.register_user('ben@example.com', 'Ben', '+442071838750')$$),
    '{"error": "PHONE_TAKEN", "argument": "p_phone"}'::jsonb
);

-- case: a malformed address is refused
select throws_ok(
    format('select account.register_user(%L, %L)', b.email, 'Ben'), '22023', null,
    coalesce(left(b.email, 40), 'null')
)
from (
    values
    (null), (''), ('ben'), ('@'), ('ben@'), ('@example.com'), ('b@e@x'), ('ben @example.com'),
    (' ben@example.com'), ('ben@example.com '), (E'ben@example.com\nbcc:x@y'),
    (repeat('a', 64) || '@' || repeat('b', 190))
) as b (email);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a malformed name is refused
select throws_ok(
    format('select account.register_user(%L, %L)', 'ben@example.com', b.full_name), '22023', null,
    b.title
)
from (
    values
    (null, 'none'),
    ('', 'nothing'),
    (repeat('n', 201), '201 characters'),
    ('   ', 'blanks alone'),
    (E'Ben\nBcc: x@y', 'a line end')
) as b (full_name, title);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a phone number that is not of E.164 is refused
select throws_ok(
    format('select account.register_user(%L, %L, %L)', 'ben@example.com', 'Ben', b.phone),
    '22023', null, b.phone
)
from (
    values
    (''), ('02071838750'), ('+0442071838750'), ('+44 20 7183 8750'), ('+44'), ('+1234567890123456'),
    ('+٤٤٢٠٧١٨٣٨٧٥٠'), (E'+442071838751\n')
) as b (phone);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key and request get the stored answer, and nothing is done again
select results_eq(
    $$
    select *
    from account.register_user('Ann@Example.com', 'Ann Onymous', '+442071838750', 'ann')
    $$,
    'table pg_temp.ann'
);
select is(count(*), 1, 'Ann is there once')
from account.users;
select is_empty('table events.outbox_events', 'nothing was written');

-- case: the same key with another request is refused
select throws_ok(
    $$select account.register_user('ann2@example.com', 'Ann Onymous', '+442071838750', 'ann')$$,
    'SHC01', null
);
select is_empty('table events.outbox_events', 'nothing was written');

-- case: a refusal stores no key, so that the same key may succeed later
select throws_ok(
    $$select account.register_user('ann@example.com', 'Ben', null, 'ben')$$, 'SHA01', null
);
select lives_ok($$select account.register_user('ben@example.com', 'Ben', null, 'ben')$$);

-- case: a malformed key is refused
select throws_ok(
    $$select account.register_user('ben@example.com', 'Ben', null, '')$$, '22023', null
);
select is_empty('table events.outbox_events', 'nothing was written');
