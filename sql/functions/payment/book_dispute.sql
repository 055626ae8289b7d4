-- Write down a dispute of a locked payment that is not known yet.
create or replace function payment.book_dispute(
    p_payment payment.payments,
    p_provider_dispute_id text,
    p_amount numeric,
    p_reason_code text,
    p_network_code text,
    p_is_warning boolean,
    p_evidence_due_at timestamptz
)
returns payment.payment_disputes
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_payment payment.payments;
    v_dispute payment.payment_disputes;
begin
    begin
        insert into payment.payment_disputes as d (
            order_id, payment_id, provider, provider_dispute_id, amount, reason_code, network_code,
            status, evidence_due_at, updated_by
        )
        values (
            (p_payment).order_id, (p_payment).payment_id, (p_payment).provider,
            p_provider_dispute_id, p_amount, p_reason_code, p_network_code,
            case when p_is_warning then 'warning' else 'needs_response' end,
            coalesce(
                p_evidence_due_at,
                clock_timestamp() + coalesce(core.rule('dispute_evidence_days'), 7)
                * interval '1 day'
            ),
            core.actor()
        )
        returning d.* into v_dispute;
    exception
        when unique_violation then
            -- Another order's payment was given the name at the same moment.
            perform core.refuse('SHM10', jsonb_build_object(
                'payment', (p_payment).public_id, 'provider_ref', p_provider_dispute_id
            ));
    end;
    if not p_is_warning then
        -- Whatever was promised meanwhile: the bank has the money, and nobody gets it twice.
        v_payment := payment.make_room(
            v_dispute.order_id, v_dispute.payment_id, p_amount, 'disputed', true
        );
        v_dispute := payment.take_dispute(v_payment, v_dispute, p_provider_dispute_id);
    end if;
    perform payment.emit_dispute('dispute.' || v_dispute.status, v_dispute);
    perform orders.record_money(v_dispute.order_id);
    return v_dispute;
end;
$function$;

comment on function payment.book_dispute(
    payment.payments, text, numeric, text, text, boolean, timestamptz
) is
'Adds a dispute to a locked payment and, unless it is a warning, takes its amount from it; returns
it. Errors: PROVIDER_REFERENCE_TAKEN.';
