-- setup: Ann, mugs, an order of three for 30 pounds, and an attempt at paying it
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_in_pounds_and_yen();
create function pg_temp.payment(p_transaction uuid)
returns uuid
language sql
as $$
select l.payment from payment.payment_transaction_list as l where l.transaction = p_transaction
$$;
create function pg_temp.books(p_payment uuid)
returns table (
    status text, authorized float8, captured float8, refund_pending float8, surplus float8
)
language sql
as $$
select
    l.status, l.authorized::float8, l.captured::float8, l.refund_pending::float8,
    l.surplus::float8
from payment.payment_list as l
where l.payment = p_payment
$$;
create temporary table placed as
select
    p.n,
    pg_temp.begin(p.n) as t
from (select pg_temp.place() as n) as p;
delete from events.outbox_events;

-- case: an approval confirms the order: payment, order, stock and events at once
select results_eq(
    $$
    select
        r.transaction = p.t, r.transaction_status, r.status, r.amount::float8, r.currency,
        r.authorized::float8, r.captured::float8, r.error, r.reason, r.can_retry, r.attempts_left,
        r.order_number = p.n, r.order_status, r.payment_status, r.expires_at
    from pg_temp.placed as p
    cross join lateral payment.process_payment_authorization(p.t, 'approved', 'auth-1') as r
    $$,
    $$
    values (
        true, 'succeeded', 'authorized', 30::float8, 'GBP', 30::float8, 0::float8, null::text,
        null::text, false, 4, true, 'confirmed', 'authorized', null::timestamptz
    )
    $$
);
select results_eq(
    'select r.status, r.open_quantity from inventory.inventory_reservations as r',
    $$values ('consumed', 3)$$
);
select results_eq(
    $$
    select e.event_type, e.aggregate_seq, e.payload ->> 'status'
    from events.outbox_events as e
    where e.aggregate_type = 'payment'
    $$,
    $$values ('payment.authorized', 2::bigint, 'authorized')$$
);
select ok(
    l.authorization_expires_at between clock_timestamp() + interval '6 days 23 hours'
    and clock_timestamp() + interval '7 days',
    'for as long as the rule says'
)
from payment.payment_list as l;

-- case: the provider's own word on how long it keeps the money goes before the rule
select payment.process_payment_authorization(
    p.t, 'approved', 'auth-1', null, null, null, '2099-01-01 00:00+00'
)
from pg_temp.placed as p;
select is(l.authorization_expires_at, '2099-01-01 00:00+00', 'as it said')
from payment.payment_list as l;

-- case: an authorisation that is over when its news arrives confirms nothing
select results_eq(
    $$
    select r.status, r.authorized::float8, r.order_status
    from pg_temp.placed as p
    cross join lateral payment.process_payment_authorization(
        p.t, 'approved', 'auth-1', null, null, null, clock_timestamp() - interval '1 day'
    ) as r
    $$,
    $$values ('expired', 0::float8, 'pending')$$
);

-- case: a decline is recorded and returned; the order and its stock wait for another try
select results_eq(
    $$
    select
        r.transaction_status, r.status, r.error, r.reason, r.message, r.can_retry,
        r.attempts_left, r.order_status, r.payment_status, r.expires_at > clock_timestamp()
    from pg_temp.placed as p
    cross join lateral payment.process_payment_authorization(
        p.t, 'declined', p_error_code => 'do_not_honour', p_error_reason => 'Ask your bank'
    ) as r
    $$,
    $$
    values (
        'failed', 'failed', 'PAYMENT_FAILED', 'do_not_honour', 'Ask your bank', true, 4, 'pending',
        'unpaid', true
    )
    $$
);
select is(r.status, 'active', 'still held') from inventory.inventory_reservations as r;
select results_eq(
    $$
    select e.event_type, e.payload ->> 'error_code'
    from events.outbox_events as e
    where e.aggregate_type = 'payment'
    $$,
    $$values ('payment.failed', 'do_not_honour')$$
);
select is(r.http_status, 402, 'the error is registered')
from core.error_codes as r
where r.name = 'PAYMENT_FAILED';

-- case: another try after a decline can succeed
select payment.process_payment_authorization(p.t, 'declined') from pg_temp.placed as p;
select pg_temp.approve(p.n, 'auth-2') from pg_temp.placed as p;
select is(pg_temp.status(p.n), 'confirmed/authorized', 'paid in the end') from pg_temp.placed as p;

-- case: a technical failure is told like a decline, without a code by its own name
select results_eq(
    $$
    select r.error, r.reason, r.can_retry
    from pg_temp.placed as p
    cross join lateral payment.process_payment_authorization(p.t, 'failed') as r
    $$,
    $$values ('PAYMENT_FAILED', 'failed', true)$$
);

