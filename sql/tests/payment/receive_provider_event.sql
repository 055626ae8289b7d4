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
create function pg_temp.event(p_kind text, p_ref text default null, p_amount numeric default null)
returns jsonb
language sql
as $$
select jsonb_strip_nulls(jsonb_build_object(
    'kind', p_kind, 'transaction', p.t, 'provider_ref', p_ref, 'amount', p_amount
))
from pg_temp.placed as p
$$;
create function pg_temp.receive(p_event_id text, p_event jsonb)
returns text
language sql
as $$
select r.status || coalesce(': ' || r.reason, '')
from payment.receive_provider_event('fake', p_event_id, p_event) as r
$$;
delete from events.outbox_events;

-- case: an event is kept and applied in one transaction
select results_eq(
    $$
    select
        r.event_id, r.status, r.reason, r.deliveries, r.order_number = p.n, r.order_status,
        r.payment_status
    from pg_temp.placed as p
    cross join lateral payment.receive_provider_event(
        'fake', 'e1', pg_temp.event('authorization.approved', 'a')
    ) as r
    $$,
    $$values ('e1', 'applied', null::text, 1, true, 'confirmed', 'authorized')$$
);
select results_eq(
    $$
    select l.provider, l.event_id, l.kind, l.status, l.tries, l.processed_at is not null
    from payment.provider_event_list as l
    $$,
    $$values ('fake', 'e1', 'authorization.approved', 'applied', 1, true)$$
);

-- case: delivered again, it is counted and nothing else
select pg_temp.receive('e1', pg_temp.event('authorization.approved', 'a'))
from generate_series(1, 3);
select is(l.deliveries, 3, 'three deliveries') from payment.provider_event_list as l;
select is(l.authorized, 30, 'one authorisation') from payment.payment_list as l;
select is(
    (select count(*) from events.outbox_events as e where e.event_type = 'payment.authorized'),
    1::bigint, 'one event'
);

-- case: the provider may say the same in another event
select pg_temp.receive('e1', pg_temp.event('authorization.approved', 'a'));
select is(
    pg_temp.receive('e2', pg_temp.event('authorization.approved', 'a')),
    'ignored: recorded already', 'nothing new'
);
select is(l.authorized, 30, 'once') from payment.payment_list as l;

-- case: what it sent along may differ between deliveries, what it says may not
select pg_temp.receive(
    'e1', pg_temp.event('authorization.approved', 'a') || jsonb_build_object('raw', r.raw)
)
from (values ('{"try": 1}'::jsonb), ('{"try": 2}')) as r (raw);
select throws_ok(
    $$select pg_temp.receive('e1', pg_temp.event('authorization.declined'))$$, 'SHC01', null,
    'another content'
);

-- case: the event of a transaction that is not there yet waits until it is
select is(
    (pg_temp.receive('e1', jsonb_build_object(
        'kind', 'authorization.approved', 'transaction', gen_random_uuid(), 'provider_ref', 'a'
    ))),
    'waiting: the payment is not known yet', 'early'
);
select ok(l.next_try_at > clock_timestamp(), 'tried again') from payment.provider_event_list as l;

-- case: a capture before its authorisation waits, and is applied with it
select is(
    pg_temp.receive('e2', pg_temp.event('capture.succeeded', 'c', 30)),
    'waiting: the authorisation has no outcome yet', 'too early'
);
select is(
    pg_temp.receive('e1', pg_temp.event('authorization.approved', 'a')), 'applied', 'the first'
);
select results_eq(
    $$select b.* from pg_temp.placed as p, pg_temp.books(pg_temp.payment(p.t)) as b$$,
    $$values ('captured', 30::float8, 30::float8, 0::float8, 0::float8)$$
);
select is(pg_temp.status(p.n), 'confirmed/paid', 'paid') from pg_temp.placed as p;

-- case: also where the authorisation is told by a call
select pg_temp.receive('e2', pg_temp.event('capture.succeeded', 'c', 30));
select is(r.captured, 30, 'both')
from pg_temp.placed as p
cross join lateral payment.process_payment_authorization(p.t, 'approved', 'a') as r;

-- case: four events end in the same state in whatever order they come
create temporary table said (id text, event jsonb);
insert into pg_temp.said
select
    e.id,
    pg_temp.event(e.kind, e.ref, e.amount) || e.more::jsonb
