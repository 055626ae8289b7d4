-- setup: Ann, mugs, and an order of three for 30 pounds
select core.set_context('web', 'req-1');
create temporary table ann as
select r.user_id
from account.register_user('ann@example.com', 'Ann') as r;
select pg_temp.sell_in_pounds_and_yen();
create temporary table placed as
select pg_temp.place() as n;
create function pg_temp.due()
returns void
language sql
as $$
update payment.provider_events
set next_try_at = clock_timestamp() - interval '1 second' where next_try_at is not null
$$;

-- case: what came too early is applied when its time has come
create temporary table early as
select gen_random_uuid() as t;
select payment.receive_provider_event('fake', 'e1', jsonb_build_object(
    'kind', 'authorization.approved', 'transaction', e.t, 'provider_ref', 'a'
))
from pg_temp.early as e;
select pg_temp.begin(p.n) from pg_temp.placed as p;
update payment.payment_transactions as t set public_id = e.t from pg_temp.early as e;
select is_empty('select r.* from payment.process_provider_events() as r', 'not yet');
select pg_temp.due();
select results_eq(
    $$
    select r.provider, r.event_id, r.status, r.reason, r.error
    from payment.process_provider_events() as r
    $$,
    $$values ('fake', 'e1', 'applied', null::text, null::text)$$
);
select is(pg_temp.status(p.n), 'confirmed/authorized', 'paid') from pg_temp.placed as p;

-- case: what still cannot be applied waits longer each time, and in the end is given up
select core.set_business_rule('provider_event_tries_max', 3, 1);
select payment.receive_provider_event('fake', 'e1', jsonb_build_object(
    'kind', 'void.succeeded', 'original_ref', 'nobody knows', 'raw', '{"name": "Ann"}'::jsonb
));
select ok(
    l.next_try_at between clock_timestamp() + interval '4 minutes'
    and clock_timestamp() + interval '5 minutes',
    'five minutes'
)
from payment.provider_event_list as l;
select pg_temp.due();
select is(r.status, 'waiting', 'the second try') from payment.process_provider_events() as r;
select ok(l.next_try_at > clock_timestamp() + interval '9 minutes', 'ten minutes')
from payment.provider_event_list as l;
select ok(l.payload ? 'raw', 'with all that was sent along') from payment.provider_event_list as l;
select pg_temp.due();
select is(r.status, 'given_up', 'the third') from payment.process_provider_events() as r;
select is(l.payload, '{"kind": "void.succeeded", "original_ref": "nobody knows"}', 'without it')
from payment.provider_event_list as l;
select is_empty('select r.* from payment.process_provider_events() as r', 'no fourth');

-- case: one that a constraint refuses harms no other, and is tried again a day later
create temporary table early as
select pg_temp.begin(n.n) as t
from (
    select p.n from pg_temp.placed as p
    union all
    select pg_temp.place()
) as n;
select payment.receive_provider_event('fake', 'e' || e.t, jsonb_build_object(
    'kind', 'capture.succeeded', 'transaction', e.t, 'provider_ref', 'c' || e.t, 'amount', 30
))
from pg_temp.early as e;
-- As it is when the authorisation was recorded by hand, and nobody told the inbox.
update payment.payment_transactions
set status = 'succeeded', completed_at = clock_timestamp(), claimed_until = null;
update payment.payments
set authorized = 30, phase = 'authorized', auth_expires_at = clock_timestamp() + interval '1 day';
do $do$
begin
    execute format(
        'alter table payment.payments add constraint payments_broken_check '
        'check (captured = 0 or order_id <> %s)',
        (select min(p.order_id) from payment.payments as p)
    );
end;
$do$;
select pg_temp.due();
select results_eq(
    $$
    select r.status, r.error like '23514:%'
    from payment.process_provider_events() as r
    order by r.status
    $$,
    $$values ('applied', null::boolean), ('waiting', true)$$
);
select ok(
    l.reason like '23514:%' and l.next_try_at > clock_timestamp() + interval '23 hours', 'tomorrow'
)
from payment.provider_event_list as l
where l.status = 'waiting';
select is(sum(l.captured), 30, 'the other one') from payment.payment_list as l;

-- case: nor does one that is refused
create temporary table early as
select
    row_number() over () as n,
    pg_temp.begin(n.n) as t
from (
    select p.n from pg_temp.placed as p
    union all
    select pg_temp.place()
) as n;
delete from core.business_rules where name = 'payment_attempts_max';
insert into payment.provider_events (provider, event_id, kind, payload, reason, next_try_at)
select
    'fake', 'e' || e.n, 'authorization.declined', jsonb_build_object(
        'kind', case e.n when 1 then 'authorization.declined' else 'authorization.processing' end,
        'transaction', e.t
    ),
    'too early', clock_timestamp() - interval '1 hour' + e.n * interval '1 second'
from pg_temp.early as e;
select results_eq(
    $$
    select r.event_id, r.status, r.error like 'SHC03:%'
    from payment.process_provider_events() as r
    $$,
    $$values ('e1', 'waiting', true), ('e2', 'applied', null)$$
);

-- case: stock is locked last, so a call ends after an event that moves an order
create temporary table late as
select
    row_number() over () as n,
    pg_temp.begin(p.n) as t
from (
    select q.n from pg_temp.placed as q
    union all
    select pg_temp.place()
) as p;
update orders.orders
set placed_at = placed_at - interval '1 day', expires_at = placed_at - interval '1 day';
update orders.order_status_history set created_at = created_at - interval '1 day';
update payment.payment_transactions set claimed_until = clock_timestamp();
select is(count(r.order_number), 2::bigint) from orders.cleanup_expired_orders() as r;
insert into payment.provider_events (
    provider, event_id, kind, payload, reason, next_try_at
)
select
    'fake', 'e' || l.n, 'authorization.approved', jsonb_build_object(
        'kind', 'authorization.approved', 'transaction', l.t, 'provider_ref', 'a' || l.n
    ),
    'too early', clock_timestamp() - interval '1 hour' + l.n * interval '1 second'
from pg_temp.late as l;
select is(r.event_id, 'e1', 'the first') from payment.process_provider_events() as r;
select is(r.event_id, 'e2', 'the second') from payment.process_provider_events() as r;
select is_empty('select r.* from payment.process_provider_events() as r', 'no third');
select results_eq(
    'select distinct o.status from orders.orders as o', array['confirmed'], 'both came back'
);

-- case: a limit is a number of events
select throws_ok(
    format('select payment.process_provider_events(%s)', b.bad), '22023', null, b.bad
)
from (values ('0'), ('-1'), ('null'), ('10001')) as b (bad);
