-- case: a user is shown with both keys
select account.register_user('Ann@Example.com', 'Ann Onymous', '+442071838750');
select results_eq(
    $$
    select p.email, p.phone, p.full_name, p.status, p.version, p.created_at <= p.updated_at
    from account.user_profiles as p
    $$,
    $$values ('Ann@Example.com', '+442071838750', 'Ann Onymous', 'active', 1::bigint, true)$$
);
select results_eq(
    'select p.user_id, p.public_id from account.user_profiles as p',
    'select u.user_id, u.public_id from account.users as u'
);
