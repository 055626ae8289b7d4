-- setup: Ann, mugs, and an order of three for 30 pounds
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_in_pounds_and_yen();
create temporary table placed as
select pg_temp.place() as n;
delete from events.outbox_events;

-- case: an attempt is claimed: payment, step, event, and the order waits
select results_eq(
    $$
    select
        b.amount::float8, b.currency, b.provider, b.token, b.status, b.attempts_left,
        b.claimed_until between clock_timestamp() + interval '14 minutes'
        and clock_timestamp() + interval '15 minutes', b.is_repetition
    from pg_temp.placed as p
    cross join lateral payment.begin_payment(p.n, 'fake') as b
    $$,
    $$values (30::float8, 'GBP', 'fake', null::text, 'created', 4, true, false)$$
);
select results_eq(
    $$
    select l.kind, l.status, l.amount::float8, l.attempts, l.actor
    from payment.payment_transaction_list as l
    $$,
    $$values ('authorize', 'pending', 30::float8, 1, 'web')$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq, (e.payload ->> 'amount')::float8
    from events.outbox_events as e
    where e.aggregate_type = 'payment'
    $$,
    $$values ('payment.created', 1::bigint, 30::float8)$$
);
select ok(
    payment.in_flight(o.order_id) > clock_timestamp() + interval '14 minutes',
    'the provider may answer for a while'
)
from orders.orders as o;

-- case: an order about to expire is kept, with its stock, until the provider may have answered
update orders.orders set expires_at = clock_timestamp() + interval '1 minute';
update inventory.inventory_reservations set expires_at = clock_timestamp() + interval '1 minute';
select pg_temp.begin(p.n) from pg_temp.placed as p;
select ok(o.expires_at > clock_timestamp() + interval '14 minutes', 'the order')
from orders.orders as o;
select ok(r.expires_at > clock_timestamp() + interval '14 minutes', 'its stock')
from inventory.inventory_reservations as r;

-- case: asked again while the outcome is not known, it is the same transaction
select is(pg_temp.begin(p.n), pg_temp.begin(p.n), 'the same') from pg_temp.placed as p;
select is(l.attempts, 1, 'nobody was asked twice') from payment.payment_list as l;
select is(count(*)::integer, 1, 'one step') from payment.payment_transaction_list;

-- case: after a time-out the retry has the same transaction, and counts as an attempt
create temporary table tried as
select pg_temp.begin(p.n) as t from pg_temp.placed as p;
select payment.process_payment_authorization(t.t, 'timed_out') from pg_temp.tried as t;
select results_eq(
    $$
    select b.transaction, b.attempts_left, b.is_repetition
    from pg_temp.placed as p
    cross join lateral payment.begin_payment(p.n, 'fake') as b
    $$,
    $$select t.t, 3, true from pg_temp.tried as t$$
);
select results_eq(
    'select l.status, l.attempts, l.error_code from payment.payment_transaction_list as l',
    $$values ('pending', 2, null::text)$$
);

-- case: after a claim that ran out, too
create temporary table tried as
select pg_temp.begin(p.n) as t from pg_temp.placed as p;
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second';
select is(payment.in_flight(o.order_id), null, 'nothing is under way') from orders.orders as o;
select is(pg_temp.begin(p.n), t.t, 'the same') from pg_temp.placed as p, pg_temp.tried as t;
select is(l.attempts, 2, 'another attempt') from payment.payment_list as l;

-- case: while the outcome is not known, nothing else can be begun
select pg_temp.begin(p.n) from pg_temp.placed as p;
select throws_ok(
    format('select payment.begin_payment(%L, %s)', p.n, b.arguments), 'SHM05', null, b.arguments
)
from pg_temp.placed as p
cross join (values ($$'other'$$), ($$'fake', null, 10$$)) as b (arguments);
select is(
    detail_of(format('select payment.begin_payment(%L, %L)', p.n, 'other')) ->> 'transaction',
    pg_temp.begin(p.n)::text, 'the detail names what to finish'
)
from pg_temp.placed as p;

-- case: a declined payment makes room for another one, as often as the rule says
select payment.process_payment_authorization(pg_temp.begin(p.n), 'declined')
from pg_temp.placed as p
cross join generate_series(1, 4);
select results_eq(
    'select l.status from payment.payment_list as l',
    $$values ('failed'), ('failed'), ('failed'), ('failed')$$
);
select results_eq(
    $$
    select b.attempts_left
    from pg_temp.placed as p
    cross join lateral payment.begin_payment(p.n, 'other') as b
    $$,
    'values (0)'
);
update payment.payment_transactions
set claimed_until = clock_timestamp() - interval '1 second' where claimed_until is not null;
select throws_ok(
    format('select payment.begin_payment(%L, %L)', p.n, 'other'), 'SHM06', null, 'used up'
)
from pg_temp.placed as p;

-- case: without a limit, one may go on
select core.set_business_rule('payment_attempts_max', 5, 1, null, false);
select payment.process_payment_authorization(pg_temp.begin(p.n), 'declined')
from pg_temp.placed as p
cross join generate_series(1, 9);
select is(b.attempts_left, null, 'no number')
from pg_temp.placed as p
cross join lateral payment.begin_payment(p.n, 'fake') as b;

