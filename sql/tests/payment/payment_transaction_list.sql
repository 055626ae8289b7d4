-- setup: Ann, mugs, and an order with one attempt declined and one under way
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_in_pounds_and_yen();
create temporary table placed as
select pg_temp.place() as n;
select payment.process_payment_authorization(
    b.transaction, 'declined', 'ref', null, 'no_funds', 'Not enough money'
)
from pg_temp.placed as p
cross join lateral payment.begin_payment(p.n, 'fake') as b;
select payment.begin_payment(p.n, 'fake') from pg_temp.placed as p;

-- case: each step, with what the provider said, or until when it is waited for
select results_eq(
    $$
    select
        l.order_number = p.n, l.kind, l.status, l.amount::float8, l.currency, l.provider,
        l.provider_ref, l.attempts, l.claimed_until > clock_timestamp(), l.error_code,
        l.error_reason, l.completed_at is null, l.actor
    from payment.payment_transaction_list as l, pg_temp.placed as p
    order by l.created_at
    $$,
    $$
    values
    (
        true, 'authorize', 'failed', 30::float8, 'GBP', 'fake', 'ref', 1, null::boolean,
        'no_funds', 'Not enough money', false, 'web'
    ),
    (
        true, 'authorize', 'pending', 30::float8, 'GBP', 'fake', null, 1, true, null, null, true,
        'web'
    )
    $$
);