-- case: a time-out is told, too: nobody knows, and the same transaction is to be tried again
select results_eq(
    $$
    select r.transaction_status, r.status, r.error, r.reason, r.can_retry, r.order_status
    from pg_temp.placed as p
    cross join lateral payment.process_payment_authorization(p.t, 'timed_out') as r
    $$,
    $$values ('timed_out', 'created', 'PAYMENT_FAILED', 'timed_out', true, 'pending')$$
);
select isnt(payment.in_flight(o.order_id), null, 'the provider may still answer')
from orders.orders as o;
select is(pg_temp.begin(p.n), p.t, 'the same key') from pg_temp.placed as p;

-- case: an approval after a time-out counts once
select payment.process_payment_authorization(p.t, o.outcome, o.ref)
from pg_temp.placed as p
cross join (
    values (1, 'timed_out', null), (2, 'approved', 'a'), (3, 'timed_out', null)
) as o (position, outcome, ref);
select results_eq(
    $$select b.* from pg_temp.placed as p, pg_temp.books(pg_temp.payment(p.t)) as b$$,
    $$values ('authorized', 30::float8, 0::float8, 0::float8, 0::float8)$$
);

-- case: what the caller calls final cancels the order and returns its stock, once
select results_eq(
    $$
    select r.status, r.error, r.can_retry, r.order_status
    from pg_temp.placed as p
    cross join lateral payment.process_payment_authorization(
        p.t, 'declined', p_error_code => 'stolen_card', p_is_final => true
    ) as r
    cross join generate_series(1, 2)
    $$,
    $$
    values
    ('failed', 'PAYMENT_FAILED', false, 'cancelled'),
    ('failed', 'PAYMENT_FAILED', false, 'cancelled')
    $$
);
select is(sum(b.available), 20::bigint, 'all of it')
from inventory.stock_buckets as b
inner join product.variants as v on v.variant_id = b.variant_id and v.sku = 'RED';
select is(
    (select count(*) from events.outbox_events as e where e.event_type = 'order.cancelled'),
    1::bigint, 'once'
);

-- case: so does the last attempt
select core.set_business_rule('payment_attempts_max', 2, 1);
select is(r.order_status, 'pending', 'the first')
from pg_temp.placed as p
cross join lateral payment.process_payment_authorization(p.t, 'declined') as r;
select results_eq(
    $$
    select r.order_status, r.can_retry, r.attempts_left
    from pg_temp.placed as p
    cross join lateral payment.process_payment_authorization(pg_temp.begin(p.n), 'failed') as r
    $$,
    $$values ('cancelled', false, 0)$$
);
select is(sum(b.available), 20::bigint, 'all of it')
from inventory.stock_buckets as b
inner join product.variants as v on v.variant_id = b.variant_id and v.sku = 'RED';

-- case: also where it timed out
select core.set_business_rule('payment_attempts_max', 1, 1);
select results_eq(
    $$
    select r.transaction_status, r.status, r.reason, r.can_retry, r.order_status
    from pg_temp.placed as p
    cross join lateral payment.process_payment_authorization(p.t, 'timed_out') as r
    $$,
    $$values ('failed', 'failed', 'timed_out', false, 'cancelled')$$
);

-- case: an approval that comes after all, for a cancelled order, is recorded and given up
select payment.process_payment_authorization(p.t, 'declined', p_is_final => true)
from pg_temp.placed as p;
select results_eq(
    $$
    select r.status, r.authorized::float8, r.order_status
    from pg_temp.placed as p
    cross join lateral payment.process_payment_authorization(p.t, 'approved', 'late') as r
    $$,
    $$values ('authorized', 30::float8, 'cancelled')$$
);
select results_eq(
    $$
    select l.kind, l.status, l.amount::float8
    from payment.payment_transaction_list as l
    where l.kind = 'void'
    $$,
    $$values ('void', 'pending', 30::float8)$$
);
select is(
    (select count(*) from events.outbox_events as e where e.event_type = 'payment.void_requested'),
    1::bigint, 'a worker is told'
);

-- case: for an order that expired it brings the order back, if its stock is still to be had
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second';
select orders.cleanup_expired_orders();
select is(pg_temp.status(p.n), 'expired/unpaid', 'gone') from pg_temp.placed as p;
select is(r.order_status, 'confirmed', 'back')
from pg_temp.placed as p
cross join lateral payment.process_payment_authorization(p.t, 'approved', 'late') as r;
select is(r.open_quantity, 3, 'with its stock')
from inventory.inventory_reservations as r
where r.status = 'consumed';