from (
    values
    ('e1', 'authorization.approved', 'a', null, '{}'),
    ('e2', 'capture.succeeded', 'c1', 12, '{}'),
    ('e3', 'capture.succeeded', 'c2', 18, '{}'),
    ('e4', 'settlement.succeeded', 's', 30, '{"fee": "0.75"}')
) as e (id, kind, ref, amount, more);
create function pg_temp.told_in(p_order text[])
returns text
language plpgsql
as $function$
declare
    v_id text;
    v_state text;
begin
    begin
        foreach v_id in array p_order loop
            perform pg_temp.receive(s.id, s.event) from pg_temp.said as s where s.id = v_id;
            -- Each is delivered again, late, too.
            perform pg_temp.receive(s.id, s.event) from pg_temp.said as s where s.id = p_order[1];
        end loop;
        select concat_ws(
            '/', l.status, l.authorized::float8, l.captured::float8, l.settled::float8,
            l.fees::float8, l.surplus::float8, pg_temp.status(p.n), (
                select count(*) from payment.provider_event_list as i where i.status = 'applied'
            )
        )
        into v_state
        from payment.payment_list as l, pg_temp.placed as p;
        raise exception using errcode = 'XX999';
    exception
        when sqlstate 'XX999' then
            return v_state;
    end;
end;
$function$;
select results_eq(
    $$
    select distinct pg_temp.told_in(array[a.id, b.id, c.id, d.id])
    from pg_temp.said as a, pg_temp.said as b, pg_temp.said as c, pg_temp.said as d
    where a.id <> all (array[b.id, c.id, d.id]) and b.id <> all (array[c.id, d.id]) and c.id <> d.id
    $$,
    $$values ('settled/30/30/30/0.75/0/confirmed/paid/4')$$
);

-- case: a decline before or after an approval of the same key: the approval counts
select is(pg_temp.receive('e1', pg_temp.event('authorization.declined')), 'applied', 'declined');
select is(
    pg_temp.receive('e2', pg_temp.event('authorization.approved', 'a')), 'applied', 'approved'
);
select is(pg_temp.status(p.n), 'confirmed/authorized', 'paid') from pg_temp.placed as p;

-- case: the other way round
select pg_temp.receive('e2', pg_temp.event('authorization.approved', 'a'));
select is(
    pg_temp.receive('e1', pg_temp.event('authorization.declined')),
    'ignored: the authorisation has succeeded already', 'stale'
);
select is(pg_temp.status(p.n), 'confirmed/authorized', 'paid') from pg_temp.placed as p;

-- case: a call and an event of one outcome meet in one transaction
select pg_temp.receive('e1', pg_temp.event('authorization.approved', 'a'));
select is(r.authorized, 30, 'once')
from pg_temp.placed as p
cross join lateral payment.process_payment_authorization(p.t, 'approved', 'a') as r;

-- case: a customer who has to act, a bank that takes its time, and the end of it
select is(pg_temp.receive(e.id, pg_temp.event(e.kind)), 'applied', e.kind)
from (
    values ('e1', 'authorization.requires_action'), ('e2', 'authorization.processing'),
    ('e3', 'authorization.failed')
) as e (id, kind);
select is(l.status, 'failed', 'failed') from payment.payment_list as l;

-- case: an expiry that the provider tells
select is(
    pg_temp.receive('e1', pg_temp.event('authorization.expired')),
    'waiting: the authorisation has no outcome yet', 'too early'
);
select pg_temp.receive('e2', pg_temp.event('authorization.approved', 'a'));
select results_eq(
    $$
    select b.status, b.authorized
    from pg_temp.placed as p, pg_temp.books(pg_temp.payment(p.t)) as b
    $$,
    $$values ('expired', 0::float8)$$
);
select is(
    pg_temp.receive('e3', pg_temp.event('authorization.expired')),
    'ignored: nothing was left of it', 'twice'
);

-- case: a void, asked for or not, and one too early
select is(
    pg_temp.receive('e1', pg_temp.event('void.succeeded', 'v', 10)),
    'waiting: the authorisation has no outcome yet', 'too early'
);
select pg_temp.receive('e2', pg_temp.event('authorization.approved', 'a'));
select is(l.authorized, 20, 'a part') from payment.payment_list as l;
select pg_temp.receive('e3', pg_temp.event('void.succeeded', 'v2'));
select is(l.status, 'voided', 'the rest') from payment.payment_list as l;
select is(
    pg_temp.receive('e4', pg_temp.event('void.failed')), 'ignored: no step waits for it', 'no'
);

