-- setup: Ann, who has a card, and had another
create temporary table ann as
select u.user_id as id from account.register_user('ann@example.com', 'Ann') as u;
select payment.add_payment_method(a.id, 'fake', 'card', 'tok-1', 'visa', '4242', 12, 2030)
from pg_temp.ann as a;
select payment.remove_payment_method(a.id, m.method)
from pg_temp.ann as a
cross join lateral payment.add_payment_method(a.id, 'fake', 'card', 'tok-2') as m;

-- case: what is there is listed, without its token
select results_eq(
    $$
    select l.user_id, l.provider, l.kind, l.brand, l.last4, l.exp_month, l.exp_year, l.is_default,
        l.version
    from payment.payment_method_list as l
    $$,
    $$
    select a.id, 'fake', 'card', 'visa', '4242', 12::smallint, 2030::smallint, true, 1::bigint
    from pg_temp.ann as a
    $$
);
select is_empty(
    $$select 1 from payment.payment_method_list as l where l::text like '%tok%'$$, 'no secret'
);
