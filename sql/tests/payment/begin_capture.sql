-- setup: Ann, mugs, and an order of three for 30 pounds whose payment is authorised
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_in_pounds_and_yen();
create temporary table placed as
select
    p.n,
    pg_temp.approve(p.n) as p
from (select pg_temp.place() as n) as p;
delete from events.outbox_events;

-- case: a capture of all that is due is claimed, with what the provider calls the authorisation
select results_eq(
    $$
    select
        b.payment = p.p, b.amount::float8, b.currency, b.provider, b.authorization_ref,
        b.claimed_until > clock_timestamp(), b.is_repetition
    from pg_temp.placed as p
    cross join lateral payment.begin_capture(p.p) as b
    $$,
    $$values (true, 30::float8, 'GBP', 'fake', 'auth-1', true, false)$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq, (e.payload ->> 'amount')::float8
    from events.outbox_events as e
    $$,
    $$values ('payment.capture_begun', 3::bigint, 30::float8)$$
);
select is(l.captured, 0, 'nothing is captured by asking') from payment.payment_list as l;

-- case: asked again, it is the same transaction; after a time-out or an old claim, too
create temporary table tried as
select b.transaction as t
from pg_temp.placed as p
cross join lateral payment.begin_capture(p.p) as b;
select is(b.transaction, t.t, 'while the answer is awaited')
from pg_temp.tried as t, pg_temp.placed as p
cross join lateral payment.begin_capture(p.p) as b;
select payment.record_capture(t.t, 'timed_out') from pg_temp.tried as t;
select is(b.transaction, t.t, 'after a time-out')
from pg_temp.tried as t, pg_temp.placed as p
cross join lateral payment.begin_capture(p.p) as b;
update payment.payment_transactions
set claimed_until = clock_timestamp() - interval '1 second' where status = 'pending';
select is(b.transaction, t.t, 'after an old claim')
from pg_temp.tried as t, pg_temp.placed as p
cross join lateral payment.begin_capture(p.p) as b;
select is(l.attempts, 3, 'each counted')
from payment.payment_transaction_list as l
where l.kind = 'capture';

-- case: another capture is refused while the outcome of one is not known
select payment.begin_capture(p.p, 10) from pg_temp.placed as p;
select throws_ok(
    format('select payment.begin_capture(%L, %s)', p.p, b.arguments), 'SHM05', null, b.arguments
)
from pg_temp.placed as p
cross join (values ('20'), ('10, true'), ('20, true')) as b (arguments);

-- case: several captures, never more than is authorised and due
select pg_temp.capture(p.p, 'c' || c.amount, c.amount)
from pg_temp.placed as p
cross join (values (12.5), (7.25)) as c (amount);
select throws_ok(
    format('select payment.begin_capture(%L, 10.26)', p.p), 'SHM08', null, 'a penny too much'
)
from pg_temp.placed as p;
select is(
    detail_of(format('select payment.begin_capture(%L, 10.26)', p.p)) ->> 'capturable',
    '10.2500', 'the detail says what is left'
)
from pg_temp.placed as p;
select is(b.amount, 10.25, 'the rest')
from pg_temp.placed as p
cross join lateral payment.begin_capture(p.p) as b;

-- case: what was credited is not captured, even where it is authorised
select orders.cancel_order(p.n, '[{"line_no": 1, "quantity": 1}]', 'one too many')
from pg_temp.placed as p;
select throws_ok(format('select payment.begin_capture(%L, 20.01)', p.p), 'SHM08', null, 'not due')
from pg_temp.placed as p;
select is(b.amount, 20, 'what is due')
from pg_temp.placed as p
cross join lateral payment.begin_capture(p.p) as b;

-- case: nothing is captured of what is over, swept or not
update payment.payments set auth_expires_at = clock_timestamp() - interval '1 second';
select throws_ok(format('select payment.begin_capture(%L)', p.p), 'SHM08', null, 'too late')
from pg_temp.placed as p;
select payment.cleanup_expired_payments();
select throws_ok(format('select payment.begin_capture(%L)', p.p), 'SHM08', null, 'swept')
from pg_temp.placed as p;

-- case: nor what a void is giving up
create temporary table parts as
select
    l.part,
    r.payment as p
