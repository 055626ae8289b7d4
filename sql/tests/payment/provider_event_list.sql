-- setup: an event that nobody can place, delivered twice
select payment.receive_provider_event(
    'fake', 'e1', '{"kind": "void.succeeded", "original_ref": "x", "raw": {"a": 1}}'
)
from generate_series(1, 2);

-- case: what came, how often, and what became of it
select results_eq(
    $$
    select
        l.provider, l.event_id, l.kind, l.payload -> 'raw', l.status, l.reason, l.order_number,
        l.tries, l.deliveries, l.next_try_at > l.received_at, l.processed_at
    from payment.provider_event_list as l
    $$,
    $$
    values (
        'fake', 'e1', 'void.succeeded', '{"a": 1}'::jsonb, 'waiting',
        'the payment is not known yet', null::text, 2, 2, true, null::timestamptz
    )
    $$
);
