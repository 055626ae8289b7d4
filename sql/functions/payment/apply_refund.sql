-- Apply what a provider says about a refund, however often and in whatever order it says it. The
-- step, its payment and its order are locked.
--
-- What was paid counts, even after a failure or a cancellation; nothing takes it back but a
-- reversal. A refund that has no answer keeps its money aside: to ask again costs nothing, to pay
-- twice does.
create or replace function payment.apply_refund(
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
    v_transaction payment.payment_transactions := p_transaction;
    v_payment payment.payments := payment.lock_payment(
        (p_transaction).order_id, (p_transaction).payment_id
    );
    v_other payment.payment_transactions;
    v_refund payment.refunds;
begin
    verdict := 'applied';
    select r.* into strict v_refund
    from payment.refunds as r
    where r.order_id = v_transaction.order_id and r.refund_id = v_transaction.refund_id;
    v_other := payment.find_reference(v_payment.provider, 'refund', p_provider_ref);
    if v_other.transaction_id <> v_transaction.transaction_id then
        verdict := 'refused';
        reason := 'the reference belongs to another refund';
    elsif p_amount <> v_transaction.amount then
        verdict := 'refused';
        reason := 'another amount was asked for';
    elsif v_transaction.status = 'succeeded' and p_outcome = 'succeeded' then
        verdict := case
            when p_provider_ref <> v_transaction.provider_ref then 'refused' else 'ignored'
        end;
        reason := case verdict
            when 'refused' then 'it was paid under another reference' else 'recorded already'
        end;
    elsif v_transaction.status = 'succeeded' then
        verdict := case p_outcome when 'failed' then 'refused' else 'ignored' end;
        reason := 'the refund has succeeded already';
    elsif p_outcome = 'succeeded' then
        if v_refund.status in ('failed', 'cancelled') then
            v_payment := payment.make_room(
                v_payment.order_id, v_payment.payment_id, v_refund.amount, 'paid otherwise'
            );
            if payment.refundable(v_payment) < v_refund.amount then
                verdict := 'waiting';
                reason := 'the payment has not that much left';
                return;
            end if;
            v_payment.refund_pending := v_payment.refund_pending + v_refund.amount;
        end if;
        v_transaction := payment.close_transaction(
            v_transaction, 'succeeded', null, p_provider_ref, null, null
        );
        v_refund := payment.change_refund(v_refund, 'succeeded');
        v_payment.refund_pending := v_payment.refund_pending - v_refund.amount;
        v_payment.refunded := v_payment.refunded + v_refund.amount;
        perform payment.write_payment(v_payment, 'payment.refunded', jsonb_build_object(
            'refund', v_refund.public_id, 'refund_amount', v_refund.amount
        ));
        perform orders.record_money(v_payment.order_id);
    elsif v_transaction.status = 'failed' or v_transaction.status = p_outcome
    and p_outcome = 'timed_out' then
        verdict := 'ignored';
        reason := 'the refund has ' || replace(v_transaction.status, '_', ' ') || ' already';
    elsif p_outcome = 'failed' then
        v_transaction := payment.close_transaction(
            v_transaction, 'failed', null, p_provider_ref,
            coalesce(payment.clean_text(p_error_code, 100), p_outcome),
            payment.clean_text(p_error_reason, 500)
        );
        v_refund := payment.change_refund(
            v_refund, 'failed', v_transaction.error_code, v_transaction.error_reason
        );
        v_payment.refund_pending := v_payment.refund_pending - v_refund.amount;
        perform payment.write_payment(v_payment, 'payment.refund_failed', jsonb_build_object(
            'refund', v_refund.public_id, 'refund_amount', v_refund.amount
        ));
        perform payment.count_disputes(v_payment.order_id, v_payment.payment_id);
        perform orders.record_money(v_payment.order_id);
    else
        -- Banks take days; until the provider says more it is asked once a day, with the same key.
        update payment.payment_transactions as t
        set
            status = p_outcome,
            provider_ref = coalesce(p_provider_ref, t.provider_ref),
            claimed_until = clock_timestamp()
                + case p_outcome when 'pending' then interval '1 day' else interval '0' end,
            error_code = case p_outcome
                when 'timed_out' then coalesce(payment.clean_text(p_error_code, 100), p_outcome)
            end,
            error_reason = payment.clean_text(p_error_reason, 500)
        where t.order_id = v_transaction.order_id
        and t.transaction_id = v_transaction.transaction_id;
        perform payment.touch_refund(v_refund, 'refund.' || p_outcome);
    end if;
end;
$function$;

comment on function payment.apply_refund(
    payment.payment_transactions, text, text, numeric, text, text
) is
'Records an outcome (succeeded, failed, pending, timed_out) of a refund. The verdict is applied,
ignored (it says nothing new), waiting (the money is not there) or refused (it contradicts what is
known), the last three with a reason.';
