-- Move a locked dispute to another state, with what that does to the payment: beyond a warning the
-- bank has the money; when the shop wins, or the case is dropped, it comes back.
create or replace function payment.move_dispute(
    p_dispute payment.payment_disputes,
    p_status text,
    p_reason text default null,
    p_evidence_due_at timestamptz default null,
    p_provider_ref text default null
)
returns payment.payment_disputes
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_legal constant text[] := payment.dispute_moves(p_dispute);
    v_is_over constant boolean := p_status in ('won', 'lost', 'closed', 'prevented');
    v_returned constant numeric := case
        when p_status in ('won', 'prevented') then (p_dispute).counted else 0
    end;
    v_payment payment.payments;
    v_dispute payment.payment_disputes := p_dispute;
begin
    if p_status <> all (v_legal) then
        perform core.refuse('SHO30', jsonb_build_object(
            'dispute', (p_dispute).public_id, 'of', 'dispute', 'status', (p_dispute).status,
            'requested', p_status, 'legal', to_jsonb(v_legal)
        ));
    end if;
    if v_returned > 0 then
        v_payment := payment.lock_payment((p_dispute).order_id, (p_dispute).payment_id);
        perform payment.add_transaction(
            v_payment, 'chargeback_reversal', v_returned, p_provider_ref,
            p_dispute_id => (p_dispute).dispute_id
        );
        v_payment.charged_back := v_payment.charged_back - v_returned;
        perform payment.write_payment(
            v_payment, 'payment.chargeback_reversed', jsonb_build_object(
                'dispute', (p_dispute).public_id, 'amount', v_returned
            )
        );
    end if;
    update payment.payment_disputes as d
    set
        status = p_status,
        counted = d.counted - v_returned,
        evidence_due_at = coalesce(p_evidence_due_at, d.evidence_due_at),
        outcome_reason = case when v_is_over then payment.clean_text(p_reason, 500) end,
        closed_at = case when v_is_over then clock_timestamp() end,
        version = d.version + 1,
        updated_at = clock_timestamp(),
        updated_by = core.actor()
    where d.order_id = (p_dispute).order_id and d.dispute_id = (p_dispute).dispute_id
    returning d.* into strict v_dispute;
    if p_status = 'needs_response' then
        v_payment := payment.make_room(
            v_dispute.order_id, v_dispute.payment_id, v_dispute.amount - v_dispute.counted,
            'disputed', true
        );
        v_dispute := payment.take_dispute(v_payment, v_dispute, v_dispute.provider_dispute_id);
    end if;
    perform payment.emit_dispute('dispute.' || p_status, v_dispute);
    -- Of a person who is gone it is kept no longer than it is needed.
    perform payment.erase_words(array[v_dispute.order_id])
    from orders.order_contacts as c
    where c.order_id = v_dispute.order_id and c.erased_at is not null and v_is_over;
    -- What came back may be owed to the customer of a dead order, or of one with credits.
    perform payment.settle_order(v_dispute.order_id, 'other');
    return v_dispute;
end;
$function$;

comment on function payment.move_dispute(
    payment.payment_disputes, text, text, timestamptz, text
) is
'Moves a locked dispute to another state: money, row, event, order; returns it. Errors:
ILLEGAL_TRANSITION (with the legal ones).';
