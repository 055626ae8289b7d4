-- Apply what a provider says about a capture of a locked payment. The step is null where the
-- provider says it of its own accord.
create or replace function payment.apply_capture(
    p_payment payment.payments,
    p_transaction payment.payment_transactions,
    p_outcome text,
    p_provider_ref text,
    p_amount numeric,
    p_error_code text,
    p_error_reason text,
    p_is_final boolean,
    out verdict text,
    out reason text
)
returns record
language plpgsql
volatile
security invoker
set search_path = pg_catalog, pg_temp
as $function$
declare
    v_transaction payment.payment_transactions := p_transaction;
    v_other payment.payment_transactions;
begin
    verdict := 'applied';
    if p_outcome = 'succeeded' then
        v_other := payment.find_booked((p_payment).provider, 'capture', p_provider_ref);
        if v_other.transaction_id is not null
        and (v_other.order_id, v_other.payment_id)
        is distinct from ((p_payment).order_id, (p_payment).payment_id) then
            verdict := 'refused';
            reason := 'the reference belongs to another payment';
        elsif v_other.transaction_id is not null then
            verdict := 'ignored';
            reason := 'recorded already';
            if v_transaction.status in ('pending', 'timed_out')
            and v_transaction.transaction_id <> v_other.transaction_id then
                perform payment.close_transaction(
                    v_transaction, 'failed', null, null, 'already_recorded', null
                );
            end if;
        elsif exists (
            select
            from payment.payment_transactions as t
            where t.order_id = (p_payment).order_id
            and t.payment_id = (p_payment).payment_id
            and t.kind = 'authorize'
            and t.status in ('pending', 'timed_out')
        ) then
            verdict := 'waiting';
            reason := 'the authorisation has no outcome yet';
        else
            if v_transaction.transaction_id is null then
                -- Most likely the answer to what was asked for.
                select t.* into v_transaction
                from payment.payment_transactions as t
                where t.order_id = (p_payment).order_id
                and t.payment_id = (p_payment).payment_id
                and t.kind = 'capture'
                and t.status in ('pending', 'timed_out')
                and t.amount = p_amount;
            elsif v_transaction.status = 'succeeded' then
                -- The provider has captured twice. The surplus is given back below.
                v_transaction := null;
            end if;
            perform payment.book_capture(
                p_payment, v_transaction, coalesce(p_amount, (p_transaction).amount),
                p_provider_ref, coalesce(p_is_final, v_transaction.is_final, false)
            );
            perform payment.settle_order((p_payment).order_id, 'surplus');
        end if;
        return;
    end if;

    if v_transaction.transaction_id is null then
        verdict := 'ignored';
        reason := 'no step that could have failed';
    elsif v_transaction.status = 'succeeded' and p_outcome = 'failed' then
        verdict := 'refused';
        reason := 'the capture has succeeded already';
    elsif v_transaction.status in ('succeeded', 'failed', p_outcome) then
        verdict := 'ignored';
        reason := 'the capture has ' || replace(v_transaction.status, '_', ' ') || ' already';
    else
        v_transaction := payment.close_transaction(
            v_transaction, p_outcome, null, p_provider_ref,
            coalesce(payment.clean_text(p_error_code, 100), p_outcome),
            payment.clean_text(p_error_reason, 500)
        );
        perform payment.write_payment(
            p_payment, 'payment.capture_' || p_outcome, jsonb_build_object(
                'transaction', v_transaction.public_id, 'error_code', v_transaction.error_code
            )
        );
        -- What this step kept from being given up on a dead order need not be kept any more.
        perform payment.adjust_to_due((p_payment).order_id, 'order_dead');
    end if;
end;
$function$;

comment on function payment.apply_capture(
    payment.payments, payment.payment_transactions, text, text, numeric, text, text, boolean
) is
'Records an outcome (succeeded, failed, timed_out) of a capture. The verdict is applied, ignored (it
says nothing new), waiting (the authorisation is not known yet) or refused (it contradicts what is
known), the last three with a reason.';
