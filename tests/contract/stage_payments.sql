-- Payments in every state that a call of payment_calls.py asks for, each of an order of six dishes.
create function pg_temp.ask(p_name text)
returns text
language sql
as $function$
    insert into handles
    select
        p_name,
        b.transaction::text
    from payment.begin_payment(pg_temp.place(p_name || '_order'), 'acme') as b
    returning handle;
$function$;
create function pg_temp.hold(p_name text)
returns uuid
language sql
as $function$
    with held as (
        select r.payment
        from payment.process_payment_authorization(
            pg_temp.ask(p_name || '_step')::uuid, 'approved', 'held-' || p_name, 150
        ) as r
    )

    insert into handles
    select
        p_name,
        h.payment::text
    from held as h
    returning handle::uuid;
$function$;

select pg_temp.ask('asked');
select pg_temp.hold('held');
insert into handles
select
    'capturing',
    b.transaction::text
from payment.begin_capture(pg_temp.hold('partly'), 25) as b;
insert into handles
select
    'voiding',
    b.transaction::text
from payment.begin_void(pg_temp.hold('given_up'), 25) as b;
insert into handles
select
    'taken',
    r.payment::text
from payment.process_payment_authorization(
    pg_temp.ask('taken_step')::uuid, 'captured', 'taken-1'
) as r;

-- Nobody has answered; and a provider has told of a capture before its authorisation, and long ago
-- of something that nobody waited for.
select pg_temp.ask('unanswered');
update payment.payment_transactions as t
set claimed_until = clock_timestamp() - interval '1 second'
from handles as h
where h.name in ('unanswered', 'capturing') and t.public_id = h.handle::uuid;
select payment.receive_provider_event('acme', 'early', jsonb_build_object(
    'kind', 'capture.succeeded', 'transaction', pg_temp.ask('early'), 'provider_ref', 'early-1',
    'amount', 125
));
update payment.provider_events
set next_try_at = clock_timestamp() - interval '1 second'
where event_id = 'early';
select payment.receive_provider_event('acme', 'old', jsonb_build_object(
    'kind', 'void.failed', 'payment', h.handle
))
from handles as h
where h.name = 'held';
update payment.provider_events
set processed_at = processed_at - interval '1 year'
where event_id = 'old';

insert into handles
select
    m.name,
    r.method::text
from handles as h
cross join (values ('card_1'), ('card_2')) as m (name)
cross join lateral payment.add_payment_method(
    h.handle::bigint, 'acme', 'card', 'tok-' || m.name, 'visa', '4242', 12, 2030
) as r
where h.name = 'ann';
