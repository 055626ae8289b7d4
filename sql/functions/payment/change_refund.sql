-- Move a locked refund to another state, where that is a legal move; what it does to the payment is
-- the caller's.
create or replace function payment.change_refund(
    p_refund payment.refunds,
    p_status text,
    p_error_code text default null,
    p_error_reason text default null
)
returns payment.refunds
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    c_moves constant jsonb := '{
        "requested": ["approved", "cancelled"],
        "approved": ["processing", "cancelled"],
        "processing": ["succeeded", "failed"],
        "failed": ["succeeded"],
        "cancelled": ["succeeded"],
        "succeeded": ["reversed"],
        "reversed": []
    }';
    v_refund payment.refunds;
begin
    if not (c_moves -> (p_refund).status) ? p_status then
        perform core.refuse('SHO30', jsonb_build_object(
            'refund', (p_refund).public_id, 'of', 'refund', 'status', (p_refund).status,
            'requested', p_status, 'legal', c_moves -> (p_refund).status
        ));
    end if;
    update payment.refunds as r
    set
        status = p_status,
        decided_at = case
            when p_status in ('approved', 'cancelled', 'succeeded')
                then coalesce(r.decided_at, clock_timestamp())
            else r.decided_at
        end,
        decided_by = case
            when p_status in ('approved', 'cancelled', 'succeeded')
                then coalesce(r.decided_by, core.actor())
            else r.decided_by
        end,
        processing_at = case p_status
            when 'processing' then clock_timestamp() else r.processing_at
        end,
        closed_at = case
            when p_status in ('succeeded', 'failed', 'cancelled', 'reversed')
                then clock_timestamp()
        end,
        error_code = p_error_code,
        error_reason = p_error_reason,
        version = r.version + 1,
        updated_at = clock_timestamp(),
        updated_by = core.actor()
    where r.order_id = (p_refund).order_id and r.refund_id = (p_refund).refund_id
    returning r.* into strict v_refund;
    perform payment.emit_refund('refund.' || p_status, v_refund);
    return v_refund;
end;
$function$;

comment on function payment.change_refund(payment.refunds, text, text, text) is
'Moves a locked refund to another state, with its event; returns it. What a provider reports as paid
counts even after a failure. Errors: ILLEGAL_TRANSITION (with the legal ones).';
