-- setup: Ann, mugs, and an order of three for 30 pounds for which 40 are authorised
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_in_pounds_and_yen();
create temporary table placed as
select
    p.n,
    pg_temp.approve(p.n, 'auth-1', 40) as p
from (select pg_temp.place() as n) as p;
delete from events.outbox_events;

-- case: giving up what the order can spare is claimed
select results_eq(
    $$
    select
        b.amount::float8, b.currency, b.provider, b.authorization_ref,
        b.claimed_until > clock_timestamp(), b.is_repetition
    from pg_temp.placed as p
    cross join lateral payment.begin_void(p.p) as b
    $$,
    $$values (10::float8, 'GBP', 'fake', 'auth-1', true, false)$$
);
select results_eq(
    'select e.event_type, e.aggregate_seq from events.outbox_events as e',
    $$values ('payment.void_begun', 3::bigint)$$
);
select is(l.authorized, 40, 'nothing is given up by asking') from payment.payment_list as l;

-- case: of a cancelled order the void that was asked for is the one that is claimed
select orders.cancel_order(p.n, p_reason => 'changed my mind') from pg_temp.placed as p;
select results_eq(
    $$
    select b.transaction, b.amount::float8, b.is_repetition
    from pg_temp.placed as p
    cross join lateral payment.begin_void(p.p) as b
    $$,
    $$
    select l.transaction, 40::float8, false
    from payment.payment_transaction_list as l
    where l.kind = 'void'
    $$
);

-- case: asked again, it is the same transaction; after a time-out, too
create temporary table tried as
select b.transaction as t
from pg_temp.placed as p
cross join lateral payment.begin_void(p.p, 10) as b;
select payment.record_void(t.t, 'timed_out') from pg_temp.tried as t;
select results_eq(
    $$
    select b.transaction, b.is_repetition
    from pg_temp.placed as p
    cross join lateral payment.begin_void(p.p, 10) as b
    $$,
    'select t.t, true from pg_temp.tried as t'
);
select throws_ok(format('select payment.begin_void(%L, 11)', p.p), 'SHM05', null, 'another')
from pg_temp.placed as p;

-- case: what an order needs is not given up: it is cancelled or credited first
select throws_ok(format('select payment.begin_void(%L, 10.01)', p.p), 'SHM08', null, 'needed')
from pg_temp.placed as p;
select orders.cancel_order(p.n, '[{"line_no": 1, "quantity": 1}]', 'one too many')
from pg_temp.placed as p;
select is(b.amount, 20, 'with what was credited')
from pg_temp.placed as p
cross join lateral payment.begin_void(p.p) as b;

-- case: what was authorised for an order that is not covered is
select is(b.amount, 5, 'a part')
from (values (pg_temp.place(1))) as n (n)
cross join lateral payment.process_payment_authorization(
    pg_temp.begin(n.n, 5), 'approved', 'auth-2'
) as r
cross join lateral payment.begin_void(r.payment) as b;

-- case: nothing left
select pg_temp.capture(p.p) from pg_temp.placed as p;
select payment.record_void(b.transaction, 'succeeded')
from pg_temp.placed as p
cross join lateral payment.begin_void(p.p) as b;
select throws_ok(format('select payment.begin_void(%L)', p.p), 'SHM08', null, 'captured')
from pg_temp.placed as p;

-- case: the same key gives the same answer, another request with it is refused
select is(b.amount, 10, 'once, however the amount is written')
from pg_temp.placed as p
cross join (values (10), (10.00)) as a (amount)
cross join lateral payment.begin_void(p.p, a.amount, 'k') as b;
select throws_ok(
    format('select payment.begin_void(%L, 11, %L)', p.p, 'k'), 'SHC01', null, 'another amount'
)
from pg_temp.placed as p;

-- case: what is unknown or malformed is refused
select throws_ok(
    format('select payment.begin_void(%s)', replace(b.arguments, 'P', p.p::text)), b.sqlstate, null,
    b.arguments
)
from pg_temp.placed as p
cross join (
    values
    ($$gen_random_uuid()$$, 'SHM01'), ($$'P', 0$$, '22023'), ($$'P', 0.001$$, '22023'),
    ($$'P', null, ''$$, '22023')
) as b (arguments, sqlstate);
