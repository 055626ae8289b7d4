-- Tell the outbox what a payment has come to.
create or replace function payment.emit_payment(
    p_payment payment.payments, p_event_type text, p_details jsonb default '{}'
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform events.emit(
        p_event_type, 'payment', array[(p_payment).payment_id], array[(p_payment).version],
        array[jsonb_build_object(
            'order_id', (p_payment).order_id,
            'payment', (p_payment).public_id,
            'provider', (p_payment).provider,
            'currency', (p_payment).currency,
            'status', (p_payment).status,
            'authorized', (p_payment).authorized,
            'captured', (p_payment).captured,
            'refunded', (p_payment).refunded,
            'refund_pending', (p_payment).refund_pending,
            'charged_back', (p_payment).charged_back,
            'settled', (p_payment).settled,
            'version', (p_payment).version
        ) || p_details],
        -- Money first: a void or a refund is never stuck behind the news.
        case when p_event_type like '%!_requested' escape '!' then 9 else 7 end
    );
end;
$function$;

comment on function payment.emit_payment(payment.payments, text, jsonb) is
'Writes one event of a payment, with its amounts and the details.';
