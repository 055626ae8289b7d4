-- setup: Ann, mugs, and an order of three for 30 pounds
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_in_pounds_and_yen();
create temporary table placed as
select pg_temp.place() as n;
-- Everything that a provider can say of a payment that went well, and what it led to.
create temporary table told as
select
    e.name,
    jsonb_build_object('provider_ref', e.name) || e.event as event
from pg_temp.placed as p
cross join lateral (select pg_temp.begin(p.n) as transaction) as b
cross join lateral (
    values
    ('a', jsonb_build_object(
        'kind', 'authorization.approved', 'transaction', b.transaction, 'amount', 30
    )),
    ('c', '{"kind": "capture.succeeded", "original_ref": "a", "amount": 20}'::jsonb),
    ('v', '{"kind": "void.succeeded", "original_ref": "a", "amount": 2}'),
    ('s', '{"kind": "settlement.succeeded", "original_ref": "c", "amount": 20, "fee": 1}'),
    ('r', '{"kind": "refund.succeeded", "original_ref": "c", "amount": 3}'),
    ('rr', '{"kind": "refund.reversed", "original_ref": "r"}'),
    ('d', '{"kind": "dispute.needs_response", "original_ref": "c", "dispute": "d", "amount": 5}'),
    ('w', '{"kind": "dispute.won", "dispute": "d"}'),
    ('x', '{"kind": "authorization.expired", "original_ref": "a"}')
) as e (name, event);
create function pg_temp.tell()
returns setof text
language sql
as $$
select e.status
from pg_temp.told as t
cross join lateral payment.receive_provider_event('fake', t.name, t.event) as e
$$;
create function pg_temp.books()
returns jsonb
language sql
as $$
select jsonb_agg(to_jsonb(p) - '{version,updated_at}'::text[]) || (
    select jsonb_agg(to_jsonb(t) order by t.transaction_id) from payment.payment_transactions as t
) || (
    select jsonb_agg(to_jsonb(r) order by r.refund_id) from payment.refunds as r
) || (
    select jsonb_agg(to_jsonb(d) order by d.dispute_id) from payment.payment_disputes as d
)
from payment.payments as p
$$;
create function pg_temp.age()
returns void
language sql
as $$
update payment.provider_events set processed_at = processed_at - interval '30 days 1 minute'
$$;

-- case: what was done is forgotten after the days of the rule, and not before
select set_eq('select * from pg_temp.tell()', array['applied']);
select is_empty('select r.* from payment.cleanup_provider_events() as r', 'not yet');
select pg_temp.age();
select set_eq(
    'select r.provider, r.event_id from payment.cleanup_provider_events() as r',
    $$select 'fake', t.name from pg_temp.told as t$$
);
select is_empty('table payment.provider_events');

-- case: what is delivered again after that changes nothing
select pg_temp.tell();
create temporary table before as
select
    pg_temp.books() as books,
    o.version
from orders.orders as o;
select pg_temp.age();
select is(count(r.event_id), 9::bigint) from payment.cleanup_provider_events() as r;
select set_eq('select * from pg_temp.tell()', array['ignored']);
select is(pg_temp.books(), b.books, 'the books are as they were') from pg_temp.before as b;
select is(o.version, b.version, 'and so is the order')
from pg_temp.before as b
cross join orders.orders as o;

-- case: the oldest go first, as many as asked for
select pg_temp.tell();
select pg_temp.age();
update payment.provider_events set processed_at = processed_at - interval '1 day'
where event_id in ('c', 'd');
select set_eq(
    'select r.event_id from payment.cleanup_provider_events(2) as r', array['c', 'd']
);

-- case: what waits, or is left to people, stays
select payment.receive_provider_event(
    'fake', e.name, '{"kind": "void.succeeded", "original_ref": "nobody knows"}'
)
from (values ('waiting'), ('given up')) as e (name);
update payment.provider_events
set
    received_at = received_at - interval '1 year',
    status = case event_id when 'waiting' then status else 'given_up' end,
    next_try_at = case event_id when 'waiting' then next_try_at end;
select is_empty('select r.* from payment.cleanup_provider_events() as r');

-- case: the rule says how long; off, nothing is forgotten
select pg_temp.tell();
select core.set_business_rule('provider_event_days', 60, 1);
select pg_temp.age();
select is_empty('select r.* from payment.cleanup_provider_events() as r', 'sixty days');
select pg_temp.age();
select core.set_business_rule('provider_event_days', 60, 2, null, false);
select is_empty('select r.* from payment.cleanup_provider_events() as r', 'off');
select core.set_business_rule('provider_event_days', 60, 3, null, true);
select is(count(r.event_id), 9::bigint, 'on again') from payment.cleanup_provider_events() as r;

-- case: a limit is a number of events
select throws_ok(
    format('select payment.cleanup_provider_events(%s)', b.bad), '22023', null, b.bad
)
from (values ('0'), ('-1'), ('null'), ('100001')) as b (bad);
