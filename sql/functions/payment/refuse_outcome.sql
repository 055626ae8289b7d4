-- Refuse an outcome that contradicts what is recorded.
create or replace function payment.refuse_outcome(
    p_transaction payment.payment_transactions, p_provider_ref text, p_reason text
)
returns void
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_details constant jsonb := jsonb_build_object(
        'transaction', (p_transaction).public_id, 'status', (p_transaction).status,
        'reason', p_reason
    );
begin
    if p_reason like 'the reference%' then
        perform core.refuse(
            'SHM10', v_details || jsonb_build_object('provider_ref', p_provider_ref)
        );
    end if;
    perform core.refuse('SHM09', v_details);
end;
$function$;

comment on function payment.refuse_outcome(payment.payment_transactions, text, text) is
'Raises PROVIDER_REFERENCE_TAKEN where the reference is another''s, else PAYMENT_OUTCOME_IS_FINAL.';
