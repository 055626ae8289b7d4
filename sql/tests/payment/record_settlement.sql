-- setup: Ann, mugs, and an order of three for 30 pounds of which 20 are captured
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select product.import_products('[
    {"sku": "RED", "name": "Red mug", "price": 10, "currency": "GBP"},
    {"sku": "YEN", "name": "Fan", "price": 1200, "currency": "JPY"}
]');
select inventory.receive_stock('[{"sku": "RED", "quantity": 20}, {"sku": "YEN", "quantity": 9}]');
create function pg_temp.place(p_quantity integer default 3, p_sku text default 'RED')
returns text
language sql
as $$
select r.order_number
from orders.place_order(
    'user:' || (select a.user_id from pg_temp.ann as a),
    case p_sku when 'RED' then 'GBP' else 'JPY' end,
    jsonb_build_array(jsonb_build_object('sku', p_sku, 'quantity', p_quantity)),
    '{"email": "ann@example.com"}'
) as r
$$;
create function pg_temp.begin(p_order text, p_amount numeric default null)
returns uuid
language sql
as $$select b.transaction from payment.begin_payment(p_order, 'fake', null, p_amount) as b$$;
create function pg_temp.approve(
    p_order text, p_ref text default 'auth-1', p_amount numeric default null
)
returns uuid
language sql
as $$
select r.payment
from payment.process_payment_authorization(
    pg_temp.begin(p_order), 'approved', p_ref, p_amount
) as r
$$;
create function pg_temp.capture(
    p_payment uuid, p_ref text default 'cap-1', p_amount numeric default null
)
returns uuid
language sql
as $$
select r.transaction
from payment.begin_capture(p_payment, p_amount) as b
cross join lateral payment.record_capture(b.transaction, 'succeeded', p_ref) as r
$$;
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
