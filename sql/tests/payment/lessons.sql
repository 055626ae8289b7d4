-- setup: what went wrong in other shops is tried here: Ann, twenty mugs, an order of three
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_in_pounds_and_yen();
create temporary table placed as
select pg_temp.place() as n;
create function pg_temp.units()
returns bigint
language sql
as $$
select sum(b.available)
from inventory.stock_buckets as b
inner join product.variants as v on v.variant_id = b.variant_id and v.sku = 'RED'
$$;

-- case: what an order holds itself does not make the second try "out of stock"
select inventory.reserve_inventory('[{"sku": "RED", "quantity": 17}]', 'session:other');
select is(pg_temp.units(), 0::bigint, 'nothing is left to take');
select payment.process_payment_authorization(pg_temp.begin(p.n), 'declined')
from pg_temp.placed as p;
select pg_temp.approve(p.n) from pg_temp.placed as p;
select is(pg_temp.status(p.n), 'confirmed/authorized', 'paid') from pg_temp.placed as p;

-- case: two open payments of one order are not both there to be paid
select pg_temp.begin(p.n) from pg_temp.placed as p;
select throws_ok(
    format('select payment.begin_payment(%L, %L)', p.n, 'link'), 'SHM05', null, 'one at a time'
)
from pg_temp.placed as p;
select throws_ok(
    $$
    insert into payment.payments (order_id, provider, currency, amount, updated_by)
    select p.order_id, 'link', p.currency, 30, 'test' from payment.payments as p
    $$,
    '23505', null, 'not even past all functions'
);

-- case: paid twice all the same, by two payments, the surplus goes back by itself
create temporary table paid as
select pg_temp.begin(p.n) as first from pg_temp.placed as p;
select payment.process_payment_authorization(t.first, 'failed') from pg_temp.paid as t;
select pg_temp.capture(pg_temp.approve(p.n, 'auth-2'), 'cap-2') from pg_temp.placed as p;
select payment.process_payment_authorization(t.first, 'captured', 'late') from pg_temp.paid as t;
select results_eq(
    $$
    select sum(l.captured)::float8, sum(l.refund_pending)::float8 from payment.payment_list as l
    $$,
    'values (60::float8, 30::float8)'
);
select is(pg_temp.status(p.n), 'confirmed/paid', 'and the order is kept') from pg_temp.placed as p;

-- case: the notification and the answer of one capture are one capture, whichever is first
create temporary table tried as
select
    a as payment,
    b.transaction
from pg_temp.placed as p
cross join lateral pg_temp.approve(p.n) as a
cross join lateral payment.begin_capture(a) as b;
select payment.receive_provider_event('fake', e.id, jsonb_build_object(
    'kind', 'capture.succeeded', 'payment', t.payment, 'provider_ref', 'cap-1', 'amount', 30
))
from pg_temp.tried as t
cross join (values ('e1'), ('e2')) as e (id);
select payment.record_capture(t.transaction, 'succeeded', 'cap-1') from pg_temp.tried as t;
select is(l.captured, 30, 'captured once') from payment.payment_list as l;
select is_empty('select 1 from payment.refunds', 'a good order is not refunded');

-- case: a payment that is paid while its page times out is still one payment
create temporary table tried as
select pg_temp.begin(p.n) as t from pg_temp.placed as p;
select payment.receive_provider_event('fake', 'e1', jsonb_build_object(
    'kind', 'authorization.approved', 'transaction', t.t, 'provider_ref', 'auth-1'
))
from pg_temp.tried as t;
select is(r.order_status, 'confirmed', 'the page is told')
from pg_temp.tried as t
cross join lateral payment.process_payment_authorization(t.t, 'timed_out') as r;
select throws_ok(
    format('select payment.begin_payment(%L, %L)', p.n, 'fake'), 'SHM07', null,
    'a second charge is not let through'
)
from pg_temp.placed as p;

-- case: whether to charge is decided from what is stored, while the provider cannot be asked
create temporary table tried as
select pg_temp.begin(p.n) as t from pg_temp.placed as p;
select payment.process_payment_authorization(t.t, 'timed_out') from pg_temp.tried as t;
select throws_ok(
    format('select payment.begin_payment(%L, %L)', p.n, 'other'), 'SHM05', null, 'not elsewhere'
)
from pg_temp.placed as p;
select is(pg_temp.begin(p.n), t.t, 'only the same again')
from pg_temp.placed as p, pg_temp.tried as t;

