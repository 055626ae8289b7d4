-- Write what became of a locked payment, and tell the outbox: the only place that does.
create or replace function payment.write_payment(
    p_payment payment.payments, p_event_type text, p_details jsonb default '{}'
)
returns payment.payments
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_payment payment.payments;
begin
    update payment.payments as p
    set
        surplus = greatest((p_payment).surplus, (p_payment).authorized - p.amount),
        authorized = (p_payment).authorized,
        captured = (p_payment).captured,
        refunded = (p_payment).refunded,
        refund_pending = (p_payment).refund_pending,
        charged_back = (p_payment).charged_back,
        settled = (p_payment).settled,
        fees = (p_payment).fees,
        phase = (p_payment).phase,
        auth_expires_at = (p_payment).auth_expires_at,
        attempts = (p_payment).attempts,
        version = p.version + 1,
        updated_at = clock_timestamp(),
        updated_by = core.actor()
    where p.order_id = (p_payment).order_id and p.payment_id = (p_payment).payment_id
    returning p.* into strict v_payment;
    perform payment.emit_payment(v_payment, p_event_type, p_details);
    return v_payment;
end;
$function$;

comment on function payment.write_payment(payment.payments, text, jsonb) is
'Writes the amounts, the phase and the rest of a payment as given, one version on, with one event of
that number; returns the row. What is authorised beyond the amount becomes surplus.';
