-- setup: Ann
select core.set_context('staff:anna', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann', '+442071838750') as r;
delete from events.outbox_events;

-- case: the address in any case finds the hash and what else decides
select account.set_password(pg_temp.ann(), pg_temp.hash());
select results_eq(
    $q$
    select
        g.user_id = pg_temp.ann(), g.password_hash = pg_temp.hash(), g.status, g.is_locked,
        g.locked_until
    from account.get_password('ANN@EXAMPLE.COM') as g
    $q$,
    $$values (true, true, 'active', false, null::timestamptz)$$
);
select account.set_user_status(pg_temp.ann(), 'suspended', 1);
select is(g.status, 'suspended') from account.get_password('ann@example.com') as g;

-- case: no row for strangers, users without a password, nothing and nobody
select is_empty($$select * from account.get_password('ann@example.com')$$, 'no password');
select is_empty($$select * from account.get_password('bob@example.com')$$, 'a stranger');
select is_empty($$select * from account.get_password('')$$, 'empty');
select is_empty($$select * from account.get_password(null)$$, 'null');

-- case: nothing else shows a credential
select is(
    has_table_privilege(r.rolname, 'account.credentials', 'select'), false, r.rolname::text
)
from pg_roles as r
where r.rolname like '%service' or r.rolname like '%editor';