from (values (pg_temp.place())) as n (n)
cross join (values (1, 12, 12), (2, 18, 28)) as l (part, asked, granted)
cross join lateral payment.process_payment_authorization(
    pg_temp.begin(n.n, l.asked), 'approved', 'part-' || l.part, l.granted
) as r;
select payment.begin_void(p.p, 9) from pg_temp.parts as p where p.part = 1;
select throws_ok(format('select payment.begin_capture(%L, 3.01)', p.p), 'SHM08', null, 'taken')
from pg_temp.parts as p
where p.part = 1;
select lives_ok(format('select payment.begin_capture(%L, 3)', p.p), 'the rest can be')
from pg_temp.parts as p
where p.part = 1;

-- case: a final capture lets go of no more than the order can spare
select throws_ok(
    format('select payment.begin_capture(%L, 29.99, true)', p.p), 'SHM08', null, 'too little'
)
from pg_temp.placed as p;
select orders.cancel_order(p.n, '[{"line_no": 1, "quantity": 1}]', 'one too many')
from pg_temp.placed as p;
select lives_ok(format('select payment.begin_capture(%L, 20, true)', p.p), 'it is credited')
from pg_temp.placed as p;

-- case: nothing is captured for an order that is not confirmed, or dead
select payment.process_payment_authorization(pg_temp.begin(n.n, 5), 'approved', 'part')
from (values (pg_temp.place(1))) as n (n);
select throws_ok(format('select payment.begin_capture(%L)', l.payment), 'SHM04', null, 'pending')
from payment.payment_list as l
where l.amount = 5;
select orders.cancel_order(p.n, p_reason => 'changed my mind') from pg_temp.placed as p;
select throws_ok(format('select payment.begin_capture(%L)', p.p), 'SHM04', null, 'cancelled')
from pg_temp.placed as p;

-- case: the same key gives the same answer, another request with it is refused
select is(b.amount, 10, 'once, however the amount is written')
from pg_temp.placed as p
cross join (values (10), (10.00)) as a (amount)
cross join lateral payment.begin_capture(p.p, a.amount, false, 'k') as b;
select throws_ok(
    format('select payment.begin_capture(%L, 11, false, %L)', p.p, 'k'), 'SHC01', null, 'another'
)
from pg_temp.placed as p;

-- case: what is unknown or malformed is refused
select throws_ok(
    format('select payment.begin_capture(%s)', replace(b.arguments, 'P', p.p::text)), b.sqlstate,
    null, b.arguments
)
from pg_temp.placed as p
cross join (
    values
    ($$gen_random_uuid()$$, 'SHM01'), ('null', 'SHM01'), ($$'P', 0$$, '22023'),
    ($$'P', -1$$, '22023'), ($$'P', 0.001$$, '22023'), ($$'P', null, null$$, '22023'),
    ($$'P', null, false, ''$$, '22023')
) as b (arguments, sqlstate);

-- case: the same step is there for who asks again, also when the order was cancelled meanwhile
select payment.begin_capture(p.p, 12) from pg_temp.placed as p;
select orders.cancel_order(p.n, p_reason => 'test') from pg_temp.placed as p;
select is(r.is_repetition, true, 'the provider may have the money')
from pg_temp.placed as p
cross join lateral payment.begin_capture(p.p, 12) as r;
select payment.record_capture(t.public_id, 'failed', p_error_code => 'no')
from payment.payment_transactions as t
where t.kind = 'capture';
select throws_ok(
    format('select payment.begin_capture(%L, 12)', p.p), 'SHM04', null, 'no new one'
)
from pg_temp.placed as p;

-- case: what other payments of the order are capturing is not due any more
create temporary table parts as
select
    pg_temp.place() as n,
    null::uuid as p;
insert into pg_temp.parts
select
    a.n,
    r.payment
from pg_temp.parts as a
cross join (values (1), (2)) as k (k)
cross join lateral payment.process_payment_authorization(
    pg_temp.begin(a.n, 15), 'approved', 'part-' || k.k
) as r;
select orders.cancel_order(a.n, '[{"sku": "RED", "quantity": 1}]')
from pg_temp.parts as a
where a.p is null;
select bag_eq(
    $$
    select b.amount::float8
    from pg_temp.parts as a
    cross join lateral payment.begin_capture(a.p) as b
    where a.p is not null
    $$,
    'values (15::float8), (5)',
    'twenty in all'
);