-- case: and gives the money up, if somebody else has the stock
update orders.orders set expires_at = clock_timestamp() - interval '1 second';
update payment.payment_transactions set claimed_until = clock_timestamp() - interval '1 second';
select orders.cleanup_expired_orders();
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 19}]', 'session:other');
select is(r.order_status, 'expired', 'stays dead')
from pg_temp.placed as p
cross join lateral payment.process_payment_authorization(p.t, 'approved', 'late') as r;
select is(l.amount, 30, 'given up')
from payment.payment_transaction_list as l
where l.kind = 'void';

-- case: an approval and its repetitions are one
select is(r.authorized, 30, 'once')
from pg_temp.placed as p
cross join generate_series(1, 3)
cross join lateral payment.process_payment_authorization(p.t, 'approved', 'auth-1') as r;
select is(l.version, 2::bigint, 'nothing was written again') from payment.payment_list as l;

-- case: a decline and its repetitions are one
select is(r.attempts_left, 4, 'once')
from pg_temp.placed as p
cross join generate_series(1, 3)
cross join lateral payment.process_payment_authorization(p.t, 'declined') as r;
select is(l.version, 2::bigint, 'nothing was written again') from payment.payment_list as l;

-- case: a failure after a success is refused: what was granted is not taken back by words
select payment.process_payment_authorization(p.t, 'approved', 'auth-1') from pg_temp.placed as p;
select throws_ok(
    format('select payment.process_payment_authorization(%L, %L)', p.t, b.outcome), 'SHM09', null,
    b.outcome
)
from pg_temp.placed as p
cross join (values ('declined'), ('failed')) as b (outcome);
select is(r.status, 'authorized', 'who only says that he waited is told')
from pg_temp.placed as p
cross join (values ('timed_out'), ('processing'), ('requires_action')) as b (outcome)
cross join lateral payment.process_payment_authorization(p.t, b.outcome) as r;

-- case: a success after a failure counts: the money is real
select payment.process_payment_authorization(p.t, 'declined') from pg_temp.placed as p;
select is(r.order_status, 'confirmed', 'paid after all')
from pg_temp.placed as p
cross join lateral payment.process_payment_authorization(p.t, 'approved', 'late') as r;

-- case: where another payment has covered the order meanwhile, the second one is given up
select payment.process_payment_authorization(p.t, 'declined') from pg_temp.placed as p;
select pg_temp.approve(p.n, 'auth-2') from pg_temp.placed as p;
select payment.process_payment_authorization(p.t, 'approved', 'late') from pg_temp.placed as p;
select results_eq(
    $$
    select l.kind, l.status, l.amount::float8
    from payment.payment_transaction_list as l
    where l.kind = 'void'
    $$,
    $$values ('void', 'pending', 30::float8)$$
);

-- case: a provider that authorises twice is believed, and the surplus given up
select payment.process_payment_authorization(p.t, 'approved', a.ref)
from pg_temp.placed as p
cross join (values ('auth-1'), ('auth-2')) as a (ref);
select results_eq(
    $$select b.* from pg_temp.placed as p, pg_temp.books(pg_temp.payment(p.t)) as b$$,
    $$values ('authorized', 60::float8, 0::float8, 0::float8, 30::float8)$$
);

-- case: a provider that authorises less leaves the rest due, one that authorises more is believed
select is(r.order_status, 'pending', 'not covered')
from pg_temp.placed as p
cross join lateral payment.process_payment_authorization(p.t, 'approved', 'auth-1', 20) as r;
select is(b.amount, 10, 'the rest')
from pg_temp.placed as p
cross join lateral payment.begin_payment(p.n, 'fake') as b;
select is(r.authorized, 12, 'more than asked')
from payment.payment_transaction_list as l
cross join lateral payment.process_payment_authorization(l.transaction, 'approved', 'b', 12) as r
where l.status = 'pending';
select is(sum(l.surplus), 2, 'is surplus') from payment.payment_list as l;

-- case: one reference is one authorisation, whatever payment it is said of
select pg_temp.approve(p.n, 'other') from (values (pg_temp.place(1))) as p (n);
select throws_ok(
    format('select payment.process_payment_authorization(%L, %L, %L)', p.t, 'approved', 'other'),
    'SHM10', null, 'booked elsewhere'
)
from pg_temp.placed as p;
select is(pg_temp.status(p.n), 'pending/unpaid', 'nothing happened') from pg_temp.placed as p;

