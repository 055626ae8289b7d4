-- setup: Ann, mugs, and an order of three for 30 pounds, paid with her card
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_in_pounds_and_yen();
create temporary table placed as
select pg_temp.place() as n;
create temporary table card as
select m.method
from pg_temp.ann as a
cross join lateral payment.add_payment_method(a.user_id, 'fake', 'card', 'tok-1') as m;
select payment.process_payment_authorization(b.transaction, 'approved', 'auth-1')
from pg_temp.placed as p
cross join pg_temp.card as c
cross join lateral payment.begin_payment(p.n, 'fake', c.method) as b;

-- case: a payment with its order, its method and what became of the money
select results_eq(
    $$
    select
        l.order_number = p.n, l.provider, l.method = c.method, l.currency, l.amount::float8,
        l.surplus::float8, l.authorized::float8, l.captured::float8, l.refunded::float8,
        l.refund_pending::float8, l.charged_back::float8, l.settled::float8, l.fees::float8,
        l.status, l.authorization_expires_at > clock_timestamp(), l.attempts, l.version,
        l.updated_by
    from payment.payment_list as l, pg_temp.placed as p, pg_temp.card as c
    $$,
    $$
    values (
        true, 'fake', true, 'GBP', 30::float8, 0::float8, 30::float8, 0::float8, 0::float8,
        0::float8, 0::float8, 0::float8, 0::float8, 'authorized', true, 1, 2::bigint, 'web'
    )
    $$
);
