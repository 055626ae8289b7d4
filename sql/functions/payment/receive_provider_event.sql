-- Take in what a provider reports: once, however often and in whatever order it is delivered.
--
-- The inbox row comes first, like an idempotency key: a second delivery of the same event waits at
-- its primary key. The row and what it leads to are one transaction.
create or replace function payment.receive_provider_event(
    p_provider text,
    p_event_id text,
    p_event jsonb
)
returns table (
    event_id text,
    status text,
    reason text,
    deliveries integer,
    order_number text,
    order_status text,
    payment_status text
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    v_event payment.provider_events;
begin
    perform
        payment.check_provider(p_provider),
        payment.check_reference('p_event_id', p_event_id, true),
        payment.check_event(p_event);
    insert into payment.provider_events as e (
        provider, event_id, kind, payload, reason, next_try_at
    )
    values (
        p_provider, p_event_id, p_event ->> 'kind', p_event, 'received', clock_timestamp()
    )
    on conflict on constraint provider_events_pkey do update
        set deliveries = e.deliveries + 1
    returning e.* into v_event;
    -- What the provider itself sent along may differ from one delivery to the next.
    if v_event.payload - 'raw' <> p_event - 'raw' then
        perform core.refuse('SHC01', jsonb_build_object(
            'scope', 'payment.receive_provider_event/' || p_provider, 'key', p_event_id
        ));
    end if;
    if v_event.status in ('waiting', 'given_up') then
        v_event := payment.try_event(v_event);
        perform payment.apply_waiting_events(v_event.order_id)
        where v_event.status = 'applied';
    end if;

    return query
    select
        v_event.event_id, v_event.status, v_event.reason, v_event.deliveries, o.order_number,
        o.status, o.payment_status
    from (select v_event.order_id) as e
    left join orders.orders as o on o.order_id = e.order_id;
end;
$function$;

comment on function payment.receive_provider_event(text, text, jsonb) is
'Takes an event of a provider into the inbox and applies it, once an event. The event is an object
with its kind (authorization., capture., void., settlement., refund. or dispute. and what became of
it), what it is about (transaction: the key that was sent to the provider, else payment, else
original_ref: the provider''s reference of an earlier step) and, where it has them, provider_ref,
amount, currency, fee, error_code, error_reason, expires_at, is_final, dispute, reason_code,
network_code, evidence_due_at, occurred_at and raw, the event as it came.
Returns what became of it: applied, ignored (it says nothing new, or contradicts what is known),
waiting (it cannot be applied yet, and is tried again when more is known, and by
payment.process_provider_events) or given_up, with the reason. Errors: IDEMPOTENCY_KEY_REUSED (the
same event with another content), PROVIDER_REFERENCE_TAKEN (another payment is told of it at this
moment), INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function payment.receive_provider_event(text, text, jsonb) to payment_service;
