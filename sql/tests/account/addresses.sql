-- setup: Ann, an address and a password
insert into account.users (email, full_name, updated_by) values ('a@b', 'A', 'test');
insert into account.addresses (
    user_id, kind, is_default, recipient, line1, city, country, updated_by
)
select u.user_id, 'shipping', true, 'A', '1', 'C', 'GB', 'test' from account.users as u;
insert into account.credentials (user_id, kind, secret_hash, updated_by)
select u.user_id, 'password', '$argon2id$' || repeat('h', 60), 'test' from account.users as u;

-- case: whatever a function forgets, the table of addresses refuses
select throws_ok('update account.addresses set ' || b.change, '23514', null, b.change)
from (
    values
    ($$kind = 'home'$$), ($$country = 'gb'$$), ($$phone = '020'$$), ($$city = ''$$),
    ($$recipient = repeat('a', 201)$$), ($$recipient = ''$$), ($$company = repeat('c', 201)$$),
    ($$company = ''$$), ($$line1 = repeat('l', 201)$$), ($$line1 = ''$$),
    ($$line2 = repeat('l', 201)$$), ($$line2 = ''$$), ($$postal_code = repeat('1', 21)$$),
    ($$postal_code = ''$$), ($$city = repeat('c', 201)$$), ($$region = repeat('r', 201)$$),
    ($$region = ''$$)
) as b (change);
select throws_ok(
    $$
    insert into account.addresses (
        user_id, kind, is_default, recipient, line1, city, country, updated_by
    )
    select u.user_id, 'shipping', true, 'A', '1', 'C', 'GB', 'test' from account.users as u
    $$,
    '23505', null, 'a second default'
);
select throws_ok(
    $$
    insert into account.addresses (
        user_id, address_id, kind, is_default, recipient, line1, city, country, updated_by
    )
    overriding system value
    select a.user_id, a.address_id, 'billing', true, 'A', '1', 'C', 'GB', 'test'
    from account.addresses as a
    $$,
    '23505', null, 'the number twice'
);
select throws_ok(
    'update account.addresses set user_id = 0', '23503', null, 'nobody''s address'
);

-- case: whatever a function forgets, the table of credentials refuses
select throws_ok('update account.credentials set ' || b.change, '23514', null, b.change)
from (
    values
    ($$kind = 'pin'$$), ($$failures = -1$$), ($$secret_hash = repeat('secret', 10)$$),
    ($$secret_hash = '$argon2id$short'$$), ($$secret_hash = rpad('$argon2id$', 1001, 'h')$$)
) as b (change);
select throws_ok(
    'insert into account.credentials select c.* from account.credentials as c', '23505', null,
    'two of a kind'
);
select throws_ok('update account.credentials set user_id = 0', '23503', null, 'nobody''s');

-- case: what is only of a user goes with the user
delete from account.users;
select is_empty('table account.addresses', 'addresses');
select is_empty('table account.credentials', 'credentials');
