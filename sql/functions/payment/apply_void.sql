-- Apply what a provider says about giving up an authorisation of a locked payment. The step is null
-- where the provider says it of its own accord.
create or replace function payment.apply_void(
    p_payment payment.payments,
    p_transaction payment.payment_transactions,
    p_outcome text,
    p_provider_ref text,
    p_amount numeric,
    p_error_code text,
    p_error_reason text,
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
    v_payment payment.payments := p_payment;
    v_transaction payment.payment_transactions := p_transaction;
    v_other payment.payment_transactions := payment.find_booked(
        (p_payment).provider, 'void', p_provider_ref
    );
    v_amount numeric;
begin
    verdict := 'applied';
    if v_transaction.transaction_id is null then
        v_transaction := payment.step_under_way(v_payment, 'void');
    end if;
    if p_outcome = 'succeeded' and v_other.transaction_id is not null
    and (v_other.order_id, v_other.payment_id)
    is distinct from (v_payment.order_id, v_payment.payment_id) then
        verdict := 'refused';
        reason := 'the reference belongs to another payment';
        return;
    elsif p_outcome = 'succeeded' and v_other.transaction_id is not null
    or v_transaction.status = 'succeeded' and p_outcome <> 'failed' then
        verdict := 'ignored';
        reason := 'recorded already';
        return;
    elsif v_transaction.status = 'succeeded' then
        verdict := 'refused';
        reason := 'the void has succeeded already';
        return;
    end if;

    if p_outcome = 'succeeded' then
        -- What was captured in the meantime, or has expired, is not there to be given up.
        v_amount := least(
            coalesce(p_amount, v_transaction.amount, v_payment.authorized),
            v_payment.authorized - v_payment.captured
        );
        if v_amount < v_payment.authorized - v_payment.captured and p_provider_ref is null
        and v_transaction.transaction_id is null then
            verdict := 'refused';
            reason := 'a part that has no reference would count as often as it is told';
            return;
        elsif v_amount > 0 then
            if v_transaction.transaction_id is null then
                v_transaction := payment.add_transaction(
                    v_payment, 'void', v_amount, p_provider_ref, 'not asked for'
                );
            else
                v_transaction := payment.close_transaction(
                    v_transaction, 'succeeded', v_amount, p_provider_ref, null, null
                );
            end if;
            v_payment.authorized := v_payment.authorized - v_amount;
            if v_payment.authorized = v_payment.captured then
                v_payment.phase := 'voided';
            end if;
            perform payment.write_payment(v_payment, 'payment.voided', jsonb_build_object(
                'transaction', v_transaction.public_id, 'amount', v_amount
            ));
            perform payment.settle_order(v_payment.order_id, 'surplus');
            return;
        elsif exists (
            select
            from payment.payment_transactions as t
            where t.order_id = v_payment.order_id
            and t.payment_id = v_payment.payment_id
            and t.kind = 'authorize'
            and t.status in ('pending', 'timed_out')
        ) then
            verdict := 'waiting';
            reason := 'the authorisation has no outcome yet';
            return;
        end if;
    end if;

    if v_transaction.transaction_id is null
    or v_transaction.status not in ('pending', 'timed_out')
    or v_transaction.status = p_outcome then
        verdict := 'ignored';
        reason := case p_outcome
            when 'succeeded' then 'nothing was left to void' else 'no step waits for it'
        end;
    else
        v_transaction := payment.close_transaction(
            v_transaction, case p_outcome when 'timed_out' then 'timed_out' else 'failed' end,
            null, p_provider_ref,
            case p_outcome
                when 'succeeded' then 'nothing_left'
                else coalesce(payment.clean_text(p_error_code, 100), p_outcome)
            end,
            payment.clean_text(p_error_reason, 500)
        );
        perform payment.write_payment(
            v_payment, 'payment.void_' || v_transaction.status, jsonb_build_object(
                'transaction', v_transaction.public_id, 'error_code', v_transaction.error_code
            )
        );
    end if;
end;
$function$;

comment on function payment.apply_void(
    payment.payments, payment.payment_transactions, text, text, numeric, text, text
) is
'Records an outcome (succeeded, failed, timed_out) of a void; of its own accord a provider may void
all that is left. The verdict is as in payment.apply_capture.';
