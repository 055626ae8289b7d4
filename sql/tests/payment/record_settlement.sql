-- setup: Ann, mugs, and an order of three for 30 pounds of which 20 are captured
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
select pg_temp.capture(p.p, 'cap-1', 20) from pg_temp.placed as p;
delete from events.outbox_events;

-- case: what was paid out, and what was kept, is booked once a reference
select results_eq(
    $$
    select
        r.status, r.currency, r.captured::float8, r.settled::float8, r.fees::float8,
        r.is_repetition
    from pg_temp.placed as p
    cross join generate_series(1, 2)
    cross join lateral payment.record_settlement(p.p, 's-1', 15, 0.45) as r
    $$,
    $$
    values
    ('partially_captured', 'GBP', 20::float8, 15::float8, 0.45::float8, false),
    ('partially_captured', 'GBP', 20::float8, 15::float8, 0.45::float8, true)
    $$
);
select results_eq(
    $$
    select l.kind, l.amount::float8, l.provider_ref
    from payment.payment_transaction_list as l
    where l.kind in ('settlement', 'fee')
    order by l.kind
    $$,
    $$values ('fee', 0.45::float8, 's-1'), ('settlement', 15::float8, 's-1')$$
);
select results_eq(
    $$
    select e.event_type, (e.payload ->> 'amount')::float8, (e.payload ->> 'fee')::float8
    from events.outbox_events as e
    $$,
    $$values ('payment.settled', 15::float8, 0.45::float8)$$
);

-- case: without a fee; and all of it, and the payment is settled
select payment.record_settlement(p.p, 's-1', 20) from pg_temp.placed as p;
select pg_temp.capture(p.p, 'cap-2') from pg_temp.placed as p;
select results_eq(
    $$
    select r.status, r.fees::float8
    from pg_temp.placed as p
    cross join lateral payment.record_settlement(p.p, 's-2', 10, 0) as r
    $$,
    $$values ('settled', 0::float8)$$
);

-- case: no more than was captured
select throws_ok(
    format('select payment.record_settlement(%L, %L, 20.01)', p.p, 's-1'), 'SHM11', null, 'too much'
)
from pg_temp.placed as p;
select payment.record_settlement(p.p, 's-1', 15) from pg_temp.placed as p;
select throws_ok(
    format('select payment.record_settlement(%L, %L, 5.01)', p.p, 's-2'), 'SHM11', null,
    'too much with what was settled before'
)
from pg_temp.placed as p;

-- case: other figures or another payment for the same reference are refused
select payment.record_settlement(p.p, 's-1', 15, 0.45) from pg_temp.placed as p;
select throws_ok(
    format('select payment.record_settlement(%L, %L, %s)', b.payment, 's-1', b.figures), 'SHM10',
    null, b.figures
)
from (
    select p.p as payment, f.figures
    from pg_temp.placed as p
    cross join (values ('14, 0.45'), ('15, 0.44'), ('15')) as f (figures)
    union all
    select pg_temp.approve(pg_temp.place(), 'auth-2'), '15, 0.45'
) as b;

-- case: what is unknown or malformed is refused
select throws_ok(
    format('select payment.record_settlement(%s)', replace(b.arguments, 'P', p.p::text)),
    b.sqlstate, null, b.arguments
)
from pg_temp.placed as p
cross join (
    values
    ($$gen_random_uuid(), 's', 1$$, 'SHM01'), ($$'P', null, 1$$, '22023'),
    ($$'P', '', 1$$, '22023'), ($$'P', 's', null$$, '22023'), ($$'P', 's', 0$$, '22023'),
    ($$'P', 's', 0.001$$, '22023'), ($$'P', 's', 1, -1$$, '22023'),
    ($$'P', 's', 1, 0.001$$, '22023')
) as b (arguments, sqlstate);