-- case: a part can be paid, and then the rest
select payment.process_payment_authorization(pg_temp.begin(p.n, 12.5), 'approved', 'a')
from pg_temp.placed as p;
select is(pg_temp.status(p.n), 'pending/partially_authorized', 'not covered yet')
from pg_temp.placed as p;
select results_eq(
    $$
    select b.amount::float8
    from pg_temp.placed as p
    cross join lateral payment.begin_payment(p.n, 'other') as b
    $$,
    'values (17.5::float8)'
);

-- case: nobody pays more than is due, nor twice
select throws_ok(
    format('select payment.begin_payment(%L, %L, null, 30.01)', p.n, 'fake'), 'SHM07', null,
    'more than is due'
)
from pg_temp.placed as p;
select pg_temp.approve(p.n) from pg_temp.placed as p;
select throws_ok(
    format('select payment.begin_payment(%L, %L)', p.n, 'fake'), 'SHM07', null, 'nothing is due'
)
from pg_temp.placed as p;
select is(
    detail_of(format('select payment.begin_payment(%L, %L)', p.n, 'fake')) -> 'due', '0',
    'it says so'
)
from pg_temp.placed as p;

-- case: a dead order is not paid
select orders.cancel_order(p.n, p_reason => 'changed my mind') from pg_temp.placed as p;
select throws_ok(
    format('select payment.begin_payment(%L, %L)', p.n, 'fake'), 'SHM04', null, 'cancelled'
)
from pg_temp.placed as p;

-- case: nor one past its expiry, swept or not; but one whose provider may still answer is
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
select throws_ok(
    format('select payment.begin_payment(%L, %L)', p.n, 'fake'), 'SHM04', null, 'too late'
)
from pg_temp.placed as p;

-- case: an amount has the decimals of its currency
select throws_ok(
    format('select payment.begin_payment(%L, %L, null, %s)', p.n, 'fake', b.amount), '22023', null,
    b.amount::text
)
from (values (pg_temp.place(1, 'YEN'))) as p (n)
cross join (values (0.5), (0), (-1), (1e15)) as b (amount);
select lives_ok(
    format('select payment.begin_payment(%L, %L, null, 1200)', pg_temp.place(1, 'YEN'), 'fake'),
    'yen are whole'
);

-- case: what is malformed or unknown is refused
select throws_ok(
    format('select payment.begin_payment(%s)', b.arguments), b.sqlstate, null, b.arguments
)
from (
    values
    ($$'NONE-NONE-NONE', 'fake'$$, 'SHO01'), ($$null, 'fake'$$, 'SHO01'),
    ($$'X', null$$, '22023'), ($$'X', ''$$, '22023'), ($$'X', 'Fake'$$, '22023'),
    ($$'X', repeat('f', 51)$$, '22023'), ($$'X', 'fake', p_idempotency_key => ''$$, '22023')
) as b (arguments, sqlstate);

-- case: with a method, its token comes along, and is in no stored answer
create temporary table card as
select m.method
from pg_temp.ann as a
cross join lateral payment.add_payment_method(a.user_id, 'fake', 'card', 'tok-secret') as m;
select is(b.token, 'tok-secret', b.title)
from (
    select b.token, t.title
    from (values ('first'), ('replayed')) as t (title)
    cross join pg_temp.placed as p
    cross join pg_temp.card as c
    cross join lateral payment.begin_payment(p.n, 'fake', c.method, null, 'k') as b
) as b;
select is_empty(
    $$
    select k.key
    from core.idempotency_keys as k
    where k.response::text like '%secret%'
    $$
);
select is(l.method, c.method, 'the payment names it')
from payment.payment_list as l, pg_temp.card as c;

-- case: a method of somebody else, of another provider, removed or unknown is refused
create temporary table card as
select m.method
from account.register_user('bob@example.com', 'Bob') as u
cross join lateral payment.add_payment_method(u.user_id, 'fake', 'card', 'tok-bob') as m
union all
select m.method
from pg_temp.ann as a
cross join lateral payment.add_payment_method(a.user_id, 'other', 'card', 'tok-other') as m
union all
select r.method
from pg_temp.ann as a
cross join lateral payment.add_payment_method(a.user_id, 'fake', 'card', 'tok-gone') as m
cross join lateral payment.remove_payment_method(a.user_id, m.method) as r
union all
select gen_random_uuid();
select throws_ok(
    format('select payment.begin_payment(%L, %L, %L)', p.n, 'fake', c.method), 'SHM03', null, 'no'
)
from pg_temp.placed as p, pg_temp.card as c;

-- case: the same key gives the same answer, another request with it is refused
select is(b.attempts_left, 4, 'once, however the amount is written')
from pg_temp.placed as p
cross join (values (9), (9.00)) as a (amount)
cross join lateral payment.begin_payment(p.n, 'fake', null, a.amount, 'k') as b;
select throws_ok(
    format('select payment.begin_payment(%L, %L, null, 10, %L)', p.n, 'fake', 'k'), 'SHC01', null,
    'another amount'
)
from pg_temp.placed as p;

-- case: a refusal leaves nothing behind
select detail_of(
    format('select payment.begin_payment(%L, %L, null, 99, %L)', p.n, 'fake', 'k')
)
from pg_temp.placed as p;
select is_empty('select 1 from payment.payments');
select is_empty('select 1 from events.outbox_events');