-- case: a void of a part has to have a name, or it would count as often as it is told
select pg_temp.receive('e0', pg_temp.event('authorization.approved', 'a'));
select is(
    pg_temp.receive('e1', pg_temp.event('void.succeeded', null, 2)),
    'ignored: a part that has no reference would count as often as it is told'
);
select is(pg_temp.receive('e2', pg_temp.event('void.succeeded', 'v', 2)), 'applied');
select is(
    pg_temp.receive('e3', pg_temp.event('void.succeeded', 'v', 2)), 'ignored: recorded already'
);
select is(l.authorized, 28, 'two pounds, once') from payment.payment_list as l;

-- case: a capture that nobody asked for is named by what the provider calls the authorisation
select pg_temp.receive('e1', pg_temp.event('authorization.approved', 'a'));
select is(
    pg_temp.receive('e2', jsonb_build_object(
        'kind', 'capture.succeeded', 'original_ref', 'a', 'provider_ref', 'c', 'amount', 30
    )),
    'applied', 'captured by hand'
);
select is(pg_temp.status(p.n), 'confirmed/paid', 'paid') from pg_temp.placed as p;
select is(
    pg_temp.receive('e3', pg_temp.event('capture.failed')),
    'ignored: no step that could have failed', 'no'
);

-- case: a settlement before its capture waits for it, and other figures for the same are not booked
select pg_temp.receive('e1', pg_temp.event('authorization.approved', 'a'));
select is(
    pg_temp.receive('e2', pg_temp.event('settlement.succeeded', 's', 30)),
    'waiting: more would be settled than is captured', 'early'
);
select pg_temp.receive('e3', pg_temp.event('capture.succeeded', 'c', 30));
select is(l.status, 'settled', 'settled') from payment.payment_list as l;
select is(
    pg_temp.receive('e4', pg_temp.event('settlement.succeeded', 's', 29)),
    'ignored: the reference was settled with other figures', 'left to people'
);

-- case: amounts are those of the currency: nothing is a hundred times too much unseen
select is(
    (pg_temp.receive('e1', jsonb_build_object(
        'kind', 'authorization.approved', 'transaction', pg_temp.begin(pg_temp.place(1, 'YEN')),
        'provider_ref', 'y', 'amount', '12.5'
    ))),
    'ignored: its currency or decimals are not those of the payment', 'half a yen'
);
select is(
    pg_temp.receive(
        'e2', pg_temp.event('authorization.approved', 'a') || '{"currency": "EUR"}'
    ),
    'ignored: its currency or decimals are not those of the payment', 'euros'
);

-- case: that holds for refunds and disputes that are known, too
select payment.process_payment_authorization(p.t, 'captured', 'a') from pg_temp.placed as p;
create temporary table asked as
select b.transaction
from pg_temp.placed as p
cross join lateral payment.request_refund(p.n, 5) as r
cross join lateral payment.decide_refund(r.refund, 'approved') as d
cross join lateral payment.begin_refund(d.refund) as b;
select payment.open_dispute(pg_temp.payment(p.t), 'd', 'general', 5) from pg_temp.placed as p;
select is(
    pg_temp.receive(concat(e.event ->> 'kind', e.n), e.event),
    'ignored: its currency or decimals are not those of the payment', e.event ->> 'kind'
)
from (
    select
        row_number() over () as n,
        v.event
    from pg_temp.asked as a
    cross join lateral (
        values
        (jsonb_build_object(
            'kind', 'refund.succeeded', 'transaction', a.transaction, 'provider_ref', 'r',
            'currency', 'JPY'
        )),
        (jsonb_build_object(
            'kind', 'refund.failed', 'transaction', a.transaction, 'amount', 5.001
        )),
        ('{"kind": "dispute.lost", "dispute": "d", "currency": "JPY"}'::jsonb),
        ('{"kind": "dispute.won", "dispute": "d", "amount": 5.001}')
    ) as v (event)
) as e;
select results_eq(
    'select r.status, d.status from payment.refunds as r cross join payment.payment_disputes as d',
    $$values ('processing', 'needs_response')$$
);