-- case: a repetition after a time-out never has a key of its own, for any kind of step
create temporary table steps as
select pg_temp.begin(p.n) as t from pg_temp.placed as p;
select payment.process_payment_authorization(s.t, 'timed_out') from pg_temp.steps as s;
select is(pg_temp.begin(p.n), s.t, 'authorise') from pg_temp.placed as p, pg_temp.steps as s;
select payment.process_payment_authorization(s.t, 'approved', 'auth-1', 40) from pg_temp.steps as s;
update pg_temp.steps
set t = b.transaction
from (
    select c.transaction
    from payment.payment_list as l
    cross join lateral payment.begin_capture(l.payment, 10) as c
) as b;
select payment.record_capture(s.t, 'timed_out') from pg_temp.steps as s;
select is(b.transaction, s.t, 'capture')
from pg_temp.steps as s, payment.payment_list as l
cross join lateral payment.begin_capture(l.payment, 10) as b;
update pg_temp.steps
set t = b.transaction
from (
    select c.transaction
    from payment.payment_list as l
    cross join lateral payment.begin_void(l.payment, 10) as c
) as b;
select payment.record_void(s.t, 'timed_out') from pg_temp.steps as s;
select is(b.transaction, s.t, 'void')
from pg_temp.steps as s, payment.payment_list as l
cross join lateral payment.begin_void(l.payment, 10) as b;

-- case: one reference of a provider is booked once, and no order is paid with another's
select pg_temp.capture(pg_temp.approve(p.n), 'cap-1') from pg_temp.placed as p;
create temporary table other as
select
    a as payment,
    b.transaction
from (select pg_temp.place() as n) as p
cross join lateral pg_temp.approve(p.n, 'auth-2') as a
cross join lateral payment.begin_capture(a) as b;
select throws_ok(
    format('select payment.record_capture(%L, %L, %L)', o.transaction, 'succeeded', 'cap-1'),
    'SHM10', null, 'by a call'
)
from pg_temp.other as o;
select is(r.status, 'ignored', 'by an event')
from pg_temp.other as o
cross join lateral payment.receive_provider_event('fake', 'e1', jsonb_build_object(
    'kind', 'capture.succeeded', 'payment', o.payment, 'provider_ref', 'cap-1', 'amount', 30
)) as r;
select is(sum(l.captured), 30, 'once') from payment.payment_list as l;

-- case: yen have no decimals; a hundred times too much is seen at once and given up
create temporary table yen as
select
    p.n,
    pg_temp.begin(p.n) as t
from (select pg_temp.place(1, 'YEN') as n) as p;
select results_eq(
    $$
    select l.amount::float8, l.currency from payment.payment_list as l where l.currency = 'JPY'
    $$,
    $$values (1200::float8, 'JPY')$$
);
select throws_ok(
    format(
        'select payment.process_payment_authorization(%L, %L, %L, 12.1)', y.t, 'approved', 'y'
    ),
    '22023', null, 'no such amount'
)
from pg_temp.yen as y;
select payment.process_payment_authorization(y.t, 'captured', 'y', 120000) from pg_temp.yen as y;
select results_eq(
    $$
    select l.surplus::float8, l.captured::float8, l.refund_pending::float8
    from payment.payment_list as l
    where l.currency = 'JPY'
    $$,
    'values (118800::float8, 120000::float8, 118800::float8)'
);

-- case: two refunds of sixty of a hundred captured do not both happen, nor one after a chargeback
select pg_temp.capture(pg_temp.approve(pg_temp.place(10)), 'cap-1');
select throws_ok(
    format('update payment.payments set %s where captured = 100', b.change), '23514', null, b.title
)
from (
    values
    ('refund_pending = 60 + 60', 'two pending'), ('refunded = 60, refund_pending = 60', 'one done'),
    ('charged_back = 100, refund_pending = 1', 'disputed'),
    ('charged_back = 50, refunded = 51', 'partly disputed')
) as b (change, title);

-- case: cancelling a partly refunded order returns what it holds by the state of the hold
select pg_temp.capture(pg_temp.approve(p.n), 'cap-1') from pg_temp.placed as p;
select payment.receive_provider_event('fake', 'e1', jsonb_build_object(
    'kind', 'refund.succeeded', 'original_ref', 'cap-1', 'provider_ref', 'r-1', 'amount', 10
));
select orders.cancel_order(p.n, p_reason => 'changed my mind') from pg_temp.placed as p;
select is(pg_temp.units(), 20::bigint, 'all units are there, once');
select is(l.refunded + l.refund_pending, 30, 'and all of the money is on its way')
from payment.payment_list as l;

