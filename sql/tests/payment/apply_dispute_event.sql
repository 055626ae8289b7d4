-- setup: an order of 30.00 that is paid
select core.set_context('staff:anna', 'req-1');
select pg_temp.sell_in_euros();
create temporary table paid as
select
    o.order_number,
    pg_temp.pay(o.order_number, '1') as payment
from pg_temp.place_as_guest(3) as o (order_number);
create function pg_temp.say(p_id text, p_kind text, p_more jsonb default '{}')
returns text
language sql
as $$
select concat_ws(': ', r.status, r.reason)
from payment.receive_provider_event('acme', p_id, jsonb_build_object(
    'kind', 'dispute.' || p_kind, 'dispute', 'dp_1'
) || p_more) as r
$$;
delete from events.outbox_events;

-- case: a dispute's life, in order
select is(
    pg_temp.say('e1', 'warning', '{"original_ref": "ch_1", "amount": 20, "currency": "EUR"}'),
    'applied'
);
select is(
    pg_temp.say('e2', 'needs_response', '{"evidence_due_at": "2099-01-01T00:00:00Z"}'), 'applied'
);
select results_eq(
    'select l.status, l.counted, l.reason_code, l.evidence_due_at from payment.dispute_list as l',
    $$values ('needs_response', 20::numeric, 'unknown', '2099-01-01Z'::timestamptz)$$
);
select is(pg_temp.say('e3', 'under_review'), 'applied');
select is(pg_temp.say('e4', 'won'), 'applied');
select results_eq(
    'select l.status, l.counted from payment.dispute_list as l', $$values ('won', 0::numeric)$$
);

-- case: and out of order: the end is the same
select alike(pg_temp.say('e4', 'won'), 'waiting: %');
select is(
    pg_temp.say('e2', 'needs_response', '{"original_ref": "ch_1", "reason_code": "general"}'),
    'applied'
);
update payment.provider_events set next_try_at = now() where status = 'waiting';
select payment.process_provider_events();
select alike(pg_temp.say('e3', 'under_review'), 'ignored: %', 'late');
select alike(pg_temp.say('e1', 'warning'), 'ignored: %', 'very late');
select alike(pg_temp.say('e5', 'needs_response'), 'ignored: %', 'again');
select results_eq(
    'select l.status, l.counted, l.reason_code from payment.dispute_list as l',
    $$values ('won', 0::numeric, 'general')$$
);

-- case: what contradicts what is known changes nothing
select pg_temp.say('e1', 'needs_response', '{"original_ref": "ch_1"}');
select pg_temp.say('e2', 'lost');
select alike(pg_temp.say('e3', 'won'), 'ignored: the dispute is lost');
select alike(pg_temp.say('e4', 'closed'), 'ignored: the dispute is lost');
select is(l.status, 'lost') from payment.dispute_list as l;

-- case: what the clock has decided the bank may decide otherwise
select pg_temp.say('e1', 'needs_response', '{"original_ref": "ch_1"}');
update payment.payment_disputes set evidence_due_at = now() - interval '1 min';
select payment.cleanup_overdue_disputes();
select is(pg_temp.say('e2', 'under_review'), 'applied');
select is(pg_temp.say('e3', 'won'), 'applied');

-- case: what is unknown, too much or in another currency
select alike(pg_temp.say(b.id, b.kind, b.more), b.answer, b.id)
from (
    values
    ('e1', 'needs_response', '{"original_ref": "ch_9"}'::jsonb, 'waiting: no such payment yet'),
    ('e2', 'lost', '{"original_ref": "ch_1"}', 'waiting: no such dispute yet'),
    ('e3', 'needs_response', '{"original_ref": "ch_1", "amount": 31}', 'waiting: more is %'),
    ('e4', 'needs_response', '{"original_ref": "ch_1", "currency": "GBP"}', 'ignored: %'),
    ('e5', 'needs_response', '{"original_ref": "ch_1", "amount": 0.001}', 'ignored: %'),
    ('e6', 'needs_response', '{"original_ref": "ch_1", "dispute": ""}', null)
) as b (id, kind, more, answer)
where b.answer is not null;
select is_empty('table payment.payment_disputes', 'nothing was written');
