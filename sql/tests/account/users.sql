-- case: whatever a function forgets, the table refuses
select throws_ok(
    format(
        'insert into account.users (email, full_name, phone, status, updated_by)
        values (%L, %L, %L, %L, %L)', b.email, b.full_name, b.phone, b.status, 'test'
    ),
    '23514', null, b.title
)
from (
    values
    ('no at', 'A', null, 'active', 'an address without one @'),
    (repeat('a', 250) || '@b.uk', 'A', null, 'active', 'an address of 255 characters'),
    ('a@b', '', null, 'active', 'an empty name'),
    ('a@b', repeat('n', 201), null, 'active', 'a long name'),
    ('a@b', 'A', '0207', 'active', 'a number that is not of E.164'),
    ('a@b', 'A', null, 'gone', 'an unknown status')
) as b (email, full_name, phone, status, title);

-- case: keys, an address in any case, and a number are there once
insert into account.users (email, phone, full_name, updated_by)
values ('a@b', '+442071838750', 'A', 'test');
select throws_ok(
    format(
        'insert into account.users (user_id, public_id, email, phone, full_name, updated_by)
        overriding system value
        select %s, %s, %L, %L, u.full_name, u.updated_by from account.users as u',
        b.user_id, b.public_id, b.email, b.phone
    ),
    '23505', null, b.title
)
from (
    values
    ('u.user_id', 'gen_random_uuid()', 'c@d', '+14155550100', 'the key'),
    ('-1', 'u.public_id', 'c@d', '+14155550100', 'the public key'),
    ('-1', 'gen_random_uuid()', 'A@B', '+14155550100', 'the address in capitals'),
    ('-1', 'gen_random_uuid()', 'c@d', '+442071838750', 'the number')
) as b (user_id, public_id, email, phone, title);

-- case: a group is a code, and an anonymized user is nobody
insert into account.users (email, full_name, updated_by) values ('a@b', 'A', 'test');
select throws_ok(
    format('update account.users set customer_group = %L', b.code), '23514', null, b.code
)
from (values (''), ('Trade'), ('a b'), (repeat('a', 65))) as b (code);
select throws_ok(
    $$update account.users set status = 'anonymized', email = 'anonymized.1@invalid'$$, '23514',
    null, 'without a time'
);
select throws_ok(
    'update account.users set anonymized_at = clock_timestamp()', '23514', null, 'a time without'
);
select throws_ok(
    $$
    update account.users set status = 'anonymized', anonymized_at = clock_timestamp()
    $$,
    '23514', null, 'an address is left'
);
select throws_ok(
    $$
    update account.users
    set
        status = 'anonymized', anonymized_at = clock_timestamp(), phone = '+442071838750',
        email = 'anonymized.1@invalid'
    $$,
    '23514', null, 'a number is left'
);
select throws_ok(
    $$
    update account.users
    set
        status = 'anonymized', anonymized_at = clock_timestamp(), customer_group = 'trade',
        email = 'anonymized.1@invalid'
    $$,
    '23514', null, 'a group is left'
);

-- case: everything else has to be stated
select results_eq(
    $$select * from nullable_columns('account')$$,
    $$
    values
    ('addresses', 'company line2 phone postal_code region'),
    ('credentials', 'last_used_at locked_until'),
    ('users', 'anonymized_at customer_group phone')
    $$,
    'columns that may be null'
);
