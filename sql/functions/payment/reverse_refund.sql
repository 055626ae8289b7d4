-- A bank has sent a refund back: the money is the shop's again, and so is the debt.
create or replace function payment.reverse_refund(
    p_refund uuid,
    p_provider_ref text,
    p_reason text default null,
    p_idempotency_key text default null
)
returns table (
    refund uuid, payment uuid, status text, amount numeric, currency text, refunded numeric,
    refund_pending numeric, refundable numeric, version bigint
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $function$
#variable_conflict use_column
declare
    c_scope constant text := 'payment.reverse_refund';
    v_response jsonb;
    v_refund payment.refunds;
begin
    perform payment.check_reference('p_provider_ref', p_provider_ref, true);
    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'refund', p_refund, 'provider_ref', p_provider_ref, 'reason', p_reason
    ));
    if v_response is null then
        v_refund := payment.find_refund(p_refund);
        -- Said twice, it is done once.
        if v_refund.status <> 'reversed' then
            v_refund := payment.book_reversal(v_refund, p_provider_ref, p_reason);
        end if;
        v_response := payment.refund_row(v_refund);
        perform core.store_response(c_scope, p_idempotency_key, v_response);
    end if;

    return query
    select r.*
    from jsonb_to_record(v_response) as r (
        refund uuid, payment uuid, status text, amount numeric, currency text, refunded numeric,
        refund_pending numeric, refundable numeric, version bigint
    );
end;
$function$;

comment on function payment.reverse_refund(uuid, text, text, text) is
'Records that a refund which had succeeded came back, with the provider''s reference and words. The
money can be refunded again, and is not by itself: the same way would end the same. Recorded
already, it answers the same. Errors: REFUND_NOT_FOUND, ILLEGAL_TRANSITION,
PROVIDER_REFERENCE_TAKEN (another one has it), IDEMPOTENCY_KEY_REUSED, INVALID_ARGUMENT. Replica:
no (writes).';
grant execute on function payment.reverse_refund(uuid, text, text, text) to payment_editor;