-- case: a provider may call all attempts at one payment by one reference
select payment.process_payment_authorization(p.t, 'requires_action', 'pi-1')
from pg_temp.placed as p;
select payment.process_payment_authorization(p.t, 'declined', 'pi-1') from pg_temp.placed as p;
select payment.process_payment_authorization(a.t, 'declined', 'pi-1')
from pg_temp.placed as p
cross join lateral pg_temp.begin(p.n) as a (t);
select payment.process_payment_authorization(a.t, o.outcome, 'pi-1')
from pg_temp.placed as p
cross join lateral pg_temp.begin(p.n) as a (t)
cross join (values (1, 'processing'), (2, 'approved')) as o (position, outcome);
select is(pg_temp.status(p.n), 'confirmed/authorized', 'the third one') from pg_temp.placed as p;
select throws_ok(
    format('select payment.process_payment_authorization(%L, %L, %L)', p.t, 'approved', 'pi-1'),
    'SHM10', null, 'and only that one'
)
from pg_temp.placed as p;

-- case: a failure that became a success under the same reference
select payment.process_payment_authorization(p.t, o.outcome, 'pi-1')
from pg_temp.placed as p
cross join (values (1, 'declined'), (2, 'approved'), (3, 'approved')) as o (position, outcome);
select is(l.authorized, 30, 'counted once') from payment.payment_list as l;

-- case: a method that takes the money at once is authorised and captured
select results_eq(
    $$
    select r.status, r.authorized::float8, r.captured::float8, r.order_status, r.payment_status
    from pg_temp.placed as p
    cross join generate_series(1, 2)
    cross join lateral payment.process_payment_authorization(p.t, 'captured', 'sale-1') as r
    $$,
    $$
    values
    ('captured', 30::float8, 30::float8, 'confirmed', 'paid'),
    ('captured', 30::float8, 30::float8, 'confirmed', 'paid')
    $$
);

-- case: a customer who has to act, or a bank that takes its time, keeps the order alive
select results_eq(
    $$
    select r.status, r.transaction_status, r.error, r.order_status,
        r.expires_at > clock_timestamp() + interval '14 minutes'
    from pg_temp.placed as p
    cross join (values ('requires_action'), ('processing')) as o (outcome)
    cross join lateral payment.process_payment_authorization(p.t, o.outcome) as r
    $$,
    $$
    values
    ('requires_action', 'pending', null::text, 'pending', true),
    ('processing', 'pending', null, 'pending', true)
    $$
);
select is(r.order_status, 'confirmed', 'in the end')
from pg_temp.placed as p
cross join lateral payment.process_payment_authorization(p.t, 'approved', 'auth-1') as r;

-- case: a provider's words are kept without card numbers and control characters, and cut
select payment.process_payment_authorization(
    p.t, 'declined', p_error_code => repeat('c', 200),
    p_error_reason => E'Card 4111 1111 1111 1111\nrefused' || repeat('!', 600)
)
from pg_temp.placed as p;
select results_eq(
    $$
    select length(l.error_code), length(l.error_reason), left(l.error_reason, 32)
    from payment.payment_transaction_list as l
    $$,
    $$values (100, 500, 'Card **** **** **** **** refused')$$
);

-- case: a failure after confirmation, of a payment for what came to be due, cancels nothing
select payment.process_payment_authorization(p.t, 'approved', 'auth-1') from pg_temp.placed as p;
update payment.payments set auth_expires_at = clock_timestamp() - interval '1 second';
select payment.cleanup_expired_payments();
select is(r.order_status, 'confirmed', 'the shop decides')
from pg_temp.placed as p
cross join lateral payment.process_payment_authorization(
    pg_temp.begin(p.n), 'declined', p_is_final => true
) as r;

-- case: what is unknown or malformed is refused
select throws_ok(
    format(
        'select payment.process_payment_authorization(%s)', replace(b.arguments, 'T', p.t::text)
    ),
    b.sqlstate, null, b.arguments
)
from pg_temp.placed as p
cross join (
    values
    ($$gen_random_uuid(), 'approved', 'a'$$, 'SHM02'), ($$null, 'approved', 'a'$$, 'SHM02'),
    ($$'T', null$$, '22023'), ($$'T', 'maybe'$$, '22023'), ($$'T', 'approved'$$, '22023'),
    ($$'T', 'approved', ''$$, '22023'), ($$'T', 'approved', repeat('r', 256)$$, '22023'),
    ($$'T', 'approved', '4111111111111111'$$, '22023'), ($$'T', 'approved', 'a', 0$$, '22023'),
    ($$'T', 'approved', 'a', 1.001$$, '22023'), ($$'T', 'captured'$$, '22023')
) as b (arguments, sqlstate);