-- case: what another provider says is not about our payment
select is(r.status, 'waiting', 'unknown there')
from payment.receive_provider_event(
    'other', 'e1', pg_temp.event('authorization.approved', 'a')
) as r;
select is(l.authorized, 0, 'untouched') from payment.payment_list as l;

-- case: after enough tries it is left to people, and taken up again when it is delivered again
select core.set_business_rule('provider_event_tries_max', 2, 1);
select matches(
    pg_temp.receive('e1', pg_temp.event('capture.succeeded', 'c', 30)), e.want, 'try ' || e.position
)
from (values (1, '^waiting'), (2, '^given_up')) as e (position, want);
select is(l.next_try_at, null, 'no more') from payment.provider_event_list as l;
select pg_temp.receive('e2', pg_temp.event('authorization.approved', 'a'));
select is(pg_temp.receive('e1', pg_temp.event('capture.succeeded', 'c', 30)), 'applied', 'now');

-- case: refunds and disputes come the same way
select pg_temp.receive('e1', pg_temp.event('authorization.approved', 'a'));
select pg_temp.receive('e2', pg_temp.event('capture.succeeded', 'c', 30));
select is(
    pg_temp.receive('e3', jsonb_build_object(
        'kind', 'refund.succeeded', 'original_ref', 'c', 'provider_ref', 'r', 'amount', 10
    )),
    'applied', 'refunded by hand'
);
select is(l.refunded, 10, 'booked') from payment.payment_list as l;
select is(
    pg_temp.receive('e4', jsonb_build_object(
        'kind', 'dispute.needs_response', 'original_ref', 'c', 'dispute', 'd', 'amount', 20,
        'reason_code', 'fraudulent', 'provider_ref', 'cb'
    )),
    'applied', 'disputed'
);
select is(l.charged_back, 20, 'taken') from payment.payment_list as l;

-- case: what is malformed is refused, naming the field
select throws_ok(
    format('select payment.receive_provider_event(%L, %L, %L)', 'fake', 'e', b.event), '22023',
    null, left(b.event, 80)
)
from (
    values
    ('null'), ('[]'), ('{}'), ('{"kind": "payment.done", "original_ref": "a"}'),
    ('{"kind": 7, "original_ref": "a"}'), ('{"kind": "capture.failed"}'),
    ('{"kind": "capture.succeeded", "original_ref": "a", "amount": 3}'),
    ('{"kind": "capture.succeeded", "original_ref": "a", "provider_ref": "c"}'),
    ('{"kind": "capture.succeeded", "original_ref": "a", "provider_ref": "c", "amount": 0}'),
    ('{"kind": "authorization.approved", "original_ref": "a"}'),
    ('{"kind": "capture.failed", "payment": "17"}'),
    ('{"kind": "capture.failed", "original_ref": "a", "colour": "red"}'),
    ('{"kind": "capture.failed", "original_ref": "a", "amount": -3}'),
    ('{"kind": "capture.failed", "original_ref": "a", "amount": "3e3"}'),
    ('{"kind": "capture.failed", "original_ref": "a", "expires_at": "tomorrow"}'),
    ('{"kind": "capture.failed", "original_ref": "a", "expires_at": "2026-02-30T00:00:00Z"}'),
    ('{"kind": "capture.failed", "original_ref": "a", "is_final": "yes"}'),
    ('{"kind": "capture.failed", "original_ref": "a", "raw": []}'),
    ('{"kind": "capture.failed", "original_ref": "a", "raw": {"number": "4111111111111111"}}'),
    ('{"kind": "capture.failed", "original_ref": "a", "raw": {"card": {"cvc": "123"}}}'),
    (jsonb_build_object(
        'kind', 'capture.failed', 'original_ref', 'a', 'raw', jsonb_build_object(
            'x', repeat('x', 200000)
        )
    )::text)
) as b (event);
select throws_ok(
    format('select payment.receive_provider_event(%L, %L, %L)', b.provider, b.id, '{}'), '22023',
    null, concat(b.provider, '/', b.id)
)
from (values ('Fake', 'e'), (null, 'e'), ('fake', null), ('fake', '')) as b (provider, id);
select is_empty('select 1 from payment.provider_events', 'nothing of that is kept');