-- case: no worker hears of money before it is in the books: both are one transaction
delete from events.outbox_events;
select pg_temp.approve(p.n) from pg_temp.placed as p;
select results_eq(
    $$
    select e.aggregate_seq
    from events.outbox_events as e
    where e.aggregate_type = 'payment'
    order by e.event_id
    $$,
    $$select generate_series(1, l.version) from payment.payment_list as l$$
);

-- case: a card number is refused, or loses its digits, and no message repeats it
create temporary table said (number integer, call text, words text);
create function pg_temp.say(p_number integer, p_call text)
returns void
language plpgsql
as $$
declare
    v_detail text;
    v_message text;
begin
    execute p_call;
    insert into pg_temp.said values (p_number, p_call, 'taken');
exception
    when data_exception or integrity_constraint_violation or sqlstate 'SHM07' or sqlstate 'SHM31'
    then
        get stacked diagnostics v_detail = pg_exception_detail, v_message = message_text;
        insert into pg_temp.said values (p_number, p_call, v_message || v_detail);
end;
$$;
create temporary table contested as
select
    p.order_number as n,
    r.payment,
    d.dispute
from (select pg_temp.place() as order_number) as p
cross join lateral payment.begin_payment(p.order_number, 'fake') as b
cross join lateral
payment.process_payment_authorization(b.transaction, 'captured', 'card') as r
cross join lateral payment.open_dispute(r.payment, 'dp', 'general', 1) as d;
select pg_temp.say(c.number, replace(replace(c.call, 'PAN', n.pan), 'JSON', format(
    '{"kind": "void.failed", "payment": "%s", "raw": {"a": [{"b": "%s"}]}}', t.payment, n.pan
)))
from pg_temp.contested as t
cross join (
    values ('4111111111111111'), ('4111 1111 1111 1111'), ('5500-0000-0000-0004')
) as n (pan)
cross join lateral (
    values
    (1, format('select payment.begin_payment(%L, ''PAN'')', t.n)),
    (2, format('select payment.open_dispute(%L, ''PAN'', ''x'', 1)', t.payment)),
    (3, format('select payment.open_dispute(%L, ''d2'', ''PAN'', 1)', t.payment)),
    (4, format(
        'select payment.open_dispute(%L, ''d3'', ''x'', 1, p_network_code => ''PAN'')', t.payment
    )),
    (5, format('select payment.add_evidence(%L, ''PAN'', ''x'')', t.dispute)),
    (6, format('select payment.add_evidence(%L, ''x'', ''I have PAN.'')', t.dispute)),
    (7, format('select payment.add_evidence(%L, ''x'', null, ''s3://PAN'')', t.dispute)),
    (8, format('select payment.request_refund(%L, 1, p_note => ''PAN'')', t.n)),
    (9, format('select payment.record_settlement(%L, ''PAN'', 1)', t.payment)),
    (10, 'select payment.receive_provider_event(''fake'', ''PAN'', ''JSON'')'),
    (11, 'select payment.receive_provider_event(''fake'', ''e'', ''JSON'')'),
    (12, 'select payment.receive_provider_event(''PAN'', ''e'', ''{}'')'),
    (13, format('select payment.reverse_refund(%L, ''PAN'')', t.payment)),
    (14, 'select payment.add_payment_method(1, ''fake'', ''card'', ''PAN'')'),
    (15, 'select payment.add_payment_method(1, ''fake'', ''card'', ''t'', ''PAN'')'),
    (16, 'select payment.add_payment_method(1, ''fake'', ''card'', ''t'', ''visa'', ''PAN'')'),
    (17, format('select payment.resolve_dispute(%L, ''won'', ''PAN'')', t.dispute))
) as c (number, call);
select set_eq(
    'select s.number from pg_temp.said as s where s.words = ''taken''', array[17],
    'only what ended is recorded whatever it is worded like'
);
select is_empty(
    $$
    select s.call, s.words
    from pg_temp.said as s
    where s.words ~ '1111|0000-0004' or s.words ~ 'violates'
    $$,
    'and no message has it'
);
select is(d.outcome_reason, '****************', 'without its digits')
from payment.payment_disputes as d
where d.status = 'won';
