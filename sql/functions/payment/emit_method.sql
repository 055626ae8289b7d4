-- Tell the outbox what became of a payment method: never its token, nor whose digits they are.
create or replace function payment.emit_method(
    p_event_type text, p_method payment.payment_methods
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
begin
    perform events.emit(
        p_event_type, 'payment_method', array[(p_method).method_id], array[(p_method).version],
        array[jsonb_build_object(
            'user_id', (p_method).user_id, 'method', (p_method).public_id,
            'provider', (p_method).provider, 'kind', (p_method).kind,
            'is_default', (p_method).is_default, 'version', (p_method).version
        )]
    );
end;
$function$;

comment on function payment.emit_method(text, payment.payment_methods) is
'Writes one event of a payment method.';
