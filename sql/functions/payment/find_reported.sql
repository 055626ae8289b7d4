-- Lock the payment that an event of a provider is about.
create or replace function payment.find_reported(p_event jsonb, p_provider text)
returns payment.payments
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_payment constant payment.payments := payment.event_payment(p_provider, p_event);
begin
    if v_payment.payment_id is null then
        return v_payment;
    end if;
    return payment.find_payment(v_payment.public_id);
end;
$function$;

comment on function payment.find_reported(jsonb, text) is
'The payment that an event is about, locked with its order; null where there is none yet.';
