-- Approve a refund, which tells a worker to ask the provider, or refuse it, which frees its money.
create or replace function payment.decide_refund(
    p_refund uuid,
    p_decision text,
    p_note text default null,
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
    c_scope constant text := 'payment.decide_refund';
    v_response jsonb;
    v_refund payment.refunds;
begin
    if p_decision is null or p_decision not in ('approved', 'cancelled') then
        perform core.refuse('22023', jsonb_build_object(
            'argument', 'p_decision', 'expected', 'approved or cancelled'
        ));
    end if;
    perform core.check_text('p_note', p_note, 500) where p_note is not null;

    v_response := core.claim_key(c_scope, p_idempotency_key, jsonb_build_object(
        'refund', p_refund, 'decision', p_decision, 'note', p_note
    ));
    if v_response is null then
        v_refund := payment.find_refund(p_refund);
        -- Said twice, it is done once.
        if v_refund.status = p_decision then
            null;
        elsif p_decision = 'cancelled' then
            v_refund := payment.cancel_refund(v_refund, p_note);
        else
            v_refund := payment.change_refund(v_refund, 'approved');
            perform payment.write_payment(
                payment.lock_payment(v_refund.order_id, v_refund.payment_id),
                'payment.refund_requested', jsonb_build_object(
                    'refund', v_refund.public_id, 'refund_amount', v_refund.amount
                )
            );
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

comment on function payment.decide_refund(uuid, text, text, text) is
'Makes a refund approved (payment.begin_refund may take it now) or cancelled, with a note of up to
500 characters why (its money can be refunded otherwise). One that the provider was asked for can no
longer be cancelled. Decided so already, it answers the same. Errors: REFUND_NOT_FOUND,
ILLEGAL_TRANSITION, IDEMPOTENCY_KEY_REUSED, INVALID_ARGUMENT. Replica: no (writes).';
grant execute on function payment.decide_refund(uuid, text, text, text) to payment_editor;
